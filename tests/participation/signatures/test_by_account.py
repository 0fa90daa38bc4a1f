"""Signing with an account: over real HTTP with a provider of the tests' own, and back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from evote.settings import Oidc
from tests.support.browser import served
from tests.support.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, provided
from tests.support.participation import Town, Visitor, hidden_fields
from tests.support.server import Clock
from tests.support.signing import PETITION, Signing
from verifier.petition import check_petition
from verifier.petition_fetch import fetch_petition

PAGE = f"/petitions/{PETITION}/sign-with-account/"
FORM = {"name": "Mina", "region": "IR-23", "postcode": "12345", "consent": "y"}


@pytest.fixture
def provider(clock: Clock) -> Iterator[IdentityProvider]:
    with provided(clock) as made:
        yield made


@pytest.fixture
def signing(make_town: Callable[..., Town], provider: IdentityProvider) -> Signing:
    made = Signing(make_town(oidc=Oidc(provider.issuer, CLIENT_ID, CLIENT_SECRET, "Citizen ID")))
    made.open("mail oidc")
    return made


def come_back(signing: Signing) -> Visitor:
    """Leave for the provider and come back."""
    visitor = Visitor(signing.town.app)
    away = visitor.client.get(f"{PAGE}leave")
    assert away.status_code == 303, away.get_data(as_text=True)
    back = str(httpx.get(away.location).headers["location"])
    assert visitor.client.get(back[back.index("/sign-in/callback") :]).location == PAGE
    return visitor


def sign(visitor: Visitor, **fields: str) -> tuple[int, str]:
    shown = visitor.client.get(PAGE).get_data(as_text=True)
    answer = visitor.client.post(PAGE, data={**hidden_fields(shown), **FORM, **fields}, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_whoever_the_provider_vouches_for_signs_once_and_shows_as_verified(
    signing: Signing, provider: IdentityProvider, tmp_path: Path
) -> None:
    assert "Continue with Citizen ID" in Visitor(signing.town.app).get(PAGE)
    status, page = sign(come_back(signing))
    assert (status, "You have signed" in page) == (200, True)
    assert "You have already signed" in sign(come_back(signing), name="Another name")[1]
    provider.subject = "V-002"
    assert "You have signed" in sign(come_back(signing))[1]

    report = check_petition(signing.export(tmp_path / "record"))
    assert (report.failed_parts(), report.counted) == ([], {"mail": 0, "oidc": 2, "roll": 0})
    assert "an identity provider vouched" in Visitor(signing.town.app).get(f"/petitions/{PETITION}/count")


def test_account_and_mail_of_one_mailbox_are_one_person(signing: Signing, provider: IdentityProvider) -> None:
    signing.sign(1, name="Mina", mail="mina@example.org", postcode="12345", region="IR-23")
    provider.claims = {"email": "Mina@Example.org", "email_verified": True}
    assert "You have signed" in sign(come_back(signing), name="Someone at home")[1]  # two may share a mailbox
    provider.subject = "V-003"
    assert "You have already signed" in sign(come_back(signing), name="A third")[1]


@pytest.mark.parametrize("mail", ["nobody", "a@b..org", "a@" + "x" * 300 + ".org", "\0"])
def test_an_address_that_is_none_keeps_nobody_from_signing(
    signing: Signing, provider: IdentityProvider, mail: str
) -> None:
    provider.claims = {"email": mail, "email_verified": True}
    assert "You have signed" in sign(come_back(signing))[1]


def test_nobody_signs_without_the_provider_or_after_a_quarter_of_an_hour(signing: Signing) -> None:
    visitor = Visitor(signing.town.app)
    token = hidden_fields(visitor.client.get(f"/petitions/{PETITION}/sign").get_data(as_text=True))
    assert visitor.client.post(PAGE, data={**token, **FORM}).status_code in (303, 400)

    visitor = come_back(signing)
    assert sign(visitor, consent="")[0] == 422
    signing.town.clock.forward(minutes=16)
    assert "Continue with Citizen ID" in visitor.get(PAGE)


def test_a_provider_that_refuses_is_said(signing: Signing, provider: IdentityProvider) -> None:
    provider.answer = {"error": "access_denied"}
    visitor = come_back(signing)

    assert "You did not sign in with Citizen ID" in visitor.get(PAGE)


def test_the_record_is_fetched_over_http_and_checked(signing: Signing, tmp_path: Path) -> None:
    signing.sign(1)
    signing.count()
    with served(signing.town.app) as address:
        url = f"{address}/petitions/{PETITION}"
        assert fetch_petition(url, tmp_path / "record", lambda *_: None) == 2
        signing.sign(2)
        signing.count()
        assert fetch_petition(url, tmp_path / "record", lambda *_: None) == 3

    assert check_petition(tmp_path / "record").failed_parts() == []
