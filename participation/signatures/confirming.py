"""Confirming and taking back: one transaction each, so that a double click, two tabs or a crash make one signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ballots import codec
from ballots.errors import BallotsError
from ballots.signatures import verify
from participation.errors import LinkExpired, Missing, NotNow, Unacceptable
from participation.petitions.life import may_confirm, may_sign
from participation.ports import Ports
from participation.signatures.asking import Identity, free_slot, hash_link, token_of
from participation.signatures.logs import Signing, load_signing
from participation.signatures.models import (
    ACCEPTED,
    HELD,
    REFUSED,
    Change,
    Entry,
    Request,
    RollChange,
    Signature,
    Standing,
)
from participation.signatures.queueing import enqueue, hold_petition, is_closing, lock_log, stand_down
from participation.signatures.quick import ADD_SIGNATURE, ADD_STANDING, BY_LINK
from participation.signatures.sealing import unseal
from participation.signatures.statements import (
    CONFIRMED,
    CREDENTIAL,
    ROLL,
    WITHDRAWN,
    Nullifiers,
    confirmed_body,
    credential_body,
    signed_by_credential,
    withdrawn_by_credential,
)

_SIGNED = "signed"
_OTHERWISE = "otherwise"


@dataclass(frozen=True)
class Link:
    """What a mailed link stands for.

    Attributes:
        state: `ready` to be confirmed, `signed`, `removed`, `otherwise` (this person signed by another link), `late`.
        signature: Once it is confirmed.
    """

    state: str
    signature: Signature | None = None


def read_link(ports: Ports, petition_id: str, secret: bytes) -> Link:
    """Say what a link stands for. Reading changes nothing: mail scanners open links.

    Raises:
        LinkExpired: It is not known.
    """
    signing = load_signing(ports, petition_id)
    with ports.database.reading() as session:
        rows = _rows_of(session, petition_id, secret)
        waits = bool(rows) and rows[0].signature_id is None
        signature = None if waits else _find_signature(session, petition_id, secret)
        if signature is not None:
            session.expunge(signature)
            stands = session.scalar(select(Standing.slot).where(Standing.signature_id == signature.id))
            return Link(_SIGNED if stands else "removed", signature)
        _found(rows)
        if not may_confirm(signing.life, ports.now(), signing.document.grace):
            return Link("late")
        return Link("ready" if _free_slot(signing, rows) else _OTHERWISE)


def confirm(ports: Ports, petition_id: str, secret: bytes) -> Link:
    """Make a signature of a request. Doing it twice is doing it once.

    Raises:
        LinkExpired: The link is not known, or comes too late.
    """
    signing = load_signing(ports, petition_id)
    try:
        return _confirm(ports, signing, secret)
    except IntegrityError:
        return _confirm(ports, signing, secret)  # the other of two clicks came first, and is seen now


def _confirm(ports: Ports, signing: Signing, secret: bytes) -> Link:
    now = ports.now()
    with ports.database.writing() as session:
        rows = _rows_of(session, signing.petition_id, secret)
        if not rows or rows[0].signature_id is not None:
            signature = _find_signature(session, signing.petition_id, secret)
            if signature is not None:
                session.expunge(signature)
                return Link(_SIGNED, signature)
        row = _found(rows)
        if not may_confirm(signing.life, now, signing.document.grace):
            raise LinkExpired(
                "This petition has ended, and the time to confirm signatures is over. Nothing was signed."
            )
        slot = _free_slot(signing, rows)
        if not slot:
            return Link(_OTHERWISE)
        admit(session, ports, row, _identity(row), slot, secret, max(now, row.requested_at))
        return Link(_SIGNED)


def admit(
    session: Session, ports: Ports, row: Row[Any], identity: Identity, slot: int, secret: bytes, at: datetime
) -> int:
    """Turn a request's row into a signature that stands, and queue its entry unless it is held for review.

    Returns:
        The signature's number.
    """
    hidden = unseal(ports, row.sealed)
    request = codec.parse_canonical(row.data)
    body = codec.encode_canonical(confirmed_body(request, request["signature"], token_of(secret), at))
    signature = {
        "petition_id": row.petition_id,
        "method": request["method"],
        "link_hash": row.link_hash,
        "body": body,
        "sealed": row.sealed,
        "region": hidden["opening"]["region"],
        "shown_name": hidden["opening"]["name"] if hidden["show_name"] else None,
        "news": hidden["news"],
        "signed_at": at,
        "review": HELD if row.held else ACCEPTED,
        "sender": row.sender if row.held else None,
    }
    return _store(session, signature, identity, slot, CONFIRMED)


def _store(session: Session, signature: dict[str, Any], identity: Identity, slot: int, kind: str) -> int:
    """Add a signature with its claim to stand, and its place in the queue; returns its number."""
    connection = session.connection()
    number: int = connection.scalar(ADD_SIGNATURE, signature)
    standing = {
        "petition_id": signature["petition_id"],
        "person": identity.person,
        "mailbox": identity.mailbox,
        "slot": slot,
        "place": identity.place,
        "signature_id": number,
    }
    connection.execute(ADD_STANDING, standing)
    if signature["review"] == ACCEPTED:
        enqueue(session, signature["petition_id"], kind, signature["body"], signature["signed_at"], number)
    return number


def withdraw(ports: Ports, petition_id: str, secret: bytes) -> None:
    """Take a signature back by its link, at any time; doing it twice is doing it once.

    Raises:
        LinkExpired: The link is not known.
    """
    with ports.database.writing() as session:
        hold_petition(session, petition_id)
        signature = _find_signature(session, petition_id, secret, lock=True)
        if signature is None:
            row = _found(_rows_of(session, petition_id, secret))
            session.execute(delete(Request).where(Request.id == row.id))
            return
        take_off(session, signature, "signer", WITHDRAWN, ports.now())


def take_off(
    session: Session, signature: Signature, by: str, reason: str, now: datetime, proof: str = "", name: str = ""
) -> bool:
    """Let a signature stand no more, and queue its removal; False if it did not stand.

    Args:
        session: A writing session.
        signature: Of that session, locked, so that nobody reviews it meanwhile.
        by: `signer`, `moderator` or `rule`.
        reason: One of `REASONS`.
        now: The present.
        proof: A credential's own signature on its withdrawal.
        name: The moderator.
    """
    if stand_down(session, Standing.signature_id == signature.id) is None:
        return False
    session.add(
        Change(
            signature_id=signature.id,
            petition_id=signature.petition_id,
            act="remove",
            by=name or by,
            reason=reason,
            at=now,
        )
    )
    if signature.review == HELD:
        signature.review, signature.sender = REFUSED, None  # it was never on the log
        return True
    body = codec.encode_canonical({"by": by, "reason": reason, "signature": proof})
    enqueue(session, signature.petition_id, "remove", body, now, signature.id)
    return True


def sign_by_roll(ports: Ports, petition_id: str, voter: str, signature: str, region: str) -> datetime:
    """Take the signature of a voter's credential; the same one twice is one. Returns when it was given.

    Raises:
        Missing: There is no such petition.
        NotNow: It is not open, or voters do not sign it.
        Unacceptable: The key is not on the roll or no longer stands, or the signature does not hold.
    """
    signing = load_signing(ports, petition_id)
    now = max(ports.now(), signing.document.opens_at)  # the clock may have run back since the opening
    if not may_sign(signing.life, now) or ROLL not in signing.document.methods:
        raise NotNow("This petition takes no more signatures.")
    try:
        verify(voter, "petition-sign", signed_by_credential(signing.hash), signature)
    except BallotsError:
        raise Unacceptable("The signature does not fit its credential and this petition. Nothing was signed.") from None
    try:
        return _sign_by_roll(ports, signing, voter, signature, region, now)
    except IntegrityError:
        return _sign_by_roll(ports, signing, voter, signature, region, now)


def _sign_by_roll(ports: Ports, signing: Signing, voter: str, proof: str, region: str, now: datetime) -> datetime:
    key = codec.decode_bytes(voter, 32)
    with ports.database.writing() as session:
        # The counter takes this row before it strikes a credential, so none signs after it was struck.
        log = lock_log(session, signing.petition_id, alone=False)
        same = (Standing.petition_id == signing.petition_id, Standing.person == key)
        known = session.scalar(select(Signature).join(Standing, Standing.signature_id == Signature.id).where(*same))
        if known is not None:
            return known.signed_at
        if log is None or is_closing(session, log):
            raise NotNow("This petition takes no more signatures.")
        _require_standing(session, ports, signing, voter)
        made = {
            "petition_id": signing.petition_id,
            "method": ROLL,
            "link_hash": hash_link(ports.random_bytes(32)),
            "body": codec.encode_canonical(credential_body(voter, now, proof)),
            "sealed": None,
            "region": region,
            "shown_name": None,
            "news": False,
            "signed_at": now,
            "review": ACCEPTED,
            "sender": None,
        }
        _store(session, made, Identity("", Nullifiers(voter, voter), bytes(32)), 1, CREDENTIAL)
        return now


def _require_standing(session: Session, ports: Ports, signing: Signing, voter: str) -> None:
    change = session.get(RollChange, (signing.petition_id, voter))
    if change is not None:
        stands = change.stands
    else:
        roll = ports.rolls.find(signing.election_id)
        stands = roll is not None and roll.has(voter)
    if not stands:
        raise Unacceptable(
            "This credential is not on the roll, or was replaced. Use the code of your newest letter; if it is the "
            "right one, ask the election's registrar."
        )


def withdraw_by_roll(ports: Ports, petition_id: str, voter: str, proof: str) -> None:
    """Take a credential's signature back; the key signs that, so nobody else can.

    Raises:
        Missing: There is none that stands.
        NotNow: It is not on the log yet.
        Unacceptable: The signature does not hold.
    """
    signing = load_signing(ports, petition_id)
    try:
        key = codec.decode_bytes(voter, 32)
    except BallotsError:
        raise Unacceptable("This is no credential's key.") from None
    with ports.database.writing() as session:
        hold_petition(session, petition_id)
        same = (Standing.petition_id == petition_id, Standing.person == key)
        query = select(Signature).join(Standing, Standing.signature_id == Signature.id).where(*same)
        signature = session.scalar(query.with_for_update(of=Signature))
        if signature is None:
            raise Missing("No signature of this credential stands here.")
        index = session.scalar(entry_of(signature.id))
        if index is None:
            raise NotNow("The signature is not on the log yet. Please try again in a few seconds.")
        try:
            verify(voter, "petition-withdraw", withdrawn_by_credential(signing.hash, index), proof)
        except BallotsError:
            raise Unacceptable("The withdrawal is not signed by the credential. Nothing was changed.") from None
        take_off(session, signature, "signer", WITHDRAWN, ports.now(), proof)


def entry_of(signature_id: int) -> Select[int]:
    """Return the query for the index of a signature's own entry."""
    return select(Entry.index).where(Entry.signature_id == signature_id, Entry.type.in_((CONFIRMED, CREDENTIAL)))


