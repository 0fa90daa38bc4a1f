"""What a follower keeps in its state folder besides the copy of the record."""

import fcntl
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from ballots import codec
from ballots.errors import EncodingError
from tally import files
from tally.errors import FileProblem, NotConfirmed
from tally.replay import trackers_digest

_LIMIT = 1 << 30


class State:
    """The folder's small files. One process at a time: the folder is locked while this lives.

    Attributes:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        """Open and lock a folder, which is made if missing.

        Raises:
            FileProblem: Another process follows with this folder, or it cannot be used.
        """
        files.make_folder(folder)
        self.folder = folder
        self._election = ""
        self._lock = self._locked()

    def close(self) -> None:
        """Give the folder free."""
        self._lock.close()

    def bind(self, election: str) -> None:
        """Bind the folder to one election for good.

        Raises:
            NotConfirmed: It belongs to another one.
        """
        path = self.folder / "election"
        if path.exists():
            bound = files.read_file(path, 1 << 10).decode("ascii", "replace")
            if bound != election:
                raise NotConfirmed(
                    f"{self.folder} follows the election {bound}, but this one is {election}. "
                    "Use another --state folder for another election."
                )
        else:
            files.replace(path, election.encode("ascii"))
        self._election = election

    def proven(self, trackers: Iterable[str]) -> int:
        """Return how many ballots, from the first, had their proofs checked in earlier runs.

        Args:
            trackers: The log's ballots now; another beginning of the log gives 0.
        """
        count, digest = self._read_proven()
        return count if count and digest == trackers_digest(trackers, count) else 0

    def remember_proven(self, count: int, digest: str) -> None:
        """Remember that the proofs of the first ``count`` ballots hold, and their trackers' hash."""
        document = {"election": self._election, "ballots": count, "trackers": digest}
        files.replace(self.folder / "proven.json", codec.encode_canonical(document))

    def partial(self) -> codec.Json | None:
        """Return the partial made in an earlier run, if any; it is checked again before use."""
        path = self.folder / "partial.json"
        if not path.exists():
            return None
        try:
            return codec.parse_canonical(files.read_file(path, _LIMIT))
        except EncodingError:
            return None

    def keep_partial(self, document: codec.Json) -> None:
        """Keep the partial, so that every run posts the same one."""
        files.replace(self.folder / "partial.json", codec.encode_canonical(document))

    def _read_proven(self) -> tuple[int, str]:
        path = self.folder / "proven.json"
        if not path.exists():
            return 0, ""
        try:
            election, count, digest = codec.take(
                codec.parse_canonical(files.read_file(path, 1 << 12)), "election", "ballots", "trackers"
            )
        except EncodingError:
            return 0, ""
        return (count, str(digest)) if election == self._election and isinstance(count, int) else (0, "")

    def _locked(self) -> IO[bytes]:
        path = self.folder / "lock"
        try:
            lock = path.open("wb")
        except OSError as error:
            raise FileProblem(f"Could not use {self.folder}: {error.strerror}.") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise FileProblem(
                f"Another process follows with {self.folder}. Stop it first, or use another folder."
            ) from None
        return lock
