"""Batched and single checks agree, on honest ballots and on hostile ones; halving names the bad."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.forge.bytes import number
from tests.verifier.forge.key import PRIMES
from tests.verifier.forge.vote import shape_of
from tests.verifier.forge.world import EVERY_CHOICE, EVERY_KIND, OTHER_CHOICE, World
from verifier import codec
from verifier.ballot import Ballot, check_shape, parse_ballot
from verifier.batch import all_hold, failing_ballots
from verifier.errors import Refused, VerifierError
from verifier.key import modulus_of
from verifier.manifest import parse_manifest
from verifier.proofs import check_challenges, check_equations, check_ranges, check_units

WORLD = World(EVERY_KIND)
MANIFEST = parse_manifest(WORLD.manifest)
LAYOUTS, CONTESTS = MANIFEST.layouts, MANIFEST.styles["all"]
MODULUS = modulus_of(int(WORLD.key.n), 512)
HONEST = [WORLD.make(name, choice).ballot for name in WORLD.voters for choice in (EVERY_CHOICE, OTHER_CHOICE)]
N = int(WORLD.key.n)


def parsed(ballot: dict[str, Any]) -> Ballot:
    return parse_ballot(ballot, MODULUS)


def single(ballot: Ballot) -> str:
    """Return which plain check refuses a ballot, or ""."""
    try:
        check_ranges(ballot, MODULUS)
        check_challenges(ballot)
        check_units(ballot, MODULUS)
        check_equations(ballot, LAYOUTS, MODULUS)
    except Refused as reason:
        return str(reason)
    return ""


def change_number(place: str, change: Callable[[int], int]) -> Callable[[dict[str, Any]], None]:
    """Change a number of a ballot, such as contests/0/cells/0."""

    def apply(ballot: dict[str, Any]) -> None:
        *way, last = [int(step) if step.isdecimal() else step for step in place.split("/")]
        node: Any = ballot
        for step in way:
            node = node[step]
        width = len(codec.decode_bytes(node[last], len(node[last]) * 3 // 4))
        node[last] = number(change(int.from_bytes(codec.decode_bytes(node[last], width), "big")), width)

    return apply


HOSTILE: dict[str, tuple[str, Callable[[int], int]]] = {
    "cell times another": ("contests/0/cells/0", lambda c: c * (1 + N) % N**2),
    "cell rerandomised": ("contests/1/cells/1", lambda c: c * pow(5, N, N * N) % N**2),
    "cell negated": ("contests/1/cells/1", lambda c: N * N - c),
    "commitment negated": ("contests/0/proofs/0/a/1", lambda a: N * N - a),
    "commitment changed in its upper half": ("contests/2/proofs/0/a/1", lambda a: (a + N) % N**2),
    "response changed": ("contests/0/proofs/0/z/2", lambda z: z - 1),
    "cell no unit": ("contests/3/cells/0", lambda c: PRIMES[0]),
    "commitment no unit": ("contests/4/proofs/1/a/0", lambda a: PRIMES[1] * 7),
    "response no unit": ("contests/4/proofs/1/z/0", lambda z: PRIMES[1]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_batch_and_single_agree_on_a_changed_number(name: str) -> None:
    ballot = copy.deepcopy(HONEST[0])
    place, change = HOSTILE[name]
    change_number(place, change)(ballot)
    ballots = [parsed(HONEST[0]), parsed(ballot), parsed(HONEST[1])]
    bad = bool(single_proofs(ballots[1]))
    assert failing_ballots(ballots, LAYOUTS, MODULUS) == ([1] if bad else [])
    # A cell or a commitment of the other sign passes the squared equations, and then fails the challenge.
    assert bad != ("negated" in name)
    assert single(ballots[1])


def single_proofs(ballot: Ballot) -> str:
    """Return why the equations refuse a ballot, the challenge left aside as the batch does."""
    try:
        check_units(ballot, MODULUS)
        check_equations(ballot, LAYOUTS, MODULUS)
    except Refused as reason:
        return str(reason)
    return ""


@settings(max_examples=12)
@given(st.sets(st.integers(0, 11)), st.integers(0, 2**32))
def test_halving_names_the_bad_ones(bad: set[int], seed: int) -> None:
    ballots = []
    for position in range(12):
        ballot = HONEST[position % len(HONEST)]
        if position in bad:
            ballot = copy.deepcopy(ballot)
            change_number("contests/0/proofs/0/z/0", lambda z: (z + 1 + seed) % (N // 2))(ballot)
        ballots.append(parsed(ballot))
    assert set(failing_ballots(ballots, LAYOUTS, MODULUS)) == bad


LIES = {
    "two votes in the packed cell": (0, [2]),
    "two names in the packed cell": (0, [1 + 2**32]),
    "no vote in the packed cell": (0, [0]),
    "a million": (0, [10**6]),
    "minus one": (0, [-1]),
    "a vote beyond the last option": (0, [2**128]),
    "two for one of many": (1, [2, 0, 0]),
    "one more than allowed": (1, [1, 1, 1]),
    "a negative vote hidden in a sum": (1, [-1, 1, 1]),
    "a mark above the top": (2, [3, 0]),
    "a point too many": (3, [1, 1, 1, 1, 0, 0, 0, 0, 0]),
    "a bit of two": (3, [2, 1, 0, 0, 0, 0, 0, 0, 0]),
    "a cycle": (4, [1, 0, 1]),
    "two above each other": (5, [1, 0, 1, 0, 0, 0]),
    "a cycle with ties": (5, [1, 0, 0, 1, 1, 0]),
}


@pytest.mark.parametrize("name", LIES)
def test_lies_about_the_vote_are_seen(name: str) -> None:
    contest, cells = LIES[name]
    choices: list[Any] = list(EVERY_CHOICE)
    choices[contest] = ("cells", cells)
    assert len(cells) == shape_of(EVERY_KIND[contest], 11).cells
    ballot = parsed(WORLD.make("ann", choices).ballot)
    check_shape(ballot, CONTESTS, LAYOUTS)
    check_challenges(ballot)
    assert f'contest "{CONTESTS[contest]}"' in single(ballot)
    assert failing_ballots([parsed(HONEST[0]), ballot], LAYOUTS, MODULUS) == [1]


@pytest.mark.parametrize("name", ["zero", "no less than n", "above half"])
def test_ranges(name: str) -> None:
    ballot = copy.deepcopy(HONEST[0])
    new = {"zero": lambda z: 0, "no less than n": lambda z: N, "above half": lambda z: N - z}[name]
    change_number("contests/0/proofs/0/z/0", new)(ballot)
    with pytest.raises(Refused, match="response"):
        check_ranges(parsed(ballot), MODULUS)


def test_cells_and_commitments_have_a_range() -> None:
    for place in ("contests/0/cells/0", "contests/0/proofs/0/a/0"):
        for value in (0, N * N):
            ballot = copy.deepcopy(HONEST[0])
            change_number(place, lambda _, value=value: value)(ballot)  # type: ignore[misc]
            with pytest.raises(Refused):
                check_ranges(parsed(ballot), MODULUS)


@settings(max_examples=40)
@given(st.data())
def test_any_changed_character_of_a_ballot_is_seen(data: st.DataObject) -> None:
    text = bytearray(codec.canonical(HONEST[1]))
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] = data.draw(st.integers(32, 126).filter(lambda byte: byte != text[place]))
    try:
        ballot = parsed(codec.mapping(codec.parse(bytes(text))))
        check_shape(ballot, CONTESTS, LAYOUTS)
    except VerifierError:
        return
    fields = (ballot.election, ballot.voter, ballot.previous)
    # The challenge binds the fields too; those three are compared with the log as well.
    assert single(ballot) or fields != (HONEST[1]["election"], HONEST[1]["voter"], HONEST[1]["previous"])
    assert ballot.tracker != parsed(HONEST[1]).tracker


def test_nothing_to_check() -> None:
    assert all_hold([], LAYOUTS, MODULUS)
    assert failing_ballots([], LAYOUTS, MODULUS) == []


def test_a_random_exponent_of_zero_is_never_used() -> None:
    ballot = copy.deepcopy(HONEST[0])
    change_number("contests/0/proofs/0/z/0", lambda z: z + 1)(ballot)
    assert not all_hold([parsed(ballot)], LAYOUTS, MODULUS, bytes)
    assert all_hold([parsed(HONEST[0])], LAYOUTS, MODULUS, bytes)
