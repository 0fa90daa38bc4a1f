"""Where messages go, and each message with what became of it."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import Base, Moment

ADDRESS_LENGTH = 500
EVENT_LENGTH = 40
KEY_LENGTH = 100
MESSAGE_LENGTH = 40


class Webhook(Base):
    """An address to which messages go.

    Attributes:
        events: Words of `Event`: what it is told.
        sealed_secret: The key of its signatures, encrypted; empty once it is removed.
        by: The official who registered it.
        seen_to: Events up to here have become messages; those shortly before are looked at again.
        failures: Tries in a row that failed.
        paused_at: Since when nothing is sent there.
        paused_because: `failures` or `gone`; empty while messages are sent.
        removed_at: When an official took it away; its log stays.
    """

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(ADDRESS_LENGTH))
    events: Mapped[list[str]] = mapped_column(JSON)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    by: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_to: Mapped[datetime] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0)
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    paused_because: Mapped[str] = mapped_column(String(20), default="")
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class WebhookMessage(Base):
    """A message: the same bytes under the same id, however often it is tried.

    Attributes:
        key: Of the event; none becomes a message to one webhook twice.
        message_id: The header `Webhook-Id`.
        event: What happened: a word of `Event`.
        body: The JSON that is sent.
        state: `waiting`, `delivered` or `given-up`.
        tries: How often it was sent.
        next_try_at: When it is due (again).
        outcome: Of the last try: an HTTP status, or a word of `Problem`; empty before the first.
    """

    __tablename__ = "webhook_messages"
    __table_args__ = (UniqueConstraint("webhook_id", "key"), Index(None, "state", "next_try_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"), index=True)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    message_id: Mapped[str] = mapped_column(String(MESSAGE_LENGTH), unique=True)
    event: Mapped[str] = mapped_column(String(EVENT_LENGTH))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(20))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    next_try_at: Mapped[datetime] = mapped_column(Moment)
    outcome: Mapped[str] = mapped_column(String(20), default="")
