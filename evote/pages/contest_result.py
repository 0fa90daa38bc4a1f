"""One contest's result, written out for its page: rows with bars, and what else its kind has to show."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from ballots.definition import Borda, Budget, Contest, Majority, Points, Rank, Schulze, Score
from ballots.result import ContestTally
from evote.locales import writing
from evote.pages.filters import localized, number, page_locale, percent
from evote.pages.outcome_words import say_outcome, say_why, spent_of
from evote.pages.rankings import Matrix, Standing, pair_matrix, path_matrix, standings
from evote.pages.wording import how_it_is_decided


@dataclass(frozen=True)
class Certificate:
    """What proves one decrypted ciphertext, as the record writes it."""

    ciphertext: str
    m: str
    r: str


@dataclass(frozen=True)
class OptionResult:
    """An option and what it got.

    Attributes:
        total: Votes, points or scores; in a ranking Borda's score or how many others it beats.
        figure: Share or mean as people read it; empty where there is none.
        whole: What a full bar stands for.
        cost: Where a budget decides.
    """

    label: str
    total: int
    figure: str
    whole: int
    cost: int | None
    elected: bool
    tied: bool
    abstain: bool


@dataclass(frozen=True)
class Spending:
    """What the funded options cost of a budget."""

    spent: int
    budget: int


@dataclass(frozen=True)
class ContestResult:
    """One contest's part of the page.

    Attributes:
        refused: Why it was not decrypted; empty where it was, and then all the rest is there.
        outcome: The outcome in a sentence; `reasons`: the numbers that decide.
        unit, figure_name, figure_note: What total and figure are; the latter two empty where there is no figure.
        mark_percent: Where a majority begins, on the bars.
        names: The options in the manifest's order, for the tables of a ranking.
        pairs: How many prefer the row's option to the column's; `paths`: strengths of chains, where these decide.
    """

    title: str
    rule: str
    refused: str
    outcome: str
    reasons: Sequence[str]
    elected_word: str
    caption: str
    unit: str
    figure_name: str
    figure_note: str
    mark_percent: int | None
    spending: Spending | None
    options: Sequence[OptionResult]
    names: Sequence[str]
    pairs: Matrix
    paths: Matrix
    ballots: int
    weight: int
    certificates: Sequence[Certificate]


def view_contest_result(
    contest: Contest, counted: ContestTally, min_ballots: int, eligible_weight: int
) -> ContestResult:
    """Write out one contest's result."""
    opened, rule = bool(counted.ciphertexts), contest.rule
    ranked = contest if isinstance(contest, Rank) and opened else None
    figure_name, figure_note = _figure_words(contest)
    return ContestResult(
        title=localized(contest.title),
        rule=how_it_is_decided(contest),
        refused="" if opened else _why_refused(counted.ballots, min_ballots),
        outcome=say_outcome(contest, counted, eligible_weight) if opened else "",
        reasons=say_why(contest, counted, eligible_weight) if opened else (),
        elected_word=_elected_word(contest),
        caption=gettext("Totals of “%(contest)s”", contest=localized(contest.title)),
        unit=_unit(contest),
        figure_name=figure_name,
        figure_note=figure_note,
        mark_percent=rule.percent if isinstance(rule, Majority) else None,
        spending=Spending(spent_of(contest, rule, counted), rule.budget)
        if isinstance(rule, Budget) and opened
        else None,
        options=_rows(contest, counted) if opened else (),
        names=[localized(option.label) for option in contest.options],
        pairs=pair_matrix(ranked, counted.totals, counted.weight) if ranked else [],
        paths=path_matrix(ranked, counted.totals, counted.weight) if ranked and isinstance(rule, Schulze) else [],
        ballots=counted.ballots,
        weight=counted.weight,
        certificates=[
            Certificate(ciphertext, certificate.m, certificate.r)
            for ciphertext, certificate in zip(counted.ciphertexts, counted.certificates, strict=True)
        ],
    )


