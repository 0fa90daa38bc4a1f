"""Projects that a budget could pay for, what people approve, and what the rules make of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import Base, Moment

TITLE_LENGTH = 200
SEEN_LENGTH = 100


class BudgetProject(Base):
    """Something to pay for; `cost` in whole units of the budget's currency."""

    __tablename__ = "budget_projects"

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("consultation_phases.id"), index=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(Text, default="")
    cost: Mapped[int] = mapped_column(BigInteger)


class BudgetChoice(Base):
    """The projects that one person approves. It can be changed while the part is open."""

    __tablename__ = "budget_choices"

    phase_id: Mapped[int] = mapped_column(ForeignKey("consultation_phases.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    projects: Mapped[list[int]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)


class StoredOutcome(Base):
    """What the rules made of the choices, as the job computed it last.

    Attributes:
        seen: What it was computed from.
        document: The `BudgetOutcome` as JSON.
    """

    __tablename__ = "budget_outcomes"

    phase_id: Mapped[int] = mapped_column(ForeignKey("consultation_phases.id"), primary_key=True)
    computed_at: Mapped[datetime] = mapped_column(Moment)
    seen: Mapped[str] = mapped_column(String(SEEN_LENGTH))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
