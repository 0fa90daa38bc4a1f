"""Wait until the log has what was queued; with no sequencer running, be it for a moment."""

import time
from collections.abc import Sequence

from sqlalchemy import func, select

from evote.board.lock import hold_sequencer_lock
from evote.board.sequencer import Sequencer
from evote.casting.models import QUEUED, REFUSED, Submission
from evote.casting.queue import count_waiting, refusal_of
from evote.errors import Conflict, SequencerRunning, Unavailable
from evote.services import Services

_PAUSE_SECONDS = 0.1
_LONGEST_SECONDS = 600


def settle(services: Services, submissions: Sequence[int]) -> None:
    """Wait until all these submissions are on the log.

    Raises:
        Conflict: One was refused; the text says why.
        Unavailable: The sequencer does not get to them.
    """
    query = select(Submission.answer).where(Submission.id.in_(submissions), Submission.state == REFUSED)
    waiting = select(func.count()).where(Submission.id.in_(submissions), Submission.state == QUEUED)
    deadline = time.monotonic() + _LONGEST_SECONDS
    while time.monotonic() < deadline:
        with services.database.reading() as session:
            refused, left = session.scalar(query), session.scalar(waiting)
        if refused is not None:
            raise Conflict("Not logged: %(reason)s", reason=refusal_of(refused))
        if not left:
            return
        _work_or_wait(services)
    raise Unavailable("The sequencer does not get to it. It stays queued; look at the sequencer's messages.")


def drain(services: Services, election_id: str) -> None:
    """Wait until nothing of an election waits.

    Raises:
        Unavailable: The sequencer does not get to it.
    """
    deadline = time.monotonic() + _LONGEST_SECONDS
    while time.monotonic() < deadline:
        with services.database.reading() as session:
            if not count_waiting(session, election_id):
                return
        _work_or_wait(services)
    raise Unavailable("The queue does not empty. Look at the sequencer's messages, then run this command again.")


def _work_or_wait(services: Services) -> None:
    try:
        with hold_sequencer_lock(services.database) as lock:
            Sequencer(services, lock).drain()
    except SequencerRunning:
        time.sleep(_PAUSE_SECONDS)
