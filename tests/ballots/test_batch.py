"""Batched and single checks agree, and a failed batch names exactly the bad ballots (section 5)."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballots.ballot import Ballot, parse_ballot, verify_ballot
from ballots.batch import verify_ballots, verify_batch
from ballots.errors import BallotsError, ProofError
from tests.support.elections import A_CHOICE, BITS, COUNCIL, EVERY_KIND, MAYOR, Simulation, safe_primes, simulate
from tests.support.forging import Edit, edit_challenge, edit_number, forge_ballot

RNG = random.Random("batch")
P, Q = safe_primes(BITS)
N = P * Q
CHOICES = {"mayor": ["ben"], "council": ["a", "d"]}
GOOD = 6


@cache
def simulation() -> Simulation:
    return simulate((MAYOR, COUNCIL))


@cache
def good() -> tuple[Ballot, ...]:
    return tuple(simulation().seal(simulation().voters[number % 3], CHOICES).ballot for number in range(GOOD))


def forge(**edits: Any) -> Ballot:
    """Make a ballot with these arguments of the forger; raises what the parser raises."""
    one = simulation()
    document = forge_ballot(one.election, one.voters[0].key.public, CHOICES, RNG.getrandbits, one.secrets, **edits)
    return parse_ballot(document, one.election, "all")


def verdicts(ballots: Sequence[Ballot]) -> set[int]:
    """Return which ballots fail, by the batch, after checking that one by one says the same."""
    singly = set()
    for index, ballot in enumerate(ballots):
        try:
            verify_ballot(simulation().election, ballot)
        except ProofError:
            singly.add(index)
    refused = verify_ballots(simulation().election, ballots, RNG.getrandbits)
    assert set(refused) == singly
    assert list(refused) == sorted(refused)
    assert all(isinstance(error, ProofError) for error in refused.values())
    return singly


def cell(change: Callable[[int], int], contest: int = 0) -> Edit:
    return lambda b: edit_number(b["contests"][contest]["cells"], 0, 128, change)


def commitment(change: Callable[[int], int], branch: int = 1) -> Edit:
    return lambda b: edit_number(b["contests"][0]["proofs"][0]["a"], branch, 128, change)


def response(change: Callable[[int], int], branch: int = 1) -> Edit:
    return lambda b: edit_number(b["contests"][0]["proofs"][0]["z"], branch, 64, change)


def challenges(*steps: int) -> Edit:
    def apply(ballot: dict[str, Any]) -> None:
        for place, step in enumerate(steps):
            edit_challenge(ballot["contests"][0]["proofs"][0]["e"], place, lambda part, step=step: part + step)  # type: ignore[misc]

    return apply


def reorder(*fields: str) -> Edit:
    """Swap the first two branches of a proof, in these fields."""

    def apply(ballot: dict[str, Any]) -> None:
        proof = ballot["contests"][0]["proofs"][0]
        for field in fields:
            proof[field] = [proof[field][1], proof[field][0], *proof[field][2:]]

    return apply


def swap(field: str) -> Edit:
    """Swap the first two cells or proofs of the second contest."""

    def apply(ballot: dict[str, Any]) -> None:
        members = ballot["contests"][1][field]
        members[0], members[1] = members[1], members[0]

    return apply


def borrowed(index: int) -> Edit:
    return lambda b: b["contests"].__setitem__(index, good()[0].document["contests"][index])


def set_to(value: int) -> Callable[[int], int]:
    return lambda _: value


VALID: dict[str, dict[str, Any]] = {
    "nothing changed": {},
    "a is -a": {"before": commitment(lambda a: N * N - a)},
    "a simulated a is -a": {"before": commitment(lambda a: N * N - a, branch=0)},
    "every a is -a": {"before": lambda b: [commitment(lambda a: N * N - a, branch)(b) for branch in range(3)]},
    "c is -c": {"before": cell(lambda c: N * N - c)},
    "c of the second contest is -c": {"before": cell(lambda c: N * N - c, contest=1)},
}
"""A prover may use either sign: squaring forgets it, and the plaintext is the same."""

FALSE: dict[str, dict[str, Any]] = {
    "holds 0": {"plaintexts": {"mayor": [0]}},
    "holds 2": {"plaintexts": {"mayor": [2]}},
    "holds -1": {"plaintexts": {"mayor": [-1]}},
    "holds a forbidden slot": {"plaintexts": {"mayor": [2**96]}},
    "holds a million": {"plaintexts": {"council": [10**6, 0, 0, 0]}},
    "holds one and minus one": {"plaintexts": {"council": [2, -1, 0, 0]}},
    "holds three of at most two": {"plaintexts": {"council": [1, 1, 1, 0]}},
    "c times r^n after commitment": {"before": cell(lambda c: c * pow(2, N, N * N) % N**2)},
    "c times 1+n after commitment": {"before": cell(lambda c: c * (1 + N) % N**2)},
    "c + n": {"before": cell(lambda c: (c + N) % N**2)},
    "c inverted": {"before": cell(lambda c: pow(c, -1, N * N))},
    "c is 1": {"before": cell(set_to(1))},
    "c is n": {"before": cell(set_to(N))},
    "c is p": {"before": cell(set_to(P))},
    "c times p": {"before": cell(lambda c: c * P % N**2)},
    "c and a are p": {"before": lambda b: (cell(set_to(P))(b), commitment(set_to(P))(b))},
    "a is 1": {"before": commitment(set_to(1))},
    "a is q": {"before": commitment(set_to(Q))},
    "a is n": {"before": commitment(set_to(N))},
    "a times 2^n": {"before": commitment(lambda a: a * pow(2, N, N * N) % N**2)},
    "a times 1+n": {"before": commitment(lambda a: a * (1 + N) % N**2)},
    "a reordered": {"before": reorder("a")},
    "z reordered": {"after": reorder("z")},
    "e reordered": {"after": reorder("e")},
    "e and z reordered": {"after": reorder("e", "z")},
    "z is 1": {"after": response(set_to(1))},
    "z is p": {"after": response(set_to(P))},
    "z is one off": {"after": response(lambda z: z + 1 if z < N // 2 else z - 1)},
    "e moved between branches": {"after": challenges(1, -1)},
    "e one more": {"after": challenges(1)},
    "cells swapped": {"before": swap("cells")},
    "cells swapped afterwards": {"after": swap("cells")},
    "proofs swapped": {"after": swap("proofs")},
    "another ballot's contest": {"after": borrowed(0)},
    "all branches reordered after commitment": {"after": reorder("a", "e", "z")},
}  # fmt: skip

UNPARSED: dict[str, dict[str, Any]] = {
    "c is 0": {"before": cell(set_to(0))},
    "c is n²": {"before": cell(set_to(N * N))},
    "c + n²": {"before": cell(lambda c: c + N * N if c + N * N < 2**1024 else 2**1024 - 1)},
    "a is 0": {"before": commitment(set_to(0))},
    "a is n²": {"before": commitment(set_to(N * N))},
    "a and z are 0": {"before": commitment(set_to(0)), "after": response(set_to(0))},
    "z is 0": {"after": response(set_to(0))},
    "z is n - z": {"after": response(lambda z: N - z)},
    "z + n": {"after": response(lambda z: z + N if z + N < 2**512 else 2**512 - 1)},
}
"""The parser refuses these: −z would solve the same equation, and 0 both sides of every one."""


@pytest.mark.parametrize("name", VALID)
def test_valid_ballots_pass_both_checks(name: str) -> None:
    assert verdicts([*good(), *(forge(**VALID[name]) for _ in range(3))]) == set()
    assert verdicts([forge(**VALID[name])]) == set()


@pytest.mark.parametrize("name", FALSE)
def test_hostile_ballots_fail_both_checks_wherever_they_stand(name: str) -> None:
    ballot = forge(**FALSE[name])
    for place in (0, 3, GOOD):
        assert verdicts([*good()[:place], ballot, *good()[place:]]) == {place}
    assert verdicts([ballot]) == {0}
    assert verdicts([ballot] * 5) == set(range(5))


@pytest.mark.parametrize("name", UNPARSED)
def test_what_a_batch_could_not_tell_the_parser_refuses(name: str) -> None:
    with pytest.raises(ProofError, match="zero or too large"):
        forge(**UNPARSED[name])


@cache
def bad(name: str) -> Ballot:
    return forge(**FALSE[name])


@given(st.dictionaries(st.integers(0, 24), st.sampled_from(sorted(FALSE))))
@settings(max_examples=25)
def test_exactly_the_bad_ballots_are_named(places: dict[int, str]) -> None:
    ballots = [bad(places[index]) if index in places else good()[index % GOOD] for index in range(25)]
    assert set(verify_ballots(simulation().election, ballots, RNG.getrandbits)) == set(places)


def test_two_lies_do_not_cancel_out() -> None:
    # One ballot holds 2, another 0 where 1 is due: the sums are those of honest ballots, the batch is not.
    lies = [forge(plaintexts={"council": [2, 0, 0, 0]}), forge(plaintexts={"council": [0, 0, 0, 0]})]
    assert verdicts([*good(), *lies]) == {GOOD}  # nobody chosen is allowed here, two of one option is not
    up, down = (
        forge(before=commitment(lambda a: a * 2 % N**2)),
        forge(before=commitment(lambda a: a * pow(2, -1, N * N) % N**2)),
    )
    assert verdicts([*good(), up, down]) == {GOOD, GOOD + 1}


def test_every_kind_of_contest_passes_in_one_batch() -> None:
    every = simulate(EVERY_KIND, voters=2)
    ballots = [every.seal(every.voters[number % 2], A_CHOICE).ballot for number in range(4)]
    assert verify_ballots(every.election, ballots, RNG.getrandbits) == {}
    verify_batch(every.election, ballots, RNG.getrandbits)
    wrong = forge_ballot(
        every.election, every.voters[0].key.public, A_CHOICE, RNG.getrandbits, every.secrets,
        plaintexts={"tiers": [1, 0, 0, 1, 1, 0]},  # x over y, y over z, z over x
    )  # fmt: skip
    ballots.append(parse_ballot(wrong, every.election, "all"))
    assert set(verify_ballots(every.election, ballots, RNG.getrandbits)) == {4}
    with pytest.raises(BallotsError, match="does not hold"):
        verify_batch(every.election, ballots, RNG.getrandbits)


def test_constants_of_statements_are_counted_in() -> None:
    """No contest of version 1 has a constant, but the formulas do."""
    one = simulate((MAYOR,))
    layout = one.election.layouts["mayor"]
    (statement,) = layout.statements
    moved = replace(statement, constant=7, values=tuple(value + 7 for value in statement.values))
    one.election.layouts["mayor"] = replace(layout, statements=(moved,))
    ballots = [one.seal(voter, {"mayor": ["ben"]}).ballot for voter in one.voters]
    verify_batch(one.election, ballots, RNG.getrandbits)
    verify_ballot(one.election, ballots[0])
    one.election.layouts["mayor"] = replace(layout, statements=(replace(moved, constant=-7),))
    assert set(verify_ballots(one.election, ballots, RNG.getrandbits)) == {0, 1, 2}


def test_random_factors_are_drawn_anew_for_each_half() -> None:
    drawn: list[int] = []

    def draw(bits: int) -> int:
        assert bits == 128
        drawn.append(RNG.getrandbits(bits))
        return drawn[-1]

    assert set(verify_ballots(simulation().election, [*good(), bad("holds 2")], draw)) == {GOOD}
    branches = sum(layout.branches for layout in simulation().election.layouts.values())
    # Of seven the first three pass; of the other four the last two fail, and of these the last.
    assert len(drawn) == len(set(drawn)) == branches * (7 + 3 + 4 + 2 + 2 + 1 + 1)


def test_nothing_to_check() -> None:
    assert verify_ballots(simulation().election, [], RNG.getrandbits) == {}
