"""Every catalogue: whole, filled in as the English is, and in Persian written as Persian is written."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from evote.languages.__main__ import extract, forms
from evote.locales.catalogue import FILE, FOLDER

LANGUAGES = sorted(path.name for path in FOLDER.iterdir() if (path / FILE).is_file())
PLACEHOLDER = re.compile(r"%\(\w+\)s")
LATIN_WORD = re.compile(r"`[^`]*`|[A-Za-z][\w.:/,-]*")
"""Names of programs, files, units and keys stay Latin, with the digits in them."""
LETTER = "[\u0621-\u064a\u0654\u067e-\u06d3\u200c]"
FAULTS = {
    "an Arabic letter or digit": r"[يكىۀ٠-٩]",
    "a Latin digit": r"[0-9]",
    "Latin punctuation": r"[,;?](?=\s|$)|[“”]",
    "رای for رأی": rf"(?<!{LETTER})رای(?!ا|ج|گان|زن)",
    "a space where a half-space belongs": rf"(?<!{LETTER})ن?می {LETTER}|{LETTER} (?:ها|های|هایی|ترین)(?!{LETTER})",
    "a half-space at a word's edge": r"\u200c(?:[^\u0621-\u06d3\u06f0-\u06f9]|$)|(?:^|\s)\u200c",
    "two spaces, or one before a stop": r"  |[^\s] [.،؛؟!:]",
}


def read(language: str) -> Catalog:
    with Path(FOLDER, language, FILE).open("rb") as file:
        return read_po(file, locale=language)


def sentences(language: str) -> Iterator[tuple[Message, str]]:
    for message in read(language):
        for form in forms(message) if message.id else ():
            yield message, form


def english(message: Message) -> str:
    """Return the English that has every placeholder: the plural where there is one."""
    return message.id if isinstance(message.id, str) else str(message.id[-1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_code_is_in_the_catalogue_and_no_other(language: str) -> None:
    said, translated = ({english(message) for message in found if message.id} for found in (extract(), read(language)))
    assert said - translated == set(), "run `make translations` and translate what it adds"
    assert translated - said == set(), "run `make translations`: nobody says these any more"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_or_fuzzy(language: str) -> None:
    assert [english(message) for message, form in sentences(language) if message.fuzzy or not form] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_those_of_the_english(language: str) -> None:
    for message, form in sentences(language):
        wanted, found = (sorted(PLACEHOLDER.findall(text)) for text in (english(message), form))
        assert found == wanted, form
        if "python-format" in message.flags:
            assert "%" not in PLACEHOLDER.sub("", form).replace("%%", ""), form
        assert english(message).count("\n") == form.count("\n"), form
        assert english(message).endswith(" ") == form.endswith(" "), form


@pytest.mark.parametrize("fault", FAULTS)
def test_persian_is_written_as_persian(fault: str) -> None:
    for _, form in sentences("fa"):
        plain = LATIN_WORD.sub("x", PLACEHOLDER.sub("x", form))
        assert not re.search(FAULTS[fault], plain), form


def test_a_careless_sentence_is_noticed() -> None:
    careless = {
        "an Arabic letter or digit": "برگه‌ي رأي",
        "a Latin digit": "تا 5 گزینه",
        "Latin punctuation": "رأی دهید, و ببینید",
        "رای for رأی": "یک رای‌گیری",
        "a space where a half-space belongs": "رأی می دهید",
        "a half-space at a word's edge": "رأی‌ دهید",
        "two spaces, or one before a stop": "رأی دهید .",
    }
    for fault, text in careless.items():
        assert re.search(FAULTS[fault], text), fault
    for good in ("برای اجرای آرای شما", "آن‌ها را ببینید", "می‌توانید رأیتان را تغییر دهید."):
        assert not any(re.search(pattern, good) for pattern in FAULTS.values()), good
