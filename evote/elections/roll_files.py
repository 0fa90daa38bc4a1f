"""The registrar's files: the roll, its signature, and voters.csv. One reading serves the dry run and the freeze."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ballots import codec
from ballots.errors import BallotsError, RecordError, SignatureRefused
from ballots.manifest import Manifest
from ballots.roll import RollLine, parse_roll
from ballots.sentences import SentenceError
from ballots.signatures import verify
from evote.accounts.models import LOGIN_LENGTH, MAIL_LENGTH
from evote.elections.documents import hash_text
from evote.errors import EvoteError, Malformed, Unsigned
from evote.languages import said
from evote.locales.voter_ids import fold, tidy_voter_id

ROLL_FILE, SIGNATURE_FILE, VOTERS_FILE = "roll.jsonl", "roll.json", "voters.csv"
MOST_PROBLEMS = 2_000
_HEADER = ["id", "mail", "pk"]
_LOST = "\ufffd"


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a line of a file; line 0 is the file as a whole."""

    file: str
    line: int
    error: SentenceError

    @property
    def message(self) -> str:
        """Say it in the page's language."""
        return said(self.error)


@dataclass(frozen=True)
class Person:
    """A line of voters.csv."""

    login: str
    mail: str
    key: str


@dataclass(frozen=True)
class RollReport:
    """What a dry run found.

    Attributes:
        voters, weight: Lines of the roll, and their weights together.
        styles: {ballot style: voters}.
        problems: The lines that are wrong, file by file, up to a bound.
        wrong: How many there are.
    """

    voters: int
    weight: int
    styles: Mapping[str, int]
    problems: Sequence[RowProblem]
    wrong: int


def check_roll_files(manifest: Manifest, roll: bytes, signature: bytes, voters: bytes) -> RollReport:
    """Check the registrar's three files against a manifest, and list all that is wrong."""
    lines, problems = read_roll(roll, manifest)
    if not problems:
        try:
            check_roll_signature(manifest, roll, len(lines), signature)
        except EvoteError as error:
            problems.append(RowProblem(SIGNATURE_FILE, 0, error))
    _, wrong = read_voters(voters, lines)
    found = [*problems, *(one for one in wrong if not problems or one.file == VOTERS_FILE)]
    styles = Counter(line.style for line in lines.values())
    weight = sum(line.weight for line in lines.values())
    return RollReport(len(lines), weight, styles, found[:MOST_PROBLEMS], len(found))


def read_roll(data: bytes, manifest: Manifest) -> tuple[dict[str, RollLine], list[RowProblem]]:
    """Return {voter's key: line} of the good lines, and every bad one."""
    lines = io.BytesIO(data).readlines()
    try:
        return {line.voter: line for line in parse_roll(lines, manifest)}, []
    except BallotsError as error:
        whole = error
    good: dict[str, RollLine] = {}
    problems: list[RowProblem] = []
    previous = ""
    for number, raw in enumerate(lines, start=1):
        try:
            (line,) = parse_roll([raw], manifest)
        except BallotsError as error:
            here = RecordError(error.sentence, **{**error.values, "number": number})
            problems.append(RowProblem(ROLL_FILE, number, here))
            continue
        if not line.voter > previous:
            wrong = RecordError("Line %(number)s of the roll is out of order, or a voter stands twice.", number=number)
            problems.append(RowProblem(ROLL_FILE, number, wrong))
        previous = max(previous, line.voter)
        good[line.voter] = line
    return good, problems or [RowProblem(ROLL_FILE, 0, whole)]


