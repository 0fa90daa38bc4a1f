"""The result of contests of every kind."""

import re

import pytest

from ballots.definition import Option, Rank, Schulze
from evote.elections.queries import get_tally
from evote.pages.rankings import pair_matrix
from tests.pages.conftest import Gallery


def test_a_result_shows_turnout_totals_outcome_and_certificates(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("tallied", "/result"))
    assert "18 / 20 (90.0%)" in page
    assert page.count("18 ballots counted.") == 6
    assert page.count("Certificates: why this count is right") == 6
    assert "Clerk of the court, Bar association" in page
    for phrase in ("Funded: ", "Elected: ", "the majority it needs", "How many prefer the option of the row"):
        assert phrase in page, phrase


def test_totals_on_the_page_are_those_of_the_tally(gallery: Gallery) -> None:
    services = gallery.app.extensions["evote"]
    with services.database.reading() as session:
        tally = get_tally(session, gallery.ids["tallied"])
    assert tally is not None
    page = gallery.get(gallery.path("tallied", "/result"))
    tramway = re.search(r"Totals of “Tramway.*?</table>", page, re.DOTALL)
    assert tramway is not None
    shown = [int(cell) for cell in re.findall(r'<td class="number">(\d+)</td>', tramway[0])]
    yes, no, abstained = tally.contests[0].totals
    assert shown == [max(yes, no), min(yes, no), abstained]
    for contest in tally.contests:
        for certificate in contest.certificates:
            assert certificate.m in page
            assert certificate.r in page


def test_a_result_tells_how_to_check_it(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("tallied", "/result"))
    assert f"python -m verifier fetch https://vote.example{gallery.path('tallied', '/record/')} record" in page


def test_a_contest_with_too_few_ballots_is_not_shown(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("refused", "/result"))
    assert "2 ballots were counted; at least 5 keep votes secret" in page
    assert "Totals of" not in page


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("open", "It is made after voting has closed."),
        ("closed", "The trustees are at work."),
        ("annulled", "there is no count"),
    ],
)
def test_without_a_result_the_page_says_what_it_waits_for(gallery: Gallery, state: str, sentence: str) -> None:
    page = gallery.get(gallery.path(state, "/result"))
    assert "There is no result yet." in page
    assert sentence in page


@pytest.mark.parametrize(("ties", "totals"), [(False, [7, 4, 1]), (True, [7, 4, 3, 1, 6, 9])])
def test_the_other_half_of_a_strict_ranking_follows_from_the_weight(ties: bool, totals: list[int]) -> None:
    options = [Option(name, {}, {}, {}, {}) for name in "abc"]
    ranking = Rank(id="c", title={}, options=options, abstain="", rule=Schulze(1), ties=ties)
    assert pair_matrix(ranking, totals, 10) == [[None, 7, 4], [3, None, 1], [6, 9, None]]
