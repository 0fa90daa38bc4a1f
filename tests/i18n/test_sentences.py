"""Every sentence that can reach a person can be translated: errors, flashes and forms, found in the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import flask_wtf.file
import pytest
import wtforms.fields
import wtforms.validators
from flask_babel import force_locale

from ballots.errors import EncodingError, TallyError
from ballots.sentences import SentenceError
from evote.errors import Conflict, Malformed
from evote.languages import said
from evote.languages.__main__ import DEMANDS, ERRORS, ROOT
from evote.languages.forms import OURS
from tests.pages.conftest import Gallery

GETTEXT = {"gettext", "ngettext", "lazy_gettext", "_"}
ELSEWHERE = {"said", "problem_sentence"}
"""Functions that return what gettext returned."""
SPEAKERS = {**dict.fromkeys(ERRORS, 0), **dict.fromkeys(DEMANDS, 1), "_demand_distinct": 0, "flash": 0}
SPEAKERS |= {"ValidationError": 0, "StopValidation": 0}
"""{function or class: which of its arguments is the sentence}."""
NEVER_ON_A_PAGE = ("evote/cli", "evote/registrar", "evote/simulation", "evote/settings.py", "evote/services.py")
"""Commands speak English only: see docs/translators.md."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in ("ballots", "evote", "participation"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(NEVER_ON_A_PAGE):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def speaks(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPEAKERS


def is_translatable(sentence: ast.expr, module: ast.Module) -> bool:
    """Tell whether extraction finds a sentence, or it was made by gettext; names are followed within the module,
    up to the functions that take them from elsewhere."""
    match sentence:
        case ast.Constant(value=str()):
            return True
        case ast.IfExp(body=one, orelse=other):
            return all(not isinstance(part, ast.Constant) and is_translatable(part, module) for part in (one, other))
        case ast.Call(func=ast.Name(id=name)):
            return name in GETTEXT | ELSEWHERE or _returns_translated(name, module)
        case ast.Name(id="sentence") | ast.Attribute(attr="sentence" | "_message"):
            return True
        case ast.Name(id=name):
            return _is_always_translated(name, module)
    return False


def _returns_translated(name: str, module: ast.Module) -> bool:
    found = [one for one in ast.walk(module) if isinstance(one, ast.FunctionDef) and one.name == name]
    returned = [one.value for made in found for one in ast.walk(made) if isinstance(one, ast.Return) and one.value]
    return bool(returned) and all(
        not isinstance(one, ast.Constant) and is_translatable(one, module) for one in returned
    )


def _is_always_translated(name: str, module: ast.Module) -> bool:
    given = [
        node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == name for one in node.targets)
    ]
    taken = any(name == one.arg for one in ast.walk(module) if isinstance(one, ast.arg))
    return all(isinstance(one, ast.Call) and is_translatable(one, module) for one in given) and (taken or bool(given))


def untranslatable(name: str, module: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(module):
        if not (speaks(node) and isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        place = SPEAKERS[node.func.id]
        if node.func.id in DEMANDS and not name.startswith(("ballots/", "careless")):
            continue
        if len(node.args) <= place:
            continue
        sentence = node.args[place]
        plain = isinstance(sentence, ast.Constant) and node.func.id in ("flash", "ValidationError", "StopValidation")
        if plain or not is_translatable(sentence, module):
            found.append(f"{name}:{node.lineno} {ast.unparse(node)}")
    return found


def test_every_error_and_flash_is_a_sentence_that_translators_get() -> None:
    assert [one for name, module in sources() for one in untranslatable(name, module)] == []


@pytest.mark.parametrize(
    "careless",
    [
        'raise Malformed(f"There is no {thing}.")',
        "raise Malformed(str(error))",
        'raise Malformed("There is no " + thing)',
        'raise Malformed("Closed." if closed else "Open.")',
        'flash("Saved.")',
        'raise ValidationError("Too long.")',
        '_demand(ready, f"{name} is not ready.")',
    ],
)
def test_a_careless_sentence_is_noticed(careless: str) -> None:
    assert len(untranslatable("careless.py", ast.parse(careless))) == 1


def test_every_value_of_a_sentence_is_named_in_it() -> None:
    wrong = []
    for name, module in sources():
        for node in ast.walk(module):
            match node:
                case ast.Call(func=ast.Name(id=speaker), args=[*given]) if speaker in SPEAKERS:
                    sentence = given[SPEAKERS[speaker]] if len(given) > SPEAKERS[speaker] else None
                    values = {keyword.arg for keyword in node.keywords}
                    if isinstance(sentence, ast.Constant) and None not in values:
                        named = set(re.findall(r"%\((\w+)\)s", str(sentence.value)))
                        if not (values <= named and named - values <= {"twice"}):
                            wrong.append(f"{name}:{node.lineno}")
    assert wrong == []


def test_errors_keep_sentence_and_values_apart_and_survive_storage() -> None:
    inner = EncodingError("Expected base64url text of %(width)s bytes.", width=32)
    error = Malformed("This is no ballot of this election: %(reason)s", reason=inner)
    assert str(error) == "This is no ballot of this election: Expected base64url text of 32 bytes."
    stored = error.as_document()
    assert str(SentenceError.from_document(stored)) == str(error)
    assert str(Conflict.because(error)) == str(error)
    assert str(Malformed("100% of it.")) == "100% of it."
    assert str(TallyError()) == ""


def test_errors_are_said_in_the_pages_language_with_its_digits(gallery: Gallery) -> None:
    inner = EncodingError("Expected base64url text of %(width)s bytes.", width=1032)
    error = Malformed("This is no ballot of this election: %(reason)s", reason=inner)
    keys = Malformed("Before the freeze hand in: %(missing)s.", missing=["roll.json", "key.json"])
    with gallery.app.test_request_context("/"):
        with force_locale("fa"):
            text = said(error)
            assert text.endswith("متن base64url به طول ۱٬۰۳۲ بایت باید باشد.")
            assert "\u2068roll.json\u2069، \u2068key.json\u2069" in said(keys)
        with force_locale("en"):
            assert said(error).endswith("Expected base64url text of 1,032 bytes.")


def test_the_library_of_forms_says_nothing_of_its_own() -> None:
    said_by_it = set()
    for module in (wtforms.validators, flask_wtf.file, *_field_modules()):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                first = node.args[0] if node.args else None
                if node.func.attr in ("gettext", "ngettext") and isinstance(first, ast.Constant):
                    said_by_it.add(first.value)
    mistakes_of_ours = {"Choices cannot be None.", "Invalid field name '%s'."}
    assert said_by_it - mistakes_of_ours == set(OURS)


def _field_modules() -> list[object]:
    return [getattr(wtforms.fields, name) for name in ("choices", "core", "datetime", "numeric")]


def test_a_form_is_refused_in_our_words(gallery: Gallery) -> None:
    from flask_wtf import FlaskForm
    from wtforms import IntegerField, SelectField
    from wtforms.fields.choices import SelectChoice
    from wtforms.validators import InputRequired

    class Asked(FlaskForm):  # type: ignore[misc]  # the library has no types
        class Meta:
            csrf = False

        name = IntegerField("n", validators=[InputRequired()])
        kind = SelectField("k", choices=[SelectChoice("a", "A")])

    for language, words in (("en", "Choose from what is offered."), ("fa", "از میان آنچه هست یکی را انتخاب کنید.")):
        with gallery.app.test_request_context(f"/{language}/", method="POST", data={"name": "", "kind": "z"}):
            gallery.app.preprocess_request()
            with force_locale(language):
                form = Asked()
                assert not form.validate()
                assert form.errors["kind"] == [words]
