"""Outcomes against oracles that follow the page's words literally (section 9, rule)."""

from collections.abc import Mapping, Sequence
from itertools import combinations, permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.contests import pairs_of
from ballots.definition import Contest, Rank, check_contest
from ballots.outcome import Outcome, decide
from tests.support.elections import contest

LETTERS = "abcdef"


def make(kind: str, count: int, rule: Mapping[str, Any], abstain: str = "", **fields: Any) -> Contest:
    document = {**contest("c", kind, LETTERS[:count], rule, **fields), "abstain": abstain}
    parsed: Contest = msgspec.convert(document, Contest)
    check_contest(parsed)
    return parsed


def scores(one: Contest, totals: Sequence[int]) -> Outcome:
    return decide(one, totals, 100, 100)


def plurality(totals: Sequence[int], seats: int = 1, abstain: str = "") -> tuple[str, str]:
    one = make("score", len(totals), {"name": "plurality", "seats": seats}, abstain, top=9)
    outcome = scores(one, totals)
    return "".join(outcome.elected), "".join(outcome.tied)


@pytest.mark.parametrize(
    ("totals", "seats", "abstain", "expected"),
    [
        ((3, 2, 1), 1, "", ("a", "")),
        ((3, 3, 1), 1, "", ("", "ab")),
        ((3, 3, 1), 2, "", ("ab", "")),
        ((3, 2, 2), 2, "", ("a", "bc")),
        ((3, 2, 2), 3, "", ("abc", "")),
        ((1, 5, 3), 1, "b", ("c", "")),
        ((1, 5, 3), 3, "b", ("ac", "")),
        ((0, 0, 0), 1, "", ("", "abc")),
        ((0, 0, 0), 3, "", ("abc", "")),
        ((0, 9, 0), 2, "b", ("ac", "")),
        ((7, 0, 0), 2, "", ("a", "bc")),
        ((7, 0, 0), 3, "", ("a", "bc")),
        ((7, 0), 2, "", ("a", "b")),
        ((7, 0), 2, "b", ("a", "")),
        ((5,), 1, "", ("a", "")),
    ],
)
def test_plurality(totals: tuple[int, ...], seats: int, abstain: str, expected: tuple[str, str]) -> None:
    assert plurality(totals, seats, abstain) == expected


@given(st.lists(st.integers(0, 4), min_size=2, max_size=6), st.data())
def test_plurality_elects_whom_every_way_of_breaking_ties_elects(totals: list[int], data: st.DataObject) -> None:
    seats = data.draw(st.integers(1, len(totals)))
    voted = [option for option, total in enumerate(totals) if total or not any(totals)]
    winners = []
    for order in permutations(range(len(totals))):
        ranked = sorted(order, key=lambda option: -totals[option])
        winners.append({option for option in ranked[:seats] if option in voted})
    always, sometimes = set.intersection(*winners), set.union(*winners)
    elected, tied = plurality(totals, seats)
    assert {LETTERS.index(option) for option in elected} == always
    if len(voted) >= seats:
        assert {LETTERS.index(option) for option in tied} == sometimes - always
    else:  # seats that nobody voted for are left to people
        assert {LETTERS.index(option) for option in tied} == set(range(len(totals))) - set(voted)


# --- Schulze, by listing every path


def strongest_path(preferred: Mapping[tuple[int, int], int], start: int, end: int, candidates: Sequence[int]) -> int:
    """Return the strength of the strongest path: its weakest link, by winning votes, over all paths there are."""

    def link(a: int, b: int) -> int:
        return preferred[a, b] if preferred[a, b] > preferred[b, a] else 0

    others = [option for option in candidates if option not in (start, end)]
    best = 0
    for length in range(len(others) + 1):
        for between in permutations(others, length):
            path = (start, *between, end)
            best = max(best, min(link(path[i], path[i + 1]) for i in range(len(path) - 1)))
    return best


def schulze_by_paths(
    preferred: Mapping[tuple[int, int], int], candidates: Sequence[int], seats: int
) -> tuple[set[int], set[int]]:
    strength = {(a, b): strongest_path(preferred, a, b, candidates) for a, b in permutations(candidates, 2)}
    elected, tied = set(), set()
    for option in candidates:
        others = [other for other in candidates if other != option]
        above = [other for other in others if strength[other, option] > strength[option, other]]
        not_below = [other for other in others if not strength[option, other] > strength[other, option]]
        if len(not_below) < seats:
            elected.add(option)
        elif len(above) < seats:
            tied.add(option)
    return elected, tied


def borda_by_points(
    preferred: Mapping[tuple[int, int], int], candidates: Sequence[int], seats: int
) -> tuple[set[int], set[int]]:
    points = {a: sum(preferred[a, b] for b in candidates if b != a) for a in candidates}
    elected, tied = set(), set()
    for option in candidates:
        others = [other for other in candidates if other != option]
        if len([other for other in others if points[other] >= points[option]]) < seats:
            elected.add(option)
        elif len([other for other in others if points[other] > points[option]]) < seats:
            tied.add(option)
    return elected, tied


