"""Passkeys (WebAuthn, level 3): what they are asked to sign, and whether they have signed it.

Every passkey is discoverable, so that no page has to name somebody's passkeys before it knows who asks: nobody
finds out who has an account. A challenge is stored by its hash, for one purpose and one browser, and is gone with
the first answer, right or wrong.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ballots import codec
from evote.admin.deeds import note
from evote.admin.models import CREDENTIAL_LENGTH, Official, Passkey, PasskeyChallenge
from evote.admin.sessions import SignedIn
from evote.errors import Conflict, LoginRefused
from evote.services import Services
from evote.settings import Settings

ADD, SIGN_IN, SECOND, CONFIRM = "add", "sign-in", "second", "confirm"
"""Purposes: a new passkey; signing in with nothing else; beside the password; once more, for what cannot be undone."""
CHALLENGE_LIFETIME = timedelta(minutes=5)
MOST_PASSKEYS = 10
MOST_ANSWER = 16_384
_CHALLENGE_BYTES = 32
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError)
"""What the library raises, besides its own errors, on answers that no browser makes."""


@dataclass(frozen=True)
class PasskeyView:
    """A passkey, as its official sees it."""

    id: int
    name: str
    synced: bool
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Signed:
    """A challenge that a passkey has signed; its counter is not looked at yet: see `use_passkey`."""

    passkey_id: int
    official_id: int
    sign_count: int
    synced: bool


class PasskeyRefused(Exception):
    """An answer that proves nothing.

    Attributes:
        official_id: Whose passkey it names; nothing where it names nobody's.
    """

    def __init__(self, official_id: int | None = None) -> None:
        super().__init__("The passkey's answer proves nothing.")
        self.official_id = official_id


def passkeys_work(settings: Settings) -> bool:
    """Say whether browsers make passkeys for this site: it needs a name, and TLS or this very machine."""
    host = urlsplit(settings.base_url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return settings.secure or host == "localhost"
    return False


def addition_options(services: Services, official_id: int, bound_to: str) -> dict[str, Any]:
    """Return what the browser needs to make a passkey, as JSON has it."""
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    challenge = _make_challenge(services, ADD, bound_to)
    with services.database.reading() as session:
        official = session.get_one(Official, official_id)
        query = select(Passkey.credential_id).where(Passkey.official_id == official_id)
        held = [PublicKeyCredentialDescriptor(_bytes(one)) for one in session.scalars(query)]
    options = generate_registration_options(
        rp_id=_host(services.settings),
        rp_name=services.settings.site,
        user_name=official.name,
        user_id=_handle(services, official_id),
        challenge=challenge,
        timeout=int(CHALLENGE_LIFETIME.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=held,
    )
    return options_to_json_dict(options)


def signing_options(services: Services, purpose: str, bound_to: str) -> dict[str, Any]:
    """Return what the browser needs to let a passkey sign, as JSON has it: the same whoever asks."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import UserVerificationRequirement

    wanted = UserVerificationRequirement.REQUIRED if purpose == SIGN_IN else UserVerificationRequirement.PREFERRED
    options = generate_authentication_options(
        rp_id=_host(services.settings),
        challenge=_make_challenge(services, purpose, bound_to),
        timeout=int(CHALLENGE_LIFETIME.total_seconds() * 1000),
        user_verification=wanted,
    )
    return options_to_json_dict(options)


def add_passkey(services: Services, who: SignedIn, name: str, answer: str) -> None:
    """Store a passkey that the browser made, with its line in the log.

    Raises:
        LoginRefused: The answer does not fit the question, or the question is old.
        Conflict: There are too many, or it is there already.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers import parse_registration_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    settings = services.settings
    try:
        credential = parse_registration_credential_json(_short(answer))
        challenge = _take_challenge(services, ADD, who.session_hash, credential.response.client_data_json)
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(settings),
            expected_origin=_origin(settings),
        )
    except (WebAuthnException, PasskeyRefused, *_BROKEN):
        raise LoginRefused(
            gettext("The passkey could not be added: the page was open too long, or the browser gave it up. Try again.")
        ) from None
    identity = codec.encode_bytes(made.credential_id)
    with services.database.writing() as session:
        session.get_one(Official, who.official_id, with_for_update=True)
        if count_passkeys(session, who.official_id) >= MOST_PASSKEYS:
            raise Conflict(gettext("You have ten passkeys. Remove one that you no longer use first."))
        known = session.scalar(select(Passkey.id).where(Passkey.credential_id == identity))
        if known is not None or len(identity) > CREDENTIAL_LENGTH:
            raise Conflict(gettext("This passkey is on an account already."))
        row = Passkey(official_id=who.official_id, credential_id=identity, public_key=made.credential_public_key)
        row.sign_count, row.name, row.synced = made.sign_count, name, made.credential_backed_up
        row.added_at, row.used_at = services.now(), None
        session.add(row)
        note(session, services.now(), who.name, "passkey-added", details={"passkey": name})


def verify_passkey(services: Services, purpose: str, answer: str, bound_to: str) -> Signed:
    """Check what a passkey signed: challenge, origin, site, person, signature.

    For `SIGN_IN` its owner must also have been verified, by finger, face or PIN.

    Raises:
        PasskeyRefused: Something does not fit.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    known: Passkey | None = None
    try:
        credential = parse_authentication_credential_json(_short(answer))
        challenge = _take_challenge(services, purpose, bound_to, credential.response.client_data_json)
        identity = codec.encode_bytes(credential.raw_id)
        with services.database.reading() as session:
            known = session.scalar(select(Passkey).where(Passkey.credential_id == identity))
        if known is None or not _is_handle(services, known.official_id, credential.response.user_handle):
            raise PasskeyRefused(known.official_id if known else None)
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(services.settings),
            expected_origin=_origin(services.settings),
            credential_public_key=known.public_key,
            credential_current_sign_count=0,
            require_user_verification=purpose == SIGN_IN,
        )
    except (WebAuthnException, *_BROKEN):
        raise PasskeyRefused(known.official_id if known else None) from None
    return Signed(known.id, known.official_id, verified.new_sign_count, verified.credential_backed_up)


