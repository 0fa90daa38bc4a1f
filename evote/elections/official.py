"""What the official does to an election: open, close, extend, annul. For the registrar see `corrections`.

Each queues one signed entry; the sequencer logs it if the board's rules allow.
"""

from collections.abc import Mapping
from datetime import datetime

from ballots import codec
from ballots.board import Board
from ballots.election import Election as LoadedElection
from ballots.errors import SignatureRefused
from ballots.signatures import SigningKey, verify
from evote.board.replay import replay
from evote.board.settle import drain, settle
from evote.casting.queue import accept_entry, check_state, lock_election
from evote.elections.models import OPEN, Election
from evote.errors import Conflict, Unsigned
from evote.services import Services
from evote.trustees.openings import check_opening, list_openings


def open_election(services: Services, election_id: str, official: SigningKey, handed: Mapping[int, str]) -> None:
    """Sign and open an election; raises as :func:`submit_opening`, with `official` the official's key."""
    _check_official(services, election_id, official)
    signed = opening_fields(services, election_id)
    submit_opening(services, election_id, official.sign("open", signed), handed)


def opening_fields(services: Services, election_id: str) -> dict[str, codec.Json]:
    """Return what the official signs to open."""
    return {"election": services.elections.get(election_id).fingerprint_text}


def submit_opening(services: Services, election_id: str, signature: str, handed: Mapping[int, str]) -> None:
    """Open an election with the official's signature and all trustees'.

    Args:
        services: The application's parts.
        election_id: A frozen election.
        signature: The official's.
        handed: {trustee: signature} from files, beside those the trustees have posted.

    Raises:
        Conflict: It is not frozen, or a trustee's signature is missing.
        Malformed, Unsigned: A signature does not belong to the election.
    """
    loaded = services.elections.get(election_id)
    _verify_official(loaded, "open", opening_fields(services, election_id), signature)
    with services.database.reading() as session:
        signatures = {**list_openings(session, election_id), **handed}
    total = loaded.manifest.trustees.total
    missing = [str(trustee) for trustee in range(1, total + 1) if trustee not in signatures]
    if missing:
        raise Conflict(
            "All %(total)s trustees must sign before the election opens; missing: %(missing)s. Each "
            "runs `python -m tally rehearse` and posts or sends opening-N.json.",
            total=total,
            missing=", ".join(missing),
        )
    for trustee, given in handed.items():
        check_opening(loaded, loaded.fingerprint_text, trustee, given)
    body = {
        "election": loaded.fingerprint_text,
        "signatures": {
            "official": signature,
            "trustees": [signatures[trustee] for trustee in range(1, total + 1)],
        },
    }
    submit_entry(services, election_id, "open", body)


def close_election(services: Services, election_id: str, official: SigningKey) -> Board:
    """Shut the door, let the queue drain, and close with the official's signature. Returns the board before it.

    If it is interrupted the door stays shut; repeating the command goes on from there.

    Raises:
        Conflict: The election is not open, or closes by itself.
        Unsigned: The key is not the official's.
        BoardDamaged: The stored log does not give the signed root; nothing is signed then.
    """
    _check_official(services, election_id, official)
    shut_door(services, election_id)
    board = _drained(services, election_id)  # the official signs what this computes, not what the server says
    fields = closing_fields(board)
    submit_signed(services, election_id, "close", fields, _signature(services, election_id, official, "close", fields))
    return board


def shut_door(services: Services, election_id: str) -> None:
    """Take nothing more, before the close is signed; shutting it again changes nothing.

    Raises:
        Conflict: The election is not open, or closes by itself.
    """
    if services.elections.get(election_id).manifest.closing == "time":
        raise Conflict("This election closes by itself at its closing time; a running sequencer does it.")
    with services.database.writing() as session:
        election = lock_election(session, election_id)
        check_state(election, "close")
        election.door_open = False


def prepare_close(services: Services, election_id: str) -> dict[str, codec.Json]:
    """Wait for the queue of an election whose door is shut; return what the official signs to close.

    Raises:
        Conflict: The door is open still.
        BoardDamaged: The stored log does not give the signed root.
    """
    with services.database.reading() as session:
        election = session.get(Election, election_id)
        if election is None or election.state != OPEN or election.door_open:
            raise Conflict("Stop the voting first: the close covers everything that was accepted.")
    return closing_fields(_drained(services, election_id))


def closing_fields(board: Board) -> dict[str, codec.Json]:
    """Return what the close says of a log, the close included."""
    return {"size": board.size + 1, "counted": board.counted_hash()}


def submit_signed(
    services: Services, election_id: str, kind: str, fields: Mapping[str, codec.Json], signature: str
) -> None:
    """Queue an entry that the official has signed: close, extend or annul.

    Raises:
        Conflict: It does not fit the election's state.
        Unsigned: The signature is not the official's over these fields.
    """
    loaded = services.elections.get(election_id)
    _verify_official(loaded, kind, {"election": loaded.fingerprint_text, **fields}, signature)
    submit_entry(services, election_id, kind, {**fields, "signature": signature})


def extend_election(
    services: Services, election_id: str, official: SigningKey, closes_at: datetime, reason: str
) -> None:
    """Move the closing time later; raises as :func:`close_election`, also when the old one has passed."""
    _check_official(services, election_id, official)
    fields: dict[str, codec.Json] = {"closes_at": codec.encode_time(closes_at), "reason": reason}
    signature = _signature(services, election_id, official, "extend", fields)
    submit_signed(services, election_id, "extend", fields, signature)


def annul_election(services: Services, election_id: str, official: SigningKey, reason: str) -> None:
    """End an election without a count; raises as :func:`close_election`."""
    _check_official(services, election_id, official)
    fields: dict[str, codec.Json] = {"reason": reason}
    submit_signed(services, election_id, "annul", fields, _signature(services, election_id, official, "annul", fields))


def _check_official(services: Services, election_id: str, official: SigningKey) -> None:
    manifest = services.elections.get(election_id).manifest
    if official.public != manifest.official_key:
        raise Unsigned(
            "This key (%(public)s) is not the official's of this election (%(official_key)s).",
            public=official.public,
            official_key=manifest.official_key,
        )


def _verify_official(loaded: LoadedElection, tag: str, signed: codec.Json, signature: str) -> None:
    try:
        verify(loaded.manifest.official_key, tag, signed, signature)
    except SignatureRefused:
        raise Unsigned(
            "This is not signed with the official's key of this election, or what was signed differs."
        ) from None


def _signature(
    services: Services, election_id: str, key: SigningKey, tag: str, fields: Mapping[str, codec.Json]
) -> str:
    return key.sign(tag, {"election": services.elections.get(election_id).fingerprint_text, **fields})


def _drained(services: Services, election_id: str) -> Board:
    drain(services, election_id)
    with services.database.reading() as session:
        board, _ = replay(session, services.elections.get(election_id))
    return board


def submit_entry(services: Services, election_id: str, kind: str, body: codec.Json) -> None:
    """Queue a signed entry and wait until it is on the log.

    Raises:
        Conflict: The election's state, or the board, does not allow it.
    """
    with services.database.writing() as session:
        submission = accept_entry(session, election_id, kind, body, services.now())
        session.flush()
        identity = submission.id
    settle(services, [identity])
