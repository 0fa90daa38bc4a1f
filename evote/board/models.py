"""The log, its Merkle nodes and its checkpoints."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evote.database.base import Base, Moment, code_column


class LogEntry(Base):
    """One entry of one election's log.

    Attributes:
        data: The canonical entry: the leaf.
        tracker, tracker_code: Of a ballot or an audited one; the code is what people type.
        voter, voter_code: Of a ballot.
        ballot_number: A ballot's place among the ballots: its line in the record's `ballots/`.
        log_end, ballot_end: Where the line ends, in bytes, within its file of 10,000 lines.
    """

    __tablename__ = "log_entries"
    __table_args__ = (
        UniqueConstraint("election_id", "ballot_number"),
        UniqueConstraint("election_id", "tracker"),
        Index(None, "election_id", "tracker_code"),
        Index(None, "election_id", "voter_code"),
    )

    election_id: Mapped[str] = mapped_column(ForeignKey("elections.id"), primary_key=True)
    index: Mapped[int] = mapped_column("entry_index", primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(String(10))
    time: Mapped[datetime] = mapped_column(Moment)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    log_end: Mapped[int] = mapped_column(BigInteger)
    tracker: Mapped[str | None] = mapped_column(String(43))
    tracker_code: Mapped[str | None] = mapped_column(code_column())
    voter: Mapped[str | None] = mapped_column(String(43))
    voter_code: Mapped[str | None] = mapped_column(code_column())
    ballot_number: Mapped[int | None]
    ballot_end: Mapped[int | None] = mapped_column(BigInteger)


class Node(Base):
    """The hash of a complete subtree: level 0 is the leaves, `position` counts from the left."""

    __tablename__ = "log_nodes"

    election_id: Mapped[str] = mapped_column(ForeignKey("elections.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Checkpoint(Base):
    """A signed head, one for each batch appended."""

    __tablename__ = "checkpoints"

    election_id: Mapped[str] = mapped_column(ForeignKey("elections.id"), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    text: Mapped[str]


class SequencerBeat(Base):
    """The single row in which the running sequencer says that it is alive."""

    __tablename__ = "sequencer_beat"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    beat_at: Mapped[datetime] = mapped_column(Moment)
