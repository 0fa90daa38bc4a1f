"""The columns of a list of voters: what they are called, and which of them a header names."""

from collections.abc import Mapping, Sequence

from evote.locales.voter_ids import fold
from evote.registrar.errors import Problem

REQUIRED = ("id", "mail")
OPTIONAL = ("style", "weight", "name", "language", "address")
_NAMES: Mapping[str, Sequence[str]] = {
    "id": ("id", "voter id", "شناسه", "شناسهٔ رأی‌دهنده"),
    "mail": ("mail", "email", "e-mail", "رایانامه", "ایمیل"),
    "style": ("style", "ballot style", "district", "حوزه", "حوزهٔ انتخابیه"),
    "weight": ("weight", "وزن"),
    "name": ("name", "full name", "نام", "نام و نام خانوادگی"),
    "language": ("language", "زبان"),
    "address": ("address", "postal address", "نشانی", "آدرس"),
}
_COLUMNS = {fold(name): column for column, names in _NAMES.items() for name in names}
_MEANT = "id,mail[,style][,weight][,name][,language][,address]"


def known_columns(header: Sequence[str]) -> int:
    """Return how many names of a header are known."""
    return sum(_column(name) != "" for name in header)


def read_header(header: Sequence[str], row: int, styles: Sequence[str]) -> tuple[Sequence[str], list[Problem]]:
    """Return which column stands in each place, and what is wrong.

    Args:
        header: The header's cells.
        row: Where it stands.
        styles: The manifest's ballot styles; the column may be left out if there is one.

    Returns:
        A name of :data:`REQUIRED` or :data:`OPTIONAL` for each place (`address` may stand several times,
        one column a line), empty where the header's cell is; and the problems.
    """
    columns = [_column(name) for name in header]
    problems = []
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        wrong = f"the column {' and the column '.join(missing)} is missing."
        problems.append(Problem(row, "", wrong, f"{_MEANT} is meant."))
    unknown = [name.strip() for name, column in zip(header, columns, strict=True) if name.strip() and not column]
    if unknown and not missing:
        wrong = f"unknown columns: {', '.join(map(repr, unknown))}."
        problems.append(Problem(row, "", wrong, f"Remove or rename them; {_MEANT} is meant."))
    twice = [name for name in (*REQUIRED, *OPTIONAL) if name != "address" and columns.count(name) > 1]
    if twice:
        problems.append(Problem(row, "", f"the column {twice[0]} stands twice.", "Remove one."))
    if not missing and "style" not in columns and len(styles) != 1:
        advice = f"This election has the ballot styles {', '.join(styles)}."
        problems.append(Problem(row, "", "the column style is missing.", advice))
    return columns, problems


def _column(name: str) -> str:
    folded = fold(name)
    return _COLUMNS.get(folded, "") or _COLUMNS.get(folded.rstrip("0123456789"), "")
