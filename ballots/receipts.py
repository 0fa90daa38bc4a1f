"""What the board gives a voter: promise, refusal and receipt, each signed (section 7)."""

from collections.abc import Sequence
from typing import Any

from ballots import codec
from ballots.checkpoint import parse_checkpoint
from ballots.election import Election
from ballots.entries import Entry
from ballots.errors import EncodingError, LogError
from ballots.merkle import leaf_hash, verify_inclusion
from ballots.signatures import SigningKey, verify

PROMISE_KEYS = ("election", "tracker", "time", "signature")
REFUSAL_KEYS = ("election", "tracker", "reason", "time", "signature")
RECEIPT_KEYS = (
    "election",
    "voter",
    "tracker",
    "index",
    "time",
    "leaf_hash",
    "checkpoint",
    "inclusion_proof",
    "signature",
)


def sign_promise(board_key: SigningKey, election: str, tracker: str, time: str) -> dict[str, Any]:
    """Promise that a durable ballot will be on the log or refused; time as in its entry."""
    return _signed(board_key, "promise", {"election": election, "tracker": tracker, "time": time})


def sign_refusal(board_key: SigningKey, election: str, tracker: str, reason: str, time: str) -> dict[str, Any]:
    """Say why a promised ballot is not on the log."""
    return _signed(board_key, "refusal", {"election": election, "tracker": tracker, "reason": reason, "time": time})


def sign_receipt(
    board_key: SigningKey, election: str, entry: Entry, checkpoint: str, proof: Sequence[bytes]
) -> dict[str, Any]:
    """Confirm a ballot's place on the log.

    Args:
        board_key: The board's signing key.
        election: F, base64url.
        entry: The ballot's entry.
        checkpoint: A checkpoint's text, of a size above the entry's index.
        proof: The inclusion proof under that checkpoint, leaf upwards.
    """
    return _signed(
        board_key,
        "receipt",
        {
            "election": election,
            "voter": entry.body["voter"],
            "tracker": entry.body["tracker"],
            "index": entry.index,
            "time": entry.time,
            "leaf_hash": codec.encode_bytes(leaf_hash(entry.encode())),
            "checkpoint": checkpoint,
            "inclusion_proof": [codec.encode_bytes(node) for node in proof],
        },
    )


def verify_promise(election: Election, document: codec.Json) -> None:
    """Check a promise's form and signature; raises :class:`BallotsError`."""
    _verify(election, "promise", document, PROMISE_KEYS)


def verify_refusal(election: Election, document: codec.Json) -> None:
    """Check a refusal's form and signature; raises :class:`BallotsError`."""
    _verify(election, "refusal", document, REFUSAL_KEYS)


def verify_receipt(election: Election, document: codec.Json) -> None:
    """Check a receipt: its signature, its checkpoint, and the inclusion of its leaf.

    Raises:
        BallotsError: One of them does not hold.
    """
    _verify(election, "receipt", document, RECEIPT_KEYS)
    manifest = election.manifest
    head = parse_checkpoint(document["checkpoint"], manifest.log_origin, manifest.board_key)
    leaf = codec.decode_bytes(document["leaf_hash"], codec.HASH_BYTES)
    proof = [codec.decode_bytes(node, codec.HASH_BYTES) for node in document["inclusion_proof"]]
    verify_inclusion(leaf, document["index"], head.size, proof, head.root)


def verify_leaf(document: codec.Json, previous: str, signature: str) -> None:
    """Check that a verified receipt's leaf is the entry of the ballot that was cast: a voter can, the public cannot.

    Args:
        document: A receipt that passed :func:`verify_receipt`.
        previous: The ballot's ``previous``.
        signature: The voter's signature.

    Raises:
        LogError: Something else stands on the log.
    """
    body = {
        "voter": document["voter"],
        "tracker": document["tracker"],
        "previous": previous,
        "signature": signature,
    }
    entry = Entry(document["index"], document["time"], "ballot", body)
    if codec.encode_bytes(leaf_hash(entry.encode())) != document["leaf_hash"]:
        raise LogError("What stands on the log is not the ballot that was cast.")


def _signed(board_key: SigningKey, tag: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "signature": board_key.sign(tag, fields)}


def _verify(election: Election, tag: str, document: codec.Json, keys: Sequence[str]) -> None:
    codec.take(document, *keys)
    for name, value in document.items():
        expected = int if name == "index" else list if name == "inclusion_proof" else str
        if type(value) is not expected:
            raise EncodingError("The field '%(name)s' of the %(tag)s is of a wrong type.", name=name, tag=tag)
    codec.parse_time(document["time"])
    if document["election"] != election.fingerprint_text:
        raise LogError("The %(tag)s belongs to another election.", tag=tag)
    fields = {name: value for name, value in document.items() if name != "signature"}
    verify(election.manifest.board_key, tag, fields, document["signature"])
