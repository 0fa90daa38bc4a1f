"""Ed25519 by the strict rules of section 2: canonical keys of prime order, S below L, R compared as bytes.

OpenSSL computes the equation and compares R as bytes, without cofactor. It accepts keys in spellings that are not
canonical and keys of small or mixed order, so keys are judged here, once each, before anything signed by them is.
Source of the formulas: RFC 8032, section 5.1; Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited".
"""

import secrets
from collections.abc import Iterable, Sequence
from functools import lru_cache

import gmpy2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from gmpy2 import mpz

from .codec import HASH_BYTES, Json, decode_bytes, tagged_hash
from .errors import Malformed, Refused

FIELD = mpz(2**255 - 19)
ORDER = mpz(2**252 + 27742317777372353535851937790883648493)
D = -121665 * gmpy2.invert(121666, FIELD) % FIELD
TWICE_D = 2 * D % FIELD
ROOT_OF_MINUS_ONE = gmpy2.powmod(2, (FIELD - 1) // 4, FIELD)
KEY_BYTES, SIGNATURE_BYTES = 32, 64

FEW_KEYS = 64
"""Up to so many keys are quicker judged one by one."""
CHUNK_BITS = 8
CHUNKS = 128 // CHUNK_BITS

Affine = tuple[mpz, mpz]
Extended = tuple[mpz, mpz, mpz, mpz]
NEUTRAL: Extended = (mpz(0), mpz(1), mpz(1), mpz(0))


def _decompress(key: bytes) -> Affine:
    """Return the point that 32 bytes stand for, in their only spelling (RFC 8032, 5.1.3)."""
    sign, y = key[31] >> 7, mpz.from_bytes(key, "little") & ((1 << 255) - 1)
    if y >= FIELD:
        raise Malformed("the key is not in canonical form (y is not below the field's prime)")
    above, below = (y * y - 1) % FIELD, (D * y * y + 1) % FIELD
    x = above * below**3 * gmpy2.powmod(above * below**7, (FIELD - 5) // 8, FIELD) % FIELD
    if (below * x * x - above) % FIELD:
        x = x * ROOT_OF_MINUS_ONE % FIELD
    if (below * x * x - above) % FIELD:
        raise Malformed("the key is no point of the curve")
    if x == 0 and sign:
        raise Malformed("the key is not in canonical form (a sign on x = 0)")
    return (FIELD - x if (x & 1) != sign else x), y


def _add(p: Extended, q: Extended) -> Extended:
    """Add two points; complete, so doubling and the neutral element need no case of their own."""
    x1, y1, z1, t1 = p
    x2, y2, z2, t2 = q
    a, b = (y1 - x1) * (y2 - x2) % FIELD, (y1 + x1) * (y2 + x2) % FIELD
    c, d = t1 * TWICE_D % FIELD * t2 % FIELD, 2 * z1 * z2 % FIELD
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def _is_neutral(p: Extended) -> bool:
    return p[0] % FIELD == 0 and (p[1] - p[2]) % FIELD == 0


def _times(p: Extended, scalar: int) -> Extended:
    product = NEUTRAL
    for bit in bin(scalar)[2:]:
        product = _add(product, product)
        if bit == "1":
            product = _add(product, p)
    return product


def _extended(p: Affine) -> Extended:
    return p[0], p[1], mpz(1), p[0] * p[1] % FIELD


def _has_no_torsion(points: Sequence[Extended]) -> bool:
    """Say whether L times every point is neutral; a wrong yes has a chance of 2^-128.

    The sums of 128 random subsets are looked at. If one point has a torsion part, each sum is free of it with a chance
    of one half at most. The subsets are summed in chunks of eight, by buckets: 16 additions a point.
    """
    for _ in range(CHUNKS):
        patterns = secrets.token_bytes(len(points))
        buckets = [NEUTRAL] * (1 << CHUNK_BITS)
        for point, pattern in zip(points, patterns, strict=True):
            buckets[pattern] = _add(buckets[pattern], point)
        for subset in range(CHUNK_BITS):
            total = NEUTRAL
            for pattern, bucket in enumerate(buckets):
                if pattern >> subset & 1:
                    total = _add(total, bucket)
            if not _is_neutral(_times(total, ORDER)):
                return False
    return True


def _with_torsion(numbered: list[tuple[int, Extended]]) -> list[int]:
    if len(numbered) <= FEW_KEYS:
        return [number for number, point in numbered if not _is_neutral(_times(point, ORDER))]
    if _has_no_torsion([point for _, point in numbered]):
        return []
    half = len(numbered) // 2
    return _with_torsion(numbered[:half]) + _with_torsion(numbered[half:])


def faulty_keys(keys: Iterable[str]) -> dict[int, str]:
    """Judge many public keys, given as base64url text.

    Returns:
        The number of each key that must not be used, with the reason: not 32 bytes, not canonical, not on the curve,
        or not of prime order. Empty when all are good.
    """
    faults: dict[int, str] = {}
    points: list[tuple[int, Extended]] = []
    for number, key in enumerate(keys):
        try:
            point = _extended(_decompress(decode_bytes(key, KEY_BYTES)))
        except Malformed as reason:
            faults[number] = str(reason)
            continue
        if _is_neutral(point):
            faults[number] = "the key is the neutral point, which signs anything"
        else:
            points.append((number, point))
    for number in _with_torsion(points):
        faults[number] = "the key is not of prime order"
    return faults


@lru_cache(maxsize=4096)
def _is_sound(key: str) -> bool:
    return not faulty_keys([key])


def verify_bytes(key: str, message: bytes, signature: bytes) -> None:
    """Check a signature over raw bytes by a key that `faulty_keys` has found good.

    Raises:
        Refused: it is not this key's signature over this message.
    """
    if len(signature) != SIGNATURE_BYTES or int.from_bytes(signature[32:], "little") >= ORDER:
        raise Refused("the signature's second half is not below the group's order")
    try:
        Ed25519PublicKey.from_public_bytes(decode_bytes(key, KEY_BYTES)).verify(signature, message)
    except InvalidSignature:
        raise Refused("the signature is not this key's signature over this content") from None
    except ValueError:
        raise Refused("the key is no Ed25519 key") from None


def verify(key: str, tag: str, value: Json, signature: str) -> None:
    """Check a signature of section 2, over the 32 bytes of H(tag, value), and the key itself.

    Raises:
        Refused: the key must not be used, or the signature is not its signature over this value.
    """
    if not _is_sound(key):
        raise Refused("the signing key is not a canonical Ed25519 key of prime order")
    verify_hash(key, tagged_hash(tag, value), signature)


def verify_hash(key: str, digest: bytes, signature: str) -> None:
    """Check a signature over 32 bytes by a key that `faulty_keys` has found good.

    Raises:
        Refused: it is not this key's signature over these bytes.
    """
    if len(digest) != HASH_BYTES:
        raise Refused("what is signed is not a hash of 32 bytes")
    try:
        signed = decode_bytes(signature, SIGNATURE_BYTES)
    except Malformed as reason:
        raise Refused(f"the signature is malformed: {reason}") from None
    verify_bytes(key, digest, signed)
