"""Officials' accounts: appointed by the operator, enrolled by themselves, signed in with password and authenticator."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_babel import gettext
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ballots import codec
from ballots.errors import EncodingError
from evote.admin.deeds import note
from evote.admin.models import NAME_LENGTH, Official, OfficialSession
from evote.admin.roles import Role, parse_roles
from evote.admin.secrets import (
    SALT_BYTES,
    TOTP_BYTES,
    hash_password,
    is_password,
    match_step,
    open_totp,
    seal_totp,
)
from evote.admin.sessions import open_session
from evote.errors import Conflict, LoginRefused, Malformed, NotFound
from evote.services import Services

ENROLMENT_LIFETIME = timedelta(days=3)
TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
OPERATOR, UNKNOWN = "(operator)", "(unknown)"
"""Who stands in the log where there is no account; what was typed as a name never does, it may be a password."""
_CODE_BYTES = 20
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Enrolment:
    """Somebody who is about to choose a password; `totp` is the authenticator's secret in base32."""

    official_id: int
    name: str
    totp: str


def add_official(services: Services, name: str, roles: tuple[Role, ...]) -> str:
    """Appoint an official; returns the one-time enrolment code, which is stored nowhere.

    Raises:
        Malformed: The name cannot be used, or there is no role.
        Conflict: Somebody has this name.
    """
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable() or name.startswith("("):
        raise Malformed(
            "Give the official a name of 1 to %(most)s characters that does not begin with “(”.", most=NAME_LENGTH
        )
    if not roles:
        raise Malformed("Give at least one --role: %(roles)s.", roles=", ".join(Role))
    code = codec.encode_bytes(services.random_bytes(_CODE_BYTES))
    now = services.now()
    with services.database.writing() as session:
        if session.scalar(select(Official.id).where(Official.name == name)) is not None:
            raise Conflict("There is an official of this name already; `official reset` gives a new enrolment code.")
        official = Official(name=name, roles=" ".join(sorted(roles)), locked_until=_LONG_AGO)
        _start_enrolment(services, official, code, now)
        session.add(official)
        given: codec.Json = [role.value for role in sorted(roles)]
        note(session, now, OPERATOR, "official-added", details={"name": name, "roles": given})
    return code


def reset_official(services: Services, name: str) -> str:
    """Take password, authenticator and sessions away and return a new enrolment code; for lost devices.

    Raises:
        NotFound: There is no such official.
    """
    code = codec.encode_bytes(services.random_bytes(_CODE_BYTES))
    with services.database.writing() as session:
        official = _require(session, name)
        official.password_hash, official.failures, official.locked_until = "", 0, _LONG_AGO
        _start_enrolment(services, official, code, services.now())
        session.execute(delete(OfficialSession).where(OfficialSession.official_id == official.id))
        note(session, services.now(), OPERATOR, "official-reset", details={"name": official.name})
    return code


def remove_official(services: Services, name: str) -> None:
    """Close an account for good; its name stays in the log and cannot be given again.

    Raises:
        NotFound: There is no such official.
    """
    with services.database.writing() as session:
        official = _require(session, name)
        official.removed, official.password_hash, official.enrolment_hash = True, "", ""
        session.execute(delete(OfficialSession).where(OfficialSession.official_id == official.id))
        note(session, services.now(), OPERATOR, "official-removed", details={"name": official.name})


def list_officials(services: Services) -> list[tuple[str, tuple[Role, ...], str]]:
    """Return (name, roles, state) of each; the state is enrolled, invited or removed."""
    with services.database.reading() as session:
        rows = session.scalars(select(Official).order_by(Official.name)).all()
    return [
        (row.name, parse_roles(row.roles), "removed" if row.removed else "enrolled" if row.password_hash else "invited")
        for row in rows
    ]


