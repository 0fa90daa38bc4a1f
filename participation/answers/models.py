"""Who owes answers, what they owe, what they promised, and everything that happened to it. Events are only added."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import MAIL_LENGTH, Base, Moment

TITLE_LENGTH = 200
NOTE_LENGTH = 4_000
LINK_LENGTH = 500
KIND_LENGTH = 20
CALENDAR_LENGTH = 20
SUBJECT_LENGTH = 40


class Authority(Base):
    """Somebody who must answer: a ministry, a department, an office.

    Attributes:
        name: {language: name}.
        mail: Where reminders go.
        superior_mail: Where it goes when an answer is overdue; may be empty.
        calendar: The id of its working-day calendar.
        language: In which it is written to.
    """

    __tablename__ = "duty_authorities"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[dict[str, str]] = mapped_column(JSON)
    mail: Mapped[str] = mapped_column(String(MAIL_LENGTH))
    superior_mail: Mapped[str] = mapped_column(String(MAIL_LENGTH), default="")
    calendar: Mapped[str] = mapped_column(String(CALENDAR_LENGTH))
    language: Mapped[str] = mapped_column(String(10))
    retired: Mapped[bool] = mapped_column(default=False)


class Duty(Base):
    """An answer that is owed.

    Attributes:
        kind: A `DutyKind`.
        subject: The id of what is answered, in the feature it belongs to.
        title: Of the subject when the duty began, for lists.
        path: Of the subject's page, without a language.
        owed_since: When the duty began.
        working_days: Days allowed; none where a day was promised.
        promised_for: That day.
        due_at: When it becomes overdue; none while the calendar does not reach that far.
        answered_at: When the answer was published.
        lapsed_at: When the duty ended without an answer being owed any more.
        escalations: How often it went to the superior since the deadline that holds; the events tell of all.
        revision: Raised by each change, so that of two people at once the second is told.
    """

    __tablename__ = "duties"
    __table_args__ = (UniqueConstraint("kind", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(KIND_LENGTH))
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    path: Mapped[str] = mapped_column(String(LINK_LENGTH))
    authority_id: Mapped[int] = mapped_column(ForeignKey("duty_authorities.id"), index=True)
    owed_since: Mapped[datetime] = mapped_column(Moment)
    working_days: Mapped[int | None]
    promised_for: Mapped[date | None] = mapped_column(Date)
    due_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    lapsed_at: Mapped[datetime | None] = mapped_column(Moment)
    escalations: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)


class DutyEvent(Base):
    """Something that happened to a duty; public.

    Attributes:
        what: A `DutyEventKind`.
        by: The official's name; empty for what the rules did.
        details: {word: text or number}, for the sentence.
        note: What the official wrote.
    """

    __tablename__ = "duty_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    what: Mapped[str] = mapped_column(String(KIND_LENGTH))
    by: Mapped[str] = mapped_column(String(100), default="")
    details: Mapped[dict[str, str | int]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")


class DutyNotice(Base):
    """A reminder or escalation that was mailed: none goes out twice for the same deadline."""

    __tablename__ = "duty_notices"

    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


class CalendarChange(Base):
    """A holiday that was added to a calendar, or taken away. The latest line about a day is in force.

    Attributes:
        name: {language: name}; empty where the day is a working day again.
        moved: How many open deadlines it moved.
    """

    __tablename__ = "duty_calendar_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar: Mapped[str] = mapped_column(String(CALENDAR_LENGTH), index=True)
    day: Mapped[date] = mapped_column(Date)
    holiday: Mapped[bool]
    name: Mapped[dict[str, str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text)
    moved: Mapped[int] = mapped_column(default=0)


class Promise(Base):
    """Something an authority committed itself to, in public.

    Attributes:
        promised_on: The day on which it was said.
        source: Where that can be read.
        due_on: The day for which it was promised, if one was named.
        status: A `PromiseStatus`.
    """

    __tablename__ = "promises"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(Text)
    authority_id: Mapped[int] = mapped_column(ForeignKey("duty_authorities.id"), index=True)
    promised_on: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(LINK_LENGTH))
    due_on: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(KIND_LENGTH), index=True)
    entered_at: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=0)


class PromiseEvent(Base):
    """A step of a promise, with its evidence; public.

    Attributes:
        evidence: Addresses where it can be checked.
    """

    __tablename__ = "promise_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("promises.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(KIND_LENGTH))
    note: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[str]] = mapped_column(JSON, default=list)
