"""The job that takes mailings through the roll, a turn at a time, and counts what becomes of their mails.

A turn's mails and the place on the roll are stored in one transaction: killed anywhere, the job goes on where it was,
and nobody gets a mailing twice. Only so many mails wait in the outbox that the sender has something to do; so memory
and disk stay flat, pausing and stopping work at once, and whether somebody has voted is looked up just before the mail
goes out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evote.elections.models import Election
from evote.mail.handover import Answer, Fate
from evote.mail.identifiers import Origin, mailing_message_id
from evote.mail.models import Message
from evote.mail.outbox import Mail, row_of
from evote.mail.reasons import LATE, REJECTED
from evote.mailings.bounces import record_bounce
from evote.mailings.facts import read_facts
from evote.mailings.kinds import expiry, is_pointless
from evote.mailings.models import AT_HANDOVER, DONE, NOT_VOTED, PAUSED, RUNNING, Mailing
from evote.mailings.people import Recipient, Turn, next_turn
from evote.mailings.texts import Writer, parse_texts, subject_of, text_of
from evote.services import Services
from evote.steps import reached

MOST_REFUSED_IN_A_ROW = 25
"""A server that refuses so many one after the other refuses us, not them: the mailing pauses."""
REFUSED, ENDED = "refused", "ended"
_SECOND_TRIES = 2
_FEWEST_READY, _AT_ONCE = 100, 200
_MOST_WAITING = 20_000
_log = structlog.get_logger()


@dataclass(frozen=True)
class _Step:
    """A turn as it will be stored: where the mailing stood, what it comes to, and the rows for the outbox."""

    mailing_id: int
    before: int
    turn: Turn
    rows: Sequence[dict[str, Any]]
    without_address: int
    over: bool


class MailingsJob:
    """Fills the outbox and counts; the sender's thread calls it, so there is one of it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def fill(self) -> bool:
        """Take each running mailing a turn further, end those of no more use; says whether there was anything to do.

        Paused ones end too: their waiting mails say who had not voted.
        """
        under_way = select(Mailing.id).where(Mailing.state.in_((RUNNING, PAUSED))).order_by(Mailing.id)
        with self._services.database.reading() as session:
            found = session.scalars(under_way).all()
        busy = False
        for mailing_id in found:
            try:
                busy = self._advance(mailing_id) or busy
            except IntegrityError:  # one mailing that does not fit the database must not hold up the others
                _log.error("mailing_stalled", number=mailing_id)
        return busy

    def count(self, session: Session, message: Message, answer: Answer) -> bool:
        """Count a mail that was taken, refused for good or given up; says whether that is the last word.

        What is refused by policy ("relay access denied") may be refused because of us: it is tried again, and if many
        are refused one after the other, the mailing pauses before anybody has been left out.
        """
        assert message.mailing_id is not None
        of = update(Mailing).where(Mailing.id == message.mailing_id)
        if answer.fate is Fate.TAKEN:
            now = self._services.now()
            session.execute(of.values(sent=Mailing.sent + 1, refused_in_a_row=0, moved_at=now))
            return True
        last_word = answer.reason != REJECTED or message.tries >= _SECOND_TRIES
        if last_word:
            record_bounce(session, self._services, message.message_id, AT_HANDOVER, answer.reason)
        if answer.reason == LATE:
            return True
        session.execute(of.values(refused_in_a_row=Mailing.refused_in_a_row + 1))
        mailing = session.get(Mailing, message.mailing_id, populate_existing=True)
        assert mailing is not None
        if mailing.refused_in_a_row >= MOST_REFUSED_IN_A_ROW and mailing.state == RUNNING:
            mailing.state, mailing.why = PAUSED, REFUSED
            hold(session, mailing.id, held=True)
            _log.warning("mailing_paused", because="the server refuses one after the other", number=mailing.id)
        return last_word

    def _advance(self, mailing_id: int) -> bool:
        step = self._prepare(mailing_id)
        if step is None:
            return False
        with self._services.database.writing() as session:
            mailing = session.get(Mailing, mailing_id, with_for_update=True)
            if mailing is None or mailing.cursor != step.before:
                return True
            if mailing.state != RUNNING and not (step.over and mailing.state == PAUSED):
                return True
            if step.rows:
                session.execute(insert(Message), step.rows)
            mailing.cursor = step.turn.cursor
            mailing.listed += len(step.rows)
            mailing.unreachable += step.without_address
            if self._services.settings.smtp is None:
                mailing.sent += len(step.rows)  # a demonstration's outbox is where its mails arrive
            if step.over:
                take_back(session, mailing)
                mailing.why = ENDED
            if step.over or (step.turn.finished and not _count_waiting(session, mailing_id)):
                mailing.state, mailing.ended_at, mailing.cursor = DONE, self._services.now(), 0
            reached("mailing: written")
        reached("mailing: durable")
        return bool(step.rows) or not step.turn.finished

    def _prepare(self, mailing_id: int) -> _Step | None:
        """Look at the next people and write their mails, before anything is locked."""
        services, now = self._services, self._services.now()
        with services.database.reading() as session:
            mailing = session.get_one(Mailing, mailing_id)
            election = session.get_one(Election, mailing.election_id)
            if is_pointless(mailing.kind, mailing.audience, election, now):
                return _Step(mailing_id, mailing.cursor, Turn((), 0, True), [], 0, over=True)
            if mailing.state != RUNNING:
                return None
            waiting, ready = _count_waiting(session, mailing_id), _count_waiting(session, mailing_id, untried=True)
            if ready >= _FEWEST_READY or waiting >= _MOST_WAITING:
                return None
            turn = next_turn(session, mailing.election_id, mailing.audience, mailing.cursor, _AT_ONCE)
            if waiting and turn.finished and turn.cursor == mailing.cursor:
                return None
            facts = read_facts(session, mailing.election_id, services.settings)
        writer, rows = Writer(parse_texts(mailing.texts), facts), []
        expires_at = expiry(mailing.kind, mailing.audience, election, now)
        for person in turn.people:
            if person.mail.strip():
                parts = writer.write(person.login)
                mail = Mail(person.mail, subject_of(parts), text_of(parts), now)
                rows.append(row_of(services, mail, expires_at, self._identify(mailing, person), self._place(mailing)))
        return _Step(mailing_id, mailing.cursor, turn, rows, len(turn.people) - len(rows), over=False)

    def _identify(self, mailing: Mailing, person: Recipient) -> str:
        number = person.row
        if mailing.audience == NOT_VOTED:
            number = int.from_bytes(self._services.random_bytes(8), "big")
        return mailing_message_id(self._services, Origin(mailing.id, number))

    def _place(self, mailing: Mailing) -> int | None:
        return mailing.id if self._services.settings.smtp is not None else None


def hold(session: Session, mailing_id: int, *, held: bool) -> None:
    """Keep a mailing's waiting mails from being sent, or let them go."""
    session.execute(update(Message).where(Message.mailing_id == mailing_id).values(held=held))


def take_back(session: Session, mailing: Mailing) -> None:
    """Take a mailing's waiting mails out of the outbox; the mailing must be locked."""
    waiting = select(func.count()).select_from(Message).where(Message.mailing_id == mailing.id)
    mailing.listed -= session.scalar(waiting) or 0
    session.execute(delete(Message).where(Message.mailing_id == mailing.id))


def _count_waiting(session: Session, mailing_id: int, *, untried: bool = False) -> int:
    query = select(func.count()).select_from(Message).where(Message.mailing_id == mailing_id)
    return session.scalar(query.where(Message.tries == 0) if untried else query) or 0
