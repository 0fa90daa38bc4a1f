"""Asking for digests, changing the wish, and giving it up with or without being signed in."""

import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.orm import Session

from participation.digests.models import DigestSubscription
from participation.errors import LinkExpired, Unacceptable
from participation.people.locking import lock_person
from participation.people.models import Person
from participation.petitions.mailings import night_moment
from participation.ports import Ports
from participation.signatures.sealing import keyed_hash

_SIX_DAYS = timedelta(days=6)
_TOKEN_LENGTH = 32
"""Characters of hexadecimal: 128 bits."""


class Period(StrEnum):
    """How often a digest comes."""

    DAILY = "daily"
    WEEKLY = "weekly"


class Kind(StrEnum):
    """What news can be about."""

    PETITIONS = "petitions"
    CONSULTATIONS = "consultations"
    ANSWERS = "answers"
    PROMISES = "promises"


KIND_OF_NEWS = {
    "petition": Kind.PETITIONS,
    "consultation": Kind.CONSULTATIONS,
    "report": Kind.CONSULTATIONS,
    "answer": Kind.ANSWERS,
    "promise": Kind.PROMISES,
}
"""{first word of a news item's key: its kind}."""


def choose(ports: Ports, person: Person, period: Period | None, kinds: Collection[Kind]) -> None:
    """Keep somebody's wish; the first digest holds what happens from now on.

    Args:
        ports: The ports.
        person: Who wishes.
        period: How often, or nothing for no digest.
        kinds: Of which news.

    Raises:
        Unacceptable: There is no address to send it to, or nothing was chosen that it could hold.
    """
    if period is None:
        with ports.database.writing() as session:
            _end(session, person.id)
        return
    if not person.sealed_mail:
        raise Unacceptable("The site knows no mail address of yours. Sign in by mail to get digests.")
    if not kinds:
        raise Unacceptable("Choose at least one kind of news.")
    now = ports.now()
    with ports.database.writing() as session:
        lock_person(session, person)
        row = session.get(DigestSubscription, person.id, with_for_update=True)
        if row is None:
            row = DigestSubscription(person_id=person.id, since=now)
            session.add(row)
        elif row.period == period:
            row.kinds = sorted(kinds)
            return
        row.period, row.kinds, row.next_at = period, sorted(kinds), next_moment(ports, now, period)


def find_subscription(session: Session, person_id: int) -> DigestSubscription | None:
    """Return somebody's wish."""
    return session.get(DigestSubscription, person_id)


def next_moment(ports: Ports, now: datetime, period: Period) -> datetime:
    """Return a random moment of the next night, or of the one a week after the last."""
    rules = ports.rules.petitions
    share = int.from_bytes(ports.random_bytes(4), "big") / 2**32
    start = now + _SIX_DAYS if period is Period.WEEKLY else now
    return night_moment(start, ports.time_zone, rules.night_starts, rules.night_hours, share)


def token_of(ports: Ports, person_id: int) -> str:
    """Return what proves, in the address of the unsubscribe page, that it came out of this person's mail."""
    return keyed_hash(ports, "digest unsubscribe", str(person_id)).hex()[:_TOKEN_LENGTH]


def check_token(ports: Ports, person_id: int, token: str) -> None:
    """Make sure that a link is one that was mailed.

    Raises:
        LinkExpired: It is not.
    """
    if not hmac.compare_digest(token_of(ports, person_id).encode(), token.encode()):
        raise LinkExpired("This link is not known. It may be cut off: copy the whole of it.")


def unsubscribe(ports: Ports, person_id: int, token: str) -> None:
    """Give up somebody's digests; doing it again changes nothing.

    Raises:
        LinkExpired: The link is not one that was mailed.
    """
    check_token(ports, person_id, token)
    with ports.database.writing() as session:
        _end(session, person_id)


def _end(session: Session, person_id: int) -> None:
    session.execute(delete(DigestSubscription).where(DigestSubscription.person_id == person_id))
