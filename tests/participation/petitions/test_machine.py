"""A petition with its signatures, its counter, its thresholds and its deadline, in whatever order things happen.

The site's own use cases and jobs act on a real database; the model knows who should stand, and which days are holidays.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from participation.answers.authorities import AuthorityData, add_authority
from participation.answers.calendar import load_calendars
from participation.answers.duties import change_holiday, find_duty
from participation.answers.kinds import DutyKind
from participation.answers.models import CalendarChange
from participation.errors import LinkExpired, NotNow, Unacceptable
from participation.petitions.answering import note_outage, respond
from participation.petitions.life import Response, State
from participation.petitions.models import PetitionOutage, PetitionStep
from participation.signatures.confirming import confirm, entry_of, read_link, withdraw
from participation.signatures.reviewing import remove_entries, restore_entries
from tests.support.participation import Town
from tests.support.petition_record import Moderator
from tests.support.petitions import view
from tests.support.signing import Signing

PEOPLE = st.integers(0, 5)
START = datetime.fromisoformat("2026-03-16T09:00:00+00:00")
"""Summer time begins in London on the 29th, Easter is the week after, and deadlines lie behind both."""
RULES = "[petitions]\nresponse_at = 3\ndebate_at = 5\n[answers]\nresponse_days = 10\n[signatures]\nmails = 20\n"
REASON = "Announced by the government this morning."
OFFICIAL = Moderator()
PUBLISHED = load_calendars()["gb-eng"]


class Petitions(RuleBasedStateMachine):
    """Who stands, by the model: {person: secret of the link}; whose signature was removed: {secret: person}."""

    make: Callable[[], Signing]

    def __init__(self) -> None:
        super().__init__()
        self.signing = type(self).make()
        self.town, self.ports = self.signing.town, self.signing.ports
        self.stands: dict[int, bytes] = {}
        self.removed: dict[bytes, int] = {}
        self.holidays = set(PUBLISHED.holidays)
        self.answered = False
        self.acts = 0
        for person in (0, 1, 2):  # as many as it takes
            self.sign_up(person)

    @rule(person=PEOPLE)
    def sign(self, person: int) -> None:
        self.sign_up(person)

    def sign_up(self, person: int) -> None:
        """Ask and press the button, twice; what came too late changes nothing."""
        try:
            secret = self.signing.ask(self.signing.signer(person))
            if not secret:
                return
            states = {confirm(self.ports, self.signing.petition_id, secret).state for _ in range(2)}
        except (NotNow, LinkExpired):
            return
        if states == {"signed"} and person not in self.stands:
            self.stands[person] = secret

    @precondition(lambda self: self.stands)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        person = data.draw(st.sampled_from(sorted(self.stands)))
        withdraw(self.ports, self.signing.petition_id, self.stands.pop(person))

    @precondition(lambda self: self.stands)
    @rule(data=st.data())
    def found_false(self, data: st.DataObject) -> None:
        self.signing.count()
        person = data.draw(st.sampled_from(sorted(self.stands)))
        secret = self.stands[person]
        assert remove_entries(self.ports, OFFICIAL, self.signing.petition_id, [self._entry(secret)], "fraud") == 1
        self.removed[self.stands.pop(person)] = person

    @precondition(lambda self: self.removed)
    @rule()
    def found_true_after_all(self) -> None:
        secret, person = next(iter(self.removed.items()))
        if person not in self.stands and restore_entries(
            self.ports, OFFICIAL, self.signing.petition_id, [self._entry(secret)]
        ):
            self.stands[person] = secret
            del self.removed[secret]

    def _entry(self, secret: bytes) -> int:
        self.signing.count()
        row = read_link(self.ports, self.signing.petition_id, secret).signature
        assert row is not None
        with self.town.services.database.reading() as session:
            index = session.scalar(entry_of(row.id))
        assert index is not None
        return index

    @rule(hours=st.sampled_from([-30, -2, 1, 24, 24 * 9]))
    def the_clock_goes_on_or_is_set_back(self, hours: int) -> None:
        self.town.clock.now = max(START, self.town.clock.now + timedelta(hours=hours))
        self.ports.memory.clear()

    @rule(day=st.dates(date(2026, 3, 17), date(2026, 4, 3)), holiday=st.booleans())
    def a_holiday_comes_or_goes(self, day: date, holiday: bool) -> None:
        try:
            with self.town.services.database.writing() as session:
                change_holiday(session, self.ports, "gb-eng", day, holiday=holiday, name={}, by="clerk", reason=REASON)
        except Unacceptable:
            return
        (self.holidays.add if holiday else self.holidays.discard)(day)

    @rule(days=st.integers(0, 40))
    def signatures_could_not_be_given(self, days: int) -> None:
        """An outage moves the close of a petition that is open then, and may open it again."""
        day = self.town.clock.now.date() - timedelta(days=days)
        try:
            with self.town.app.test_request_context("/"):
                note_outage(self.ports, OFFICIAL, day, "The disk was full.")
        except NotNow:
            return

    @precondition(lambda self: not self.answered)
    @rule(now=st.sampled_from([False] * 9 + [True]))
    def answer(self, now: bool) -> None:
        if not now:
            return
        with self.town.app.test_request_context("/"):
            revision = view(self.town, self.signing.petition_id).revision
            respond(self.ports, OFFICIAL, self.signing.petition_id, revision, "Council", "We will.", "Next year.")
        self.answered = True

    @invariant()
    def the_bells_ring_after_some_acts(self) -> None:
        self.acts += 1
        if self.acts % 3:
            self.the_bells_ring()

    def the_bells_ring(self) -> None:
        """However often they ring, what is counted, owed and due follows from who stands and what day it is."""
        self.signing.count()
        for _ in range(2):
            self.town.run_jobs("petitions.clock", "answers.watch")
        self._check()

    def _check(self) -> None:
        found, now = view(self.town, self.signing.petition_id), self.town.clock.now
        life, number = found.life, len(self.stands)
        with self.town.services.database.reading() as session:
            duty = find_duty(session, DutyKind.RESPONSE, self.signing.petition_id)
            query = select(PetitionStep.what).where(PetitionStep.petition_id == self.signing.petition_id)
            steps = [one for one in session.scalars(query.order_by(PetitionStep.id)) if one.startswith("response-")]
            session.expunge_all()
        assert life.state in (State.OPEN, State.CLOSED)
        assert life.closes_at is not None
        if life.state is State.OPEN:
            assert now < life.closes_at
        # Owed and taken back alternate, and the last word fits the number.
        assert steps == ["response-owed", "response-taken-back"] * (len(steps) // 2) + ["response-owed"] * (
            len(steps) % 2
        )
        if self.answered:
            assert life.response is Response.RESPONDED
            assert duty is None or duty.answered_at is not None or duty.lapsed_at is not None
            return
        assert (life.response is Response.AWAITING) == (number >= 3) == (len(steps) % 2 == 1)
        if number < 3:
            assert duty is None or duty.lapsed_at is not None
            return
        assert duty is not None
        assert (duty.lapsed_at, duty.answered_at) == (None, None)
        zone = self.ports.time_zone
        calendar = np.busdaycalendar(weekmask="1111100", holidays=sorted(self.holidays))
        since = duty.owed_since.astimezone(zone).date()
        last = np.busday_offset(since, 10, roll="backward", busdaycal=calendar).astype(object)
        assert duty.due_at == datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)

    def teardown(self) -> None:
        self.the_bells_ring()


def test_counts_thresholds_and_deadlines_hold_in_any_order(make_town: Callable[..., Town]) -> None:
    town = make_town(RULES, time_zone="Europe/London")
    with town.services.database.writing() as session:
        add_authority(session, town.ports, AuthorityData({"en": "Town council"}, "a@example.org", "", "gb-eng", "en"))
    number = 0

    def make() -> Signing:
        nonlocal number
        number += 1
        town.clock.now = START
        town.ports.memory.clear()
        with town.services.database.writing() as session:
            session.execute(delete(CalendarChange))
            session.execute(delete(PetitionOutage))
        signing = Signing(town, f"00000000-0000-4000-8000-{number:012}")
        signing.open()
        return signing

    Petitions.make = staticmethod(make)
    profile = settings(max_examples=12, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Petitions, settings=profile)
