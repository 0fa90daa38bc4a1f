"""The outbox."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from evote.database.base import Base, Moment


class Message(Base):
    """A mail to be sent; deleted once it is (kept, in demo mode, for the outbox page).

    Attributes:
        sealed_text: The text, encrypted: it may hold a one-time code.
        next_try_at: When the sender should try (again).
        expires_at: After this the mail is of no use and is dropped.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(320), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    sealed_text: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    next_try_at: Mapped[datetime] = mapped_column(Moment, index=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
