"""What keeps logs in step with petitions: openings, deadlines, ends, struck credentials; and what is forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ballots import codec
from participation.jobs import set_apart
from participation.petitions.life import State
from participation.petitions.models import Petition
from participation.ports import Ports
from participation.signatures.logs import begin_log
from participation.signatures.models import (
    Change,
    PetitionLog,
    Request,
    RollChange,
    Signature,
    Standing,
)
from participation.signatures.queueing import CLOSE, EXTEND, enqueue, is_closing, lock_log, stand_down
from participation.signatures.statements import STRUCK, PetitionDocument

_UNDER_WAY = timedelta(seconds=30)
"""So long after the last moment to confirm a log is closed: no transaction from before it is under way any more."""
_SENDERS_KEPT = timedelta(hours=1)
_AT_ONCE = 500


def keep_up(ports: Ports) -> None:
    """Begin, extend and close logs as their petitions stand, and follow the elections whose voters sign.

    Trouble with one petition keeps no other back; it is raised once all are served.
    """
    with ports.database.reading() as session:
        has_log = exists().where(PetitionLog.petition_id == Petition.id)
        unlogged = session.scalars(select(Petition.id).where(Petition.state == State.OPEN, ~has_log)).all()
        rows = session.execute(
            select(Petition, PetitionLog)
            .join(PetitionLog, PetitionLog.petition_id == Petition.id)
            .where(~PetitionLog.closed | (Petition.state == State.OPEN))
        ).all()
        session.expunge_all()
    failed: list[Exception] = []
    for petition_id in unlogged:
        with set_apart(failed, "beginning a log", petition=petition_id):
            _begin(ports, petition_id)
    for petition, log in rows:
        with set_apart(failed, "keeping up", petition=log.petition_id):
            _keep_up_with(ports, petition, log)
    if failed:
        raise failed[0]


def _keep_up_with(ports: Ports, petition: Petition, log: PetitionLog) -> None:
    now = ports.now()
    if log.election_id and not log.closed:
        _follow_election(ports, log.petition_id)
    if _is_extended(petition, log, now, closing=log.closed):
        _extend(ports, log.petition_id)
    elif not log.closed and _ending(petition, log, now):
        _close(ports, log.petition_id)


def _begin(ports: Ports, petition_id: str) -> None:
    try:
        with ports.database.writing() as session:
            petition = session.get(Petition, petition_id)
            if petition is not None and petition.state == State.OPEN:
                begin_log(session, ports, petition)
    except IntegrityError:
        return  # a request began it in the same moment


def follow_petition(session: Session, petition: Petition, now: datetime) -> None:
    """Let a petition's log be open as long as the petition is: whatever moves a deadline calls this in its transaction.

    So the extension stands in the queue before any signature that relies on it.

    Args:
        session: A writing one.
        petition: Locked, as it is from now on.
        now: The present.
    """
    log = lock_log(session, petition.id, alone=True)
    if log is None:
        return
    closing = is_closing(session, log)
    if _is_extended(petition, log, now, closing=closing):
        assert petition.closes_at is not None
        log.closes_at = max(log.closes_at, petition.closes_at)
        body = {"closes_at": codec.encode_time(log.closes_at), "reason": "opened again" if closing else ""}
        enqueue(session, petition.id, EXTEND, codec.encode_canonical(body), now)


def _is_extended(petition: Petition, log: PetitionLog, now: datetime, *, closing: bool) -> bool:
    assert petition.closes_at is not None
    if closing:
        return petition.state == State.OPEN and now < petition.closes_at
    return petition.closes_at > log.closes_at


def _extend(ports: Ports, petition_id: str) -> None:
    with ports.database.writing() as session:
        petition = session.get_one(Petition, petition_id, with_for_update={"read": True})
        follow_petition(session, petition, ports.now())


def _ending(petition: Petition, log: PetitionLog, now: datetime) -> str:
    """Return why a log is to be closed now; empty while it stays open."""
    if petition.state in (State.OPEN, State.CLOSED):
        grace = PetitionDocument.from_bytes(log.document).grace
        return "time" if now >= log.closes_at + grace + _UNDER_WAY else ""
    return "stopped" if petition.ended_at is not None and now >= petition.ended_at + _UNDER_WAY else ""


def _close(ports: Ports, petition_id: str) -> None:
    """Queue the close, if what called for it still holds now that nobody can open the petition again meanwhile."""
    now = ports.now()
    with ports.database.writing() as session:
        petition = session.get_one(Petition, petition_id, with_for_update={"read": True})
        log = lock_log(session, petition_id, alone=True)
        assert log is not None
        reason = _ending(petition, log, now)
        if reason and not is_closing(session, log) and not _is_extended(petition, log, now, closing=False):
            enqueue(session, petition_id, CLOSE, codec.encode_canonical({"reason": reason}), now)


def _follow_election(ports: Ports, petition_id: str) -> None:
    """Copy the registrar's acts from the election's log: who was struck counts no more, who was replaced signs anew."""
    with ports.database.reading() as session:
        log = session.get_one(PetitionLog, petition_id)
        election_id, seen = log.election_id, log.election_size
    changes = ports.rolls.changes(election_id, seen)
    if not changes:
        return
    now = ports.now()
    with ports.database.writing() as session:
        locked = lock_log(session, petition_id, alone=True)
        assert locked is not None
        log = locked
        for index, kind, body in changes:
            if index < log.election_size:
                continue
            log.election_size = index + 1
            lost = body["voter"] if kind == "strike" else body["old"]
            session.merge(RollChange(petition_id=petition_id, voter=lost, stands=False))
            if kind == "replace":
                session.merge(RollChange(petition_id=petition_id, voter=body["new"], stands=True))
            signature_id = stand_down(
                session, Standing.petition_id == petition_id, Standing.person == codec.decode_bytes(lost, 32)
            )
            if signature_id is not None:
                change = Change(signature_id=signature_id, petition_id=petition_id, act="remove", by="rule", at=now)
                change.reason = STRUCK
                session.add(change)
            enqueue(session, petition_id, kind, codec.encode_canonical(body), now, signature_id)


def forget_old(ports: Ports) -> None:
    """Erase what has served its purpose: network addresses' hashes, confirmed requests, requests nobody confirmed."""
    now = ports.now()
    with ports.database.reading() as session:
        old = select(Request.id).where(Request.requested_at < now - _SENDERS_KEPT, Request.sender.is_not(None))
        senders = session.scalars(old.where(~Request.held).limit(_AT_ONCE)).all()
        done = select(Request.id).join(Signature, Signature.link_hash == Request.link_hash)
        confirmed = session.scalars(done.where(Request.requested_at < now - _SENDERS_KEPT).limit(_AT_ONCE)).all()
        ended = select(Request.id).join(PetitionLog, PetitionLog.petition_id == Request.petition_id)
        ended = ended.join(Petition, Petition.id == Request.petition_id).where(Petition.state != State.OPEN)
        stale = session.scalars(ended.where(PetitionLog.closed).limit(_AT_ONCE)).all()
    if not (senders or confirmed or stale):
        return
    with ports.database.writing() as session:
        session.execute(delete(Request).where(Request.id.in_({*confirmed, *stale})))
        session.execute(update(Request).where(Request.id.in_(senders)).values(sender=None))


def erase(session: Session, petition_id: str) -> None:
    """Erase all personal data of a petition's signers: log, counts and regions stay, and name nobody."""
    session.execute(delete(Request).where(Request.petition_id == petition_id))
    gone = {"sealed": None, "shown_name": None, "sender": None, "news": False}
    session.execute(update(Signature).where(Signature.petition_id == petition_id).values(gone))
    session.execute(update(Standing).where(Standing.petition_id == petition_id).values(place=bytes(32)))
    session.execute(update(PetitionLog).where(PetitionLog.petition_id == petition_id).values(sealed_key=None))
