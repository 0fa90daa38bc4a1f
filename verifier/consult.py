"""Looking things up in a record: what `receipt` and `audit` need of it, without checking every ballot."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .checkpoint import Checkpoint, parse_checkpoint
from .context import Context, Options
from .election import Election
from .entries import Entry, parse_entry
from .errors import Malformed, Refused
from .folder import RecordFolder
from .opening import read_election, read_key, read_manifest
from .replay import Replay
from .workers import Workers


def _tell_nobody(what: str, done: int, total: int | None) -> None:
    """Watch nothing."""


@dataclass
class Record:
    """A record whose log was followed.

    Attributes:
        election: what the record is of.
        replay: where its log leads.
        entries: those that name one of the trackers asked for, by index.
        faults: what is wrong with the record itself, as far as it was looked at.
    """

    election: Election
    replay: Replay
    entries: dict[int, Entry] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def naming(self, tracker: str, type_: str) -> list[Entry]:
        """Return the entries of a type that are about a tracker."""
        return [entry for entry in self.entries.values() if entry.type == type_ and tracker_of(entry) == tracker]


def tracker_of(entry: Entry) -> str:
    """Return the tracker that an entry is about, or ""."""
    return getattr(entry.body, "tracker", "")


class Reader:
    """Reads a record in two steps: the election first, then the log with what is asked of it."""

    def __init__(self, path: Path) -> None:
        self._context = Context(RecordFolder(path), Options(), _tell_nobody, Workers(1))
        for read in (read_manifest, read_key, read_election):
            read(self._context)
        if self._context.election is None:
            reasons = [failure.reason for part in self._context.report.failures.values() for failure in part]
            reasons += self._context.report.stopped.values()
            raise Refused(f"the record in {path} cannot be used: {'; '.join(dict.fromkeys(reasons))}")
        self.election = self._context.election

    def checkpoint(self, data: bytes) -> Checkpoint:
        """Read a checkpoint of this election's log and check the board's signature."""
        manifest = self.election.manifest
        return parse_checkpoint(data, manifest.log_origin, manifest.board_key)

    def follow(self, sizes: Iterable[int], indices: Iterable[int], trackers: Iterable[str]) -> Record:
        """Follow the log, keeping the roots at some sizes, some leaves, and the entries that name some trackers.

        Raises:
            Missing: a file of the record is not there.
            Malformed: a file of the record cannot be read.
        """
        report, folder = self._context.report, self._context.folder
        replay = Replay(self.election, report, frozenset(sizes), frozenset(indices))
        record = Record(self.election, replay)
        wanted = [tracker.encode("ascii") for tracker in trackers]
        for line in replay.run(folder.lines("log")):
            if any(tracker in line.data for tracker in wanted):
                try:
                    record.entries[replay.tree.size - 1] = parse_entry(line.data)
                except Malformed:
                    continue
        record.faults = [
            f"{part}: {failure.place} {failure.reason}" for part, found in report.failures.items() for failure in found
        ]
        try:
            own = self.checkpoint(folder.read("checkpoint"))
            if (own.size, own.root) != (replay.tree.size, replay.tree.root()):
                record.faults.append("3 log: checkpoint: the record's checkpoint is not that of its log")
        except (Malformed, Refused) as reason:
            record.faults.append(f"3 log: checkpoint: {reason}")
        return record
