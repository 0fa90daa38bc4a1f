"""What thresholds make officials owe: a duty with an authority and a deadline (`participation.answers`)."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from participation.answers.duties import find_duty, lapse, owe, settle
from participation.answers.kinds import DutyKind
from participation.answers.models import Authority, Duty
from participation.petitions.life import PUBLIC, Debate, Life, Response
from participation.petitions.models import Petition
from participation.petitions.queries import life_of
from participation.ports import Ports


def keep_duties(session: Session, ports: Ports, row: Petition, by: str = "") -> None:
    """Bring a petition's duties to where it stands; who owes can hand over.

    Args:
        session: A writing one.
        ports: The ports.
        row: The petition, locked.
        by: The official who answered, where somebody did.
    """
    life = life_of(row)
    for kind, since, is_owed, is_settled in _duties(life):
        if is_settled:
            settle(session, ports, kind, row.id, by=by)
        elif is_owed and since is not None:
            _owe(session, ports, row, kind, since)
        else:
            lapse(session, ports, kind, row.id, because="")
        duty = find_duty(session, kind, row.id)
        if duty is not None and not life.shows_text:
            duty.title = row.id  # what was hidden or removed is not said here either


def owe_missing(ports: Ports) -> int:
    """Find what is owed and has no duty yet, as when no authority was entered; returns how many petitions had none."""
    with ports.database.reading() as session:
        response = ~exists().where(Duty.kind == DutyKind.RESPONSE, Duty.subject == Petition.id)
        debate = ~exists().where(Duty.kind == DutyKind.DEBATE, Duty.subject == Petition.id)
        waits = (Petition.response == Response.AWAITING) & response | (Petition.debate == Debate.AWAITING) & debate
        due = session.scalars(select(Petition.id).where(waits, Petition.state.in_(PUBLIC))).all()
        if not due or authority_of(session, None) is None:
            return 0
    for petition_id in due:
        with ports.database.writing() as session:
            keep_duties(session, ports, session.get_one(Petition, petition_id, with_for_update=True))
    return len(due)


def _duties(life: Life) -> list[tuple[DutyKind, datetime | None, bool, bool]]:
    public = life.state in PUBLIC
    answered, debated = life.response is Response.RESPONDED, life.debate in (Debate.DEBATED, Debate.NOT_DEBATED)
    return [
        (DutyKind.RESPONSE, life.response_since, public and life.response is Response.AWAITING, public and answered),
        (
            DutyKind.DEBATE,
            life.debate_since,
            public and life.debate in (Debate.AWAITING, Debate.SCHEDULED),
            public and debated,
        ),
    ]


def _owe(session: Session, ports: Ports, row: Petition, kind: DutyKind, since: datetime) -> None:
    authority = authority_of(session, row.authority_id)
    if authority is None:
        return
    rules = ports.rules.answers
    days = rules.response_days if kind is DutyKind.RESPONSE else rules.debate_days
    owe(
        session,
        ports,
        kind,
        row.id,
        title=row.title,
        path=f"/petitions/{row.id}",
        authority_id=authority.id,
        since=since,
        working_days=days,
    )


def authority_of(session: Session, chosen: int | None) -> Authority | None:
    """Return who owes a petition's answer: who was chosen, while it stands; or else the first that does."""
    query = select(Authority).where(Authority.retired.is_(False))
    return session.scalar(query.order_by(Authority.id != (chosen or 0), Authority.id).limit(1))
