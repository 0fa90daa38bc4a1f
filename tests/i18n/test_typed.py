"""Numbers and days as people type them. The oracle of the Iranian calendar is jdatetime, of time zones zoneinfo."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import jdatetime  # type: ignore[import-untyped]
import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from evote.errors import Malformed
from evote.locales import typed, writing

FA, EN, DE, AR = Locale("fa"), Locale("en"), Locale("de"), Locale("ar", "EG")
TEHRAN, BERLIN, NEW_YORK = ZoneInfo("Asia/Tehran"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
UTC_ZONE = ZoneInfo("UTC")
FIRST, LAST = (date(1921, 3, 21), date(2122, 3, 20))
"""1300/01/01 to 1500/12/29."""


def test_every_day_of_two_centuries_is_that_of_the_oracle_and_can_be_typed() -> None:
    day, seen = FIRST, 0
    while day <= LAST:
        solar = jdatetime.date.fromgregorian(date=day)
        text = f"{solar.year:04}/{solar.month:02}/{solar.day:02} 00:00"
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        assert typed.read_moment(text, FA, UTC_ZONE) == moment
        assert typed.write_moment(moment, FA, UTC_ZONE) == writing.write_digits(text, FA)
        seen += 1
        day += timedelta(days=1 if solar.month in (1, 12) else 7)
    assert seen > 20_000


@given(st.integers(0, 6_200_000_000), st.sampled_from([TEHRAN, BERLIN, NEW_YORK, UTC_ZONE]))
def test_what_is_written_can_be_typed_back(seconds: int, zone: ZoneInfo) -> None:
    moment = datetime(1922, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    if (moment.astimezone(zone).utcoffset() or timedelta()) % timedelta(minutes=1):
        return  # until about 1930 some zones were off by seconds, which nobody types
    for locale in (FA, EN, DE, AR):
        assert typed.read_moment(typed.write_moment(moment, locale, zone), locale, zone) == moment


@pytest.mark.parametrize("year", [1399, 1403, 1408, 1412])
def test_leap_years_have_a_thirtieth_of_esfand_and_others_do_not(year: int) -> None:
    assert jdatetime.date(year, 1, 1).isleap()
    typed.read_moment(f"{year}/12/30 12:00", FA, TEHRAN)
    with pytest.raises(Malformed, match="no such day"):
        typed.read_moment(f"{year + 1}/12/30 12:00", FA, TEHRAN)


@pytest.mark.parametrize(
    "text",
    [
        "۱۴۰۵/۰۹/۰۱ ۱۶:۳۰",
        "1405/9/1 16:30",
        "١٤٠٥-٠٩-٠١ ١٦:٣٠",
        " ۱۴۰۵-۹-۱، ۱۶:۳۰ ",
        "1405/09/01T16:30",
        "\u200f۱۴۰۵/۰۹/۰۱\u200f ۱۶:۳۰:۰۰",
        "2026-11-22 16:30",
        "۱۴۰۵/۰۹/۰۱ ۱۳:۰۰ UTC",
    ],
)
def test_any_digits_and_separators_and_the_other_calendar_by_its_year(text: str) -> None:
    assert typed.read_moment(text, FA, TEHRAN) == datetime(2026, 11, 22, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Enter a day and a time"),
        ("tomorrow", "Enter a day and a time"),
        ("2026-11-22", "Enter a day and a time"),
        ("22.11.2026 10:00", "year first"),
        ("26-11-22 10:00", "year first"),
        ("1405/09/01 10:00", "too far away"),
        ("2300-01-01 10:00", "too far away"),
        ("2026-02-30 10:00", "no such day"),
        ("2026-13-01 10:00", "no such day"),
        ("2026-11-22 24:00", "no such time"),
        ("2026-11-22 10:60", "no such time"),
        ("2026-11-22 10:00; DROP", "Enter a day and a time"),
    ],
)
def test_what_is_no_moment_is_refused_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        typed.read_moment(text, EN, BERLIN)


def test_clocks_that_skip_an_hour_or_show_it_twice() -> None:
    with pytest.raises(Malformed, match="put forward"):
        typed.read_moment("2026-03-29 02:30", EN, BERLIN)
    with pytest.raises(Malformed, match="comes twice"):
        typed.read_moment("2026-10-25 02:30", EN, BERLIN)
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    for moment, text in ((first, "2026-10-25 00:30 UTC"), (second, "2026-10-25 01:30 UTC")):
        assert typed.write_moment(moment, EN, BERLIN) == text
        assert typed.read_moment(text, EN, BERLIN) == moment
    # Iran has put no clock forward since 2022; before, it did at the beginning of 1 Farvardin or the day after.
    with pytest.raises(Malformed, match="put forward"):
        typed.read_moment("۱۴۰۱/۰۱/۰۲ ۰۰:۳۰", FA, TEHRAN)
    assert typed.read_moment("۱۴۰۵/۰۱/۰۲ ۰۰:۳۰", FA, TEHRAN) == datetime(2026, 3, 21, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("0", EN, 0),
        ("3072", EN, 3072),
        ("3,072", EN, 3072),
        ("۳", FA, 3),
        ("٣", FA, 3),
        ("۹۰۰٬۰۰۰", FA, 900_000),
        ("۹۰۰,۰۰۰", FA, 900_000),
        (" 1 234 567 ", EN, 1_234_567),
        ("1\u202f234", EN, 1234),
        ("1.234", DE, 1234),
        ("1'234", EN, 1234),
        ("१२", EN, 12),
    ],
)
def test_numbers_in_any_digits_with_or_without_separators(text: str, locale: Locale, value: int) -> None:
    assert typed.read_number(text, locale) == value


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        *((text, EN) for text in ("", "-1", "+1", "1.5", "1,5", "1.234", "12,34", "1,234 567", "1 2", "1e3", "0x10")),
        *((text, EN) for text in ("½", "三", "1,234,56", "١٫٥")),
        ("1,234", DE),
        ("۱٫۵", FA),
    ],
)
def test_what_is_no_whole_number_is_refused(text: str, locale: Locale) -> None:
    with pytest.raises(Malformed, match="whole number"):
        typed.read_number(text, locale)


@pytest.mark.parametrize("text", ["9" * 16, "9" * 5000, "1,000" + ",000" * 5, "۹" * 16])
def test_a_number_too_large_for_anything_is_refused(text: str) -> None:
    assert typed.read_number("9" * 15, EN) == 10**15 - 1
    with pytest.raises(Malformed, match="too large"):
        typed.read_number(text, EN)


@given(st.integers(0, 2**32), st.sampled_from([FA, EN, DE, AR]))
def test_numbers_as_pages_write_them_can_be_typed_back(value: int, locale: Locale) -> None:
    assert typed.read_number(writing.write_number(value, locale), locale) == value
