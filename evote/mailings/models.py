"""Mailings, and what did not arrive."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from evote.database.base import Base, Moment

DRAFT, RUNNING, PAUSED, STOPPED, DONE = "draft", "running", "paused", "stopped", "done"
EVERYBODY, NOT_VOTED = "everybody", "not-voted"
AT_HANDOVER, BY_REPORT = "handover", "report"


class Mailing(Base):
    """One mail to many voters. It knows how far it has come through the roll, and no list of whom it went to.

    Attributes:
        audience: everybody who stands on the roll, or those of them who have not voted when their turn comes.
        texts: {language: {"subject", "text"}}, canonical JSON.
        state: draft, running, paused, stopped, done.
        why: Why it paused or ended by itself; a word, empty if it did not.
        revision: Raised by each change, so that two officials do not overwrite each other unseen.
        addressed: How many people it was meant for when it began.
        cursor: The row of the last voter whose turn has come; moved in the transaction that fills the outbox.
        listed: How many mails were put into the outbox.
        sent: How many the mail server took.
        unreachable: Voters without an address.
        refused_in_a_row: Refusals since the last mail that was taken.
        moved_at: When the last one was taken.
    """

    __tablename__ = "mailings"

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[str] = mapped_column(ForeignKey("elections.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    audience: Mapped[str] = mapped_column(String(10))
    texts: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10), default=DRAFT, index=True)
    why: Mapped[str] = mapped_column(String(20), default="")
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    moved_at: Mapped[datetime | None] = mapped_column(Moment)
    addressed: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[int] = mapped_column(BigInteger, default=0)
    listed: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)
    unreachable: Mapped[int] = mapped_column(default=0)
    refused_in_a_row: Mapped[int] = mapped_column(default=0)


class Bounce(Base):
    """A mail of a mailing that did not arrive.

    Attributes:
        message_hash: Keyed hash of the Message-ID: the same report is counted once.
        voter_id: Whose mail it was; nothing for those who had not voted, of whom no list shall be.
        how: Refused when it was handed over, or reported afterwards.
        reason: One of `evote.mail.reasons`.
    """

    __tablename__ = "bounces"

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailings.id"), index=True)
    message_hash: Mapped[str] = mapped_column(String(64), unique=True)
    voter_id: Mapped[int | None] = mapped_column(ForeignKey("voters.id"))
    how: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(10))
