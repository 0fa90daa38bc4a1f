"""Duties: an answer becomes owed, is given, lapses, is referred; holidays move what is still open."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.answers.calendar import WorkingCalendar, add_working_days, end_of_day
from participation.answers.calendars_in_force import get_calendar
from participation.answers.kinds import DutyEventKind, DutyKind, DutyState
from participation.answers.models import (
    NOTE_LENGTH,
    TITLE_LENGTH,
    Authority,
    CalendarChange,
    Duty,
    DutyEvent,
)
from participation.errors import CalendarError, Missing, NotNow, Stale, Unacceptable
from participation.ports import Ports
from participation.text import is_blank

_LEAST_REASON = 10


def owe(
    session: Session,
    ports: Ports,
    kind: DutyKind,
    subject: str,
    *,
    title: str,
    path: str,
    authority_id: int,
    since: datetime,
    working_days: int | None = None,
    promised_for: date | None = None,
) -> Duty:
    """Let an authority owe an answer; a duty of this kind and subject that lapsed is owed anew.

    Args:
        session: Of a writing transaction.
        ports: For the clock and the time zone.
        kind: What is owed.
        subject: The id of what is answered, in its feature.
        title: Of the subject.
        path: Of the subject's page, without a language.
        authority_id: Who owes it.
        since: When the duty began.
        working_days: Allowed for the answer, or
        promised_for: the day for which it was promised.

    Returns:
        The duty; unchanged if it was owed already.

    Raises:
        Missing: There is no such authority.
    """
    authority = get_authority(session, authority_id)
    duty = find_duty(session, kind, subject)
    if duty is not None and duty.lapsed_at is None:
        return duty
    if duty is None:
        duty = Duty(kind=kind, subject=subject, title=title[:TITLE_LENGTH], path=path, authority_id=authority.id)
        what = DutyEventKind.OWED
    else:
        what, duty.lapsed_at, duty.revision = DutyEventKind.REOPENED, None, duty.revision + 1
        duty.escalations = 0
    duty.authority_id = authority.id
    duty.owed_since, duty.working_days, duty.promised_for = since, working_days, promised_for
    session.add(duty)
    duty.due_at = _due_at(session, ports, duty, authority)
    session.flush()
    add_event(session, duty, what, ports.now(), {"authority": authority.id})
    return duty


def settle(session: Session, ports: Ports, kind: DutyKind, subject: str, *, by: str, note: str = "") -> None:
    """Note that the answer was published; nothing happens where none is owed, or one was given already."""
    duty = find_duty(session, kind, subject)
    if duty is None or duty.answered_at is not None or duty.lapsed_at is not None:
        return
    duty.answered_at, duty.revision = ports.now(), duty.revision + 1
    add_event(session, duty, DutyEventKind.ANSWERED, ports.now(), by=by, note=note)


def lapse(session: Session, ports: Ports, kind: DutyKind, subject: str, *, because: str) -> None:
    """Note that no answer is owed any more, as when signatures were removed; an answer that was given stays."""
    duty = find_duty(session, kind, subject)
    if duty is None or duty.answered_at is not None or duty.lapsed_at is not None:
        return
    duty.lapsed_at, duty.revision = ports.now(), duty.revision + 1
    add_event(session, duty, DutyEventKind.LAPSED, ports.now(), note=because)


def refer(session: Session, ports: Ports, duty_id: int, revision: int, to: int, *, by: str, reason: str) -> Duty:
    """Hand a duty to another authority. That gives nobody more time: only the calendar becomes the other's.

    Raises:
        Missing: There is no such duty, or no such authority.
        NotNow: It was answered, or is not owed any more.
        Stale: Somebody changed it meanwhile.
        Unacceptable: It is that authority's already, or the reason is too short.
    """
    duty, authority = get_open_duty(session, duty_id, revision), get_standing_authority(session, to)
    if duty.authority_id == authority.id:
        raise Unacceptable("This authority owes the answer already. Choose another one.")
    check_reason(reason)
    details: dict[str, str | int] = {"from": duty.authority_id, "to": authority.id}
    duty.authority_id, duty.revision = authority.id, duty.revision + 1
    add_event(session, duty, DutyEventKind.REFERRED, ports.now(), details, by, reason)
    _move(session, ports, duty, authority, ports.now(), "")
    return duty


def change_holiday(
    session: Session,
    ports: Ports,
    calendar: str,
    day: date,
    *,
    holiday: bool,
    name: Mapping[str, str],
    by: str,
    reason: str,
) -> CalendarChange:
    """Make a day a holiday, or a working day again, and move all open deadlines of the calendar.

    Raises:
        Missing: There is no such calendar.
        CalendarError: The calendar does not reach that day.
        Unacceptable: The day is so already, or lies on a weekend, or the reason is too short.
    """
    before = get_calendar(session, calendar)
    works = before.works(day)
    if day.isoweekday() in before.weekend:
        raise Unacceptable("This day is of the weekend: nobody works on it anyway.")
    if holiday and not works:
        raise Unacceptable("This day is a holiday already. Check the date.")
    if works and not holiday:
        raise Unacceptable("This day is a working day already. Check the date.")
    check_reason(reason)
    change = CalendarChange(
        calendar=calendar, day=day, holiday=holiday, name=dict(name), at=ports.now(), by=by, reason=reason
    )
    session.add(change)
    session.flush()
    change.moved = recompute(session, ports, calendar, day.isoformat())
    return change


def recompute(session: Session, ports: Ports, calendar: str, because: str = "") -> int:
    """Compute all open deadlines of a calendar anew; returns how many moved.

    Args:
        session: Of a writing transaction.
        ports: For the clock and the time zone.
        calendar: Its id.
        because: The day that changed, ISO; empty when the calendar itself was extended.
    """
    query = (
        select(Duty, Authority)
        .join(Authority, Authority.id == Duty.authority_id)
        .where(Authority.calendar == calendar, Duty.answered_at.is_(None), Duty.lapsed_at.is_(None))
        .order_by(Duty.id)
        .with_for_update(of=Duty)
    )
    now, in_force = ports.now(), get_calendar(session, calendar)
    rows = session.execute(query).all()
    return sum(_move(session, ports, duty, authority, now, because, in_force) for duty, authority in rows)


def state_of(duty: Duty, now: datetime) -> DutyState:
    """Return how a duty stands at a moment."""
    if duty.answered_at is not None:
        late = duty.due_at is not None and duty.answered_at >= duty.due_at
        return DutyState.LATE if late else DutyState.IN_TIME
    if duty.lapsed_at is not None:
        return DutyState.LAPSED
    return DutyState.OVERDUE if duty.due_at is not None and now >= duty.due_at else DutyState.OPEN


def find_duty(session: Session, kind: DutyKind, subject: str) -> Duty | None:
    """Return a duty by what is answered, locked for this transaction."""
    return session.scalar(select(Duty).where(Duty.kind == kind, Duty.subject == subject).with_for_update())


def get_open_duty(session: Session, duty_id: int, revision: int) -> Duty:
    """Return a duty that can still be acted on.

    Raises:
        Missing: There is none of this number.
        NotNow: It was answered, or is not owed any more.
        Stale: Somebody changed it meanwhile.
    """
    duty = session.scalar(select(Duty).where(Duty.id == duty_id).with_for_update())
    if duty is None:
        raise Missing("There is no such duty.")
    if duty.answered_at is not None:
        raise NotNow("This was answered already.")
    if duty.lapsed_at is not None:
        raise NotNow("This answer is not owed any more.")
    if duty.revision != revision:
        raise Stale("Somebody changed this in the meantime. Look at it as it is now, and decide again.")
    return duty


def get_authority(session: Session, authority_id: int) -> Authority:
    """Return an authority.

    Raises:
        Missing: There is none of this number.
    """
    authority = session.get(Authority, authority_id)
    if authority is None:
        raise Missing("There is no such authority.")
    return authority


def get_standing_authority(session: Session, authority_id: int) -> Authority:
    """Return an authority that can owe something.

    Raises:
        Missing: There is none of this number.
        Unacceptable: It is retired.
    """
    authority = get_authority(session, authority_id)
    if authority.retired:
        raise Unacceptable("This authority does not exist any more. Choose another one.")
    return authority


def add_event(
    session: Session,
    duty: Duty,
    what: DutyEventKind,
    at: datetime,
    details: Mapping[str, str | int] | None = None,
    by: str = "",
    note: str = "",
) -> None:
    """Add a line to a duty's public history."""
    session.add(DutyEvent(duty_id=duty.id, at=at, what=what, by=by, details=dict(details or {}), note=note))


