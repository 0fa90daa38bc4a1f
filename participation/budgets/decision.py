"""Which projects a budget pays for, by two rules; computed by the library pabutools, in a job, never in a request."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pabutools.election import ApprovalBallot, ApprovalMultiProfile, Cost_Sat, FrozenApprovalBallot, Instance
from pabutools.election import Project as _Project
from pabutools.rules import completion_by_rule_combination, greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule


class BudgetRule(StrEnum):
    """How a budget is shared out.

    `GREEDY`: by the number of approvals, highest first, skipping what no longer fits.
    `EQUAL_SHARES`: everybody has the same share of the budget and pays only for projects they approve (Peters,
    Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive Utilities", NeurIPS 2021), shares
    raised by one unit at a time while the result fits the budget, and what is left given out greedily.
    """

    GREEDY = "greedy"
    EQUAL_SHARES = "equal-shares"


@dataclass(frozen=True)
class Project:
    """Something to pay for; `cost` in whole units of the budget's currency."""

    id: int
    cost: int


@dataclass(frozen=True)
class Decision:
    """What one rule pays for.

    Attributes:
        rule: Which rule.
        funded: Ids in the order in which the rule chose them.
        cost: Of all of them.
        left: Of the budget.
        reached: Voters with at least one funded project among those they approved.
        tied: Projects with as many approvals as one that the rule had to put before or after them: the cheaper, then
            the smaller id went first.
    """

    rule: BudgetRule
    funded: tuple[int, ...]
    cost: int
    left: int
    reached: int
    tied: tuple[int, ...]


@dataclass(frozen=True)
class BudgetOutcome:
    """The approvals, and what each rule makes of them.

    Attributes:
        voters: Ballots that approve at least one project.
        approvals: {project id: ballots that approve it}.
        decisions: One of each rule.
    """

    voters: int
    approvals: dict[int, int]
    decisions: tuple[Decision, ...]


class BudgetError(ValueError):
    """The projects, the budget or a ballot make no sense; the text says what."""


def decide(projects: Sequence[Project], budget: int, ballots: Iterable[Iterable[int]]) -> BudgetOutcome:
    """Count approvals and apply both rules.

    Args:
        projects: What can be paid for.
        budget: Whole units of the currency.
        ballots: Ids that each voter approves.

    Raises:
        BudgetError: A ballot names an unknown project, an id stands twice, or an amount is not positive.
    """
    counted = Counter(_ballot(ballot, projects) for ballot in ballots)
    counted.pop(frozenset(), None)
    _check(projects, budget)
    approvals = {project.id: sum(n for ballot, n in counted.items() if project.id in ballot) for project in projects}
    # What nobody approves is not paid for, however much is left.
    made = {one.id: _Project(f"{one.id:019}", cost=one.cost) for one in projects if approvals[one.id]}
    instance = Instance(made.values(), budget_limit=budget)
    profile = ApprovalMultiProfile(instance=instance)
    for ballot, times in sorted(counted.items(), key=lambda one: sorted(one[0])):
        profile[FrozenApprovalBallot(ApprovalBallot(made[one] for one in ballot))] = times
    chosen = {
        BudgetRule.GREEDY: greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat, tie_breaking=_TIES),
        BudgetRule.EQUAL_SHARES: completion_by_rule_combination(
            instance,
            profile,
            [method_of_equal_shares, greedy_utilitarian_welfare],
            [
                {"sat_class": Cost_Sat, "tie_breaking": _TIES, "voter_budget_increment": 1},
                {"sat_class": Cost_Sat, "tie_breaking": _TIES},
            ],
        ),
    }
    decisions = tuple(
        _decision(rule, [int(one.name) for one in funded], projects, budget, counted, approvals)
        for rule, funded in chosen.items()
    )
    return BudgetOutcome(counted.total(), approvals, decisions)


_TIES = TieBreakingRule(lambda _instance, _profile, project: (project.cost, project.name))


def _decision(
    rule: BudgetRule,
    funded: list[int],
    projects: Sequence[Project],
    budget: int,
    counted: Counter[frozenset[int]],
    approvals: dict[int, int],
) -> Decision:
    costs = {project.id: project.cost for project in projects}
    cost = sum(costs[one] for one in funded)
    inside = {approvals[one] for one in funded} & {approvals[one] for one in costs if one not in funded}
    return Decision(
        rule=rule,
        funded=tuple(funded),
        cost=cost,
        left=budget - cost,
        reached=sum(times for ballot, times in counted.items() if ballot & set(funded)),
        tied=tuple(one for one in costs if approvals[one] in inside and approvals[one] > 0),
    )


def _ballot(ballot: Iterable[int], projects: Sequence[Project]) -> frozenset[int]:
    approved = list(ballot)
    known = {project.id for project in projects}
    if unknown := [one for one in approved if one not in known]:
        raise BudgetError(f"A ballot approves project {unknown[0]}, which is not one of this budget's.")
    if len(set(approved)) != len(approved):
        raise BudgetError("A ballot names a project twice.")
    return frozenset(approved)


def _check(projects: Sequence[Project], budget: int) -> None:
    if len({project.id for project in projects}) != len(projects):
        raise BudgetError("Two projects have the same id.")
    if budget < 1 or any(project.cost < 1 for project in projects):
        raise BudgetError("The budget and every project's cost must be at least 1.")
