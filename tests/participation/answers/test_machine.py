"""Duties under any order of acts: holidays come and go, answers are given, handed over, taken back; clocks jump."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete

from participation.answers.calendar import load_calendars
from participation.answers.duties import change_holiday, lapse, owe, refer, settle, state_of
from participation.answers.kinds import DutyKind, DutyState
from participation.answers.models import CalendarChange, Duty, DutyEvent, DutyNotice
from participation.errors import NotNow, Unacceptable
from tests.participation.answers.conftest import MONDAY
from tests.support.participation import Town

CALENDARS = {1: "gb-eng", 2: "ir"}
PUBLISHED = load_calendars()
REASON = "Announced by the government this morning."
days = st.dates(date(2026, 2, 1), date(2026, 7, 1))


class Duties(RuleBasedStateMachine):
    """The model keeps what each duty is about and which days are holidays; numpy computes the deadlines."""

    def __init__(self, town: Town) -> None:
        super().__init__()
        self.town = town
        self.town.clock.now = MONDAY
        self.holidays = {name: set(PUBLISHED[name].holidays) for name in CALENDARS.values()}
        self.zone = town.ports.time_zone
        self.open: dict[str, tuple[int, date, int]] = {}
        self.closed: dict[str, datetime | None] = {}
        with town.services.database.writing() as session:
            for model in (DutyNotice, DutyEvent, Duty, CalendarChange):
                session.execute(delete(model))

    def read(self, subject: str) -> Any:
        with self.town.services.database.reading() as session:
            found = session.query(Duty).filter_by(subject=subject).one()
            session.expunge_all()
            return found

    @rule(subject=st.sampled_from("abcd"), authority=st.sampled_from([1, 2]), count=st.integers(1, 30))
    def an_answer_becomes_owed(self, subject: str, authority: int, count: int) -> None:
        now = self.town.services.now()
        with self.town.services.database.writing() as session:
            fields: dict[str, Any] = {"title": "x", "path": "/x", "authority_id": authority, "working_days": count}
            owe(session, self.town.ports, DutyKind.RESPONSE, subject, since=now, **fields)
        if subject not in self.open and self.closed.get(subject, "none") in (None, "none"):
            owner = self.read(subject).authority_id
            self.open[subject] = (owner, now.astimezone(self.zone).date(), count)
            self.closed.pop(subject, None)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def it_is_given(self, data: st.DataObject) -> None:
        subject = data.draw(st.sampled_from(sorted(self.open)))
        with self.town.services.database.writing() as session:
            settle(session, self.town.ports, DutyKind.RESPONSE, subject, by="clerk")
        del self.open[subject]
        self.closed[subject] = self.read(subject).due_at

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def the_threshold_is_taken_back(self, data: st.DataObject) -> None:
        subject = data.draw(st.sampled_from(sorted(self.open)))
        with self.town.services.database.writing() as session:
            lapse(session, self.town.ports, DutyKind.RESPONSE, subject, because="Signatures were removed.")
        del self.open[subject]
        self.closed[subject] = None

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def it_is_handed_over(self, data: st.DataObject) -> None:
        subject = data.draw(st.sampled_from(sorted(self.open)))
        owner, since, count = self.open[subject]
        duty = self.read(subject)
        with self.town.services.database.writing() as session:
            refer(session, self.town.ports, duty.id, duty.revision, 3 - owner, by="clerk", reason=REASON)
        self.open[subject] = (3 - owner, since, count)

    @rule(name=st.sampled_from(sorted(CALENDARS.values())), day=days, holiday=st.booleans())
    def a_holiday_comes_or_goes(self, name: str, day: date, holiday: bool) -> None:
        known = self.holidays[name]
        allowed = day.isoweekday() not in PUBLISHED[name].weekend and (day in known) != holiday
        try:
            with self.town.services.database.writing() as session:
                given = {"holiday": holiday, "name": {}, "by": "clerk", "reason": REASON}
                change_holiday(session, self.town.ports, name, day, **given)  # type: ignore[arg-type]
        except Unacceptable:
            assert not allowed
            return
        assert allowed
        (known.add if holiday else known.discard)(day)

    @rule(hours=st.integers(-48, 240))
    def the_clock_goes_on_or_back(self, hours: int) -> None:
        self.town.clock.now = max(MONDAY, self.town.clock.now + timedelta(hours=hours))

    @rule()
    def the_job_runs(self) -> None:
        self.town.run_jobs("answers.watch")

    @invariant()
    def deadlines_are_those_of_the_calendar_as_it_is(self) -> None:
        now = self.town.services.now()
        for subject, (owner, since, count) in self.open.items():
            name = CALENDARS[owner]
            week = "".join("0" if day in PUBLISHED[name].weekend else "1" for day in range(1, 8))
            calendar = np.busdaycalendar(weekmask=week, holidays=sorted(self.holidays[name]))
            last = np.busday_offset(since, count, roll="backward", busdaycal=calendar).astype(object)
            duty = self.read(subject)
            midnight = datetime.combine(last + timedelta(days=1), datetime.min.time(), self.zone)
            assert duty.due_at == midnight.astimezone(UTC)
            assert state_of(duty, now) is (DutyState.OVERDUE if now >= duty.due_at else DutyState.OPEN)

    @invariant()
    def what_ended_stays_as_it_was(self) -> None:
        for subject, due_at in self.closed.items():
            duty = self.read(subject)
            if due_at is None:
                assert duty.lapsed_at is not None
                continue
            assert duty.due_at == due_at
            assert state_of(duty, self.town.services.now()) in (DutyState.IN_TIME, DutyState.LATE)


@pytest.mark.parametrize("time_zone", ["UTC", "Europe/London"])  # where summer time begins on 29 March
def test_duties_under_any_order_of_acts(
    make_town: Callable[..., Town], enter_authorities: Callable[[Town], None], time_zone: str
) -> None:
    town = make_town(time_zone=time_zone)
    enter_authorities(town)
    profile = settings(max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(lambda: Duties(town), settings=profile)  # type: ignore[arg-type]  # any factory does


def test_a_duty_that_ended_cannot_be_handed_over(town: Town, make_duty: Callable[..., int]) -> None:
    duty_id = make_duty()
    with town.services.database.writing() as session:
        settle(session, town.ports, DutyKind.RESPONSE, "7", by="clerk")
    try:
        with town.services.database.writing() as session:
            refer(session, town.ports, duty_id, 1, 2, by="clerk", reason=REASON)
    except NotNow:
        return
    raise AssertionError
