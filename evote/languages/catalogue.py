"""Sentences in the language of the present request, from the catalogues of `evote.locales`."""

from collections.abc import Callable, Mapping
from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import Flask
from flask_babel import Babel, Domain, get_locale, gettext
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from ballots.sentences import SentenceError
from evote.languages.forms import use_form_sentences
from evote.locales.catalogue import SOURCE, code_of, is_rtl, read_catalogue, spoken_languages
from evote.locales.writing import write_number

__all__ = [
    "SOURCE",
    "Catalogues",
    "code_of",
    "localized",
    "read_catalogue",
    "said",
    "spoken_languages",
    "use_catalogues",
]

_ISOLATE, _END = "\u2068", "\u2069"


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


_CATALOGUES = Catalogues()


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


def said(error: Exception) -> str:
    """Return an error's sentence in the page's language, filled in; where no catalogue has it, in English."""
    if not isinstance(error, SentenceError):
        return _apart(str(error))
    if not error.sentence:
        return ""
    return gettext(error.sentence, **{name: _said_within(value) for name, value in error.values.items()})


def _said_within(value: object) -> object:
    if isinstance(value, Exception):
        return said(value)
    if isinstance(value, list | tuple):
        return gettext(", ").join(str(_said_within(one)) for one in value)
    return _apart(value) if isinstance(value, str) else value


def _apart(text: str) -> str:
    """Set Latin text apart in a language that is written from right to left: names, keys, words of programs."""
    latin = any("a" <= letter.lower() <= "z" for letter in text)
    return f"{_ISOLATE}{text}{_END}" if latin and is_rtl(code_of(get_locale() or Locale(SOURCE))) else text


def use_catalogues(app: Flask, choose: Callable[[], str]) -> None:
    """Connect Flask-Babel: `choose` returns the language of the present request."""
    babel = Babel(app, locale_selector=choose)
    babel.domain_instance = _CATALOGUES
    app.jinja_env.globals |= {"gettext": _gettext_in_template, "ngettext": _ngettext_in_template}
    use_form_sentences(app)


@pass_context
def _gettext_in_template(context: Context, sentence: str, /, **variables: Any) -> str:
    return _filled(context, _CATALOGUES.get_translations().ugettext(sentence), variables)


@pass_context
def _ngettext_in_template(context: Context, singular: str, plural: str, num: int, /, **variables: Any) -> str:
    """Jinja's own leaves numbers in Latin digits; whoever writes `num` otherwise gives it as a variable too."""
    sentence = _CATALOGUES.get_translations().ungettext(singular, plural, num)
    return _filled(context, sentence, {"num": num, **variables})


def _filled(context: Context, sentence: str, variables: dict[str, Any]) -> str:
    text = Markup(sentence) if context.eval_ctx.autoescape else sentence  # noqa: S704  # values are escaped as they go in
    return text % _written(variables)


def _written(variables: dict[str, Any]) -> dict[str, Any]:
    locale = get_locale()
    return {
        name: write_number(value, locale) if locale is not None and type(value) is int else value
        for name, value in variables.items()
    }
