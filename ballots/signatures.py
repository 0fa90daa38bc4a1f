"""Ed25519 with the strict rules of section 2: one public key has one spelling, one signature one meaning.

OpenSSL (behind ``cryptography``) already demands S < L and compares R as bytes, without cofactor.
What it lets through, public keys that are spelled twice or not of prime order, libsodium's
point check refuses here.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from nacl.bindings import crypto_core_ed25519_is_valid_point

from ballots import codec
from ballots.errors import EncodingError, SignatureRefused

KEY_BYTES = 32
SIGNATURE_BYTES = 64


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 key pair; its seed never appears in ``repr``."""

    _key: Ed25519PrivateKey

    @classmethod
    def from_seed(cls, seed: bytes) -> "SigningKey":
        """Make the key of a 32-byte seed."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes, for sealing in a file."""
        return self._key.private_bytes_raw()

    @property
    def public(self) -> str:
        """The public key, base64url."""
        return codec.encode_bytes(self.public_bytes)

    @property
    def public_bytes(self) -> bytes:
        """The public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, tag: str, value: codec.Json) -> str:
        """Sign the 32 bytes of ``H(tag, value)``; returns base64url of 64 bytes."""
        return codec.encode_bytes(self.sign_bytes(codec.digest(tag, value)))

    def sign_bytes(self, message: bytes) -> bytes:
        """Sign raw bytes, as checkpoints need (C2SP signed-note); returns 64 bytes."""
        return self._key.sign(message)

    def __repr__(self) -> str:
        """Show the public half only."""
        return f"SigningKey(public={self.public!r})"


def check_public_key(public: codec.Json) -> bytes:
    """Return the 32 bytes of a canonical public key of prime order.

    Raises:
        SignatureRefused: Not base64url of 32 bytes, not canonical, not on the curve, or of
            small or mixed order.
    """
    try:
        key = codec.decode_bytes(public, KEY_BYTES)
    except EncodingError as error:
        raise SignatureRefused("A public key is malformed: %(error)s", error=error) from None
    if not crypto_core_ed25519_is_valid_point(key):
        raise SignatureRefused("A public key is not a canonical Ed25519 key of prime order.")
    return key


def verify(public: codec.Json, tag: str, value: codec.Json, signature: codec.Json) -> None:
    """Check a signature over ``H(tag, value)``.

    Raises:
        SignatureRefused: The key or the signature is not acceptable, or does not fit.
    """
    try:
        raw = codec.decode_bytes(signature, SIGNATURE_BYTES)
    except EncodingError as error:
        raise SignatureRefused("A signature is malformed: %(error)s", error=error) from None
    verify_bytes(check_public_key(public), codec.digest(tag, value), raw)


def verify_bytes(public: bytes, message: bytes, signature: bytes) -> None:
    """Check a raw signature under a public key that has passed :func:`check_public_key`.

    Raises:
        SignatureRefused: It does not fit.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise SignatureRefused("A signature does not fit its key and content.") from None
