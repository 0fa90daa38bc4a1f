"""The fields of a contest's options: names, parties and the headed parts, the same room for each."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import Field, TextAreaField, ValidationError

from evote.admin.fields import number_field
from evote.admin.forms import in_language, read_texts, text_data, texts, tidy
from evote.admin.presets import Definition
from evote.elections.headed import (
    CANDIDATE_PARTS,
    MOST_PART,
    PARTS,
    REFERENDUM_PARTS,
    encode_headed,
    parse_headed,
    parts_in_use,
)
from evote.pages.contest_view import part_name
from evote.pages.filters import number

_SHORT = ("label", "party")
_ABOUT = "about"


def parts_of(contest: Definition) -> Sequence[str]:
    """Return the headed parts that every option of a contest has room for: of its kind, and those in use."""
    usual = REFERENDUM_PARTS if contest["rule"]["name"] == "majority" else CANDIDATE_PARTS
    used = parts_in_use(text for option in contest["options"] for text in option["info"].values())
    return [name for name in PARTS if name in usual or name in used]


def option_fields(contest: Definition, languages: Sequence[str]) -> tuple[dict[str, Field], dict[str, Any]]:
    """Return the fields of all options of a contest, and what fills them."""
    fields: dict[str, Field] = {}
    data: dict[str, Any] = {}
    for place, option in enumerate(contest["options"]):
        fields |= texts(f"option-{place}-label", gettext("Name of the option"), languages)
        fields |= texts(f"option-{place}-party", gettext("Party or group, if any"), languages)
        fields |= _areas(place, _ABOUT, gettext("In a few words, if anything"), languages)
        for part in () if option["id"] == contest["abstain"] else parts_of(contest):
            fields |= _areas(place, part.lower(), part_name(part), languages)
        for name in _SHORT:
            data |= text_data(f"option-{place}-{name}", option[name])
        for language, text in option["info"].items():
            read = parse_headed(text)
            data[f"option-{place}-{_ABOUT}-{language}"] = read.about
            data |= {f"option-{place}-{part.lower()}-{language}": words for part, words in read.parts.items()}
        if contest["rule"]["name"] == "budget":
            fields[f"option-{place}-cost"] = number_field(gettext("Cost"))
            data[f"option-{place}-cost"] = contest["rule"]["costs"][place]
    return fields, data


def read_options(form: FlaskForm, contest: Definition, languages: Sequence[str]) -> list[Definition]:
    """Return the options as the form has them; media stay, which have a page of their own."""
    return [
        {
            **option,
            **{name: read_texts(form, f"option-{place}-{name}", languages) for name in _SHORT},
            "info": _read_info(form, place, languages),
        }
        for place, option in enumerate(contest["options"])
    ]


def _read_info(form: FlaskForm, place: int, languages: Sequence[str]) -> dict[str, str]:
    info = {}
    for language in languages:
        about = form[f"option-{place}-{_ABOUT}-{language}"].data
        named = {part: f"option-{place}-{part.lower()}-{language}" for part in PARTS}
        info[language] = encode_headed(about, {part: form[name].data for part, name in named.items() if name in form})
    return {language: text for language, text in info.items() if text}


def _areas(place: int, name: str, label: str, languages: Sequence[str]) -> dict[str, Field]:
    return {
        f"option-{place}-{name}-{language}": TextAreaField(
            in_language(label, language, languages), validators=[_fits, _is_no_heading], filters=[tidy]
        )
        for language in languages
    }


def _fits(_form: FlaskForm, field: Field) -> None:
    over = len(field.data or "") - MOST_PART
    if over > 0:
        room = number(MOST_PART)
        sentence = ngettext(
            "Every option has room for %(room)s characters here. This text is %(num)s character too long.",
            "Every option has room for %(room)s characters here. This text is %(num)s characters too long.",
            over,
            room=room,
        )
        raise ValidationError(sentence)


def _is_no_heading(_form: FlaskForm, field: Field) -> None:
    if parse_headed(field.data or "").parts or any(f"## {part}" in (field.data or "").split("\n") for part in PARTS):
        raise ValidationError(gettext("Headings like “## Aims” are made by the fields. Take them out of this text."))
