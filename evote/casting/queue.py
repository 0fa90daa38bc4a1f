"""The queue before the log: one lock an election gives out positions and times, so that both rise together.

Everything that shall stand on the log goes through here, and the sequencer alone takes it out.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ballots import codec
from ballots.sentences import SentenceError
from evote.casting.models import QUEUED, REFUSED, Submission
from evote.elections.models import ANNULLED, CLOSED, DRAFT, FROZEN, OPEN, TALLIED, Election
from evote.errors import Conflict, NotFound

_WHILE_VOTING = frozenset({"audited", "replace", "strike", "extend"})
_STATES = {
    "manifest": (FROZEN,),
    "key": (FROZEN,),
    "roll": (FROZEN,),
    "open": (FROZEN,),
    "ballot": (OPEN,),
    "close": (OPEN,),
    "annul": (OPEN, CLOSED, TALLIED),
    "intent": (CLOSED,),
    "tally": (CLOSED,),
}
_SAID = {
    DRAFT: Conflict("The election is not frozen yet; this cannot be done now."),
    FROZEN: Conflict("The election is not open yet; this cannot be done now."),
    OPEN: Conflict("The election is still open; this cannot be done now."),
    CLOSED: Conflict("The election is closed; this cannot be done now."),
    TALLIED: Conflict("The election is counted; this cannot be done now."),
    ANNULLED: Conflict("The election was annulled; this cannot be done now."),
}


def refusal_of(answer: bytes) -> SentenceError:
    """Return why something that is no ballot was refused, from the answer stored with it."""
    return SentenceError.from_document(codec.parse_canonical(answer))


def lock_election(session: Session, election_id: str) -> Election:
    """Lock an election's row until the transaction ends: acceptance goes one by one.

    Raises:
        NotFound: There is no such election.
    """
    election = session.get(Election, election_id, with_for_update=True)
    if election is None:
        raise NotFound("There is no such election.")
    return election


def next_time(election: Election, now: datetime) -> datetime:
    """Return the time that something accepted now gets: whole seconds, never earlier than the last one given."""
    return max(now.replace(microsecond=0), election.last_time)


def enqueue(session: Session, election: Election, submission: Submission, time: datetime) -> Submission:
    """Give a submission its time and place; the election must be locked."""
    submission.election_id, submission.position, submission.time = election.id, election.next_position, time
    submission.state = QUEUED
    election.next_position += 1
    election.last_time = time
    session.add(submission)
    return submission


def accept_entry(session: Session, election_id: str, kind: str, body: codec.Json, now: datetime) -> Submission:
    """Queue an entry that is no ballot; the very same one again returns the first.

    Raises:
        NotFound: There is no such election.
        Conflict: The election's state does not allow it.
    """
    election = lock_election(session, election_id)
    data = codec.encode_canonical(body)
    key = body["tracker"] if kind == "audited" else codec.encode_bytes(codec.hash_canonical(f"queue/{kind}", data))
    known = find_submission(session, election_id, kind, key)
    if known is not None:
        return known
    check_state(election, kind)
    return enqueue(session, election, Submission(kind=kind, key=key, body=data), next_time(election, now))


def check_state(election: Election, kind: str) -> None:
    """Check that an election's state allows an entry of this type now.

    Raises:
        Conflict: It does not; the text says how the election stands.
    """
    allowed = _STATES.get(kind, (OPEN,))
    if election.state not in allowed:
        raise Conflict.because(_SAID[election.state])
    if kind in _WHILE_VOTING and not election.door_open:
        raise Conflict("The election is closing; this cannot be done any more.")


def find_submission(session: Session, election_id: str, kind: str, key: str) -> Submission | None:
    """Return a submission by its key, in whatever state."""
    query = select(Submission).where(Submission.election_id == election_id, Submission.kind == kind)
    return session.scalar(query.where(Submission.key == key))


def find_tracker(session: Session, election_id: str, tracker: str) -> Submission | None:
    """Return the ballot of this tracker, or else the notice that it was audited."""
    query = select(Submission).where(Submission.election_id == election_id, Submission.kind.in_(("ballot", "audited")))
    return session.scalar(query.where(Submission.key == tracker).order_by(Submission.kind.desc()).limit(1))


def latest_accepted(session: Session, election_id: str, voter: str) -> Submission | None:
    """Return a credential's latest ballot that is logged or waiting."""
    query = select(Submission).where(Submission.election_id == election_id, Submission.voter == voter)
    query = query.where(Submission.kind == "ballot", Submission.state != REFUSED)
    return session.scalar(query.order_by(Submission.position.desc()).limit(1))


def count_waiting(session: Session, election_id: str = "") -> int:
    """Return how many submissions wait for the sequencer, of one election or of all."""
    query = select(func.count()).select_from(Submission).where(Submission.state == QUEUED)
    return session.scalar(query.where(Submission.election_id == election_id) if election_id else query) or 0
