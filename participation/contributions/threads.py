"""Lists and threads of contributions: paged, sorted, and never all at once. Read only."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from participation.consultations.queries import PhaseView
from participation.contributions.kinds import VISIBLE, ContributionKind
from participation.contributions.models import Contribution, Support
from participation.contributions.queries import ContributionView, view_contributions

PAGE = 20
REPLIES = 5
"""Replies shown under each entry of a list; the rest on its own page."""


class Sorting(StrEnum):
    """In which order a list stands."""

    SUPPORTED = "supported"
    NEWEST = "newest"
    OLDEST = "oldest"
    DISCUSSED = "discussed"


SORTINGS = {
    Sorting.SUPPORTED: lazy_gettext("Most supported"),
    Sorting.NEWEST: lazy_gettext("Newest first"),
    Sorting.OLDEST: lazy_gettext("Oldest first"),
    Sorting.DISCUSSED: lazy_gettext("Most discussed"),
}


@dataclass(frozen=True)
class Thread:
    """An entry with the first replies to it.

    Attributes:
        replies: The first of them, oldest first.
        more: How many there are beside those.
    """

    entry: ContributionView
    replies: Sequence[ContributionView]
    more: int


def open_sortings(part: PhaseView, offered: Sequence[Sorting]) -> list[Sorting]:
    """Return the orders that tell nothing that is sealed now: an order by support is a result."""
    return [one for one in offered if not (part.hidden and one is Sorting.SUPPORTED)]


def list_threads(
    session: Session,
    part: PhaseView,
    kind: ContributionKind,
    *,
    parent_id: int | None = None,
    sorting: Sorting = Sorting.NEWEST,
    page: int = 1,
) -> tuple[list[Thread], int]:
    """Return one page of entries with their first replies, and how many entries there are.

    Args:
        session: A reading one.
        part: Of which part.
        kind: Of the entries; replies are comments.
        parent_id: What the entries answer or amend; none for those that answer nothing.
        sorting: Their order; the newest first where the wanted one would show what is sealed.
        page: From 1.
    """
    if sorting not in open_sortings(part, (sorting,)):
        sorting = Sorting.NEWEST
    condition = (
        Contribution.phase_id == part.phase.id,
        Contribution.kind == kind,
        Contribution.parent_id.is_not_distinct_from(parent_id),
        Contribution.state.in_(VISIBLE),
    )
    total = session.scalar(select(func.count()).select_from(Contribution).where(*condition)) or 0
    query = select(Contribution).where(*condition).order_by(*_order(sorting)).limit(PAGE).offset((page - 1) * PAGE)
    return assemble_threads(session, part, session.scalars(query).all()), total


def pick_threads(session: Session, part: PhaseView, ids: Sequence[int], page: int) -> list[Thread]:
    """Return one page of the entries of these ids, in their order, with their first replies."""
    wanted = ids[(page - 1) * PAGE : page * PAGE]
    rows = {row.id: row for row in session.scalars(select(Contribution).where(Contribution.id.in_(wanted)))}
    return assemble_threads(session, part, [rows[one] for one in wanted if one in rows])


def assemble_threads(session: Session, part: PhaseView, rows: Sequence[Contribution]) -> list[Thread]:
    """Return entries with the first replies to each."""
    replies = _first_replies(session, [row.id for row in rows])
    counts = _count_replies(session, [row.id for row in rows])
    shown = {
        view.row.id: view
        for view in view_contributions(session, part, [*rows, *(one for some in replies.values() for one in some)])
    }
    return [
        Thread(
            entry=shown[row.id],
            replies=[shown[one.id] for one in replies.get(row.id, [])],
            more=counts.get(row.id, 0) - len(replies.get(row.id, [])),
        )
        for row in rows
    ]


def _order(sorting: Sorting) -> tuple[ColumnElement[Any], ...]:
    supports = (
        select(func.count())
        .select_from(Support)
        .where(Support.contribution_id == Contribution.id)
        .correlate(Contribution)
        .scalar_subquery()
    )
    answer = Contribution.__table__.alias("answer")
    discussed = (
        select(func.count())
        .select_from(answer)
        .where(answer.c.parent_id == Contribution.id)
        .correlate(Contribution)
        .scalar_subquery()
    )
    return {
        Sorting.SUPPORTED: (supports.desc(), Contribution.id.desc()),
        Sorting.DISCUSSED: (discussed.desc(), Contribution.id.desc()),
        Sorting.NEWEST: (Contribution.id.desc(),),
        Sorting.OLDEST: (Contribution.id.asc(),),
    }[sorting]


def _first_replies(session: Session, ids: Sequence[int]) -> dict[int, list[Contribution]]:
    place = func.row_number().over(partition_by=Contribution.parent_id, order_by=Contribution.id).label("place")
    ranked = select(Contribution.id, place).where(*_replies_to(ids)).subquery()
    query = select(Contribution).join(ranked, ranked.c.id == Contribution.id).where(ranked.c.place <= REPLIES)
    found: dict[int, list[Contribution]] = {}
    for row in session.scalars(query.order_by(Contribution.id)):
        assert row.parent_id is not None
        found.setdefault(row.parent_id, []).append(row)
    return found


def _count_replies(session: Session, ids: Sequence[int]) -> dict[int, int]:
    query = select(Contribution.parent_id, func.count()).where(*_replies_to(ids)).group_by(Contribution.parent_id)
    return {parent: count for parent, count in session.execute(query) if parent is not None}


def _replies_to(ids: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        Contribution.parent_id.in_(ids),
        Contribution.kind == ContributionKind.COMMENT,
        Contribution.state.in_(VISIBLE),
    )
