"""Voters sign in with an identity provider: the whole way, every lie, every accident; nothing of it in the logs."""

import logging
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import OctKey

from evote.app import create_app
from evote.logs import configure_logs
from evote.settings import Oidc, Settings
from tests.accounts.conftest import CALLBACK, Polls
from tests.support.identity_provider import CLIENT_ID, mocked, new_key
from tests.support.server import make_stage

NOBODY_TRUSTS = "could not be trusted, and nothing was done with it"


def test_a_voter_goes_there_and_back_to_the_booth(polls: Polls) -> None:
    client = polls.stage.app.test_client()
    page = client.get(polls.page("login")).get_data(as_text=True)
    assert "Sign in with Citizen ID" in page
    assert "It never learns how you vote." in page
    assert "Send me a one-time code" in page
    assert polls.sign_in(client) == polls.page("vote")
    assert client.get(polls.stage.path("me")).get_json()["voter"] == polls.stage.voters[1].key.public


def test_the_language_is_kept(polls: Polls) -> None:
    client = polls.stage.app.test_client()
    away = client.get("/fa" + polls.page("login/provider")).location
    assert "ui_locales=fa" in away
    assert "prompt=login" in away, "whoever used this computer before does not vote for the next"
    back = httpx.get(away).headers["location"]
    assert client.get(back[back.index(CALLBACK) :]).location == "/fa" + polls.page("vote")


LIES: dict[str, dict[str, Any]] = {
    "other nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "other issuer": {"claims": {"iss": "https://evil.example"}},
    "no issuer": {"claims": {"iss": None}},
    "other audience": {"claims": {"aud": "another site"}},
    "two audiences, meant for the other": {"claims": {"aud": [CLIENT_ID, "another"], "azp": "another"}},
    "expired": {"claims": {"exp": 1_700_000_000}},
    "from the future": {"claims": {"iat": 4_000_000_000, "exp": 4_000_000_300}},
    "no subject": {"claims": {"sub": None}},
    "a subject that is no text": {"claims": {"sub": ["V-001"]}},
    "another's access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "another key under the same name": {"signing": new_key("first")},
    "the client's secret as a key": {"signing": OctKey.import_key("secret of the client"), "header": {"alg": "HS256"}},
    "unsigned": {"header": {"alg": "none"}},
    "another issuer leads back": {"answer": {"iss": "https://evil.example"}},
}


