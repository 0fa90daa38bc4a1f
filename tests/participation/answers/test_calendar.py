import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.answers.calendar import (
    FOLDER,
    WorkingCalendar,
    add_working_days,
    count_working_days,
    deadline,
    load_calendars,
)
from participation.errors import CalendarError

CALENDARS = load_calendars()
TEHRAN, LONDON = ZoneInfo("Asia/Tehran"), ZoneInfo("Europe/London")
days = st.dates(date(2025, 1, 1), date(2030, 6, 30))


def oracle(calendar: WorkingCalendar) -> np.busdaycalendar:
    """Return the same calendar as numpy keeps one."""
    week = "".join("0" if day in calendar.weekend else "1" for day in range(1, 8))
    return np.busdaycalendar(weekmask=week, holidays=list(calendar.holidays))


def test_the_calendars_that_come_with_the_program() -> None:
    assert set(CALENDARS) == {"ir", "gb-eng", "gb-sct", "gb-nir"}
    iran, england = CALENDARS["ir"], CALENDARS["gb-eng"]
    assert not iran.works(date(2027, 3, 21))  # Nowruz
    assert not iran.works(date(2026, 11, 20))  # a Friday
    assert iran.works(date(2026, 11, 21))
    assert not england.works(date(2026, 12, 28))  # Boxing Day, moved
    assert england.works(date(2026, 11, 20))
    assert "نوروز" in iran.holidays[date(2027, 3, 21)]["fa"]
    assert CALENDARS["gb-nir"].holidays.keys() > england.holidays.keys()  # Saint Patrick, the Twelfth


@pytest.mark.parametrize("name", sorted(CALENDARS))
@given(start=days, count=st.integers(1, 60))
def test_deadlines_are_those_of_numpy(name: str, start: date, count: int) -> None:
    calendar = CALENDARS[name]
    found = add_working_days(calendar, start, count)
    expected = np.busday_offset(start, count, roll="backward", busdaycal=oracle(calendar)).astype(object)
    assert found == expected
    assert count_working_days(calendar, start, found) == count
    assert calendar.works(found)


@given(first=days, second=days)
def test_counting_back_is_counting_forth(first: date, second: date) -> None:
    calendar = CALENDARS["ir"]
    assert count_working_days(calendar, first, second) == -count_working_days(calendar, second, first)


@given(start=days, count=st.integers(1, 40), after=st.integers(1, 50))
def test_a_new_holiday_moves_a_deadline_by_one_working_day_or_not_at_all(start: date, count: int, after: int) -> None:
    calendar = CALENDARS["gb-eng"]
    before = add_working_days(calendar, start, count)
    holiday = start + timedelta(days=after)
    new = calendar.changed({holiday: {"en": "Day of mourning"}}, [])
    moved = add_working_days(new, start, count)
    matters = calendar.works(holiday) and holiday <= before
    assert moved == (add_working_days(new, before, 1) if matters else before)
    assert add_working_days(new.changed({}, [holiday]) if calendar.works(holiday) else calendar, start, count) == before


def test_an_answer_becomes_overdue_when_the_last_day_ends_where_the_authority_is() -> None:
    asked = datetime(2026, 3, 18, 22, 0, tzinfo=UTC)  # already the 19th in Tehran
    due = deadline(CALENDARS["ir"], asked, 1, TEHRAN)
    # Friday 20, the new year's days of 21 to 24 March: the first working day is the 25th.
    assert due == datetime(2026, 3, 26, 0, 0, tzinfo=TEHRAN)
    # Over the night in which British clocks go forward: a day of 23 hours still ends at midnight.
    due = deadline(CALENDARS["gb-eng"], datetime(2026, 3, 27, 12, 0, tzinfo=UTC), 1, LONDON)
    assert due.astimezone(UTC) == datetime(2026, 3, 30, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize("count", [0, -1, 1001])
def test_a_deadline_of_no_days_is_refused(count: int) -> None:
    with pytest.raises(CalendarError, match="1 to 1000 working days"):
        add_working_days(CALENDARS["ir"], date(2026, 1, 1), count)


def test_days_that_nobody_entered_are_refused_rather_than_guessed() -> None:
    with pytest.raises(CalendarError, match="knows holidays from 2025-01-01 to 2030-12-31 only"):
        add_working_days(CALENDARS["ir"], date(2030, 12, 20), 30)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "other"},
        {"weekend": [0]},
        {"weekend": [1, 2, 3, 4, 5, 6, 7]},
        {"holidays": {"2031-01-01": {"en": "Too late"}}},
        {"holidays": {"yesterday": {}}},
        {"holidays": []},
        {"first": "soon"},
        {"unknown": 1},
    ],
)
def test_a_damaged_calendar_is_named(tmp_path: Path, change: dict[str, object]) -> None:
    good = json.loads((FOLDER / "gb-eng.json").read_text(encoding="utf-8"))
    (tmp_path / "gb-eng.json").write_text(json.dumps({**good, **change}), encoding="utf-8")
    with pytest.raises(CalendarError, match=r"gb-eng\.json is no calendar"):
        load_calendars(tmp_path)


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(CalendarError, match=r"x\.json is no calendar"):
        load_calendars(tmp_path)
