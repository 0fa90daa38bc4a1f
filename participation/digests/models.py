"""Who gets a digest of what, and when the next one is due."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import Base, Moment


class DigestSubscription(Base):
    """Somebody's wish for digests; there is no row for who wants none.

    Attributes:
        period: A `Period`.
        kinds: The kinds of news that were chosen: words of `Kind`.
        since: News from here on (this moment included) was in no digest yet.
        next_at: When the next digest is due: a random moment of a night.
    """

    __tablename__ = "digest_subscriptions"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(10))
    kinds: Mapped[list[str]] = mapped_column(JSON)
    since: Mapped[datetime] = mapped_column(Moment)
    next_at: Mapped[datetime] = mapped_column(Moment, index=True)
