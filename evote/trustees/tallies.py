"""The tally: handed in by anybody, checked by the sequencer, then on the log."""

from sqlalchemy import delete

from ballots import codec
from ballots.board import Board
from ballots.errors import BallotsError
from ballots.result import check_tally, parse_tally
from ballots.sentences import SentenceError
from evote.casting.models import REFUSED, Submission
from evote.casting.queue import accept_entry, check_state, lock_election, refusal_of
from evote.elections.documents import hash_text, store_document
from evote.elections.loaded import find_document
from evote.elections.models import AGGREGATES, CANDIDATE, TALLY, Document
from evote.errors import Conflict, Malformed, NotFound, Unavailable
from evote.services import Services
from evote.trustees.aggregates import load_aggregates
from evote.trustees.intents import logged_signers

MOST_TALLY_BYTES = 64 * 1024 * 1024


def post_tally(services: Services, election_id: str, data: bytes) -> Submission | None:
    """Queue a tally for checking; nothing is returned when this very tally is published already.

    Raises:
        Conflict: The election is not closed, or has another tally already.
        Malformed: It is no tally of this election, or was checked and refused before.
        Unavailable: The server is still adding up the ballots.
    """
    sha256 = hash_text(data)
    with services.database.reading() as session:
        published = find_document(session, election_id, TALLY)
        if published is not None:
            if published != data:
                raise Conflict("The election has a published tally already, and it is another one.")
            return None
        if find_document(session, election_id, AGGREGATES) is None:
            raise Unavailable("The server is still adding up the encrypted ballots. Try again in a minute.")
    try:
        tally = parse_tally(data)
    except BallotsError as error:
        raise Malformed.because(error) from None
    if tally.election != services.elections.get(election_id).fingerprint_text:
        raise Malformed("The tally belongs to another election.")
    with services.database.writing() as session:
        election = lock_election(session, election_id)
        check_state(election, "tally")
        quorum = services.elections.get(election_id).manifest.quorum
        if len(logged_signers(session, election)) < quorum:
            raise Conflict("The tally is taken when %(quorum)s signers agree on the log.", quorum=quorum)
        submission = accept_entry(session, election_id, "tally", {"sha256": sha256}, services.now())
        if submission.state == REFUSED:
            raise Malformed.because(refusal_of(submission.answer))
        store_document(session, election_id, CANDIDATE + sha256, data)
        session.flush()
        session.expunge(submission)
    return submission


def check_candidate(services: Services, board: Board, submission: Submission) -> SentenceError | None:
    """Check a queued tally for the sequencer; returns why it is refused, or nothing.

    A refused one is deleted: it may be large, and anybody may hand one in.
    """
    election_id, election = submission.election_id, board.election
    name = CANDIDATE + codec.parse_canonical(submission.body)["sha256"]
    try:
        with services.database.reading() as session:
            data = find_document(session, election_id, name)
            aggregates = load_aggregates(session, election)
        if data is None or board.intent is None:
            raise NotFound("The tally is gone, or there is nothing to count.")
        check_tally(election, board.intent, aggregates, board.signers, parse_tally(data))
    except (BallotsError, NotFound) as error:
        with services.database.writing() as session:
            session.execute(delete(Document).where(Document.election_id == election_id, Document.name == name))
        return error
    return None
