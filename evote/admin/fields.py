"""Fields of forms for numbers and moments: typed and shown as the page's language writes them.

A number is read in any digits, with or without separators; a day in the calendar of the language's readers, in the
time zone of the site. What was typed wrongly is shown again as it was typed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext
from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from evote.errors import Malformed
from evote.languages import said
from evote.locales import typed, writing
from evote.pages.filters import number, page_locale, page_zone

MOST_NUMBER = 2**32 - 1


class _TypedField(StringField):  # type: ignore[misc]  # the library has no types
    """A line of text that stands for a value; subclasses read and write it."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take what was typed."""
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = self.read(valuelist[0])
            except Malformed as error:
                raise ValidationError(said(error)) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)


class NumberField(_TypedField):
    """A whole number from 0; its data is an int."""

    def read(self, text: str) -> int:
        """Read a number.

        Raises:
            Malformed: It is none.
        """
        return typed.read_number(text, page_locale())

    def write(self, value: int) -> str:
        """Write a number as the page does."""
        return number(value)


class MomentField(_TypedField):
    """A day and a time of day in the site's time zone; its data is a moment in UTC."""

    @property
    def hint(self) -> str:
        """Say how it is typed, and in which time zone it is meant."""
        locale = page_locale()
        zone = writing.zone_name_of(locale, page_zone())
        shown = f"\u2066{typed.example(locale)}\u2069"  # from left to right, as in the field
        return gettext("Like %(example)s. The time zone is: %(zone)s.", example=shown, zone=zone)

    def read(self, text: str) -> datetime:
        """Read a moment.

        Raises:
            Malformed: It is none.
        """
        return typed.read_moment(text, page_locale(), page_zone())

    def write(self, value: datetime) -> str:
        """Write a moment as it can be typed."""
        return typed.write_moment(value, page_locale(), page_zone())


class _Within(NumberRange):  # type: ignore[misc]  # the library has no types
    """Bounds of a number, said in the page's digits."""

    def __call__(self, form: Mapping[str, Field], field: Field) -> None:
        """Check the bounds; what is no number has its own message."""
        if field.data is None:
            return
        if not self.min <= field.data <= self.max:
            bounds: dict[str, Any] = {"least": number(self.min), "most": number(self.max)}
            raise ValidationError(gettext("Enter a whole number from %(least)s to %(most)s.", **bounds))


def number_field(label: str, most: int = MOST_NUMBER, least: int = 0) -> Field:
    """Return a field for a whole number that must be given."""
    needed = InputRequired(gettext("Enter a whole number, in digits."))
    return NumberField(label, validators=[needed, _Within(least, most)])


def moment_field(label: str) -> Field:
    """Return a field for a day and a time that must be given."""
    wrong = gettext("Enter a day and a time, like %(example)s.", example=typed.example(page_locale()))
    return MomentField(label, validators=[InputRequired(wrong)])


def read_moment(text: str) -> datetime:
    """Read a day and a time that stand in an address.

    Raises:
        Malformed: They are none.
    """
    return typed.read_moment(text, page_locale(), page_zone())
