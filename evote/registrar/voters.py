"""Read the list of voters: ``id,mail[,style][,weight]``, and name every row that is wrong."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evote.registrar.errors import VoterListError

REQUIRED = ("id", "mail")
OPTIONAL = ("style", "weight")
MAX_WEIGHT = 2**32 - 1
_MAX_CHARACTERS = 254
_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
_WEIGHT = re.compile(r"[0-9]{1,10}")
# What a spreadsheet would run as a formula when the letters are merged.
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Voter:
    """One row: who, where mail goes, which ballot, and how much it weighs."""

    id: str
    mail: str
    style: str
    weight: int


def parse_voters(data: bytes, styles: Sequence[str], *, shared_mail: bool = False) -> list[Voter]:
    """Parse the list of voters.

    Args:
        data: The CSV file: UTF-8, commas, a header.
        styles: The manifest's ballot styles; the column ``style`` may be left out if there is one.
        shared_mail: Whether several voters may have one mail address.

    Returns:
        The voters in the file's order.

    Raises:
        VoterListError: It holds every problem found, each with its row in the file.
    """
    problems: list[str] = []
    voters: list[Voter] = []
    seen: dict[str, dict[str, int]] = {"id": {}, "mail": {}}
    for row, fields in _rows(data, styles, problems):
        voter = _voter(row, fields, styles, problems)
        for column, value in (("id", fields.get("id", "")), ("mail", fields.get("mail", ""))):
            if not value or (column == "mail" and shared_mail):
                continue
            first = seen[column].setdefault(unicodedata.normalize("NFKC", value).casefold(), row)
            if first != row:
                advice = "; if that is meant, pass --shared-mail" if column == "mail" else ""
                problems.append(f"Row {row}: the {column} {value!r} stands in row {first} already{advice}.")
        if voter:
            voters.append(voter)
    if not voters and not problems:
        problems.append("There is no voter below the header.")
    if problems:
        raise VoterListError(problems)
    return voters


def _rows(data: bytes, styles: Sequence[str], problems: list[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield (row number in the file, {column: value}) of every row that has the right number of fields."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        problems.append(f"Row {row}: not UTF-8. Save the list as “CSV UTF-8 (comma delimited)”.")
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not _header_is_good(header, styles, problems):
            return
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if len(fields) != len(header):
                problems.append(f"Row {reader.line_num}: {len(fields)} fields; the header has {len(header)}.")
                continue
            yield reader.line_num, {name: field.strip() for name, field in zip(header, fields, strict=True)}
    except csv.Error as error:
        problems.append(f"Row {reader.line_num}: not readable as CSV ({error}).")


def _header_is_good(header: list[str], styles: Sequence[str], problems: list[str]) -> bool:
    before = len(problems)
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name for name in header if name not in REQUIRED + OPTIONAL]
    if missing:
        problems.append(
            f"Row 1: the column {' and the column '.join(missing)} is missing; id,mail[,style][,weight] is meant."
        )
    if unknown and len(header) > 1:
        problems.append(f"Row 1: unknown columns: {', '.join(repr(name) for name in unknown)}. Remove or rename them.")
    if len(header) == 1 and ";" in header[0]:
        problems.append("Row 1: the columns must be separated by commas, not semicolons.")
    if len(set(header)) != len(header):
        problems.append("Row 1: a column stands twice.")
    if "style" not in header and len(styles) != 1:
        problems.append(f"Row 1: the column style is missing; this election has the styles {', '.join(styles)}.")
    return len(problems) == before


def _voter(row: int, fields: Mapping[str, str], styles: Sequence[str], problems: list[str]) -> Voter | None:
    before = len(problems)
    identity, mail = fields["id"], fields["mail"]
    for column, value in (("id", identity), ("mail", mail)):
        if len(value) > _MAX_CHARACTERS or any(unicodedata.category(character) == "Cc" for character in value):
            problems.append(f"Row {row}: the {column} is too long or holds control characters.")
        if value.startswith(_FORMULA):
            problems.append(f"Row {row}: the {column} {value!r} starts like a spreadsheet formula.")
    if not identity:
        problems.append(f"Row {row}: the id is empty.")
    if not _MAIL.fullmatch(mail):
        problems.append(f"Row {row}: {mail!r} is not a mail address.")
    style = fields.get("style", "") or (styles[0] if len(styles) == 1 else "")
    if style not in styles:
        problems.append(f"Row {row}: the ballot style {style!r} is unknown; known: {', '.join(styles)}.")
    weight = fields.get("weight", "") or "1"
    if not _WEIGHT.fullmatch(weight) or not 1 <= int(weight) <= MAX_WEIGHT:
        problems.append(f"Row {row}: the weight {weight!r} is not a whole number from 1 to {MAX_WEIGHT}.")
    return None if len(problems) > before else Voter(identity, mail, style, int(weight))