def _rows(contest: Contest, counted: ContestTally) -> list[OptionResult]:
    totals, whole = _totals(contest, counted)
    costs: Sequence[int | None] = [None] * len(totals)
    if isinstance(contest.rule, Budget):
        costs = contest.rule.costs
    rows = [
        OptionResult(
            label=localized(option.label),
            total=total,
            figure="–" if _left_out(contest, option.id) else _figure(contest, total, whole, counted.weight),
            whole=whole,
            cost=cost,
            elected=option.id in counted.outcome.elected,
            tied=option.id in counted.outcome.tied,
            abstain=option.id == contest.abstain,
        )
        for option, total, cost in zip(contest.options, totals, costs, strict=True)
    ]
    return sorted(rows, key=lambda row: (row.abstain, -row.total))


def _totals(contest: Contest, counted: ContestTally) -> tuple[Sequence[int], int]:
    """Return what each option is listed with, and what a full bar stands for."""
    if isinstance(contest, Rank):
        found: list[Standing] = standings(contest, counted.totals, counted.weight)
        if isinstance(contest.rule, Borda):
            return [one.score for one in found], counted.weight * max(1, len(found) - 1 - bool(contest.abstain))
        return [one.beats for one in found], max(1, len(found) - 1 - bool(contest.abstain))
    if isinstance(contest, Score):
        return counted.totals, contest.top * counted.weight
    if isinstance(contest, Points):
        return counted.totals, sum(counted.totals)
    if isinstance(contest.rule, Majority):
        pairs = zip(contest.option_ids, counted.totals, strict=True)
        return counted.totals, sum(total for option, total in pairs if option != contest.abstain)
    return counted.totals, counted.weight


def _left_out(contest: Contest, option: str) -> bool:
    return isinstance(contest.rule, Majority | Schulze | Borda) and option == contest.abstain


def _figure(contest: Contest, total: int, whole: int, weight: int) -> str:
    if isinstance(contest, Rank):
        return percent(total, whole) if isinstance(contest.rule, Borda) else ""
    if isinstance(contest, Score):
        return writing.write_number(total / weight, page_locale(), "0.00") if weight else "–"
    return percent(total, whole)


def _figure_words(contest: Contest) -> tuple[str, str]:
    if isinstance(contest, Rank):
        if isinstance(contest.rule, Borda):
            return gettext("Share"), gettext("The share is that of all direct comparisons on the ballots.")
        return "", ""
    if isinstance(contest, Score):
        return gettext("Mean"), gettext(
            "The mean is that of all counted ballots, from 0 to %(top)s.", top=number(contest.top)
        )
    if isinstance(contest, Points):
        return gettext("Share"), gettext("The share is that of all points given.")
    if isinstance(contest.rule, Majority):
        return gettext("Share"), gettext("The share is that of all votes that were not abstentions.")
    return gettext("Share"), gettext("The share is that of all counted ballots.")


def _elected_word(contest: Contest) -> str:
    if isinstance(contest.rule, Majority):
        return gettext("Accepted")
    return gettext("Funded") if isinstance(contest.rule, Budget) else gettext("Elected")


def _unit(contest: Contest) -> str:
    if isinstance(contest, Rank):
        return gettext("Score") if isinstance(contest.rule, Borda) else gettext("Beats")
    if isinstance(contest, Score):
        return gettext("Score")
    return gettext("Points") if isinstance(contest, Points) else gettext("Votes")


def _why_refused(ballots: int, min_ballots: int) -> str:
    if ballots < min_ballots:
        return gettext(
            "This contest was not decrypted: %(ballots)s ballots were counted; at least %(least)s keep votes secret.",
            ballots=number(ballots),
            least=number(min_ballots),
        )
    return gettext(
        "This contest was not decrypted: so few ballots have some weight that the total could show their votes."
    )