@st.composite
def elections(draw: st.DrawFn, ties: bool) -> tuple[int, int, str, dict[tuple[int, int], int], int]:
    """Draw (options, seats, abstain, pairwise weights, counted weight) of ballots that were really cast."""
    count = draw(st.integers(2, 5))
    seats = draw(st.integers(1, count))
    abstain = draw(st.sampled_from(["", *LETTERS[: count if count > 2 else 0]]))
    preferred = dict.fromkeys(permutations(range(count), 2), 0)
    weight = 0
    for _ in range(draw(st.integers(0, 6))):
        order, times = draw(st.permutations(range(count))), draw(st.integers(1, 9))
        last = draw(st.integers(1, count)) if ties else count
        places = {option: min(place, last) for place, option in enumerate(order)}
        weight += times
        for a, b in preferred:
            preferred[a, b] += times * (places[a] < places[b])
    return count, seats, abstain, preferred, weight


@given(st.booleans(), st.sampled_from(["schulze", "borda"]), st.data())
def test_rankings_are_those_of_the_oracles(ties: bool, name: str, data: st.DataObject) -> None:
    count, seats, abstain, preferred, weight = data.draw(elections(ties))
    one = make("rank", count, {"name": name, "seats": seats}, abstain, ties=ties)
    assert isinstance(one, Rank)
    outcome = decide(one, [preferred[pair] for pair in pairs_of(one)], weight, weight)
    candidates = [option for option in range(count) if LETTERS[option] != abstain]
    oracle = schulze_by_paths if name == "schulze" else borda_by_points
    elected, tied = oracle(preferred, candidates, seats)
    assert outcome == Outcome(
        tuple(LETTERS[option] for option in sorted(elected)), tuple(LETTERS[option] for option in sorted(tied))
    )
    assert abstain not in outcome.elected + outcome.tied


def ranked(ballots: Mapping[str, int]) -> dict[tuple[int, int], int]:
    """Count strict orders written as words."""
    preferred: dict[tuple[int, int], int] = {}
    for order, times in ballots.items():
        for a, b in combinations(order, 2):
            pair = LETTERS.index(a), LETTERS.index(b)
            preferred[pair] = preferred.get(pair, 0) + times
            preferred.setdefault(pair[::-1], 0)
    return preferred


WIKIPEDIA = {"acbed": 5, "adecb": 5, "bedac": 8, "cabed": 3, "caebd": 7, "cbade": 2, "dceba": 7, "ebadc": 8}
"""Schulze's own example (Schulze 2011, section 3.1): 45 voters, the ranking is E > A > C > B > D."""


@pytest.mark.parametrize(("seats", "elected"), [(1, "e"), (2, "ae"), (3, "ace"), (4, "abce"), (5, "abcde")])
def test_schulzes_own_example(seats: int, elected: str) -> None:
    one = make("rank", 5, {"name": "schulze", "seats": seats}, ties=False)
    assert isinstance(one, Rank)
    preferred = ranked(WIKIPEDIA)
    assert decide(one, [preferred[pair] for pair in pairs_of(one)], 45, 45) == Outcome(tuple(elected), ())


def test_a_circle_ties_everybody() -> None:
    one = make("rank", 3, {"name": "schulze", "seats": 1}, ties=False)
    assert isinstance(one, Rank)
    preferred = ranked({"abc": 1, "bca": 1, "cab": 1})
    assert decide(one, [preferred[pair] for pair in pairs_of(one)], 3, 3) == Outcome((), ("a", "b", "c"))


def test_a_condorcet_winner_wins_though_borda_says_otherwise() -> None:
    preferred = ranked({"abc": 3, "bca": 2})
    for name, winner in (("schulze", "a"), ("borda", "b")):
        one = make("rank", 3, {"name": name, "seats": 1}, ties=False)
        assert isinstance(one, Rank)
        assert decide(one, [preferred[pair] for pair in pairs_of(one)], 5, 5).elected == (winner,)


def test_equal_places_give_no_borda_points() -> None:
    one = make("rank", 3, {"name": "borda", "seats": 1}, ties=True)
    # Pairs ab ac ba bc ca cb: one ballot a > b = c, and two with everybody level.
    assert decide(one, [1, 1, 0, 0, 0, 0], 3, 3) == Outcome(("a",), ())
    assert decide(one, [0] * 6, 3, 3) == Outcome((), ("a", "b", "c"))


# --- referendums


def majority(yes: int, no: int, blank: int, counted: int, eligible: int, percent: int = 50, turnout: int = 0) -> bool:
    rule = {"name": "majority", "percent": percent, "turnout_percent": turnout, "of": "a"}
    outcome = decide(make("choose", 3, rule, "c", min=1, max=1), (yes, no, blank), counted, eligible)
    assert outcome.tied == ()
    assert outcome.elected in ((), ("a",))
    return bool(outcome.elected)


