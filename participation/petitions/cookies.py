"""Cookies: the key of a draft, and the session in which a creator manages a petition. Neither is in an address."""

from flask import Response, current_app, request

from participation.petitions.links import SESSION_LIFETIME
from participation.ports import current_ports

_DRAFT, _CREATOR = "petition-draft", "petition-creator"


def draft_key() -> str:
    """Return the key of the draft in this browser, or nothing."""
    return request.cookies.get(_name(_DRAFT), "")


def set_draft_cookie(response: Response, key: str) -> Response:
    """Keep the key of a draft in the browser."""
    return _set(response, _DRAFT, key, current_ports().rules.petitions.draft_days * 86_400)


def drop_draft_cookie(response: Response) -> Response:
    """Forget the draft in the browser."""
    return _drop(response, _DRAFT)


def creator_token() -> str:
    """Return the token of the creator's session, or nothing."""
    return request.cookies.get(_name(_CREATOR), "")


def set_creator_cookie(response: Response, token: str) -> Response:
    """Keep the creator's session in the browser."""
    return _set(response, _CREATOR, token, int(SESSION_LIFETIME.total_seconds()))


def drop_creator_cookie(response: Response) -> Response:
    """Forget the creator's session."""
    return _drop(response, _CREATOR)


def _name(name: str) -> str:
    return f"__Host-{name}" if _secure() else name


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _set(response: Response, name: str, value: str, seconds: int) -> Response:
    response.set_cookie(_name(name), value, max_age=seconds, secure=_secure(), httponly=True, samesite="Lax")
    return response


def _drop(response: Response, name: str) -> Response:
    response.delete_cookie(_name(name), secure=_secure(), httponly=True, samesite="Lax")
    return response
