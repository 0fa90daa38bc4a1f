"""The catalogues of sentences, read as translators write them: nothing is compiled, stored or kept up to date apart."""

import io
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

SOURCE = "en"
"""The language in which the sentences stand in the code."""
FOLDER = Path(__file__).parents[1] / "translations"
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


def is_rtl(code: str) -> bool:
    """Tell whether a language, by its code, is written from right to left; unknown ones are not."""
    try:
        return Locale.parse(code, sep="-").character_order == "right-to-left"
    except (ValueError, UnknownLocaleError):
        return False


def code_of(locale: Locale) -> str:
    """Return a locale's code as addresses and HTML write it."""
    return str(locale).replace("_", "-")
