"""The pure life of a petition: its steps, its deadlines, and a machine that runs thresholds and clocks against it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from participation.errors import NotNow, Unacceptable
from participation.petitions import life as steps
from participation.petitions.life import ENDED, PUBLIC, Debate, Life, Response, State

TEHRAN, LONDON, SYDNEY = ZoneInfo("Asia/Tehran"), ZoneInfo("Europe/London"), ZoneInfo("Australia/Sydney")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AUTUMN = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)
GRACE = timedelta(hours=24)


def in_state(state: State) -> Life:
    return Life(state=state, opened_at=NOON, closes_at=NOON + timedelta(days=10))


@pytest.mark.parametrize(
    ("opened", "zone", "months", "closes"),
    [
        # The opening day is the zone's: 21:00 UTC is the next day in Tehran.
        (datetime(2026, 3, 1, 21, 0, tzinfo=UTC), TEHRAN, 6, datetime(2026, 9, 2, 20, 30, tzinfo=UTC)),
        (datetime(2026, 3, 1, 20, 0, tzinfo=UTC), TEHRAN, 6, datetime(2026, 9, 1, 20, 30, tzinfo=UTC)),
        # Summer time begins between: the day still ends at midnight.
        (datetime(2026, 1, 10, 12, 0, tzinfo=UTC), LONDON, 6, datetime(2026, 7, 10, 23, 0, tzinfo=UTC)),
        # No 31st of February.
        (datetime(2026, 8, 31, 12, 0, tzinfo=UTC), LONDON, 6, datetime(2027, 3, 1, 0, 0, tzinfo=UTC)),
        (datetime(2027, 8, 31, 12, 0, tzinfo=UTC), LONDON, 6, datetime(2028, 3, 1, 0, 0, tzinfo=UTC)),
    ],
)
def test_the_deadline_is_the_end_of_the_opening_day_months_later(
    opened: datetime, zone: ZoneInfo, months: int, closes: datetime
) -> None:
    assert steps.closing_time(opened, months, zone) == closes


def test_a_day_on_which_collection_was_down_adds_a_day_and_one_outside_does_not() -> None:
    plain = steps.closing_time(NOON, 6, LONDON)
    inside, before, after = date(2026, 5, 5), date(2026, 2, 1), date(2026, 10, 1)
    assert steps.closing_time(NOON, 6, LONDON, {inside, before, after}) == plain + timedelta(days=1)
    in_the_extension = date(2026, 9, 2)
    assert steps.closing_time(NOON, 6, LONDON, {inside, in_the_extension}) == plain + timedelta(days=2)
    assert steps.closing_time(NOON, 6, LONDON, {in_the_extension}) == plain


def test_the_whole_way() -> None:
    life = steps.collect(Life())
    assert steps.support(life, 4, 5, NOON) is life
    life = steps.support(life, 5, 5, NOON)
    assert (life.state, life.checked_since) == (State.MODERATION, NOON)
    life = steps.approve(life, NOON + timedelta(days=180), NOON)
    assert steps.may_sign(life, NOON)
    assert not steps.may_sign(life, NOON + timedelta(days=180))
    late = NOON + timedelta(days=180)
    life = steps.keep_time(life, late)
    assert (life.state, life.ended_at) == (State.CLOSED, late)
    assert steps.may_confirm(life, late + timedelta(hours=23), GRACE)
    assert not steps.may_confirm(life, late + GRACE, GRACE)


@pytest.mark.parametrize("state", [one for one in State if one is not State.MODERATION])
def test_only_what_waits_for_a_check_is_approved_or_rejected(state: State) -> None:
    with pytest.raises(NotNow):
        steps.approve(in_state(state), NOON, NOON)
    with pytest.raises(NotNow):
        steps.reject(in_state(state), "unclear", NOON)


def test_reasons_are_those_of_the_list_and_some_hide_the_text() -> None:
    waiting = in_state(State.MODERATION)
    with pytest.raises(Unacceptable):
        steps.reject(waiting, "because", NOON)
    with pytest.raises(Unacceptable):
        steps.stop(waiting, "because", NOON)
    assert len(steps.REJECTIONS) == 10
    assert steps.reject(waiting, "duplicate", NOON).shows_text
    assert not steps.reject(waiting, "libellous", NOON).shows_text


def test_a_granted_appeal_brings_a_petition_back_and_its_time_goes_on() -> None:
    stopped = steps.stop(in_state(State.OPEN), "mistake", NOON)
    again = steps.check_again(stopped, NOON)
    assert again.state is State.MODERATION
    opened = steps.approve(again, NOON + timedelta(days=5), NOON)
    assert opened.closes_at == NOON + timedelta(days=10)
    with pytest.raises(NotNow):
        steps.check_again(replace(stopped, erased=True), NOON)


def test_what_was_stopped_unread_is_neither_answered_nor_debated() -> None:
    unread = replace(in_state(State.MODERATION), opened_at=None)
    life, today = steps.stop(unread, "mistake", NOON), date(2026, 3, 1)
    acts: list[Callable[[], Life]] = [
        lambda: steps.respond(life),
        lambda: steps.schedule(life, today, today),
        lambda: steps.debated(life, today, today),
        lambda: steps.refuse_debate(life),
    ]
    for act in acts:
        with pytest.raises(NotNow, match="before it opened"):
            act()


def test_a_debate_is_set_held_or_refused_in_order() -> None:
    life, today = in_state(State.OPEN), date(2026, 3, 1)
    with pytest.raises(Unacceptable, match="past"):
        steps.schedule(life, date(2026, 2, 28), today)
    set_for = steps.schedule(life, date(2026, 3, 9), today)
    with pytest.raises(Unacceptable, match="to come"):
        steps.debated(set_for, date(2026, 3, 9), today)
    held = steps.debated(set_for, date(2026, 3, 9), date(2026, 3, 9))
    with pytest.raises(NotNow):
        steps.schedule(held, date(2026, 4, 1), date(2026, 3, 9))
    with pytest.raises(NotNow):
        steps.refuse_debate(held)
    assert steps.refuse_debate(set_for).debate is Debate.NOT_DEBATED


class LifeMachine(RuleBasedStateMachine):
    """Signatures come and are found false, the clock runs, stands and runs back, days fall out, officials act."""

    RESPONSE_AT, DEBATE_AT = 10, 30

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.life = steps.support(steps.collect(Life()), 5, 5, NOON)
        self.down: set[date] = set()
        self.confirmed = 0
        self.answered = False
        self.zone = TEHRAN

    @initialize(zone=st.sampled_from([TEHRAN, LONDON, SYDNEY]), start=st.sampled_from([NOON, AUTUMN]))
    def somewhere(self, zone: ZoneInfo, start: datetime) -> None:
        """Summer time begins or ends while the petition is open, or never."""
        self.zone, self.now = zone, start
        self.life = steps.support(steps.collect(Life()), 5, 5, start)

    def note(self) -> None:
        self.life = steps.count(self.life, self.confirmed, self.RESPONSE_AT, self.DEBATE_AT, self.now)

    @precondition(lambda self: self.life.state is State.MODERATION)
    @rule()
    def approve(self) -> None:
        first = self.life.opened_at or self.now
        self.life = steps.approve(self.life, steps.closing_time(first, 1, self.zone, self.down), self.now)
        self.note()

    @rule(hours=st.integers(-48, 24 * 20))
    def clock(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        before = self.life
        self.life = steps.keep_time(self.life, self.now)
        if self.life is not before:
            assert before.closes_at is not None
            assert self.now >= before.closes_at

    @rule(number=st.integers(1, 25))
    def sign(self, number: int) -> None:
        if steps.may_confirm(self.life, self.now, GRACE):
            self.confirmed += number
            self.note()

    @rule(number=st.integers(1, 25))
    def found_false(self, number: int) -> None:
        self.confirmed = max(0, self.confirmed - number)
        self.note()

    @rule(offset=st.integers(-40, 5))
    def outage(self, offset: int) -> None:
        self.down.add((self.now + timedelta(days=offset)).astimezone(self.zone).date())
        if self.life.opened_at is not None:
            before = self.life
            closes = steps.closing_time(self.life.opened_at, 1, self.zone, self.down)
            self.life = steps.extend(self.life, closes, self.now)
            if before.state is State.CLOSED and self.life.state is State.OPEN:
                assert self.life.closes_at is not None
                assert self.now < self.life.closes_at

    @precondition(lambda self: self.life.shows_text)
    @rule()
    def respond(self) -> None:
        self.life, self.answered = steps.respond(self.life), True

    @precondition(lambda self: self.life.shows_text)
    @rule(days=st.integers(0, 30))
    def schedule(self, days: int) -> None:
        today = self.now.date()
        if self.life.debate not in (Debate.DEBATED, Debate.NOT_DEBATED):
            self.life = steps.schedule(self.life, today + timedelta(days=days), today)

    @precondition(lambda self: self.life.state in (State.OPEN, State.MODERATION))
    @rule(code=st.sampled_from(steps.TAKEDOWNS))
    def stop(self, code: str) -> None:
        self.life = steps.stop(self.life, code, self.now)
        self.note()  # a petition that an appeal brought back is public again, and the next bell counts it

    @precondition(lambda self: self.life.state in (State.OPEN, State.CLOSED, State.STOPPED))
    @rule(code=st.sampled_from(steps.TAKEDOWNS))
    def hide(self, code: str) -> None:
        self.life = steps.hide(self.life, code, self.now)

    @precondition(lambda self: self.life.state in (State.STOPPED, State.HIDDEN, State.REMOVED, State.REJECTED))
    @rule()
    def appeal(self) -> None:
        self.life = steps.check_again(self.life, self.now)

    @invariant()
    def what_is_owed_follows_from_the_count(self) -> None:
        if self.life.state in PUBLIC:
            assert (self.life.response is Response.RESPONDED) == self.answered
            if not self.answered:
                assert (self.life.response is Response.AWAITING) == (self.confirmed >= self.RESPONSE_AT)
            if self.life.debate in (Debate.NONE, Debate.AWAITING):
                assert (self.life.debate is Debate.AWAITING) == (self.confirmed >= self.DEBATE_AT)
        assert (self.life.response_since is None) or self.life.response is not Response.NONE

    @invariant()
    def times_fit_the_state(self) -> None:
        assert (self.life.ended_at is not None) == (self.life.state in ENDED)
        assert (self.life.checked_since is not None) == (self.life.state is State.MODERATION)
        if steps.may_sign(self.life, self.now):
            assert self.life.state is State.OPEN
            assert steps.may_confirm(self.life, self.now, GRACE)
        if self.life.closes_at is not None and self.life.opened_at is not None:
            assert self.life.closes_at >= steps.closing_time(self.life.opened_at, 1, self.zone)
            closes = self.life.closes_at.astimezone(self.zone)
            assert (closes.hour, closes.minute, closes.second) == (0, 0, 0)


TestLifeMachine = LifeMachine.TestCase
TestLifeMachine.settings = settings(max_examples=60, stateful_step_count=40)
