"""Officials' sessions: their own cookie, apart from the voters'; ended by sign-out, by idleness, and in any case."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ballots import codec
from evote.admin.models import Official, OfficialSession
from evote.admin.roles import Permission, Role, parse_roles, permissions_of
from evote.services import Services

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
_RENEW = timedelta(minutes=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class SignedIn:
    """The official behind a request."""

    official_id: int
    name: str
    roles: tuple[Role, ...]

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the roles allow."""
        return permissions_of(self.roles)

    def may(self, permission: str) -> bool:
        """Say whether the roles allow something."""
        return Permission(permission) in self.permissions


def open_session(session: Session, services: Services, official_id: int) -> str:
    """Store a new session; returns its token."""
    token, now = codec.encode_bytes(services.random_bytes(_TOKEN_BYTES)), services.now()
    session.execute(delete(OfficialSession).where(OfficialSession.ends_at < now))
    session.add(
        OfficialSession(token_hash=_hash(token), official_id=official_id, idle_until=now + IDLE, ends_at=now + LONGEST)
    )
    return token


def find_session(services: Services, token: str) -> SignedIn | None:
    """Return whose session this is, or nobody; using it puts idleness off."""
    now = services.now()
    query = select(Official, OfficialSession.idle_until).join(OfficialSession)
    query = query.where(OfficialSession.token_hash == _hash(token), OfficialSession.idle_until > now)
    with services.database.reading() as session:
        row = session.execute(query.where(OfficialSession.ends_at > now, Official.removed.is_(False))).first()
    if row is None:
        return None
    official, idle_until = row
    if idle_until < now + IDLE - _RENEW:
        with services.database.writing() as session:
            held = session.get(OfficialSession, _hash(token))
            if held is not None:
                held.idle_until = now + IDLE
    return SignedIn(official.id, official.name, parse_roles(official.roles))


def close_session(services: Services, token: str) -> None:
    """Revoke a token."""
    with services.database.writing() as session:
        session.execute(delete(OfficialSession).where(OfficialSession.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(b"official session\n" + token.encode()).hexdigest()
