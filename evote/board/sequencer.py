"""The sequencer: takes batches from the queue, checks them, appends them. There is exactly one on a database."""

import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import and_, func, select

from ballots import codec
from ballots.ballot import parse_ballot
from ballots.batch import verify_ballots
from ballots.board import Board
from ballots.errors import BallotsError
from evote.board.batch import Item, plan_batch, write_batch
from evote.board.lock import SequencerLock
from evote.board.models import SequencerBeat
from evote.board.replay import Tail, replay
from evote.casting.models import QUEUED, BallotText, Submission
from evote.casting.queue import count_waiting, enqueue, lock_election, next_time
from evote.elections.documents import store_document
from evote.elections.models import AGGREGATES, ANNULLED, CLOSED, FROZEN, OPEN, TALLIED, Document, Election
from evote.errors import BoardDamaged, Conflict
from evote.services import Services
from evote.steps import reached
from evote.trustees.aggregates import compute_aggregates
from evote.trustees.tallies import check_candidate

_BEAT = timedelta(seconds=5)
_MOST_BYTES = 64 * 1024 * 1024
_log = structlog.get_logger()


@dataclass
class _Held:
    """A board in memory and where its files end."""

    board: Board
    tail: Tail


class Sequencer:
    """Works while the lock is held. After an error its boards are read anew from the database."""

    def __init__(self, services: Services, lock: SequencerLock) -> None:
        self._services = services
        self._lock = lock
        self._held: dict[str, _Held] = {}
        self._damaged: set[str] = set()
        self._next_beat = services.now()

    def recover(self) -> None:
        """Replay every log that may still grow, so that damage shows at the start and not at the first ballot."""
        with self._services.database.reading() as session:
            growing = session.scalars(select(Election.id).where(Election.state.in_((FROZEN, OPEN, CLOSED)))).all()
        for election_id in growing:
            self._attempt(lambda one: self._hold(one).board.size, election_id)

    def step(self) -> int:
        """Do what there is to do; returns how much that was, 0 when nothing is left.

        Raises:
            StorageFull, Unavailable: The database failed; everything unsettled stays in the queue.
        """
        done = sum(self._attempt(self._settle, one) for one in self._elections_waiting())
        done += sum(self._attempt(self._close, one) for one in self._elections_due())
        done += sum(self._attempt(self._add_up, one) for one in self._elections_uncounted())
        self._beat()
        return done

    def drain(self) -> None:
        """Work until nothing waits."""
        while self.step():
            pass

    def _elections_waiting(self) -> Sequence[str]:
        with self._services.database.reading() as session:
            query = select(Submission.election_id).where(Submission.state == QUEUED).distinct()
            return [one for one in session.scalars(query) if one not in self._damaged]

    def _elections_due(self) -> Sequence[str]:
        due = (Election.state == OPEN, Election.closing == "time", Election.closes_at < self._services.now())
        with self._services.database.reading() as session:
            query = select(Election.id).where(*due, Election.door_open)
            return [one for one in session.scalars(query) if one not in self._damaged]

    def _elections_uncounted(self) -> Sequence[str]:
        counted = select(Document.election_id).where(Document.name == AGGREGATES)
        with self._services.database.reading() as session:
            query = select(Election.id).where(Election.state == CLOSED, Election.id.not_in(counted))
            return [one for one in session.scalars(query) if one not in self._damaged]

    def _attempt(self, action: Callable[[str], int], election_id: str) -> int:
        """Do something for one election; a damaged log stops the work on that election alone."""
        try:
            return action(election_id)
        except BoardDamaged as error:
            self._damaged.add(election_id)
            _log.error("board_damaged", election=election_id, reason=str(error))
            return 0
        except BaseException:
            self._held.pop(election_id, None)  # it may be ahead of the database
            raise

    def _settle(self, election_id: str) -> int:
        held = self._hold(election_id)
        items = self._take(held.board, election_id)
        reached("sequencer: taken")
        self._judge(held.board, items)
        reached("sequencer: judged")
        batch = plan_batch(held.board, held.tail, items, self._services.board_key, self._services.now())
        with self._lock.writing() as session:
            write_batch(session, batch)
            reached("sequencer: written")
        reached("sequencer: durable")
        if held.board.state in (TALLIED, ANNULLED):
            del self._held[election_id]
        refused = [item for item in items if item.refusal]
        _log.info("batch_logged", election=election_id, settled=len(items), refused=len(refused), size=held.board.size)
        return len(items)

    def _hold(self, election_id: str) -> _Held:
        if election_id not in self._held:
            try:
                election = self._services.elections.get(election_id)
            except BallotsError as error:
                raise BoardDamaged(
                    "The stored files of election %(election_id)s are damaged: %(error)s",
                    election_id=election_id,
                    error=error,
                ) from None
            with self._services.database.reading() as session:
                self._held[election_id] = _Held(*replay(session, election))
        return self._held[election_id]

    def _take(self, board: Board, election_id: str) -> list[Item]:
        """Read the next submissions in order: as many as a batch may have, and as memory allows."""
        same = and_(BallotText.election_id == Submission.election_id, BallotText.tracker == Submission.key)
        waiting = (Submission.election_id == election_id, Submission.state == QUEUED)
        ahead = select(Submission.position, Submission.kind, func.coalesce(func.length(BallotText.data), 0))
        ahead = ahead.outerjoin(BallotText, and_(same, Submission.kind == "ballot")).where(*waiting)
        query = select(Submission, BallotText.data).outerjoin(BallotText, and_(same, Submission.kind == "ballot"))
        with self._services.database.reading() as session:
            rows = session.execute(ahead.order_by(Submission.position).limit(self._services.settings.batch)).all()
            last = _last_position([tuple(row) for row in rows])
            found = session.execute(query.where(*waiting, Submission.position <= last).order_by(Submission.position))
            return [_parse(board, submission, text) for submission, text in found]

    def _judge(self, board: Board, items: Sequence[Item]) -> None:
        sealed = [item for item in items if item.ballot is not None]
        ballots = [item.ballot for item in sealed if item.ballot is not None]
        for place, error in verify_ballots(board.election, ballots, secrets.randbits).items():
            sealed[place].refusal = error
        for item in items:
            if item.submission.kind == "tally":
                item.refusal = check_candidate(self._services, board, item.submission)

    def _close(self, election_id: str) -> int:
        """Shut the door of an election whose time is up, once its queue is empty, and queue its `close`; 1 if done."""
        board = self._hold(election_id).board
        with self._lock.writing() as session:
            election = lock_election(session, election_id)
            now = self._services.now()
            if count_waiting(session, election_id) or not election.door_open or now <= election.closes_at:
                return 0
            election.door_open = False
            body = {"size": board.size + 1, "counted": board.counted_hash(), "signature": ""}
            data = codec.encode_canonical(body)
            key = codec.encode_bytes(codec.hash_canonical("queue/close", data))
            enqueue(session, election, Submission(kind="close", key=key, body=data), next_time(election, now))
        return 1

    def _add_up(self, election_id: str) -> int:
        """Compute the encrypted count of a closed election, to judge partials and tallies by; 1 when done."""
        board = self._hold(election_id).board
        with self._services.database.reading() as session:
            data = compute_aggregates(session, board)
        with self._lock.writing() as session:
            store_document(session, election_id, AGGREGATES, data)
        return 1

    def _beat(self) -> None:
        now = self._services.now()
        if now < self._next_beat:
            return
        self._next_beat = now + _BEAT
        with self._lock.writing() as session:
            session.merge(SequencerBeat(id=1, name=socket.gethostname()[:200], beat_at=now))


def _last_position(rows: Sequence[tuple[int, str, int]]) -> int:
    """Return where a batch ends, given (position, kind, bytes) of what waits, in order."""
    total = 0
    last = rows[0][0] if rows else -1
    for position, kind, size in rows:
        total += size
        # A tally is judged by the log before it, so it begins a batch of its own.
        if position != rows[0][0] and (total > _MOST_BYTES or kind == "tally"):
            break
        last = position
        if kind == "tally":
            break
    return last


def _parse(board: Board, submission: Submission, text: bytes | None) -> Item:
    item = Item(submission)
    if submission.kind != "ballot":
        return item
    line = board.standing.get(submission.voter)
    if line is None or text is None:
        item.refusal = Conflict("The voter's key was replaced or struck before the ballot reached the board.")
        return item
    try:
        item.ballot = parse_ballot(codec.parse_canonical(text), board.election, line.style)
        item.ballot_bytes = len(text)
    except BallotsError as error:
        item.refusal = error
    return item
