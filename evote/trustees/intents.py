"""Trustees and observers say which log is counted; the log shows it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots import codec
from ballots.board import Intent
from ballots.election import Election as LoadedElection
from ballots.errors import SignatureRefused
from ballots.signatures import verify
from evote.board.models import LogEntry
from evote.casting.queue import accept_entry, check_state, lock_election
from evote.elections.models import Election
from evote.errors import Conflict, Malformed, Unsigned
from evote.services import Services

Signer = tuple[str, int]
"""`trustee` or `observer`, and the number."""


def post_intent(services: Services, election_id: str, document: dict[str, Any]) -> None:
    """Queue an intent for the log; the same one again changes nothing.

    Args:
        services: The application's parts.
        election_id: The election.
        document: election, size, root, counted, trustee or observer, signature.

    Raises:
        Conflict: The election is not being counted, or this signer's intent is on the log already.
        Malformed: It names another count than this log's, or nobody who may sign.
        Unsigned: The signature does not fit.
    """
    loaded = services.elections.get(election_id)
    signer, key = signer_of(loaded, document)
    with services.database.writing() as session:
        election = lock_election(session, election_id)
        if signer in logged_signers(session, election):
            return
        check_state(election, "intent")
        intent = intent_of(election)
        signed = intent.signed(loaded.fingerprint_text)
        if {name: document[name] for name in signed} != signed:
            raise Malformed("The intent is for another log than this server's. Fetch the record again and compare.")
        try:
            verify(key, "intent", signed, document["signature"])
        except SignatureRefused:
            if signer[0] == "trustee":
                raise Unsigned(
                    "The intent is not signed with the key of trustee %(number)s.", number=signer[1]
                ) from None
            raise Unsigned("The intent is not signed with the key of observer %(number)s.", number=signer[1]) from None
        body = {signer[0]: signer[1], "signature": document["signature"]}
        accept_entry(session, election_id, "intent", body, services.now())


def intent_of(election: Election) -> Intent:
    """Return what is to be counted.

    Raises:
        Conflict: The election is not closed yet.
    """
    if election.close_size is None:
        raise Conflict("The election is not closed yet, so there is nothing to count.")
    return Intent(election.close_size, election.close_root, election.close_counted)


def signer_of(election: LoadedElection, document: dict[str, Any]) -> tuple[Signer, str]:
    """Return who an intent says it is from, and that signer's public key.

    Raises:
        Malformed: There is no such trustee or observer, or both or neither are named.
    """
    trustee, observer = document.get("trustee"), document.get("observer")
    if (trustee is None) == (observer is None):
        raise Malformed("An intent is signed by one trustee or by one observer.")
    if trustee is not None and 1 <= trustee <= election.manifest.trustees.total:
        return ("trustee", trustee), election.key_document.trustees[trustee - 1].key
    if observer is not None and 0 <= observer < len(election.manifest.observers):
        return ("observer", observer), election.manifest.observers[observer].key
    raise Malformed("There is no such trustee or observer in this election.")


def logged_signers(session: Session, election: Election) -> set[Signer]:
    """Return whose intents are on the log."""
    if election.close_size is None:
        return set()
    query = select(LogEntry.data).where(LogEntry.election_id == election.id, LogEntry.index >= election.close_size)
    bodies = [codec.parse_canonical(data)["body"] for data in session.scalars(query.where(LogEntry.type == "intent"))]
    return {(kind, body[kind]) for body in bodies for kind in ("trustee", "observer") if kind in body}
