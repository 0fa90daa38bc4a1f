"""Signing in with the word of the site's identity provider: one account is one person, and so is one mailbox."""

from flask import make_response, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from participation.people.current import begin_session
from participation.people.models import Person, PersonAccount
from participation.people.sign_in import find_or_add, mail_key, open_session
from participation.ports import Account, Ports, current_ports
from participation.signatures.sealing import keyed_hash, seal

MAIL, OIDC = "mail", "oidc"


def welcome(account: Account, back: str) -> ResponseReturnValue:
    """Sign in whoever the provider vouched for, and lead back to a path of this site."""
    token = sign_in_by_provider(current_ports(), account)
    return begin_session(make_response(redirect(back, 303)), token)


def sign_in_by_provider(ports: Ports, account: Account) -> str:
    """Open a session for somebody whom the provider vouched for; returns the session's token.

    An account leads to the same person for ever, whatever address it has later. An account that comes for the first
    time belongs to whoever reads the mailbox that the provider vouches for, as a mailed code would say; without such
    an address the account itself is the person.
    """
    key = keyed_hash(ports, "person oidc", f"{account.issuer}\n{account.subject}").hex()
    with ports.database.writing() as session:
        return open_session(session, ports, _person(session, ports, key, account.mail))


def _person(session: Session, ports: Ports, key: str, mail: str) -> Person:
    query = select(Person).join(PersonAccount).where(PersonAccount.key == key).with_for_update()
    known = session.scalar(query)
    if known is not None:
        _take_mail(session, ports, known, mail)
        return known
    person = find_or_add(session, ports, MAIL if mail else OIDC, mail_key(ports, mail) if mail else key, mail)
    session.flush()
    try:
        with session.begin_nested():
            session.add(PersonAccount(key=key, person_id=person.id, added_at=ports.now()))
    except IntegrityError:  # the same account in another tab was quicker
        return session.scalars(query).one()
    return person


def _take_mail(session: Session, ports: Ports, person: Person, mail: str) -> None:
    """Give an address to a person without one, unless it is somebody's: a code to it is the same person then."""
    if person.sealed_mail or not mail:
        return
    try:
        with session.begin_nested():
            person.method, person.key, person.sealed_mail = MAIL, mail_key(ports, mail), seal(ports, mail)
    except IntegrityError:
        session.refresh(person)
