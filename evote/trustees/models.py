"""Openings and partials; intents and the tally go through the queue onto the log."""

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from evote.database.base import Base


class Opening(Base):
    """A trustee's signature that this is the election rehearsed."""

    __tablename__ = "openings"

    election_id: Mapped[str] = mapped_column(ForeignKey("elections.id"), primary_key=True)
    trustee: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    signature: Mapped[str] = mapped_column(String(86))


class Partial(Base):
    """A trustee's partial decryption, proof checked, canonical bytes."""

    __tablename__ = "partials"

    election_id: Mapped[str] = mapped_column(ForeignKey("elections.id"), primary_key=True)
    trustee: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)
