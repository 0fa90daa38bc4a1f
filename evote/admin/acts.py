"""What officials do to an election, each act with its line in the log: written before, and again if it is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, select

from ballots import codec
from ballots.manifest import Manifest, parse_manifest
from evote.admin.deeds import note
from evote.admin.sessions import SignedIn
from evote.board.settle import settle
from evote.elections.documents import hash_text
from evote.elections.freeze import FreezeFiles, Frozen, freeze_election
from evote.elections.loaded import find_document
from evote.elections.models import DRAFT, MANIFEST, Election, StagedFile
from evote.elections.roll_files import (
    ROLL_FILE,
    SIGNATURE_FILE,
    VOTERS_FILE,
    RollReport,
    check_roll_files,
)
from evote.errors import Conflict, EvoteError, NotFound
from evote.services import Services

KEY_FILE = "key.json"
ROLL_FILES = (ROLL_FILE, SIGNATURE_FILE, VOTERS_FILE)
_T = TypeVar("_T")
_CHECKED: dict[tuple[str, ...], RollReport] = {}
"""What dry runs found, by the hashes of manifest and files; the newest few."""
_MOST_CHECKED = 8


@dataclass(frozen=True)
class Staged:
    """A file that waits for the freeze; `size` in bytes."""

    name: str
    size: int
    sha256: str
    staged_at: datetime


def act(
    services: Services,
    official: SignedIn,
    election_id: str,
    what: str,
    details: dict[str, codec.Json],
    do: Callable[[], _T],
) -> _T:
    """Write the line, then do it; a refusal gets a line of its own and is raised again."""
    with services.database.writing() as session:
        note(session, services.now(), official.name, what, election_id, details)
    try:
        return do()
    except EvoteError as error:
        refusal: dict[str, codec.Json] = {"what": what, "because": error.as_document()}
        with services.database.writing() as session:
            note(session, services.now(), official.name, "refused", election_id, refusal)
        raise


def stage_file(services: Services, official: SignedIn, election_id: str, name: str, data: bytes) -> None:
    """Keep a file for the freeze, in place of an earlier one of its name.

    Raises:
        NotFound, Conflict: There is no such election, or it is frozen.
    """
    with services.database.writing() as session:
        election = session.get(Election, election_id, with_for_update=True)
        if election is None:
            raise NotFound("There is no such election.")
        if election.state != DRAFT:
            raise Conflict("The election is frozen already; its key and roll can no longer change.")
        of_name = (StagedFile.election_id == election_id, StagedFile.name == name)
        session.execute(delete(StagedFile).where(*of_name))
        row = StagedFile(election_id=election_id, name=name, size=len(data), sha256=hash_text(data), data=data)
        row.staged_at = services.now()
        session.add(row)
        details: codec.Json = {"file": name, "sha256": row.sha256}
        note(session, services.now(), official.name, "file-handed-in", election_id, details)


def list_staged(services: Services, election_id: str) -> dict[str, Staged]:
    """Return {name: file} of what waits for the freeze."""
    columns = (StagedFile.name, StagedFile.size, StagedFile.sha256, StagedFile.staged_at)
    with services.database.reading() as session:
        rows = session.execute(select(*columns).where(StagedFile.election_id == election_id)).all()
    return {row.name: Staged(row.name, row.size, row.sha256, row.staged_at) for row in rows}


def dry_run(services: Services, election_id: str) -> RollReport | None:
    """Check the registrar's files against the manifest; nothing while one is missing.

    The same files are checked once: a large roll takes seconds, and several pages ask.

    Raises:
        NotFound: There is no such election.
    """
    staged = list_staged(services, election_id)
    if not all(name in staged for name in ROLL_FILES):
        return None
    manifest = _manifest(services, election_id)
    which = (manifest.hash_text, *(staged[name].sha256 for name in ROLL_FILES))
    report = _CHECKED.get(which)
    if report is None:
        files = _read_staged(services, election_id)
        report = check_roll_files(manifest, *(files[name] for name in ROLL_FILES))
        while len(_CHECKED) >= _MOST_CHECKED:
            _CHECKED.pop(next(iter(_CHECKED)), None)
        _CHECKED[manifest.hash_text, *(hash_text(files[name]) for name in ROLL_FILES)] = report
    return report


def hash_shown(sha256s: Mapping[str, str]) -> str:
    """Return one hash of {file: SHA-256}: it says which files a page showed."""
    return hash_text(codec.encode_canonical(dict(sha256s)))


def freeze_staged(services: Services, official: SignedIn, election_id: str, shown: str, *, force: bool) -> Frozen:
    """Freeze with the files that wait.

    Args:
        services: The application's parts.
        official: Who freezes.
        election_id: Which election.
        shown: `hash_shown` of the files that the official saw.
        force: Even if a ballot costs too much.

    Raises:
        Conflict: A file is missing or not the one that was shown, the election is frozen, or a ballot costs too much.
        Malformed, Unsigned: A file breaks a rule; the text says which.
    """

    def freeze() -> Frozen:
        files = _read_staged(services, election_id)
        missing = [name for name in (*ROLL_FILES, KEY_FILE) if name not in files]
        if missing:
            raise Conflict("Before the freeze hand in: %(missing)s.", missing=", ".join(missing))
        if hash_shown({name: hash_text(data) for name, data in files.items()}) != shown:
            raise Conflict(
                "A file was handed in anew since you looked at this page, so nothing is frozen. "
                "It shows the files that wait now: compare their SHA-256 with what the registrar and the key ceremony "
                "gave you, then freeze."
            )
        handed = FreezeFiles(files[KEY_FILE], files[ROLL_FILE], files[SIGNATURE_FILE], files[VOTERS_FILE])
        frozen = freeze_election(services, election_id, handed, force=force)
        settle(services, frozen.submissions)
        return frozen

    return act(services, official, election_id, "freeze", {"force": force}, freeze)


def _read_staged(services: Services, election_id: str) -> dict[str, bytes]:
    with services.database.reading() as session:
        query = select(StagedFile.name, StagedFile.data).where(StagedFile.election_id == election_id)
        return {row.name: row.data for row in session.execute(query)}


def _manifest(services: Services, election_id: str) -> Manifest:
    with services.database.reading() as session:
        data = find_document(session, election_id, MANIFEST)
    if data is None:
        raise NotFound("There is no such election.")
    return parse_manifest(data, allow_test_keys=services.settings.allow_test_keys)
