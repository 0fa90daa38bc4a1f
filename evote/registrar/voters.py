"""Read the list of voters, and name every row that is wrong."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ballots.definition import SLOT_BITS, most_per_slot
from ballots.manifest import Manifest
from evote.locales.voter_ids import fold, latin_digits, tidy_voter_id
from evote.registrar.columns import read_header
from evote.registrar.errors import Problem, VoterListError
from evote.registrar.rules import RULES, wrong_with
from evote.registrar.tables import Row, Table


@dataclass(frozen=True, slots=True)
class Voter:
    """One row: who, where mail goes, which ballot, and how much it weighs.

    Attributes:
        name, language, address: For letters and mails only; empty where the list does not say. `language` is a
            code like `fa`, `address` has a line a line.
    """

    id: str
    mail: str
    style: str
    weight: int
    name: str = ""
    language: str = ""
    address: Sequence[str] = ()


@dataclass(frozen=True)
class Checked:
    """What was read.

    Attributes:
        voters: Of the good rows, in the list's order.
        problems: Of the others, by row.
        notes: What was assumed or put into one form.
        rows: Rows with anything in them, the header aside.
    """

    voters: Sequence[Voter]
    problems: Sequence[Problem]
    notes: Sequence[str]
    rows: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row by columns.

    Attributes:
        wrong: {column: what is wrong} where the cell holds no plain text.
        number_as_id: Whether the id is a number, which has no leading zeros.
    """

    number: int
    cells: Mapping[str, str]
    wrong: Mapping[str, str]
    number_as_id: bool


@dataclass
class _Seen:
    """What must not come twice, and what is said at the end."""

    ids: dict[str, int] = field(default_factory=dict)
    mails: dict[str, int] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    tidied: list[tuple[str, str]] = field(default_factory=list)
    lengths: Counter[int] = field(default_factory=Counter)
    zeros: bool = False


def parse_voters(table: Table, manifest: Manifest, *, shared_mail: bool = False) -> Checked:
    """Read a list without problems.

    Raises:
        VoterListError: It holds every problem found.
    """
    checked = check_voters(table, manifest, shared_mail=shared_mail)
    if checked.problems:
        raise VoterListError(checked.problems)
    return checked


def check_voters(table: Table, manifest: Manifest, *, shared_mail: bool = False) -> Checked:
    """Read a list and find everything that is wrong with it.

    Args:
        table: The list.
        manifest: It names the ballot styles, and bounds the weights.
        shared_mail: Whether several voters may have one mail address.
    """
    voters: list[Voter] = []
    problems: list[Problem] = []
    seen, styles, count = _Seen(), list(manifest.styles), 0
    try:
        for entry in _entries(table, styles, problems):
            count += 1
            found = [*_problems(entry, styles), *_repeated(entry, seen, shared_mail=shared_mail)]
            problems += found
            if not found:
                voters.append(_voter(entry.cells, styles))
    except VoterListError as error:
        problems += error.problems
    if not count and not problems:
        problems.append(Problem(0, "", "There is no voter below the header.", "Is this the right file?"))
    most = ((1 << SLOT_BITS) - 1) // max(most_per_slot(contest) for contest in manifest.contests)
    if sum(voter.weight for voter in voters) > most:
        wrong = f"The weights together are more than {most:,}: a total could overflow."
        problems.append(Problem(0, "weight", wrong, "Divide all weights by the same number."))
    return Checked(voters, sorted(problems, key=lambda one: one.row), [*table.notes, *_notes(seen)], count)


def _entries(table: Table, styles: Sequence[str], problems: list[Problem]) -> Iterator[_Entry]:
    """Yield every row of the right length; nothing if the header is wrong."""
    columns: Sequence[str] = ()
    for row in table.rows:
        if not any(cell.strip() for cell in row.cells) and not row.wrong:
            continue
        if not columns:
            columns, wrong = read_header(row.cells, row.number, styles)
            problems += wrong
            if wrong:
                return
        elif len(row.cells) > len(columns) or (len(row.cells) < len(columns) and not table.padded):
            said = f"{len(row.cells)} cells; the header has {len(columns)}."
            advice = "Put texts that hold separators into quotation marks."
            problems.append(Problem(row.number, "", said, advice))
        else:
            yield _entry(row, columns)


