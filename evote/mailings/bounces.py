"""What did not arrive: recorded by Message-ID, counted by reason for officials, and by voter for the registrar alone.

Of mails to people who have not voted only the count is kept: whose they were would say who had not voted.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evote.accounts.models import Voter
from evote.mail.identifiers import read_message_id
from evote.mail.reports import parse_report
from evote.mailings.models import BY_REPORT, NOT_VOTED, Bounce, Mailing
from evote.services import Services


@dataclass(frozen=True)
class Unreached:
    """Somebody whom mail does not reach; `reason` is one of `evote.mail.reasons`, or `no-address`."""

    login: str
    reason: str


NO_ADDRESS = "no-address"


def record_bounce(session: Session, services: Services, message_id: str, how: str, reason: str) -> bool:
    """Record that a mailing's mail did not arrive; says whether that was news.

    Args:
        session: A writing session.
        services: The application's parts.
        message_id: As in the header of the mail that did not arrive.
        how: Of `evote.mailings.models`.
        reason: One of `evote.mail.reasons`.
    """
    origin = read_message_id(services, message_id)
    mailing = session.get(Mailing, origin.mailing_id) if origin is not None else None
    if origin is None or mailing is None:
        return False
    key = hmac.new(services.settings.secret_key, b"bounce\n" + message_id.strip().encode(), hashlib.sha256).hexdigest()
    if session.scalar(select(Bounce.id).where(Bounce.message_hash == key)) is not None:
        return False
    voter_id = None
    if mailing.audience != NOT_VOTED:
        of = select(Voter.id).where(Voter.id == origin.number, Voter.election_id == mailing.election_id)
        voter_id = session.scalar(of)
    session.add(Bounce(mailing_id=mailing.id, message_hash=key, voter_id=voter_id, how=how, reason=reason))
    session.flush()
    return True


@dataclass(frozen=True)
class Taken:
    """What came of some mails that were given as delivery reports.

    Attributes:
        recorded, known: Reports of failures that are new, and those that were recorded before.
        strange: Reports about mails that are none of a mailing from here.
        others: Mails that report no failure.
    """

    recorded: int
    known: int
    strange: int
    others: int


def take_reports(services: Services, mails: Iterable[bytes]) -> Taken:
    """Record the delivery reports among some mails, one at a time."""
    found: Counter[str] = Counter()
    for data in mails:
        report = parse_report(data)
        if report is None:
            found["others"] += 1
            continue
        ours = next((one for one in report.message_ids if read_message_id(services, one) is not None), None)
        if ours is None:
            found["strange"] += 1
            continue
        with services.database.writing() as session:
            news = record_bounce(session, services, ours, BY_REPORT, report.reason)
        found["recorded" if news else "known"] += 1
    return Taken(found["recorded"], found["known"], found["strange"], found["others"])


def count_bounces(session: Session, mailing_id: int) -> Mapping[tuple[str, str], int]:
    """Return {(how, reason): count} of a mailing."""
    query = select(Bounce.how, Bounce.reason, func.count()).where(Bounce.mailing_id == mailing_id)
    return {(how, reason): count for how, reason, count in session.execute(query.group_by(Bounce.how, Bounce.reason))}


def list_unreached(session: Session, election_id: str) -> Sequence[Unreached]:
    """Return everybody of an election whom a mail to all did not reach, or who has no address, by voter id."""
    query = select(Voter.login, func.max(Bounce.reason)).join(Bounce, Bounce.voter_id == Voter.id)
    query = query.where(Voter.election_id == election_id).group_by(Voter.login)
    found = [Unreached(login, reason) for login, reason in session.execute(query)]
    nowhere = select(Voter.login).where(Voter.election_id == election_id, func.trim(Voter.mail) == "")
    return sorted([*found, *(Unreached(login, NO_ADDRESS) for login in session.scalars(nowhere))], key=_by_login)


def _by_login(one: Unreached) -> str:
    return one.login
