"""Accounts of the identity provider, for people who sign petitions with them."""

from dataclasses import asdict

from flask import redirect, session
from flask.typing import ResponseReturnValue

from evote.accounts import oidc
from evote.accounts.identity import Identity
from evote.current import current_services
from evote.pages.login_oidc import taken_sentence
from participation.ports import Account

PURPOSE = "participation"
_KEPT, _SINCE = "participation_account", "participation_account_since"
_SECONDS = 15 * 60


class ProviderAccounts:
    """Sends people to the site's provider, and knows for a quarter of an hour who came back."""

    def name(self) -> str:
        """Return the provider's name; empty where the operator has named none."""
        return oidc.provider_name()

    def leave(self, return_to: str) -> ResponseReturnValue:
        """Send the browser to the provider; it comes back to a page of this site."""
        return oidc.begin(PURPOSE, return_to)

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


@oidc.after_sign_in(PURPOSE)
def welcome(identity: Identity, flow: oidc.Flow) -> ResponseReturnValue:
    """Keep who it is in the browser's session, and lead back."""
    claims = identity.claims
    mail = claims.get("email") if claims.get("email_verified") is True else ""
    account = Account(identity.issuer, identity.subject, _text(mail), _text(claims.get("name")))
    session[_KEPT], session[_SINCE] = asdict(account), int(current_services().now().timestamp())
    return redirect(flow.return_to, 303)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