def find_enrolment(services: Services, code: str) -> Enrolment:
    """Return whose enrolment code this is.

    Raises:
        LoginRefused: Nobody's, or it is old or used up.
    """
    with services.database.reading() as session:
        official = _by_code(session, services, code)
        return Enrolment(official.id, official.name, open_totp(services.settings.secret_key, official.sealed_totp))


def enrol(services: Services, code: str, password: str, totp_code: str) -> None:
    """Set the password, after the authenticator has shown that it works; the enrolment code is used up.

    Raises:
        LoginRefused: The enrolment code or the authenticator's is wrong.
    """
    password_hash = hash_password(password, services.random_bytes(SALT_BYTES))
    with services.database.writing() as session:
        official = _by_code(session, services, code, lock=True)
        secret = open_totp(services.settings.secret_key, official.sealed_totp)
        step = match_step(secret, totp_code, services.now(), official.totp_step)
        if step is None:
            raise LoginRefused(gettext("This is not the code that the authenticator shows now. Check its clock."))
        official.password_hash, official.totp_step, official.enrolment_hash = password_hash, step, ""
        note(session, services.now(), official.name, "enrolled")


def sign_in(services: Services, name: str, password: str, totp_code: str) -> str:
    """Check name, password and code, and open a session; returns its secret token.

    The answer and the time it takes are the same whatever was wrong: name, password, code, or too many tries.

    Raises:
        LoginRefused: Something was wrong.
    """
    now, name = services.now(), name.strip()
    with services.database.reading() as session:
        stored = session.scalar(select(Official.password_hash).where(Official.name == name)) or ""
    fits = is_password(stored, password)
    with services.database.writing() as session:
        official = session.scalar(select(Official).where(Official.name == name).with_for_update())
        if official is not None:
            fits = fits and official.password_hash == stored and not official.removed
            secret = open_totp(services.settings.secret_key, official.sealed_totp)
            step = match_step(secret, totp_code, now, official.totp_step)
            if fits and step is not None and official.locked_until <= now:
                official.failures, official.totp_step = 0, step
                note(session, now, official.name, "signed-in")
                return open_session(session, services, official.id)
            _count_failure(session, official, now)
        note(session, now, UNKNOWN if official is None else official.name, "sign-in-refused")
    raise LoginRefused(
        gettext(
            "Name, password and code do not fit together, or there were too many tries. "
            "Check all three; after five wrong tries wait a quarter of an hour."
        )
    )


def _count_failure(session: Session, official: Official, now: datetime) -> None:
    if official.locked_until > now:
        return
    official.failures += 1
    if official.failures % TRIES == 0 and official.password_hash:
        official.locked_until = now + LOCKED_FOR
        note(session, now, official.name, "locked-out", details={"tries": official.failures})


def _require(session: Session, name: str) -> Official:
    official = session.scalar(select(Official).where(Official.name == name.strip()).with_for_update())
    if official is None or official.removed:
        raise NotFound("There is no such official. `python -m evote official list` shows them.")
    return official


def _start_enrolment(services: Services, official: Official, code: str, now: datetime) -> None:
    official.sealed_totp = seal_totp(services.settings.secret_key, services.random_bytes(TOTP_BYTES))
    official.totp_step = 0
    official.enrolment_hash, official.enrolment_until = _hash(services, code), now + ENROLMENT_LIFETIME


def _by_code(session: Session, services: Services, code: str, *, lock: bool = False) -> Official:
    query = select(Official).where(
        Official.enrolment_hash == _hash(services, code), Official.enrolment_until > services.now()
    )
    official = session.scalar(query.with_for_update() if lock else query)
    if official is None:
        raise LoginRefused(
            gettext("This enrolment code is wrong, used up, or older than three days. Ask the operator for a new one.")
        )
    return official


def _hash(services: Services, code: str) -> str:
    code = code.strip()
    try:
        codec.decode_bytes(code, _CODE_BYTES)
    except EncodingError:
        code = "not a code"
    return hmac.new(services.settings.secret_key, b"enrolment\n" + code.encode(), hashlib.sha256).hexdigest()
