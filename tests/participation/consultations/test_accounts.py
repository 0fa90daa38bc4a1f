"""People sign in with the site's identity provider: there and back over real HTTP, one account and one mailbox each."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from evote.settings import Oidc
from participation.answers.authorities import AuthorityData, add_authority
from participation.moderation.deciding import bar
from tests.support.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, mocked, provided
from tests.support.participation import Town, Visitor
from tests.support.server import Clock

Consult = Callable[..., str]
TakePart = Callable[[str], Visitor]
CALLBACK, PAGE = "/sign-in/callback", "/me/sign-in"
MAIL: dict[str, Any] = {"email": "Ada@Example.org", "email_verified": True}


@pytest.fixture
def provider(clock: Clock) -> Iterator[IdentityProvider]:
    with provided(clock) as made:
        yield made


@pytest.fixture
def town(make_town: Callable[..., Town], provider: IdentityProvider) -> Town:
    made = make_town(oidc=Oidc(provider.issuer, CLIENT_ID, CLIENT_SECRET, "Citizen ID"))
    with made.services.database.writing() as session:
        data = AuthorityData({"en": "Transport Department"}, "a@example.org", "", "gb-eng", "en")
        add_authority(session, made.ports, data)
    return made


def leave(visitor: Visitor, back: str = "/") -> str:
    """Press the button; returns the way back that the provider names."""
    away = visitor.client.get(f"{PAGE}/provider", query_string={"back": back})
    assert away.status_code == 303, away.get_data(as_text=True)
    way = str(httpx.get(away.location).headers["location"])
    return way[way.index(CALLBACK) :]


def enter(town: Town) -> Visitor:
    """Sign in with the provider."""
    visitor = town.visitor()
    visitor.client.get(leave(visitor))
    assert visitor.client.get("/me/").status_code == 200
    return visitor


def copy(visitor: Visitor) -> Any:
    return json.loads(visitor.client.get("/me/data.json").get_data())


def test_who_wants_to_write_goes_to_the_provider_and_comes_back_there(town: Town, consult: Consult) -> None:
    place, visitor = consult() + "/write", town.visitor()
    assert "/me/sign-in" in visitor.client.get(f"/fa{place}").location
    page = visitor.get("/fa" + PAGE + f"?back=/fa{place}")
    (link,) = re.findall(r'href="(/fa/me/sign-in/provider[^"]*)"', page)
    away = visitor.client.get(link).location
    assert "ui_locales=fa" in away
    way = str(httpx.get(away).headers["location"])
    assert visitor.client.get(way[way.index(CALLBACK) :]).location == f"/fa{place}"
    visitor.submit(place, text="Ferries are forgotten.")
    shown = visitor.get("/me/")
    assert "Signs in with" in shown
    assert "Citizen ID" in shown
    assert (copy(visitor)["method"], copy(visitor)["mail"], len(copy(visitor)["accounts"])) == ("oidc", "", 1)


def test_an_account_is_one_person_and_another_account_another(town: Town, provider: IdentityProvider) -> None:
    first = enter(town)
    first.submit("/me/", name="Ada")
    assert copy(enter(town))["name"] == "Ada"
    provider.subject = "V-002"
    assert copy(enter(town))["name"] == ""


def test_a_verified_mailbox_is_one_person_by_code_and_by_account(
    town: Town, provider: IdentityProvider, take_part: TakePart
) -> None:
    take_part("ada@example.org").submit("/me/", name="Ada")
    provider.claims = dict(MAIL)
    assert copy(enter(town))["name"] == "Ada"
    provider.claims = {"email": "new@example.org", "email_verified": True}  # the account is known by its subject now
    assert copy(enter(town))["mail"] == "ada@example.org"
    provider.claims.clear()
    assert copy(enter(town))["name"] == "Ada"


def test_a_mailbox_that_the_provider_names_later_is_the_same_person(
    town: Town, provider: IdentityProvider, take_part: TakePart
) -> None:
    enter(town).submit("/me/", name="Ada")
    provider.claims = dict(MAIL)
    assert copy(enter(town))["mail"] == "Ada@example.org"
    assert copy(take_part("ada@example.org"))["name"] == "Ada"


def test_a_mailbox_that_was_somebody_s_before_stays_theirs(
    town: Town, provider: IdentityProvider, take_part: TakePart
) -> None:
    enter(town).submit("/me/", name="By account")
    take_part("ada@example.org").submit("/me/", name="By mail")
    provider.claims = dict(MAIL)
    assert (copy(enter(town))["name"], copy(enter(town))["mail"]) == ("By account", "")
    assert copy(take_part("ada@example.org"))["name"] == "By mail"


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": "true"}, {"email": ["a@b.cd"]}])
def test_an_address_that_nobody_verified_is_nobody_s(
    town: Town, provider: IdentityProvider, take_part: TakePart, claims: dict[str, Any]
) -> None:
    take_part("ada@example.org").submit("/me/", name="Ada")
    provider.claims = {**MAIL, **claims}
    assert (copy(enter(town))["name"], copy(enter(town))["mail"]) == ("", "")


@pytest.mark.parametrize("mail", ["nobody", "a@" + "x" * 300 + ".org", "a@b..org", "\0"])
def test_an_address_that_is_none_is_passed_over(town: Town, provider: IdentityProvider, mail: str) -> None:
    provider.claims = {"email": mail, "email_verified": True}
    assert copy(enter(town))["mail"] == ""


def test_who_left_for_good_comes_back_as_somebody_new_and_who_is_barred_does_not(town: Town) -> None:
    gone = enter(town)
    gone.submit("/me/", name="Ada")
    gone.submit("/me/leave")
    again = enter(town)
    assert copy(again)["name"] == ""
    with town.services.database.writing() as session:
        bar(session, town.ports, 2, because="Advertises again and again.", by="Mo")
    town.clock.forward(minutes=5)
    again.submit("/me/leave")
    assert "Advertises again and again." in enter(town).get("/me/")


@pytest.mark.parametrize(
    ("answer", "broken", "says"),
    [
        ({"error": "access_denied", "code": ""}, "", "You did not sign in with Citizen ID."),
        ({"code": "guessed"}, "", "Citizen ID did not let you sign in."),
        ({}, "/token", "Citizen ID cannot be reached now."),
        ({"iss": "https://evil.example"}, "", "could not be trusted"),
    ],
)
def test_a_sign_in_that_comes_to_nothing_says_so_and_keeps_the_way(
    town: Town, provider: IdentityProvider, answer: dict[str, str], broken: str, says: str
) -> None:
    provider.answer.update(answer)
    provider.broken.add(broken)
    visitor = town.visitor()
    place = visitor.client.get(leave(visitor, "/consultations/")).location
    assert place == f"{PAGE}?back=/consultations/"
    page = visitor.get(place)
    assert "You are not signed in" in page
    assert says in page
    assert 'value="/consultations/"' in page
    assert says not in visitor.get(place), "it is said once"
    assert PAGE in visitor.get("/me/", 303)


def test_the_way_back_works_once_soon_and_in_its_own_browser(town: Town) -> None:
    visitor, other = town.visitor(), town.visitor()
    way = leave(visitor)
    assert "began in another browser" in other.get(way, 401)
    assert visitor.client.get(way).location == "/"
    visitor.submit("/me/sign-out", "/me/")
    assert visitor.client.get(way).status_code == 401
    late = leave(other)
    town.clock.forward(minutes=11)
    assert other.client.get(late).location.startswith(PAGE)
    for one in (visitor, other):
        assert PAGE in one.get("/me/", 303)


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example", "/" + "x" * 5000])
def test_nobody_is_led_off_the_site_by_the_provider(town: Town, back: str) -> None:
    visitor = town.visitor()
    assert visitor.client.get(leave(visitor, back)).location == "/"


def test_an_account_for_signing_a_petition_signs_nobody_in(town: Town) -> None:
    visitor = town.visitor()
    with visitor.client.session_transaction() as held:
        account = {"issuer": "https://id.example", "subject": "V-001", "mail": "", "name": ""}
        held["participation_account"], held["participation_account_since"] = account, int(town.clock().timestamp())
    assert PAGE in visitor.get("/me/", 303)


def test_without_a_provider_there_is_no_button(make_town: Callable[..., Town]) -> None:
    visitor = make_town().visitor()
    assert f"{PAGE}/provider" not in visitor.get(PAGE)
    assert visitor.client.get(f"{PAGE}/provider").status_code == 404


def test_with_oidc_provider_mock(make_town: Callable[..., Town], clock: Clock) -> None:
    """The same way with a provider that others wrote, which says the address in answer to the scope `email`."""
    known = {"sub": "V-002", "email": "ada@example.org", "email_verified": True}
    with mocked(known) as issuer:
        town = make_town(oidc=Oidc(issuer, "evote", "any secret", "The mock", scope="openid email"))
        clock.now = datetime.now(UTC)
        visitor = town.visitor()
        away = visitor.client.get(f"{PAGE}/provider").location
        way = str(httpx.post(away, data={"sub": "V-002"}).headers["location"])
        assert visitor.client.get(way[way.index(CALLBACK) :]).location == "/"
        assert copy(visitor)["mail"] == "ada@example.org"