def check_roll_signature(manifest: Manifest, roll: bytes, voters: int, data: bytes) -> str:
    """Check the registrar's signature over the roll (roll.json); returns it.

    Raises:
        Malformed: The file is not of its form, or belongs to another roll.
        Unsigned: It is signed with another key.
    """
    try:
        sha256, count, signature = codec.take(codec.parse_canonical(data.strip()), "sha256", "voters", "signature")
    except BallotsError as error:
        raise Malformed("The roll's signature file (roll.json) is malformed. %(error)s", error=error) from None
    if sha256 != hash_text(roll) or count != voters:
        raise Malformed("roll.json was made for another roll. Take both files from one run of the registrar's command.")
    try:
        verify(manifest.registrar_key, "roll", {"manifest": manifest.hash_text, "sha256": sha256}, signature)
    except SignatureRefused:
        raise Unsigned("The roll is not signed with the registrar's key of this manifest.") from None
    return str(signature)


def read_voters(data: bytes, roll: Mapping[str, RollLine]) -> tuple[list[Person], list[RowProblem]]:
    """Return the people of the good lines of voters.csv; all bad lines, and lines of the roll without a person."""
    text = io.StringIO(data.decode("utf-8-sig", "replace"), newline="")  # a letter that was lost is a bad line
    reader = csv.reader(text, strict=True)
    people: dict[str, Person] = {}
    problems: list[RowProblem] = []
    logins: dict[str, int] = {}
    keys: dict[str, int] = {}
    number = 1
    try:
        if next(reader, []) != _HEADER:
            headless = Malformed("voters.csv must begin with the line id,mail,pk; the registrar's command writes it.")
            return [], [RowProblem(VOTERS_FILE, 1, headless)]
        for number, row in enumerate(reader, start=2):
            first = keys.setdefault(row[-1], number) if row else number  # a bad line too says whose it is
            wrong = _wrong(number, row, roll) or _twice(number, row, logins, first)
            if wrong is not None:
                problems.append(RowProblem(VOTERS_FILE, number, wrong))
            else:
                people[row[2]] = Person(tidy_voter_id(row[0]), row[1].strip(), row[2])
    except csv.Error:
        torn = Malformed(
            "Line %(number)s of voters.csv cannot be read: a quotation mark is not closed.", number=number + 1
        )
        return list(people.values()), [*problems, RowProblem(VOTERS_FILE, number + 1, torn)]
    for line, key in enumerate(roll, start=1):
        if key not in keys:
            absent = Malformed("No line of voters.csv has the key in line %(line)s of the roll.", line=line)
            problems.append(RowProblem(ROLL_FILE, line, absent))
    return list(people.values()), problems


def _wrong(number: int, row: Sequence[str], roll: Mapping[str, RollLine]) -> Malformed | None:
    """Say what is wrong with a line of voters.csv by itself, and against the roll."""
    if len(row) != len(_HEADER) or not all(cell.strip() for cell in row):
        return Malformed("Line %(number)s of voters.csv does not hold an id, a mail address and a key.", number=number)
    login, mail, key = row
    if len(login) > LOGIN_LENGTH or len(mail) > MAIL_LENGTH:
        return Malformed("The id or the mail address in line %(number)s of voters.csv is too long.", number=number)
    if _LOST in login + mail or not all(one.isprintable() or one == "\u200c" for one in login + mail):
        return Malformed(
            "Line %(number)s of voters.csv is not UTF-8, or holds a character that nobody sees. Take the file as the "
            "registrar's command wrote it.",
            number=number,
        )
    if "@" not in mail:
        return Malformed("The second cell in line %(number)s of voters.csv is no mail address.", number=number)
    if key not in roll:
        return Malformed("The key in line %(number)s of voters.csv is not on the roll.", number=number)
    return None


def _twice(number: int, row: Sequence[str], logins: dict[str, int], key_first: int) -> Malformed | None:
    """Say where a line's id or key stood before, and remember the id."""
    login_first = logins.setdefault(fold(row[0]), number)
    if login_first != number:
        return Malformed(
            "The id in line %(number)s of voters.csv stands in line %(first)s already.",
            number=number,
            first=login_first,
        )
    if key_first != number:
        return Malformed(
            "The key in line %(number)s of voters.csv stands in line %(first)s already.", number=number, first=key_first
        )
    return None
