"""What webhooks are told: read from what the public pages show, so that no feature needs to know of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ballots import codec
from participation.answers.models import Duty, Promise, PromiseEvent
from participation.consultations.kinds import ConsultationState
from participation.consultations.models import Consultation
from participation.petitions.life import State
from participation.petitions.models import Petition, PetitionAnswer
from participation.ports import Ports

_PUBLIC = (State.OPEN, State.CLOSED, State.STOPPED)


class Event(StrEnum):
    """Something that happens in public."""

    PETITION_OPENED = "petition.opened"
    PETITION_ANSWERED = "petition.answered"
    CONSULTATION_PUBLISHED = "consultation.published"
    CONSULTATION_REPORTED = "consultation.reported"
    PROMISE_ENTERED = "promise.entered"
    PROMISE_CHANGED = "promise.changed"
    DUTY_OWED = "duty.owed"
    DUTY_ANSWERED = "duty.answered"


@dataclass(frozen=True)
class Happening:
    """One event.

    Attributes:
        key: Never changes, and no other event has it.
        event: Its kind.
        at: When.
        path: Of the page that shows it, without a language.
        data: Public facts: {word: text}.
    """

    key: str
    event: Event
    at: datetime
    path: str
    data: Mapping[str, str]


def list_happenings(session: Session, since: datetime) -> list[Happening]:
    """Return everything since a moment (included), oldest first."""
    found = [*_petitions(session, since), *_consultations(session, since)]
    found += [*_promises(session, since), *_duties(session, since)]
    return sorted(found, key=lambda one: (one.at, one.key))


def write_body(ports: Ports, message_id: str, happening: Happening) -> bytes:
    """Write the JSON of a message: id, type, time, data."""
    data: dict[str, codec.Json] = {**happening.data, "url": f"{ports.base_url}{happening.path}"}
    return codec.encode_canonical(
        {"id": message_id, "type": happening.event.value, "time": codec.encode_time(happening.at), "data": data}
    )


def _petitions(session: Session, since: datetime) -> Iterator[Happening]:
    opened = select(Petition).where(Petition.opened_at >= since, Petition.state.in_(_PUBLIC))
    for one in session.scalars(opened):
        assert one.opened_at is not None
        data = {"petition": one.id, "title": one.title, "language": one.language}
        yield Happening(f"opened {one.id}", Event.PETITION_OPENED, one.opened_at, f"/petitions/{one.id}", data)
    answers = select(PetitionAnswer, Petition).join(Petition, Petition.id == PetitionAnswer.petition_id)
    for answer, one in session.execute(answers.where(PetitionAnswer.time >= since, Petition.state.in_(_PUBLIC))):
        data = {"petition": one.id, "title": one.title, "language": one.language}
        data |= {"office": answer.office, "summary": answer.summary}
        key = f"answered {answer.id}"
        yield Happening(key, Event.PETITION_ANSWERED, answer.time, f"/petitions/{one.id}", data)


def _consultations(session: Session, since: datetime) -> Iterator[Happening]:
    recent = (Consultation.published_at >= since) | (Consultation.reported_at >= since)
    for one in session.scalars(select(Consultation).where(Consultation.state != ConsultationState.DRAFT, recent)):
        data = {"consultation": one.id, "title": one.title, "language": one.language}
        for event, at in (
            (Event.CONSULTATION_PUBLISHED, one.published_at),
            (Event.CONSULTATION_REPORTED, one.reported_at),
        ):
            if at is not None and at >= since:
                yield Happening(f"{event.value} {one.id}", event, at, f"/consultations/{one.id}", data)


def _promises(session: Session, since: datetime) -> Iterator[Happening]:
    firsts = select(func.min(PromiseEvent.id)).group_by(PromiseEvent.promise_id)
    for one in session.scalars(select(Promise).where(Promise.entered_at >= since)):
        data = {**_promise(one), "status": "made"}
        yield Happening(f"promise {one.id}", Event.PROMISE_ENTERED, one.entered_at, f"/promises/{one.id}", data)
    steps = select(PromiseEvent, Promise).join(Promise, Promise.id == PromiseEvent.promise_id)
    for step, one in session.execute(steps.where(PromiseEvent.at >= since, PromiseEvent.id.not_in(firsts))):
        data = {**_promise(one), "status": step.status, "note": step.note}
        yield Happening(f"promise step {step.id}", Event.PROMISE_CHANGED, step.at, f"/promises/{one.id}", data)


def _promise(one: Promise) -> dict[str, str]:
    return {"promise": str(one.id), "title": one.title}


def _duties(session: Session, since: datetime) -> Iterator[Happening]:
    for one in session.scalars(select(Duty).where((Duty.owed_since >= since) | (Duty.answered_at >= since))):
        due = codec.encode_time(one.due_at) if one.due_at else ""
        data = {"duty": str(one.id), "kind": one.kind, "title": one.title, "due_at": due}
        if one.owed_since >= since:
            key = f"owed {one.id} {codec.encode_time(one.owed_since)}"  # what lapsed can be owed anew
            yield Happening(key, Event.DUTY_OWED, one.owed_since, f"/answers/{one.id}", data)
        if one.answered_at is not None and one.answered_at >= since:
            moment = codec.encode_time(one.answered_at)
            key = f"duty answered {one.id} {moment}"
            yield Happening(key, Event.DUTY_ANSWERED, one.answered_at, f"/answers/{one.id}", data)