def _find_signature(session: Session, petition_id: str, secret: bytes, *, lock: bool = False) -> Signature | None:
    query = select(Signature).where(Signature.link_hash == hash_link(secret), Signature.petition_id == petition_id)
    return session.scalar(query.with_for_update() if lock else query)


def _rows_of(session: Session, petition_id: str, secret: bytes) -> Sequence[Row[Any]]:
    """Return a link's request, once for each who stands in its mailbox, at least once; nothing if it is not known."""
    return session.connection().execute(BY_LINK, {"link": hash_link(secret), "petition": petition_id}).all()


def _free_slot(signing: Signing, rows: Sequence[Row[Any]]) -> int:
    standing = [
        (row.standing_person, row.standing_place, row.standing_slot) for row in rows if row.standing_slot is not None
    ]
    return free_slot(signing, _identity(rows[0]), standing)


def _found(rows: Sequence[Row[Any]]) -> Row[Any]:
    if not rows:
        raise LinkExpired(
            "This link is not known. It may be cut off: copy the whole of it. If it is old, its signature was never "
            "confirmed and is erased."
        )
    return rows[0]


def _identity(row: Row[Any]) -> Identity:
    made = Nullifiers(codec.encode_bytes(row.mailbox), codec.encode_bytes(row.person))
    return Identity("", made, row.place)
