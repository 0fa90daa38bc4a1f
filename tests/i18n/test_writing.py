"""Numbers, times and order as languages write them. Days are compared with tables of the Iranian calendar."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from evote.locales import writing

FA, EN = Locale("fa"), Locale("en")
TEHRAN = ZoneInfo("Asia/Tehran")


@pytest.mark.parametrize(
    ("day", "text"),
    [
        # First and last days of years, leap ones (1399, 1403, 1408) among them.
        ((2020, 3, 20), "۱ فروردین ۱۳۹۹"),
        ((2021, 3, 20), "۳۰ اسفند ۱۳۹۹"),
        ((2021, 3, 21), "۱ فروردین ۱۴۰۰"),
        ((2024, 3, 20), "۱ فروردین ۱۴۰۳"),
        ((2025, 3, 20), "۳۰ اسفند ۱۴۰۳"),
        ((2025, 3, 21), "۱ فروردین ۱۴۰۴"),
        ((2026, 3, 20), "۲۹ اسفند ۱۴۰۴"),
        ((2026, 3, 4), "۱۳ اسفند ۱۴۰۴"),
        ((2030, 3, 20), "۳۰ اسفند ۱۴۰۸"),
        ((1979, 2, 11), "۲۲ بهمن ۱۳۵۷"),
        ((2026, 11, 22), "۱ آذر ۱۴۰۵"),
    ],
)
def test_days_of_the_iranian_calendar(day: tuple[int, int, int], text: str) -> None:
    assert writing.write_day(datetime(*day, tzinfo=UTC), FA) == text


def test_times_are_those_of_the_zone_and_its_day() -> None:
    moment = datetime(2026, 3, 20, 21, 0, 5, tzinfo=UTC)
    assert writing.write_time(moment, FA, ZoneInfo("UTC")) == "۲۹ اسفند ۱۴۰۴،\u200f ۲۱:۰۰"
    assert writing.write_time(moment, FA, TEHRAN, "HH:mm:ss") == "۱ فروردین ۱۴۰۵،\u200f ۰۰:۳۰:۰۵"
    assert writing.write_time(moment, EN, TEHRAN) == "Mar 21, 2026, 00:30"
    assert writing.zone_name(moment, FA, TEHRAN) == "وقت عادی ایران"
    assert writing.zone_name(moment, EN, TEHRAN) == "Iran Standard Time"


def test_numbers_have_the_languages_digits_and_separators() -> None:
    assert writing.write_number(1_234_567, FA) == "۱٬۲۳۴٬۵۶۷"
    assert writing.write_number(1_234_567, EN) == "1,234,567"
    assert writing.write_number(1.5, FA, "#,##0.0") == "۱٫۵"
    assert writing.write_share(1 / 3, FA) == "۳۳٫۳٪"
    assert writing.write_share(1 / 3, EN) == "33.3%"
    assert writing.write_number(12, Locale("ar", "EG")) == "١٢"
    assert writing.write_number(12, Locale("de")) == "12"


def test_persian_names_stand_in_the_order_of_the_persian_alphabet() -> None:
    names = ["یاسمن", "پروانه", "بهار", "ژاله", "زهرا", "گلنار", "کاوه", "چکاوک", "تارا", "آرش", "امید"]
    expected = ["آرش", "امید", "بهار", "پروانه", "تارا", "چکاوک", "زهرا", "ژاله", "کاوه", "گلنار", "یاسمن"]
    assert writing.sorted_by_name(names, FA) == expected


def test_variants_of_letters_marks_and_half_spaces_make_no_difference() -> None:
    assert writing.name_key("كاوۀ", FA)[:3] == writing.name_key("کاوه", FA)[:3]
    assert writing.name_key("علي", FA) == writing.name_key("علی", FA)
    assert writing.name_key("می‌نا", FA) == writing.name_key("مینا", FA)
    assert writing.name_key("مُحمّد", FA) == writing.name_key("محمد", FA)
    assert writing.sorted_by_name(["zeta", "Émile", "eric", "Adam"], EN) == ["Adam", "Émile", "eric", "zeta"]
    assert writing.sorted_by_name(["بهار", "Adam", "12"], FA) == ["بهار", "12", "Adam"]
