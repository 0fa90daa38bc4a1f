"""A signer's receipt (section 18.6)."""

from dataclasses import dataclass
from datetime import datetime

from . import codec, ed25519
from .checkpoint import Checkpoint, parse_checkpoint
from .codec import Json
from .ed25519 import SIGNATURE_BYTES
from .errors import Refused, inside
from .merkle import leaf_hash, root_from_inclusion
from .petition_document import Petition
from .petition_entries import parse_confirmed, parse_credential
from .petition_replay import PetitionReplay, Signed
from .report import Findings, Report

LONGEST_PROOF = 64


@dataclass(frozen=True, slots=True)
class PetitionReceipt:
    """What a receipt says, its fields read and its promise checked.

    Attributes:
        value: the body as it must stand on the log.
        opening: what the commitment hides, or None for a credential.
        index, time, checkpoint, proof: where it is on the log; None and empty if it was not there yet.
    """

    value: Json
    body: Signed
    opening: Json | None
    index: int | None = None
    time: datetime | None = None
    time_text: str = ""
    checkpoint: Checkpoint | None = None
    proof: tuple[bytes, ...] = ()


def parse_petition_receipt(data: bytes, petition: Petition) -> PetitionReceipt:
    """Read a receipt and check the board's promise in it.

    Raises:
        Malformed: it is no receipt.
        Refused: it is of another petition, or the board has not promised this.
    """
    names = ("version", "petition", "body", "opening", "promise", "logged")
    version, of, value, opening, promise, logged = codec.fields(codec.parse(data), *names)
    codec.integer(version, 1, 1)
    if of != petition.hash:
        raise Refused("the receipt is of another petition than this record")
    with inside("body"):
        by_roll = "voter" in codec.mapping(value)
        body: Signed = parse_credential(value) if by_roll else parse_confirmed(value)
    openings = codec.array(opening, 0 if by_roll else 1)
    for hidden in openings:
        salt, *others = codec.fields(hidden, "salt", "subject", "name", "region")
        codec.decode_bytes(salt, codec.HASH_BYTES)
        for other in others:
            codec.text(other)
    codec.decode_bytes(promise, SIGNATURE_BYTES)
    ed25519.verify(
        petition.board_key, "evote/1/petition-promise", {"petition": petition.hash, "body": value}, codec.text(promise)
    )
    found = PetitionReceipt(value, body, openings[0] if openings else None)
    places = codec.array(logged)
    if not places:
        return found
    if len(places) > 1:
        raise Refused("the receipt names several places on the log")
    index, time, checkpoint, proof = codec.fields(places[0], "index", "time", "checkpoint", "proof")
    return PetitionReceipt(
        value,
        body,
        found.opening,
        codec.integer(index),
        codec.decode_time(time),
        codec.text(time),
        parse_checkpoint(codec.text(checkpoint).encode(), petition.log_origin, petition.board_key),
        tuple(codec.decode_bytes(node, codec.HASH_BYTES) for node in codec.array(proof)[: LONGEST_PROOF + 1]),
    )


def judge_receipt(paper: PetitionReceipt, replay: PetitionReplay, report: Report) -> None:
    """Check a receipt against the log, and say how its signature stands."""
    _check_opening(paper, report)
    with report.checking("P6 receipt: inclusion"):
        place = _place_of(paper, replay)
        if place is None:
            raise Refused(
                "the signature that the board promised is not on this log. If the promise is more than a day old, or "
                "the petition is closed, keep the receipt and show it: it is evidence"
            )
        if paper.index is not None:
            _check_proof(paper, replay)
        _tell(place, replay, report)


def _check_opening(paper: PetitionReceipt, findings: Findings) -> None:
    part = "P6 receipt: opening"
    with findings.checking(part):
        if paper.opening is not None:
            commitment = codec.encode_bytes(codec.tagged_hash("evote/1/petition-signer", paper.opening))
            if codec.mapping(paper.value)["commitment"] != commitment:
                raise Refused("the commitment on the log hides something else than the receipt says")


def _place_of(paper: PetitionReceipt, replay: PetitionReplay) -> int | None:
    if paper.index is not None and replay.signed.get(paper.index) == paper.body:
        return paper.index
    if paper.index is not None:
        return None
    return next((index for index, body in replay.signed.items() if body == paper.body), None)


def _check_proof(paper: PetitionReceipt, replay: PetitionReplay) -> None:
    assert paper.index is not None
    assert paper.checkpoint is not None
    entry: Json = {"index": paper.index, "time": paper.time_text, "type": _type_of(paper), "body": paper.value}
    leaf = leaf_hash(codec.canonical(entry))
    if replay.leaves.get(paper.index) != leaf:
        raise Refused(f"entry {paper.index} of the log is another one than the receipt's")
    if root_from_inclusion(leaf, paper.index, paper.checkpoint.size, paper.proof) != paper.checkpoint.root:
        raise Refused("its proof does not lead to the root that the board signed in it")


def _type_of(paper: PetitionReceipt) -> str:
    return "credential" if paper.opening is None else "confirmed"


def _tell(place: int, replay: PetitionReplay, report: Report) -> None:
    if place in replay.standing:
        report.notes.append(f"Your signature is entry {place} of the log, and it counts.")
    else:
        reason, by = replay.gone[place], replay.by[place]
        report.notes.append(f"Your signature is entry {place} of the log. It does not count: {reason}, by {by}.")