@pytest.mark.filterwarnings("ignore:.*alg.*none:UserWarning", "ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("lie", LIES)
def test_a_forged_answer_logs_nobody_in(polls: Polls, lie: str) -> None:
    for name, value in LIES[lie].items():
        setattr(polls.provider, name, dict(value) if isinstance(value, dict) else value)
    assert NOBODY_TRUSTS in polls.says(polls.stage.app.test_client())


@pytest.mark.parametrize(
    ("answer", "broken", "says"),
    [
        ({"error": "access_denied", "code": ""}, "", "You did not sign in with Citizen ID."),
        ({"error": "server_error", "code": ""}, "", "Citizen ID did not let you sign in."),
        ({"code": ""}, "", "Citizen ID did not let you sign in."),
        ({"code": "guessed"}, "", "Citizen ID did not let you sign in."),
        ({}, "/token", "Citizen ID cannot be reached now."),
        ({}, "/jwks", "Citizen ID cannot be reached now."),
    ],
)
def test_each_accident_has_its_sentence(polls: Polls, answer: dict[str, str], broken: str, says: str) -> None:
    polls.provider.answer.update(answer)
    polls.provider.broken.add(broken)
    client = polls.stage.app.test_client()
    assert says in polls.says(client)
    assert says not in client.get(polls.page("login")).get_data(as_text=True), "it is said once"
    polls.provider.honest()
    polls.stage.clock.forward(seconds=31)
    assert polls.sign_in(client) == polls.page("vote")


def test_a_provider_that_is_down_is_not_waited_for_by_everybody(polls: Polls) -> None:
    polls.provider.broken.add("/.well-known/openid-configuration")
    client = polls.stage.app.test_client()
    for _ in range(3):
        assert client.get(polls.page("login/provider")).location == polls.page("login")
        assert "Citizen ID cannot be reached now." in client.get(polls.page("login")).get_data(as_text=True)
    assert len(polls.provider.asked) == 1
    polls.provider.honest()
    polls.stage.clock.forward(seconds=11)
    assert polls.sign_in(client) == polls.page("vote")


def test_a_state_is_good_once_soon_and_in_its_own_browser(polls: Polls) -> None:
    client, other = polls.stage.app.test_client(), polls.stage.app.test_client()
    back = polls.leave(client)
    cookie = client.get_cookie("evote")
    assert cookie is not None
    assert "began in another browser" in other.get(back).get_data(as_text=True)
    assert client.get(back).location == polls.page("vote")
    assert client.get(back).status_code == 401
    client.set_cookie("evote", cookie.value)  # somebody has kept the cookie too
    before = polls.sessions()
    assert client.get(back).location == polls.page("login")
    assert "was used already" in client.get(polls.page("login")).get_data(as_text=True)
    late = polls.leave(other)
    polls.stage.clock.forward(minutes=11)
    assert other.get(late).location == polls.page("login")
    assert polls.sessions() == before
    assert other.get(f"{CALLBACK}?state=x&code=y").status_code == 401


def test_clocks_may_differ_by_a_minute(polls: Polls) -> None:
    now = int(polls.stage.clock().timestamp())
    polls.provider.claims.update(iat=now + 40, exp=now - 40)
    assert polls.sign_in(polls.stage.app.test_client()) == polls.page("vote")
    polls.provider.claims.update(iat=now, exp=now - 80)
    assert NOBODY_TRUSTS in polls.says(polls.stage.app.test_client())


def test_keys_may_change_and_are_not_asked_for_without_end(polls: Polls) -> None:
    client = polls.stage.app.test_client()
    assert polls.sign_in(client) == polls.page("vote")
    polls.provider.key = new_key("second")
    polls.stage.clock.forward(minutes=1)
    assert polls.sign_in(client) == polls.page("vote")
    polls.provider.signing = new_key("third")
    for _ in range(3):
        polls.sign_in(client)
    assert polls.provider.asked.count("/jwks") == 2


def test_odd_keys_do_not_spoil_the_others(polls: Polls) -> None:
    polls.stage.clock.forward(minutes=1)
    odd: list[object] = [{"kty": "new", "kid": "q"}, {"kty": "RSA", "kid": "broken"}, "no key"]
    polls.provider.published = [*odd, new_key("other").as_dict(private=False)]
    polls.provider.key = new_key("third")
    assert polls.sign_in(polls.stage.app.test_client()) == polls.page("vote")
    polls.provider.header["kid"] = None
    assert polls.sign_in(polls.stage.app.test_client()) == polls.page("vote"), "a token that names no key"


def test_who_is_not_on_the_roll_is_told_so(polls: Polls) -> None:
    polls.provider.subject = "V-999"
    assert "not on the roll of this election" in polls.says(polls.stage.app.test_client())


@pytest.mark.parametrize("subject", ["V-۰۰۱", " V-001", "V-001 ", "v-001", "V-001\0", "V-\u0660\u0660\u0661"])
def test_a_claim_is_compared_to_the_letter(polls: Polls, subject: str) -> None:
    polls.provider.subject = subject
    assert "not on the roll of this election" in polls.says(polls.stage.app.test_client())


def test_another_claim_can_name_the_voter(polls: Polls) -> None:
    by_claim = polls.settled(claim="national_id")
    client = by_claim.stage.app.test_client()
    polls.provider.claims["national_id"] = "V-002"
    assert by_claim.sign_in(client) == polls.page("vote")
    assert client.get(polls.stage.path("me")).get_json()["voter"] == polls.stage.voters[2].key.public
    polls.provider.claims["national_id"] = {"V-002": True}
    assert "did not say who you are" in by_claim.says(by_claim.stage.app.test_client())


def test_a_mail_address_counts_only_when_it_is_verified(polls: Polls) -> None:
    by_mail = polls.settled(claim="email", match="mail")
    polls.provider.claims.update(email="Voter3@example.org", email_verified=False)
    assert "did not say who you are" in by_mail.says(by_mail.stage.app.test_client())
    for unclear in ("true", 1, None):
        polls.provider.claims["email_verified"] = unclear
        assert "did not say who you are" in by_mail.says(by_mail.stage.app.test_client())
    polls.provider.claims["email_verified"] = True
    client = by_mail.stage.app.test_client()
    assert by_mail.sign_in(client) == polls.page("vote")
    assert client.get(polls.stage.path("me")).get_json()["voter"] == polls.stage.voters[3].key.public


def test_no_other_claim_counts_as_a_verified_mail_address(polls: Polls) -> None:
    by_contact = polls.settled(claim="contact", match="mail")
    polls.provider.claims.update(contact="voter3@example.org", email_verified=True)
    assert "did not say who you are" in by_contact.says(by_contact.stage.app.test_client())


def test_a_mail_address_that_is_the_voter_id_is_verified_too(polls: Polls) -> None:
    by_id = polls.settled(claim="email")
    polls.provider.claims.update(email="V-002", email_verified=False)
    assert "did not say who you are" in by_id.says(by_id.stage.app.test_client())
    polls.provider.claims["email_verified"] = True
    assert by_id.sign_in(by_id.stage.app.test_client()) == polls.page("vote")


def test_a_weak_sign_in_is_not_enough_where_more_is_demanded(polls: Polls) -> None:
    strict = polls.settled(acr=("loa3",), amr=("hwk", "otp"))
    polls.provider.claims.update(acr="loa1", amr=["hwk"])
    assert "not strong enough" in strict.says(strict.stage.app.test_client())
    polls.provider.claims.update(acr="loa3", amr=["pwd"])
    assert "not strong enough" in strict.says(strict.stage.app.test_client())
    polls.provider.claims.update(amr=["pwd", "otp"])
    assert strict.sign_in(strict.stage.app.test_client()) == polls.page("vote")


def test_nobody_signs_in_to_an_election_that_is_not_open(polls: Polls) -> None:
    client = polls.stage.app.test_client()
    back, before = polls.leave(client), polls.stage.clock.now
    polls.stage.clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    assert client.get(polls.page("login/provider")).status_code == 409
    polls.stage.clock.now = before
    assert client.get(back).location == polls.page("vote")


def test_no_token_code_or_subject_reaches_the_logs(polls: Polls, capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs(logging.DEBUG)
    client = polls.stage.app.test_client()
    for claims in ({}, {"nonce": "a-strange-nonce"}):
        polls.provider.claims.update(claims)
        back = polls.leave(client)
        client.get(back)
        shown = capfd.readouterr()
        (code,) = re.findall(r"code=([^&]+)", back)
        for secret in (code, "V-001", "a-strange-nonce", "an access token", "eyJ"):
            assert secret not in shown.out + shown.err, secret
    assert "ID token: InvalidClaimError nonce" in shown.err


def test_without_a_provider_there_is_no_button(polls: Polls) -> None:
    services = replace(polls.stage.services, settings=replace(polls.stage.services.settings, oidc=None))
    client = create_app(services.settings, services).test_client()
    assert "Citizen ID" not in client.get(polls.page("login")).get_data(as_text=True)
    assert client.get(polls.page("login/provider")).status_code == 404


def test_with_oidc_provider_mock(tmp_path: Path) -> None:
    """The same way with a provider that others wrote, in a process of its own."""
    with mocked({"sub": "V-002"}) as issuer:
        settings = Settings(
            data_dir=tmp_path,
            database_url=f"sqlite:///{tmp_path / 'evote.sqlite3'}",
            secret_key=b"a secret of the tests, 32 bytes long",
            board_key_file=tmp_path / "board.key",
            base_url="http://localhost",
            allow_test_keys=True,
            rate_limits=False,
            oidc=Oidc(issuer, "evote", "any secret", "The mock"),
        )
        stage = make_stage(settings, closes_at="2099-01-01T00:00:00Z")
        stage.clock.now = datetime.now(UTC)
        client = stage.app.test_client()
        away = client.get(f"/elections/{stage.id}/login/provider").location
        back = httpx.post(away, data={"sub": "V-002"}).headers["location"]
        answer = client.get(back[back.index(CALLBACK) :])
        assert answer.location == f"/elections/{stage.id}/vote"
        assert client.get(stage.path("me")).get_json()["voter"] == stage.voters[2].key.public
        stage.services.database.close()
