"""Rehearsal: is this share good for the election that the voters will see? Then sign its fingerprint.

``open`` needs the signatures of all trustees on F (section 7), so that nobody can show trustees
one election and voters another. What a trustee confirms here is F, compared with what the
official announces by another way than the server.
"""

from ballots import codec, signatures
from ballots.board import OPENING_TYPES, Board
from ballots.election import Election
from ballots.errors import BallotsError
from tally.errors import ElectionRefused, NotConfirmed
from tally.shares import Share, check_share


def confirm(election: Election, expected: str) -> None:
    """Compare an election's fingerprint with the one that the trustee was told.

    Raises:
        NotConfirmed: They differ.
    """
    if election.fingerprint_text != expected.strip():
        raise NotConfirmed(
            f"This election's fingerprint is {election.fingerprint_text}, not {expected.strip()}. Nothing was signed. "
            "Ask the official, by another way than the server, which election is meant."
        )


def check_roll_statement(election: Election, statement: codec.Json) -> None:
    """Check ``roll.json``, the registrar's signature on the roll, where the log does not hold it yet.

    Raises:
        ElectionRefused: It is not the registrar's, or of another roll.
    """
    manifest = election.manifest
    try:
        sha256, voters, signature = codec.take(statement, "sha256", "voters", "signature")
        if sha256 != codec.encode_bytes(election.roll_sha256) or voters != len(election.roll):
            raise ElectionRefused("roll.json is of another roll than roll.jsonl.")
        signatures.verify(manifest.registrar_key, "roll", {"manifest": manifest.hash_text, "sha256": sha256}, signature)
    except BallotsError as error:
        raise ElectionRefused(f"The registrar's signature on the roll fails. {error}") from error


def registrar_has_signed(board: Board) -> bool:
    """Tell whether the replayed log holds the registrar's signature on the roll."""
    return board.size > OPENING_TYPES.index("roll")


def sign_opening(election: Election, share: Share) -> dict[str, codec.Json]:
    """Sign F for ``open``, after the share has been checked against the election.

    Returns:
        {"election", "trustee", "signature"}.

    Raises:
        ForeignShare: The share is not of this election.
    """
    check_share(share, election.manifest, election.key_document)
    named = {"election": election.fingerprint_text}
    return {**named, "trustee": share.trustee, "signature": share.signing_key.sign("open", named)}
