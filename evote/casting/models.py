"""The queue, and the ballots themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from evote.database.base import Base, Moment

QUEUED, LOGGED, REFUSED = "queued", "logged", "refused"
_WAITING = text("state = 'queued'")


class Submission(Base):
    """Something accepted for the log, in the order of acceptance.

    Attributes:
        position: Place in the election's queue; positions and times rise together.
        kind: The entry's type.
        key: The tracker, or for other kinds the hash of the body: the same thing is accepted once.
        voter: Who cast or audited; empty for others.
        previous: The tracker a ballot says it follows.
        body: The entry's body, canonical.
        time: When it was accepted; the entry carries it.
        state: queued, then logged or refused, for good.
        answer: For ballots the promise, then the receipt or the refusal; for others a refusal's reason.
        entry_index: Its place on the log.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("election_id", "position"),
        UniqueConstraint("election_id", "kind", "key"),
        Index(None, "election_id", "voter", "position"),
        Index("ix_submissions_waiting", "election_id", "position", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[str] = mapped_column(ForeignKey("elections.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(43))
    voter: Mapped[str] = mapped_column(String(43), default="")
    previous: Mapped[str] = mapped_column(String(43), default="")
    body: Mapped[bytes] = mapped_column(LargeBinary)
    time: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(8), default=QUEUED)
    answer: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    entry_index: Mapped[int | None]


class BallotText(Base):
    """The canonical bytes of an accepted ballot."""

    __tablename__ = "ballots"

    election_id: Mapped[str] = mapped_column(ForeignKey("elections.id"), primary_key=True)
    tracker: Mapped[str] = mapped_column(String(43), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
