"""The public record as files of known length, streamed from the database in small pieces."""

import re
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ballots.served import Numbered, RecordFile, cut_lines, fixed_file
from evote.board.batch import LINES_A_FILE
from evote.board.models import LogEntry
from evote.board.queries import newest_checkpoint
from evote.casting.models import BallotText
from evote.database import Database
from evote.elections.loaded import find_document
from evote.elections.models import DRAFT, KEY, MANIFEST, ROLL, TALLY, Election
from evote.errors import NotFound

_DOCUMENTS = {"manifest.json": MANIFEST, "key.json": KEY, "roll.jsonl": ROLL, "tally.json": TALLY}
_LINES = re.compile(r"(log|ballots)/(\d{5,9})\.jsonl")
_ENTRIES_AT_ONCE = 500
_BALLOTS_AT_ONCE = 50


def open_record_file(database: Database, election_id: str, path: str) -> RecordFile:
    """Find a file of the record.

    Raises:
        NotFound: There is no such file, or not yet.
    """
    lines = _LINES.fullmatch(path)
    with database.reading() as session:
        election = session.get(Election, election_id)
        if election is None:
            raise NotFound("There is no such election.")
        if path == "checkpoint":
            return _checkpoint(session, election_id)
        if path in _DOCUMENTS:
            return _document(session, election_id, _DOCUMENTS[path])
        if lines is not None and election.state != DRAFT and election.log_size:
            number = int(lines[2])
            if path == f"{lines[1]}/{number:05}.jsonl":
                return _lines(database, session, election, lines[1], number)
    raise NotFound("The record has no %(path)s, or not yet.", path=path)


def _checkpoint(session: Session, election_id: str) -> RecordFile:
    head = newest_checkpoint(session, election_id)
    if head is None:
        raise NotFound("The election's log has not begun: it begins when the election is frozen.")
    return fixed_file(head.text.encode("utf-8"), final=False)


def _document(session: Session, election_id: str, name: str) -> RecordFile:
    data = find_document(session, election_id, name)
    if data is None:
        raise NotFound("The record does not have this file yet.")
    return fixed_file(data, final=True)


def _lines(database: Database, session: Session, election: Election, folder: str, number: int) -> RecordFile:
    total = election.log_size if folder == "log" else election.ballot_count
    first, end = number * LINES_A_FILE, min((number + 1) * LINES_A_FILE, total)
    if first >= total and number:
        raise NotFound("The record does not have this file yet.")
    place, offset = _columns(folder)
    query = select(func.max(offset)).where(LogEntry.election_id == election.id, place >= first, place < end)
    size = session.scalar(query) or 0

    def stream(start: int, stop: int) -> Iterator[bytes]:
        return _stream(database, election_id, folder, (first, end), (start, stop))

    election_id = election.id
    return RecordFile(size, f"{election.fingerprint[:16]}-{folder}-{number}-{end}", end - first == LINES_A_FILE, stream)


def _columns(folder: str) -> tuple[InstrumentedAttribute[int | None], InstrumentedAttribute[int | None]]:
    if folder == "log":
        return LogEntry.index, LogEntry.log_end
    return LogEntry.ballot_number, LogEntry.ballot_end


def _stream(
    database: Database, election_id: str, folder: str, lines: tuple[int, int], span: tuple[int, int]
) -> Iterator[bytes]:
    """Yield the bytes of a span; each piece is a transaction of its own, so that none lasts long."""
    place, offset = _columns(folder)
    query = select(place, offset, LogEntry.data if folder == "log" else BallotText.data)
    if folder == "ballots":
        query = query.join(
            BallotText,
            (BallotText.election_id == LogEntry.election_id) & (BallotText.tracker == LogEntry.tracker),
        )
    query = query.where(LogEntry.election_id == election_id, place < lines[1])
    query = query.order_by(place).limit(_ENTRIES_AT_ONCE if folder == "log" else _BALLOTS_AT_ONCE)

    def fetch(following: int, start: int) -> list[Numbered]:
        with database.reading() as session:
            return session.execute(query.where(place >= following, offset > start)).all()  # type: ignore[return-value]

    return cut_lines(fetch, lines[0], *span)
