"""Partial decryptions: checked when they are handed in, shown to everybody."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots import codec
from ballots.errors import BallotsError
from ballots.partial import verify_partial
from evote.casting.queue import check_state, lock_election
from evote.elections.models import Election
from evote.errors import Conflict, Malformed, NotFound
from evote.services import Services
from evote.trustees.aggregates import load_aggregates
from evote.trustees.intents import intent_of, logged_signers
from evote.trustees.models import Partial


def post_partial(services: Services, election_id: str, document: codec.Json) -> None:
    """Check and keep a trustee's partial; one that is there already stays.

    Raises:
        Conflict: The election is not being counted, the quorum has not agreed yet, or the trustee is not part of it.
        Malformed: It does not open this count, or its proof fails; the text says which.
        Unavailable: The server is still adding up the ballots.
    """
    loaded = services.elections.get(election_id)
    with services.database.reading() as session:
        election = session.get(Election, election_id)
        if election is None:
            raise NotFound("There is no such election.")
        check_state(election, "intent")
        intent, signers = intent_of(election), logged_signers(session, election)
        aggregates = load_aggregates(session, loaded)
    if len(signers) < loaded.manifest.quorum:
        raise Conflict(
            "Partials are taken when %(quorum)s signers agree on the log; so far %(count)s do.",
            quorum=loaded.manifest.quorum,
            count=len(signers),
        )
    try:
        partial = verify_partial(loaded, intent, aggregates, document)
    except BallotsError as error:
        raise Malformed.because(error) from None
    if ("trustee", partial.trustee) not in signers:
        raise Conflict(
            "Trustee %(trustee)s has not signed the intent, so the partial cannot be used.", trustee=partial.trustee
        )
    with services.database.writing() as session:
        lock_election(session, election_id)
        if session.get(Partial, (election_id, partial.trustee)) is None:
            data = codec.encode_canonical(document)
            session.add(Partial(election_id=election_id, trustee=partial.trustee, data=data))


def list_partials(session: Session, election_id: str) -> list[codec.Json]:
    """Return the partials handed in so far, ascending by trustee."""
    query = select(Partial.data).where(Partial.election_id == election_id).order_by(Partial.trustee)
    return [codec.parse_canonical(data) for data in session.scalars(query)]
