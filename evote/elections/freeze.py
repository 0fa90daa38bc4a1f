"""The freeze: key and roll are checked against the manifest, and from then on nothing can change."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from ballots import codec
from ballots.election import Election as LoadedElection
from ballots.election import load_election
from ballots.errors import BallotsError, SignatureRefused
from ballots.signatures import verify
from evote.accounts.models import LOGIN_LENGTH, MAIL_LENGTH, Voter
from evote.casting.queue import accept_entry, lock_election
from evote.elections.cost import MOST_POWERS, BallotCost, estimate_costs
from evote.elections.documents import hash_text, store_document
from evote.elections.loaded import find_document
from evote.elections.models import DRAFT, FROZEN, KEY, MANIFEST, ROLL, Election
from evote.errors import Conflict, Malformed, NotFound, Unsigned
from evote.services import Services

_HEADER = ["id", "mail", "pk"]


@dataclass(frozen=True)
class FreezeFiles:
    """What freezes an election: the ceremony's key.json, and from the registrar the roll, its signature, voters.csv."""

    key: bytes
    roll: bytes
    roll_signature: bytes
    voters: bytes


@dataclass(frozen=True)
class Frozen:
    """A frozen election, what a ballot costs, and the queued entries to wait for."""

    election: LoadedElection
    costs: Sequence[BallotCost]
    submissions: Sequence[int]


def freeze_election(services: Services, election_id: str, files: FreezeFiles, *, force: bool) -> Frozen:
    """Check key, roll and voters, store them, and queue the log's first three entries.

    Args:
        services: The application's parts.
        election_id: A draft.
        files: Their bytes.
        force: Freeze even if a ballot costs more than 400 powers.

    Raises:
        NotFound, Conflict: There is no such draft.
        Malformed, Unsigned: A file breaks a rule; the text says which.
    """
    with services.database.reading() as session:
        row, manifest_bytes = session.get(Election, election_id), find_document(session, election_id, MANIFEST)
    if row is None or manifest_bytes is None:
        raise NotFound("There is no such election.")
    if row.state != DRAFT:
        raise Conflict("The election is frozen already; its key and roll can no longer change.")
    loaded = _load(services, manifest_bytes, files)
    signature = _check_signature(loaded, files)
    people = _parse_voters(files.voters, loaded)
    costs = estimate_costs(loaded.manifest)
    worst = max(cost.powers for cost in costs)
    if worst > MOST_POWERS and not force:
        raise Conflict(
            f"A ballot would cost {worst} powers, more than {MOST_POWERS}: old phones would take minutes. "
            "Make the contests smaller, or repeat with --force."
        )
    return Frozen(loaded, costs, _store(services, loaded, files, signature, people))


def _load(services: Services, manifest: bytes, files: FreezeFiles) -> LoadedElection:
    try:
        return load_election(manifest, files.key, files.roll, allow_test_keys=services.settings.allow_test_keys)
    except BallotsError as error:
        raise Malformed(str(error)) from None


def _check_signature(loaded: LoadedElection, files: FreezeFiles) -> str:
    try:
        sha256, count, signature = codec.take(
            codec.parse_canonical(files.roll_signature.strip()), "sha256", "voters", "signature"
        )
    except BallotsError as error:
        raise Malformed(f"The roll's signature file (roll.json) is malformed. {error}") from None
    if sha256 != hash_text(files.roll) or count != len(loaded.roll):
        raise Malformed("roll.json was made for another roll. Take both files from one run of the registrar's command.")
    try:
        signed = {"manifest": loaded.manifest.hash_text, "sha256": sha256}
        verify(loaded.manifest.registrar_key, "roll", signed, signature)
    except SignatureRefused:
        raise Unsigned("The roll is not signed with the registrar's key of this manifest.") from None
    return str(signature)


def _parse_voters(data: bytes, loaded: LoadedElection) -> list[dict[str, Any]]:
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Malformed(f"voters.csv cannot be read: {error}. It must be UTF-8 with commas.") from None
    if not rows or rows[0] != _HEADER:
        raise Malformed("voters.csv must begin with the line id,mail,pk; the registrar's command writes it.")
    logins: set[str] = set()
    people: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != 3 or not row[0].strip() or len(row[0]) > LOGIN_LENGTH or len(row[1]) > MAIL_LENGTH:
            raise Malformed(f"Line {number} of voters.csv does not hold an id, a mail address and a key.")
        login, mail, key = row[0].strip(), row[1].strip(), row[2]
        line = loaded.roll.get(key)
        if line is None:
            raise Malformed(f"The key in line {number} of voters.csv is not on the roll.")
        if login in logins or key in people:
            raise Malformed(f"The id or the key in line {number} of voters.csv stands twice.")
        logins.add(login)
        person = {"election_id": loaded.manifest.id, "login": login, "mail": mail, "key": key}
        people[key] = {**person, "style": line.style, "weight": line.weight, "struck": False}
    if len(people) != len(loaded.roll):
        raise Malformed(f"voters.csv names {len(people)} voters, the roll {len(loaded.roll)}: each must stand in both.")
    return list(people.values())


def _store(
    services: Services, loaded: LoadedElection, files: FreezeFiles, signature: str, people: list[dict[str, Any]]
) -> list[int]:
    election_id, now = loaded.manifest.id, services.now()
    roll = {"sha256": hash_text(files.roll), "voters": len(loaded.roll), "signature": signature}
    with services.database.writing() as session:
        election = lock_election(session, election_id)
        if election.state != DRAFT:
            raise Conflict("The election was frozen meanwhile.")
        election.state, election.fingerprint, election.voters = FROZEN, loaded.fingerprint_text, len(loaded.roll)
        store_document(session, election_id, KEY, files.key)
        store_document(session, election_id, ROLL, files.roll)
        if people:
            session.execute(insert(Voter), people)
        entries = [
            accept_entry(session, election_id, "manifest", codec.parse_canonical(loaded.manifest.encode()), now),
            accept_entry(session, election_id, "key", {"sha256": hash_text(files.key)}, now),
            accept_entry(session, election_id, "roll", roll, now),
        ]
        session.flush()
        return [entry.id for entry in entries]
