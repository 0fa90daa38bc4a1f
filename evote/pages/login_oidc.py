"""Logging in as a voter with an identity provider: the way there, and the way back.

The provider learns that somebody signs in here, and from what address; what they vote is sealed in their browser and
never leaves it readable (docs/threat-model.md).
"""

from typing import Any

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from evote.accounts import codes, login, oidc
from evote.accounts.identity import CANCELLED, REFUSED, UNREACHABLE, UNTRUSTED, WEAK, Identity
from evote.current import current_services
from evote.errors import LoginRefused, NotLoggedIn
from evote.languages import said
from evote.limits import CODE_REQUESTS, LOGINS, limiter
from evote.pages.blueprint import pages
from evote.pages.voting_time import title_while_open

VOTE = "vote"
_REFUSAL = "oidc_refusal"


@pages.get("/elections/<uuid:election_id>/login/provider")
@limiter.limit(CODE_REQUESTS)
def log_in_with_provider(election_id: object) -> ResponseReturnValue:
    """Send the browser to the provider. A link, not a form: a page's policy lets no form lead to another site."""
    title_while_open(str(election_id))
    return oidc.begin(VOTE, url_for("pages.log_in", election_id=election_id), str(election_id))


@pages.get(oidc.CALLBACK)
@limiter.limit(LOGINS)
def back_from_provider() -> ResponseReturnValue:
    """Take the provider's answer, whatever it was asked for."""
    finished = oidc.finish()
    if finished.flow is None:
        raise NotLoggedIn(problem_sentence(oidc.STALE))
    return oidc.answer(finished)


@oidc.after_sign_in(VOTE)
def welcome_voter(identity: Identity, flow: oidc.Flow) -> ResponseReturnValue:
    """Find the person on the roll, log them in, and lead to the booth."""
    settings = current_services().settings.oidc
    assert settings is not None
    claim = "email" if settings.match == "mail" else settings.claim  # of no other claim does a provider say "verified"
    value = _named(identity.claims, claim)
    verified = claim != "email" or identity.claims.get("email_verified") is True
    who = {"login": value} if settings.match == "id" else {"login": "", "mail": value}
    try:
        if not value or not verified:
            raise LoginRefused(
                gettext("%(name)s did not say who you are. Use a mailed code instead.", name=settings.name)
            )
        title_while_open(flow.about)
        login.begin(codes.log_in_identified(current_services(), flow.about, **who))
    except LoginRefused as error:
        session[_REFUSAL] = said(error)
        return redirect(flow.return_to, 303)
    return redirect(flow.root + url_for("booth.booth", election_id=flow.about), 303)


def taken_sentence() -> str:
    """Return what went wrong on the way, once; empty where nothing did."""
    problem = oidc.taken_problem()
    return problem_sentence(problem) if problem else str(session.pop(_REFUSAL, ""))


def problem_sentence(problem: str) -> str:
    """Say what went wrong, and what to do."""
    name = oidc.provider_name()
    sentences = {
        CANCELLED: gettext("You did not sign in with %(name)s. Try again, or use a mailed code.", name=name),
        REFUSED: gettext("%(name)s did not let you sign in. Try again, or use a mailed code.", name=name),
        UNREACHABLE: gettext("%(name)s cannot be reached now. Use a mailed code, or try again later.", name=name),
        UNTRUSTED: gettext(
            "The answer of %(name)s could not be trusted, and nothing was done with it. Use a mailed code, and tell "
            "the people who run this site.",
            name=name,
        ),
        WEAK: gettext(
            "You signed in with %(name)s in a way that is not strong enough for this. Sign in there with your "
            "stronger means, or use a mailed code.",
            name=name,
        ),
        oidc.STALE: gettext(
            "This sign-in was used already, took too long, or began in another browser; nothing was done with it. "
            "Start again from the page that you came from."
        ),
    }
    return sentences[problem] if problem in sentences else sentences[REFUSED]


def _named(claims: Any, claim: str) -> str:
    """Return the claim that names the voter, as text; empty where there is none that can be one."""
    value = claims.get(claim)
    return value if isinstance(value, str) else str(value) if type(value) is int else ""
