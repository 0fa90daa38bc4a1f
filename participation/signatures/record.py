"""A petition's record as files (specification, 18.1), streamed from the database, and written to a folder."""

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ballots.served import Numbered, RecordFile, cut_lines, fixed_file
from participation.errors import Missing, NotNow
from participation.ports import Ports
from participation.signatures.counter import LINES_A_FILE
from participation.signatures.models import Entry, PetitionLog

_LINES = re.compile(r"log/(\d{5,9})\.jsonl")
_AT_ONCE = 500


def open_petition_file(ports: Ports, petition_id: str, path: str) -> RecordFile:
    """Find a file of a petition's record.

    Raises:
        Missing: There is no such file, or not yet.
    """
    with ports.database.reading() as session:
        log = session.get(PetitionLog, petition_id)
        if log is None or not log.size:
            raise Missing("This petition has no record, or not yet: its log begins when it opens.")
        single = _single(ports, log, path)
        if single is not None:
            return fixed_file(single, final=path == "petition.json")
        lines = _LINES.fullmatch(path)
        if lines is not None and path == f"log/{int(lines[1]):05}.jsonl":
            return _lines(session, ports, log, int(lines[1]))
    raise Missing("The record has no such file, or not yet.")


def _single(ports: Ports, log: PetitionLog, path: str) -> bytes | None:
    if path == "roll.jsonl":
        return ports.rolls.file(log.election_id) if log.election_id else None
    files = {
        "petition.json": log.document,
        "text.json": log.text,
        "checkpoint": log.checkpoint.encode(),
        "count.json": log.count,
    }
    return files.get(path)


def _lines(session: Session, ports: Ports, log: PetitionLog, number: int) -> RecordFile:
    first, end = number * LINES_A_FILE, min((number + 1) * LINES_A_FILE, log.size)
    if first >= log.size:
        raise Missing("The record has no such file, or not yet.")
    petition_id = log.petition_id
    inside = (Entry.petition_id == petition_id, Entry.index >= first, Entry.index < end)
    size = session.scalar(select(func.max(Entry.log_end)).where(*inside)) or 0

    def stream(start: int, stop: int) -> Iterator[bytes]:
        return _stream(ports, petition_id, (first, end), (start, stop))

    return RecordFile(size, f"{petition_id[:8]}-log-{number}-{end}", end - first == LINES_A_FILE, stream)


def _stream(ports: Ports, petition_id: str, lines: tuple[int, int], span: tuple[int, int]) -> Iterator[bytes]:
    """Yield the bytes of a span; each piece is a transaction of its own, so that none lasts long."""
    query = select(Entry.index, Entry.log_end, Entry.data).where(Entry.petition_id == petition_id)
    query = query.where(Entry.index < lines[1]).order_by(Entry.index).limit(_AT_ONCE)

    def fetch(following: int, start: int) -> list[Numbered]:
        with ports.database.reading() as session:
            return session.execute(query.where(Entry.index >= following, Entry.log_end > start)).all()  # type: ignore[return-value]

    return cut_lines(fetch, lines[0], *span)


def file_names(log: PetitionLog) -> list[str]:
    """Return the names of all files that a record has now."""
    logs = [f"log/{number:05}.jsonl" for number in range(-(-log.size // LINES_A_FILE))]
    text = ["text.json"] if log.text is not None else []
    roll = ["roll.jsonl"] if log.election_id else []
    return ["petition.json", *text, *roll, *logs, "checkpoint", "count.json"]


def export_petition(ports: Ports, petition_id: str, folder: Path) -> int:
    """Write a record into a new or empty folder, as one moment has it; returns the number of entries.

    Raises:
        Missing: There is no such record.
        NotNow: The folder holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise NotNow("The folder is not empty. Choose a new folder for the record.")
    with ports.database.reading() as session:
        log = session.get(PetitionLog, petition_id)
        if log is None or not log.size:
            raise Missing("This petition has no record, or not yet: its log begins when it opens.")
        (folder / "log").mkdir(parents=True)
        for name in file_names(log):
            data = _single(ports, log, name)
            if data is not None:
                (folder / name).write_bytes(data)
        for first in range(0, log.size, LINES_A_FILE):
            query = select(Entry.data).where(Entry.petition_id == petition_id, Entry.index >= first)
            wanted = query.where(Entry.index < min(first + LINES_A_FILE, log.size)).order_by(Entry.index)
            with (folder / f"log/{first // LINES_A_FILE:05}.jsonl").open("wb") as file:
                for data in session.scalars(wanted).yield_per(_AT_ONCE):
                    file.write(data + b"\n")
        return log.size
