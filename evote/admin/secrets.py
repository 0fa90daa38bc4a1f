"""Passwords and the codes of authenticators: how they are stored and compared."""

import base64
import hmac
import threading
import unicodedata
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from evote.sealing import cipher_for

LEAST_CHARACTERS, MOST_CHARACTERS = 12, 200
SALT_BYTES = 16
TOTP_BYTES = 20
TOTP_DIGITS = 6
_STEP_SECONDS = 30
_AUTHENTICATORS = "evote officials' authenticators"
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_ROOM = threading.BoundedSemaphore(2)
"""Each comparison takes 64 MiB: strangers who guess must not take them all at once."""
_NOBODYS = _HASHER.hash("nobody has this password", salt=bytes(SALT_BYTES))


def hash_password(password: str, salt: bytes) -> str:
    """Hash a password with Argon2id (RFC 9106, second recommended option).

    Args:
        password: What the person typed.
        salt: 16 random bytes.
    """
    with _ROOM:
        return _HASHER.hash(_normal(password), salt=salt)


def is_password(password_hash: str, password: str) -> bool:
    """Compare; without a hash as much work is done, so that time does not tell who has an account."""
    with _ROOM:
        try:
            _HASHER.verify(password_hash or _NOBODYS, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return bool(password_hash)


def seal_totp(secret_key: bytes, totp: bytes) -> bytes:
    """Encrypt an authenticator's secret for storage."""
    return cipher_for(secret_key, _AUTHENTICATORS).encrypt(totp)


def open_totp(secret_key: bytes, sealed: bytes) -> str:
    """Return a stored authenticator's secret, as base32; empty for somebody without one.

    Raises:
        InvalidToken: It was sealed with another secret key.
    """
    return base64.b32encode(cipher_for(secret_key, _AUTHENTICATORS).decrypt(sealed)).decode("ascii") if sealed else ""


def totp_address(secret: str, name: str, site: str) -> str:
    """Return the otpauth:// address that an authenticator scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=site)


def match_step(secret: str, code: str, now: datetime, after: int) -> int | None:
    """Return the 30-second step whose code this is, or nothing (RFC 6238, 5.2).

    Args:
        secret: base32; no code fits an empty one.
        code: What the person typed.
        now: The present; one step before and one after are taken too.
        after: Only later steps count, so that no code works twice.
    """
    digits = "".join(str(int(character)) for character in code[:20] if character.isdecimal())
    present, found = int(now.timestamp()) // _STEP_SECONDS, None
    if not secret:
        return None
    for step in (present + 1, present, present - 1):
        right = pyotp.TOTP(secret, digits=TOTP_DIGITS).at(step * _STEP_SECONDS)
        if hmac.compare_digest(right.encode(), digits.encode()) and step > after:
            found = step
    return found


def _normal(password: str) -> str:
    """Return a password as it is hashed: the same on each keyboard (RFC 8265, OpaqueString)."""
    return unicodedata.normalize("NFC", password)
