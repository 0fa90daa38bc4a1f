"""Mail to the signers of a petition who want news: begun at a random moment of the night, gone on with after a stop.

Of two requests of one kind that wait, only the newer is sent. A batch of mails and the place up to which signers were
served are stored in one transaction: nobody gets a mail twice, nobody is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.petitions.life import Debate
from participation.petitions.models import (
    Petition,
    PetitionAnswer,
    PetitionDebate,
    PetitionMailing,
    PetitionUpdate,
)
from participation.petitions.queries import life_of
from participation.petitions.recipients import Recipient, next_recipients
from participation.ports import Ports

WAITING, REPLACED, SENDING, SENT, DROPPED = "waiting", "replaced", "sending", "sent", "dropped"
BATCH = 200
_BATCHES_A_RUN = 25
_LIFETIME = timedelta(days=5)


@dataclass(frozen=True)
class News:
    """What a mailing says: one paragraph each."""

    subject: str
    title: str
    text: str


def ask_for_mailing(session: Session, ports: Ports, petition_id: str, kind: str, subject_id: int) -> None:
    """Let signers be told of something tonight; an earlier request of this kind that still waits is dropped."""
    now = ports.now()
    of = (
        PetitionMailing.petition_id == petition_id,
        PetitionMailing.kind == kind,
        PetitionMailing.state == WAITING,
    )
    session.execute(update(PetitionMailing).where(*of).values(state=REPLACED))
    rules = ports.rules.petitions
    share = int.from_bytes(ports.random_bytes(4), "big") / 2**32
    starts = night_moment(now, ports.time_zone, rules.night_starts, rules.night_hours, share)
    session.add(
        PetitionMailing(
            petition_id=petition_id, kind=kind, subject_id=subject_id, asked_at=now, starts_at=starts, state=WAITING
        )
    )


def night_moment(now: datetime, zone: ZoneInfo, starts_hour: int, hours: int, share: float) -> datetime:
    """Return a moment of the next night that has not begun.

    Args:
        now: The present.
        zone: Of the site.
        starts_hour: When its night begins, 0 to 23.
        hours: How long bulk mail may begin.
        share: Random, from 0 to under 1.
    """
    local = now.astimezone(zone)
    begins = local.replace(hour=starts_hour, minute=0, second=0, microsecond=0)
    if begins <= local:
        begins = (begins + timedelta(days=1)).replace(hour=starts_hour)
    return begins.astimezone(now.tzinfo) + timedelta(seconds=int(hours * 3600 * share))


def send_due(ports: Ports) -> int:
    """Go on with every mailing whose moment has come; returns how many mails were put into the outbox."""
    now, sent = ports.now(), 0
    with ports.database.reading() as session:
        query = select(PetitionMailing.id).where(
            PetitionMailing.state.in_((WAITING, SENDING)), PetitionMailing.starts_at <= now
        )
        due = session.scalars(query.order_by(PetitionMailing.starts_at, PetitionMailing.id)).all()
    for mailing_id in due:
        for _ in range(_BATCHES_A_RUN):
            served = _send_batch(ports, mailing_id)
            sent += served
            if served < BATCH:
                break
    return sent


def _send_batch(ports: Ports, mailing_id: int) -> int:
    with ports.database.writing() as session:
        mailing = session.get(PetitionMailing, mailing_id, with_for_update=True, populate_existing=True)
        if mailing is None or mailing.state not in (WAITING, SENDING):
            return 0
        row = session.get_one(Petition, mailing.petition_id)
        if not life_of(row).shows_text:
            mailing.state = DROPPED  # what its page no longer says is not mailed either
            return 0
        recipients = () if row.erased else next_recipients(session, ports, row.id, mailing.done_to, BATCH)
        if not recipients:
            mailing.state = SENT
            return 0
        mailing.state = SENDING
        for recipient in recipients:
            _put(session, ports, row, mailing, recipient)
        mailing.done_to = recipients[-1].number
        mailing.sent += len(recipients)
        return len(recipients)


def _put(session: Session, ports: Ports, row: Petition, mailing: PetitionMailing, recipient: Recipient) -> None:
    with ports.speaking(recipient.language):
        news = _news(session, ports, mailing)
        text = gettext(
            "You signed the petition “%(petition)s”.\n\n%(title)s\n\n%(text)s\n\n%(link)s",
            petition=row.title,
            title=news.title,
            text=news.text,
            link=ports.link("petitions.petition", recipient.language, petition_id=row.id),
        )
        text += "\n\n" + gettext("No more mail about this petition: %(link)s", link=recipient.leave)
        ports.put_mail(session, recipient.mail, news.subject, text + "\n", _LIFETIME, recipient.leave)


def _news(session: Session, ports: Ports, mailing: PetitionMailing) -> News:
    if mailing.kind == "answer":
        answer = session.get_one(PetitionAnswer, mailing.subject_id)
        return News(gettext("A petition you signed was answered"), answer.office, answer.summary)
    if mailing.kind == "debate":
        debate = session.get_one(PetitionDebate, mailing.subject_id)
        day = ports.write_day(date.fromisoformat(debate.day)) if debate.day else ""
        titles = {
            Debate.SCHEDULED: gettext("It will be debated on %(day)s.", day=day),
            Debate.DEBATED: gettext("It was debated on %(day)s.", day=day),
            Debate.NOT_DEBATED: gettext("It will not be debated."),
        }
        return News(gettext("A petition you signed: its debate"), titles[Debate(debate.outcome)], debate.text)
    news = session.get_one(PetitionUpdate, mailing.subject_id)
    return News(gettext("News of a petition you signed"), news.title, news.text)


def mailings_of(session: Session, petition_id: str) -> Sequence[PetitionMailing]:
    """Return the mailings of a petition, newest first."""
    query = select(PetitionMailing).where(PetitionMailing.petition_id == petition_id)
    return session.scalars(query.order_by(PetitionMailing.id.desc())).all()
