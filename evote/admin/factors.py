"""Signing in, and confirming that one is still there: a password and a second factor, or a passkey for both.

Whatever was wrong, the answer is the same sentence, and wrong tries of every kind count towards one lock-out.
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
from evote.errors import LoginRefused
from evote.services import Services

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
UNKNOWN = "(unknown)"
"""Who stands in the log where there is no account; what was typed as a name never does, it may be a password."""


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
            count_failure(session, official, now)
        note(session, now, UNKNOWN if official is None else official.name, "sign-in-refused", details=shown.way)
    raise LoginRefused(
        gettext(
            "Name, password and code or passkey do not fit together, or there were too many tries. "
            "Check them all; after five wrong tries wait a quarter of an hour."
        )
    )


def sign_in_with_passkey(services: Services, shown: Shown) -> str:
    """Open a session for whoever's passkey this is: it stands for both factors, since it has verified its owner.

    Raises:
        LoginRefused: It is nobody's, or did not verify its owner, or there were too many tries.
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
            if signed and enrolled and _is_open(official, now) and use_passkey(session, signed, now):
                official.failures = 0
                note(session, now, official.name, "signed-in", details={"with": "passkey alone"})
                return open_session(session, services, official.id, shown.browser, passkey=True)
            count_failure(session, official, now)
        who = UNKNOWN if official is None else official.name
        note(session, now, who, "sign-in-refused", details={"with": "passkey alone"})
    raise LoginRefused(
        gettext(
            "This passkey did not sign you in: it is not on an account here, the page was open too long, or there "
            "were too many tries. Try once more, or use your password. "
            "After five wrong tries wait a quarter of an hour."
        )
    )


def confirm(services: Services, who: SignedIn, shown: Shown) -> None:
    """Take a second factor once more; for ten minutes the session then counts as fresh.

    Raises:
        LoginRefused: It is wrong, or there were too many tries.
    """
    now, signed = services.now(), _signed(services, CONFIRM, shown)
    with services.database.writing() as session:
        official = session.get_one(Official, who.official_id, with_for_update=True)
        held = session.get(OfficialSession, who.session_hash)
        if held and _is_open(official, now) and _shows(session, services, official, shown, signed):
            official.failures, held.confirmed_at = 0, now
            note(session, now, official.name, "confirmed", details=shown.way)
            return
        count_failure(session, official, now)
        note(session, now, official.name, "confirmation-refused", details=shown.way)
    raise LoginRefused(
        gettext(
            "That was not your second factor, or there were too many tries. Nothing was done yet. "
            "Try again; after five wrong tries wait a quarter of an hour."
        )
    )


def require_password(services: Services, who: SignedIn, password: str) -> None:
    """Check the password of somebody who is signed in.

    Raises:
        LoginRefused: It is wrong, or there were too many tries.
    """
    now = services.now()
    with services.database.reading() as session:
        stored = session.get_one(Official, who.official_id).password_hash
    fits = is_password(stored, password)
    with services.database.writing() as session:
        official = session.get_one(Official, who.official_id, with_for_update=True)
        if fits and official.password_hash == stored and _is_open(official, now):
            official.failures = 0
            return
        count_failure(session, official, now)
        note(session, now, official.name, "password-refused")
    raise LoginRefused(
        gettext(
            "This is not your present password, or there were too many tries. "
            "After five wrong tries wait a quarter of an hour."
        )
    )


def count_failure(session: Session, official: Official, now: datetime) -> None:
    """Count a wrong try; every fifth locks the account for a while."""
    if official.locked_until > now:
        return
    official.failures += 1
    if official.failures % TRIES == 0 and official.password_hash:
        official.locked_until = now + LOCKED_FOR
        note(session, now, official.name, "locked-out", details={"tries": official.failures})


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
