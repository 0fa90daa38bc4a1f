"""An outcome in sentences: who, by how much, and by which numbers of the rule."""

from collections.abc import Sequence

from flask_babel import gettext, ngettext

from ballots.definition import Borda, Budget, Contest, Majority, Plurality, Points, Rank, Schulze, Score
from ballots.result import ContestTally
from evote.pages.filters import localized, number, percent
from evote.pages.rankings import candidates_of, standings


def say_outcome(contest: Contest, counted: ContestTally, eligible_weight: int) -> str:
    """Say who is elected and who is tied, in a sentence or two."""
    elected, tied = counted.outcome.elected, counted.outcome.tied
    names, ties = _names(contest, elected), _names(contest, tied)
    if isinstance(contest.rule, Majority):
        return _majority(contest, contest.rule, counted, eligible_weight)
    sentences = []
    if names:
        funded = isinstance(contest.rule, Budget)
        text = gettext("Funded: %(names)s.", names=names) if funded else gettext("Elected: %(names)s.", names=names)
        sentences.append(text)
    if ties:
        sentences.append(gettext("Tied: %(names)s. People decide between them, not this program.", names=ties))
    return " ".join(sentences) or gettext("Nobody is elected.")


def say_why(contest: Contest, counted: ContestTally, eligible_weight: int) -> list[str]:
    """Say the numbers that decide, a sentence each: margin, majority and turnout, costs, comparisons."""
    rule = contest.rule
    if isinstance(rule, Majority):
        return _numbers_of_majority(contest, rule, counted, eligible_weight)
    if isinstance(rule, Budget):
        return _costs(contest, rule, counted)
    if isinstance(contest, Rank):
        return _comparisons(contest, counted)
    return _margin(contest, counted) if isinstance(rule, Plurality) else []


def _names(contest: Contest, ids: Sequence[str]) -> str:
    labels = {option.id: localized(option.label) for option in contest.options}
    return gettext(", ").join(labels[one] for one in ids)


def _votes(contest: Contest, count: int) -> str:
    if isinstance(contest, Score | Points):
        return ngettext("%(count)s point", "%(count)s points", count, count=number(count))
    return ngettext("%(count)s vote", "%(count)s votes", count, count=number(count))


def _valid(contest: Contest, counted: ContestTally) -> dict[str, int]:
    pairs = zip(contest.option_ids, counted.totals, strict=True)
    return {option: total for option, total in pairs if option != contest.abstain}


def _margin(contest: Contest, counted: ContestTally) -> list[str]:
    totals, elected = _valid(contest, counted), counted.outcome.elected
    losers = {option: total for option, total in totals.items() if option not in elected}
    if not elected or not losers or counted.outcome.tied:
        return []
    last = min(elected, key=lambda option: totals[option])
    best = max(losers.values())
    second = _names(contest, [option for option, total in losers.items() if total == best])
    return [
        gettext(
            "%(name)s is ahead of %(next)s by %(margin)s.",
            name=_names(contest, [last]),
            next=second,
            margin=_votes(contest, totals[last] - best),
        )
    ]


def _majority(contest: Contest, rule: Majority, counted: ContestTally, eligible_weight: int) -> str:
    name = _names(contest, [rule.of])
    if counted.outcome.elected:
        return gettext("“%(option)s” is accepted: it has the majority it needs.", option=name)
    totals = _valid(contest, counted)
    if 100 * totals[rule.of] > rule.percent * sum(totals.values()):
        return gettext("“%(option)s” is not accepted: too few of those who may vote took part.", option=name)
    return gettext("“%(option)s” is not accepted: it does not have the majority it needs.", option=name)


def _numbers_of_majority(contest: Contest, rule: Majority, counted: ContestTally, eligible_weight: int) -> list[str]:
    totals = _valid(contest, counted)
    sentences = [
        gettext(
            "It has %(votes)s, %(share)s of those that were not abstentions; more than %(needed)s%% were needed.",
            votes=_votes(contest, totals[rule.of]),
            share=percent(totals[rule.of], sum(totals.values())),
            needed=number(rule.percent),
        )
    ]
    if rule.turnout_percent:
        sentences.append(
            gettext(
                "The turnout is %(turnout)s; at least %(needed)s%% was needed.",
                turnout=percent(counted.weight, eligible_weight),
                needed=number(rule.turnout_percent),
            )
        )
    return sentences


def _costs(contest: Contest, rule: Budget, counted: ContestTally) -> list[str]:
    spent = spent_of(contest, rule, counted)
    sentences = [
        gettext(
            "They cost %(spent)s of the budget of %(budget)s; %(left)s is left.",
            spent=number(spent),
            budget=number(rule.budget),
            left=number(rule.budget - spent),
        )
    ]
    if counted.outcome.tied:
        sentences.append(gettext("The tied options have equal totals and do not all fit what is left."))
    return sentences


def spent_of(contest: Contest, rule: Budget, counted: ContestTally) -> int:
    """Return what the elected options of a budget cost together."""
    costs = dict(zip(contest.option_ids, rule.costs, strict=True))
    return sum(costs[option] for option in counted.outcome.elected)


def _comparisons(contest: Rank, counted: ContestTally) -> list[str]:
    others = len(candidates_of(contest)) - 1
    found = dict(zip(contest.option_ids, standings(contest, counted.totals, counted.weight), strict=True))
    if isinstance(contest.rule, Borda):
        return []
    assert isinstance(contest.rule, Schulze)
    winners = [option for option, standing in found.items() if standing.beats == others]
    if winners:
        return [gettext("%(name)s beats every other option in direct comparison.", name=_names(contest, winners))]
    return [
        gettext(
            "No option beats all others in direct comparison, so Schulze's method compares chains of victories: a "
            "chain is as strong as its weakest link."
        )
    ]
