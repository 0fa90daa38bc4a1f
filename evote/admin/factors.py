"""Signing in, and confirming that one is still there: a password and a second factor, or a passkey for both.

Whatever was wrong, the answer is the same sentence. Two things bound guessing, and neither lets strangers, who know
officials' names from the public log, keep somebody out who is signed in or has a passkey:

- At the door, wrong tries of password and code lock the name for a while; a passkey alone is no guess and still opens.
- Inside, wrong passwords and codes are counted in the session they come from, and end it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots import codec
from evote.admin.deeds import note
from evote.admin.models import Official, OfficialSession
from evote.admin.passkeys import CONFIRM, SECOND, SIGN_IN, PasskeyRefused, Signed, use_passkey, verify_passkey
from evote.admin.secrets import is_password, match_step, open_totp
from evote.admin.sessions import SignedIn, open_session
from evote.errors import EvoteError, LoginRefused
from evote.services import Services

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
UNKNOWN = "(unknown)"
"""Who stands in the log where there is no account; what was typed as a name never does, it may be a password."""


class SignedOut(EvoteError):
    """There were too many wrong tries in a session, and it has ended."""

    code = "signed_out"
    status = 403


@dataclass(frozen=True)
class Shown:
    """A second factor as the browser sent it; either may be empty.

    Attributes:
        code: Of the authenticator.
        passkey: What a passkey signed, JSON.
        bound_to: Which browser asked for it, as a hash.
        browser: How the browser names itself in a few words.
    """

    code: str = ""
    passkey: str = ""
    bound_to: str = ""
    browser: str = ""

    @property
    def way(self) -> codec.Json:
        """Name the second factor, for the log."""
        return {"with": "passkey" if self.passkey else "authenticator"}


def sign_in(services: Services, name: str, password: str, shown: Shown) -> str:
    """Check name, password and second factor, and open a session; returns its secret token.

    The answer and the time it takes are the same whatever was wrong: name, password, second factor, or too many tries.

    Raises:
        LoginRefused: Something was wrong.
    """
    now, name = services.now(), name.strip()
    with services.database.reading() as session:
        stored = session.scalar(select(Official.password_hash).where(Official.name == name)) or ""
    fits, signed = is_password(stored, password), _signed(services, SECOND, shown)
    with services.database.writing() as session:
        official = session.scalar(select(Official).where(Official.name == name).with_for_update())
        if official is not None:
            fits = fits and official.password_hash == stored
            if fits and _is_open(official, now) and _shows(session, services, official, shown, signed):
                official.failures = 0
                note(session, now, official.name, "signed-in", details=shown.way)
                return open_session(session, services, official.id, shown.browser, passkey=bool(shown.passkey))
            _count_failure(session, official, now)
        note(session, now, UNKNOWN if official is None else official.name, "sign-in-refused", details=shown.way)
    raise LoginRefused(
        gettext(
            "Name, password and code or passkey do not fit together, or there were too many tries. "
            "Check them all; after five wrong tries wait a quarter of an hour."
        )
    )


def sign_in_with_passkey(services: Services, shown: Shown) -> str:
    """Open a session for whoever's passkey this is: it stands for both factors, since it has verified its owner.

    Nobody can guess what a passkey signs, so it works on an account that is locked, and its refusals lock none.

    Raises:
        LoginRefused: It is nobody's, or did not verify its owner.
    """
    now = services.now()
    try:
        signed: Signed | None = verify_passkey(services, SIGN_IN, shown.passkey, shown.bound_to)
        official_id = signed.official_id if signed else None
    except PasskeyRefused as error:
        signed, official_id = None, error.official_id
    with services.database.writing() as session:
        official = session.get(Official, official_id, with_for_update=True) if official_id else None
        if official is not None:
            enrolled = bool(official.password_hash)
            if signed and enrolled and not official.removed and use_passkey(session, signed, now):
                note(session, now, official.name, "signed-in", details={"with": "passkey alone"})
                return open_session(session, services, official.id, shown.browser, passkey=True)
        who = UNKNOWN if official is None else official.name
        note(session, now, who, "sign-in-refused", details={"with": "passkey alone"})
    raise LoginRefused(
        gettext(
            "This passkey did not sign you in: it is not on an account here, was used without finger, face or PIN, "
            "or the page was open too long. Try once more, or use your password."
        )
    )


def confirm(services: Services, who: SignedIn, shown: Shown) -> None:
    """Take a second factor once more; for ten minutes the session then counts as fresh.

    Raises:
        LoginRefused: It is wrong.
        SignedOut: Too many were wrong; the session has ended.
    """
    now, signed = services.now(), _signed(services, CONFIRM, shown)
    with services.database.writing() as session:
        official = session.get_one(Official, who.official_id, with_for_update=True)
        held = session.get(OfficialSession, who.session_hash, with_for_update=True)
        if held and not official.removed and _shows(session, services, official, shown, signed):
            held.confirmed_at = now
            note(session, now, official.name, "confirmed", details=shown.way)
            return
        note(session, now, official.name, "confirmation-refused", details=shown.way)
        ended = held is None if shown.passkey else _count_wrong(session, held, official.name, now)
    if ended:
        raise _signed_out()
    raise LoginRefused(
        gettext("That was not your second factor. Nothing was done yet. Try again; five wrong codes sign you out.")
    )


def require_password(services: Services, who: SignedIn, password: str) -> None:
    """Check the password of somebody who is signed in.

    Raises:
        LoginRefused: It is wrong.
        SignedOut: Too many were wrong; the session has ended.
    """
    now = services.now()
    with services.database.reading() as session:
        stored = session.get_one(Official, who.official_id).password_hash
    fits = is_password(stored, password)
    with services.database.writing() as session:
        official = session.get_one(Official, who.official_id, with_for_update=True)
        held = session.get(OfficialSession, who.session_hash, with_for_update=True)
        if held and fits and official.password_hash == stored:
            return
        note(session, now, official.name, "password-refused")
        ended = _count_wrong(session, held, official.name, now)
    if ended:
        raise _signed_out()
    raise LoginRefused(gettext("This is not your present password. Try again; five wrong tries sign you out."))


def _count_failure(session: Session, official: Official, now: datetime) -> None:
    """Count a wrong try at the door; every fifth locks password and code out for a while."""
    if official.locked_until > now:
        return
    official.failures += 1
    if official.failures % TRIES == 0 and official.password_hash:
        official.locked_until = now + LOCKED_FOR
        note(session, now, official.name, "locked-out", details={"tries": official.failures})


def _count_wrong(session: Session, held: OfficialSession | None, name: str, now: datetime) -> bool:
    """Count a wrong try in the session that it came from; says whether that session has ended."""
    if held is None:
        return True
    held.failures += 1
    if held.failures < TRIES:
        return False
    session.delete(held)
    note(session, now, name, "session-ended", details={"tries": held.failures})
    return True


def _signed_out() -> SignedOut:
    return SignedOut(gettext("There were five wrong tries, so you are signed out. Nothing was done. Sign in again."))


def _signed(services: Services, purpose: str, shown: Shown) -> Signed | None:
    if not shown.passkey:
        return None
    try:
        return verify_passkey(services, purpose, shown.passkey, shown.bound_to)
    except PasskeyRefused:
        return None


def _is_open(official: Official, now: datetime) -> bool:
    return not official.removed and official.locked_until <= now


def _shows(session: Session, services: Services, official: Official, shown: Shown, signed: Signed | None) -> bool:
    """Say whether the second factor is this official's, and use it up."""
    if shown.passkey:
        mine = signed is not None and signed.official_id == official.id
        return mine and signed is not None and use_passkey(session, signed, services.now())
    secret = open_totp(services.settings.secret_key, official.sealed_totp)
    step = match_step(secret, shown.code, services.now(), official.totp_step)
    if step is None:
        return False
    official.totp_step = step
    return True
