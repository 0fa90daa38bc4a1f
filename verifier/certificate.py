"""The key's certificate and the trustees' verification keys (section 3).

What passes here makes every later equation binding: n is a product of two primes, each above 2^128, and the n-th power
is one-to-one. So a ciphertext has one plaintext, and nobody, not even the maker of the key, can open it to another.
"""

from collections.abc import Sequence
from math import factorial

import gmpy2
from gmpy2 import mpz

from . import codec
from .arithmetic import is_unit
from .errors import Refused
from .key import KeyDocument, Modulus, Root

SMALL_PRIMES_BELOW = 2**16
FERMAT_STEPS = 128
LEAST_BITS = 2048
EXPAND_SLACK_BITS = 128
SIZE_CHALLENGE_BITS = 2048
CHALLENGE_BITS = 128


def check_length(modulus: Modulus, allow_test_keys: bool) -> None:
    """Check that n is long enough for an election in earnest.

    Raises:
        Refused: it is a test key, and test keys are not allowed.
    """
    if modulus.bits < LEAST_BITS and not allow_test_keys:
        raise Refused(
            f"the modulus has {modulus.bits} bits, but an election in earnest needs {LEAST_BITS} at least. "
            "If this is a test, say so with --allow-test-keys"
        )


def check_basics(modulus: Modulus) -> None:
    """Check what can be seen of n alone.

    Raises:
        Refused: the modulus must not be used.
    """
    n = modulus.n
    if n.bit_length() != modulus.bits or modulus.bits % 16:
        raise Refused(f"the modulus has {n.bit_length()} bits, not the {modulus.bits} that it should have")
    if n % 4 != 1:
        raise Refused("the modulus does not leave 1 when divided by 4")
    if gmpy2.is_square(n):
        raise Refused("the modulus is a square")
    if not is_unit(gmpy2.primorial(SMALL_PRIMES_BELOW), n):
        raise Refused("the modulus has a prime factor below 2^16")
    if gmpy2.powmod(2, n - 1, n) == 1:
        raise Refused("the modulus looks like a prime: 2^(n-1) is 1")
    middle = gmpy2.isqrt(n) + 1
    if any(gmpy2.is_square((middle + step) ** 2 - n) for step in range(FERMAT_STEPS)):
        # The page does not speak of it, but a modulus that anybody can factor hides no vote.
        raise Refused("the modulus is a product of two numbers so close that anybody can find them (Fermat)")


def is_computable(modulus: Modulus) -> bool:
    """Say whether the other parts of the certificate can be computed at all, right or wrong."""
    return bool(modulus.n & 1) and not gmpy2.is_square(modulus.n)


def hashed_number(modulus: Modulus, tag: str, **more: int) -> mpz:
    """Return the number modulo n that section 3 derives from n by a tag, and by an index if one is given."""
    value: dict[str, codec.Json] = {"n": modulus.encode(modulus.n), **more}
    return codec.expand(tag, value, modulus.bits + EXPAND_SLACK_BITS) % modulus.n


def _least_nonresidue(n: mpz) -> int:
    for w in range(2, SMALL_PRIMES_BELOW):
        if gmpy2.jacobi(w, n) == -1:
            return w
    raise Refused("no small number has Jacobi symbol -1 for this modulus, which no honest modulus shows")


def check_roots(modulus: Modulus, roots: Sequence[Root], first: int) -> list[str]:
    """Check some of the published roots, the first of them being number `first`.

    The modulus must have passed the basics, so that the least number of Jacobi symbol -1 is soon found.

    Returns:
        A sentence for each root that is wrong.
    """
    n = modulus.n
    odd_part = (n - 1) >> gmpy2.bit_scan1(n - 1)
    exponent, w = 2 * n * odd_part, _least_nonresidue(n)
    wrong = []
    for number, root in enumerate(roots, first):
        y = hashed_number(modulus, "evote/1/root", i=number)
        if not is_unit(y, n) or not is_unit(root.x, n):
            wrong.append(f"root {number} is not a unit")
        elif gmpy2.powmod(root.x, exponent, n) != (-1) ** root.a * w**root.b * y % n:
            wrong.append(f"root {number} is no root of the number that it must be a root of")
    return wrong


def check_sizes(key: KeyDocument) -> None:
    """Check the proof that both primes are above 2^128.

    Raises:
        Refused: one of the responses does not fit; the text says which.
    """
    modulus, n = key.modulus, key.modulus.n
    commitments: codec.Json = [modulus.encode(size.commitment) for size in key.sizes]
    value = {"n": modulus.encode(n), "A": commitments}
    challenges = codec.expand("evote/1/size-challenge", value, SIZE_CHALLENGE_BITS)
    for number, size in enumerate(key.sizes):
        shift = SIZE_CHALLENGE_BITS - CHALLENGE_BITS * (number + 1)
        challenge = challenges >> shift & ((1 << CHALLENGE_BITS) - 1)
        base = gmpy2.powmod(hashed_number(modulus, "evote/1/size", i=number), 2, n)
        if not is_unit(size.commitment, n) or not is_unit(base, n):
            raise Refused(f"commitment {number} of the size proof is not a unit")
        if gmpy2.powmod(base, size.z, n) != size.commitment * gmpy2.powmod(base, n * challenge, n) % n:
            raise Refused(f"response {number} of the size proof is wrong")


def share_base(modulus: Modulus) -> mpz:
    """Return v, the base of the trustees' verification keys."""
    return gmpy2.powmod(hashed_number(modulus, "evote/1/v"), 2, modulus.n)


def interpolation(members: Sequence[int], at: int, delta: int) -> list[int]:
    """Return delta times the Lagrange coefficients of `members` for the value at `at`; they are integers."""
    coefficients = []
    for j in members:
        above, below = delta, 1
        for i in members:
            if i != j:
                above *= i - at
                below *= i - j
        coefficients.append(above // below)
    return coefficients


def check_shares(key: KeyDocument, threshold: int) -> None:
    """Check that all verification keys lie on one polynomial through the decryption exponent.

    Raises:
        Refused: there are fewer than the threshold, one is no unit, or one does not fit the others.
    """
    n, total = key.modulus.n, len(key.trustees)
    if total < threshold:
        raise Refused(f"the key has {total} trustees, but {threshold} are needed to open the count")
    values = [trustee.v for trustee in key.trustees]
    v = share_base(key.modulus)
    for number, value in enumerate([v, *values]):
        if not is_unit(value, n):
            raise Refused("v is not a unit" if number == 0 else f"the verification key of trustee {number} is no unit")
    delta, members = factorial(total), range(1, threshold + 1)
    for trustee in (0, *range(threshold + 1, total + 1)):
        product = mpz(1)
        for value, power in zip(values, interpolation(members, trustee, delta), strict=False):
            product = product * gmpy2.powmod(value, power, n) % n
        if trustee == 0 and gmpy2.powmod(product, n, n) != gmpy2.powmod(v, delta, n):
            raise Refused(f"the verification keys of trustees 1 to {threshold} do not hold the decryption exponent")
        if trustee and product != gmpy2.powmod(values[trustee - 1], delta, n):
            raise Refused(f"the verification key of trustee {trustee} does not fit the others")
