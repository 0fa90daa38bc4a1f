"""What the official and the registrar do to an election: open, close, extend, annul, replace, strike.

Each queues one signed entry; the sequencer logs it if the board's rules allow.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from ballots import codec
from ballots.board import Board
from ballots.errors import BallotsError, SignatureRefused
from ballots.signatures import SigningKey, verify
from evote.accounts.models import Voter
from evote.board.replay import replay
from evote.board.settle import drain, settle
from evote.casting.queue import accept_entry, check_state, lock_election
from evote.errors import Conflict, Malformed, Unsigned
from evote.services import Services
from evote.trustees.openings import check_opening, list_openings


def open_election(services: Services, election_id: str, official: SigningKey, handed: Mapping[int, str]) -> None:
    """Open an election with the official's signature and all trustees'.

    Args:
        services: The application's parts.
        election_id: A frozen election.
        official: The official's key.
        handed: {trustee: signature} from files, beside those the trustees have posted.

    Raises:
        Conflict: It is not frozen, or a trustee's signature is missing.
        Malformed, Unsigned: A signature or the official's key does not belong to the election.
    """
    loaded = services.elections.get(election_id)
    _check_official(services, election_id, official)
    with services.database.reading() as session:
        signatures = {**list_openings(session, election_id), **handed}
    total = loaded.manifest.trustees.total
    missing = [str(trustee) for trustee in range(1, total + 1) if trustee not in signatures]
    if missing:
        raise Conflict(
            f"All {total} trustees must sign before the election opens; missing: {', '.join(missing)}. "
            "Each runs `python -m tally rehearse` and posts or sends opening-N.json."
        )
    for trustee, signature in handed.items():
        check_opening(loaded, loaded.fingerprint_text, trustee, signature)
    body = {
        "election": loaded.fingerprint_text,
        "signatures": {
            "official": official.sign("open", {"election": loaded.fingerprint_text}),
            "trustees": [signatures[trustee] for trustee in range(1, total + 1)],
        },
    }
    _submit(services, election_id, "open", body)


def close_election(services: Services, election_id: str, official: SigningKey) -> Board:
    """Shut the door, let the queue drain, and close with the official's signature. Returns the board before it.

    If it is interrupted the door stays shut; repeating the command goes on from there.

    Raises:
        Conflict: The election is not open, or closes by itself.
        Unsigned: The key is not the official's.
        BoardDamaged: The stored log does not give the signed root; nothing is signed then.
    """
    loaded = services.elections.get(election_id)
    if loaded.manifest.closing == "time":
        raise Conflict("This election closes by itself at its closing time; a running sequencer does it.")
    _check_official(services, election_id, official)
    with services.database.writing() as session:
        election = lock_election(session, election_id)
        check_state(election, "close")
        election.door_open = False
    drain(services, election_id)
    with services.database.reading() as session:
        board, _ = replay(session, loaded)  # the official signs what this computes, not what the server says
    fields = {"size": board.size + 1, "counted": board.counted_hash()}
    _submit(services, election_id, "close", _sign(official, "close", loaded.fingerprint_text, fields))
    return board


def extend_election(
    services: Services, election_id: str, official: SigningKey, closes_at: datetime, reason: str
) -> None:
    """Move the closing time later; raises as :func:`close_election`, also when the old one has passed."""
    loaded = services.elections.get(election_id)
    _check_official(services, election_id, official)
    fields = {"closes_at": codec.encode_time(closes_at), "reason": reason}
    body = _sign(official, "extend", loaded.fingerprint_text, fields)
    _submit(services, election_id, "extend", body)


def annul_election(services: Services, election_id: str, official: SigningKey, reason: str) -> None:
    """End an election without a count; raises as :func:`close_election`."""
    loaded = services.elections.get(election_id)
    _check_official(services, election_id, official)
    _submit(services, election_id, "annul", _sign(official, "annul", loaded.fingerprint_text, {"reason": reason}))


def replace_credential(services: Services, election_id: str, document: bytes) -> None:
    """Log the registrar's replacement of a lost code (replace.json).

    Raises:
        Malformed, Unsigned: It is not what the registrar's command writes for this election.
        Conflict: The old key may not vote any more, or the election is not open.
    """
    body = _registrars(services, election_id, "replace", document, ("old", "new"))
    with services.database.reading() as session:
        query = select(Voter.id).where(Voter.election_id == election_id, Voter.key == body["old"])
        if session.scalar(query) is None:
            raise Malformed("The replaced key is no voter's of this election.")
    _submit(services, election_id, "replace", body)


def strike_voter(services: Services, election_id: str, document: bytes) -> None:
    """Log that somebody votes on paper (strike.json); raises as :func:`replace_credential`."""
    body = _registrars(services, election_id, "strike", document, ("voter",))
    _submit(services, election_id, "strike", body)


def _registrars(
    services: Services, election_id: str, kind: str, document: bytes, names: tuple[str, ...]
) -> dict[str, codec.Json]:
    loaded = services.elections.get(election_id)
    try:
        body: dict[str, codec.Json] = codec.parse_canonical(document.strip())
        codec.take(body, *names, "signature")
    except BallotsError as error:
        raise Malformed(f"This is no {kind}.json of the registrar's command. {error}") from None
    signed = {"election": loaded.fingerprint_text, **{name: body[name] for name in names}}
    try:
        verify(loaded.manifest.registrar_key, kind, signed, body["signature"])
    except SignatureRefused:
        raise Unsigned("It is not signed by this election's registrar for this election.") from None
    return body


def _check_official(services: Services, election_id: str, official: SigningKey) -> None:
    manifest = services.elections.get(election_id).manifest
    if official.public != manifest.official_key:
        raise Unsigned(
            f"This key ({official.public}) is not the official's of this election ({manifest.official_key})."
        )


def _sign(key: SigningKey, tag: str, fingerprint: str, fields: dict[str, codec.Json]) -> dict[str, codec.Json]:
    return {**fields, "signature": key.sign(tag, {"election": fingerprint, **fields})}


def _submit(services: Services, election_id: str, kind: str, body: codec.Json) -> None:
    with services.database.writing() as session:
        submission = accept_entry(session, election_id, kind, body, services.now())
        session.flush()
        identity = submission.id
    settle(services, [identity])
