"""Contributions, what happened to them, and who supports them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import NAME_LENGTH, Base, Moment

TITLE_LENGTH = 200
KIND_LENGTH = 20


class Contribution(Base):
    """Something a person wrote.

    Attributes:
        phase_id: Of the consultation it belongs to.
        kind: A `ContributionKind`.
        parent_id: What it answers or amends.
        anchor: The passage it is about, as the documents feature writes it; empty for none.
        person_id: Who wrote it; none for what the organisers put in.
        name: Shown beside it, as the person chose when writing it.
        title: Of a proposal.
        words: What texts are compared and searched by.
        state: A `ContributionState`.
        reason: Why it is hidden or was refused: a code of the moderators' list.
        decided_at: When it was last moderated.
        revision: Raised by each change, so that of two moderators at once the second is told.
    """

    __tablename__ = "contributions"
    __table_args__ = (Index(None, "phase_id", "kind", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("consultation_phases.id"))
    kind: Mapped[str] = mapped_column(String(KIND_LENGTH))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("contributions.id"), index=True)
    anchor: Mapped[dict[str, str | int]] = mapped_column(JSON, default=dict)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(KIND_LENGTH))
    reason: Mapped[str] = mapped_column(String(KIND_LENGTH), default="")
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=0)


class ContributionEvent(Base):
    """Something that happened to a contribution. Lines are only added; an edit keeps the text of before.

    Attributes:
        by: The official's name; empty for the person who wrote it, and for rules.
        before: Title and text before an edit.
        note: What the moderator wrote.
    """

    __tablename__ = "contribution_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contributions.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    what: Mapped[str] = mapped_column(String(KIND_LENGTH))
    by: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(String(KIND_LENGTH), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class Support(Base):
    """A person stands behind a contribution."""

    __tablename__ = "contribution_supports"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contributions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(Moment)
