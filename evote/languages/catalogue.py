"""The catalogues of sentences, read as translators write them: nothing is compiled, stored or kept up to date apart."""

import io
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain, get_locale, gettext

from evote.languages.writing import write_number

SOURCE = "en"
"""The language in which the sentences stand in the code."""
FOLDER = Path(__file__).parents[1] / "translations"
_ISOLATE, _END = "\u2068", "\u2069"
FILE = Path("LC_MESSAGES", "messages.po")


@cache
def spoken_languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """Return the codes of English and of all languages that have a catalogue, like `en`, `fa`, `pt-BR`."""
    found = (path.name for path in sorted(folder.iterdir()) if (path / FILE).is_file()) if folder.is_dir() else ()
    return (SOURCE, *(name.replace("_", "-") for name in found if name != SOURCE))


@cache
def read_catalogue(language: str, folder: Path = FOLDER) -> NullTranslations:
    """Read a language's sentences; those that are missing or marked as fuzzy stay English.

    Args:
        language: As in `spoken_languages`.
        folder: Where the catalogues are.
    """
    path = folder / language.replace("-", "_") / FILE
    if not path.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language.replace("-", "_")))
    compiled.seek(0)
    return Translations(compiled)


class Catalogues(Domain):
    """Where gettext finds its sentences; whole numbers put into one are written in its language."""

    def get_translations(self) -> NullTranslations:
        """Return the sentences of the present request's language."""
        locale = get_locale()
        return NullTranslations() if locale is None else read_catalogue(code_of(locale))

    def gettext(self, string: str, **variables: Any) -> str:
        """Translate a sentence and fill it in."""
        return super().gettext(string, **_written(variables))

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """Translate a sentence in the number that its language has for `num`, and fill it in."""
        sentence: str = self.get_translations().ungettext(singular, plural, num)
        return sentence % _written({"num": num, **variables})


def localized(text: Mapping[str, str]) -> str:
    """Pick a text of a manifest in the page's language, else in English, else in whichever comes first.

    A text that runs in the other direction than the page is set apart by Unicode's isolating signs, which work in
    sentences, titles and attributes alike.

    Args:
        text: {language: text}; may be empty.
    """
    locale = get_locale() or Locale(SOURCE)
    for language in (code_of(locale), locale.language, SOURCE, *text):
        if language in text:
            apart = is_rtl(language) != is_rtl(code_of(locale))
            return f"{_ISOLATE}{text[language]}{_END}" if apart else text[language]
    return ""


def is_rtl(code: str) -> bool:
    """Tell whether a language, by its code, is written from right to left; unknown ones are not."""
    try:
        return Locale.parse(code, sep="-").character_order == "right-to-left"
    except (ValueError, UnknownLocaleError):
        return False


def said(error: Exception) -> str:
    """Return an error's sentence in the page's language, where it has a catalogued one."""
    text = str(error)
    return gettext(text) if text else ""


def use_catalogues(app: Flask, choose: Callable[[], str]) -> None:
    """Connect Flask-Babel: `choose` returns the language of the present request."""
    babel = Babel(app, locale_selector=choose)
    babel.domain_instance = Catalogues()


def code_of(locale: Locale) -> str:
    """Return a locale's code as addresses and HTML write it."""
    return str(locale).replace("_", "-")


def _written(variables: dict[str, Any]) -> dict[str, Any]:
    locale = get_locale()
    return {
        name: write_number(value, locale) if locale is not None and type(value) is int else value
        for name, value in variables.items()
    }
