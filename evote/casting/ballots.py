"""Accept a ballot: check what can be checked at once, store it durably, and promise to log it or to say why not."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots import codec
from ballots.ballot import Ballot, parse_ballot, verify_cast
from ballots.errors import BallotsError, SignatureRefused
from ballots.receipts import sign_promise
from evote.accounts.models import Voter
from evote.accounts.sessions import LoggedIn
from evote.casting.models import LOGGED, QUEUED, REFUSED, BallotText, Submission
from evote.casting.queue import enqueue, find_submission, find_tracker, latest_accepted, lock_election, next_time
from evote.elections.models import OPEN, Election
from evote.errors import Conflict, Forbidden, Malformed, NotFound, NotOpen, Unsigned, WrongPrevious
from evote.services import Services
from evote.steps import reached

_STATUS = {QUEUED: 202, LOGGED: 201, REFUSED: 422}


@dataclass(frozen=True)
class Answer:
    """What stands at a ballot's address: 202 promise, 201 receipt, 422 refusal, with the document's bytes."""

    status: int
    document: bytes


def find_answer(session: Session, election_id: str, tracker: str) -> Answer:
    """Return what stands at a ballot's address.

    Raises:
        NotFound: No such ballot was ever accepted; it can be cast (again).
    """
    submission = find_submission(session, election_id, "ballot", tracker)
    if submission is None:
        raise NotFound("No ballot with this tracker was accepted here. If you cast it, cast it again.")
    return _answer(submission)


def cast_ballot(services: Services, voter: LoggedIn, tracker: str, content: codec.Json, signature: str) -> Answer:
    """Accept a ballot, or say how an earlier request with it stands.

    Args:
        services: The application's parts.
        voter: Who is logged in.
        tracker: From the address.
        content: The ballot as parsed JSON.
        signature: The voter's, base64url.

    Raises:
        Malformed: It is no ballot of this election, style and voter.
        Unsigned: The signature does not fit.
        NotOpen, WrongPrevious, Conflict, Forbidden: It cannot be cast now, or not by this voter.
        StorageFull, Unavailable: Nothing was stored.
    """
    reached("cast: received")
    ballot = _check(services, voter, tracker, content, signature)
    reached("cast: checked")
    with services.database.writing() as session:
        submission = _store(session, services, voter, ballot, signature)
        answer = _answer_to(voter, submission)
        reached("cast: stored")
    reached("cast: durable")
    return answer


def _check(services: Services, voter: LoggedIn, tracker: str, content: codec.Json, signature: str) -> Ballot:
    election = services.elections.get(voter.election_id)
    try:
        ballot = parse_ballot(content, election, voter.style)
    except BallotsError as error:
        raise Malformed("This is no ballot of this election: %(reason)s", reason=error) from None
    if ballot.tracker != tracker:
        raise Malformed(gettext("The ballot does not have the tracker in the address. Cast it again from the booth."))
    if ballot.voter != voter.key:
        raise Forbidden(gettext("This ballot belongs to another voter than the one who is logged in."))
    try:
        verify_cast(ballot, signature)
    except SignatureRefused:
        raise Unsigned(
            gettext("The ballot is not signed with your secret code's key. Enter the code from your letter again.")
        ) from None
    return ballot


def _store(session: Session, services: Services, voter: LoggedIn, ballot: Ballot, signature: str) -> Submission:
    election = lock_election(session, voter.election_id)
    known = find_tracker(session, election.id, ballot.tracker)
    if known is not None and known.kind == "ballot":
        return known
    time = next_time(election, services.now())
    _check_window(election, time)
    _check_standing(session, voter)
    if known is not None:
        raise Conflict(gettext("This ballot was opened for an audit and can never be cast. Fill in a fresh one."))
    latest = latest_accepted(session, election.id, ballot.voter)
    if ballot.previous != (latest.key if latest else ""):
        raise WrongPrevious(_said_of(latest))
    body = {"voter": ballot.voter, "tracker": ballot.tracker, "previous": ballot.previous, "signature": signature}
    submission = Submission(
        kind="ballot",
        key=ballot.tracker,
        voter=ballot.voter,
        previous=ballot.previous,
        body=codec.encode_canonical(body),
    )
    promise = sign_promise(services.board_key, election.fingerprint, ballot.tracker, codec.encode_time(time))
    submission.answer = codec.encode_canonical(promise)
    session.add(BallotText(election_id=election.id, tracker=ballot.tracker, data=ballot.encode()))
    return enqueue(session, election, submission, time)


def _check_window(election: Election, time: datetime) -> None:
    if election.state != OPEN or not election.door_open or time > election.closes_at:
        raise NotOpen(gettext("The election takes no ballots now. Your ballot was not stored."))
    if time < election.opens_at:
        opens_at = codec.encode_time(election.opens_at)
        raise NotOpen(gettext("Voting begins at %(time)s. Your ballot was not stored.", time=opens_at))


def _check_standing(session: Session, voter: LoggedIn) -> None:
    row = session.scalar(select(Voter).where(Voter.id == voter.voter_id))
    if row is None or row.key != voter.key:
        raise Forbidden(gettext("Your secret code was replaced by a new one. Log in again and use the new code."))
    if row.struck:
        raise Forbidden(gettext("You voted on paper, so you cannot vote here as well."))


def _said_of(latest: Submission | None) -> str:
    if latest is None:
        return gettext("The ballot claims to follow one that you never cast. Log in again and fill in a fresh one.")
    if latest.state == QUEUED:
        return gettext("Another ballot of yours is still being checked. Wait a few seconds and cast again.")
    return gettext("You have cast another ballot meanwhile. Log in again and fill in a fresh one.")


def _answer_to(voter: LoggedIn, submission: Submission) -> Answer:
    if submission.voter != voter.key:
        raise Forbidden(gettext("This ballot belongs to another voter than the one who is logged in."))
    return _answer(submission)


def _answer(submission: Submission) -> Answer:
    return Answer(_STATUS[submission.state], submission.answer)
