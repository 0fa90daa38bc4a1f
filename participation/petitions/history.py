"""How a petition's state is changed: under a lock, against the revision that was looked at, with a line of history."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.errors import Missing, Stale
from participation.petitions.life import Life, State
from participation.petitions.models import Petition, PetitionStep
from participation.petitions.queries import life_of

CREATOR, CLOCK, COUNT = "creator", "clock", "count"
OFFICIAL = "official:"
_BEFORE_THE_CHECK = (State.DRAFT, State.COLLECTING, State.MODERATION)


@dataclass(frozen=True)
class StepView:
    """One line of a petition's history; `official` is empty where somebody else acted."""

    time: datetime
    who: str
    official: str
    what: str
    before: State
    after: State
    reason: str
    note: str


def lock_petition(session: Session, petition_id: str, revision: int | None = None) -> Petition:
    """Return a petition's row, locked until the transaction ends.

    Args:
        session: A writing one.
        petition_id: Which.
        revision: The one that was looked at, where it matters that nobody acted since.

    Raises:
        Missing: There is none.
        Stale: Somebody acted on it meanwhile.
    """
    row = session.get(Petition, petition_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing("There is no such petition, or it is not open yet.")
    if revision is not None and row.revision != revision:
        raise Stale(
            "Somebody else acted on this petition after you opened the page. Nothing of yours was stored. "
            "Look at it again, then decide."
        )
    return row


def change(
    session: Session,
    row: Petition,
    life: Life,
    who: str,
    what: str,
    now: datetime,
    *,
    reason: str = "",
    note: str = "",
    public: bool | None = None,
) -> None:
    """Store where a petition stands now, and the line that says so; an act that changes nothing is told too."""
    before = State(row.state)
    row.state, row.reason, row.erased = life.state, life.reason, life.erased
    row.checked_since, row.ended_at = life.checked_since, life.ended_at
    row.opened_at, row.closes_at = life.opened_at, life.closes_at
    row.response, row.response_since = life.response, life.response_since
    row.debate, row.debate_since = life.debate, life.debate_since
    row.debate_on = None if life.debate_on is None else life.debate_on.isoformat()
    row.revision += 1
    row.changed_at = now
    shown = life.state not in _BEFORE_THE_CHECK if public is None else public
    session.add(
        PetitionStep(
            petition_id=row.id,
            time=now,
            who=who,
            what=what,
            before=before,
            after=life.state,
            reason=reason,
            note=note,
            public=shown,
        )
    )


def history_of(session: Session, petition_id: str, *, whole: bool = False) -> list[StepView]:
    """Return a petition's history, oldest first; `whole` also what happened before it was checked."""
    query = select(PetitionStep).where(PetitionStep.petition_id == petition_id).order_by(PetitionStep.id)
    rows = session.scalars(query if whole else query.where(PetitionStep.public))
    return [
        StepView(
            time=row.time,
            who="official" if row.who.startswith(OFFICIAL) else row.who,
            official=row.who.removeprefix(OFFICIAL) if row.who.startswith(OFFICIAL) else "",
            what=row.what,
            before=State(row.before),
            after=State(row.after),
            reason=row.reason,
            note=row.note,
        )
        for row in rows
    ]


def steps_of_late(session: Session, limit: int) -> list[tuple[str, StepView]]:
    """Return the newest public lines of all petitions, (petition's id, line)."""
    newest = select(PetitionStep.petition_id).where(PetitionStep.public).order_by(PetitionStep.id.desc()).limit(limit)
    ids = dict.fromkeys(session.scalars(newest))
    return [(key, history_of(session, key)[-1]) for key in ids]


def current_life(row: Petition) -> Life:
    """Return where a locked petition stands."""
    return life_of(row)


def count_steps(session: Session, petition_id: str, what: str) -> int:
    """Return how often something happened to a petition."""
    query = select(func.count()).select_from(PetitionStep)
    return session.scalar(query.where(PetitionStep.petition_id == petition_id, PetitionStep.what == what)) or 0
