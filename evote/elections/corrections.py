"""What the registrar does to single voters while an election is open: a lost code gives way, a paper vote is noted.

Both are signed entries that the registrar's command makes away from the server. Reading one says what it will do and
finds everything that is wrong with it; only then it is queued for the log.
"""

import csv
import io
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots import codec
from ballots.credentials import voter_number
from ballots.election import Election as LoadedElection
from ballots.errors import BallotsError, SignatureRefused
from ballots.signatures import check_public_key, verify
from evote.accounts.models import Voter
from evote.casting.models import LOGGED, Submission
from evote.casting.queue import check_state
from evote.elections.models import Election
from evote.elections.official import submit_entry
from evote.elections.queries import get_election
from evote.errors import Conflict, Malformed, NotFound, Unsigned
from evote.languages import localized
from evote.locales.voter_ids import tidy_voter_id
from evote.services import Services

REPLACE, STRIKE = "replace", "strike"
MOST_BYTES = 10_000
_FIELDS = {REPLACE: ("old", "new"), STRIKE: ("voter",)}
_LINE_HEADER = ["id", "mail", "pk"]


@dataclass(frozen=True)
class Correction:
    """A signed entry that may go on the log.

    Attributes:
        kind: `replace` or `strike`.
        voter_id: Whose credential it is.
        style: The voter's ballot style.
        old_number, new_number: Voter numbers before and after; the second is empty for a strike.
        body: The entry's body.
    """

    kind: str
    voter_id: str
    style: str
    old_number: str
    new_number: str
    body: dict[str, codec.Json]


def replace_credential(services: Services, election_id: str, document: bytes) -> None:
    """Log the registrar's replacement of a lost code (replace.json); raises as :func:`read_correction`."""
    log_correction(services, read_correction(services, election_id, document, kind=REPLACE), election_id)


def strike_voter(services: Services, election_id: str, document: bytes) -> None:
    """Log that somebody votes on paper (strike.json); raises as :func:`read_correction`."""
    log_correction(services, read_correction(services, election_id, document, kind=STRIKE), election_id)


def log_correction(services: Services, correction: Correction, election_id: str) -> None:
    """Queue a checked entry, and wait until it stands on the log.

    Raises:
        Conflict: The board refuses it; the text says why.
    """
    submit_entry(services, election_id, correction.kind, correction.body)


def read_correction(
    services: Services, election_id: str, document: bytes, line: bytes = b"", *, kind: str = ""
) -> Correction:
    """Read replace.json or strike.json, and check that it may go on the log now. Changes nothing.

    Args:
        services: The application's parts.
        election_id: Which election.
        document: The file.
        line: voters.csv that came with a replacement, to be compared with the roll; may be empty.
        kind: Which of the two it must be; either if left out.

    Raises:
        Malformed, Unsigned: It is not what the registrar's command writes for this election.
        Conflict: The election is not open, or this voter was replaced or struck before.
    """
    if len(document) > MOST_BYTES or len(line) > MOST_BYTES:
        raise Malformed("This file is much larger than what the registrar's command writes for one voter.")
    loaded = services.elections.get(election_id)
    found, body = _parse(document, kind)
    with services.database.reading() as session:
        election = session.get(Election, election_id)
        if election is None:
            raise NotFound("There is no such election.")
        check_state(election, found)
        _verify(session, loaded, found, body)
        key = str(body[_FIELDS[found][0]])
        voter = session.scalar(select(Voter).where(Voter.election_id == election_id, Voter.key == key))
        if voter is None:
            raise _why_unknown(session, loaded, found, body)
        if voter.struck:
            raise Conflict("This voter was struck already: nothing that is cast here under this voter id counts.")
        new = str(body["new"]) if found == REPLACE else ""
        if new:
            _check_new(session, loaded, new)
        if line:
            _check_line(line, voter, new)
        login, style = voter.login, voter.style
    return Correction(found, login, style, voter_number(key), voter_number(new) if new else "", body)


