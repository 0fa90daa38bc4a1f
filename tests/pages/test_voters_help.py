"""Help where a voter needs it, in the words that fit how the election stands."""

import re
from dataclasses import replace

import pytest

from evote.app import create_app
from evote.current import EXTENSION
from evote.pages.explanations import TOPICS
from tests.pages.conftest import Gallery

STATES = ("draft", "frozen", "waiting", "open", "closing", "closed", "tallied", "annulled")


@pytest.mark.parametrize("state", STATES)
def test_every_part_that_is_listed_is_there(gallery: Gallery, state: str) -> None:
    page = gallery.get(gallery.path(state, "/help"))
    listed = re.findall(r'<li><a href="#([a-z]+)">', page)
    assert len(listed) == 9
    for part in listed:
        assert page.count(f'id="{part}"') == 1, part


def test_the_help_says_how_things_stand_and_whom_to_ask(gallery: Gallery) -> None:
    assert "You can vote until" in gallery.get(gallery.path("open", "/help"))
    assert "has not opened yet" in gallery.get(gallery.path("waiting", "/help"))
    assert "Voting is over" in gallery.get(gallery.path("tallied", "/help"))
    assert "Everybody on the roll has one vote." in gallery.get(gallery.path("open", "/help"))
    services = gallery.app.extensions[EXTENSION]
    settings = replace(services.settings, contact="help@vote.example, 01 23 45")
    client = create_app(settings, replace(services, settings=settings)).test_client()
    assert "help@vote.example, 01 23 45" in client.get(gallery.path("open", "/help")).get_data(as_text=True)
    assert "run this site" not in gallery.get(gallery.path("open", "/help"))


def test_an_unknown_election_has_no_help(gallery: Gallery) -> None:
    gallery.get("/elections/00000000-0000-4000-8000-000000000000/help", 404)


def test_each_word_has_a_page_that_leads_to_the_others(gallery: Gallery) -> None:
    whole = gallery.get("/how-it-works")
    for topic in TOPICS:
        page = gallery.get(f"/how-it-works/{topic}")
        assert f'href="/how-it-works/{topic}"' in whole
        for other in TOPICS:
            assert (f'href="/how-it-works/{other}"' in page) == (other != topic)
    gallery.get("/how-it-works/everything", 404)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("draft", "Until the election is fixed, this time can change."),
        ("frozen", "Voting has not opened yet"),
        ("waiting", "Keep the letter with your code until then."),
        ("closing", "The result will stand on the page of the election."),
        ("closed", "No ballot is taken any more."),
        ("tallied", "See the result"),
        ("annulled", "The letters of one street were never delivered."),
    ],
)
def test_a_booth_that_takes_no_ballots_says_what_comes_next(gallery: Gallery, state: str, says: str) -> None:
    page = gallery.get(gallery.path(state, "/vote"))
    assert says in page
    assert gallery.path(state, "/help") in page
    assert re.search(r'id="booth-bar" hidden', page)
    assert "You have not voted yet." in page  # hidden, until a ballot that was on its way is found


def test_too_early_and_too_late_is_nobodys_mistake(gallery: Gallery) -> None:
    for state in ("waiting", "closed"):
        page = gallery.get(gallery.path(state, "/login"), 409)
        assert "No ballots are taken now" in page
        assert "Error 409" not in page
        assert gallery.path(state, "/help") in page
        assert f'href="{gallery.path(state)}"' in page


def test_the_short_address_asks_for_the_election(gallery: Gallery) -> None:
    page = gallery.get("/check")
    for state in ("open", "tallied"):
        assert gallery.path(state, "/verify") in page
    assert gallery.path("draft", "/verify") not in page
