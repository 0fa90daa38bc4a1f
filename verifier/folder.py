"""The record's folder: which files there are, and their bytes and lines, read so that nothing hostile can do harm.

Only the names of section 9 are opened, only as regular files that are no symbolic links, only up to bounded lengths.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, ClassVar

from .errors import Malformed, Missing

LINES_A_FILE = 10_000
SINGLE_FILES = ("manifest.json", "key.json", "roll.jsonl", "checkpoint", "tally.json")
SERIES = ("log", "ballots")
SERIES_FILE = re.compile(r"[0-9]{5}\.jsonl")
MEGABYTE = 1 << 20
LONGEST_FILE = {
    "manifest.json": 16 * MEGABYTE,
    "key.json": 16 * MEGABYTE,
    "checkpoint": MEGABYTE,
    "tally.json": 512 * MEGABYTE,
}
LONGEST_LINE = 17 * MEGABYTE
"""The first entry of a log holds the manifest; all other lines are shorter."""
MOST_STRANGERS = 1000
"""So many unknown files are listed; more are not looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a `.jsonl` file, without its line end.

    Attributes:
        file: the file's name inside the record.
        number: counted from 1, as editors do.
        offset: where it starts, in bytes.
        data: its bytes, without line end; empty if there is a fault, or if only places are asked for.
        length: its length in bytes, with its line end.
        fault: what is wrong with the line as a line, or "".
    """

    file: str
    number: int
    offset: int
    data: bytes
    length: int
    fault: str = ""

    @property
    def place(self) -> str:
        """Return where this is, for a person."""
        return f"{self.file}, line {self.number}"


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading, refusing symbolic links, devices and pipes.

    Raises:
        Missing: it is not there.
        Malformed: it is no regular file, or may not be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Missing(f"{path.name} is missing") from None
    except OSError as reason:
        raise Malformed(f"{path.name} cannot be read as a file ({reason.strerror}); links are not followed") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Malformed(f"{path.name} is no regular file")
    return os.fdopen(handle, "rb")


def read_bounded(path: Path, most: int) -> bytes:
    """Read a whole file of at most `most` bytes.

    Raises:
        Missing: it is not there.
        Malformed: it is no regular file, or longer.
    """
    with open_regular(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Malformed(f"{path.name} is longer than {most:,} bytes, which no record needs")
    return data


@dataclass
class RecordFolder:
    """A record on disk.

    Attributes:
        strangers: names that the protocol's page does not know, and known ones that are no regular files.
        missing: names that a record must have and this one has not, the optional ones left aside.
        faults: files of `log` or `ballots` that have not the lines that section 9 gives them, with what is wrong;
            known for the series in `counted`, those that have been read to their end.
    """

    single_files: ClassVar[tuple[str, ...]] = SINGLE_FILES
    optional: ClassVar[tuple[str, ...]] = ("tally.json",)
    series: ClassVar[tuple[str, ...]] = SERIES

    path: Path
    files: dict[str, list[str]] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if not self.path.is_dir():
            raise Missing(f"{self.path} is no folder; give the folder that holds {self.single_files[0]}")
        for name, entry in self._scan(self.path):
            if name in self.series and entry.is_dir(follow_symlinks=False):
                self._scan_series(name)
            elif name not in self.single_files or not entry.is_file(follow_symlinks=False):
                self.strangers.append(name)
        present = {name for name, entry in self._scan(self.path) if entry.is_file(follow_symlinks=False)}
        self.missing += [name for name in self.single_files if name not in present and name not in self.optional]
        for series in self.series:
            if not self.files.get(series):
                self.missing.append(f"{series}/00000.jsonl")
        self.has_tally = "tally.json" in present
        self.present = len(present & set(self.single_files)) + sum(len(files) for files in self.files.values())
        self.strangers.sort()

    def _scan(self, path: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
        with os.scandir(path) as entries:
            for entry in entries:
                if len(self.strangers) >= MOST_STRANGERS:
                    return
                yield entry.name, entry

    def _scan_series(self, series: str) -> None:
        numbers = []
        for name, entry in self._scan(self.path / series):
            if SERIES_FILE.fullmatch(name) and entry.is_file(follow_symlinks=False):
                numbers.append(int(name[:5]))
            else:
                self.strangers.append(f"{series}/{name}")
        numbers.sort()
        last = numbers[-1] if numbers else 0
        gaps = sorted(set(range(last + 1)) - set(numbers))
        self.missing += [f"{series}/{number:05}.jsonl" for number in gaps if numbers]
        self.files[series] = [f"{series}/{number:05}.jsonl" for number in numbers]

    def read(self, name: str) -> bytes:
        """Read one of the single files.

        Raises:
            Missing: it is not there.
            Malformed: it is no regular file, or far too long.
        """
        return read_bounded(self.path / name, LONGEST_FILE.get(name, MEGABYTE))

    def lines(self, name: str, longest: int = LONGEST_LINE, keep: bool = True) -> Iterator[Line]:
        """Yield the lines of `roll.jsonl`, or of all files of `log` or `ballots` in order.

        A line of more than `longest` bytes is skipped, and one without line end is cut, each with its fault said.
        With `keep` false only places and lengths are given.

        Raises:
            Missing: there is no such file.
            Malformed: one is no regular file.
        """
        names = self.files.get(name, []) if name in self.series else [name]
        if not names:
            raise Missing(f"{name}/00000.jsonl is missing")
        for file in names:
            count = 0
            for line in self._lines_of(file, longest, keep):
                count = line.number
                yield line
            if name not in self.series:
                continue
            if count > LINES_A_FILE:
                self.faults[file] = f"it has {count} lines; {LINES_A_FILE} are the most"
            elif count < LINES_A_FILE and file != names[-1]:
                self.faults[file] = f"it has {count} lines, though another file follows"
            elif not count and file != "ballots/00000.jsonl":
                self.faults[file] = "it is empty"
        self.counted.add(name)

    def _lines_of(self, name: str, longest: int, keep: bool) -> Iterator[Line]:
        offset, number = 0, 0
        with open_regular(self.path / name) as file:
            while data := file.readline(longest + 1):
                number += 1
                length, fault = len(data), ""
                if not data.endswith(b"\n"):
                    fault = "the line has no line end"
                    while not data.endswith(b"\n") and (data := file.readline(MEGABYTE)):
                        fault = f"the line is longer than {longest:,} bytes, which no line here needs"
                        length += len(data)
                kept = data[:-1] if keep and not fault else b""
                yield Line(name, number, offset, kept, length, fault)
                offset += length
