"""Rows of a list, whether it was saved as CSV or as an Excel workbook; both one row at a time."""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Protocol
from xml.etree.ElementTree import ParseError

from evote.registrar.encodings import find_encoding
from evote.registrar.errors import Problem, VoterListError
from evote.registrar.files import read

_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_HINT = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)
_ZEROS = re.compile(r"0+")
_MOST_DIGITS = 15
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
    EOFError,
    OSError,
)
"""What openpyxl raises over a damaged workbook."""
_AS_TEXT = "Format the column as text in the spreadsheet, and type the cell again."


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        number: As a spreadsheet counts, from 1.
        cells: Their texts.
        wrong: {column's place: what is wrong with the cell} where it holds no plain text.
        numbers: Places of cells that hold a number without a format that would keep leading zeros.
    """

    number: int
    cells: Sequence[str]
    wrong: dict[int, str] = field(default_factory=dict)
    numbers: Sequence[int] = ()


@dataclass(frozen=True)
class Table:
    """A list to be read once.

    Attributes:
        rows: Row by row, the header first; raises :class:`VoterListError` where it cannot go on.
        notes: What was assumed.
        padded: Whether rows may end early, as those of a workbook do.
    """

    rows: Iterator[Row]
    notes: Sequence[str] = ()
    padded: bool = False


class HowManyKnown(Protocol):
    """Counts the columns of a header that are known."""

    def __call__(self, header: Sequence[str]) -> int:
        """Return how many."""


def open_table(path: Path, known: HowManyKnown, *, encoding: str = "", sheet: str = "") -> Table:
    """Open a list of voters.

    Args:
        path: A CSV file or an Excel workbook (.xlsx), told apart by what is in it.
        known: Counts known columns; it decides between commas, semicolons and tabs.
        encoding: Of a CSV file; found out when empty.
        sheet: Of a workbook; the only one by default.

    Raises:
        FileProblem, VoterListError: It cannot be read; the text says what to do.
    """
    data = read(path)
    if data.startswith(_OLD_OFFICE):
        raise _stop("this is an old Excel file (.xls) or one with a password.", "Save it as .xlsx without a password.")
    if data.startswith(_ZIP):
        return _open_workbook(data, sheet)
    return parse_csv(data, known, encoding=encoding)


def parse_csv(data: bytes, known: HowManyKnown, *, encoding: str = "") -> Table:
    """Read CSV: any of the separators , ; and tab; raises as :func:`open_table`."""
    found = find_encoding(data)
    name, notes = encoding or found.name, [] if encoding or not found.note else [found.note]
    if not name:
        advice = "Save it as “CSV UTF-8”, or name its encoding, like --encoding windows-1256."
        raise _stop("the file is not UTF-8, and nobody can tell by its letters what else it is.", advice)
    try:
        text = io.TextIOWrapper(io.BytesIO(data), name, "replace", newline="")  # rules find what was replaced
        first = text.readline()
    except LookupError:
        raise _stop(
            f"there is no encoding {encoding!r}.", "Name one like utf-8, windows-1252 or windows-1256."
        ) from None
    hint = _HINT.fullmatch(first)
    if hint:
        first = text.readline()
    separator = hint[1] if hint else _separator(first, known)
    if separator != ",":
        notes.append(f"The columns are separated by {_SEPARATORS[separator]}.")
    text.seek(0)
    if hint:
        text.readline()  # spreadsheets do not show this line, nor count it
    return Table(_csv_rows(text, separator), notes)


def _separator(header: str, known: HowManyKnown) -> str:
    def fits(separator: str) -> int:
        return known(next(csv.reader([header], delimiter=separator), []))

    return max(_SEPARATORS, key=fits)


def _csv_rows(text: io.TextIOWrapper, separator: str) -> Iterator[Row]:
    reader = csv.reader(text, delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield Row(number, cells)
    except csv.Error as error:
        wrong = f"not readable as CSV from here on ({error})."
        raise _stop(wrong, "Look for a quotation mark that is not closed.", number + 1) from None


def _open_workbook(data: bytes, sheet: str) -> Table:
    import openpyxl

    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
        if "xl/workbook.xml" not in names:
            raise _stop("this is no Excel workbook.", "Save the list as .xlsx or as CSV.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    except _DAMAGE:
        raise _stop("the workbook is damaged.", "Open it in the spreadsheet and save it once more.") from None
    worksheets = {one.title: one for one in book.worksheets}
    if sheet and sheet not in worksheets:
        raise _stop(f"there is no sheet {sheet!r}.", f"There are: {', '.join(worksheets)}.")
    if not sheet and len(worksheets) != 1:
        raise _stop("the workbook has several sheets.", f"Name the right one with --sheet: {', '.join(worksheets)}.")
    chosen = worksheets[sheet or next(iter(worksheets))]
    chosen.reset_dimensions()
    return Table(_workbook_rows(chosen.iter_rows), [f"Read from the sheet “{chosen.title}”."], padded=True)


def _workbook_rows(iter_rows: Callable[[], Iterator[Sequence[Any]]]) -> Iterator[Row]:
    number = 0
    try:
        for number, cells in enumerate(iter_rows(), start=1):
            texts: list[str] = []
            wrong: dict[int, str] = {}
            numbers: list[int] = []
            for place, cell in enumerate(cells):
                text, trouble, bare = _text(cell)
                texts.append(text)
                if trouble:
                    wrong[place] = trouble
                if bare:
                    numbers.append(place)
            while texts and not texts[-1] and len(texts) - 1 not in wrong:
                texts.pop()
            yield Row(number, texts, wrong, numbers)
    except _DAMAGE:
        advice = "Open it in the spreadsheet and save it once more."
        raise _stop("the workbook is damaged from here on.", advice, number + 1) from None


def _text(cell: Any) -> tuple[str, str, bool]:
    """Return a cell's text, what is wrong with it, and whether it is a number that may have lost leading zeros."""
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None:
        return "", "", False
    if kind == "f":
        return "", f"the cell holds a formula. {_AS_TEXT}", False
    if kind == "e" or isinstance(value, bool):
        return "", f"the cell holds {value}, which is no text. {_AS_TEXT}", False
    if isinstance(value, date | time | timedelta):
        return "", f"the cell holds a date or time ({value}): the spreadsheet took the text for one. {_AS_TEXT}", False
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    return str(value), "", False


def _number(value: float, form: str) -> tuple[str, str, bool]:
    if value != value // 1:
        return str(value), "", False
    text = str(int(value))
    if len(text.lstrip("-")) > _MOST_DIGITS:
        return (
            text,
            f"the cell holds a number too long for a spreadsheet: its last digits may be lost. {_AS_TEXT}",
            False,
        )
    if _ZEROS.fullmatch(form) and len(form) > 1 and value >= 0:
        return text.zfill(len(form)), "", False
    return text, "", True


def _stop(wrong: str, advice: str, row: int = 0) -> VoterListError:
    return VoterListError([Problem(row, "", wrong if row else wrong[0].upper() + wrong[1:], advice)])
