"""Trustees sign the fingerprint that they rehearsed; the official needs all their signatures to open."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots.election import Election as LoadedElection
from ballots.errors import SignatureRefused
from ballots.signatures import verify
from evote.casting.queue import lock_election
from evote.elections.models import FROZEN
from evote.errors import Conflict, Malformed, Unsigned
from evote.services import Services
from evote.trustees.models import Opening


def post_opening(services: Services, election_id: str, fingerprint: str, trustee: int, signature: str) -> None:
    """Keep a trustee's signature for the opening; the same one again changes nothing.

    Raises:
        Conflict: The election is not frozen yet, or open already.
        Malformed: It names another election or no trustee.
        Unsigned: The signature does not fit.
    """
    check_opening(services.elections.get(election_id), fingerprint, trustee, signature)
    with services.database.writing() as session:
        election = lock_election(session, election_id)
        if session.get(Opening, (election_id, trustee)) is not None:
            return
        if election.state != FROZEN:
            raise Conflict("The election was opened already.")
        session.add(Opening(election_id=election_id, trustee=trustee, signature=signature))


def check_opening(election: LoadedElection, fingerprint: str, trustee: int, signature: str) -> None:
    """Check a trustee's signature for the opening.

    Raises:
        Malformed: It names another election or no trustee.
        Unsigned: The signature does not fit.
    """
    if fingerprint != election.fingerprint_text:
        raise Malformed(
            "The trustee signed another election (%(fingerprint)s). This one is %(fingerprint_text)s. "
            "Compare the fingerprints before anybody signs again.",
            fingerprint=fingerprint,
            fingerprint_text=election.fingerprint_text,
        )
    if not 1 <= trustee <= election.manifest.trustees.total:
        raise Malformed("There is no trustee %(trustee)s in this election.", trustee=trustee)
    try:
        verify(
            election.key_document.trustees[trustee - 1].key, "open", {"election": election.fingerprint_text}, signature
        )
    except SignatureRefused:
        raise Unsigned("The opening is not signed with the key of trustee %(trustee)s.", trustee=trustee) from None


def list_openings(session: Session, election_id: str) -> dict[int, str]:
    """Return {trustee: signature} of what was handed in."""
    rows = session.scalars(select(Opening).where(Opening.election_id == election_id))
    return {row.trustee: row.signature for row in rows}
