"""Bring every catalogue up to date with the code: python -m evote.languages [LANGUAGE of a new one]."""

import io
import re
import sys
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from ballots import errors as ballots_errors
from ballots import sentences
from evote import errors as evote_errors
from evote.locales.catalogue import FILE, FOLDER
from participation import errors as participation_errors

ROOT = Path(__file__).parents[2]
_HEADER = "The sentences of this site. How to translate them: docs/translators.md."
PLACES = ("evote", "participation", "ballots", "templates")
_AT_START = ("SettingsError", "RulesError")
"""Only somebody who starts the program reads these, in the language of its commands."""
ERRORS = {
    name: kind
    for module in (ballots_errors, evote_errors, participation_errors, sentences)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, sentences.SentenceError) and name not in _AT_START
}
"""Errors hold their sentence in English; it is translated where it is said (`evote.languages.said`)."""
DEMANDS = ("_demand", "_demand_distinct")
"""Functions of `ballots` that raise a sentence unless something holds."""
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "lazy_gettext": None,
    **dict.fromkeys(ERRORS),
    "_demand": (2,),
    "_demand_distinct": None,
}
_CHANGING = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|Last-Translator|Language-Team):.*\n',
    re.M,
)


def extract() -> Catalog:
    """Return all sentences of the code and the templates, in English."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog(project="evote", charset="utf-8")
    files = extract_from_dir(
        ROOT,
        methods,
        options,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        directory_filter=lambda folder: Path(folder).relative_to(ROOT).parts[0] in PLACES,
    )
    for name, _, message, comments, context in files:
        found.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return found


def update(path: Path, language: str, sentences: Catalog) -> tuple[int, int]:
    """Add new sentences to a catalogue and take away those that nobody says any more.

    Args:
        path: The catalogue; made if it is missing.
        language: Its locale, like `fa` or `pt_BR`.
        sentences: Of `extract`.

    Returns:
        How many sentences there are, and how many are not translated.
    """
    catalogue = Catalog(locale=language, project="evote", charset="utf-8")
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    catalogue.update(sentences, no_fuzzy_matching=True)
    catalogue.header_comment, catalogue.fuzzy = f"# {_HEADER}", False
    written = io.BytesIO()
    write_po(written, catalogue, width=100, sort_output=True, ignore_obsolete=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_CHANGING.sub("", written.getvalue().decode()), encoding="utf-8")
    messages = [message for message in catalogue if message.id]
    return len(messages), sum(one.fuzzy or not all(forms(one)) for one in messages)


def forms(message: Message) -> tuple[str, ...]:
    """Return a sentence's translation in each of its numbers."""
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(str(form) for form in string)


@click.command()
@click.argument("new", required=False)
def main(new: str | None) -> None:
    """Bring every catalogue up to date; NEW is the code of a language to begin, like de or pt_BR."""
    sentences = extract()
    names = {path.name for path in FOLDER.iterdir() if (path / FILE).is_file()}
    left = 0
    for name in sorted(names | ({new} if new else set())):
        count, empty = update(FOLDER / name / FILE, name, sentences)
        left += empty
        click.echo(f"{name}: {count} sentences, {empty} to be translated in {(FOLDER / name / FILE).relative_to(ROOT)}")
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main()
