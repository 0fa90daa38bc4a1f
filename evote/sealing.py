"""Keys that are derived from the server's secret, one for each purpose, and what is encrypted with them at rest."""

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive_key(secret: bytes, purpose: str) -> bytes:
    """Return 32 bytes that tell nothing of the secret, nor of another purpose's key (HKDF, RFC 5869).

    A purpose's words never change: with other words nothing that was sealed can be opened.
    """
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)


def cipher_for(secret: bytes, purpose: str) -> Fernet:
    """Return the cipher of a purpose."""
    return Fernet(base64.urlsafe_b64encode(derive_key(secret, purpose)))
