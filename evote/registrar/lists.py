"""The lists that the command writes and reads again: voters.csv for the server, letters.csv for letters and mails."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ballots.credentials import credential_key, voter_number
from ballots.errors import CredentialError
from ballots.manifest import Manifest
from evote.locales.voter_ids import tidy_voter_id
from evote.registrar.credentials import Credential
from evote.registrar.errors import Problem, VoterListError

VOTERS_HEADER = ("id", "mail", "pk")
LETTERS_HEADER = ("id", "mail", "code", "voter number", "name", "language", "address")


@dataclass(frozen=True, slots=True)
class Letter:
    """A line of letters.csv.

    Attributes:
        code: Secret: whoever has it and the voter's mailbox can vote in the voter's place.
        number: The voter number.
        language: A code, or empty.
        address: A line a line.
    """

    id: str
    mail: str
    code: str = field(repr=False)
    number: str
    name: str = ""
    language: str = ""
    address: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of voters.csv: what the server knows of a voter."""

    id: str
    mail: str
    key: str


def voters_csv(credentials: Iterable[Credential]) -> bytes:
    """Write the list for the server: who has which public key. It holds no code, and no more than the server needs."""
    return _csv(VOTERS_HEADER, ((one.voter.id, one.voter.mail, one.public) for one in credentials))


def letters_csv(credentials: Iterable[Credential]) -> bytes:
    """Write the list for letters and mails, with the codes: secret."""
    return _csv(LETTERS_HEADER, map(_letter_cells, credentials))


def read_letters(data: bytes, manifest: Manifest) -> list[Letter]:
    """Read letters.csv, and check that each code belongs to its voter number in this election.

    Raises:
        VoterListError: It is no such list, was changed, or belongs to another manifest.
    """
    letters: list[Letter] = []
    problems: list[Problem] = []
    for row, cells in _rows(data, "letters.csv", (LETTERS_HEADER, LETTERS_HEADER[:4])):
        identity, mail, code, number, name, language, address = (*cells, "", "", "")[: len(LETTERS_HEADER)]
        letter = Letter(identity, mail, code, number, name, language, tuple(address.splitlines()))
        try:
            fits = voter_number(credential_key(letter.code, manifest.hash).public) == letter.number
        except CredentialError as error:
            problems.append(Problem(row, "code", str(error), "Take letters.csv as the command wrote it."))
            continue
        if not fits:
            advice = "Take letters.csv and manifest.json of the same election, as they were written."
            problems.append(Problem(row, "code", "code and voter number do not belong together.", advice))
        letters.append(letter)
    if not letters and not problems:
        problems.append(Problem(0, "", "letters.csv names nobody."))
    if problems:
        raise VoterListError(problems)
    return letters


def find_voter(lists: Sequence[bytes], identity: str) -> Listed:
    """Return a voter's line from lists as :func:`voters_csv` writes them; the last list wins.

    Raises:
        VoterListError: No list names the voter, or one is not of this form.
    """
    found = None
    for number, data in enumerate(lists, start=1):
        for _, cells in _rows(data, f"list {number} as voters.csv", (VOTERS_HEADER,)):
            if cells[0] == tidy_voter_id(identity):
                found = Listed(*cells)
    if found is None:
        wrong = f"No list names a voter with the id {identity!r}."
        raise VoterListError([Problem(0, "", wrong, "Look it up in voters.csv; zeros matter.")])
    return found


def _rows(data: bytes, what: str, headers: Sequence[Sequence[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield (row, cells) of a list that this command wrote."""
    strange = VoterListError(
        [Problem(0, "", f"Could not read {what}: this command did not write it, or it was changed.")]
    )
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
        header = tuple(next(reader, ()))
        if header not in headers:
            raise strange
        for row, cells in enumerate(reader, start=2):
            if len(cells) != len(header):
                raise strange
            yield row, cells
    except (UnicodeDecodeError, csv.Error):
        raise strange from None


def _letter_cells(one: Credential) -> Sequence[str]:
    voter = one.voter
    return (voter.id, voter.mail, one.code, one.number, voter.name, voter.language, "\n".join(voter.address))


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
