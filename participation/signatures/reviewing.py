"""What moderators do about signatures: let held ones through, refuse them, remove and restore. All of it is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ballots import codec
from participation.errors import NotNow, Unacceptable
from participation.petitions.models import Petition
from participation.ports import Official, Ports
from participation.signatures.confirming import take_off
from participation.signatures.models import ACCEPTED, HELD, Change, Entry, PetitionLog, RollChange, Signature, Standing
from participation.signatures.queueing import enqueue, hold_petition, is_closing, lock_log
from participation.signatures.sealing import unseal
from participation.signatures.statements import CONFIRMED, CREDENTIAL, REASONS, ROLL, WITHDRAWN

HELD_A_PAGE = 100
MOST_ENTRIES = 2000


@dataclass(frozen=True)
class HeldSignature:
    """A confirmed signature that came too fast after others from its network address.

    Attributes:
        alike: How many held ones of this petition came from the same network address.
    """

    number: int
    name: str
    mail: str
    region: str
    signed_at: datetime
    alike: int


def list_held(session: Session, ports: Ports, petition_id: str) -> tuple[list[HeldSignature], int]:
    """Return the oldest signatures that wait for review, and how many there are in all."""
    held = (Signature.petition_id == petition_id, Signature.review == HELD)
    total = session.scalar(select(func.count()).select_from(Signature).where(*held)) or 0
    rows = session.scalars(select(Signature).where(*held).order_by(Signature.id).limit(HELD_A_PAGE)).all()
    counted = select(Signature.sender, func.count()).where(*held).group_by(Signature.sender)
    alike = dict(session.execute(counted).all())
    found = []
    for row in rows:
        hidden: codec.Json = unseal(ports, row.sealed) if row.sealed else {"opening": {"name": ""}, "mail": ""}
        name = hidden["opening"]["name"]
        found.append(HeldSignature(row.id, name, hidden["mail"], row.region, row.signed_at, alike.get(row.sender, 1)))
    return found, total


def count_held(session: Session, petition_ids: Sequence[str]) -> dict[str, int]:
    """Return {petition: how many signatures wait for review}."""
    query = select(Signature.petition_id, func.count()).group_by(Signature.petition_id)
    wanted = query.where(Signature.petition_id.in_(petition_ids), Signature.review == HELD)
    return dict(session.execute(wanted).all())


def held_petitions(session: Session) -> list[tuple[str, str, int]]:
    """Return (petition, title, how many) of the petitions with signatures that wait for review, most first."""
    query = select(Petition.id, Petition.title, func.count()).join(Signature, Signature.petition_id == Petition.id)
    waiting = query.where(Signature.review == HELD).group_by(Petition.id, Petition.title)
    rows = session.execute(waiting.order_by(func.count().desc(), Petition.id)).all()
    return [(key, title, number) for key, title, number in rows]


def accept_held(ports: Ports, official: Official, petition_id: str, numbers: Sequence[int]) -> int:
    """Let held signatures be counted; returns how many there were. Those that another moderator settled are left.

    Raises:
        NotNow: The petition's log is closed.
    """
    now, done = ports.now(), 0
    with ports.database.writing() as session:
        log = lock_log(session, petition_id, alone=False)
        if log is None or is_closing(session, log):
            raise NotNow("This petition is closed, and its count with it. Nothing was changed.")
        for signature in _held(session, petition_id, numbers):
            signature.review, signature.sender = ACCEPTED, None
            enqueue(session, petition_id, CONFIRMED, signature.body, max(now, signature.signed_at), signature.id)
            done += 1
        if done:
            ports.record_deed(session, official.name, "signatures-accepted", {"petition": petition_id, "number": done})
    return done


def refuse_held(ports: Ports, official: Official, petition_id: str, numbers: Sequence[int], reason: str) -> int:
    """Refuse held signatures: they never reach the log; returns how many there were.

    Raises:
        Unacceptable: This is no reason for it.
    """
    _check_reason(reason)
    with ports.database.writing() as session:
        hold_petition(session, petition_id)
        rows = _held(session, petition_id, numbers)
        for signature in rows:
            take_off(session, signature, "moderator", reason, ports.now(), name=official.name)
        if rows:
            details = {"petition": petition_id, "number": len(rows), "reason": reason}
            ports.record_deed(session, official.name, "signatures-refused", details)
    return len(rows)


def remove_entries(ports: Ports, official: Official, petition_id: str, entries: Sequence[int], reason: str) -> int:
    """Remove signatures by their entries of the log; returns how many stood until then.

    Raises:
        Unacceptable: This is no reason for it, or an entry is no signature.
    """
    _check_reason(reason)
    done = 0
    with ports.database.writing() as session:
        hold_petition(session, petition_id)
        for signature in _of_entries(session, petition_id, entries):
            done += take_off(session, signature, "moderator", reason, ports.now(), name=official.name)
        if done:
            details = {"petition": petition_id, "number": done, "reason": reason}
            ports.record_deed(session, official.name, "signatures-removed", details)
    return done


def restore_entries(ports: Ports, official: Official, petition_id: str, entries: Sequence[int]) -> int:
    """Undo removals by moderators; returns how many stand again.

    A signature stays removed if its signer took it back, if the same person has signed again since, or if its
    credential was struck or replaced.

    Raises:
        Unacceptable: An entry is no signature.
    """
    done = 0
    with ports.database.writing() as session:
        # The counter takes this row before it strikes a credential, so none is restored after it was struck.
        log = lock_log(session, petition_id, alone=True)
        for signature in _of_entries(session, petition_id, entries):
            assert log is not None
            done += _restore(session, ports, log, signature, official)
        if done:
            ports.record_deed(session, official.name, "signatures-restored", {"petition": petition_id, "number": done})
    return done


def _restore(session: Session, ports: Ports, log: PetitionLog, signature: Signature, official: Official) -> bool:
    now = ports.now()
    query = select(Change).where(Change.signature_id == signature.id).order_by(Change.id.desc()).limit(1)
    last = session.scalar(query)
    if last is None or last.act != "remove" or last.by in ("signer", "rule"):
        return False
    standing = _free_standing(session, ports, log, signature)
    if standing is None:
        return False
    try:
        with session.begin_nested():
            session.add(standing)
    except IntegrityError:
        return False  # the same person signs again in this moment
    change = Change(signature_id=signature.id, petition_id=signature.petition_id, act="restore", at=now)
    change.by, change.reason = official.name, ""
    session.add(change)
    body = codec.encode_canonical({"reason": "", "removed": last.reason})
    enqueue(session, signature.petition_id, "restore", body, now, signature.id)
    return True


def _free_standing(session: Session, ports: Ports, log: PetitionLog, signature: Signature) -> Standing | None:
    """Return the place in which a signature could stand again, as the log's rules have it."""
    body = codec.parse_canonical(signature.body)
    by_roll = signature.method == ROLL
    if by_roll:
        change = session.get(RollChange, (log.petition_id, body["voter"]))
        if change is not None and not change.stands:
            return None
    person = codec.decode_bytes(body["voter"] if by_roll else body["person"], 32)
    mailbox = codec.decode_bytes(body["voter"] if by_roll else body["mailbox"], 32)
    mine = (Standing.petition_id == log.petition_id, Standing.mailbox == mailbox)
    taken = session.scalars(select(Standing.slot).where(*mine)).all()
    most = 1 if by_roll else codec.parse_canonical(log.document)["per_mailbox"]
    slot = next((number for number in range(1, most + 1) if number not in taken), 0)
    if not slot or session.get(Standing, (log.petition_id, person)) is not None:
        return None
    hidden: codec.Json = unseal(ports, signature.sealed) if signature.sealed else {}
    place = codec.decode_bytes(hidden["place"], 32) if "place" in hidden else bytes(32)  # by the roll there is none
    standing = Standing(petition_id=log.petition_id, person=person, mailbox=mailbox, slot=slot, place=place)
    standing.signature_id = signature.id
    return standing


def _held(session: Session, petition_id: str, numbers: Sequence[int]) -> Sequence[Signature]:
    held = (Signature.petition_id == petition_id, Signature.review == HELD, Signature.id.in_(numbers))
    return session.scalars(select(Signature).where(*held).order_by(Signature.id).with_for_update()).all()


def _of_entries(session: Session, petition_id: str, entries: Sequence[int]) -> Sequence[Signature]:
    wanted = sorted(set(entries))
    if not 0 < len(wanted) <= MOST_ENTRIES:
        raise Unacceptable("Enter the numbers of 1 to %(most)s entries.", most=MOST_ENTRIES)
    query = select(Signature).join(Entry, Entry.signature_id == Signature.id).order_by(Signature.id)
    own = (Entry.petition_id == petition_id, Entry.index.in_(wanted), Entry.type.in_((CONFIRMED, CREDENTIAL)))
    rows = session.scalars(query.where(*own).with_for_update()).all()
    if len(rows) != len(wanted):
        raise Unacceptable("Not all of these are entries of signatures. Nothing was changed.")
    return rows


def _check_reason(reason: str) -> None:
    if reason not in REASONS or reason == WITHDRAWN:
        raise Unacceptable("Choose one of the reasons.")
