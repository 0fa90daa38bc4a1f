"""Signing in with a code that is mailed; sessions."""

import hashlib
import hmac
from datetime import timedelta

import structlog
from flask_babel import gettext
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ballots import codec
from participation.errors import ParticipationError, Unacceptable
from participation.people.models import Person, PersonCode, PersonSession
from participation.ports import Ports
from participation.signatures.sealing import keyed_hash, seal, unseal
from participation.text import canonical_mail

_log = structlog.get_logger()
CODE_DIGITS = 8
CODE_LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(days=14)
ATTEMPTS = 5
CODES_AN_HOUR = 5
_HOUR = timedelta(hours=1)
_TOKEN_BYTES = 24


def request_code(ports: Ports, mail: str) -> None:
    """Mail a fresh code; beyond five an hour nothing is sent, and nobody is told.

    Args:
        ports: The ports.
        mail: An address, as `parse_mail` returned it.
    """
    key, now = mail_key(ports, mail), ports.now()
    code = f"{int.from_bytes(ports.random_bytes(8), 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}}"
    with ports.database.writing() as session:
        session.execute(delete(PersonCode).where(PersonCode.created_at < now - _HOUR))
        recent = session.scalar(select(func.count()).select_from(PersonCode).where(PersonCode.key == key)) or 0
        if recent >= CODES_AN_HOUR:
            return
        row = PersonCode(key=key, code_hash=_code_hash(ports, key, code), attempts_left=ATTEMPTS)
        row.created_at, row.expires_at = now, now + CODE_LIFETIME
        session.add(row)
        text = gettext(
            "Your one-time code is:\n\n%(code)s\n\nIt works once, for %(minutes)s minutes, on the page where you asked "
            "for it. If you did not ask for a code, you need not do anything.",
            code=f"{code[:4]} {code[4:]}",
            minutes=ports.write_number(int(CODE_LIFETIME.total_seconds() // 60)),
        )
        ports.put_mail(session, mail, gettext("Your one-time code"), text, CODE_LIFETIME)


def sign_in_by_code(ports: Ports, mail: str, code: str) -> str:
    """Use up a code and open a session; returns the session's token.

    Raises:
        Unacceptable: The code is wrong, old or used up.
    """
    key, now = mail_key(ports, mail), ports.now()
    digits = "".join(str(int(one)) for one in code if one.isdecimal())[: CODE_DIGITS + 1]
    given = _code_hash(ports, key, digits)
    with ports.database.writing() as session:
        query = select(PersonCode).where(
            PersonCode.key == key, PersonCode.expires_at > now, PersonCode.attempts_left > 0
        )
        usable = session.scalars(query.order_by(PersonCode.id.desc()).with_for_update()).all()
        fitting = [row for row in usable if hmac.compare_digest(given, row.code_hash)]
        if fitting:
            fitting[0].attempts_left = 0
            person = find_or_add(session, ports, "mail", key, mail)
            return open_session(session, ports, person)
        if usable:
            usable[0].attempts_left -= 1
    raise Unacceptable("This code is wrong, used up or too old. Check it, or ask for a new one.")


def find_or_add(session: Session, ports: Ports, method: str, key: str, mail: str) -> Person:
    """Return the person of a key, made if there is none yet."""
    query = select(Person).where(Person.key == key).with_for_update()
    person = session.scalar(query)
    if person is None:
        person = Person(method=method, key=key, language=ports.language(), joined_at=ports.now())
        person.sealed_mail = seal(ports, mail) if mail else b""
        try:
            with session.begin_nested():
                session.add(person)
        except IntegrityError:  # the same person in another tab was quicker
            return session.scalars(query).one()
    elif mail and not person.sealed_mail:  # barred, and erased since: only the key was kept
        person.sealed_mail = seal(ports, mail)
    return person


def open_session(session: Session, ports: Ports, person: Person) -> str:
    """Store a session; returns its token."""
    token, now = codec.encode_bytes(ports.random_bytes(_TOKEN_BYTES)), ports.now()
    session.flush()
    session.execute(delete(PersonSession).where(PersonSession.expires_at <= now))
    session.add(PersonSession(token_hash=_hash(token), person_id=person.id, expires_at=now + SESSION_LIFETIME))
    return token


def find_person(ports: Ports, token: str) -> Person | None:
    """Return who a token belongs to, if anybody."""
    query = select(Person).join(PersonSession, PersonSession.person_id == Person.id)
    with ports.database.reading() as session:
        person = session.scalar(
            query.where(PersonSession.token_hash == _hash(token), PersonSession.expires_at > ports.now())
        )
        session.expunge_all()
    return person


def close_session(ports: Ports, token: str) -> None:
    """Revoke a token."""
    with ports.database.writing() as session:
        session.execute(delete(PersonSession).where(PersonSession.token_hash == _hash(token)))


def mail_of(ports: Ports, person: Person) -> str:
    """Return a person's address; empty where none is known."""
    return str(unseal(ports, person.sealed_mail)) if person.sealed_mail else ""


def known_mail(ports: Ports, person: Person) -> str:
    """Return a person's address for a mail; empty where none is known or it cannot be read any more."""
    try:
        return mail_of(ports, person)
    except ParticipationError as error:  # sealed under another secret: that must not keep the others' mail back
        _log.error("address_unreadable", reason=str(error))
        return ""


def mail_key(ports: Ports, mail: str) -> str:
    """Return the key of whoever reads a mailbox."""
    return keyed_hash(ports, "person mail", canonical_mail(mail)).hex()


def _code_hash(ports: Ports, key: str, code: str) -> str:
    return keyed_hash(ports, "person code", f"{key}\n{code}").hex()


def _hash(token: str) -> str:
    return hashlib.sha256(b"person session\n" + token.encode()).hexdigest()
