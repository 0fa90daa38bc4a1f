"""The language in the address: `/fa/elections/…` is the page `/elections/…` in Persian.

The prefix is taken off before the application sees the address and put before every link that it makes, so
nothing else knows of it. Pages without a prefix answer in the language that the browser asks for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel import Locale
from flask import has_request_context, request
from flask_babel import get_locale

from evote.languages.catalogue import SOURCE, code_of, spoken_languages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_KEY = "evote.language"
_WITHOUT = ("api/", "static/")
"""Programs read these: they have one address, without a language."""


class LanguageAddress:
    """Takes the language off an address, for the application behind it."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        language, _, path = environ.get("PATH_INFO", "").removeprefix("/").partition("/")
        if language in spoken_languages() and not path.startswith(_WITHOUT):
            environ[_KEY] = language
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{language}"
            environ["PATH_INFO"] = f"/{path}"
        return self._application(environ, start)


def home(base_url: str) -> str:
    """Return the address of the site in the language that stands in the present request's address, for mails."""
    language = request_language()
    return f"{base_url}{address_in(language, '/')}" if language else f"{base_url}/"


def without_language(address: str) -> str:
    """Return an address, made for the present request, as programs use it: below /api there is no language."""
    language = request_language()
    return address.replace(f"/{language}/api/", "/api/", 1) if language else address


def request_language() -> str:
    """Return the language in the address of the present request; empty where there is none."""
    return str(request.environ.get(_KEY, "")) if has_request_context() else ""


@dataclass(frozen=True)
class Version:
    """This page in a language.

    Attributes:
        language: Its code.
        name: Its name in itself.
        path: Where it is, from the site's root.
        direction: rtl or ltr.
        current: This is the one that is shown.
    """

    language: str
    name: str
    path: str
    direction: str
    current: bool


def chosen_language() -> str:
    """Return the language of this request: of the address, else the first that the browser asks for and we speak."""
    return request_language() or request.accept_languages.best_match(spoken_languages()) or SOURCE


def address_in(language: str, path: str) -> str:
    """Return the address of a page in a language.

    Args:
        language: One of `spoken_languages`.
        path: Of the page without a language.
    """
    return f"/{language}{path}"


def versions() -> list[Version]:
    """Return the present page in each language."""
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    current = code_of(get_locale() or Locale(SOURCE))
    return [
        Version(code, name, address_in(code, request.path) + query, direction, code == current)
        for code, name, direction in map(_described, spoken_languages())
    ]


def _described(code: str) -> tuple[str, str, str]:
    locale = Locale.parse(code, sep="-")
    return code, str(locale.get_display_name(locale)), "rtl" if locale.character_order == "right-to-left" else "ltr"
