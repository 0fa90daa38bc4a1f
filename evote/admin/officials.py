"""Officials' accounts: appointed by the operator or a site admin, enrolled by themselves."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_babel import gettext
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ballots import codec
from ballots.errors import EncodingError
from evote.admin.deeds import note
from evote.admin.models import NAME_LENGTH, Assignment, Draft, Official, Passkey
from evote.admin.roles import FOR_ONE_ELECTION, Role, parse_roles
from evote.admin.secrets import SALT_BYTES, TOTP_BYTES, hash_password, match_step, open_totp, seal_totp
from evote.admin.sessions import end_sessions
from evote.elections.models import Election
from evote.errors import Conflict, LoginRefused, Malformed, NotFound
from evote.services import Services

ENROLMENT_LIFETIME = timedelta(days=3)
OPERATOR = "(operator)"
"""Who stands in the log for commands at the server."""
_CODE_BYTES = 20
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Enrolment:
    """Somebody who is about to choose a password; `totp` is the authenticator's secret in base32."""

    official_id: int
    name: str
    totp: str


@dataclass(frozen=True)
class OfficialView:
    """An account as whoever appoints sees it.

    Attributes:
        roles: On the whole site.
        assigned: {election's or draft's id: roles for it}.
        state: enrolled, invited or removed.
        passkeys: How many there are.
        authenticator: Whether there is one.
    """

    id: int
    name: str
    roles: tuple[Role, ...]
    assigned: Mapping[str, tuple[Role, ...]]
    state: str
    passkeys: int
    authenticator: bool


def add_official(
    services: Services, name: str, roles: Iterable[Role], elections: Sequence[str] = (), by: str = OPERATOR
) -> str:
    """Appoint an official; returns the one-time enrolment code, which is stored nowhere.

    Args:
        services: The application's parts.
        name: By which the person signs in, and stands in the log.
        roles: For the whole site, or for the elections where some are given.
        elections: Ids of elections or drafts; the roles then hold for these alone.
        by: Who appoints, for the log.

    Raises:
        Malformed: The name cannot be used, there is no role, or one cannot be given for single elections.
        Conflict: Somebody has this name.
        NotFound: There is no such election.
    """
    name, roles = name.strip(), tuple(sorted(set(roles)))
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
        official = Official(name=name, roles="" if elections else " ".join(roles), locked_until=_LONG_AGO)
        _start_enrolment(services, official, code, now)
        session.add(official)
        session.flush()
        given: codec.Json = [] if elections else [role.value for role in roles]
        note(session, now, by, "official-added", details={"name": name, "roles": given})
        for election_id in elections:
            for role in roles:
                _assign(session, now, official, election_id, role, by)
    return code


def assign_official(services: Services, name: str, election_id: str, role: Role, by: str = OPERATOR) -> None:
    """Give an official a role for one election, or one draft; giving it twice changes nothing.

    Raises:
        NotFound: There is no such official, or no such election.
        Malformed: The role is not one for single elections.
    """
    with services.database.writing() as session:
        _assign(session, services.now(), _require(session, name), election_id, role, by)


def withdraw_official(services: Services, name: str, election_id: str, role: Role, by: str = OPERATOR) -> None:
    """Take a role for one election away.

    Raises:
        NotFound: There is no such official, or no such assignment.
    """
    with services.database.writing() as session:
        official = _require(session, name)
        row = session.get(Assignment, (official.id, election_id, role.value))
        if row is None:
            raise NotFound("This official does not have this role for this election.")
        session.delete(row)
        details: codec.Json = {"name": official.name, "roles": [role.value]}
        note(session, services.now(), by, "official-withdrawn", election_id, details)


def change_roles(services: Services, name: str, roles: Iterable[Role], by: str = OPERATOR) -> None:
    """Replace the roles that an official has on the whole site; there may be none.

    Raises:
        NotFound: There is no such official.
    """
    given = sorted(set(roles))
    with services.database.writing() as session:
        official = _require(session, name)
        if official.roles == " ".join(given):
            return
        official.roles = " ".join(given)
        details: codec.Json = {"name": official.name, "roles": [role.value for role in given]}
        note(session, services.now(), by, "official-roles", details=details)


