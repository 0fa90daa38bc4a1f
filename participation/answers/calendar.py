"""Working days. Pure: a calendar is a value, and so is a deadline."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

from participation.errors import CalendarError

FOLDER = Path(__file__).parent / "calendars"
_DAY = timedelta(days=1)
_MOST_DAYS = 1_000


@dataclass(frozen=True)
class WorkingCalendar:
    """When an authority works.

    Attributes:
        id: Like `ir` or `gb-eng`.
        name: {language: name}.
        source: Where the days are published.
        weekend: ISO weekdays (1 Monday … 7 Sunday) without work.
        holidays: {day: {language: name}}.
        first: The first day for which holidays are known.
        last: The last one.
    """

    id: str
    name: Mapping[str, str]
    source: str
    weekend: frozenset[int]
    holidays: Mapping[date, Mapping[str, str]]
    first: date
    last: date

    def works(self, day: date) -> bool:
        """Return whether a day is a working day.

        Raises:
            CalendarError: Nobody has entered the holidays of that time yet.
        """
        if not self.first <= day <= self.last:
            raise CalendarError(
                "The calendar %(calendar)s knows holidays from %(first)s to %(last)s only, and %(day)s lies outside. "
                "Add the missing years first.",
                calendar=self.id,
                first=self.first.isoformat(),
                last=self.last.isoformat(),
                day=day.isoformat(),
            )
        return day.isoweekday() not in self.weekend and day not in self.holidays

    def changed(self, added: Mapping[date, Mapping[str, str]], removed: Iterable[date]) -> "WorkingCalendar":
        """Return the calendar with some holidays more, and some fewer."""
        gone = set(removed)
        kept = {day: name for day, name in self.holidays.items() if day not in gone}
        return replace(self, holidays={**kept, **added})


def add_working_days(calendar: WorkingCalendar, start: date, days: int) -> date:
    """Return the day that is `days` working days after `start`; the day of the start itself does not count.

    Raises:
        CalendarError: It lies beyond the days that the calendar knows, or `days` is not 1 to 1,000.
    """
    if not 1 <= days <= _MOST_DAYS:
        raise CalendarError("A deadline is 1 to %(most)s working days away.", most=_MOST_DAYS)
    day = start
    while days:
        day += _DAY
        days -= calendar.works(day)
    return day


def count_working_days(calendar: WorkingCalendar, start: date, end: date) -> int:
    """Return how many working days lie after `start`, up to and with `end`; negative when `end` is earlier."""
    if end < start:
        return -count_working_days(calendar, end, start)
    return sum(calendar.works(start + _DAY * step) for step in range(1, (end - start).days + 1))


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the moment at which a day ends in a time zone: the first of the next day."""
    return datetime.combine(day + _DAY, time(), zone)


def deadline(calendar: WorkingCalendar, owed_since: datetime, days: int, zone: tzinfo) -> datetime:
    """Return the moment at which an answer becomes overdue: the end of the last working day.

    Args:
        calendar: Of who must answer.
        owed_since: When the duty began; its day does not count.
        days: Working days allowed.
        zone: In which days begin and end.
    """
    return end_of_day(add_working_days(calendar, owed_since.astimezone(zone).date(), days), zone)


def load_calendars(folder: Path = FOLDER) -> dict[str, WorkingCalendar]:
    """Read all calendars that come with the program, or an operator's own.

    Raises:
        CalendarError: A file is damaged; the text says which and where.
    """
    found = [_parse(path) for path in sorted(folder.glob("*.json"))]
    return {calendar.id: calendar for calendar in found}


def _parse(path: Path) -> WorkingCalendar:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        days = {date.fromisoformat(day): dict(name) for day, name in data.pop("holidays").items()}
        weekend = frozenset(int(one) for one in data.pop("weekend"))
        first, last = (date.fromisoformat(data.pop(name)) for name in ("first", "last"))
        calendar = WorkingCalendar(weekend=weekend, holidays=days, first=first, last=last, **data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CalendarError("%(file)s is no calendar: %(reason)s.", file=path.name, reason=str(error)) from None
    outside = [day for day in calendar.holidays if not first <= day <= last]
    if calendar.id != path.stem or not weekend <= set(range(1, 8)) or len(weekend) == 7 or outside:
        raise CalendarError("%(file)s is no calendar: its id, weekend or days make no sense.", file=path.name)
    return calendar
