"""The outbox."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from evote.database.base import Base, Moment

SUBJECT_LENGTH = 400
MESSAGE_ID_LENGTH = 400
UNSUBSCRIBE_LENGTH = 500


class Message(Base):
    """A mail to be sent; deleted once it is (kept, in demo mode, for the outbox page).

    Attributes:
        message_id: The header of this name, fixed once and for all: a mail that is handed over twice is one mail.
        mailing_id: The mailing to voters that it belongs to; nothing for a mail that somebody asked for.
        held: Its mailing is paused: it is neither sent nor given up.
        sealed_text: The text, encrypted: it may hold a one-time code.
        unsubscribe: The address of the header List-Unsubscribe; empty for most mails.
        next_try_at: When the sender should try (again).
        expires_at: After this the mail is of no use and is dropped.
    """

    __tablename__ = "messages"
    __table_args__ = (Index(None, "mailing_id", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(MESSAGE_ID_LENGTH), unique=True)
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailings.id"))
    held: Mapped[bool] = mapped_column(default=False)
    recipient: Mapped[str] = mapped_column(String(320), index=True)
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    sealed_text: Mapped[bytes] = mapped_column(LargeBinary)
    unsubscribe: Mapped[str] = mapped_column(String(UNSUBSCRIBE_LENGTH), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    next_try_at: Mapped[datetime] = mapped_column(Moment, index=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
