"""Append-only files of lines, 10,000 a file, as the record keeps its log and ballots (section 9)."""

import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ballots.record import LINES_A_FILE, file_name
from tally.errors import FileProblem


class LineFiles:
    """The lines of one folder; ``count`` of them are complete.

    A line is complete when its newline was written. A crash may leave a torn last line, which
    opening cuts off.
    """

    def __init__(self, folder: Path) -> None:
        """Open a folder of lines, making it and its first file if missing."""
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._path(0).touch()
            self.count = self._count_and_cut()
        except OSError as error:
            raise _problem(folder, error) from None

    @property
    def next_file(self) -> tuple[int, int]:
        """Return where the next line belongs: the file's number and the bytes already in it."""
        number = self.count // LINES_A_FILE
        path = self._path(number)
        return number, path.stat().st_size if path.exists() else 0

    def read(self, start: int = 0) -> Iterator[bytes]:
        """Yield the lines from number ``start`` on, without their newlines."""
        number, skip = divmod(start, LINES_A_FILE)
        position = number * LINES_A_FILE
        while position < self.count:
            with self._path(position // LINES_A_FILE).open("rb") as file:
                for line in file:
                    position += 1
                    if position > self.count:
                        return
                    if skip:
                        skip -= 1
                        continue
                    yield line[:-1]

    def append(self, lines: Iterable[bytes]) -> None:
        """Append lines and flush them to the disk.

        If ``lines`` raises in between, the lines before stay and are flushed too.

        Raises:
            FileProblem: The disk is full or refuses; whole lines written before stay.
        """
        iterator = iter(lines)
        try:
            while self._fill_file(iterator):
                pass
        except OSError as error:
            self._recover()
            raise _problem(self.folder, error) from None

    def cut(self, count: int) -> None:
        """Keep only the first ``count`` lines."""
        if count >= self.count:
            return
        number, kept = divmod(count, LINES_A_FILE)
        last = self.count // LINES_A_FILE
        try:
            for later in range(number + 1, last + 1):
                self._path(later).unlink(missing_ok=True)
            with self._path(number).open("r+b") as file:
                for _ in range(kept):
                    file.readline()
                file.truncate(file.tell())
                os.fsync(file.fileno())
            if kept == 0 and number > 0:
                self._path(number).unlink()
        except OSError as error:
            raise _problem(self.folder, error) from None
        self.count = count

    def _fill_file(self, lines: Iterator[bytes]) -> bool:
        """Write lines until the current file is full; returns whether there may be more."""
        number = self.count // LINES_A_FILE
        line = next(lines, None)
        if line is None:
            return False
        with self._path(number).open("ab") as file:
            try:
                while line is not None:
                    file.write(line + b"\n")
                    self.count += 1
                    if self.count % LINES_A_FILE == 0:
                        return True
                    line = next(lines, None)
            finally:
                file.flush()
                os.fsync(file.fileno())
        return False

    def _recover(self) -> None:
        try:
            self.count = self._count_and_cut()
        except OSError as error:
            raise _problem(self.folder, error) from None

    def _count_and_cut(self) -> int:
        count = number = 0
        while (path := self._path(number)).exists():
            whole = lines = 0
            with path.open("rb") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        lines += 1
                        whole += len(line)
            if whole != path.stat().st_size:
                os.truncate(path, whole)
            count += lines
            number += 1
            if lines < LINES_A_FILE:
                break
        return count

    def _path(self, number: int) -> Path:
        return self.folder / file_name(number)


def _problem(folder: Path, error: OSError) -> FileProblem:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FileProblem(
            f"Could not write to {folder}: the disk is full. Make room and start again; it goes on there."
        )
    return FileProblem(f"Could not use {folder}: {error.strerror or error}.")