def reset_official(services: Services, name: str, by: str = OPERATOR) -> str:
    """Take password, authenticator, passkeys and sessions away and return a new enrolment code; for lost devices.

    Raises:
        NotFound: There is no such official.
    """
    code = codec.encode_bytes(services.random_bytes(_CODE_BYTES))
    with services.database.writing() as session:
        official = _require(session, name)
        official.password_hash, official.failures, official.locked_until = "", 0, _LONG_AGO
        _start_enrolment(services, official, code, services.now())
        end_sessions(session, official.id)
        session.execute(delete(Passkey).where(Passkey.official_id == official.id))
        note(session, services.now(), by, "official-reset", details={"name": official.name})
    return code


def remove_official(services: Services, name: str, by: str = OPERATOR) -> None:
    """Close an account for good; its name stays in the log and cannot be given again.

    Raises:
        NotFound: There is no such official.
    """
    with services.database.writing() as session:
        official = _require(session, name)
        official.removed, official.password_hash, official.enrolment_hash = True, "", ""
        end_sessions(session, official.id)
        session.execute(delete(Passkey).where(Passkey.official_id == official.id))
        session.execute(delete(Assignment).where(Assignment.official_id == official.id))
        note(session, services.now(), by, "official-removed", details={"name": official.name})


def list_officials(services: Services) -> list[OfficialView]:
    """Return all accounts by name."""
    with services.database.reading() as session:
        rows = session.scalars(select(Official).order_by(Official.name)).all()
        assigned: dict[int, dict[str, list[Role]]] = {}
        for one in session.scalars(select(Assignment).order_by(Assignment.election_id, Assignment.role)):
            assigned.setdefault(one.official_id, {}).setdefault(one.election_id, []).append(Role(one.role))
        passkeys = list(session.scalars(select(Passkey.official_id)))
    return [
        OfficialView(
            id=row.id,
            name=row.name,
            roles=parse_roles(row.roles),
            assigned={key: tuple(roles) for key, roles in assigned.get(row.id, {}).items()},
            state="removed" if row.removed else "enrolled" if row.password_hash else "invited",
            passkeys=passkeys.count(row.id),
            authenticator=bool(row.sealed_totp),
        )
        for row in rows
    ]


def assigned_to(services: Services, election_id: str) -> dict[str, list[Role]]:
    """Return {name: roles} of the officials who have a role for just this election."""
    query = select(Official.name, Assignment.role).join(Assignment, Assignment.official_id == Official.id)
    query = query.where(Assignment.election_id == election_id, Official.removed.is_(False))
    found: dict[str, list[Role]] = {}
    with services.database.reading() as session:
        for name, role in session.execute(query.order_by(Assignment.role)):
            found.setdefault(name, []).append(Role(role))
    return found


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


def _assign(session: Session, now: datetime, official: Official, election_id: str, role: Role, by: str) -> None:
    if role not in FOR_ONE_ELECTION:
        raise Malformed(
            "The role %(role)s holds for the whole site only; for single elections there are: %(roles)s.",
            role=role.value,
            roles=", ".join(FOR_ONE_ELECTION),
        )
    if session.get(Election, election_id) is None and session.get(Draft, election_id) is None:
        raise NotFound("There is no such election.")
    if session.get(Assignment, (official.id, election_id, role.value)) is not None:
        return
    session.add(Assignment(official_id=official.id, election_id=election_id, role=role.value))
    session.flush()
    note(session, now, by, "official-assigned", election_id, {"name": official.name, "roles": [role.value]})


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
            gettext("This enrolment code is wrong, used up, or older than three days. Ask for a new one.")
        )
    return official


def _hash(services: Services, code: str) -> str:
    code = code.strip()
    try:
        codec.decode_bytes(code, _CODE_BYTES)
    except EncodingError:
        code = "not a code"
    return hmac.new(services.settings.secret_key, b"enrolment\n" + code.encode(), hashlib.sha256).hexdigest()