def check_reason(reason: str) -> str:
    """Return a reason that the public will read.

    Raises:
        Unacceptable: It is too short or too long.
    """
    if is_blank(reason) or not _LEAST_REASON <= len(reason) <= NOTE_LENGTH:
        raise Unacceptable(
            "Give a reason of %(least)s to %(most)s characters; everybody can read it.",
            least=_LEAST_REASON,
            most=NOTE_LENGTH,
        )
    return reason


def _move(
    session: Session,
    ports: Ports,
    duty: Duty,
    authority: Authority,
    now: datetime,
    because: str,
    calendar: WorkingCalendar | None = None,
) -> bool:
    old, duty.due_at = duty.due_at, _due_at(session, ports, duty, authority, calendar)
    if duty.due_at == old:
        return False
    duty.revision += 1
    if duty.due_at is None or now < duty.due_at:
        duty.escalations = 0
    details: dict[str, str | int] = {"because": because}
    details |= {name: at.isoformat() for name, at in (("from", old), ("to", duty.due_at)) if at is not None}
    add_event(session, duty, DutyEventKind.MOVED, now, details)
    return True


def _due_at(
    session: Session, ports: Ports, duty: Duty, authority: Authority, calendar: WorkingCalendar | None = None
) -> datetime | None:
    calendar = calendar or get_calendar(session, authority.calendar)
    try:
        if duty.promised_for is not None:
            last = add_working_days(calendar, duty.promised_for - timedelta(days=1), 1)
        else:
            assert duty.working_days is not None
            last = add_working_days(calendar, duty.owed_since.astimezone(ports.time_zone).date(), duty.working_days)
    except CalendarError:
        return None  # the job tries again once somebody has entered the missing years
    return end_of_day(last, ports.time_zone)
