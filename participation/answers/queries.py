"""What the public pages show of duties and promises: read only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from participation.answers.duties import state_of
from participation.answers.kinds import DutyKind, DutyState, PromiseStatus
from participation.answers.models import Authority, CalendarChange, Duty, DutyEvent, Promise, PromiseEvent
from participation.errors import Missing

PAGE = 25


@dataclass(frozen=True)
class DutyView:
    """A duty as lists show it."""

    duty: Duty
    authority: Authority
    state: DutyState


@dataclass(frozen=True)
class Score:
    """How one authority keeps its duties.

    Attributes:
        counts: {state: duties}.
        days: Median of the days from when an answer was owed until it was given; none without an answer.
    """

    authority: Authority
    counts: Mapping[DutyState, int]
    days: int | None

    @property
    def ended(self) -> int:
        """Duties whose deadline has passed or that were answered: what a share of kept deadlines is of."""
        return sum(self.counts[state] for state in (DutyState.IN_TIME, DutyState.LATE, DutyState.OVERDUE))


@dataclass(frozen=True)
class PromiseView:
    """A promise as lists show it."""

    promise: Promise
    authority: Authority


def scoreboard(session: Session, now: datetime) -> list[Score]:
    """Return every authority's score, by id."""
    authorities = session.scalars(select(Authority).order_by(Authority.id)).all()
    duties: dict[int, list[Duty]] = {authority.id: [] for authority in authorities}
    for duty in session.scalars(select(Duty)):
        duties[duty.authority_id].append(duty)
    return [_score(authority, duties[authority.id], now) for authority in authorities]


def _score(authority: Authority, duties: Sequence[Duty], now: datetime) -> Score:
    counts = dict.fromkeys(DutyState, 0)
    for duty in duties:
        counts[state_of(duty, now)] += 1
    days = [(duty.answered_at - duty.owed_since).days for duty in duties if duty.answered_at is not None]
    return Score(authority, counts, round(median(days)) if days else None)


def list_duties(
    session: Session, now: datetime, *, state: DutyState | None = None, authority_id: int | None = None, page: int = 1
) -> tuple[list[DutyView], int]:
    """Return one page of duties, the most urgent first, and how many there are in all."""
    query = _in_state(select(Duty, Authority).join(Authority, Authority.id == Duty.authority_id), state, now)
    if authority_id is not None:
        query = query.where(Duty.authority_id == authority_id)
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(Duty.id).subquery())) or 0
    ended = func.coalesce(Duty.answered_at, Duty.lapsed_at)
    query = query.order_by(ended.is_not(None), ended.desc(), Duty.due_at.is_(None), Duty.due_at, Duty.id)
    rows = session.execute(query.limit(PAGE).offset((page - 1) * PAGE)).all()
    return [DutyView(duty, authority, state_of(duty, now)) for duty, authority in rows], total


def _in_state(query: Select[Duty, Authority], state: DutyState | None, now: datetime) -> Select[Duty, Authority]:
    answered, lapsed = Duty.answered_at.is_not(None), Duty.lapsed_at.is_not(None)
    passed = Duty.due_at.is_not(None) & (Duty.due_at <= now)
    late = answered & Duty.due_at.is_not(None) & (Duty.answered_at >= Duty.due_at)
    conditions = {
        DutyState.LATE: late,
        DutyState.IN_TIME: answered & ~late,
        DutyState.LAPSED: lapsed & ~answered,
        DutyState.OVERDUE: ~answered & ~lapsed & passed,
        DutyState.OPEN: ~answered & ~lapsed & ~passed,
    }
    return query if state is None else query.where(conditions[state])


def get_duty(session: Session, duty_id: int, now: datetime) -> tuple[DutyView, Sequence[DutyEvent]]:
    """Return a duty and all that happened to it.

    Raises:
        Missing: There is none of this number.
    """
    query = select(Duty, Authority).join(Authority, Authority.id == Duty.authority_id).where(Duty.id == duty_id)
    found = session.execute(query).first()
    if found is None:
        raise Missing("There is no such duty.")
    events = session.scalars(select(DutyEvent).where(DutyEvent.duty_id == duty_id).order_by(DutyEvent.id)).all()
    return DutyView(*found, state_of(found[0], now)), events


def duty_about(session: Session, kind: DutyKind, subject: str, now: datetime) -> DutyView | None:
    """Return a duty by what is answered, for reading."""
    query = select(Duty, Authority).join(Authority, Authority.id == Duty.authority_id)
    found = session.execute(query.where(Duty.kind == kind, Duty.subject == subject)).first()
    return None if found is None else DutyView(*found, state_of(found[0], now))


def list_authorities(session: Session) -> Sequence[Authority]:
    """Return all authorities, retired ones last."""
    return session.scalars(select(Authority).order_by(Authority.retired, Authority.id)).all()


def list_changes(session: Session) -> Sequence[CalendarChange]:
    """Return all changes of calendars, newest first."""
    return session.scalars(select(CalendarChange).order_by(CalendarChange.id.desc())).all()


def list_promises(
    session: Session, *, status: PromiseStatus | None = None, page: int = 1
) -> tuple[list[PromiseView], int]:
    """Return one page of promises, newest first, and how many there are in all."""
    query = select(Promise, Authority).join(Authority, Authority.id == Promise.authority_id)
    if status is not None:
        query = query.where(Promise.status == status)
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(Promise.id).subquery())) or 0
    rows = session.execute(query.order_by(Promise.id.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
    return [PromiseView(*row) for row in rows], total


def count_promises(session: Session) -> Mapping[PromiseStatus, int]:
    """Return {status: promises}."""
    rows = session.execute(select(Promise.status, func.count()).group_by(Promise.status)).all()
    return {**dict.fromkeys(PromiseStatus, 0), **{PromiseStatus(status): count for status, count in rows}}


def get_promise(session: Session, promise_id: int) -> tuple[PromiseView, Sequence[PromiseEvent], int | None]:
    """Return a promise, its steps, and the number of the duty to account for it.

    Raises:
        Missing: There is none of this number.
    """
    query = select(Promise, Authority).join(Authority, Authority.id == Promise.authority_id)
    found = session.execute(query.where(Promise.id == promise_id)).first()
    if found is None:
        raise Missing("There is no such promise.")
    steps = select(PromiseEvent).where(PromiseEvent.promise_id == promise_id).order_by(PromiseEvent.id)
    duty = session.scalar(select(Duty.id).where(Duty.kind == "promise", Duty.subject == str(promise_id)))
    return PromiseView(*found), session.scalars(steps).all(), duty
