"""Contributions as pages and lists show them: read only."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.consultations.queries import PhaseView
from participation.contributions.kinds import REASONS, ContributionKind, ContributionState, Reason
from participation.contributions.models import Contribution, ContributionEvent, Support


@dataclass(frozen=True)
class ContributionView:
    """A contribution as everybody sees it.

    Attributes:
        title, text: Empty where it is not public; `gone` says why.
        author: The name that was chosen; the word for somebody without one, and for who wrote what is not public,
            since a name can break the rules as well as a text.
        supports: How many stand behind it; none while the results of its part are sealed.
        edited: Whether it was changed after it was written.
    """

    row: Contribution
    title: str
    text: str
    author: str
    gone: str
    supports: int | None
    edited: bool


def view_contributions(session: Session, part: PhaseView, rows: Sequence[Contribution]) -> list[ContributionView]:
    """Return contributions of a part as everybody sees them."""
    ids = [row.id for row in rows]
    counts = select(Support.contribution_id, func.count()).where(Support.contribution_id.in_(ids))
    supports = {} if part.hidden else dict(session.execute(counts.group_by(Support.contribution_id)).all())
    edits = select(ContributionEvent.contribution_id).where(
        ContributionEvent.contribution_id.in_(ids), ContributionEvent.what == "edited"
    )
    edited = set(session.scalars(edits))
    return [_view(row, None if part.hidden else supports.get(row.id, 0), row.id in edited) for row in rows]


def _view(row: Contribution, supports: int | None, edited: bool) -> ContributionView:
    gone = ""
    if row.state == ContributionState.HIDDEN:
        reason = str(REASONS[Reason(row.reason)]) if row.reason in set(Reason) else ""
        gone = gettext("A moderator took this down. %(reason)s", reason=reason)
    elif row.state == ContributionState.WITHDRAWN:
        gone = gettext("Who wrote this took it back.")
    elif row.state == ContributionState.WAITING:
        gone = gettext("This waits for a moderator.")
    nobody = gettext("A participant") if row.person_id is not None else gettext("The organisers")
    author = nobody if gone else row.name or nobody
    return ContributionView(row, "" if gone else row.title, "" if gone else row.text, author, gone, supports, edited)


def contribution_address(found: Contribution) -> str:
    """Return where a contribution can be seen: an address that leads to its place."""
    return url_for("contributions.contribution", contribution_id=found.id)


def public_words(found: Contribution) -> str:
    """Return what a contribution is called where it is named: its title or text; empty where it is not public."""
    return (found.title or found.text) if found.state == ContributionState.SHOWN else ""


def list_shown(session: Session, phase_id: int, kind: ContributionKind) -> Sequence[Contribution]:
    """Return the public contributions of a kind, oldest first."""
    query = select(Contribution).where(Contribution.phase_id == phase_id, Contribution.kind == kind)
    return session.scalars(query.where(Contribution.state == ContributionState.SHOWN).order_by(Contribution.id)).all()
