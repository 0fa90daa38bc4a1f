"""Numbers, days and times as people type them: in any digits, in their own calendar, in the time zone of the site.

What `evote.locales.writing` writes can be read here again; and ASCII digits are read in every language.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time, tzinfo

from babel import Locale
from persiantools.jdatetime import JalaliDate

from evote.errors import Malformed
from evote.locales.writing import SOLAR, write_digits

FIRST_YEAR, LAST_YEAR = 1900, 2200
FIRST_SOLAR_YEAR, LAST_SOLAR_YEAR = 1300, 1500
"""Years in which all calculations of the Iranian calendar's leap years agree."""
MOST_DIGITS = 15
"""Of a number: JSON and every database hold it exactly."""
_SEPARATORS = frozenset(",٬،'’ \u00a0\u202f_")
"""Between thousands; beside them the language's own, and never the sign before its decimals."""
_GROUPED = re.compile(r"\d{1,3}(?:(\D)\d{3})(?:\1\d{3})*|\d+")
_MOMENT = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:\s*[ T,،]\s*|\s+)(\d{1,2})[:٫](\d{2})(?:[:٫](\d{2}))?\s*(UTC|Z)?", re.I
)
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_MARKS = {ord(mark): None for mark in "\u200c\u200e\u200f\u2066\u2067\u2068\u2069"}


def read_digits(text: str) -> str:
    """Return a text with every digit of any script as an ASCII one."""
    return "".join(str(unicodedata.decimal(one)) if unicodedata.decimal(one, None) is not None else one for one in text)


def read_number(text: str, locale: Locale) -> int:
    """Read a whole number from 0, with or without separators between thousands.

    Raises:
        Malformed: It is none, or longer than anything that is counted.
    """
    plain = read_digits(text).translate(_MARKS).strip()
    found = _GROUPED.fullmatch(plain)
    symbols = locale.number_symbols[locale.default_numbering_system]
    if found is None or (found[1] or "") not in {"", symbols["group"], *_SEPARATORS} - {symbols["decimal"]}:
        raise Malformed("Enter a whole number, in digits.")
    digits = "".join(filter(str.isdecimal, plain))
    if len(digits) > MOST_DIGITS:
        raise Malformed("This number is too large: at most %(most)s digits.", most=MOST_DIGITS)
    return int(digits)


def read_day(text: str, locale: Locale) -> date:
    """Read a day, as `read_moment` reads the day of a moment.

    Raises:
        Malformed: It is none.
    """
    found = _DATE.fullmatch(read_digits(text).translate(_MARKS).strip())
    if found is None:
        raise Malformed("Enter a day, like %(example)s.", example=example(locale).split()[0])
    year, month, day = (int(group) for group in found.groups())
    return _day(year, month, day, locale)


def read_moment(text: str, locale: Locale, zone: tzinfo) -> datetime:
    """Read a day and a time of day.

    Args:
        text: Year, month, day, hour and minutes. A year below 1900 is of the Iranian calendar where the language's
            readers date by it. "UTC" at the end says that the time is not the zone's.
        locale: The language of the page.
        zone: In which the time is meant.

    Returns:
        The moment in UTC.

    Raises:
        Malformed: It is no day or time, or clocks skip it or show it twice.
    """
    plain = read_digits(text).translate(_MARKS).strip()
    found = _MOMENT.fullmatch(plain)
    if found is None:
        raise Malformed("Enter a day and a time, like %(example)s.", example=example(locale))
    first, month, third, hour, minute, second = (int(group or 0) for group in found.groups()[:6])
    if len(found[1]) != 4 or len(found[3]) > 2:
        raise Malformed("Write the year first, with four digits, like %(example)s.", example=example(locale))
    day = _day(first, month, third, locale)
    try:
        clock = datetime.combine(day, time(hour, minute, second))
    except ValueError:
        raise Malformed("There is no such time of day. Hours go from 00 to 23, minutes from 00 to 59.") from None
    return clock.replace(tzinfo=UTC) if found[7] else _in_zone(clock, zone)


def write_moment(moment: datetime, locale: Locale, zone: tzinfo) -> str:
    """Write a moment as it can be typed: in the zone, or in UTC where the zone's clocks show its time twice."""
    local = moment.astimezone(zone)
    twice = local.replace(tzinfo=None, fold=0).replace(tzinfo=zone).utcoffset() != (
        local.replace(tzinfo=None, fold=1).replace(tzinfo=zone).utcoffset()
    )
    shown = moment.astimezone(UTC) if twice else local
    seconds = ":%S" if shown.second else ""
    return write_digits(f"{_write_date(shown.date(), locale)} {shown.strftime(f'%H:%M{seconds}')}", locale) + (
        " UTC" if twice else ""
    )


def example(locale: Locale) -> str:
    """Return a day and a time as they are typed in a language."""
    return write_digits("1405/09/01 20:00" if locale.language in SOLAR else "2026-11-22 20:00", locale)


def _write_date(day: date, locale: Locale) -> str:
    if locale.language not in SOLAR:
        return day.isoformat()
    solar = JalaliDate(day)  # type: ignore[no-untyped-call]
    return f"{solar.year:04}/{solar.month:02}/{solar.day:02}"


def _day(year: int, month: int, day: int, locale: Locale) -> date:
    solar = locale.language in SOLAR and year < FIRST_YEAR
    first, last = (FIRST_SOLAR_YEAR, LAST_SOLAR_YEAR) if solar else (FIRST_YEAR, LAST_YEAR)
    if not first <= year <= last:
        raise Malformed("This year is too far away. Write it like in %(example)s.", example=example(locale))
    try:
        return JalaliDate(year, month, day).to_gregorian() if solar else date(year, month, day)  # type: ignore[no-untyped-call]
    except ValueError:
        raise Malformed("There is no such day in the calendar. Look at month and day again.") from None


def _in_zone(clock: datetime, zone: tzinfo) -> datetime:
    """Return a moment of the zone in UTC.

    Raises:
        Malformed: The zone's clocks skip this time, or show it twice.
    """
    early, late = (clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != clock:
        raise Malformed("Clocks are put forward that day, and this time is skipped. Choose another one.")
    raise Malformed(
        "Clocks are put back that day, and this time comes twice. Choose another one, or write it in universal time "
        "with UTC behind it."
    )
