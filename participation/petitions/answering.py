"""Official responses, debates, news: what was said stands beside the petition, and signers who want it get a mail."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.errors import Missing, NotNow, Unacceptable
from participation.petitions import life as steps
from participation.petitions.history import CREATOR, OFFICIAL, change, lock_petition
from participation.petitions.life import Debate, Life, State
from participation.petitions.mailings import ask_for_mailing
from participation.petitions.models import Petition, PetitionAnswer, PetitionDebate, PetitionOutage, PetitionUpdate
from participation.petitions.owing import keep_duties
from participation.petitions.queries import down_days, life_of
from participation.ports import Official, Ports
from participation.signatures.keeping import follow_petition

MOST_TEXT = 20_000
ANSWER, DEBATE, UPDATE = "answer", "debate", "update"
WAITING, PUBLISHED, REFUSED = "waiting", "published", "refused"
_MOST_WAITING = 3


@dataclass(frozen=True)
class AnswerView:
    """An official response."""

    time: datetime
    office: str
    summary: str
    text: str


@dataclass(frozen=True)
class DebateView:
    """What was said about a debate; `outcome` is one of `Debate`."""

    time: datetime
    outcome: Debate
    day: date | None
    text: str
    transcript: str
    video: str


@dataclass(frozen=True)
class UpdateView:
    """News; `official` is empty where the creator wrote it."""

    id: int
    petition_id: str
    time: datetime
    official: str
    title: str
    text: str
    state: str


def respond(
    ports: Ports, official: Official, petition_id: str, revision: int, office: str, summary: str, text: str
) -> None:
    """Publish an official response; an earlier one stays below it.

    Raises:
        Stale: Somebody acted since the page was opened.
        NotNow: The petition is not public.
    """
    now = ports.now()
    with ports.database.writing() as session:
        row = lock_petition(session, petition_id, revision)
        life = steps.respond(life_of(row))
        answer = PetitionAnswer(
            petition_id=row.id, time=now, official=official.name, office=office, summary=summary, text=text
        )
        session.add(answer)
        session.flush()
        change(session, row, life, f"{OFFICIAL}{official.name}", "answered", now)
        keep_duties(session, ports, row, official.name)
        ports.record_deed(session, official.name, "petition-answered", {"petition": row.id})
        ask_for_mailing(session, ports, row.id, ANSWER, answer.id)


def set_debate(
    ports: Ports,
    official: Official,
    petition_id: str,
    revision: int,
    outcome: Debate,
    day: date | None,
    text: str,
    transcript: str = "",
    video: str = "",
) -> None:
    """Schedule a debate, note that it was held, or that there will be none.

    Raises:
        Stale: Somebody acted since the page was opened.
        NotNow, Unacceptable: It does not fit; nothing was changed.
    """
    now = ports.now()
    for address in (transcript, video):
        if address and urlsplit(address).scheme not in ("https", "http"):
            raise Unacceptable("A web address begins with https://.")
    with ports.database.writing() as session:
        row = lock_petition(session, petition_id, revision)
        life, done = _debate_life(life_of(row), outcome, day, now.astimezone(ports.time_zone).date())
        debate = PetitionDebate(
            petition_id=row.id,
            time=now,
            official=official.name,
            outcome=outcome,
            day=None if day is None or outcome is Debate.NOT_DEBATED else day.isoformat(),
            text=text,
            transcript=transcript,
            video=video,
        )
        session.add(debate)
        session.flush()
        change(session, row, life, f"{OFFICIAL}{official.name}", done, now)
        keep_duties(session, ports, row, official.name)
        ports.record_deed(session, official.name, f"petition-{done}", {"petition": row.id})
        ask_for_mailing(session, ports, row.id, DEBATE, debate.id)


def write_update(ports: Ports, official: Official, petition_id: str, title: str, text: str) -> None:
    """Publish news as an official.

    Raises:
        NotNow: The petition is not public.
    """
    with ports.database.writing() as session:
        row = lock_petition(session, petition_id)
        _require_public(row)
        who = f"{OFFICIAL}{official.name}"
        update = _add_update(session, ports, row, who, title, text, PUBLISHED)
        _publish(session, ports, row, update, who)
        ports.record_deed(session, official.name, "petition-update", {"petition": row.id})


def propose_update(ports: Ports, petition_id: str, title: str, text: str) -> None:
    """Hand in the creator's news; moderators look at it before it is published.

    Raises:
        NotNow: The petition is not public, or three of them wait already.
    """
    with ports.database.writing() as session:
        row = lock_petition(session, petition_id)
        _require_public(row)
        waiting = [one for one in _updates(session, petition_id) if one.state == WAITING]
        if any((one.title, one.text) == (title, text) for one in waiting):
            return  # the button was pressed twice
        if len(waiting) >= _MOST_WAITING:
            raise NotNow("Three of your updates wait for the moderators already. Wait until they have looked at them.")
        _add_update(session, ports, row, CREATOR, title, text, WAITING)


def check_update(ports: Ports, official: Official, update_id: int, *, publish: bool) -> None:
    """Publish the creator's news, or refuse it.

    Raises:
        Missing: There is no such news.
        NotNow: Another moderator was first, or there is no public petition any more whose news it could be.
    """
    now = ports.now()
    with ports.database.writing() as session:
        update = session.get(PetitionUpdate, update_id, with_for_update=True)
        if update is None:
            raise Missing("There is no such page.")
        if update.state != WAITING:
            raise NotNow("Another moderator has decided about this already. Nothing was changed.")
        row = lock_petition(session, update.petition_id)
        if publish:
            _require_public(row)
            update.state, update.time = PUBLISHED, now
            _publish(session, ports, row, update, CREATOR)
        else:
            update.state = REFUSED
            change(session, row, life_of(row), f"{OFFICIAL}{official.name}", "update-refused", now, public=True)
        done = "petition-update" if publish else "petition-update-refused"
        ports.record_deed(session, official.name, done, {"petition": row.id})


def note_outage(ports: Ports, official: Official, day: date, note: str) -> int:
    """Note a day on which signatures could not be given; moves every deadline that spans it. Returns how many.

    Raises:
        Unacceptable: The day is still to come.
        NotNow: It is noted already.
    """
    now = ports.now()
    if day > now.astimezone(ports.time_zone).date():
        raise Unacceptable("This day is still to come.")
    with ports.database.writing() as session:
        if session.get(PetitionOutage, day.isoformat()) is not None:
            raise NotNow("This day is noted already. Nothing was changed.")
        session.add(PetitionOutage(day=day.isoformat(), noted_at=now, official=official.name, note=note))
        session.flush()
        days, moved = down_days(session), 0
        query = select(Petition).where(Petition.state.in_((State.OPEN, State.CLOSED)), Petition.erased.is_(False))
        for row in session.scalars(query.order_by(Petition.id).with_for_update()).all():
            assert row.opened_at is not None
            closes = steps.closing_time(row.opened_at, ports.rules.petitions.open_months, ports.time_zone, days)
            life = steps.extend(life_of(row), closes, now)
            if life != life_of(row):
                change(session, row, life, f"{OFFICIAL}{official.name}", "extended", now, note=note)
                follow_petition(session, row, now)
                moved += 1
        ports.record_deed(session, official.name, "petitions-outage", {"day": day.isoformat()})
    ports.ring("petitions.clock")
    return moved


def answers_to(session: Session, petition_id: str) -> list[AnswerView]:
    """Return the official responses, newest first."""
    query = select(PetitionAnswer).where(PetitionAnswer.petition_id == petition_id).order_by(PetitionAnswer.id.desc())
    return [AnswerView(row.time, row.office, row.summary, row.text) for row in session.scalars(query)]


def debates_of(session: Session, petition_id: str) -> list[DebateView]:
    """Return what was said about the debate, newest first."""
    query = select(PetitionDebate).where(PetitionDebate.petition_id == petition_id).order_by(PetitionDebate.id.desc())
    return [
        DebateView(
            time=row.time,
            outcome=Debate(row.outcome),
            day=None if row.day is None else date.fromisoformat(row.day),
            text=row.text,
            transcript=row.transcript,
            video=row.video,
        )
        for row in session.scalars(query)
    ]


def updates_of(session: Session, petition_id: str, *, all_states: bool = False) -> list[UpdateView]:
    """Return the published news, newest first; `all_states` also what waits and what was refused."""
    found = [_update_view(row) for row in _updates(session, petition_id)]
    return found if all_states else [one for one in found if one.state == PUBLISHED]


def waiting_updates(session: Session) -> list[UpdateView]:
    """Return the creators' news that wait for moderators, oldest first."""
    query = select(PetitionUpdate).where(PetitionUpdate.state == WAITING).order_by(PetitionUpdate.id)
    return [_update_view(row) for row in session.scalars(query)]