def use_passkey(session: Session, signed: Signed, now: datetime) -> bool:
    """Note that a passkey was used; says no where it is gone, or where its counter stands still as a copy's would.

    The counter: WebAuthn, 6.1.1.
    """
    row = session.get(Passkey, signed.passkey_id, with_for_update=True, populate_existing=True)
    if row is None or ((row.sign_count or signed.sign_count) and signed.sign_count <= row.sign_count):
        return False
    row.sign_count, row.synced, row.used_at = signed.sign_count, signed.synced, now
    return True


def list_passkeys(services: Services, official_id: int) -> Sequence[PasskeyView]:
    """Return an official's passkeys, the oldest first."""
    with services.database.reading() as session:
        rows = session.scalars(select(Passkey).where(Passkey.official_id == official_id).order_by(Passkey.id)).all()
    return [PasskeyView(row.id, row.name, row.synced, row.added_at, row.used_at) for row in rows]


def count_passkeys(session: Session, official_id: int) -> int:
    """Return how many passkeys an official has."""
    return session.scalar(select(func.count()).select_from(Passkey).where(Passkey.official_id == official_id)) or 0


def _make_challenge(services: Services, purpose: str, bound_to: str) -> bytes:
    challenge, now = services.random_bytes(_CHALLENGE_BYTES), services.now()
    row = PasskeyChallenge(challenge_hash=_hash(challenge), purpose=purpose, bound_to=bound_to)
    row.expires_at = now + CHALLENGE_LIFETIME
    with services.database.writing() as session:
        session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < now))
        session.add(row)
    return challenge


def _take_challenge(services: Services, purpose: str, bound_to: str, client_data: bytes) -> bytes:
    """Use a challenge up; it does not come back, whatever the answer is worth."""
    challenge = _bytes(json.loads(client_data)["challenge"])
    mine = (PasskeyChallenge.challenge_hash == _hash(challenge), PasskeyChallenge.bound_to == bound_to)
    fitting = (PasskeyChallenge.purpose == purpose, PasskeyChallenge.expires_at > services.now())
    with services.database.writing() as session:
        taken = session.execute(delete(PasskeyChallenge).where(*mine, *fitting).returning(PasskeyChallenge.purpose))
        if taken.first() is None:
            raise PasskeyRefused
    return challenge


def _handle(services: Services, official_id: int) -> bytes:
    """Return what a passkey knows its official by: neither name nor number, and the same for all of them."""
    return hmac.new(services.settings.secret_key, f"passkey\n{official_id}".encode(), hashlib.sha256).digest()


def _is_handle(services: Services, official_id: int, handle: bytes | None) -> bool:
    return handle is not None and hmac.compare_digest(_handle(services, official_id), handle)


def _host(settings: Settings) -> str:
    return urlsplit(settings.base_url).hostname or ""


def _origin(settings: Settings) -> str:
    """Return the site's origin as browsers write it: without the port that goes without saying."""
    parts = urlsplit(settings.base_url)
    plain = parts.port is None or (parts.scheme, parts.port) in (("https", 443), ("http", 80))
    return f"{parts.scheme}://{parts.hostname}" + ("" if plain else f":{parts.port}")


def _hash(challenge: bytes) -> str:
    return hashlib.sha256(b"passkey challenge\n" + challenge).hexdigest()


def _bytes(text: str) -> bytes:
    from webauthn import base64url_to_bytes

    return base64url_to_bytes(text)


def _short(answer: str) -> str:
    if len(answer) > MOST_ANSWER:
        raise PasskeyRefused
    return answer
