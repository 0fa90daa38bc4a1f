"""Officials' sessions: their own cookie, apart from the voters'; ended by sign-out, by idleness, and in any case."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ballots import codec
from evote.admin.models import Assignment, Official, OfficialSession
from evote.admin.roles import Permission, Role, parse_roles, permissions_of
from evote.services import Services

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
FRESH = timedelta(minutes=10)
"""For how long a second factor counts for acts that cannot be undone."""
_RENEW = timedelta(minutes=1)
_TOKEN_BYTES = 32
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SignedIn:
    """The official behind a request.

    Attributes:
        roles: Held on the whole site.
        assigned: {election's or draft's id: roles held for it}.
        election_id: Which election the request is about; empty where it is about none.
        session_hash: Names the session among the official's own; no secret.
        confirmed_at: When a second factor was last shown in this session.
    """

    official_id: int
    name: str
    roles: tuple[Role, ...]
    assigned: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    election_id: str = ""
    session_hash: str = ""
    confirmed_at: datetime = _LONG_AGO

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the roles allow, for the election that the request is about."""
        return self.permissions_for(self.election_id)

    def permissions_for(self, election_id: str) -> frozenset[Permission]:
        """Return what the roles allow for an election, or a draft; without an id, for the site."""
        return permissions_of({*self.roles, *self.assigned.get(election_id, ())})

    def may(self, permission: str, election_id: str = "") -> bool:
        """Say whether the roles allow something, for the election of the request or another one."""
        return Permission(permission) in self.permissions_for(election_id or self.election_id)

    def may_somewhere(self, permission: str) -> bool:
        """Say whether the roles allow something for any election at all."""
        held = {*self.roles, *(role for roles in self.assigned.values() for role in roles)}
        return Permission(permission) in permissions_of(held)


@dataclass(frozen=True)
class Ended:
    """Whose session has ended by itself."""

    official_id: int
    name: str


@dataclass(frozen=True)
class OwnSession:
    """A session, as its official sees it.

    Attributes:
        hash: Names it; no secret.
        browser: Program and system as the browser named itself.
        passkey: Whether it began with a passkey.
        used_at: Roughly: to the minute.
    """

    hash: str
    browser: str
    passkey: bool
    began_at: datetime
    used_at: datetime


def open_session(
    session: Session, services: Services, official_id: int, browser: str = "", *, passkey: bool = False
) -> str:
    """Store a new session, of somebody who has just shown a second factor; returns its token."""
    token, now = codec.encode_bytes(services.random_bytes(_TOKEN_BYTES)), services.now()
    session.execute(delete(OfficialSession).where(OfficialSession.ends_at < now))
    session.add(
        OfficialSession(
            token_hash=_hash(token),
            official_id=official_id,
            began_at=now,
            confirmed_at=now,
            browser=browser,
            passkey=passkey,
            idle_until=now + IDLE,
            ends_at=now + LONGEST,
        )
    )
    return token


def find_session(services: Services, token: str, election_id: str = "") -> SignedIn | None:
    """Return whose session this is, or nobody; using it puts idleness off.

    Args:
        services: The application's parts.
        token: From the cookie.
        election_id: Of the election, or draft, that the request is about.
    """
    now = services.now()
    query = select(Official, OfficialSession).join(OfficialSession)
    query = query.where(OfficialSession.token_hash == _hash(token), OfficialSession.idle_until > now)
    with services.database.reading() as session:
        row = session.execute(query.where(OfficialSession.ends_at > now, Official.removed.is_(False))).first()
        if row is None:
            return None
        official, held = row
        given = session.scalars(select(Assignment).where(Assignment.official_id == official.id)).all()
    if held.idle_until < now + IDLE - _RENEW:
        with services.database.writing() as session:
            kept = session.get(OfficialSession, held.token_hash)
            if kept is not None:
                kept.idle_until = now + IDLE
    assigned: dict[str, frozenset[Role]] = {}
    for one in given:
        assigned[one.election_id] = assigned.get(one.election_id, frozenset()) | {Role(one.role)}
    roles = parse_roles(official.roles)
    return SignedIn(official.id, official.name, roles, assigned, election_id, held.token_hash, held.confirmed_at)


def find_ended(services: Services, token: str) -> Ended | None:
    """Return whose session has ended by itself; nobody where it still runs, was revoked, or is forgotten."""
    now = services.now()
    query = select(Official, OfficialSession).join(OfficialSession).where(OfficialSession.token_hash == _hash(token))
    with services.database.reading() as session:
        row = session.execute(query.where(Official.removed.is_(False))).first()
        if row is None:
            return None
        official, held = row
        over = held.idle_until <= now or held.ends_at <= now
        return Ended(official.id, official.name) if over else None


def list_sessions(services: Services, official_id: int) -> Sequence[OwnSession]:
    """Return an official's sessions that still run, the latest first."""
    now = services.now()
    query = select(OfficialSession).where(OfficialSession.official_id == official_id)
    query = query.where(OfficialSession.idle_until > now, OfficialSession.ends_at > now)
    with services.database.reading() as session:
        rows = session.scalars(query.order_by(OfficialSession.began_at.desc(), OfficialSession.token_hash)).all()
    return [OwnSession(row.token_hash, row.browser, row.passkey, row.began_at, row.idle_until - IDLE) for row in rows]


def close_session(services: Services, token: str) -> None:
    """Revoke a token."""
    with services.database.writing() as session:
        session.execute(delete(OfficialSession).where(OfficialSession.token_hash == _hash(token)))


def end_sessions(session: Session, official_id: int, *, but: str = "", only: str = "") -> None:
    """End an official's sessions: all, all `but` one, or `only` one; both are hashes of tokens."""
    query = delete(OfficialSession).where(OfficialSession.official_id == official_id)
    query = query.where(OfficialSession.token_hash != but)
    session.execute(query.where(OfficialSession.token_hash == only) if only else query)


def describe_browser(user_agent: str) -> str:
    """Return program and system of a browser in a few words, like `Firefox, Android`; empty where it does not say."""
    programs = (
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrom", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    found = [next((name for mark, name in known if mark in user_agent), "") for known in (programs, systems)]
    return ", ".join(filter(None, found))


def _hash(token: str) -> str:
    return hashlib.sha256(b"official session\n" + token.encode()).hexdigest()
