"""The moderators' queue, and the public log. Read only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from participation.contributions.kinds import ContributionState
from participation.contributions.models import Contribution, ContributionEvent
from participation.moderation.models import Appeal, Report, TakedownOrder

PAGE = 25


@dataclass(frozen=True)
class Waiting:
    """A contribution in the queue.

    Attributes:
        since: When it came into the queue.
        age: How long it waits: `fresh`, `near` (its time is nearly up) or `overdue`.
        reports: {reason: readers who gave it}.
        again: How often its author's contributions were taken down before.
    """

    row: Contribution
    since: datetime
    age: str
    reports: Mapping[str, int]
    again: int


def list_queue(
    session: Session, now: datetime, near: timedelta, overdue: timedelta, page: int
) -> tuple[list[Waiting], int]:
    """Return one page of what waits or was reported, the oldest first, and how much there is."""
    reported = (
        select(Report.contribution_id, func.min(Report.at).label("first"))
        .where(Report.settled_at.is_(None))
        .group_by(Report.contribution_id)
        .subquery()
    )
    since = func.coalesce(reported.c.first, Contribution.at)
    base = (
        select(Contribution, since)
        .outerjoin(reported, reported.c.contribution_id == Contribution.id)
        .where(
            or_(
                Contribution.state == ContributionState.WAITING,
                (Contribution.state == ContributionState.SHOWN) & reported.c.first.is_not(None),
            )
        )
    )
    total = session.scalar(select(func.count()).select_from(base.with_only_columns(Contribution.id).subquery())) or 0
    rows = session.execute(base.order_by(since, Contribution.id).limit(PAGE).offset((page - 1) * PAGE)).all()
    ids, people = [row.id for row, _ in rows], [row.person_id for row, _ in rows if row.person_id is not None]
    reasons = _reasons(session, ids)
    before = _taken_down_before(session, people)
    return [
        Waiting(row, at, _age(now - at, near, overdue), reasons.get(row.id, {}), before.get(row.person_id or 0, 0))
        for row, at in rows
    ], total


def _age(waited: timedelta, near: timedelta, overdue: timedelta) -> str:
    if waited >= overdue:
        return "overdue"
    return "near" if waited >= near else "fresh"


def _reasons(session: Session, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    query = select(Report.contribution_id, Report.reason, func.count()).where(
        Report.contribution_id.in_(ids), Report.settled_at.is_(None)
    )
    found: dict[int, dict[str, int]] = {}
    for number, reason, count in session.execute(query.group_by(Report.contribution_id, Report.reason)):
        found.setdefault(number, {})[reason] = count
    return found


def _taken_down_before(session: Session, people: Sequence[int]) -> dict[int, int]:
    query = select(Contribution.person_id, func.count()).where(
        Contribution.person_id.in_(people), Contribution.state == ContributionState.HIDDEN
    )
    return {person: count for person, count in session.execute(query.group_by(Contribution.person_id)) if person}


def list_appeals(session: Session) -> Sequence[tuple[Appeal, Contribution]]:
    """Return appeals that nobody has decided, oldest first."""
    query = select(Appeal, Contribution).join(Contribution, Contribution.id == Appeal.contribution_id)
    rows = session.execute(query.where(Appeal.decided_at.is_(None)).order_by(Appeal.id)).all()
    return [(one, row) for one, row in rows]


def list_decisions(session: Session, page: int) -> tuple[Sequence[ContributionEvent], int]:
    """Return one page of the public log of decisions, newest first, and how many there are."""
    condition = ContributionEvent.what.in_(("hidden", "shown", "appeal-refused"))
    total = session.scalar(select(func.count()).select_from(ContributionEvent).where(condition)) or 0
    query = select(ContributionEvent).where(condition).order_by(ContributionEvent.id.desc())
    return session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).all(), total


def count_reasons(session: Session) -> Mapping[str, int]:
    """Return {reason: contributions that are taken down for it}."""
    query = select(Contribution.reason, func.count()).where(Contribution.state == ContributionState.HIDDEN)
    return dict(session.execute(query.group_by(Contribution.reason)).all())


def list_orders(session: Session) -> Sequence[TakedownOrder]:
    """Return all orders from outside, newest first."""
    return session.scalars(select(TakedownOrder).order_by(TakedownOrder.id.desc())).all()