@pytest.mark.parametrize(
    ("yes", "no", "blank", "counted", "eligible", "percent", "turnout", "passed"),
    [
        (51, 49, 0, 100, 100, 50, 0, True),
        (50, 50, 0, 100, 100, 50, 0, False),
        (2, 1, 97, 100, 100, 50, 0, True),
        (66, 34, 0, 100, 100, 66, 0, False),
        (67, 33, 0, 100, 100, 66, 0, True),
        (100, 0, 0, 100, 100, 100, 0, False),
        (1, 99, 0, 100, 100, 0, 0, True),
        (0, 100, 0, 100, 100, 0, 0, False),
        (0, 0, 100, 100, 100, 0, 0, False),
        (25, 0, 0, 25, 100, 50, 25, True),
        (24, 0, 0, 24, 100, 50, 25, False),
        (1, 0, 24, 25, 100, 50, 25, True),
        (100, 0, 0, 100, 100, 50, 100, True),
        (99, 0, 0, 99, 100, 50, 100, False),
        (0, 0, 0, 0, 0, 0, 0, False),
    ],
)
def test_majority(
    yes: int, no: int, blank: int, counted: int, eligible: int, percent: int, turnout: int, passed: bool
) -> None:
    assert majority(yes, no, blank, counted, eligible, percent, turnout) is passed


def test_majorities_are_exact_beyond_floating_point() -> None:
    half = 2**31 - 1
    assert majority(half + 1, half, 0, 2 * half + 1, 2**32)
    assert not majority(half, half, 0, 2 * half, 2**32)
    assert not majority(1, 0, 0, 2**32 - 1, 2**32, turnout=100)


# --- budgets


def budget(totals: Sequence[int], costs: Sequence[int], money: int, abstain: str = "") -> tuple[str, str]:
    rule = {"name": "budget", "budget": money, "costs": list(costs)}
    outcome = scores(make("points", len(totals), rule, abstain, points=9), totals)
    return "".join(outcome.elected), "".join(outcome.tied)


@pytest.mark.parametrize(
    ("totals", "costs", "money", "abstain", "expected"),
    [
        ((5, 4, 3), (5, 5, 5), 10, "", ("ab", "")),
        ((5, 4, 3), (5, 6, 5), 10, "", ("ac", "")),  # b alone does not fit: it is dropped, c gets its turn
        ((5, 4, 4), (5, 5, 5), 10, "", ("a", "bc")),  # b and c do not fit together: people decide, and it stops
        ((5, 4, 4, 3), (5, 5, 5, 0), 10, "", ("a", "bc")),
        ((5, 4, 4, 3), (5, 5, 6, 0), 10, "", ("abd", "")),
        ((5, 5), (6, 4), 10, "", ("ab", "")),
        ((5, 5), (6, 5), 10, "", ("", "ab")),
        ((5, 5), (11, 5), 10, "", ("b", "")),
        ((5, 0), (5, 1), 10, "", ("a", "")),  # no vote, no money while somebody has votes
        ((0, 0), (5, 5), 10, "", ("ab", "")),
        ((0, 0), (5, 6), 10, "", ("", "ab")),
        ((9, 5, 4), (1, 5, 5), 10, "a", ("bc", "")),
        ((9, 0, 0), (1, 5, 5), 10, "a", ("bc", "")),
        ((5, 4), (0, 0), 0, "", ("ab", "")),
        ((5, 4), (1, 0), 0, "", ("b", "")),
        ((5,), (2**53 - 1,), 2**53 - 1, "", ("a", "")),
    ],
)
def test_budget(
    totals: tuple[int, ...], costs: tuple[int, ...], money: int, abstain: str, expected: tuple[str, str]
) -> None:
    assert budget(totals, costs, money, abstain) == expected


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), min_size=1, max_size=6), st.integers(0, 15))
def test_budget_is_spent_as_the_page_says(pairs: list[tuple[int, int]], money: int) -> None:
    totals, costs = [total for total, _ in pairs], [cost for _, cost in pairs]
    elected: list[int] = []
    tied: list[int] = []
    left = money
    remaining = [option for option in range(len(pairs)) if totals[option] or not any(totals)]
    while remaining:
        best = max(totals[option] for option in remaining)
        group = [option for option in remaining if totals[option] == best]
        remaining = [option for option in remaining if option not in group]
        group = [option for option in group if costs[option] <= left]
        if sum(costs[option] for option in group) > left:
            tied = group
            break
        elected += group
        left -= sum(costs[option] for option in group)
    names = ["".join(LETTERS[option] for option in sorted(some)) for some in (elected, tied)]
    assert budget(totals, costs, money) == tuple(names)
    assert sum(costs[option] for option in elected) <= money
