"""The forms of a definition's parts but for contests: made for each request, with the draft's languages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Regexp

from ballots import codec
from evote.admin.fields import moment_field, number_field
from evote.admin.presets import Definition
from evote.errors import Malformed
from evote.pages.filters import localized, page_locale, printable
from participation.numbers import read_whole

MOST_TEXT = 20_000
_MOST_LANGUAGES = 12


def make_form(fields: Mapping[str, Field], data: Mapping[str, Any]) -> FlaskForm:
    """Build a form of these fields; `data` fills those that the request does not."""
    return type("PartForm", (FlaskForm,), dict(fields))(data=data)


def shown_revision() -> int:
    """Return which state of a draft or mail the page showed from which this form comes.

    Raises:
        Malformed: The form does not say.
    """
    revision = read_whole(request.form.get("revision"))
    if revision is None:
        raise Malformed("Open the page again: it did not say which state it shows.")
    return revision


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return (value, label) pairs as a field takes them."""
    return [SelectChoice(value, label) for value, label in pairs]


def language_name(language: str) -> str:
    """Name a language in the page's language."""
    try:
        return str(Locale.parse(language, sep="-").get_display_name(page_locale()))
    except (UnknownLocaleError, ValueError):
        return language


def in_language(label: str, language: str, languages: Sequence[str]) -> str:
    """Add the language to a label where there are several."""
    return label if len(languages) == 1 else f"{label} ({language_name(language)})"


def texts(name: str, label: str, languages: Sequence[str], *, area: bool = False) -> dict[str, Field]:
    """Return one field for each language, {`name-language`: field}."""
    kind = TextAreaField if area else StringField
    limit = Length(max=MOST_TEXT, message=gettext("This text is too long."))
    return {
        f"{name}-{language}": kind(in_language(label, language, languages), validators=[limit], filters=[tidy])
        for language in languages
    }


def tidy(text: str | None) -> str:
    """Return a text with one kind of line end and no other control characters."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(c for c in line if c.isprintable() or c == "\u200c") for line in lines).strip()


def read_texts(form: FlaskForm, name: str, languages: Sequence[str]) -> dict[str, str]:
    """Return {language: text} of the fields that are filled."""
    return {language: form[f"{name}-{language}"].data for language in languages if form[f"{name}-{language}"].data}


def text_data(name: str, text: Mapping[str, str]) -> dict[str, str]:
    """Return what fills the fields of `texts`."""
    return {f"{name}-{language}": value for language, value in text.items()}


def texts_form(definition: Definition, languages: Sequence[str]) -> FlaskForm:
    """Return the form of languages, title and description."""
    fields = {
        "languages": StringField(gettext("Languages"), validators=[check_languages], filters=[printable]),
        **texts("title", gettext("Title of the election"), languages),
        **texts("description", gettext("What it is about"), languages, area=True),
    }
    data = {"languages": " ".join(languages)}
    data |= text_data("title", definition["title"]) | text_data("description", definition["description"])
    return make_form(fields, data)


def read_languages(text: str) -> list[str]:
    """Return language codes without repetition, in the order typed."""
    return list(dict.fromkeys(text.replace(",", " ").replace("،", " ").split()))


def check_languages(_form: FlaskForm, field: Field) -> None:
    """Refuse what are no codes of languages."""
    found = read_languages(field.data)
    if not 1 <= len(found) <= _MOST_LANGUAGES:
        raise ValidationError(gettext("Name one to twelve languages by their codes, like: en fa"))
    for language in found:
        try:
            Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError):
            raise ValidationError(gettext("“%(code)s” is no language's code.", code=language[:20])) from None


def times_form(definition: Definition) -> FlaskForm:
    """Return the form of times, closing and bounds."""
    closing = [
        ("official", gettext("By the official's signature, early if need be")),
        ("time", gettext("By itself at the closing time")),
    ]
    fields = {
        "opens_at": moment_field(gettext("Opens")),
        "closes_at": moment_field(gettext("Closes")),
        "closing": RadioField(gettext("How it closes"), choices=choices(closing)),
        "min_ballots": number_field(gettext("Fewest ballots that are counted")),
        "modulus_bits": number_field(gettext("Length of the key in bits"), 16_384),
    }
    data = {name: definition[name] for name in ("closing", "min_ballots", "modulus_bits")}
    data |= {name: codec.parse_time(definition[name]) for name in ("opens_at", "closes_at")}
    return make_form(fields, data)


def read_time(moment: datetime) -> str:
    """Return a typed time as the protocol writes it."""
    return codec.encode_time(moment.astimezone(UTC).replace(microsecond=0))


def people_form(definition: Definition) -> FlaskForm:
    """Return the form of trustees, observers and keys."""
    limit = Length(max=MOST_TEXT, message=gettext("This text is too long."))
    fields = {
        "trustees": TextAreaField(gettext("Trustees, one name on each line"), validators=[limit], filters=[tidy]),
        "threshold": number_field(gettext("How many of them can open the count together"), 64),
        "observers": TextAreaField(
            gettext("Observers, one on each line: name, comma, public key"), validators=[limit], filters=[tidy]
        ),
        "registrar_key": StringField(gettext("Registrar's public key"), validators=[limit], filters=[printable]),
        "official_key": StringField(gettext("Official's public key"), validators=[limit], filters=[printable]),
    }
    data = {
        "trustees": "\n".join(definition["trustees"]["names"]).strip(),
        "threshold": definition["trustees"]["threshold"],
        "observers": "\n".join(f"{one['name']}, {one['key']}" for one in definition["observers"]),
        "registrar_key": definition["registrar_key"],
        "official_key": definition["official_key"],
    }
    return make_form(fields, data)


def read_people(form: FlaskForm) -> Definition:
    """Return the fields of the definition that the form of people holds."""
    names = [line.strip() for line in form.trustees.data.splitlines() if line.strip()]
    observers = []
    for line in filter(None, map(str.strip, form.observers.data.splitlines())):
        name, _, key = line.replace("،", ",").rpartition(",")
        observers.append({"name": (name or key).strip(), "key": key.strip() if name else ""})
    return {
        "trustees": {"total": len(names), "threshold": form.threshold.data, "names": names},
        "observers": observers,
        "registrar_key": form.registrar_key.data,
        "official_key": form.official_key.data,
    }


def styles_form(definition: Definition) -> FlaskForm:
    """Return the form of ballot styles: those there are, and an empty one to add."""
    contests = choices((one["id"], localized(one["title"]) or one["id"]) for one in definition["contests"])
    plain = Regexp(r"^[A-Za-z0-9._-]{0,40}$", message=gettext("Use Latin letters, digits, and . _ - only."))
    fields: dict[str, Field] = {}
    data: dict[str, Any] = {}
    for place, (name, held) in enumerate([*definition["styles"].items(), ("", [])]):
        fields[f"style-{place}"] = StringField(gettext("Name of the style"), validators=[plain], filters=[printable])
        fields[f"contests-{place}"] = SelectMultipleField(gettext("Contests on these ballots"), choices=contests)
        data |= {f"style-{place}": name, f"contests-{place}": held}
    return make_form(fields, data)


def read_styles(form: FlaskForm, definition: Definition) -> dict[str, list[str]]:
    """Return {style: contests}; a style whose name was emptied is gone."""
    count = len(definition["styles"]) + 1
    rows = ((form[f"style-{place}"].data, form[f"contests-{place}"].data) for place in range(count))
    return {name: list(contests) for name, contests in rows if name}
