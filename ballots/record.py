"""The public folder of an election, read and written as a stream (section 9)."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ballots.errors import RecordError

LINES_A_FILE = 10_000
MAX_LINE_BYTES = 256 * 1024 * 1024
"""A bound against lines that would not fit memory; the largest allowed ballot stays below it."""
_NUMBERED = re.compile(r"[0-9]{5,}\.jsonl")


class RecordReader:
    """Reads a record; nothing it returns has been checked."""

    def __init__(self, folder: Path) -> None:
        """Read from this folder."""
        self.folder = folder

    def manifest_bytes(self) -> bytes:
        """Return ``manifest.json``."""
        return self._read("manifest.json")

    def key_bytes(self) -> bytes:
        """Return ``key.json``."""
        return self._read("key.json")

    def roll_bytes(self) -> bytes:
        """Return ``roll.jsonl``."""
        return self._read("roll.jsonl")

    def checkpoint(self) -> str:
        """Return the text of ``checkpoint``."""
        try:
            return self._read("checkpoint").decode("utf-8")
        except UnicodeDecodeError:
            raise RecordError("The checkpoint is not UTF-8.") from None

    def tally_bytes(self) -> bytes:
        """Return ``tally.json``."""
        return self._read("tally.json")

    def entries(self) -> Iterator[bytes]:
        """Return the log's leaves in order, without their newlines."""
        return self._lines("log")

    def ballots(self) -> Iterator[bytes]:
        """Return the ballots in order, without their newlines."""
        return self._lines("ballots")

    def _read(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            raise RecordError("The record has no %(name)s.", name=name) from None
        except OSError as error:
            raise RecordError(
                "The record's %(name)s cannot be read: %(problem)s.", name=name, problem=error.strerror
            ) from None

    def _open(self, folder: str, name: str) -> BinaryIO:
        try:
            return (self.folder / folder / name).open("rb")
        except OSError as error:
            raise RecordError(
                "The record's %(folder)s/%(name)s cannot be read: %(problem)s.",
                folder=folder,
                name=name,
                problem=error.strerror,
            ) from None

    def _lines(self, name: str) -> Iterator[bytes]:
        folder = self.folder / name
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        present = {name for name in names if _NUMBERED.fullmatch(name)}
        if present != {file_name(number) for number in range(len(present))} or not present:
            raise RecordError(
                "The record's %(name)s files are not numbered from %(file)s without a gap.",
                name=name,
                file=file_name(0),
            )
        for number in range(len(present)):
            count = 0
            with self._open(name, file_name(number)) as file:
                while line := file.readline(MAX_LINE_BYTES):
                    if not line.endswith(b"\n"):
                        raise RecordError(
                            "A line in %(name)s/%(file)s is too long or has no newline.",
                            name=name,
                            file=file_name(number),
                        )
                    count += 1
                    yield line[:-1]
            last = number == len(present) - 1
            if count > LINES_A_FILE or (count < LINES_A_FILE and not last):
                raise RecordError(
                    "%(name)s/%(file)s has %(count)s lines instead of %(lines)s.",
                    name=name,
                    file=file_name(number),
                    count=count,
                    lines=LINES_A_FILE,
                )


class RecordWriter:
    """Writes a record line by line; use it as a context, which closes its files."""

    def __init__(self, folder: Path) -> None:
        """Write to this folder, which is made if it is missing."""
        self.folder = folder
        self._log = _LineFiles(folder / "log")
        self._ballots = _LineFiles(folder / "ballots")

    def __enter__(self) -> "RecordWriter":
        """Return the writer."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files."""
        self._log.close()
        self._ballots.close()

    def write_file(self, name: str, data: bytes) -> None:
        """Write a whole file so that it is there completely or not at all."""
        temporary = self.folder / f".{name}.part"
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.folder / name)

    def append_entry(self, leaf: bytes) -> None:
        """Append a leaf to the log."""
        self._log.append(leaf)

    def append_ballot(self, ballot: bytes) -> None:
        """Append a ballot."""
        self._ballots.append(ballot)


class _LineFiles:
    """A sequence of files of 10,000 lines; the first always exists."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._count = 0
        self._file = (folder / file_name(0)).open("wb")

    def append(self, line: bytes) -> None:
        if self._count and self._count % LINES_A_FILE == 0:
            self._file.close()
            self._file = (self._folder / file_name(self._count // LINES_A_FILE)).open("wb")
        self._file.write(line + b"\n")
        self._count += 1

    def close(self) -> None:
        self._file.close()


def file_name(number: int) -> str:
    """Return the name of the numbered file, five digits."""
    return f"{number:05}.jsonl"
