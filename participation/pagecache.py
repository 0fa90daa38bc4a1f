"""Public pages kept for a few seconds: a deadline's crowd reads one page, made once."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from participation.ports import current_ports

_P = ParamSpec("_P")
_View = Callable[_P, ResponseReturnValue]
_MOST = 2000


def kept(seconds: int, *used: str) -> Callable[[_View[_P]], _View[_P]]:
    """Keep a public page for everybody who has no session here; browsers and proxies may keep it as long.

    The page must be the same for all of them: no form token, no name, nothing of who asks. It is kept as it is without
    a query. With fields of a query that it uses it is made each time, so that nobody fills the store with words that
    are searched once. With others alone, as links from elsewhere carry them, the kept one is given; what is made with
    them is not kept, since it may repeat them.

    Args:
        seconds: How long.
        used: The fields of the query that the page uses.
    """

    def decorate(view: _View[_P]) -> _View[_P]:
        @wraps(view)
        def shown(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
            has_session = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
            if request.method != "GET" or has_session or any(name in request.args for name in used):
                return view(*args, **kwargs)
            cache, now = current_ports().memory.setdefault("pages", {}), time.monotonic()
            key = request.script_root, request.path, current_ports().language()
            found = cache.get(key)
            if found is None or found[0] < now:
                if len(cache) >= _MOST:
                    cache.clear()
                response = make_response(view(*args, **kwargs))
                if response.status_code != 200 or response.is_streamed or request.query_string:
                    return response
                found = cache[key] = now + seconds, response.get_data(), response.mimetype
            return _again(found[1], found[2], seconds)

        return shown

    return decorate


def kept_for(seconds: int, name: str, secret: str, render: Callable[[], str]) -> str:
    """Make a page that differs from one person to the next by nothing but a secret that it names.

    It is made once for a while, and each gets it with the own secret in the first one's place.

    Args:
        seconds: How long it is kept.
        name: Of the page, with all else that it depends on but language and address.
        secret: Text of 256 random bits, so that it stands nowhere by chance.
        render: Makes the page.
    """
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        return render()
    cache, now = current_ports().memory.setdefault("pages", {}), time.monotonic()
    key = name, request.script_root, current_ports().language()
    found = cache.get(key)
    if found is None or found[0] < now:
        if len(cache) >= _MOST:
            cache.clear()
        found = cache[key] = now + seconds, render(), secret
    page: str = found[1]
    return page.replace(found[2], secret)


def _again(data: bytes, mimetype: Any, seconds: int) -> Response:
    response = Response(data, mimetype=mimetype)
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.vary.update(("Accept-Language", "Cookie"))
    return response
