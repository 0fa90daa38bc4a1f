"""Personal data at rest: encrypted under a key of its own that the site's secret gives."""

import hmac
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ballots import codec
from participation.errors import ParticipationError
from participation.ports import Ports

_NONCE_BYTES = 12


def seal(ports: Ports, value: codec.Json) -> bytes:
    """Encrypt a value of the protocol's part of JSON (AES-256-GCM, a random nonce in front)."""
    nonce = ports.random_bytes(_NONCE_BYTES)
    return nonce + _cipher(ports.secret_key).encrypt(nonce, codec.encode_canonical(value), None)


def unseal(ports: Ports, sealed: bytes) -> codec.Json:
    """Decrypt.

    Raises:
        ParticipationError: It was sealed under another secret, or is damaged.
    """
    try:
        data = _cipher(ports.secret_key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except InvalidTag:
        raise ParticipationError("This was stored under another secret key of the site and cannot be read.") from None
    return codec.parse_canonical(data)


def keyed_hash(ports: Ports, word: str, text: str) -> bytes:
    """Return a hash of a text that only this site can make, for the use that the word names; 32 bytes."""
    return hmac.digest(_subkey(ports.secret_key, word), text.encode("utf-8"), "sha256")


@lru_cache(maxsize=64)
def _subkey(secret: bytes, word: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=f"evote signatures {word}".encode()).derive(secret)


@lru_cache(maxsize=4)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(_subkey(secret, "sealing"))
