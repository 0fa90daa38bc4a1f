"""A trustee's own copy of the public record, followed as it grows.

Invariants kept:

* what is on this disk was signed by the board: the log's root is that of the newest checkpoint
  seen, and every ballot has the tracker that its entry names;
* the log only ever grows: a head that contradicts the newest one seen is evidence against the
  board, is kept, and stops this copy for good;
* a crash at any moment leaves a copy that the next start goes on from.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from ballots import codec
from ballots.checkpoint import MAX_CHARACTERS, Head, parse_checkpoint
from ballots.errors import LogError
from ballots.merkle import EMPTY_ROOT, MerkleTree, leaf_hash
from ballots.record import LINES_A_FILE, file_name
from tally import files
from tally.client import Source
from tally.errors import BoardForked, BoardUnreachable, FileProblem
from tally.lines import LineFiles

FIXED = ("manifest.json", "key.json", "roll.jsonl")
REFUSED = "REFUSED.json"
_LOOKS_AT_AN_OLD_HEAD = 3
_PAUSE_SECONDS = 2.0

Progress = Callable[[str, int, int], None]
"""Called with (what is done, how many are done, how many there are)."""


class _TooShort(BoardUnreachable):
    """A file of the record ends before the lines that the checkpoint counts."""


class Mirror:
    """The copy in one folder. First :meth:`fixed`, then :meth:`attach`, then :meth:`sync` again and again."""

    def __init__(
        self,
        folder: Path,
        source: Source,
        progress: Progress = lambda what, done, total: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Use a folder, which is made if missing.

        Raises:
            BoardForked: An earlier run found the board contradicting itself.
        """
        self.folder = folder
        self._source = source
        self._progress = progress
        self._sleep = sleep
        files.make_folder(folder)
        if (folder.parent / REFUSED).exists():
            reason = files.read_file(folder.parent / REFUSED).decode("utf-8", "replace")
            raise BoardForked(
                f"An earlier run found this board contradicting itself, and kept the evidence: {reason} "
                f"Show {folder.parent} to the other trustees. If all of you know why, start with a new --state folder."
            )

    def fixed(self) -> tuple[bytes, bytes, bytes] | None:
        """Return manifest, key and roll: from this disk, else from the board; None before the freeze."""
        kept = [self.folder / name for name in FIXED]
        if all(path.exists() for path in kept):
            manifest, key, roll = (files.read_file(path) for path in kept)
            return manifest, key, roll
        found = [self._source.document(name) for name in FIXED]
        if found[0] is None or found[1] is None or found[2] is None:
            return None
        return found[0], found[1], found[2]

    def attach(self, fixed: tuple[bytes, bytes, bytes], origin: str, board_key: str) -> None:
        """Keep the files that fix the election, and open the copy of its log and ballots.

        Raises:
            FileProblem: The copy was damaged on this disk.
        """
        for name, data in zip(FIXED, fixed, strict=True):
            if not (self.folder / name).exists():
                files.replace(self.folder / name, data)
        self._origin, self._board_key = origin, board_key
        self._log, self._ballots = LineFiles(self.folder / "log"), LineFiles(self.folder / "ballots")
        self._text = ""
        self.head = Head(0, EMPTY_ROOT)
        if (self.folder / "checkpoint").exists():
            self._text = files.read_file(self.folder / "checkpoint", MAX_CHARACTERS * 4).decode("utf-8", "replace")
            self.head = self._parse(self._text)
        self._log.cut(self.head.size)
        self._rebuild_tree()
        if self._tree.root() != self.head.root or self._tree.size != self.head.size:
            raise FileProblem(
                f"The copy of the log in {self.folder} is damaged. Delete the folder; it is fetched anew."
            )
        self._awaited: deque[str] = deque()
        self._ballots.cut(self._count_good_ballots())

    @property
    def held_ballots(self) -> int:
        """How many ballots are on this disk."""
        return self._ballots.count

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """Yield the log's leaves from index ``start`` on."""
        return self._log.read(start)

    def ballots(self, start: int = 0) -> Iterator[bytes]:
        """Yield the ballots' lines from number ``start`` on."""
        return self._ballots.read(start)

    def trackers(self) -> Iterator[str]:
        """Yield the trackers of the log's ballot entries, in order."""
        for line in self._log.read():
            tracker = _tracker_of(line)
            if tracker is not None:
                yield tracker

    def sync(self) -> None:
        """Fetch what is new and check that it extends what is held.

        Raises:
            BoardUnreachable: No answer or an unusable one; what is held stays.
            BoardForked: The board contradicts what it signed before.
            FileProblem: The disk is full.
        """
        text, head = self._fetch_head()
        if head.size > self.head.size:
            self._extend(text, head)
        self._fetch_ballots()

    def keep_tally(self, data: bytes) -> None:
        """Keep ``tally.json``, which makes the copy a whole record."""
        files.replace(self.folder / "tally.json", data)

    def _fetch_head(self) -> tuple[str, Head]:
        for looks in range(1, _LOOKS_AT_AN_OLD_HEAD + 1):
            data = self._source.document("checkpoint", MAX_CHARACTERS * 4)
            if data is None:
                raise BoardUnreachable("The board has no checkpoint yet.")
            text = data.decode("utf-8", "replace")
            try:
                head = parse_checkpoint(text, self._origin, self._board_key)
            except LogError as error:
                raise BoardUnreachable(f"The board's checkpoint cannot be used: {error}") from None
            if head.size >= self.head.size:
                break
            if self._tree.root(head.size) != head.root:
                self._refuse(text, f"two signed logs that differ within their first {head.size} entries")
            if looks == _LOOKS_AT_AN_OLD_HEAD:
                self._refuse(text, f"a log rolled back from {self.head.size} entries to {head.size}")
            self._sleep(_PAUSE_SECONDS)
        if head.size == self.head.size and head.root != self.head.root:
            self._refuse(text, f"two signed logs of {head.size} entries that differ")
        return text, head

    def _extend(self, text: str, head: Head) -> None:
        fresh: list[bytes] = []
        try:
            for line in self._remote_lines("log", self._log, head.size - self.head.size):
                fresh.append(line)
                self._progress("Fetching the log", self.head.size + len(fresh), head.size)
        except _TooShort:
            # Shorter in bytes than the copy: either it is served wrongly, or it is another log.
            self._diagnose(text, head)
        for line in fresh:
            self._tree.append(leaf_hash(line))
        if self._tree.root() != head.root:
            self._rebuild_tree()
            self._diagnose(text, head)
        self._log.append(fresh)
        files.replace(self.folder / "checkpoint", text.encode("utf-8"))
        self._text, self.head = text, head
        self._awaited.extend(tracker for line in fresh if (tracker := _tracker_of(line)) is not None)

    def _diagnose(self, text: str, head: Head) -> NoReturn:
        """Tell a log that the board signed twice, differently, from one that is only served wrongly."""
        other = MerkleTree()
        for line in self._remote_lines("log", None, head.size):
            other.append(leaf_hash(line))
        if other.root() != head.root:
            raise BoardUnreachable("The board's log does not fit its own checkpoint; trying again.")
        common = min(self._tree.size, other.size)
        differing = next(
            (index for index in range(common) if self._tree.node(0, index) != other.node(0, index)), common
        )
        if differing < common:
            self._refuse(text, f"two signed logs that differ from entry {differing} on")
        raise BoardUnreachable("The board's log changed while it was read; trying again.")

    def _fetch_ballots(self) -> None:
        total = self._ballots.count + len(self._awaited)
        if self._awaited:
            self._ballots.append(self._good_ballots(total))

    def _good_ballots(self, total: int) -> Iterator[bytes]:
        done = self._ballots.count
        for line in self._remote_lines("ballots", self._ballots, total - done):
            if _tracker_of_ballot(line) != self._awaited[0]:
                raise BoardUnreachable(
                    f"The board sent another ballot than its log names for ballot {done}; trying again."
                )
            self._awaited.popleft()
            yield line
            done += 1
            self._progress("Fetching ballots", done, total)

    def _remote_lines(self, name: str, held: LineFiles | None, wanted: int) -> Iterator[bytes]:
        """Yield exactly ``wanted`` lines that follow those held."""
        number, offset = held.next_file if held else (0, 0)
        within = held.count % LINES_A_FILE if held else 0
        while wanted:
            got = 0
            for line in self._source.lines(f"{name}/{file_name(number)}", offset):
                got += 1
                wanted -= 1
                yield line
                if not wanted or within + got == LINES_A_FILE:
                    break
            if wanted and within + got < LINES_A_FILE:
                raise _TooShort(f"The board's {name} is {wanted} lines shorter than its checkpoint says.")
            number, offset, within = number + 1, 0, 0

    def _count_good_ballots(self) -> int:
        """Return how many of the ballots on this disk are those of the log; the rest is awaited."""
        good, held = 0, self._ballots.read()
        for tracker in self.trackers():
            if not self._awaited and (line := next(held, None)) is not None and _tracker_of_ballot(line) == tracker:
                good += 1
                self._progress("Reading the copy on this disk", good, self._ballots.count)
            else:
                self._awaited.append(tracker)
        return good

    def _rebuild_tree(self) -> None:
        self._tree = MerkleTree()
        for line in self._log.read():
            self._tree.append(leaf_hash(line))

    def _parse(self, text: str) -> Head:
        try:
            return parse_checkpoint(text, self._origin, self._board_key)
        except LogError as error:
            raise FileProblem(
                f"The checkpoint in {self.folder} is foreign or damaged ({error}). Use another --state folder."
            ) from None

    def _refuse(self, shown: str, reason: str) -> NoReturn:
        """Keep the two signed heads, which convict the board, and stop."""
        evidence = {"reason": f"The board signed {reason}.", "seen": self._text, "shown": shown}
        files.replace(self.folder.parent / REFUSED, codec.encode_canonical(evidence))
        raise BoardForked(
            f"STOP. The board signed {reason}. Both signed heads are kept in {self.folder.parent / REFUSED}. "
            "Tell the other trustees and the election's official before anything else is signed."
        )


def _tracker_of(leaf: bytes) -> str | None:
    """Return the tracker that a ballot's entry names; entries are judged later, by the board's rules."""
    try:
        entry = json.loads(leaf)
        return str(entry["body"]["tracker"]) if entry["type"] == "ballot" else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _tracker_of_ballot(line: bytes) -> str:
    return codec.encode_bytes(codec.hash_canonical("ballot", line))
