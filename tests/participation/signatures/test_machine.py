"""Whatever people, moderators and clocks do in whatever order: the log holds, and its count is theirs."""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from participation.errors import LinkExpired, NotNow
from participation.signatures.confirming import confirm, withdraw
from participation.signatures.models import ACCEPTED, Signature
from participation.signatures.queries import count_of, regions_of
from participation.signatures.reviewing import accept_held, list_held, refuse_held, remove_entries, restore_entries
from tests.support.participation import Town
from tests.support.petition_record import Moderator
from tests.support.signing import Signing
from verifier.petition import check_petition

MODERATOR = Moderator()
PEOPLE = st.integers(0, 5)


class Counters(RuleBasedStateMachine):
    """A model that knows only who should stand: {person: standing}."""

    make: Callable[[], Signing]

    def __init__(self) -> None:
        super().__init__()
        self.signing = type(self).make()
        self.links: dict[int, list[bytes]] = {}
        self.stands: dict[int, bytes] = {}
        self.held: dict[int, bytes] = {}
        self.removed: dict[bytes, int] = {}

    def _ask(self, person: int, sender: str) -> None:
        try:
            secret = self.signing.ask(self.signing.signer(person), sender)
        except NotNow:
            return
        if secret:
            self.links.setdefault(person, []).append(secret)

    @rule(person=PEOPLE)
    def ask(self, person: int) -> None:
        self._ask(person, "")

    @rule(person=PEOPLE)
    def ask_from_the_same_place(self, person: int) -> None:
        self._ask(person, "192.0.2.7")

    @rule(person=PEOPLE, which=st.integers(0, 9), times=st.integers(1, 3))
    def press_the_button(self, person: int, which: int, times: int) -> None:
        links = self.links.get(person, [])
        if not links:
            return
        secret = links[which % len(links)]
        for _ in range(times):
            try:
                state = confirm(self.signing.ports, self.signing.petition_id, secret).state
            except LinkExpired:
                return
            if state == "signed" and secret not in self.removed and person not in self.stands:
                self.held.pop(person, None)
                if self._is_held(secret):
                    self.held[person] = secret
                else:
                    self.stands[person] = secret

    def _is_held(self, secret: bytes) -> bool:
        return self._row(secret).review != ACCEPTED

    def _row(self, secret: bytes) -> Signature:
        from participation.signatures.confirming import read_link

        found = read_link(self.signing.ports, self.signing.petition_id, secret).signature
        assert found is not None
        return found

    @rule(person=PEOPLE)
    def take_back(self, person: int) -> None:
        secret = self.stands.pop(person, None) or self.held.pop(person, None)
        if secret:
            withdraw(self.signing.ports, self.signing.petition_id, secret)
            self.removed[secret] = person

    @rule(accept=st.booleans())
    def review(self, accept: bool) -> None:
        with self.signing.town.services.database.reading() as session:
            numbers = [one.number for one in list_held(session, self.signing.ports, self.signing.petition_id)[0]]
        try:
            if accept:
                accept_held(self.signing.ports, MODERATOR, self.signing.petition_id, numbers)
                self.stands |= self.held
            else:
                refuse_held(self.signing.ports, MODERATOR, self.signing.petition_id, numbers, "fraud")
                self.removed |= {secret: person for person, secret in self.held.items()}
            self.held.clear()
        except NotNow:
            return

    def _entry(self, secret: bytes) -> int | None:
        from participation.signatures.confirming import entry_of

        with self.signing.town.services.database.reading() as session:
            return session.scalar(entry_of(self._row(secret).id))

    @rule(person=PEOPLE)
    def remove(self, person: int) -> None:
        secret = self.stands.get(person)
        index = self._entry(secret) if secret else None
        if secret and index is not None:
            assert remove_entries(self.signing.ports, MODERATOR, self.signing.petition_id, [index], "fraud") == 1
            del self.stands[person]
            self.removed[secret] = person

    @rule()
    @precondition(lambda self: self.removed)
    def restore(self) -> None:
        secret, person = next(iter(self.removed.items()))
        index = self._entry(secret)
        if index is not None and restore_entries(self.signing.ports, MODERATOR, self.signing.petition_id, [index]):
            assert person not in self.stands
            del self.removed[secret]
            self.stands[person] = secret

    @rule()
    def count(self) -> None:
        self.signing.count()

    @rule(minutes=st.sampled_from([1, 10, 60 * 24, 60 * 24 * 20, -5]))
    def time_passes(self, minutes: int) -> None:
        self.signing.town.clock.now += timedelta(minutes=minutes)
        self.signing.ports.memory.clear()

    @invariant()
    def count_is_who_stands(self) -> None:
        self.signing.count()
        with self.signing.town.services.database.reading() as session:
            found = count_of(session, self.signing.petition_id)
            regions = regions_of(session, self.signing.petition_id)
        assert (found.total if found else 0) == len(self.stands)
        expected: dict[str, int] = {}
        for person in self.stands:
            region = f"IR-{person % 31:02}"
            expected[region] = expected.get(region, 0) + 1
        assert regions == expected

    def teardown(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            report = check_petition(self.signing.export(Path(folder) / "record"))
        assert report.failed_parts() == []
        assert sum(report.counted.values()) == len(self.stands)


def test_counters_hold_in_any_order(make_town: Callable[..., Town], tmp_path: Path) -> None:
    number = 0

    def make() -> Signing:
        nonlocal number
        number += 1
        signing = Signing(town, f"00000000-0000-4000-8000-{number:012}")
        town.clock.now = start
        town.ports.memory.clear()
        signing.open()
        return signing

    town = make_town("[signatures]\nmails = 20\n")
    start = town.clock.now
    Counters.make = staticmethod(make)
    run_state_machine_as_test(
        Counters,
        settings=settings(
            max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
