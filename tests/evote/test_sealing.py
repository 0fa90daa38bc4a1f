"""What was sealed stays readable: each purpose has its own key, and none ever changes."""

import base64
import hmac
from hashlib import sha256

import pytest
from cryptography.fernet import Fernet, InvalidToken

from evote.admin.secrets import open_totp, seal_totp
from evote.sealing import cipher_for, derive_key

SECRET = b"a secret of the tests, 32 bytes long"


def key(purpose: bytes) -> bytes:
    """Derive by the words of RFC 5869, 2.2 and 2.3, with an empty salt and one block."""
    extracted = hmac.digest(bytes(32), SECRET, sha256)
    return hmac.digest(extracted, purpose + b"\1", sha256)


@pytest.mark.parametrize("purpose", ["evote outbox", "evote officials' authenticators", "evote message ids"])
def test_keys_are_those_of_rfc_5869(purpose: str) -> None:
    assert derive_key(SECRET, purpose) == key(purpose.encode())


def test_an_authenticator_that_was_sealed_before_opens() -> None:
    sealed = Fernet(base64.urlsafe_b64encode(key(b"evote officials' authenticators"))).encrypt(bytes(20))
    assert open_totp(SECRET, sealed) == base64.b32encode(bytes(20)).decode()


def test_no_purpose_opens_what_another_has_sealed() -> None:
    with pytest.raises(InvalidToken):
        cipher_for(SECRET, "evote outbox").decrypt(seal_totp(SECRET, bytes(20)))
