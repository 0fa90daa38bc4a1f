"""The blueprint of the officials' site, and the guard before each of its pages."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Blueprint, Response, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from evote.admin.roles import Permission
from evote.admin.sessions import LONGEST, SignedIn, find_session
from evote.current import current_services
from evote.errors import Forbidden

admin = Blueprint("admin", __name__, url_prefix="/admin")

MOST_UPLOAD_BYTES = 96 * 1024 * 1024
_UPLOADS: set[str] = set()
_P = ParamSpec("_P")
_R = TypeVar("_R")


def needs(
    permission: Permission | None, *, upload: bool = False
) -> Callable[[Callable[_P, ResponseReturnValue]], Callable[_P, ResponseReturnValue]]:
    """Let only officials in, and only with this permission; `upload` allows a large body, to them alone."""

    def decorate(view: Callable[_P, ResponseReturnValue]) -> Callable[_P, ResponseReturnValue]:
        if upload:
            _UPLOADS.add(f"{admin.name}.{view.__name__}")

        @wraps(view)
        def guarded(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
            official = find_official()
            if official is None:
                return redirect(url_for("admin.sign_in"), 303)
            if permission is not None and permission not in official.permissions:
                raise Forbidden(gettext("Your role does not include this. Ask an official whose role does."))
            return view(*args, **kwargs)

        return guarded

    return decorate


def find_official() -> SignedIn | None:
    """Return who is signed in; looked up once a request."""
    if "official" not in g:
        token = request.cookies.get(cookie_name(), "")
        g.official = find_session(current_services(), token) if token else None
    return cast("SignedIn | None", g.official)


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
    session.pop("csrf_token", None)
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
    session.pop("csrf_token", None)
    settings = current_services().settings
    response.delete_cookie(cookie_name(), secure=settings.secure, httponly=True, samesite="Strict")
    return response


@admin.url_value_preprocessor
def allow_uploads(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Widen the bound of a body before anything reads it, for officials on the pages that take files."""
    if endpoint in _UPLOADS and find_official() is not None:
        request.max_content_length = MOST_UPLOAD_BYTES


@admin.context_processor
def who() -> dict[str, object]:
    """Give the templates who is signed in."""
    return {"official": find_official()}
