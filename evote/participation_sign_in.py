"""Accounts of the identity provider, for people who sign petitions or take part in consultations with them."""

from dataclasses import asdict

from flask import redirect, session
from flask.typing import ResponseReturnValue

from evote.accounts import oidc
from evote.accounts.identity import Identity
from evote.current import current_services
from evote.pages.login_oidc import taken_sentence
from participation.people import accounts as people
from participation.ports import Account
from participation.text import parse_mail

SIGNER, PERSON = "participation", "person"
_KEPT, _SINCE = "participation_account", "participation_account_since"
_SECONDS = 15 * 60


class ProviderAccounts:
    """Sends people to the site's provider, and knows for a quarter of an hour who came back."""

    def name(self) -> str:
        """Return the provider's name; empty where the operator has named none."""
        return oidc.provider_name()

    def leave(self, return_to: str) -> ResponseReturnValue:
        """Send the browser to the provider; it comes back to a page of this site."""
        return oidc.begin(SIGNER, return_to)

    def sign_in(self, return_to: str, back: str) -> ResponseReturnValue:
        """Send the browser to the provider to take part; who comes back is signed in and led to `back`."""
        return oidc.begin(PERSON, return_to, back)

    def account(self) -> Account | None:
        """Return who came back in this browser, unless it is long ago."""
        held, since = session.get(_KEPT), session.get(_SINCE, 0)
        if held is None or not 0 <= current_services().now().timestamp() - since < _SECONDS:
            return None
        return Account(**held)

    def forget(self) -> None:
        """Let nobody else at this browser go on with the account."""
        session.pop(_KEPT, None)
        session.pop(_SINCE, None)

    def problem(self) -> str:
        """Return what went wrong on the way, once; empty where nothing did."""
        return taken_sentence()


@oidc.after_sign_in(SIGNER)
def welcome(identity: Identity, flow: oidc.Flow) -> ResponseReturnValue:
    """Keep who it is in the browser's session, and lead back."""
    session[_KEPT], session[_SINCE] = asdict(_account(identity)), int(current_services().now().timestamp())
    return redirect(flow.return_to, 303)


@oidc.after_sign_in(PERSON)
def welcome_person(identity: Identity, flow: oidc.Flow) -> ResponseReturnValue:
    """Sign in who it is, and lead to where they wanted to take part."""
    return people.welcome(_account(identity), flow.about)


def _account(identity: Identity) -> Account:
    claims = identity.claims
    mail = parse_mail(_text(claims.get("email"))) if claims.get("email_verified") is True else None
    return Account(identity.issuer, identity.subject, mail or "", _text(claims.get("name")))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
