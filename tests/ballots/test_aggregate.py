"""Encrypted sums equal plain sums for every kind of contest, weights included; some stay closed (section 8)."""

from functools import cache
from typing import Any

import pytest
from gmpy2 import mpz
from hypothesis import given, settings
from hypothesis import strategies as st
from phe.paillier import PaillierPrivateKey, PaillierPublicKey

from ballots.aggregate import Aggregate, Aggregator
from ballots.contests import plan
from ballots.roll import RollLine
from tests.support.elections import (
    BITS,
    COUNCIL,
    EVERY_KIND,
    MAYOR,
    Simulation,
    option,
    safe_primes,
    simulate,
)

WIDE = {**COUNCIL, "id": "wide", "options": [option(f"w{number}") for number in range(13)], "max": 3}
"""More options than the eleven slots of a ciphertext: opened in two."""
MANY = {**MAYOR, "id": "many", "options": [option(f"m{number}") for number in range(12)]}
"""One of more options than slots: not packed."""
CONTESTS = (*EVERY_KIND, WIDE, MANY)


@cache
def simulation() -> Simulation:
    return simulate(CONTESTS)


def one_choice() -> st.SearchStrategy[dict[str, Any]]:
    def some(ids: list[str], most: int) -> st.SearchStrategy[list[str]]:
        return st.lists(st.sampled_from(ids), unique=True, max_size=most)

    return st.fixed_dictionaries({
        "mayor": st.sampled_from([["ada"], ["ben"], ["cyd"]]),
        "council": some(list("abcd"), 2),
        "parks": st.fixed_dictionaries({"lake": st.integers(0, 3), "wood": st.integers(0, 3)}),
        "money": st.sampled_from([{}, {"bus": 5}, {"bike": 5}, {"bus": 2, "bike": 3}, {"bus": 1, "bike": 1}]),
        "order": st.permutations(list("xyz")),
        "tiers": some(list("xyz"), 3),
        "wide": some([f"w{number}" for number in range(13)], 3),
        "many": st.sampled_from([[f"m{number}"] for number in range(12)]),
    })  # fmt: skip


def raw_decrypt(ciphertext: mpz) -> int:
    key = PaillierPublicKey(int(simulation().election.key.n))
    return int(PaillierPrivateKey(key, *safe_primes(BITS)).raw_decrypt(int(ciphertext)))


@settings(max_examples=20)
@given(st.lists(st.tuples(one_choice(), st.integers(1, 10**6)), min_size=1, max_size=4))
def test_encrypted_sums_are_plain_sums(votes: list[tuple[dict[str, Any], int]]) -> None:
    one = simulation()
    aggregator = Aggregator(one.election)
    expected = {name: [0] * layout.totals for name, layout in one.election.layouts.items()}
    for choices, weight in votes:
        ballot = one.seal(one.voters[0], choices).ballot
        aggregator.add(ballot, RollLine(one.voters[0].key.public, "all", weight))
        for name, choice in choices.items():
            layout = one.election.layouts[name]
            cells = plan(one.election.manifest.contest(name), layout, choice)
            if layout.packed:
                added = [int(cells[0] == 2 ** (32 * place)) for place in range(layout.totals)]
            else:
                added = [sum(scale * cells[cell] for cell, scale in output) for output in layout.outputs]
            expected[name] = [total + weight * add for total, add in zip(expected[name], added, strict=True)]
    aggregates = aggregator.result()
    assert [aggregate.id for aggregate in aggregates] == [document["id"] for document in CONTESTS]
    for aggregate in aggregates:
        assert (aggregate.ballots, aggregate.weight) == (len(votes), sum(weight for _, weight in votes))
        opened = [raw_decrypt(ciphertext) for ciphertext in aggregate.ciphertexts]
        assert list(one.election.layouts[aggregate.id].unpack(opened)) == expected[aggregate.id]


def test_thirteen_options_are_opened_in_two_ciphertexts() -> None:
    layouts = simulation().election.layouts
    assert layouts["wide"].group_slots() == [11, 2]
    assert layouts["many"].group_slots() == [11, 1]
    assert not layouts["many"].packed
    assert layouts["mayor"].group_slots() == [3]


def aggregated(min_ballots: int, weights: list[int]) -> Aggregate:
    one = simulate((MAYOR,), min_ballots=min_ballots)
    aggregator = Aggregator(one.election)
    for weight in weights:
        ballot = one.seal(one.voters[0], {"mayor": ["ada"]}).ballot
        aggregator.add(ballot, RollLine(one.voters[0].key.public, "all", weight))
    (aggregate,) = aggregator.result()
    assert (aggregate.ballots, aggregate.weight) == (len(weights), sum(weights))
    return aggregate


@pytest.mark.parametrize(
    ("min_ballots", "weights", "withheld"),
    [
        (1, [], True),
        (1, [1], False),
        (3, [1, 1], True),
        (3, [1, 1, 1], False),
        (3, [2, 2, 2], False),
        (3, [2, 2, 2, 1], True),  # the parity of a total would tell the vote of weight 1
        (3, [2, 2, 2, 1, 1], True),
        (3, [2, 2, 2, 1, 1, 1], False),
        (2, [1, 2, 3, 1, 2, 3], False),
        (2, [1, 2, 3, 1, 2], True),
    ],
)
def test_small_counts_and_rare_weights_stay_closed(min_ballots: int, weights: list[int], withheld: bool) -> None:
    aggregate = aggregated(min_ballots, weights)
    assert aggregate.withheld is withheld
    assert bool(aggregate.ciphertexts) is not withheld


def test_each_contest_is_judged_by_itself() -> None:
    styles = {"all": ["mayor", "council"], "town": ["mayor"]}
    one = simulate((MAYOR, COUNCIL), voters=4, styles=styles, min_ballots=3)
    one.open()
    for voter in one.voters:
        choices = {"mayor": ["ada"], "council": ["a"]}
        one.cast(voter, {name: choices[name] for name in styles[voter.style]})
    mayor, council = one.aggregates()
    assert (mayor.ballots, mayor.withheld) == (4, False)
    assert (council.ballots, council.withheld) == (2, True)


def test_nothing_counted() -> None:
    one = simulate((MAYOR,))
    (aggregate,) = Aggregator(one.election).result()
    assert aggregate == Aggregate("mayor", 0, 0, ())
