"""The blueprint of the officials' site, and the guard before each of its pages."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Blueprint, Response, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from evote.admin.roles import Permission
from evote.admin.sessions import LONGEST, Ended, SignedIn, find_ended, find_session
from evote.current import current_services
from evote.errors import Forbidden

admin = Blueprint("admin", __name__, url_prefix="/admin")

MOST_TEXT_BYTES = 8 * 1024 * 1024
"""For the fields of a form: twenty candidates' texts in several languages."""
MOST_UPLOAD_BYTES = 96 * 1024 * 1024
MOST_KEPT_BYTES = 1024 * 1024
"""Of files that are kept over the page that asks for a second factor."""
NEW_AUTHENTICATOR = "pending_authenticator"
"""What the browser's session calls the secret of an authenticator that has not yet shown a code."""
_UPLOADS: set[str] = set()
_FRESH: set[str] = set()
_TYPED: set[str] = set()
_P = ParamSpec("_P")
_R = TypeVar("_R")


def needs(
    permission: Permission | None, *, upload: bool = False, fresh: bool = False, typed: bool = False
) -> Callable[[Callable[_P, ResponseReturnValue]], Callable[_P, ResponseReturnValue]]:
    """Let only officials in, and only with this permission.

    On a page of one election or draft (`election_id` or `draft_id` in its address) what counts are the roles that the
    official has for it; `current_official().permissions` then says just these. Elsewhere roles on the whole site count.

    Args:
        permission: None for whoever is signed in.
        upload: Allow a large body, to them alone.
        fresh: For acts that cannot be undone, or that reach many people (freezing, closing, mailings): a POST is taken
            only within ten minutes of a second factor. Later, a page asks for it and then goes on with the very POST:
            fields and files up to `MOST_KEPT_BYTES` come along, and the view sees nothing of it.
        typed: For pages on which people write for long, and whose forms can be undone: a POST that comes after the
            session's end is not lost, a page asks to sign in again and then goes on with it.
    """

    def decorate(view: Callable[_P, ResponseReturnValue]) -> Callable[_P, ResponseReturnValue]:
        endpoint = f"{admin.name}.{view.__name__}"
        if upload:
            _UPLOADS.add(endpoint)
        if fresh:
            _FRESH.add(endpoint)
        if typed:
            _TYPED.add(endpoint)

        @wraps(view)
        def guarded(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
            if find_official() is None:
                from evote.admin.returning import ask_to_return

                asked = ask_to_return() if typed and request.method == "POST" else _to_sign_in()
                if asked is not None:
                    return asked
            official = current_official()
            if permission is not None and permission not in official.permissions:
                raise Forbidden(_why_not(official, permission))
            if fresh and request.method == "POST":
                from evote.admin.confirming import ask_to_confirm

                asked = ask_to_confirm(official)
                if asked is not None:
                    return asked
            return view(*args, **kwargs)

        return guarded

    return decorate


def find_official() -> SignedIn | None:
    """Return who is signed in; looked up once a request."""
    if "official" not in g:
        token = request.cookies.get(cookie_name(), "")
        g.official = find_session(current_services(), token, about()) if token else None
    return cast("SignedIn | None", g.official)


def find_late() -> Ended | None:
    """Return whose session has ended by itself, where nobody is signed in; looked up once a request."""
    if "late" not in g:
        token = request.cookies.get(cookie_name(), "")
        g.late = find_ended(current_services(), token) if token and find_official() is None else None
    return cast("Ended | None", g.late)


def about() -> str:
    """Return the id of the election, or draft, that the request is about; empty where it is about none."""
    place = request.view_args or {}
    return str(place.get("election_id") or place.get("draft_id") or "")


def current_official() -> SignedIn:
    """Return who is signed in, behind the guard."""
    official = find_official()
    assert official is not None
    return official


def cookie_name() -> str:
    """Return the cookie's name: over TLS one that no sibling domain can set."""
    return "__Host-evote-official" if current_services().settings.secure else "evote-official"


def begin_session(response: Response, token: str) -> Response:
    """Hand a fresh token to the browser; forms of the time before no longer count. A voter's login stays apart."""
    forget_forms()
    return hand_token(response, token)


def hand_token(response: Response, token: str) -> Response:
    """Hand a fresh token to the browser."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(LONGEST.total_seconds()),
        secure=current_services().settings.secure,
        httponly=True,
        samesite="Strict",
    )
    return response


def end_session(response: Response) -> Response:
    """Take the token away from the browser."""
    forget_forms()
    settings = current_services().settings
    response.delete_cookie(cookie_name(), secure=settings.secure, httponly=True, samesite="Strict")
    return response


def forget_forms() -> None:
    """Drop what belonged to whoever was signed in before: forms of that time no longer count."""
    for name in ("csrf_token", NEW_AUTHENTICATOR):
        session.pop(name, None)
    g.pop("csrf_token", None)


def _to_sign_in() -> ResponseReturnValue:
    return redirect(url_for("admin.sign_in"), 303)


@admin.url_value_preprocessor
def allow_uploads(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Widen the bound of a body before anything reads it, for officials on the pages that take files."""
    if endpoint in _FRESH and find_official() is not None:
        request.max_content_length = request.max_form_memory_size = 2 * MOST_KEPT_BYTES
    if endpoint in _UPLOADS and find_official() is not None:
        request.max_content_length = MOST_UPLOAD_BYTES
        request.max_form_memory_size = MOST_TEXT_BYTES
    if endpoint in _TYPED and find_late() is not None:
        request.max_content_length = request.max_form_memory_size = MOST_TEXT_BYTES


@admin.app_context_processor
def who() -> dict[str, object]:
    """Give all templates who is signed in: officials work on pages of other parts too."""
    return {"official": find_official()}


def _why_not(official: SignedIn, permission: Permission) -> str:
    if official.election_id and official.may_somewhere(permission):
        return gettext(
            "You are not assigned to this election. A site admin, or the operator of the server, can assign you."
        )
    return gettext("Your role does not include this. Ask an official whose role does.")
