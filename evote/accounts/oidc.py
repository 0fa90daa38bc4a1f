"""Signing in with the site's identity provider, for whatever purpose: begin, and finish when the browser comes back.

A part of the site that wants somebody's identity says what is to happen with it, once, when it is loaded:

    @after_sign_in("vote")
    def welcome(identity: Identity, flow: Flow) -> ResponseReturnValue: …

and then sends browsers away with `begin("vote", return_to)`. The state is random, bound to the browser's session and
taken once; nonce and PKCE verifier are derived from it and the secret key, and are stored nowhere.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import structlog
from flask import current_app, redirect, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from ballots import codec
from evote.accounts.identity import Identity, ProviderProblem
from evote.accounts.models import UsedSignIn
from evote.current import current_services
from evote.errors import NotFound
from evote.languages import chosen_language
from evote.services import Services

if TYPE_CHECKING:
    from evote.accounts.provider import Provider

CALLBACK = "/sign-in/callback"
LIFETIME = timedelta(minutes=10)
STALE = "stale"
_FLOWS, _PROBLEM, _EXTENSION = "oidc_flows", "oidc_problem", "evote-oidc"
_MOST_FLOWS = 4
_STATE_BYTES = 24
_AFTER: dict[str, "Callable[[Identity, Flow], ResponseReturnValue]"] = {}


@dataclass(frozen=True)
class Flow:
    """A sign-in on its way.

    Attributes:
        purpose: What is to happen with the identity; a word of `after_sign_in`.
        return_to: Page of this site where it began, with the language in its address.
        about: What the purpose needs to know, like an election's id.
        root: What stands before every address of the site in the language in which it began.
        began_at: Seconds since 1970.
    """

    purpose: str
    return_to: str
    about: str
    root: str
    began_at: int


@dataclass(frozen=True)
class Finished:
    """What came of a sign-in: an identity, or the word for what went wrong; no flow where nobody knows which it was."""

    flow: Flow | None
    identity: Identity | None
    problem: str = ""


def after_sign_in(
    purpose: str,
) -> Callable[[Callable[[Identity, Flow], ResponseReturnValue]], Callable[[Identity, Flow], ResponseReturnValue]]:
    """Say what is to happen with an identity that was asked for with this purpose."""

    def register(
        use: Callable[[Identity, Flow], ResponseReturnValue],
    ) -> Callable[[Identity, Flow], ResponseReturnValue]:
        _AFTER[purpose] = use
        return use

    return register


def is_offered() -> bool:
    """Say whether the operator has named a provider."""
    return current_services().settings.oidc is not None


def provider_name() -> str:
    """Return the provider's name for people; empty where there is none."""
    settings = current_services().settings.oidc
    return settings.name if settings else ""


def begin(purpose: str, return_to: str, about: str = "") -> ResponseReturnValue:
    """Send the browser to the provider; a problem sends it back to where it is, which shows `taken_problem`.

    Args:
        purpose: A word of `after_sign_in`.
        return_to: Page of this site, made by `url_for`; never taken from a request.
        about: What the purpose needs to know.

    Raises:
        NotFound: The operator has named no provider.
    """
    services, now = current_services(), current_services().now()
    state = codec.encode_bytes(services.random_bytes(_STATE_BYTES))
    flow = Flow(purpose, return_to, about, request.script_root, int(now.timestamp()))
    nonce, verifier = _derived(services, state)
    try:
        address = _provider().begin(state, nonce, verifier, chosen_language(), now)
    except ProviderProblem as problem:
        return _back(flow, problem.kind, problem.reason)
    kept = list(session.get(_FLOWS, {}).items())[1 - _MOST_FLOWS :]
    session[_FLOWS] = dict([*kept, (state, asdict(flow))])
    return redirect(address, 303)


def finish() -> Finished:
    """Take the answer with which the browser came back; it is worth something once."""
    services, now = current_services(), current_services().now()
    state = request.args.get("state", "")
    flows: dict[str, Any] = dict(session.get(_FLOWS, {}))
    held = flows.pop(state, None)
    session[_FLOWS] = flows
    if held is None:
        return Finished(None, None, STALE)
    flow = Flow(**held)
    if now - datetime.fromtimestamp(flow.began_at, UTC) > LIFETIME or not is_first_use(services, state, now):
        return Finished(flow, None, STALE)
    nonce, verifier = _derived(services, state)
    try:
        return Finished(flow, _provider().finish(request.args.to_dict(), nonce, verifier, now))
    except ProviderProblem as problem:
        _note(problem.kind, problem.reason)
        return Finished(flow, None, problem.kind)


def answer(finished: Finished) -> ResponseReturnValue:
    """Do with a finished sign-in what its purpose says, or lead back to where it began."""
    assert finished.flow is not None
    if finished.identity is None:
        return go_back(finished.flow, finished.problem)
    return _AFTER[finished.flow.purpose](finished.identity, finished.flow)


def go_back(flow: Flow, problem: str) -> ResponseReturnValue:
    """Lead back to where a sign-in began; the page there shows the problem, once."""
    session[_PROBLEM] = problem
    return redirect(flow.return_to, 303)


def taken_problem() -> str:
    """Return the word for what went wrong, and forget it; empty where nothing did."""
    return str(session.pop(_PROBLEM, ""))


def _back(flow: Flow, problem: str, reason: str) -> ResponseReturnValue:
    _note(problem, reason)
    return go_back(flow, problem)


def _note(problem: str, reason: str) -> None:
    structlog.get_logger().warning("sign-in with the provider failed", problem=problem, reason=reason)


def _provider() -> "Provider":
    from evote.accounts.provider import Provider  # only sites with a provider load what it needs

    settings = current_services().settings
    if settings.oidc is None:
        raise NotFound("This site has no identity provider.")
    made = current_app.extensions.setdefault(_EXTENSION, Provider(settings.oidc, settings.base_url + CALLBACK))
    return cast("Provider", made)


def _derived(services: Services, state: str) -> tuple[str, str]:
    """Return nonce and PKCE verifier of a state; the verifier has 43 characters (RFC 7636, 4.1)."""
    key = services.settings.secret_key
    words = [hmac.new(key, f"oidc {what}\n{state}".encode(), hashlib.sha256).digest() for what in ("nonce", "verifier")]
    return codec.encode_bytes(words[0]), codec.encode_bytes(words[1])


def is_first_use(services: Services, state: str, now: datetime) -> bool:
    """Say whether a state comes back for the first time, and note that it did."""
    used = UsedSignIn(state_hash=hashlib.sha256(b"oidc\n" + state.encode()).hexdigest(), expires_at=now + LIFETIME)
    try:
        with services.database.writing() as database:
            database.execute(delete(UsedSignIn).where(UsedSignIn.expires_at < now))
            database.add(used)
    except IntegrityError:
        return False
    return True
