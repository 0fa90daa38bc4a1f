"""Votes on statements, and the latest map of each phase. Statements themselves are contributions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import Base, Moment


class StatementVote(Base):
    """One person's answer to one statement: 1 agree, 0 pass, −1 disagree. It can be changed while the phase is open."""

    __tablename__ = "statement_votes"

    statement_id: Mapped[int] = mapped_column(ForeignKey("contributions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    vote: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class StoredMap(Base):
    """The opinion map of a phase, as the job computed it last.

    Attributes:
        seen: What it was computed from: a hash of the statements, and of the votes' number, sum and latest time.
        document: The map, as `participation.statements.maps` writes it.
    """

    __tablename__ = "statement_maps"

    phase_id: Mapped[int] = mapped_column(ForeignKey("consultation_phases.id"), primary_key=True)
    computed_at: Mapped[datetime] = mapped_column(Moment)
    seen: Mapped[str] = mapped_column(String(100))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
