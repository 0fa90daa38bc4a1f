"""The board against a plain model: whatever is cast, replaced, struck or audited, in any order, the same counts."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from phe.paillier import PaillierPrivateKey, PaillierPublicKey

from ballots import codec
from ballots.ballot import Ballot
from ballots.errors import LogError
from ballots.signatures import SigningKey
from tests.support.elections import BITS, MAYOR, Simulation, Voter, ballot_body, safe_primes, seeded_key, simulate

OPTIONS = ("ada", "ben", "cyd")
WEIGHTS = (1, 3, 7)


@cache
def template() -> Simulation:
    return simulate((MAYOR,), voters=4, weights=WEIGHTS)


@dataclass
class Model:
    """What should count, kept in the plainest way."""

    weights: dict[str, int]
    votes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """{key: (tracker, option)} of the latest ballot, in the order of the latest ballots."""
    gone: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    """Trackers that were cast or audited."""
    closes_at: str = ""

    def stands(self, key: str) -> bool:
        return key in self.weights and key not in self.gone

    def counted(self) -> list[tuple[str, str, int]]:
        return [
            (tracker, option, self.weights[key]) for key, (tracker, option) in self.votes.items() if self.stands(key)
        ]


class BoardMachine(RuleBasedStateMachine):
    """Drives a board and the model together."""

    def __init__(self) -> None:
        super().__init__()
        one = template()
        self.simulation = Simulation(one.election, one.voters, one.shares, one.rng, one.trustee_keys)
        self.simulation.secrets = one.secrets
        self.people = list(one.voters)
        self.model = Model({voter.key.public: voter.weight for voter in one.voters})
        self.model.closes_at = one.election.manifest.closes_at
        self.made: list[tuple[Voter, Ballot, str]] = []
        self.fresh = 0

    @initialize()
    def open(self) -> None:
        self.simulation.open()

    @property
    def board_is_open(self) -> bool:
        return self.simulation.board.state == "open"

    def attempt(self, allowed: bool, kind: str, body: dict[str, Any], ballot: Ballot | None = None) -> None:
        size = self.simulation.board.size
        if allowed:
            self.simulation.append(kind, body, ballot)
            assert self.simulation.board.size == size + 1
        else:
            with pytest.raises(LogError):
                self.simulation.append(kind, body, ballot)
            assert self.simulation.board.size == size

    def seal(self, person: Voter, option: str) -> Ballot:
        previous = self.model.votes.get(person.key.public, ("", ""))[0]
        ballot = self.simulation.seal(person, {"mayor": [option]}, previous).ballot
        self.made.append((person, ballot, option))
        return ballot

    def try_to_cast(self, person: Voter, ballot: Ballot, option: str) -> None:
        key, model = person.key.public, self.model
        latest = model.votes.get(key, ("", ""))[0]
        in_time = codec.encode_time(self.simulation.now + timedelta(seconds=1)) <= model.closes_at
        allowed = (
            self.board_is_open
            and in_time
            and model.stands(key)
            and ballot.previous == latest
            and ballot.tracker not in model.used
        )
        self.attempt(allowed, "ballot", ballot_body(ballot, person.key), ballot)
        if allowed:
            model.votes.pop(key, None)
            model.votes[key] = (ballot.tracker, option)
            model.used.add(ballot.tracker)

    @rule(who=st.integers(0, 9), option=st.sampled_from(OPTIONS))
    def vote(self, who: int, option: str) -> None:
        person = self.people[who % len(self.people)]
        self.try_to_cast(person, self.seal(person, option), option)

    @rule(which=st.integers(0, 99))
    @precondition(lambda self: self.made)
    def send_a_ballot_again(self, which: int) -> None:
        self.try_to_cast(*self.made[which % len(self.made)])

    @rule(who=st.integers(0, 9), option=st.sampled_from(OPTIONS), when=st.integers(0, 5))
    def vote_later(self, who: int, option: str, when: int) -> None:
        """Make a ballot that may be sent after others have been cast, when its previous is stale."""
        person = self.people[who % len(self.people)]
        ballot = self.seal(person, option)
        self.made.insert(when % len(self.made), (person, ballot, option))

    @rule(which=st.integers(0, 99))
    @precondition(lambda self: self.made)
    def audit(self, which: int) -> None:
        _, ballot, _ = self.made[which % len(self.made)]
        allowed = self.board_is_open and ballot.tracker not in self.model.used
        self.attempt(allowed, "audited", {"tracker": ballot.tracker})
        if allowed:
            self.model.used.add(ballot.tracker)

    @rule(who=st.integers(0, 9), reuse=st.booleans())
    def replace_a_key(self, who: int, reuse: bool) -> None:
        old = self.people[who % len(self.people)]
        if reuse:
            key: SigningKey = self.people[(who + 1) % len(self.people)].key
        else:
            self.fresh += 1
            key = seeded_key(f"fresh {self.fresh}")
        body = self.simulation.signed_by("registrar", "replace", old=old.key.public, new=key.public)
        allowed = self.board_is_open and self.model.stands(old.key.public) and key.public not in self.model.weights
        self.attempt(allowed, "replace", body)
        if allowed:
            self.model.gone.add(old.key.public)
            self.model.weights[key.public] = self.model.weights[old.key.public]
            self.people.append(replace(old, key=key))

    @rule(who=st.integers(0, 9))
    def strike(self, who: int) -> None:
        key = self.people[who % len(self.people)].key.public
        allowed = self.board_is_open and self.model.stands(key)
        self.attempt(allowed, "strike", self.simulation.signed_by("registrar", "strike", voter=key))
        if allowed:
            self.model.gone.add(key)

    @rule(hours=st.integers(-1, 30))
    def extend(self, hours: int) -> None:
        closes_at = codec.encode_time(codec.parse_time(self.model.closes_at) + timedelta(hours=hours))
        now = codec.encode_time(self.simulation.now + timedelta(seconds=1))
        allowed = self.board_is_open and hours > 0 and now <= self.model.closes_at
        fields = {"closes_at": closes_at, "reason": "Snow."}
        self.attempt(allowed, "extend", self.simulation.signed_by("official", "extend", **fields))
        if allowed:
            self.model.closes_at = closes_at

    @rule(hours=st.sampled_from([1, 24, 24 * 7]))
    def wait(self, hours: int) -> None:
        self.simulation.now += timedelta(hours=hours)

    @rule()
    @precondition(lambda self: self.simulation.board.size > 12)
    def close(self) -> None:
        board = self.simulation.board
        fields = {"size": board.size + 1, "counted": board.counted_hash()}
        self.attempt(self.board_is_open, "close", self.simulation.signed_by("official", "close", **fields))

    @invariant()
    def the_same_ballots_count(self) -> None:
        board = self.simulation.board
        assert [(vote.tracker, vote.line.weight) for vote in board.votes()] == [
            (tracker, weight) for tracker, _, weight in self.model.counted()
        ]
        assert {key for key in self.model.weights if self.model.stands(key)} == set(board.standing)
        assert board.closes_at == self.model.closes_at

    def teardown(self) -> None:
        expected = dict.fromkeys(OPTIONS, 0)
        for _, option, weight in self.model.counted():
            expected[option] += weight
        (aggregate,) = self.simulation.aggregates()
        if not self.model.counted():
            assert aggregate.withheld
            return
        election = self.simulation.election
        decrypt = PaillierPrivateKey(PaillierPublicKey(int(election.key.n)), *safe_primes(BITS)).raw_decrypt
        opened = [decrypt(int(ciphertext)) for ciphertext in aggregate.ciphertexts]
        assert election.layouts["mayor"].unpack(opened) == tuple(expected.values())
        assert aggregate.weight == sum(expected.values())


BoardMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=30)
TestBoardMachine = BoardMachine.TestCase
