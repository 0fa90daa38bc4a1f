"""What an entry changes beside the log, in the transaction that appends it."""

from collections.abc import Callable

from sqlalchemy import update
from sqlalchemy.orm import Session

from ballots import codec
from ballots.board import Board
from ballots.entries import Entry
from evote.accounts.models import Voter
from evote.elections.models import ANNULLED, CANDIDATE, CLOSED, OPEN, TALLIED, TALLY, Document, Election


def apply_effects(session: Session, election: Election, board: Board, entry: Entry) -> None:
    """Carry out what follows from an entry that was just admitted."""
    effect = _EFFECTS.get(entry.type)
    if effect is not None:
        effect(session, election, board, entry)


def _open(_session: Session, election: Election, _board: Board, _entry: Entry) -> None:
    election.state, election.door_open = OPEN, True


def _replace(session: Session, election: Election, _board: Board, entry: Entry) -> None:
    of = update(Voter).where(Voter.election_id == election.id, Voter.key == entry.body["old"])
    session.execute(of.values(key=entry.body["new"]))


def _strike(session: Session, election: Election, _board: Board, entry: Entry) -> None:
    of = update(Voter).where(Voter.election_id == election.id, Voter.key == entry.body["voter"])
    session.execute(of.values(struck=True))


def _extend(_session: Session, election: Election, _board: Board, entry: Entry) -> None:
    election.closes_at = codec.parse_time(entry.body["closes_at"])


def _close(_session: Session, election: Election, board: Board, _entry: Entry) -> None:
    assert board.intent is not None
    election.state, election.door_open = CLOSED, False
    election.close_size, election.close_root = board.intent.size, board.intent.root
    election.close_counted = board.intent.counted


def _annul(_session: Session, election: Election, _board: Board, _entry: Entry) -> None:
    election.state, election.door_open = ANNULLED, False


def _tally(session: Session, election: Election, _board: Board, entry: Entry) -> None:
    election.state = TALLIED
    of = update(Document).where(Document.election_id == election.id, Document.name == CANDIDATE + entry.body["sha256"])
    session.execute(of.values(name=TALLY))


_EFFECTS: dict[str, Callable[[Session, Election, Board, Entry], None]] = {
    "open": _open,
    "replace": _replace,
    "strike": _strike,
    "extend": _extend,
    "close": _close,
    "annul": _annul,
    "tally": _tally,
}
