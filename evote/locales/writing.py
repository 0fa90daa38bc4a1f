"""Numbers, times and order as a language writes them: its digits, its calendar, its alphabet. Pure functions.

Babel knows each language's separators, month names and sentences; it leaves digits Latin and dates Gregorian.
"""

import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format, get_timezone_name
from babel.numbers import format_decimal, format_percent
from persiantools.jdatetime import JalaliDate

_DIGITS = {
    "arab": "٠١٢٣٤٥٦٧٨٩",
    "arabext": "۰۱۲۳۴۵۶۷۸۹",
    "beng": "০১২৩৪৫৬৭৮৯",
    "deva": "०१२३४५६७८९",
}
"""Digits of the numbering systems that languages use by default; all others write Latin ones."""
SOLAR = ("fa",)
"""Languages whose readers date by the Iranian calendar."""
_ALPHABETS = {"fa": "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"}
"""Alphabets that code points do not follow."""
_LETTERS = str.maketrans("يىكةأإٱؤئ", "ییکهاااوی")
"""Letters that Arabic keyboards write for Persian ones, and those that only carry a hamza."""


def write_digits(text: str, locale: Locale) -> str:
    """Put a text's Latin digits into the language's own."""
    own = _DIGITS.get(locale.default_numbering_system)
    return text if own is None else text.translate(str.maketrans("0123456789", own))


def write_number(value: float, locale: Locale, pattern: str | None = None) -> str:
    """Write a number with the language's separators and digits.

    Args:
        value: The number.
        locale: The language.
        pattern: Of CLDR, like `#,##0.0`; the language's own by default.
    """
    return write_digits(format_decimal(value, pattern, locale=locale, numbering_system="default"), locale)


def write_share(share: float, locale: Locale, pattern: str = "#,##0.0%") -> str:
    """Write a share of 1 in per cent."""
    text = format_percent(share, pattern, locale=locale, numbering_system="default")
    sign = locale.number_symbols[locale.default_numbering_system]["percentSign"]
    return write_digits(text.replace("%", sign), locale)


def write_day(moment: datetime, locale: Locale) -> str:
    """Write a day in the calendar of the language's readers."""
    if locale.language not in SOLAR:
        return format_date(moment, "medium", locale)
    day = JalaliDate(moment.date())  # type: ignore[no-untyped-call]
    return write_digits(f"{day.day} {day.strftime('%B', locale='fa')} {day.year}", locale)


def write_time(moment: datetime, locale: Locale, zone: tzinfo, clock: str = "HH:mm") -> str:
    """Write a day and a time of day.

    Args:
        moment: With a time zone of its own.
        locale: The language.
        zone: The time zone to write it in.
        clock: Of CLDR: `HH:mm` or `HH:mm:ss`.
    """
    local = moment.astimezone(zone)
    hour = write_digits(format_time(local, clock, locale=locale), locale)
    pattern = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    return pattern.replace("{1}", write_day(local, locale)).replace("{0}", hour)


def zone_name(moment: datetime, locale: Locale, zone: tzinfo) -> str:
    """Name a time zone as it is at a moment, like "Iran Standard Time"."""
    return write_digits(get_timezone_name(moment.astimezone(zone), width="long", locale=locale), locale)


def zone_name_of(locale: Locale, zone: tzinfo) -> str:
    """Name a time zone as it is all the year round, like "Iran Time"."""
    if str(zone) == "UTC":
        return zone_name(datetime.now(UTC), locale, zone)
    return write_digits(get_timezone_name(zone, width="long", locale=locale, zone_variant="generic"), locale)


def sorted_by_name(things: Iterable[Any], locale: Locale, name: str = "") -> list[Any]:
    """Sort texts, or things by their attribute `name`, in the order of the language's alphabet."""
    return sorted(things, key=lambda thing: name_key(str(getattr(thing, name) if name else thing), locale))


def name_key(text: str, locale: Locale) -> tuple[tuple[int, int], ...]:
    """Return what a text is sorted by: variants of a letter, marks, half-spaces and case are told apart by nothing."""
    alphabet = _ALPHABETS.get(locale.language, "")
    plain = unicodedata.normalize("NFKC", text).translate(_LETTERS) if alphabet else unicodedata.normalize("NFKD", text)
    letters = (one for one in plain.casefold() if not unicodedata.combining(one) and unicodedata.category(one) != "Cf")
    return tuple((0, alphabet.index(one)) if one in alphabet else (int(one.isalpha()), ord(one)) for one in letters)
