"""What readers report, what authors appeal against, and orders to take something down."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import Base, Moment

KIND_LENGTH = 20
NOTE_LENGTH = 2_000


class Report(Base):
    """A reader says that a contribution breaks the rules; once for each reader.

    Attributes:
        reason: A code of the moderators' list.
        settled_at: When a moderator looked at the contribution after it.
    """

    __tablename__ = "moderation_reports"
    __table_args__ = (UniqueConstraint("contribution_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contributions.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[str] = mapped_column(String(KIND_LENGTH))
    at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class Appeal(Base):
    """Who wrote a contribution that was taken down asks for another look, by another moderator; once.

    Attributes:
        against: The official who took it down.
        by: The official who looked again; empty until then.
        granted: Whether it is public again.
    """

    __tablename__ = "moderation_appeals"

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contributions.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    against: Mapped[str] = mapped_column(String(100))
    by: Mapped[str] = mapped_column(String(100), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    granted: Mapped[bool] = mapped_column(default=False)


class TakedownOrder(Base):
    """An order from outside to take something down; public, whatever became of it.

    Attributes:
        sender: Who ordered it: a court, an authority, somebody who claims a right.
        basis: The law or right that it names.
        target: What it is about: an address of this site.
        outcome: What was done, for everybody to read.
    """

    __tablename__ = "moderation_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    received_on: Mapped[date] = mapped_column(Date)
    sender: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(String(500))
    outcome: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(100))
