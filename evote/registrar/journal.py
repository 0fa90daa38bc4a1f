"""A journal: lines of JSON that are only ever added, each on the disk before the next thing is done."""

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from evote.registrar.errors import FileProblem
from evote.registrar.files import SECRET


class Journal:
    """A journal that one process at a time has open.

    Attributes:
        lines: All lines, those of earlier runs first. A last line that was cut short by a crash is gone.
    """

    def __init__(self, path: Path) -> None:
        """Open or begin a journal.

        Raises:
            FileProblem: Another process has it open, it is no journal, or the disk refuses.
        """
        self.path = path
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, SECRET), "r+b")
        except OSError as error:
            raise FileProblem(f"Could not open {path}: {error.strerror}.") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise FileProblem(f"{path} is in use: the same command is running elsewhere. Wait until it ends.") from None
        self.lines = self._read()

    def __enter__(self) -> Self:
        """Return the open journal."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it; another process may go on."""
        self._file.close()

    def append(self, line: Mapping[str, Any]) -> None:
        """Add a line, and return once the disk has it.

        Raises:
            FileProblem: The disk is full or refuses; the line is not there then.
        """
        try:
            self._file.write(json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise FileProblem(f"Could not write {self.path}: {error.strerror}. Make room, and run it again.") from None
        self.lines.append(dict(line))

    def _read(self) -> list[dict[str, Any]]:
        data = self._file.read()
        whole = data[: data.rfind(b"\n") + 1]
        try:
            lines = [json.loads(line) for line in whole.splitlines()]
        except ValueError:
            lines = [None]
        if not all(isinstance(line, dict) for line in lines):
            self._file.close()
            raise FileProblem(f"{self.path} is no journal of this command, or was changed. Choose another place.")
        self._file.truncate(len(whole))
        self._file.seek(len(whole))
        return lines
