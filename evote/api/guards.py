"""Only our own pages may act for a voter: a header that forms cannot send, a JSON body, and the browser's word."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext

from evote.errors import Forbidden, Malformed

_P = ParamSpec("_P")
_R = TypeVar("_R")


def own_pages_only(view: Callable[_P, _R]) -> Callable[_P, _R]:
    """Refuse a request that another site's page could have made."""

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        check_same_origin()
        return view(*args, **kwargs)

    return guarded


def bounded(most_bytes: Callable[..., int]) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Give a route a bound of its own for the body's length, before anything of the body is read."""

    def decorate(view: Callable[_P, _R]) -> Callable[_P, _R]:
        @wraps(view)
        def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            request.max_content_length = most_bytes(*args, **kwargs)
            return view(*args, **kwargs)

        return guarded

    return decorate


def check_same_origin() -> None:
    """Check header, content type and origin of a request that changes something.

    Raises:
        Forbidden: It may come from another site.
        Malformed: Its body is not declared as JSON.
    """
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden(gettext("This can only be done from this site's own pages."))
    if request.headers.get("X-Requested-With") != "evote":
        raise Forbidden(
            gettext("This can only be done from this site's own pages: X-Requested-With: evote is missing.")
        )
    require_json()


def require_json() -> None:
    """Check that the body is declared as JSON.

    Raises:
        Malformed: It is not.
    """
    if request.mimetype != "application/json":
        raise Malformed(gettext("Send the body as Content-Type: application/json."))
