"""What pages, signatures and jobs ask about petitions. Every function takes a session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.errors import Missing
from participation.petitions import life as steps
from participation.petitions.life import Debate, Life, Response, State
from participation.petitions.models import Petition, PetitionOutage
from participation.rules import PetitionRules


@dataclass(frozen=True)
class PetitionView:
    """A petition as everybody else reads it.

    Attributes:
        id: Its public UUID.
        signing: How people sign: of `mail`, `oidc`, `roll`.
        roll_election: The election whose roll may sign, where `roll` is among them.
        authority_id: Who owes the answer, where moderators chose.
        counted: The number of signatures when the thresholds were last looked at.
    """

    id: str
    revision: int
    language: str
    title: str
    background: str
    details: str
    creator_name: str
    signing: tuple[str, ...]
    roll_election: str
    authority_id: int | None
    created_at: datetime
    changed_at: datetime
    counted: int
    life: Life

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.life.state


def may_sign(petition: PetitionView, now: datetime) -> bool:
    """Tell whether signatures are taken."""
    return steps.may_sign(petition.life, now)


def may_confirm(petition: PetitionView, now: datetime, rules: PetitionRules) -> bool:
    """Tell whether a signature that was asked for in time can still be confirmed."""
    return steps.may_confirm(petition.life, now, timedelta(hours=rules.grace_hours))


def find_petition(session: Session, petition_id: str) -> PetitionView | None:
    """Return a petition, or nothing."""
    row = session.get(Petition, petition_id)
    return None if row is None else view_of(row)


def get_petition(session: Session, petition_id: str) -> PetitionView:
    """Return a petition that the public may know of.

    Raises:
        Missing: There is none, or it was never before the moderators.
    """
    view = find_petition(session, petition_id)
    if view is None or view.state in (State.DRAFT, State.COLLECTING, State.MODERATION):
        raise Missing("There is no such petition, or it is not open yet.")
    return view


def petitions_in(session: Session, *states: State) -> Sequence[PetitionView]:
    """Return the petitions in some states, oldest first."""
    query = select(Petition).where(Petition.state.in_(states)).order_by(Petition.created_at, Petition.id)
    return [view_of(row) for row in session.scalars(query)]


def down_days(session: Session) -> frozenset[date]:
    """Return the days on which signatures could not be given."""
    return frozenset(date.fromisoformat(day) for day in session.scalars(select(PetitionOutage.day)))


def view_of(row: Petition) -> PetitionView:
    """Return a row as others read it."""
    return PetitionView(
        id=row.id,
        revision=row.revision,
        language=row.language,
        title=row.title,
        background=row.background,
        details=row.details,
        creator_name=row.creator_name,
        signing=tuple(row.signing.split()),
        roll_election=row.roll_election,
        authority_id=row.authority_id,
        created_at=row.created_at,
        changed_at=row.changed_at,
        counted=row.counted,
        life=life_of(row),
    )


def life_of(row: Petition) -> Life:
    """Return where a petition stands."""
    return Life(
        state=State(row.state),
        checked_since=row.checked_since,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        ended_at=row.ended_at,
        reason=row.reason,
        response=Response(row.response),
        response_since=row.response_since,
        debate=Debate(row.debate),
        debate_since=row.debate_since,
        debate_on=None if row.debate_on is None else date.fromisoformat(row.debate_on),
        erased=row.erased,
    )
