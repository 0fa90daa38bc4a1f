"""The rule of budgets against pabutools' greedy rule, on real ballots and on drawn ones.

Both go down the list of totals and skip what no longer fits. They part in two cases, which section 9 decides so that no
program has to: where options of equal total fit only in part, pabutools breaks the tie and goes on, and we name the tie
and stop; and an option without a vote is not paid for where others have votes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from pabutools.election import ApprovalBallot, ApprovalMultiProfile, Cost_Sat, FrozenApprovalBallot, Instance, Project
from pabutools.rules import greedy_utilitarian_welfare
from pabutools.tiebreaking import lexico_tie_breaking

import evote.simulation
from ballots.definition import Budget, Contest
from ballots.outcome import Outcome, decide
from evote.simulation.sources import read_source
from tests.support.elections import contest

WARD = Path(evote.simulation.__path__[0], "data", "chicago-39th-ward-2021.pb")
"""L. Gelauff and A. Goel, Participatory Budgeting Preferences Data Set, Stanford Digital Repository (2024)."""
LETTERS = "abcdefgh"


def ours(costs: Sequence[int], budget: int, totals: Sequence[int]) -> Outcome:
    rule = {"name": "budget", "budget": budget, "costs": list(costs)}
    one: Contest = msgspec.convert(contest("c", "choose", LETTERS[: len(costs)], rule, min=0, max=1), Contest)
    return decide(one, totals, sum(totals), sum(totals))


def theirs(costs: Mapping[str, int], budget: int, ballots: Mapping[tuple[str, ...], int]) -> set[str]:
    projects = {name: Project(name, cost) for name, cost in costs.items()}
    instance = Instance(projects.values(), budget_limit=budget)
    profile = ApprovalMultiProfile(instance=instance)
    for ballot, times in ballots.items():
        profile[FrozenApprovalBallot(ApprovalBallot(projects[name] for name in ballot))] = times
    funded = greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat, tie_breaking=lexico_tie_breaking)
    return {project.name for project in funded}


def of_totals(costs: Sequence[int], budget: int, totals: Sequence[int]) -> set[str]:
    """Return what pabutools funds when each vote is for one option alone."""
    votes: dict[tuple[str, ...], int] = {
        (letter,): total for letter, total in zip(LETTERS, totals, strict=False) if total
    }
    return theirs(dict(zip(LETTERS, costs, strict=False)), budget, votes)


def test_a_real_budget_is_spent_as_pabutools_spends_it() -> None:
    source = read_source(WARD, 0)
    one: Contest = msgspec.convert(source.contest, Contest)
    assert isinstance(one.rule, Budget)
    approvals = Counter(option for ballot, times in source.choices.items() for option in ballot for _ in range(times))
    totals = [approvals[option] for option in one.option_ids]
    outcome = decide(one, totals, source.choices.total(), source.choices.total())
    costs = dict(zip(one.option_ids, one.rule.costs, strict=True))
    assert set(outcome.elected) == theirs(costs, one.rule.budget, source.choices)
    assert outcome.tied == ()
    assert sum(costs[option] for option in outcome.elected) == 496_900
    assert len(outcome.elected) == 8


CASES = st.integers(2, 8).flatmap(
    lambda count: st.tuples(
        st.lists(st.integers(1, 60), min_size=count, max_size=count),
        st.integers(0, 120),
        st.lists(st.integers(0, 12), min_size=count, max_size=count),
    )
)


@given(CASES.filter(lambda case: len(set(case[2])) == len(case[2]) and all(case[2])))
def test_without_ties_the_two_agree(case: tuple[list[int], int, list[int]]) -> None:
    outcome = ours(*case)
    assert set(outcome.elected) == of_totals(*case)
    assert outcome.tied == ()


@given(CASES)
def test_with_ties_we_fund_no_more_than_pabutools_and_name_where_it_chose(
    case: tuple[list[int], int, list[int]],
) -> None:
    costs, budget, totals = case
    if not any(totals):
        return  # nobody voted: ours ties or funds all alike, pabutools takes what fits
    outcome, funded = ours(*case), of_totals(*case)
    assert set(outcome.elected) <= funded
    if not outcome.tied:
        assert set(outcome.elected) == {one for one in funded if totals[LETTERS.index(one)]}
        return
    tied = {totals[LETTERS.index(one)] for one in outcome.tied}
    assert len(tied) == 1
    left = budget - sum(costs[LETTERS.index(one)] for one in outcome.elected)
    assert sum(costs[LETTERS.index(one)] for one in outcome.tied) > left
    assert all(totals[LETTERS.index(one)] <= min(tied) for one in funded - set(outcome.elected))


def test_a_tie_that_does_not_fit_is_named_where_pabutools_chooses() -> None:
    costs, totals = (50, 40, 40, 5), (9, 6, 6, 2)
    outcome = ours(costs, 100, totals)
    assert (outcome.elected, outcome.tied) == (("a",), ("b", "c"))
    assert of_totals(costs, 100, totals) == {"a", "b", "d"}


def test_nothing_is_paid_for_that_nobody_wants() -> None:
    assert ours((50, 10), 100, (3, 0)).elected == ("a",)
    assert of_totals((50, 10), 100, (3, 0)) == {"a", "b"}
