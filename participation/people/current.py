"""Who is signed in at this request, and the guard before what only people who are signed in can do."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, cast

from flask import Response, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from participation.errors import NotPermitted
from participation.people.models import Person
from participation.people.sign_in import SESSION_LIFETIME, find_person
from participation.ports import current_ports

_P = ParamSpec("_P")
_View = Callable[_P, ResponseReturnValue]


def current_person() -> Person | None:
    """Return who is signed in; looked up once a request."""
    if "person" not in g:
        token = session_token()
        g.person = find_person(current_ports(), token) if token else None
    return cast("Person | None", g.person)


def signed_in_person() -> Person:
    """Return who is signed in, behind the guard."""
    person = current_person()
    assert person is not None
    return person


def recognised(view: _View[_P]) -> _View[_P]:
    """Let only people in who are signed in, barred or not; others are led to sign in, and back."""

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
        person = current_person()
        if person is None:
            back = request.full_path.rstrip("?") if request.method == "GET" else request.form.get("back", "")
            if request.method != "GET":
                flash(gettext("Nothing was saved: you are not signed in any more. Sign in, then send it again."))
            return redirect(url_for("people.sign_in", back=request.script_root + local_path(back)), 303)
        return view(*args, **kwargs)

    return guarded


def signed_in(view: _View[_P]) -> _View[_P]:
    """Let only people in who are signed in and may contribute; others are led to sign in, and back."""

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
        person = signed_in_person()
        if person.barred_at is not None:
            raise NotPermitted(
                "You cannot contribute any more. The moderators' reason: %(reason)s", reason=person.barred_because
            )
        return view(*args, **kwargs)

    return recognised(guarded)


def local_path(typed: str) -> str:
    """Return a path of this site; the site's root where it is none."""
    good = typed.startswith("/") and not typed.startswith(("//", "/\\")) and typed.isprintable() and "\\" not in typed
    return typed if good else "/"


def session_token() -> str:
    """Return the token of the person's session, or nothing."""
    return request.cookies.get(_cookie(), "")


def begin_session(response: Response, token: str) -> Response:
    """Hand a token to the browser."""
    response.set_cookie(
        _cookie(), token, max_age=int(SESSION_LIFETIME.total_seconds()), secure=_secure(), httponly=True, samesite="Lax"
    )
    return response


def end_session(response: Response) -> Response:
    """Take the token away from the browser."""
    response.delete_cookie(_cookie(), secure=_secure(), httponly=True, samesite="Lax")
    return response


def _cookie() -> str:
    return "__Host-evote-person" if _secure() else "evote-person"


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