def _parse(document: bytes, wanted: str) -> tuple[str, dict[str, codec.Json]]:
    """Return which entry it is, and its body."""
    try:
        body = codec.parse_canonical(document.strip())
    except BallotsError as error:
        raise _no_entry(wanted, error) from None
    kinds = [kind for kind in (wanted,) if kind] or list(_FIELDS)
    found = [kind for kind in kinds if isinstance(body, dict) and set(body) == {*_FIELDS[kind], "signature"}]
    if not found or not all(isinstance(value, str) for value in body.values()):
        raise _no_entry(wanted, Malformed("It does not hold the fields of one."))
    return found[0], body


def _no_entry(wanted: str, error: BallotsError | Malformed) -> Malformed:
    files = f"{wanted}.json" if wanted else "replace.json or strike.json"
    return Malformed("This is no %(files)s of the registrar's command. %(error)s", files=files, error=error)


def _verify(session: Session, loaded: LoadedElection, kind: str, body: dict[str, codec.Json]) -> None:
    fields = {name: body[name] for name in _FIELDS[kind]}
    key, signature = loaded.manifest.registrar_key, str(body["signature"])
    if _is_signed(key, kind, {"election": loaded.fingerprint_text, **fields}, signature):
        return
    others = select(Election.id, Election.fingerprint).where(Election.id != loaded.manifest.id)
    for other in session.execute(others.where(Election.fingerprint != "")):
        if _is_signed(key, kind, {"election": other.fingerprint, **fields}, signature):
            title = localized(get_election(session, other.id).manifest.title)
            raise Unsigned("This was signed for another election, “%(title)s”. Hand it in there.", title=title)
    raise Unsigned(
        "It is not signed by this election's registrar for this election: the key or the fingerprint was another, or "
        "the file was changed. Make it anew with the fingerprint that this site shows."
    )


def _is_signed(key: str, kind: str, signed: dict[str, codec.Json], signature: str) -> bool:
    try:
        verify(key, kind, signed, signature)
    except SignatureRefused:
        return False
    return True


def _why_unknown(
    session: Session, loaded: LoadedElection, kind: str, body: dict[str, codec.Json]
) -> Conflict | Malformed:
    key = str(body[_FIELDS[kind][0]])
    of_kind = (Submission.election_id == loaded.manifest.id, Submission.kind == REPLACE, Submission.state == LOGGED)
    logged = [codec.parse_canonical(data) for data in session.scalars(select(Submission.body).where(*of_kind))]
    if body in logged:
        return Conflict("This replacement is on the log already. There is nothing left to do.")
    if key in loaded.roll or any(key in (one["old"], one["new"]) for one in logged):
        return Conflict(
            "This code was replaced before. Make the entry anew and give the command the newest voters.csv of this "
            "voter as the last --voters."
        )
    return Malformed("No voter of this election has this key.")


def _check_new(session: Session, loaded: LoadedElection, new: str) -> None:
    try:
        check_public_key(new)
    except SignatureRefused as error:
        raise Malformed.because(error) from None
    taken = session.scalar(select(Voter.id).where(Voter.election_id == loaded.manifest.id, Voter.key == new))
    if taken is not None or new in loaded.roll or new in loaded.reserved_keys:
        raise Malformed("The new key of a replacement was used before. Let the command make another one.")


def _check_line(line: bytes, voter: Voter, new: str) -> None:
    """Compare the voters.csv of a replacement with the voter it is about."""
    try:
        rows = list(csv.reader(io.StringIO(line.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        rows = []
    if len(rows) != 2 or rows[0] != _LINE_HEADER or len(rows[1]) != len(_LINE_HEADER):
        raise Malformed("This is not the voters.csv that the command wrote beside replace.json: it has one voter.")
    login, mail, key = rows[1]
    if key != new:
        raise Malformed("replace.json and voters.csv were not made together: their keys differ.")
    if tidy_voter_id(login) != voter.login:
        raise Malformed("voters.csv names another voter than the one whose code replace.json replaces.")
    if mail.strip() != voter.mail:
        raise Malformed(
            "voters.csv has another mail address than the roll. A replacement does not change it; make it with the "
            "address on the roll."
        )