def _entry(row: Row, columns: Sequence[str]) -> _Entry:
    cells: dict[str, str] = {}
    for place, column in enumerate(columns):
        text = row.cells[place].strip() if place < len(row.cells) else ""
        cells[column] = "\n".join(filter(None, (cells.get(column, ""), text))) if column == "address" else text
    wrong = {columns[place]: sentence for place, sentence in row.wrong.items()}
    return _Entry(row.number, cells, wrong, any(columns[place] == "id" for place in row.numbers))


def _problems(entry: _Entry, styles: Sequence[str]) -> Iterator[Problem]:
    for column, sentence in entry.wrong.items():
        yield Problem(entry.number, column, sentence)
    for column in RULES:
        wrong = None if column in entry.wrong else wrong_with(column, entry.cells.get(column, ""))
        if wrong:
            yield Problem(entry.number, column, *wrong)
    style = entry.cells.get("style", "") or (styles[0] if len(styles) == 1 else "")
    if style not in styles and "style" not in entry.wrong:
        known = ", ".join(styles[:10]) + (", …" if len(styles) > 10 else "")
        said = f"the ballot style {style!r} is unknown." if style else "there is no ballot style."
        yield Problem(entry.number, "style", said, f"Known: {known}.")


def _repeated(entry: _Entry, seen: _Seen, *, shared_mail: bool) -> Iterator[Problem]:
    """Find what came before, and note what is said at the end."""
    row, identity, mail = entry.number, entry.cells["id"], entry.cells["mail"]
    if identity:
        first = seen.ids.setdefault(fold(identity), row)
        if first != row:
            advice = "Case, spaces, and Persian or Arabic variants of letters and digits do not tell ids apart."
            yield Problem(row, "id", f"the id {identity!r} stands in row {first} already.", advice)
        _note_id(entry, identity, seen)
    if mail and not shared_mail:
        first = seen.mails.setdefault(fold(mail), row)
        if first != row:
            wrong = f"the mail address {mail!r} stands in row {first} already."
            yield Problem(row, "mail", wrong, "If that is meant, pass --shared-mail.")


def _note_id(entry: _Entry, identity: str, seen: _Seen) -> None:
    if entry.number_as_id:
        seen.numbers.append(entry.number)
    tidy = tidy_voter_id(identity)
    if tidy != identity:
        seen.tidied.append((identity, tidy))
    seen.lengths[len(tidy) if tidy.isdecimal() else 0] += 1
    seen.zeros |= tidy.startswith("0")


def _notes(seen: _Seen) -> Iterator[str]:
    if seen.numbers:
        rows = ", ".join(map(str, seen.numbers[:3])) + (", …" if len(seen.numbers) > 3 else "")
        yield (
            f"{len(seen.numbers):,} ids are stored as numbers (row {rows}). If they began with zeros, the spreadsheet "
            "has dropped these: compare with the source, and format the column as text."
        )
    elif 0 not in seen.lengths and len(seen.lengths) > 1 and not seen.zeros:
        yield (
            "All ids are digits, of different lengths, and none begins with 0. If the ids in your source begin with "
            "zeros, a spreadsheet has dropped these."
        )
    if seen.tidied:
        was, now = seen.tidied[0]
        yield f"{len(seen.tidied):,} ids are written in one form (digits, ی, ک, spaces): {was!r} becomes {now!r}."


def _voter(cells: Mapping[str, str], styles: Sequence[str]) -> Voter:
    return Voter(
        id=tidy_voter_id(cells["id"]),
        mail=cells["mail"],
        style=cells.get("style", "") or styles[0],
        weight=int(latin_digits(cells.get("weight", "") or "1")),
        name=cells.get("name", ""),
        language=cells.get("language", ""),
        address=tuple(line.strip() for line in cells.get("address", "").splitlines() if line.strip()),
    )
