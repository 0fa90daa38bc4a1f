"""The job that watches deadlines: reminders before, escalation after, each mailed once."""

from datetime import date, timedelta

from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.answers.calendar import WorkingCalendar, count_working_days
from participation.answers.calendars_in_force import get_calendar
from participation.answers.duties import add_event, recompute
from participation.answers.kinds import DUTY_KINDS, DutyEventKind, DutyKind
from participation.answers.models import Authority, Duty, DutyNotice
from participation.errors import CalendarError
from participation.jobs import Job
from participation.ports import Ports

_LIFETIME = timedelta(days=3)


def watch_deadlines(ports: Ports) -> int:
    """Send what is due; returns how many mails were put into the outbox. Cut off anywhere, it goes on where it was."""
    with ports.database.reading() as session:
        query = select(Duty.id).where(Duty.answered_at.is_(None), Duty.lapsed_at.is_(None)).order_by(Duty.id)
        waiting = session.scalars(query).all()
    sent = 0
    for duty_id in waiting:
        with ports.database.writing() as session:
            sent += _look_at(session, ports, duty_id)
    return sent


def _look_at(session: Session, ports: Ports, duty_id: int) -> int:
    duty = session.scalar(select(Duty).where(Duty.id == duty_id).with_for_update())
    assert duty is not None
    authority = session.get(Authority, duty.authority_id)
    assert authority is not None
    if duty.answered_at is not None or duty.lapsed_at is not None:
        return 0
    if duty.due_at is None:
        recompute(session, ports, authority.calendar)
        if duty.due_at is None:
            return 0
    last_day = (duty.due_at - timedelta(seconds=1)).astimezone(ports.time_zone).date()
    try:
        left = _days_left(get_calendar(session, authority.calendar), ports, last_day)
    except CalendarError:
        return 0
    if ports.now() >= duty.due_at:
        return _escalate(session, ports, duty, authority, max(0, -left))
    return _remind(session, ports, duty, authority, last_day, left)


def _days_left(calendar: WorkingCalendar, ports: Ports, last_day: date) -> int:
    return count_working_days(calendar, ports.now().astimezone(ports.time_zone).date(), last_day)


def _remind(session: Session, ports: Ports, duty: Duty, authority: Authority, last_day: date, left: int) -> int:
    due = [days for days in ports.rules.answers.remind_days if left <= days]
    keys = [f"remind {last_day.isoformat()} {days}" for days in due]
    fresh = [key for key in keys if session.get(DutyNotice, (duty.id, key)) is None]
    if not fresh:
        return 0
    # Of several reminders missed while nothing ran, one mail is enough.
    session.add_all(DutyNotice(duty_id=duty.id, key=key, at=ports.now()) for key in fresh)
    add_event(session, duty, DutyEventKind.REMINDED, ports.now(), {"left": left})
    with ports.speaking(authority.language):
        subject = ngettext("An answer is due in %(num)s working day", "An answer is due in %(num)s working days", left)
        if left == 0:
            subject = gettext("An answer is due today")
        text = gettext(
            "%(kind)s: “%(title)s”\n\nAn answer must be published by the end of %(day)s. Everybody can see the "
            "deadline and whether it was kept:\n%(link)s",
            kind=DUTY_KINDS[DutyKind(duty.kind)],
            title=duty.title,
            day=ports.write_day(last_day),
            link=ports.link("answers.duty", authority.language, duty_id=duty.id),
        )
    ports.put_mail(session, authority.mail, subject, text, _LIFETIME)
    return 1


def _escalate(session: Session, ports: Ports, duty: Duty, authority: Authority, days_late: int) -> int:
    wanted = 1 + days_late // ports.rules.answers.escalate_every_days
    if duty.escalations >= wanted:
        duty.escalations = wanted  # of a deadline that moved, and has passed all the same
        return 0
    duty.escalations = wanted
    receivers = list(dict.fromkeys(one for one in (authority.mail, authority.superior_mail) if one))
    add_event(session, duty, DutyEventKind.ESCALATED, ports.now(), {"step": wanted, "late": days_late})
    with ports.speaking(authority.language):
        subject = gettext("An answer is overdue")
        text = gettext(
            "%(kind)s: “%(title)s”\n\nThe deadline has passed and no answer was published. The page says so to "
            "everybody:\n%(link)s",
            kind=DUTY_KINDS[DutyKind(duty.kind)],
            title=duty.title,
            link=ports.link("answers.duty", authority.language, duty_id=duty.id),
        )
    for receiver in receivers:
        ports.put_mail(session, receiver, subject, text, _LIFETIME)
    return len(receivers)


WATCH = Job("answers.watch", watch_deadlines)
