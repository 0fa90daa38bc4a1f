"""What officials do with their own accounts: password, authenticator, passkeys, sessions. All of it is logged."""

from typing import NoReturn

from flask_babel import gettext
from sqlalchemy import delete
from sqlalchemy.orm import Session

from evote.admin import passkeys
from evote.admin.deeds import note
from evote.admin.factors import require_password
from evote.admin.models import Official, Passkey
from evote.admin.secrets import SALT_BYTES, TOTP_BYTES, hash_password, match_step, open_totp, seal_totp
from evote.admin.sessions import SignedIn, end_sessions
from evote.errors import Conflict, LoginRefused, NotFound
from evote.services import Services


def change_password(services: Services, who: SignedIn, present: str, new: str) -> None:
    """Replace the password; other sessions end.

    Raises:
        LoginRefused: The present password is wrong, or there were too many tries.
    """
    require_password(services, who, present)
    password_hash = hash_password(new, services.random_bytes(SALT_BYTES))
    with services.database.writing() as session:
        session.get_one(Official, who.official_id, with_for_update=True).password_hash = password_hash
        end_sessions(session, who.official_id, but=who.session_hash)
        note(session, services.now(), who.name, "password-changed")


def new_authenticator(services: Services) -> bytes:
    """Return a fresh secret for an authenticator, sealed: it counts once a code of it was shown."""
    return seal_totp(services.settings.secret_key, services.random_bytes(TOTP_BYTES))


def change_authenticator(services: Services, who: SignedIn, sealed: bytes, code: str) -> None:
    """Put a new authenticator in the place of the old one, after it has shown that it works.

    Raises:
        LoginRefused: The code is not one of it.
    """
    step = match_step(open_totp(services.settings.secret_key, sealed), code, services.now(), 0)
    if step is None:
        raise LoginRefused(gettext("This is not the code that the authenticator shows now. Check its clock."))
    with services.database.writing() as session:
        official = session.get_one(Official, who.official_id, with_for_update=True)
        official.sealed_totp, official.totp_step = sealed, step
        note(session, services.now(), who.name, "authenticator-changed")


def remove_authenticator(services: Services, who: SignedIn) -> None:
    """Do without an authenticator.

    Raises:
        Conflict: There is no passkey, so nothing would remain.
    """
    with services.database.writing() as session:
        official = session.get_one(Official, who.official_id, with_for_update=True)
        if not passkeys.count_passkeys(session, official.id):
            _nothing_would_remain()
        official.sealed_totp = b""
        note(session, services.now(), who.name, "authenticator-removed")


def rename_passkey(services: Services, who: SignedIn, passkey_id: int, name: str) -> None:
    """Give a passkey another name.

    Raises:
        NotFound: It is not one of this official's.
    """
    with services.database.writing() as session:
        _own(session, who, passkey_id).name = name
        note(session, services.now(), who.name, "passkey-renamed", details={"passkey": name})


def remove_passkey(services: Services, who: SignedIn, passkey_id: int) -> None:
    """Remove a passkey.

    Raises:
        NotFound: It is not one of this official's.
        Conflict: It is the last second factor.
    """
    with services.database.writing() as session:
        official = session.get_one(Official, who.official_id, with_for_update=True)
        row = _own(session, who, passkey_id)
        if not official.sealed_totp and passkeys.count_passkeys(session, official.id) == 1:
            _nothing_would_remain()
        session.execute(delete(Passkey).where(Passkey.id == row.id))
        note(session, services.now(), who.name, "passkey-removed", details={"passkey": row.name})


def end_session(services: Services, who: SignedIn, session_hash: str) -> None:
    """End one of the official's sessions, or all where the hash is empty."""
    with services.database.writing() as session:
        end_sessions(session, who.official_id, only=session_hash)
        note(session, services.now(), who.name, "session-ended" if session_hash else "signed-out-everywhere")


def _own(session: Session, who: SignedIn, passkey_id: int) -> Passkey:
    row = session.get(Passkey, passkey_id)
    if row is None or row.official_id != who.official_id:
        raise NotFound(gettext("You have no such passkey."))
    return row


def _nothing_would_remain() -> NoReturn:
    raise Conflict(
        gettext("This is your last second factor: without it nobody could sign in. Add another one, then remove this.")
    )
