"""Outcomes in sentences: margins, majorities and turnout, budgets, comparisons."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from ballots.definition import Contest
from ballots.outcome import decide
from ballots.result import ContestTally, Elected, Opened
from evote.pages.contest_result import ContestResult, view_contest_result
from tests.pages.conftest import Gallery
from tests.support.elections import contest

PLURALITY = {"name": "plurality", "seats": 1}
MAJORITY = {"name": "majority", "percent": 50, "turnout_percent": 40, "of": "yes"}


def view(
    gallery: Gallery, kind: str, ids: Sequence[str], rule: dict[str, Any], totals: list[int], **more: Any
) -> ContestResult:
    weight, eligible = more.pop("weight", 10), more.pop("eligible", 20)
    made = msgspec.convert(contest("c", kind, ids, rule, **more), Contest)
    outcome = decide(made, totals, weight, eligible)
    chosen = Elected(list(outcome.elected), list(outcome.tied))
    counted = ContestTally("c", weight, weight, ["C"], [Opened("m", "r")], totals, chosen)
    with gallery.app.test_request_context():
        return view_contest_result(made, counted, 1, eligible)


@pytest.mark.parametrize(
    ("totals", "seats", "outcome", "reasons"),
    [
        ([6, 3, 1], 1, "Elected: A.", ["A is ahead of B by 3 votes."]),
        ([5, 4, 4], 1, "Elected: A.", ["A is ahead of B, C by 1 vote."]),
        ([6, 3, 1], 2, "Elected: A, B.", ["B is ahead of C by 2 votes."]),
        ([4, 4, 1], 1, "Tied: A, B. People decide between them, not this program.", []),
        ([6, 3, 1], 3, "Elected: A, B, C.", []),
    ],
)
def test_a_plurality_says_its_margin(
    gallery: Gallery, totals: list[int], seats: int, outcome: str, reasons: list[str]
) -> None:
    rule = {"name": "plurality", "seats": seats}
    found = view(gallery, "choose", "abc", rule, totals, min=0, max=3)
    assert (found.outcome, list(found.reasons)) == (outcome, reasons)


@pytest.mark.parametrize(
    ("totals", "eligible", "phrases"),
    [
        ([6, 3, 1], 20, ("“Yes” is accepted", "6 votes, 66.7% of those", "turnout is 50.0%; at least 40% was needed")),
        ([4, 4, 2], 20, ("does not have the majority it needs", "50.0% of those", "more than 50% were needed")),
        ([6, 3, 1], 100, ("too few of those who may vote took part", "turnout is 10.0%")),
    ],
)
def test_a_referendum_says_majority_and_turnout(
    gallery: Gallery, totals: list[int], eligible: int, phrases: tuple[str, ...]
) -> None:
    more = {"min": 1, "max": 1, "abstain": "blank", "eligible": eligible}
    found = view(gallery, "choose", ["yes", "no", "blank"], MAJORITY, totals, **more)
    text = " ".join((found.outcome, *found.reasons))
    for phrase in phrases:
        assert phrase in text
    assert found.mark_percent == 50
    assert [row.figure for row in found.options][-1] == "–"


@pytest.mark.parametrize(
    ("totals", "outcome", "spent"),
    [([5, 4, 1], "Funded: A, C.", 9), ([4, 4, 1], "Tied: A, B. People decide between them, not this program.", 0)],
)
def test_a_budget_says_what_it_cost(gallery: Gallery, totals: list[int], outcome: str, spent: int) -> None:
    rule = {"name": "budget", "budget": 10, "costs": [7, 6, 2]}
    found = view(gallery, "choose", "abc", rule, totals, min=0, max=3)
    assert found.outcome == outcome
    assert found.spending is not None
    assert found.spending.spent == spent
    assert f"They cost {spent} of the budget of 10; {10 - spent} is left." in found.reasons
    assert [row.cost for row in found.options] == [7, 6, 2]


def test_rankings_say_who_beats_whom(gallery: Gallery) -> None:
    rule = {"name": "schulze", "seats": 1}
    winner = view(gallery, "rank", "abc", rule, [7, 8, 6], ties=False)
    assert winner.reasons == ["A beats every other option in direct comparison."]
    assert [(row.label, row.total) for row in winner.options] == [("A", 2), ("B", 1), ("C", 0)]
    assert winner.pairs == [[None, 7, 8], [3, None, 6], [2, 4, None]]
    circle = view(gallery, "rank", "abc", rule, [7, 4, 8], ties=False)
    assert "No option beats all others" in circle.reasons[0]
    assert circle.outcome == "Elected: A."
    assert circle.paths == [[None, 7, 7], [6, None, 8], [6, 6, None]]
    borda = view(gallery, "rank", "abc", {"name": "borda", "seats": 1}, [7, 8, 6], ties=False)
    assert next((row.label, row.total, row.figure) for row in borda.options) == ("A", 15, "75.0%")
    assert borda.paths == []


def test_scores_show_their_mean_and_points_their_share(gallery: Gallery) -> None:
    score = view(gallery, "score", "ab", PLURALITY, [25, 10], top=3)
    assert [(row.total, row.figure, row.whole) for row in score.options] == [(25, "2.50", 30), (10, "1.00", 30)]
    points = view(gallery, "points", "ab", PLURALITY, [30, 10], points=5)
    assert [(row.total, row.figure) for row in points.options] == [(30, "75.0%"), (10, "25.0%")]
    assert points.reasons == ["A is ahead of B by 20 points."]
