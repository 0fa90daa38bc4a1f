"""What the pages ask beyond the board's own queries. Every function takes a session of `Database.reading()`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evote.board.models import LogEntry
from evote.board.queries import EntryLine, list_entries
from evote.elections.models import Document

_MOST_NOTICES = 10_000


@dataclass(frozen=True)
class File:
    """A file of the record, as far as it is published.

    Attributes:
        path: Within the record.
        size: Bytes.
    """

    path: str
    size: int


def latest_ballots(session: Session, election_id: str, lines: Collection[EntryLine]) -> dict[str, int]:
    """Return {voter: index of the latest ballot} for the voters of some ballots."""
    codes = {line.voter_code.replace("-", "") for line in lines if line.voter}
    query = select(LogEntry.voter, func.max(LogEntry.index)).where(
        LogEntry.election_id == election_id, LogEntry.voter_code.in_(codes), LogEntry.type == "ballot"
    )
    return {str(voter): index for voter, index in session.execute(query.group_by(LogEntry.voter))}


def notices(session: Session, election_id: str, kind: str) -> Sequence[EntryLine]:
    """Return all entries of a rare type: intents, extensions, replacements and the like."""
    return list_entries(session, election_id, kind=kind, page=_MOST_NOTICES).entries


def closed_times(session: Session) -> Mapping[str, datetime]:
    """Return {election id: when it was closed} for those that are; officials may close early."""
    query = select(LogEntry.election_id, LogEntry.time).where(LogEntry.type == "close")
    return {row.election_id: row.time for row in session.execute(query)}


def withdrawn_keys(session: Session, election_id: str) -> frozenset[str]:
    """Return the public keys that were replaced or struck: their ballots do not count."""
    replaced = (str(line.body["old"]) for line in notices(session, election_id, "replace"))
    struck = (str(line.body["voter"]) for line in notices(session, election_id, "strike"))
    return frozenset((*replaced, *struck))


def count_standing_voters(session: Session, election_id: str, withdrawn: Collection[str]) -> int:
    """Return how many voters have a ballot that counts as things stand."""
    query = select(func.count(LogEntry.voter.distinct())).where(
        LogEntry.election_id == election_id, LogEntry.type == "ballot", LogEntry.voter.not_in(withdrawn)
    )
    return session.scalar(query) or 0


def ballot_number(session: Session, election_id: str, index: int) -> int | None:
    """Return a ballot's place among the ballots, from 0; nothing for other entries."""
    return session.scalar(
        select(LogEntry.ballot_number).where(LogEntry.election_id == election_id, LogEntry.index == index)
    )


def document_sizes(session: Session, election_id: str) -> Mapping[str, int]:
    """Return {document name: bytes} of an election's documents."""
    query = select(Document.name, Document.size).where(Document.election_id == election_id)
    return dict(session.execute(query).all())


def stream_sizes(session: Session, election_id: str, lines_per_file: int) -> tuple[Sequence[int], Sequence[int]]:
    """Return the bytes of each log file and of each ballots file."""
    log_file = LogEntry.index // lines_per_file
    ballot_file = LogEntry.ballot_number // lines_per_file
    of = LogEntry.election_id == election_id
    logs = session.scalars(
        select(func.max(LogEntry.log_end)).where(of).group_by(log_file).order_by(func.max(LogEntry.index))
    ).all()
    ballots = session.scalars(
        select(func.max(LogEntry.ballot_end))
        .where(of, LogEntry.ballot_number.is_not(None))
        .group_by(ballot_file)
        .order_by(func.max(LogEntry.ballot_number))
    ).all()
    return logs, [size or 0 for size in ballots] or [0]
