"""Write an election's record to a folder, as one moment of the database has it."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots.record import RecordWriter
from evote.board.models import LogEntry
from evote.board.queries import newest_checkpoint
from evote.casting.models import BallotText
from evote.database import Database
from evote.elections.loaded import find_document
from evote.elections.models import KEY, MANIFEST, ROLL, TALLY
from evote.errors import Conflict, NotFound, StorageFull

_ENTRIES_AT_ONCE, _BALLOTS_AT_ONCE = 1000, 100
_FILES = {"manifest.json": MANIFEST, "key.json": KEY, "roll.jsonl": ROLL, "tally.json": TALLY}


@dataclass(frozen=True)
class Exported:
    """How much was written."""

    entries: int
    ballots: int


def export_record(database: Database, election_id: str, folder: Path) -> Exported:
    """Stream the record into a new or empty folder.

    Raises:
        NotFound: There is no such election.
        Conflict: The folder holds something, or the election is not frozen yet.
        StorageFull: The disk is full; what was written is incomplete.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Conflict("%(folder)s is not empty. Choose a new folder for the record.", folder=folder)
    try:
        with database.reading() as session:
            head = newest_checkpoint(session, election_id)
            if find_document(session, election_id, MANIFEST) is None:
                raise NotFound("There is no such election.")
            if head is None:
                raise Conflict("The election is not frozen yet, so there is no record.")
            with RecordWriter(folder) as writer:
                for name, document in _FILES.items():
                    data = find_document(session, election_id, document)
                    if data is not None:
                        writer.write_file(name, data)
                entries = _write_entries(session, election_id, writer)
                ballots = _write_ballots(session, election_id, writer)
                writer.write_file("checkpoint", head.text.encode())
    except OSError as error:
        raise StorageFull(
            "The record could not be written to %(folder)s: %(problem)s.", folder=folder, problem=error.strerror
        ) from None
    return Exported(entries, ballots)


def _write_entries(session: Session, election_id: str, writer: RecordWriter) -> int:
    query = select(LogEntry.data).where(LogEntry.election_id == election_id).order_by(LogEntry.index)
    count = 0
    while leaves := session.scalars(
        query.where(LogEntry.index >= count, LogEntry.index < count + _ENTRIES_AT_ONCE)
    ).all():
        for leaf in leaves:
            writer.append_entry(leaf)
        count += len(leaves)
    return count


def _write_ballots(session: Session, election_id: str, writer: RecordWriter) -> int:
    same = (BallotText.election_id == LogEntry.election_id) & (BallotText.tracker == LogEntry.tracker)
    query = select(BallotText.data).join(LogEntry, same).where(LogEntry.election_id == election_id)
    number, count = LogEntry.ballot_number, 0
    while texts := session.scalars(
        query.where(number >= count, number < count + _BALLOTS_AT_ONCE).order_by(number)
    ).all():
        for text in texts:
            writer.append_ballot(text)
        count += len(texts)
    return count
