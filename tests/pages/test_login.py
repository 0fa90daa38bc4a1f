"""Logging in with plain forms, from the voter id to the booth."""

import re

import pytest
from flask.testing import FlaskClient

from tests.pages.conftest import Gallery


def _token(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).get_data(as_text=True))
    assert found is not None
    return found[1]


def _ask(gallery: Gallery, client: FlaskClient, voter_id: str) -> str:
    """Type a voter id; returns where the site leads."""
    address = gallery.path("open", "/login")
    answer = client.post(address, data={"voter_id": voter_id, "csrf_token": _token(client, address)})
    assert answer.status_code == 303
    return str(answer.location)


def _newest_code(gallery: Gallery, to: str) -> str:
    mails = gallery.client().get(f"/api/outbox?to={to}").get_json()["messages"]
    return next(line for line in str(mails[0]["text"]).splitlines() if line.replace(" ", "").isdigit())


def test_voter_id_and_code_lead_to_the_booth(gallery: Gallery) -> None:
    client = gallery.client()
    address = _ask(gallery, client, " V-001 ")
    assert address == gallery.path("open", "/login/code")
    form = {"code": _newest_code(gallery, "voter1@example.org"), "csrf_token": _token(client, address)}
    answer = client.post(address, data=form)
    assert (answer.status_code, answer.location) == (303, gallery.path("open", "/vote"))
    assert client.get(f"/api{gallery.path('open', '/me')}").status_code == 200


def test_a_wrong_code_is_refused_and_can_be_tried_again(gallery: Gallery) -> None:
    client = gallery.client()
    address = _ask(gallery, client, "V-002")
    answer = client.post(address, data={"code": "0000", "csrf_token": _token(client, address)})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert 'href="#code"' in page
    assert 'aria-invalid="true"' in page


def test_the_code_page_says_for_whom_for_how_long_and_sends_another(gallery: Gallery) -> None:
    client = gallery.client()
    address = _ask(gallery, client, "V-006")
    page = client.get(address).get_data(as_text=True)
    for words in ('<bdi class="code">V-006</bdi>', "15 minutes", 'autocomplete="one-time-code"', 'inputmode="numeric"'):
        assert words in page
    assert 'value="V-006"' in client.get(gallery.path("open", "/login")).get_data(as_text=True)
    for number in range(5):
        answer = client.post(f"{address}/again", data={"csrf_token": _token(client, address)})
        says = "Another code is on its way." if number < 4 else "5 codes were asked for within an hour."
        assert (answer.location, says in client.get(address).get_data(as_text=True)) == (address, True)
    assert gallery.client().post(f"{address}/again").status_code == 400


def test_codes_and_ids_are_taken_as_people_paste_them(gallery: Gallery) -> None:
    client = gallery.client()
    address = _ask(gallery, client, " V-۰۰۷ ")
    persian = _newest_code(gallery, "voter7@example.org").translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    form = {"code": f"  {persian} ", "csrf_token": _token(client, address)}
    assert client.post(address, data=form).location == gallery.path("open", "/vote")


def test_a_code_that_was_used_is_named_as_such(gallery: Gallery) -> None:
    client, codes = gallery.client(), []
    for says in ("", "This code was right, but it is older than a quarter of an hour or was used."):
        address = _ask(gallery, client, "V-008")
        codes.append(_newest_code(gallery, "voter8@example.org"))
        answer = client.post(address, data={"code": codes[0], "csrf_token": _token(client, address)})
        assert says in answer.get_data(as_text=True)


def test_an_unknown_voter_id_gets_the_same_answer(gallery: Gallery) -> None:
    assert _ask(gallery, gallery.client(), "nobody") == gallery.path("open", "/login/code")


@pytest.mark.parametrize(("typed", "says"), [("", "Enter your voter id"), ("x" * 200, "longer than any voter id")])
def test_a_voter_id_that_cannot_be_one_is_explained(gallery: Gallery, typed: str, says: str) -> None:
    client, address = gallery.client(), gallery.path("open", "/login")
    answer = client.post(address, data={"voter_id": typed, "csrf_token": _token(client, address)})
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)


def test_the_code_page_without_a_voter_id_leads_back(gallery: Gallery) -> None:
    answer = gallery.client().get(gallery.path("open", "/login/code"))
    assert (answer.status_code, answer.location) == (303, gallery.path("open", "/login"))


def test_a_form_of_another_site_is_refused(gallery: Gallery) -> None:
    answer = gallery.client().post(gallery.path("open", "/login"), data={"voter_id": "V-001"})
    assert answer.status_code == 400
    assert "That did not arrive whole" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("draft", "Voting has not opened yet"),
        ("waiting", "Voting has not opened yet"),
        ("closing", "Voting is over"),
        ("closed", "Voting is over"),
        ("tallied", "Voting is over"),
        ("annulled", "Voting is over"),
    ],
)
def test_nobody_logs_in_while_it_is_not_open(gallery: Gallery, state: str, says: str) -> None:
    assert says in gallery.get(gallery.path(state, "/login"), 409)
