"""Consultations, their phases, and the public history of both."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import Base, Moment

TITLE_LENGTH = 200
KIND_LENGTH = 20


class Consultation(Base):
    """A question that an authority puts to everybody.

    Attributes:
        id: Random, in addresses.
        language: In which it is written.
        summary: One paragraph.
        text: Paragraphs.
        state: A `ConsultationState`.
        authority_id: Who owes the report.
        report: “You said, we did”: paragraphs, once published.
        reported_at: When.
        revision: Raised by each change.
    """

    __tablename__ = "consultations"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    language: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    summary: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(KIND_LENGTH), index=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("duty_authorities.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    report: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime | None] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=0)


class Phase(Base):
    """A part of a consultation with its own dates, in which people do one thing.

    Attributes:
        kind: A `PhaseKind`.
        sealed: Results show only after the close, to officials too.
        settings: Of the kind: for a budget its amount and currency, for a poll the election.
    """

    __tablename__ = "consultation_phases"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultations.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(KIND_LENGTH))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(Text, default="")
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment, index=True)
    sealed: Mapped[bool] = mapped_column(default=False)
    premoderated: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)


class ConsultationEvent(Base):
    """Something that happened to a consultation; public, and only added."""

    __tablename__ = "consultation_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultations.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    what: Mapped[str] = mapped_column(String(KIND_LENGTH))
    by: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(Text, default="")


class ReportLine(Base):
    """One answer of the closing report: what was said, and what became of it.

    Attributes:
        outcome: A `ReportOutcome`.
        contributions: Ids of the contributions it answers.
    """

    __tablename__ = "consultation_report_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultations.id"), index=True)
    position: Mapped[int]
    said: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(KIND_LENGTH))
    did: Mapped[str] = mapped_column(Text)
    contributions: Mapped[list[int]] = mapped_column(JSON, default=list)
