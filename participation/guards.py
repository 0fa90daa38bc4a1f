"""Guards before pages: officials with a permission, and limits against machines."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import redirect, request
from flask.typing import ResponseReturnValue

from participation.errors import NotPermitted
from participation.ports import Official, current_ports

MODERATE, ANSWER, CONSULT = "moderate", "answer", "consult"
"""What an official can be allowed to do here."""

_P = ParamSpec("_P")
_View = Callable[_P, ResponseReturnValue]


def needs(*permissions: str) -> Callable[[_View[_P]], _View[_P]]:
    """Let only officials in, and only with one of these permissions; others are led to sign in."""

    def decorate(view: _View[_P]) -> _View[_P]:
        @wraps(view)
        def guarded(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
            official = current_ports().official()
            if official is None:
                return redirect(current_ports().sign_in_address(), 303)
            if not any(official.may(permission) for permission in permissions):
                raise NotPermitted("Your role does not include this. Ask an official whose role does.")
            return view(*args, **kwargs)

        return guarded

    return decorate


def limited(rule: str, methods: tuple[str, ...] = ("POST",)) -> Callable[[_View[_P]], _View[_P]]:
    """Count requests of these methods from one address against a limit, like "60 per minute"."""

    def decorate(view: _View[_P]) -> _View[_P]:
        @wraps(view)
        def counted(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
            if request.method not in methods:
                return view(*args, **kwargs)
            with current_ports().limit(rule):
                return view(*args, **kwargs)

        return counted

    return decorate


def who() -> dict[str, object]:
    """Give the templates of officials' pages who is signed in: a context processor of their blueprints."""
    return {"official": current_ports().official()}


def current_official() -> Official:
    """Return who is signed in, behind the guard."""
    official = current_ports().official()
    assert official is not None
    return official
