"""What the library of forms says, in our own words and in the page's language.

Its own Persian has Arabic letters and Latin digits, and its English blames "fields"; so each of its sentences is
replaced here by one of ours, without numbers: who needs a number in it gives the validator a message.
"""

from collections.abc import Callable

from flask import Flask, request
from flask_babel import gettext


def _wrong() -> str:
    return gettext("This is not of the form that is asked for.")


def _chosen() -> str:
    return gettext("Choose from what is offered.")


def _moment() -> str:
    return gettext("Enter a day and a time that exist.")


OURS: dict[str, Callable[[], str]] = {
    "'%(value)s' is not a valid choice for this field.": _chosen,
    "Date must be at least %(min)s.": lambda: gettext("This day is too early."),
    "Date must be at most %(max)s.": lambda: gettext("This day is too late."),
    "Date must be between %(min)s and %(max)s.": _moment,
    "Field cannot be longer than %(max)d character.": lambda: gettext("This is too long."),
    "Field must be at least %(min)d character long.": lambda: gettext("This is too short."),
    "Field must be between %(min)d and %(max)d characters long.": lambda: gettext("This is too short or too long."),
    "Field must be equal to %(other_name)s.": lambda: gettext("The two entries differ."),
    "Field must be exactly %(max)d character long.": lambda: gettext("This is too short or too long."),
    "File does not have an approved extension.": lambda: gettext("Files of this kind are not taken here."),
    "File does not have an approved extension: {extensions}": lambda: gettext("Files of this kind are not taken here."),
    "Invalid Choice: could not coerce.": _chosen,
    "Invalid IP address.": _wrong,
    "Invalid Mac address.": _wrong,
    "Invalid URL.": lambda: gettext("This is no address of a page. Write it like https://example.org."),
    "Invalid UUID.": _wrong,
    "Invalid choice(s): one or more data inputs could not be coerced.": _chosen,
    "Invalid email address.": lambda: gettext("This is no mail address. Write it like name@example.org."),
    "Invalid input.": _wrong,
    "Invalid value, can't be any of: %(values)s.": _wrong,
    "Invalid value, must be one of: %(values)s.": _chosen,
    "Not a valid choice.": _chosen,
    "Not a valid date value.": lambda: gettext("Enter a day that exists."),
    "Not a valid datetime value.": _moment,
    "Not a valid decimal value.": lambda: gettext("Enter a number."),
    "Not a valid float value.": lambda: gettext("Enter a number."),
    "Not a valid integer value.": lambda: gettext("Enter a whole number."),
    "Not a valid time value.": _moment,
    "Not a valid week value.": _moment,
    "Number must be at least %(min)s.": lambda: gettext("This number is too small."),
    "Number must be at most %(max)s.": lambda: gettext("This number is too large."),
    "Number must be between %(min)s and %(max)s.": lambda: gettext("This number is too small or too large."),
    "This field cannot be edited.": lambda: gettext("This cannot be changed here."),
    "This field is disabled and cannot have a value.": lambda: gettext("This cannot be changed here."),
    "This field is required.": lambda: gettext("Fill this in."),
}
"""{sentence of WTForms or Flask-WTF: ours}."""


class FormSentences:
    """Stands where Flask-WTF looks for the library's catalogue of the request."""

    def ugettext(self, sentence: str) -> str:
        """Return our sentence for one of the library's; anything else as it is."""
        ours = OURS.get(sentence)
        return ours() if ours else sentence

    def ungettext(self, singular: str, plural: str, count: int) -> str:
        """Return our sentence for one of the library's that has numbers."""
        ours = OURS.get(singular)
        return ours() if ours else singular if count == 1 else plural


def use_form_sentences(app: Flask) -> None:
    """Let every form of an application speak our sentences."""

    @app.before_request
    def give_sentences() -> None:
        request.wtforms_translations = FormSentences()  # type: ignore[attr-defined]  # read by flask_wtf.i18n
