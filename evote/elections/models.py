"""Elections and the documents that fix them."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evote.database.base import Base, Moment

DRAFT, FROZEN, OPEN, CLOSED, TALLIED, ANNULLED = "draft", "frozen", "open", "closed", "tallied", "annulled"
MANIFEST, KEY, ROLL, ROLL_SIGNATURE, TALLY = "manifest", "key", "roll", "roll-signature", "tally"
AGGREGATES = "aggregates"
"""The encrypted count; computed, not published."""
CANDIDATE = "candidate/"
"""Prefix of a tally that waits to be checked; its SHA-256 follows."""


class Election(Base):
    """One election. The row is also the lock under which times and positions are given out.

    Attributes:
        state: draft, frozen, open, closed, tallied or annulled; the sequencer moves it with the log.
        door_open: Whether ballots and notices are accepted; shut before the queue is drained for closing.
        last_time: The latest time given to anything accepted: no later one is ever earlier.
        next_position: The next place in the queue.
        closes_at: As extended.
        log_size, ballot_count: Entries and ballots on the log.
        close_size, close_root, close_counted: What the `close` entry covers; empty before.
    """

    __tablename__ = "elections"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    created_at: Mapped[datetime] = mapped_column(Moment)
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    closing: Mapped[str] = mapped_column(String(10))
    manifest_hash: Mapped[str] = mapped_column(String(43))
    fingerprint: Mapped[str] = mapped_column(String(43), default="")
    voters: Mapped[int] = mapped_column(default=0)
    door_open: Mapped[bool] = mapped_column(default=False)
    last_time: Mapped[datetime] = mapped_column(Moment)
    next_position: Mapped[int] = mapped_column(default=0)
    log_size: Mapped[int] = mapped_column(default=0)
    ballot_count: Mapped[int] = mapped_column(default=0)
    close_size: Mapped[int | None]
    close_root: Mapped[str] = mapped_column(String(43), default="")
    close_counted: Mapped[str] = mapped_column(String(43), default="")


class Document(Base):
    """A file of the record (or one computed from it), byte for byte."""

    __tablename__ = "documents"

    election_id: Mapped[str] = mapped_column(ForeignKey("elections.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(43))
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class StagedFile(Base):
    """A file that was handed in for the freeze, and waits for it.

    However an election is frozen, its transaction removes them: voters' mail addresses stand in `voters.csv`.
    """

    __tablename__ = "staged_files"
    __table_args__ = (UniqueConstraint("election_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[str] = mapped_column(ForeignKey("elections.id"))
    name: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(43))
    staged_at: Mapped[datetime] = mapped_column(Moment)
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
