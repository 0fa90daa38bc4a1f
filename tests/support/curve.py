"""Ed25519 with all its corners (RFC 8032, section 6), to make what only lax checkers accept. Slow; for tests."""

import hashlib

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, FIELD) % FIELD
_ROOT_OF_MINUS_ONE = pow(2, (FIELD - 1) // 4, FIELD)

Point = tuple[int, int]
NEUTRAL: Point = (0, 1)


def add(one: Point, other: Point) -> Point:
    """Add two points of −x² + y² = 1 + d·x²·y²."""
    (x1, y1), (x2, y2) = one, other
    tilt = _D * x1 * x2 * y1 * y2 % FIELD
    x = (x1 * y2 + y1 * x2) * pow(1 + tilt, -1, FIELD)
    y = (y1 * y2 + x1 * x2) * pow(1 - tilt, -1, FIELD)
    return x % FIELD, y % FIELD


def multiply(scalar: int, point: Point) -> Point:
    """Add a point so many times."""
    result = NEUTRAL
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def lift(y: int, sign: int) -> Point | None:
    """Return the point with this y and this lowest bit of x, if there is one."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if (x * x - square) % FIELD:
        x = x * _ROOT_OF_MINUS_ONE % FIELD
    if (x * x - square) % FIELD:
        return None
    return (FIELD - x if x & 1 != sign and x else x), y % FIELD


def encode(point: Point) -> bytes:
    """Encode a point in its one canonical form."""
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def decode(data: bytes) -> Point:
    """Decode a canonical encoding."""
    number = int.from_bytes(data, "little")
    point = lift(number & (1 << 255) - 1, number >> 255)
    assert point is not None
    return point


BASE = decode(bytes.fromhex("58" + "66" * 31))


def small_order_points() -> list[Point]:
    """Return the eight points whose order divides the cofactor 8; the first is neutral."""
    y = 2
    while True:
        point = lift(y, 0)
        if point is not None:
            torsion = multiply(ORDER, point)
            if multiply(4, torsion) != NEUTRAL:
                return [multiply(times, torsion) for times in range(8)]
        y += 1


def secret_scalar(seed: bytes) -> int:
    """Return the secret scalar of a seed (RFC 8032, section 5.1.5)."""
    half = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return half & ((1 << 254) - 8) | 1 << 254


def challenge(encoded_r: bytes, public: bytes, message: bytes) -> int:
    """Return k = SHA-512(R ‖ A ‖ M) modulo the group's order."""
    return int.from_bytes(hashlib.sha512(encoded_r + public + message).digest(), "little") % ORDER


def sign_with(scalar: int, nonce: int, encoded_r: bytes, public: bytes, message: bytes) -> bytes:
    """Sign with any scalar, any nonce, and any encoding of R and of the public key."""
    answer = (nonce + challenge(encoded_r, public, message) * scalar) % ORDER
    return encoded_r + answer.to_bytes(32, "little")
