"""Rebuild a board from its stored log, checking every entry and the signed root."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from ballots import codec
from ballots.ballot import Ballot
from ballots.board import Board
from ballots.election import Election
from ballots.entries import parse_entry
from ballots.errors import BallotsError
from evote.board.models import LogEntry
from evote.board.queries import newest_checkpoint
from evote.casting.models import BallotText
from evote.errors import BoardDamaged

_CHUNK = 500


@dataclass
class Tail:
    """Where the last lines end, in bytes, within the record's current files."""

    log_end: int = 0
    ballot_end: int = 0


def replay(session: Session, election: Election) -> tuple[Board, Tail]:
    """Return the board after all stored entries, and where the record's files end.

    Raises:
        BoardDamaged: The entries break a rule, or do not give the root of the newest checkpoint.
    """
    board, tail = Board(election), Tail()
    election_id = election.manifest.id
    try:
        for row, text in _stored(session, election_id):
            board.admit(parse_entry(row.data), None if text is None else _unchecked_ballot(text))
            tail.log_end = row.log_end
            tail.ballot_end = row.ballot_end or tail.ballot_end
    except BallotsError as error:
        raise BoardDamaged(
            "The stored log of election %(election_id)s is damaged at entry %(size)s: %(error)s Stop "
            "the server and restore the database from a backup.",
            election_id=election_id,
            size=board.size,
            error=error,
        ) from None
    head = newest_checkpoint(session, election_id)
    if (0 if head is None else head.size) != board.size or (head is not None and head.root != board.tree.root()):
        raise BoardDamaged(
            "The stored log of election %(election_id)s does not give the root that the board has "
            "signed. Stop the server and restore the database from a backup.",
            election_id=election_id,
        )
    return board, tail


def _stored(session: Session, election_id: str) -> Iterator[tuple[LogEntry, bytes | None]]:
    on = and_(
        BallotText.election_id == LogEntry.election_id,
        BallotText.tracker == LogEntry.tracker,
        LogEntry.type == "ballot",
    )
    query = select(LogEntry, BallotText.data).outerjoin(BallotText, on).where(LogEntry.election_id == election_id)
    start = 0
    while rows := session.execute(query.where(LogEntry.index >= start).order_by(LogEntry.index).limit(_CHUNK)).all():
        yield from rows
        start = rows[-1][0].index + 1
        session.expunge_all()


def _unchecked_ballot(text: bytes) -> Ballot:
    """Wrap a stored ballot for the board's rules: its proofs were checked before it was logged."""
    document = codec.parse_canonical(text)
    return Ballot(document, document["voter"], document["previous"], ())
