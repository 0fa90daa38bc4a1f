"""Lists of petitions: by where they stand, by words, in an order, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, TextClause, and_, func, or_, select
from sqlalchemy.orm import Session

from participation.petitions.life import REJECTIONS, Debate, Response, State
from participation.petitions.models import Petition
from participation.petitions.queries import PetitionView, view_of
from participation.petitions.search import matching
from participation.ports import Ports

PAGE = 20
_SHOWN_REJECTIONS = [code for code, hides in REJECTIONS.items() if not hides]


class Shelf(StrEnum):
    """Which petitions a list shows."""

    OPEN = "open"
    AWAITING = "awaiting"
    ANSWERED = "answered"
    DEBATE = "debate"
    CLOSED = "closed"
    REJECTED = "rejected"
    ARCHIVED = "archived"
    ALL = "all"


class Order(StrEnum):
    """In which order."""

    SIGNATURES = "signatures"
    NEWEST = "newest"
    CLOSING = "closing"


@dataclass(frozen=True)
class Found:
    """One page of a list; `total` over all pages."""

    petitions: Sequence[PetitionView]
    total: int


def list_petitions(session: Session, ports: Ports, shelf: Shelf, order: Order, words: str, page: int) -> Found:
    """Return one page of a list.

    Args:
        session: A reading one.
        ports: For clock and rules.
        shelf: Which petitions.
        order: In which order.
        words: As typed into the search; empty for all.
        page: From 1.
    """
    conditions: list[ColumnElement[bool] | TextClause] = [_public(), on_shelf(shelf, ports)]
    wanted = matching(session, words) if words else None
    if words and wanted is None:
        return Found((), 0)
    if wanted is not None:
        conditions.append(wanted)
    total = session.scalar(select(func.count()).select_from(Petition).where(*conditions)) or 0
    query = select(Petition).where(*conditions).order_by(*_order(order)).limit(PAGE).offset((page - 1) * PAGE)
    return Found([view_of(row) for row in session.scalars(query)], total)


def count_shelves(session: Session, ports: Ports) -> dict[Shelf, int]:
    """Return how many petitions stand on each shelf."""
    sums = [func.count().filter(on_shelf(shelf, ports)) for shelf in Shelf]
    row = session.execute(select(*sums).select_from(Petition).where(_public())).one()
    return dict(zip(Shelf, row, strict=True))


def on_shelf(shelf: Shelf, ports: Ports) -> ColumnElement[bool]:
    """Return the condition that a petition stands on a shelf."""
    old = Petition.ended_at <= archived_before(ports)
    recent = or_(Petition.ended_at.is_(None), ~old)
    debated = (Debate.AWAITING, Debate.SCHEDULED, Debate.DEBATED, Debate.NOT_DEBATED)
    conditions = {
        Shelf.OPEN: Petition.state == State.OPEN,
        Shelf.AWAITING: Petition.response == Response.AWAITING,
        Shelf.ANSWERED: Petition.response == Response.RESPONDED,
        Shelf.DEBATE: Petition.debate.in_(debated),
        Shelf.CLOSED: and_(Petition.state.in_((State.CLOSED, State.STOPPED)), recent),
        Shelf.REJECTED: and_(Petition.state == State.REJECTED, recent),
        Shelf.ARCHIVED: old,
        Shelf.ALL: Petition.id != "",
    }
    return conditions[shelf]


def archived_before(ports: Ports) -> datetime:
    """Return the moment before which a petition must have ended to stand in the archive."""
    return ports.now() - timedelta(days=ports.rules.petitions.archive_days)


def _public() -> ColumnElement[bool]:
    """Return the condition that everybody may read a petition's text (as `Life.shows_text`)."""
    opened = and_(Petition.state.in_((State.OPEN, State.CLOSED, State.STOPPED)), Petition.opened_at.is_not(None))
    return or_(opened, and_(Petition.state == State.REJECTED, Petition.reason.in_(_SHOWN_REJECTIONS)))


def _order(order: Order) -> tuple[Any, ...]:
    orders: dict[Order, tuple[Any, ...]] = {
        Order.SIGNATURES: (Petition.counted.desc(),),
        Order.NEWEST: (func.coalesce(Petition.opened_at, Petition.created_at).desc(),),
        Order.CLOSING: (Petition.closes_at.is_(None), Petition.closes_at.asc()),
    }
    return *orders[order], Petition.id.asc()
