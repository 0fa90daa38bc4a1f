"""Secret links that are mailed, and the creator's cookie: random tokens of which the database holds hashes only."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ballots import codec
from participation.errors import LinkExpired
from participation.petitions.models import PetitionLink
from participation.ports import Ports

CONFIRM, SUPPORT, MANAGE, SESSION = "confirm", "support", "manage", "session"
SESSION_LIFETIME = timedelta(days=14)
MOST_MAILS = 5
"""For one address about one petition; who asks for more is told nothing else, and gets no mail."""
_TOKEN_BYTES = 24


@dataclass(frozen=True)
class UsedLink:
    """A link that was followed; `again` if it was used before, as a double click does."""

    petition_id: str
    purpose: str
    subject_id: int
    again: bool


def make_link(
    session: Session, ports: Ports, petition_id: str, purpose: str, lifetime: timedelta, subject_id: int = 0
) -> str:
    """Store a new link; returns its token."""
    token, now = codec.encode_bytes(ports.random_bytes(_TOKEN_BYTES)), ports.now()
    session.add(
        PetitionLink(
            token_hash=hash_token(token),
            petition_id=petition_id,
            purpose=purpose,
            subject_id=subject_id,
            made_at=now,
            expires_at=now + lifetime,
        )
    )
    return token


def look_at_link(session: Session, token: str, now: datetime, *purposes: str) -> UsedLink:
    """Return what a link is about, and change nothing: programs that scan mail open links too.

    Raises:
        LinkExpired: It is too old, was never made, or was made for something else.
    """
    row = session.get(PetitionLink, hash_token(token))
    if row is not None and row.purpose == CONFIRM and CONFIRM in purposes and row.expires_at <= now:
        raise LinkExpired(
            "This link works no more: it is too old, or the petition was changed after it was mailed. In the browser "
            "in which the petition was written you can send yourself a new one."
        )
    if row is None or row.purpose not in purposes or row.expires_at <= now:
        raise LinkExpired("This link is too old, or it was not copied whole.")
    return UsedLink(row.petition_id, row.purpose, row.subject_id, row.used_at is not None)


def use_link(session: Session, token: str, now: datetime, *purposes: str) -> UsedLink:
    """Use a link up; who presses the button twice is told so by `again`.

    Raises:
        LinkExpired: As `look_at_link`.
    """
    row = session.get(PetitionLink, hash_token(token), with_for_update=True, populate_existing=True)
    used = look_at_link(session, token, now, *purposes)
    assert row is not None
    if row.used_at is None:
        row.used_at = now
    return used


def end_links(session: Session, petition_id: str, purpose: str, now: datetime) -> None:
    """Make all links of a purpose useless; they still count among those that were made."""
    of = (PetitionLink.petition_id == petition_id, PetitionLink.purpose == purpose, PetitionLink.expires_at > now)
    session.execute(update(PetitionLink).where(*of).values(expires_at=now))


def count_links(session: Session, petition_id: str, purpose: str, since: datetime) -> int:
    """Return how many links of a purpose were made since a moment, those that have ended among them."""
    of = (PetitionLink.petition_id == petition_id, PetitionLink.purpose == purpose, PetitionLink.made_at >= since)
    return session.scalar(select(func.count()).select_from(PetitionLink).where(*of)) or 0


def newest_link(session: Session, petition_id: str, purpose: str) -> PetitionLink | None:
    """Return the last link that was made for a purpose, or nothing."""
    of = (PetitionLink.petition_id == petition_id, PetitionLink.purpose == purpose)
    query = select(PetitionLink).where(*of).order_by(PetitionLink.made_at.desc(), PetitionLink.expires_at.desc())
    return session.scalar(query.limit(1))


def session_petition(session: Session, token: str, now: datetime) -> str | None:
    """Return the petition that a creator's cookie is about, or nothing."""
    row = session.get(PetitionLink, hash_token(token)) if token else None
    return row.petition_id if row and row.purpose == SESSION and row.expires_at > now else None


def hash_token(token: str) -> str:
    """Return the hash under which a token is stored."""
    return hashlib.sha256(b"petition link\n" + token.encode("utf-8", "replace")).hexdigest()
