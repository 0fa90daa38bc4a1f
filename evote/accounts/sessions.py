"""Sessions: one voter logged in to one election. The cookie's token is kept only as a hash, and can be revoked."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ballots import codec
from evote.accounts.models import LoginSession, Voter
from evote.services import Services

LIFETIME = timedelta(hours=2)
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class LoggedIn:
    """Who is logged in, and where.

    Attributes:
        key: The credential's public key.
        struck: Has voted on paper.
    """

    election_id: str
    voter_id: int
    key: str
    style: str
    weight: int
    struck: bool


def open_session(session: Session, services: Services, voter: Voter) -> str:
    """Store a new session; returns its token."""
    token, now = codec.encode_bytes(services.random_bytes(_TOKEN_BYTES)), services.now()
    session.execute(delete(LoginSession).where(LoginSession.expires_at < now))
    session.add(LoginSession(token_hash=_hash(token), voter_id=voter.id, expires_at=now + LIFETIME))
    return token


def find_session(services: Services, token: str) -> LoggedIn | None:
    """Return who holds this token, or nobody."""
    query = select(Voter).join(LoginSession, LoginSession.voter_id == Voter.id)
    with services.database.reading() as session:
        query = query.where(LoginSession.token_hash == _hash(token), LoginSession.expires_at > services.now())
        voter = session.scalar(query)
    if voter is None:
        return None
    return LoggedIn(voter.election_id, voter.id, voter.key, voter.style, voter.weight, voter.struck)


def close_session(services: Services, token: str) -> None:
    """Revoke a token."""
    with services.database.writing() as session:
        session.execute(delete(LoginSession).where(LoginSession.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(b"session\n" + token.encode()).hexdigest()
