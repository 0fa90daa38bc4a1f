"""The freeze: key, roll and media are checked against the manifest, and from then on nothing can change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from ballots import codec
from ballots.election import Election as LoadedElection
from ballots.election import load_election
from ballots.errors import BallotsError
from ballots.keys import parse_key
from evote.accounts.models import Voter
from evote.casting.queue import accept_entry, lock_election
from evote.elections.cost import MOST_POWERS, BallotCost, estimate_costs
from evote.elections.documents import hash_text, store_document
from evote.elections.loaded import find_document
from evote.elections.media import check_media, named_media, read_orders
from evote.elections.models import DRAFT, FROZEN, KEY, MANIFEST, ROLL, Document, Election, StagedFile
from evote.elections.roll_files import check_roll_signature, read_voters
from evote.errors import Conflict, Malformed, NotFound
from evote.services import Services


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
    """Check key, roll and voters, store them, and queue the log's first three entries; files that waited are erased.

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
    with services.database.reading() as session:
        check_media(session, election_id, named_media(loaded.manifest))
        read_orders(session, election_id, loaded.manifest)
    _refuse_known_modulus(services, loaded)
    signature = check_roll_signature(loaded.manifest, files.roll, len(loaded.roll), files.roll_signature)
    people = _parse_voters(files.voters, loaded)
    costs = estimate_costs(loaded.manifest)
    worst = max(cost.powers for cost in costs)
    if worst > MOST_POWERS and not force:
        raise Conflict(
            "A ballot would cost %(worst)s powers, more than %(most)s: old phones would take minutes. "
            "Make the contests smaller, or repeat with --force.",
            worst=worst,
            most=MOST_POWERS,
        )
    return Frozen(loaded, costs, _store(services, loaded, files, signature, people))


def _load(services: Services, manifest: bytes, files: FreezeFiles) -> LoadedElection:
    try:
        return load_election(manifest, files.key, files.roll, allow_test_keys=services.settings.allow_test_keys)
    except BallotsError as error:
        raise Malformed.because(error) from None


def _refuse_known_modulus(services: Services, loaded: LoadedElection) -> None:
    """One key, one election: else ballots of one could be opened with the other's count (attack D1)."""
    with services.database.reading() as session:
        for data in session.scalars(select(Document.data).where(Document.name == KEY)):
            if parse_key(data).n == loaded.key_document.n:
                raise Malformed("This key was made for another election here. Hold a key ceremony for this one.")


def _parse_voters(data: bytes, loaded: LoadedElection) -> list[dict[str, Any]]:
    people, problems = read_voters(data, loaded.roll)
    if problems:
        raise Malformed.because(problems[0].error)
    return [
        {
            "election_id": loaded.manifest.id,
            "login": person.login,
            "mail": person.mail,
            "key": person.key,
            "style": loaded.roll[person.key].style,
            "weight": loaded.roll[person.key].weight,
            "struck": False,
        }
        for person in people
    ]


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
        session.execute(delete(StagedFile).where(StagedFile.election_id == election_id))
        if people:
            session.execute(insert(Voter), people)
        entries = [
            accept_entry(session, election_id, "manifest", codec.parse_canonical(loaded.manifest.encode()), now),
            accept_entry(session, election_id, "key", {"sha256": hash_text(files.key)}, now),
            accept_entry(session, election_id, "roll", roll, now),
        ]
        session.flush()
        return [entry.id for entry in entries]
