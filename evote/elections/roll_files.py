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

ROLL_FILE, SIGNATURE_FILE, VOTERS_FILE = "roll.jsonl", "roll.json", "voters.csv"
_HEADER = ["id", "mail", "pk"]


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
        problems: Every line that is wrong, file by file.
    """

    voters: int
    weight: int
    styles: Mapping[str, int]
    problems: Sequence[RowProblem]


def check_roll_files(manifest: Manifest, roll: bytes, signature: bytes, voters: bytes) -> RollReport:
    """Check the registrar's three files against a manifest, and list all that is wrong."""
    lines, problems = read_roll(roll, manifest)
    if not problems:
        try:
            check_roll_signature(manifest, roll, len(lines), signature)
        except EvoteError as error:
            problems.append(RowProblem(SIGNATURE_FILE, 0, error))
    _, wrong = read_voters(voters, lines)
    styles = Counter(line.style for line in lines.values())
    return RollReport(len(lines), sum(line.weight for line in lines.values()), styles, [*problems, *wrong])


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
    """Return the people of the good lines of voters.csv, and every bad line."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        unread = Malformed("voters.csv cannot be read. It must be UTF-8, with commas and closed quotation marks.")
        return [], [RowProblem(VOTERS_FILE, 0, unread)]
    if not rows or rows[0] != _HEADER:
        headless = Malformed("voters.csv must begin with the line id,mail,pk; the registrar's command writes it.")
        return [], [RowProblem(VOTERS_FILE, 1, headless)]
    logins: set[str] = set()
    people: dict[str, Person] = {}
    problems: list[RowProblem] = []
    for number, row in enumerate(rows[1:], start=2):
        wrong = _wrong(number, row, roll, logins, people)
        if wrong is not None:
            problems.append(RowProblem(VOTERS_FILE, number, wrong))
        else:
            person = Person(row[0].strip(), row[1].strip(), row[2])
            logins.add(person.login)
            people[person.key] = person
    if not problems and len(people) != len(roll):
        unequal = Malformed(
            "voters.csv names %(count)s voters, the roll %(roll)s: each must stand in both.",
            count=len(people),
            roll=len(roll),
        )
        problems.append(RowProblem(VOTERS_FILE, 0, unequal))
    return list(people.values()), problems


def _wrong(
    number: int, row: Sequence[str], roll: Mapping[str, RollLine], logins: set[str], people: Mapping[str, Person]
) -> Malformed | None:
    if len(row) != 3 or not row[0].strip() or len(row[0]) > LOGIN_LENGTH or len(row[1]) > MAIL_LENGTH:
        return Malformed("Line %(number)s of voters.csv does not hold an id, a mail address and a key.", number=number)
    if row[2] not in roll:
        return Malformed("The key in line %(number)s of voters.csv is not on the roll.", number=number)
    if row[0].strip() in logins or row[2] in people:
        return Malformed("The id or the key in line %(number)s of voters.csv stands twice.", number=number)
    return None
