from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.contests import Contest, Rule
from verifier.outcome import Outcome, decide

IDS = ("a", "b", "c", "d")


def asked(rule: Rule, kind: str = "choose", options: int = 4, abstain: str = "", ties: bool = False) -> Contest:
    ids = IDS[:options]
    return Contest("c", kind, ids, ids, "c", abstain, rule, ties=ties)


@pytest.mark.parametrize(
    ("seats", "totals", "elected", "tied"),
    [
        (1, [5, 3, 2, 1], "a", ""),
        (1, [5, 5, 2, 1], "", "ab"),
        (2, [5, 5, 2, 1], "ab", ""),
        (2, [5, 3, 3, 1], "a", "bc"),
        (3, [5, 3, 3, 1], "abc", ""),
        (1, [0, 0, 0, 0], "", "abcd"),
        (4, [0, 0, 0, 0], "abcd", ""),
        (4, [2, 1, 1, 1], "abcd", ""),
    ],
)
def test_plurality(seats: int, totals: list[int], elected: str, tied: str) -> None:
    assert decide(asked(Rule("plurality", seats)), totals, 10, 10) == Outcome(tuple(elected), tuple(tied))


def test_an_option_without_a_vote_is_not_elected_where_somebody_has_one() -> None:
    assert "d" not in decide(asked(Rule("plurality", 4)), [3, 2, 1, 0], 6, 6).elected
    budget = Rule("budget", budget=100, costs=(1, 1, 1, 1))
    assert decide(asked(budget), [3, 2, 1, 0], 6, 6) == Outcome(("a", "b", "c"), ())
    assert decide(asked(budget), [0, 0, 0, 0], 0, 6).elected == IDS


def test_abstention_is_left_out() -> None:
    assert decide(asked(Rule("plurality", 1), abstain="a"), [9, 3, 2, 1], 15, 15) == Outcome(("b",), ())


@given(st.lists(st.integers(1, 5), min_size=4, max_size=4), st.integers(1, 4))
def test_elected_fit_the_seats_and_ties_stand_at_the_border(totals: list[int], seats: int) -> None:
    outcome = decide(asked(Rule("plurality", seats)), totals, 20, 20)
    assert len(outcome.elected) <= seats
    assert not set(outcome.elected) & set(outcome.tied)
    assert len(outcome.elected) + len(outcome.tied) >= seats
    assert len({totals[IDS.index(option)] for option in outcome.tied}) <= 1


@pytest.mark.parametrize(
    ("yes", "no", "weight", "elected"),
    [(6, 5, 11, True), (5, 5, 10, False), (6, 5, 9, False), (1, 0, 10, True), (0, 0, 100, False)],
)
def test_majority(yes: int, no: int, weight: int, elected: bool) -> None:
    rule = Rule("majority", percent=50, turnout_percent=10, of="a")
    found = decide(asked(rule, options=3, abstain="c"), [yes, no, 50], weight, 100)
    assert found == Outcome(("a",) if elected else (), ())


@pytest.mark.parametrize(
    ("totals", "elected", "tied"),
    [
        ([9, 8, 7, 6], "ac", ""),  # 6, then 7 does not fit, then 3; 2 does not fit what is left
        ([9, 9, 1, 1], "", "ab"),  # 6 + 7 do not fit together
        ([8, 8, 8, 1], "", "abc"),
        ([9, 5, 5, 5], "a", "cd"),  # b alone does not fit and is dropped; c and d do not fit together
        ([1, 2, 3, 3], "cd", ""),
    ],
)
def test_budget(totals: list[int], elected: str, tied: str) -> None:
    rule = Rule("budget", budget=10, costs=(6, 7, 3, 2))
    assert decide(asked(rule), totals, 10, 10) == Outcome(tuple(elected), tuple(tied))


def pairwise(ballots: list[tuple[str, int]], options: int, ties: bool = False) -> list[int]:
    totals = []
    for a in range(options):
        for b in range(0 if ties else a + 1, options):
            if a != b:
                totals.append(sum(w for order, w in ballots if order.index(IDS[a]) < order.index(IDS[b])))
    return totals


def test_schulze_on_the_example_of_a_cycle() -> None:
    ballots = [("abc", 4), ("bca", 3), ("cab", 2)]
    rule = Rule("schulze", 1)
    assert decide(asked(rule, "rank", 3), pairwise(ballots, 3), 9, 9) == Outcome(("a",), ())


def test_schulze_all_equal_is_a_tie() -> None:
    ballots = [("".join(order), 1) for order in permutations("abc")]
    assert decide(asked(Rule("schulze", 1), "rank", 3), pairwise(ballots, 3), 6, 6) == Outcome((), ("a", "b", "c"))
    assert decide(asked(Rule("schulze", 3), "rank", 3), pairwise(ballots, 3), 6, 6) == Outcome(("a", "b", "c"), ())


@given(st.lists(st.tuples(st.permutations("abcd").map("".join), st.integers(1, 9)), min_size=1, max_size=8))
def test_a_condorcet_winner_wins_by_schulze(ballots: list[tuple[str, int]]) -> None:
    weight = sum(w for _, w in ballots)
    totals = pairwise(ballots, 4)
    found = decide(asked(Rule("schulze", 1), "rank"), totals, weight, weight)
    for option in IDS:
        others = [other for other in IDS if other != option]
        if all(2 * sum(w for o, w in ballots if o.index(option) < o.index(x)) > weight for x in others):
            assert found == Outcome((option,), ())


@given(st.lists(st.tuples(st.permutations("abcd").map("".join), st.integers(1, 9)), min_size=1, max_size=8))
def test_borda_is_the_sum_of_places(ballots: list[tuple[str, int]]) -> None:
    weight = sum(w for _, w in ballots)
    scores = {option: sum(w * (3 - order.index(option)) for order, w in ballots) for option in IDS}
    best = [option for option in IDS if scores[option] == max(scores.values())]
    for ties in (False, True):
        found = decide(asked(Rule("borda", 1), "rank", ties=ties), pairwise(ballots, 4, ties), weight, weight)
        assert (found.elected or found.tied) == tuple(best)
        assert bool(found.elected) == (len(best) == 1)


def test_equal_places_give_nothing() -> None:
    totals = [0, 1, 0, 1, 0, 0]  # a above c, b above c; a and b equal
    found = decide(asked(Rule("borda", 2), "rank", 3, ties=True), totals, 1, 1)
    assert found == Outcome(("a", "b"), ())
