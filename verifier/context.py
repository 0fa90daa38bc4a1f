"""What one run of the checks works with: the folder, the wishes of whoever checks, and what is known so far."""

from collections.abc import Callable
from dataclasses import dataclass, field

from . import codec
from .checkpoint import Checkpoint
from .counting import Count
from .election import Election
from .errors import CannotRun
from .folder import RecordFolder
from .key import KeyDocument
from .manifest import Manifest
from .replay import Replay
from .report import PARTS, Report
from .workers import Workers

Watch = Callable[[str, int, int | None], None]
"""Told how far a long piece of work has come: what, how many done, of how many (None if unknown)."""


@dataclass(frozen=True)
class Options:
    """What whoever checks has asked for.

    Attributes:
        allow_test_keys: accept a modulus that is too short for an election in earnest.
        until_close: the tally is not there yet, and need not be.
        election: the fingerprint to compare with, or "".
        since: the bytes of an earlier checkpoint that the log must continue, or None.
        jobs: processes to use.
        batch: ballots in one batch, or 0 to choose.
    """

    allow_test_keys: bool = False
    until_close: bool = False
    election: str = ""
    since: bytes | None = None
    jobs: int = 1
    batch: int = 0


@dataclass
class Context:
    """One run over one record; what a failure has left unknown stays None."""

    folder: RecordFolder
    options: Options
    watch: Watch
    workers: Workers
    report: Report = field(default_factory=Report)
    manifest_bytes: bytes = b""
    manifest_value: codec.Json = ""
    manifest: Manifest | None = None
    key_bytes: bytes = b""
    key: KeyDocument | None = None
    election: Election | None = None
    since: Checkpoint | None = None
    replay: Replay | None = None
    count: Count | None = None

    def need_manifest(self) -> Manifest:
        """Return the manifest, or refuse to go on without."""
        if self.manifest is None:
            raise CannotRun("manifest.json cannot be used")
        return self.manifest

    def need_key(self) -> KeyDocument:
        """Return the key, or refuse to go on without."""
        if self.key is None:
            raise CannotRun("key.json cannot be used")
        return self.key

    def need_election(self) -> Election:
        """Return the election, or refuse to go on without."""
        self.need_manifest()
        self.need_key()
        if self.election is None:
            raise CannotRun("roll.jsonl cannot be used")
        return self.election

    def need_replay(self) -> Replay:
        """Return the log's outcome, or refuse to go on without."""
        self.need_election()
        if self.replay is None:
            raise CannotRun("the log cannot be followed")
        return self.replay

    def need_count(self) -> Count:
        """Return the counted ballots, or refuse to go on without."""
        self.need_replay()
        if self.count is None:
            raise CannotRun("it is not known which ballots count")
        return self.count


def parts_of(*checks: str) -> list[str]:
    """Return all parts of some checks, such as "6 proofs"."""
    return [part for part in PARTS if part.split(":")[0] in checks]
