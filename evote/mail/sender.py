"""Hands the outbox to the mail server: one mail after another, each marked at once when the server has taken it.

What holds, whenever the process is killed: no mail is lost, and at most the one in flight is handed over twice, under
the same Message-ID. For between the server's 250 and the mark lies nothing but the mark; and when the mark itself fails
(the disk is full, the database away) nothing more is sent before it is made.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.errors import MessageError
from typing import Protocol

import structlog
from sqlalchemy import Connection, delete, select, text
from sqlalchemy.orm import Session

from evote.database import translated_errors
from evote.database.lock import AlreadyHeldError, hold_alone
from evote.errors import EvoteError
from evote.mail.composing import AddressError, compose, one_address
from evote.mail.handover import TIMEOUT_SECONDS, Answer, Fate, Handover
from evote.mail.models import Message
from evote.mail.outbox import UNREADABLE, open_mail
from evote.mail.reasons import LATE, OTHER, UNKNOWN
from evote.services import Services
from evote.steps import reached

_PAUSE_SECONDS = 0.5
_ROUND_SECONDS = 1.0
_TRY_AGAIN_SECONDS = 1.0
_LOCK_KEY = 0x65766D61696C  # "evmail"
_LONGEST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT_OF_MAILINGS = timedelta(minutes=30)
_LONGEST_SILENCE = timedelta(minutes=5)
_KEPT_IN_DEMO = timedelta(days=2)
_EXPIRED_AT_ONCE = 100
_log = structlog.get_logger()


class Bulk(Protocol):
    """Where the mails of mailings come from, and who counts what became of them."""

    def fill(self) -> bool:
        """Put some more of them into the outbox; says whether there was anything to do."""

    def count(self, session: Session, message: Message, answer: Answer) -> bool:
        """Count what became of a mail, in the transaction that stores it; says whether that is the last word."""


class Sender:
    """What the sending thread does, step by step.

    Attributes:
        silent_until: The server cannot be reached: it is not tried again before.
    """

    def __init__(self, services: Services, bulk: Bulk) -> None:
        self._services, self._bulk = services, bulk
        smtp = services.settings.smtp
        self._handover = Handover(smtp) if smtp else None
        self._unmarked: tuple[Message, Answer] | None = None
        self._failures = 0
        self._bulk_not_before = 0.0
        self.silent_until: datetime | None = None

    def send_due(self) -> int:
        """Send every mail that is due; returns how many the server took."""
        taken = 0
        while (answer := self.send_one()) is not None:
            taken += answer.fate is Fate.TAKEN
        return taken

    def send_one(self) -> Answer | None:
        """Send the mail that is due first, those that somebody waits for before those of mailings.

        Returns:
            What became of it; nothing when no mail is due or the server cannot be reached.

        Raises:
            StorageFull, Unavailable: The database; a mail that was taken is marked before another one is sent.
        """
        self._mark_the_last()
        if self._handover is None:
            return None
        now = self._services.now()
        if self.silent_until is not None and now < self.silent_until:
            return None
        message = self._next(now)
        if message is None:
            self._handover.rest()
            return None
        reached("mail: taken")
        answer = self._hand_over(self._handover, message)
        reached("mail: handed over")
        self._unmarked = (message, answer)
        self._mark_the_last()
        reached("mail: marked")
        return None if answer.fate is Fate.UNREACHED else answer

    def drop_expired(self) -> None:
        """Give up what is of no more use, or could not be delivered in all its time."""
        now = self._services.now()
        before = now if self._handover is not None else now - _KEPT_IN_DEMO
        query = select(Message).where(Message.expires_at < before, Message.held.is_(False)).limit(_EXPIRED_AT_ONCE)
        while True:
            with self._services.database.reading() as session:
                stale = session.scalars(query).all()
            if not stale:
                return
            with self._services.database.writing() as session:
                for message in stale:
                    self._settle(session, message, Answer(Fate.REFUSED, LATE))
            _log.warning("mail_given_up", count=len(stale))

    def close(self) -> None:
        """Let go of the connection."""
        if self._handover is not None:
            self._handover.close()

    def _next(self, now: datetime) -> Message | None:
        """Return what is due first: mails of single people before mailings, and of them what expires first.

        It is looked up for each mail, so that a pause counts at once and a code waits for one other mail at most.
        """
        query = select(Message).where(Message.next_try_at <= now, Message.expires_at >= now, Message.held.is_(False))
        if time.monotonic() < self._bulk_not_before:
            query = query.where(Message.mailing_id.is_(None))
        order = (Message.mailing_id.is_not(None), Message.expires_at, Message.id)
        with self._services.database.reading() as session:
            return session.scalar(query.order_by(*order).limit(1))

    def _hand_over(self, handover: Handover, message: Message) -> Answer:
        mail, smtp = open_mail(self._services, message), self._services.settings.smtp
        assert smtp is not None
        if mail.text == UNREADABLE:
            _log.error("mail_unreadable", because="it was sealed with another secret key")
            return Answer(Fate.LATER)
        try:
            answer = handover.send(compose(mail, message.message_id, smtp.sender), one_address(mail.to).addr_spec)
        except AddressError:
            return Answer(Fate.REFUSED, UNKNOWN)
        except (ValueError, MessageError) as error:  # a mail that cannot be written must not stop the others
            _log.error("mail_malformed", reason=type(error).__name__)
            return Answer(Fate.REFUSED, OTHER)
        self._watch(handover, answer)
        if message.mailing_id is not None and self._services.settings.mail_rate:
            self._bulk_not_before = time.monotonic() + 1 / self._services.settings.mail_rate
        return answer

    def _watch(self, handover: Handover, answer: Answer) -> None:
        """Leave a server alone for a while that cannot be reached; longer each time."""
        if answer.fate is Fate.REFUSED:
            _log.info("mail_refused", reason=answer.reason)
        if answer.fate not in (Fate.UNREACHED, Fate.LOST):
            self._failures, self.silent_until = 0, None
            return
        _log.warning("mail_failed", reason=handover.trouble)
        if answer.fate is Fate.LOST and handover.taken:
            return  # it worked a moment ago: some servers only want a new connection now and then
        self._failures += 1
        self.silent_until = self._services.now() + _wait(self._failures, _LONGEST_SILENCE)

    def _mark_the_last(self) -> None:
        if self._unmarked is None:
            return
        message, answer = self._unmarked
        if answer.fate is not Fate.UNREACHED:
            with self._services.database.writing() as session:
                if answer.fate in (Fate.TAKEN, Fate.REFUSED):
                    self._settle(session, message, answer)
                else:
                    self._put_off(session, message)
        self._unmarked = None

    def _settle(self, session: Session, message: Message, answer: Answer) -> None:
        if message.mailing_id is not None and not self._bulk.count(session, message, answer):
            self._put_off(session, message)
            return
        session.execute(delete(Message).where(Message.id == message.id))

    def _put_off(self, session: Session, message: Message) -> None:
        row = session.get(Message, message.id)
        if row is not None:
            longest = _LONGEST_WAIT if row.mailing_id is None else _LONGEST_WAIT_OF_MAILINGS
            row.tries += 1
            row.next_try_at = self._services.now() + _wait(row.tries, longest)


def _wait(tries: int, longest: timedelta) -> timedelta:
    """Return 2, 4, 8 … seconds."""
    return min(timedelta(seconds=2 ** min(tries, 30)), longest)


class MailSender:
    """The thread that sends until it is told to stop; beside the sequencer, and the only one of its database."""

    def __init__(self, services: Services, bulk: Bulk) -> None:
        self._services, self._bulk = services, bulk
        self._sender = Sender(services, bulk)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mail-sender", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the mail in hand, then end."""
        self._stopping.set()
        self._thread.join(TIMEOUT_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with hold_alone(self._services.database, "mail", _LOCK_KEY) as connection:
                    while not self._stopping.is_set():
                        if connection is not None:
                            _check(connection)
                        if not self._round():
                            self._stopping.wait(_PAUSE_SECONDS)
            except AlreadyHeldError:
                _log.warning("mail_waits")
            except EvoteError as error:
                _log.error("mail_stalled", reason=str(error))
            self._stopping.wait(_TRY_AGAIN_SECONDS)
        self._sender.close()

    def _round(self) -> bool:
        """Give up, fill up and send for a while; says whether anything was done."""
        dropped, filled, sent = map(self._attempt, (self._drop, self._bulk.fill, self._send))
        return dropped or filled or sent

    def _attempt(self, step: Callable[[], bool]) -> bool:
        """Take a step; trouble with one (the database, a mailing) keeps none of the others from being taken."""
        try:
            return step()
        except Exception as error:  # a thread that ends would take all mail with it
            _log.error("mail_stalled", reason=str(error) if isinstance(error, EvoteError) else type(error).__name__)
            return False

    def _drop(self) -> bool:
        self._sender.drop_expired()
        return False

    def _send(self) -> bool:
        until, busy = time.monotonic() + _ROUND_SECONDS, False
        while time.monotonic() < until and not self._stopping.is_set() and self._sender.send_one() is not None:
            busy = True
        return busy


def _check(connection: Connection) -> None:
    """Make sure that the session which holds the lock is still there.

    Raises:
        Unavailable: It is gone, and the lock with it.
    """
    with translated_errors():
        connection.execute(text("SELECT 1"))
        connection.commit()
