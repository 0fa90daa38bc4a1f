"""Credential codes, the keys they derive, and the short codes people compare (section 6)."""

import re

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ballots import codec
from ballots.errors import CredentialError
from ballots.signatures import SigningKey

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
CODE_BITS = 100
CHECK_MODULUS = 1021
_UPPER = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)  # str.upper() also makes S of ſ, SS of ß
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_SEPARATORS = re.compile(r"[\s\-]+")


def new_code(random_number: int) -> str:
    """Turn a random number below 2^100 into a printed code of 20 and 2 check characters.

    Returns:
        Groups of five joined by hyphens, the check characters last: ``XXXXX-XXXXX-XXXXX-XXXXX-CC``.
    """
    if not 0 <= random_number < 1 << CODE_BITS:
        raise CredentialError("A credential is made of 100 random bits.")
    return f"{_grouped(_base32(random_number, 20))}-{_base32(random_number % CHECK_MODULUS, 2)}"


def parse_code(text: str) -> str:
    """Return the 20 characters of a typed code, after its check characters have been checked.

    Case, spaces and hyphens are ignored; I and L are read as 1, O as 0.

    Raises:
        CredentialError: A wrong length, an impossible character, or a typing mistake.
    """
    characters = _SEPARATORS.sub("", text).translate(_UPPER).translate(_LOOKALIKES)
    wrong = sorted({character for character in characters if character not in ALPHABET})
    if wrong:
        raise CredentialError("The code holds characters that no code has: %(characters)s.", characters=" ".join(wrong))
    if len(characters) != 22:
        raise CredentialError("The code has %(count)s characters; it should have 22.", count=len(characters))
    if _number(characters[:20]) % CHECK_MODULUS != _number(characters[20:]):
        raise CredentialError("The code is mistyped: its last two characters do not match the others.")
    return characters[:20]


def credential_key(code: str, manifest_hash: bytes) -> SigningKey:
    """Derive the voter's signing key from a typed code (HKDF-SHA256, RFC 5869).

    Raises:
        CredentialError: As :func:`parse_code`.
    """
    derivation = HKDF(SHA256(), length=32, salt=manifest_hash, info=b"evote/1/credential")
    return SigningKey.from_seed(derivation.derive(parse_code(code).encode("ascii")))


def short_code(digest: bytes) -> str:
    """Show the first 125 bits of a hash as 25 characters in fives joined by hyphens."""
    return _grouped(_base32(int.from_bytes(digest[:16], "big") >> 3, 25))


def short_tracker(tracker: str) -> str:
    """Show a tracker (base64url of 32 bytes) the way people compare it."""
    return short_code(codec.decode_bytes(tracker, codec.HASH_BYTES))


def voter_number(public: str) -> str:
    """Show the number of a credential's public key, printed beside the code."""
    return short_code(codec.digest("voter", {"voter": public}))


def _base32(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def _number(characters: str) -> int:
    number = 0
    for character in characters:
        number = number * 32 + ALPHABET.index(character)
    return number


def _grouped(characters: str) -> str:
    return "-".join(characters[start : start + 5] for start in range(0, len(characters), 5))
