"""Promises: what officials committed themselves to in public, what became of it, and where that can be checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.answers.duties import check_reason, get_authority, lapse, owe, settle
from participation.answers.kinds import DutyKind, PromiseStatus
from participation.answers.models import LINK_LENGTH, NOTE_LENGTH, TITLE_LENGTH, Promise, PromiseEvent
from participation.errors import Missing, NotNow, Stale, Unacceptable
from participation.ports import Ports
from participation.text import is_blank, one_line, paragraphs

MOST_EVIDENCE = 10


@dataclass(frozen=True)
class NewPromise:
    """A promise as an official enters it."""

    title: str
    text: str
    authority_id: int
    promised_on: date
    source: str
    due_on: date | None


def enter_promise(session: Session, ports: Ports, new: NewPromise, *, by: str) -> Promise:
    """Enter a promise; with a day that was named, an account of it is owed by then.

    Raises:
        Unacceptable: A text is missing or too long, the source is no web address, or the days make no sense.
        Missing: There is no such authority.
    """
    title, text = one_line(new.title), paragraphs(new.text)
    if is_blank(title) or len(title) > TITLE_LENGTH:
        raise Unacceptable("Give the promise a title of at most %(most)s characters.", most=TITLE_LENGTH)
    if is_blank(text) or len(text) > NOTE_LENGTH:
        raise Unacceptable("Write what was promised, in at most %(most)s characters.", most=NOTE_LENGTH)
    if new.promised_on > ports.now().astimezone(ports.time_zone).date():
        raise Unacceptable("The day of the promise lies in the future. Enter promises once they were made.")
    if new.due_on is not None and new.due_on < new.promised_on:
        raise Unacceptable("The day for which it was promised lies before the promise itself.")
    get_authority(session, new.authority_id)
    promise = Promise(
        title=title,
        text=text,
        authority_id=new.authority_id,
        promised_on=new.promised_on,
        source=check_address(new.source),
        due_on=new.due_on,
        status=PromiseStatus.MADE,
        entered_at=ports.now(),
    )
    session.add(promise)
    session.flush()
    _add_event(session, ports, promise, by, "", [promise.source])
    if new.due_on is not None:
        owe(
            session,
            ports,
            DutyKind.PROMISE,
            str(promise.id),
            title=title,
            path=f"/promises/{promise.id}",
            authority_id=new.authority_id,
            since=ports.now(),
            promised_for=new.due_on,
        )
    return promise


def change_status(
    session: Session,
    ports: Ports,
    promise_id: int,
    revision: int,
    status: PromiseStatus,
    *,
    note: str,
    evidence: Sequence[str],
    by: str,
) -> Promise:
    """Say how a promise stands now. A final status is the account that was owed.

    Raises:
        Missing: There is no such promise.
        Stale: Somebody changed it meanwhile.
        NotNow: It was settled for good.
        Unacceptable: The note is missing, an address is none, or evidence is missing where it is needed.
    """
    promise = session.scalar(select(Promise).where(Promise.id == promise_id).with_for_update())
    if promise is None:
        raise Missing("There is no such promise.")
    if promise.revision != revision:
        raise Stale("Somebody changed this in the meantime. Look at it as it is now, and decide again.")
    if PromiseStatus(promise.status).final:
        raise NotNow("This promise is settled. Its history stays as it is.")
    addresses = [check_address(address) for address in evidence if address.strip()]
    if len(addresses) > MOST_EVIDENCE:
        raise Unacceptable("Name at most %(most)s addresses as evidence.", most=MOST_EVIDENCE)
    if status in (PromiseStatus.KEPT, PromiseStatus.PARTLY_KEPT) and not addresses:
        raise Unacceptable("Name at least one address where anybody can see that the promise was kept.")
    said = check_reason(paragraphs(note))
    promise.status, promise.revision = status, promise.revision + 1
    _add_event(session, ports, promise, by, said, addresses)
    if status is PromiseStatus.WITHDRAWN:
        lapse(session, ports, DutyKind.PROMISE, str(promise.id), because=said)
    elif status.final:
        settle(session, ports, DutyKind.PROMISE, str(promise.id), by=by)
    return promise


def check_address(typed: str) -> str:
    """Return a web address.

    Raises:
        Unacceptable: It is none, or too long.
    """
    address = typed.strip()
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("https", "http") and "." in (parts.hostname or "") and parts.username is None
    except ValueError:
        good = False
    if not good or len(address) > LINK_LENGTH or not address.isprintable() or " " in address:
        raise Unacceptable("A source is a web address, like https://example.org/minutes.")
    return address


def _add_event(session: Session, ports: Ports, promise: Promise, by: str, note: str, evidence: Sequence[str]) -> None:
    session.add(
        PromiseEvent(
            promise_id=promise.id,
            at=ports.now(),
            by=by,
            status=promise.status,
            note=note,
            evidence=list(evidence),
        )
    )
