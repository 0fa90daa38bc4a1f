"""A signer's receipt (specification, 18.6): the promise at once, its place on the log as soon as it has one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots import codec
from ballots.merkle import inclusion_proof
from participation.ports import Ports
from participation.signatures.models import ACCEPTED, Change, Entry, Node, PetitionLog, Signature
from participation.signatures.sealing import unseal
from participation.signatures.statements import CONFIRMED, CREDENTIAL, ROLL, petition_hash, sign_promise


@dataclass(frozen=True)
class Receipt:
    """What a signer gets.

    Attributes:
        data: The file's bytes; empty while the signature is kept back for review, and once its data is erased.
        index: The place on the log, or nothing yet.
        removed_at_index: Of the entry that took it off again, or nothing.
        reason: Why it was taken off, a code.
    """

    data: bytes
    index: int | None
    removed_at_index: int | None
    reason: str


def receipt_of(session: Session, ports: Ports, signature: Signature) -> Receipt:
    """Make a signature's receipt as it is now."""
    log = session.get_one(PetitionLog, signature.petition_id)
    own, removal = _places(session, signature.id)
    change = session.scalar(
        select(Change).where(Change.signature_id == signature.id).order_by(Change.id.desc()).limit(1)
    )
    reason = change.reason if change is not None and change.act == "remove" else ""
    erased = signature.sealed is None and signature.method != ROLL
    if signature.review != ACCEPTED or erased:
        return Receipt(b"", own.index if own else None, removal if reason else None, reason)
    petition, body = petition_hash(log.document), codec.parse_canonical(signature.body)
    value = {
        "version": 1,
        "petition": petition,
        "body": body,
        "opening": _opening(ports, signature),
        "promise": sign_promise(ports.log_key, petition, body),
        "logged": [] if own is None else [_logged(session, log, own)],
    }
    return Receipt(codec.encode_canonical(value), own.index if own else None, removal if reason else None, reason)


def _places(session: Session, signature_id: int) -> tuple[Entry | None, int | None]:
    rows = session.scalars(select(Entry).where(Entry.signature_id == signature_id).order_by(Entry.index)).all()
    own = next((row for row in rows if row.type in (CONFIRMED, CREDENTIAL)), None)
    later = [row.index for row in rows if row.type in ("remove", "strike", "replace")]
    return own, later[-1] if later else None


def _opening(ports: Ports, signature: Signature) -> list[dict[str, Any]]:
    if signature.sealed is None:
        return []
    return [unseal(ports, signature.sealed)["opening"]]


def _logged(session: Session, log: PetitionLog, entry: Entry) -> dict[str, Any]:
    def node(level: int, position: int) -> bytes:
        return session.get_one(Node, (log.petition_id, level, position)).hash

    proof = inclusion_proof(entry.index, log.size, node)
    return {
        "index": entry.index,
        "time": codec.parse_canonical(entry.data)["time"],
        "checkpoint": log.checkpoint,
        "proof": [codec.encode_bytes(one) for one in proof],
    }
