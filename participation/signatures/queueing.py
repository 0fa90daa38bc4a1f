"""The queue of what shall stand on a petition's log, and the locks that keep its order.

The log's order is that of the queue's ids. So whatever decides by the log's state takes the log's row first: closing
and reopening take it alone, admitting shares it. A petition's rows are locked in one order everywhere, so that no two
wait for each other: the petition, its log, signatures, who stands.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from participation.petitions.models import Petition
from participation.signatures.models import PetitionLog, Standing, Waiting
from participation.signatures.quick import ADD_WAITING

CLOSE, EXTEND = "close", "extend"


def enqueue(
    session: Session, petition_id: str, kind: str, body: bytes, at: datetime, signature_id: int | None = None
) -> None:
    """Let the counter put something on a log; it stands or falls with the transaction."""
    row = {"petition_id": petition_id, "kind": kind, "signature_id": signature_id, "body": body, "at": at}
    session.connection().execute(ADD_WAITING, row)


def hold_petition(session: Session, petition_id: str) -> None:
    """Let nobody decide about a petition until the transaction ends; the first lock of whatever takes others."""
    query = select(Petition.id).where(Petition.id == petition_id).with_for_update(read=True, key_share=True)
    session.execute(query)


def lock_log(session: Session, petition_id: str, *, alone: bool) -> PetitionLog | None:
    """Return a petition's log, locked with its petition until the transaction ends; nothing if it has none.

    Args:
        session: A writing one.
        petition_id: Which.
        alone: Nobody else may lock it meanwhile; else others may share it who do not want it alone.
    """
    hold_petition(session, petition_id)
    return session.get(PetitionLog, petition_id, with_for_update={"read": not alone}, populate_existing=True)


def is_closing(session: Session, log: PetitionLog) -> bool:
    """Tell whether a log, as its queue will leave it, takes no more signatures."""
    query = select(Waiting.kind).where(Waiting.petition_id == log.petition_id, Waiting.kind.in_((CLOSE, EXTEND)))
    last = session.scalar(query.order_by(Waiting.id.desc()).limit(1))
    return log.closed if last is None else last == CLOSE


def stand_down(session: Session, *which: ColumnElement[bool]) -> int | None:
    """Let a signature stand no more; return its number, or nothing if it does not stand: of several, one does it."""
    return session.scalar(delete(Standing).where(*which).returning(Standing.signature_id))