def _debate_life(life: Life, outcome: Debate, day: date | None, today: date) -> tuple[Life, str]:
    if outcome is Debate.NOT_DEBATED:
        return steps.refuse_debate(life), "not-debated"
    if day is None:
        raise Unacceptable("Enter the day of the debate.")
    if outcome is Debate.SCHEDULED:
        return steps.schedule(life, day, today), "debate-scheduled"
    return steps.debated(life, day, today), "debated"


def _require_public(row: Petition) -> None:
    if State(row.state) not in steps.PUBLIC or row.opened_at is None:
        raise NotNow("Only a petition that is open, closed or stopped can have news.")


def _add_update(
    session: Session, ports: Ports, row: Petition, who: str, title: str, text: str, state: str
) -> PetitionUpdate:
    update = PetitionUpdate(petition_id=row.id, time=ports.now(), who=who, title=title, text=text, state=state)
    session.add(update)
    session.flush()
    return update


def _publish(session: Session, ports: Ports, row: Petition, update: PetitionUpdate, who: str) -> None:
    change(session, row, life_of(row), who, "update", ports.now())
    ask_for_mailing(session, ports, row.id, UPDATE, update.id)


def _updates(session: Session, petition_id: str) -> list[PetitionUpdate]:
    query = select(PetitionUpdate).where(PetitionUpdate.petition_id == petition_id)
    return list(session.scalars(query.order_by(PetitionUpdate.id.desc())))


def _update_view(row: PetitionUpdate) -> UpdateView:
    official = row.who.removeprefix(OFFICIAL) if row.who.startswith(OFFICIAL) else ""
    return UpdateView(row.id, row.petition_id, row.time, official, row.title, row.text, row.state)
