from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.budgets.decision import BudgetError, BudgetOutcome, BudgetRule, Decision, Project, decide

CHICAGO = Path(__file__).parents[3] / "evote" / "simulation" / "data" / "chicago-39th-ward-2021.pb"
BUDGET = 500_000


def chicago() -> tuple[list[Project], dict[int, int], list[list[int]]]:
    """Return the projects, the approvals that the file states, and the ballots."""
    lines = CHICAGO.read_text(encoding="utf-8").splitlines()
    cut = lines.index("VOTES")
    rows = [line.split(";") for line in lines[lines.index("PROJECTS") + 2 : cut]]
    projects = [Project(int(row[0]), int(row[1])) for row in rows]
    ballots = [[int(one) for one in line.split(";")[1].split(",")] for line in lines[cut + 2 :]]
    return projects, {int(row[0]): int(row[2]) for row in rows}, ballots


def of(outcome: BudgetOutcome, rule: BudgetRule) -> Decision:
    """Return what one rule decided."""
    return next(one for one in outcome.decisions if one.rule is rule)


def greedily(projects: list[Project], approvals: dict[int, int], budget: int) -> list[int]:
    """Apply the greedy rule plainly."""
    funded = []
    for project in sorted(projects, key=lambda one: (-approvals[one.id], one.cost, one.id)):
        if project.cost <= budget and approvals[project.id]:
            budget -= project.cost
            funded.append(project.id)
    return funded


def test_the_39th_ward_of_chicago() -> None:
    projects, stated, ballots = chicago()
    outcome = decide(projects, BUDGET, ballots)
    assert (outcome.voters, outcome.approvals) == (1536, stated)
    greedy, shares = of(outcome, BudgetRule.GREEDY), of(outcome, BudgetRule.EQUAL_SHARES)
    assert list(greedy.funded) == greedily(projects, stated, BUDGET)
    assert (greedy.cost, greedy.left, len(greedy.funded), greedy.reached) == (496_900, 3_100, 8, 1471)
    assert (shares.cost, shares.left, len(shares.funded), shares.reached) == (494_000, 6_000, 14, 1502)
    assert (greedy.tied, shares.tied) == ((), ())


def test_equal_shares_gives_each_camp_its_part() -> None:
    projects = [Project(1, 50), Project(2, 50), Project(3, 40)]
    ballots = [[1, 2]] * 60 + [[3]] * 40
    outcome = decide(projects, 100, ballots)
    assert set(of(outcome, BudgetRule.GREEDY).funded) == {1, 2}
    assert set(of(outcome, BudgetRule.EQUAL_SHARES).funded) >= {3}
    assert of(outcome, BudgetRule.GREEDY).reached == 60
    assert of(outcome, BudgetRule.EQUAL_SHARES).reached == 100


def test_a_tie_is_named_and_the_cheaper_goes_first() -> None:
    outcome = decide([Project(1, 80), Project(2, 60), Project(3, 10)], 100, [[1, 2]] * 5 + [[3]] * 9)
    greedy = of(outcome, BudgetRule.GREEDY)
    assert (greedy.funded, greedy.tied) == ((3, 2), (1, 2))


def test_nobody_voted() -> None:
    outcome = decide([Project(1, 10), Project(2, 20)], 25, [[], []])
    assert (outcome.voters, outcome.approvals) == (0, {1: 0, 2: 0})
    assert all((one.funded, one.reached) == ((), 0) for one in outcome.decisions)


@pytest.mark.parametrize(
    ("projects", "budget", "ballots", "sentence"),
    [
        ([Project(1, 10)], 100, [[2]], "approves project 2, which is not one of this budget's"),
        ([Project(1, 10)], 100, [[1, 1]], "names a project twice"),
        ([Project(1, 10), Project(1, 20)], 100, [], "the same id"),
        ([Project(1, 0)], 100, [], "at least 1"),
        ([Project(1, 10)], 0, [], "at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused(
    projects: list[Project], budget: int, ballots: list[list[int]], sentence: str
) -> None:
    with pytest.raises(BudgetError, match=sentence):
        decide(projects, budget, ballots)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=6),
    st.integers(1, 60),
    st.lists(st.sets(st.integers(0, 5)), max_size=12),
)
def test_no_rule_spends_more_than_there_is(costs: list[int], budget: int, choices: list[set[int]]) -> None:
    projects = [Project(number, cost) for number, cost in enumerate(costs)]
    ballots = [[one for one in sorted(choice) if one < len(costs)] for choice in choices]
    outcome = decide(projects, budget, ballots)
    approvals = outcome.approvals
    assert list(of(outcome, BudgetRule.GREEDY).funded) == greedily(projects, approvals, budget)
    for decision in outcome.decisions:
        assert decision.cost == sum(costs[one] for one in decision.funded) <= budget
        assert decision.left == budget - decision.cost
        assert len(set(decision.funded)) == len(decision.funded)
        waiting = [one for one in range(len(costs)) if one not in decision.funded and approvals[one]]
        assert all(costs[one] > decision.left for one in waiting)
