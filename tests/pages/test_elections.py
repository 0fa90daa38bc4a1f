"""The list of elections and the page of each."""

import re

import pytest

from evote.app import create_app
from evote.elections.documents import hash_text
from evote.pages.prose import render_prose
from evote.settings import Settings
from tests.pages.conftest import Gallery
from tests.support.gallery import gallery_settings
from tests.support.server import make_services

DRAWN = ("Plane tree", "Water mill", "Grey heron")
"""The emblems in the order that their seed gives."""


def test_home_sorts_elections_by_where_they_stand(gallery: Gallery) -> None:
    page = gallery.get("/")
    places = [page.index(title) for title in ("Open now", "Coming up", "Being counted", "Finished")]
    assert places == sorted(places)
    assert page.index("Open now") < page.index("A new emblem") < page.index("Coming up")
    assert page.index("Being counted") < page.index("Tramway referendum") < page.index("Finished")
    assert "A vote in preparation" not in page


def test_home_without_an_election_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings: Settings = gallery_settings(tmp_path_factory.mktemp("empty"))
    services = make_services(settings)
    answer = create_app(settings, services).test_client().get("/")
    services.database.close()
    assert answer.status_code == 200
    assert "No election yet" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("draft", "What you see here can still change."),
        ("frozen", "It opens when every trustee has signed the fingerprint below"),
        ("waiting", "Voting opens on "),
        ("open", "You can vote until "),
        ("closing", "The last ballots are being put on the board"),
        ("closed", "1 of 3 needed signatures"),
        ("tallied", "The votes are counted."),
        ("annulled", "The letters of one street were never delivered."),
    ],
)
def test_an_election_says_where_it_stands_and_what_to_do(gallery: Gallery, state: str, sentence: str) -> None:
    assert sentence in gallery.get(gallery.path(state))


@pytest.mark.parametrize("state", ["draft", "frozen", "waiting", "closing", "closed", "tallied", "annulled"])
def test_voting_is_offered_only_while_it_is_open(gallery: Gallery, state: str) -> None:
    assert "Vote now" in gallery.get(gallery.path("open"))
    assert "Vote now" not in gallery.get(gallery.path(state))


def test_an_election_shows_candidates_rules_people_and_fingerprints(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("open"))
    for text in (
        "Grey heron",
        "is seen from every bridge.",
        "Choose one.",
        "The option with the highest total is elected.",
        "fit the budget of 900,000",
        "Costs 35,000",
        "For abstaining. It is counted, and left out of the outcome.",
        "Clerk of the court",
        "League of voters",
        "(extended)",
        "512 bits",
    ):
        assert text in page, text


def test_options_stand_side_by_side_with_the_same_parts(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("open"))
    table = page[page.index('<table class="compare') : page.index("</table>")]
    rows = table.split("<tr")[2:]
    assert [row.count("<td>") for row in rows] == [3, 3, 3]
    assert table.count("Nothing given") == 2
    assert 'alt="Picture of Grey heron"' in table
    assert table.count('loading="lazy"') == 3
    assert "None of these" not in table


def test_the_rule_of_the_order_is_said_and_can_be_recomputed(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("open"))
    names = [page.index(f'<span class="compare-name" dir="auto">{name}') for name in DRAWN]
    assert names == sorted(names)
    for words in ("drawn by lot", "4 8 15 16 23 42", "Six dice", "begin at different options", "The rule as data"):
        assert words in page, words
    order = gallery.client().get(gallery.path("open", "/order.json"))
    assert [one["name"] for one in order.get_json()["contests"]] == ["drawn", "rotated"]
    assert "in the order of this page" in gallery.get(gallery.path("draft"))


def test_pictures_and_documents_are_listed_with_their_hashes(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("closed"))
    (link,) = set(re.findall(r'href="([^"]+proposal\.txt)"', page))
    answer = gallery.client().get(link)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert hash_text(answer.data) in page


def test_descriptions_are_prose_and_never_markup() -> None:
    text = "One\n\n- two <b>three</b> https://a.example"
    assert str(render_prose(text)).count("<li>") == 1
    assert "<b>" not in render_prose(text)


def test_an_early_close_is_shown_as_it_was(gallery: Gallery) -> None:
    set_time, closed = "Mar 4, 2026, 04:48 UTC", "Mar 2, 2026, 21:00 UTC"
    for page in (gallery.get("/"), gallery.get(gallery.path("tallied"))):
        assert closed in page
        assert set_time not in page


def test_a_draft_has_no_fingerprint_yet(gallery: Gallery) -> None:
    assert "Not fixed yet" in gallery.get(gallery.path("draft"))


def test_a_struck_voter_is_not_counted_as_having_voted(gallery: Gallery) -> None:
    assert "39 (81.2%)" in gallery.get(gallery.path("open"))


def test_every_page_explains_and_links_the_record(gallery: Gallery) -> None:
    assert gallery.path("open", "/record/") in gallery.get(gallery.path("open"))
    assert "How to check an election" in gallery.get("/how-it-works")
