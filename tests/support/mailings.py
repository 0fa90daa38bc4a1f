"""Elections with many voters, and mailings to them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, insert, select

from ballots import codec
from evote.accounts.models import Voter
from evote.mail.models import Message
from evote.mail.sender import Sender
from evote.mailings.job import MailingsJob
from evote.mailings.kinds import OPENED
from evote.mailings.models import EVERYBODY, RUNNING, Mailing
from evote.mailings.texts import encode_texts
from evote.services import Services

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {"subject": "Vote: {title}", "text": "Your voter id is {voter_id}.\n\n{link}"},
    "fa": {"subject": "رأی بدهید: {title}", "text": "شناسهٔ رأی‌دهندهٔ شما {voter_id} است.\n\n{link}"},
}


def add_voters(services: Services, election_id: str, count: int) -> None:
    """Put so many more people on a roll; they can be written to, and have no key with which to vote."""
    rows = [
        {
            "election_id": election_id,
            "login": f"P-{number:05}",
            "mail": f"person{number}@example.org",
            "key": codec.encode_bytes(number.to_bytes(32, "big")),
            "style": "all",
            "weight": 1,
            "struck": False,
        }
        for number in range(count)
    ]
    with services.database.writing() as session:
        session.execute(insert(Voter), rows)


def make_mailing(
    services: Services, election_id: str, kind: str = OPENED, audience: str = EVERYBODY, state: str = RUNNING
) -> int:
    """Store a mailing that has begun; returns its number."""
    now: datetime = services.now()
    with services.database.writing() as session:
        mailing = Mailing(election_id=election_id, kind=kind, audience=audience, texts=encode_texts(TEXTS))
        mailing.state, mailing.changed_at, mailing.started_at = state, now, now
        session.add(mailing)
        session.flush()
        return mailing.id


def get_mailing(services: Services, mailing_id: int) -> Mailing:
    with services.database.reading() as session:
        return session.get_one(Mailing, mailing_id)


def count_messages(services: Services) -> int:
    with services.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Message)) or 0


def run_to_the_end(services: Services, sender: Sender | None = None) -> int:
    """Do what the thread does until there is nothing to do; returns how many mails were taken."""
    job, taken = MailingsJob(services), 0
    sender = sender or Sender(services, job)
    while job.fill() or count_messages(services):
        sent = sender.send_due()
        taken += sent
        if not sent and not job.fill():
            break
    sender.close()
    return taken
