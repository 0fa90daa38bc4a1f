"""The certificate that n is what decryption certificates need it to be (section 3).

*Roots* follow Goldberg, Reyzin, Sagga and Baldimtsi, "Efficient Noninteractive Certification of
RSA Moduli and Beyond" (ePrint 2018/057); *size* is a proof that p + q − 1 is short, so that
neither prime is small. Every base comes from ``expand``: nobody picks one.
"""

from collections.abc import Sequence
from typing import Annotated

import gmpy2
import msgspec
from gmpy2 import mpz

from ballots import codec
from ballots.errors import CertificateError, EncodingError
from ballots.paillier import PublicKey
from ballots.proofs import RandomBits

ROOTS = 128
SIZES = 16
SMALL_PRIMES_BELOW = 1 << 16
FERMAT_STEPS = 128

Bit = Annotated[int, msgspec.Meta(ge=0, le=1)]


class Root(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """x^(2nu) ≡ (−1)^a·w^b·y_i (mod n)."""

    a: Bit
    b: Bit
    x: str


class Size(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A Schnorr answer for g_i^(p+q−1) = g_i^n."""

    A: str
    z: str


class Certificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """128 roots and 16 size proofs; about 82 kB of JSON at 3072 bits."""

    roots: list[Root]
    size: list[Size]


def make_certificate(p: int, q: int, random_bits: RandomBits) -> Certificate:
    """Make the certificate of n = p·q for safe primes p, q.

    Args:
        p: A safe prime.
        q: Another, of equal length.
        random_bits: The source of randomness.
    """
    key = PublicKey(mpz(p) * mpz(q))
    sizes = _make_sizes(key, mpz(p) + mpz(q) - 1, random_bits)
    return Certificate(_make_roots(key, mpz(p), mpz(q)), sizes)


def verify_certificate(key: PublicKey, modulus_bits: int, certificate: Certificate) -> None:
    """Check basics, roots and size.

    Raises:
        CertificateError: The message names the part that fails.
    """
    check_basics(key, modulus_bits)
    if len(certificate.roots) != ROOTS or len(certificate.size) != SIZES:
        raise CertificateError(
            "The certificate must have %(roots)s roots and %(sizes)s size proofs.", roots=ROOTS, sizes=SIZES
        )
    try:
        _verify_roots(key, certificate.roots)
        _verify_sizes(key, certificate.size)
    except EncodingError as error:
        raise CertificateError("The certificate is malformed. %(error)s", error=error) from None


def check_basics(key: PublicKey, modulus_bits: int) -> None:
    """Check length, residue, squareness, small factors and compositeness of n, and that its primes are not close.

    Closeness is tried for by a few steps of Fermat's method: it goes further than the page, which does not
    speak of it, because a modulus that anybody can factor hides no vote.

    Raises:
        CertificateError: One of them fails.
    """
    n = key.n
    if n.bit_length() != modulus_bits:
        raise CertificateError(
            "The modulus has %(bits)s bits instead of %(modulus_bits)s.", bits=n.bit_length(), modulus_bits=modulus_bits
        )
    if n % 4 != 1:
        raise CertificateError("The modulus is not 1 modulo 4.")
    if gmpy2.is_square(n):
        raise CertificateError("The modulus is a square.")
    if gmpy2.gcd(n, gmpy2.primorial(SMALL_PRIMES_BELOW)) != 1:
        raise CertificateError("The modulus has a prime factor below 2^16.")
    if gmpy2.powmod(2, n - 1, n) == 1:
        raise CertificateError("The modulus looks prime.")
    middle = gmpy2.isqrt(n) + 1
    if any(gmpy2.is_square((middle + step) ** 2 - n) for step in range(FERMAT_STEPS)):
        raise CertificateError("The modulus is a product of two numbers so close that anybody can find them.")


def _root_exponent(n: mpz) -> tuple[mpz, int]:
    """Return 2·n·u with u the odd part of n−1, and w, the least integer ≥ 2 of Jacobi symbol −1."""
    odd, _ = gmpy2.remove(n - 1, mpz(2))
    least = 2
    while gmpy2.jacobi(least, n) != -1:
        least += 1
        if least == SMALL_PRIMES_BELOW:
            raise CertificateError("The modulus has no small number of Jacobi symbol −1.")
    return 2 * n * odd, least


def _target(key: PublicKey, index: int) -> mpz:
    return mpz(codec.expand("root", {"n": key.text, "i": index}, key.bits + 128)) % key.n


def _make_roots(key: PublicKey, p: mpz, q: mpz) -> list[Root]:
    exponent, least = _root_exponent(key.n)
    order = (p - 1) // 2 * ((q - 1) // 2)
    inverse = gmpy2.invert(exponent, order)
    roots = []
    for index in range(ROOTS):
        target = _target(key, index)
        for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
            candidate = (-1) ** a * least**b * target % key.n
            if gmpy2.jacobi(candidate, p) == 1 == gmpy2.jacobi(candidate, q):
                roots.append(Root(a, b, key.encode_residue(gmpy2.powmod(candidate, inverse, key.n))))
                break
    return roots


def _verify_roots(key: PublicKey, roots: Sequence[Root]) -> None:
    exponent, least = _root_exponent(key.n)
    for index, root in enumerate(roots):
        target = _target(key, index)
        if not key.is_unit(target):
            raise CertificateError("Root %(index)s of the certificate has no unit to be the root of.", index=index)
        expected = (-1) ** root.a * least**root.b * target % key.n
        if gmpy2.powmod(key.decode_residue(root.x), exponent, key.n) != expected:
            raise CertificateError("Root %(index)s of the certificate does not hold.", index=index)


def _size_base(key: PublicKey, index: int) -> mpz:
    return (mpz(codec.expand("size", {"n": key.text, "i": index}, key.bits + 128)) % key.n) ** 2 % key.n


def _size_challenges(key: PublicKey, commitments: Sequence[str]) -> list[int]:
    stream = codec.expand("size-challenge", {"n": key.text, "A": list(commitments)}, SIZES * codec.CHALLENGE_BITS)
    data = stream.to_bytes(SIZES * 16, "big")
    return [int.from_bytes(data[start : start + 16], "big") for start in range(0, len(data), 16)]


def _size_width(key: PublicKey) -> int:
    return -(-(key.bits // 2 + 258) // 8)


def _make_sizes(key: PublicKey, short: mpz, random_bits: RandomBits) -> list[Size]:
    masks = [random_bits(key.bits // 2 + 257) for _ in range(SIZES)]
    commitments = [
        key.encode_residue(gmpy2.powmod(_size_base(key, index), mask, key.n)) for index, mask in enumerate(masks)
    ]
    answers = [mask + e * int(short) for mask, e in zip(masks, _size_challenges(key, commitments), strict=True)]
    width = _size_width(key)
    return [
        Size(commitment, codec.encode_number(answer, width))
        for commitment, answer in zip(commitments, answers, strict=True)
    ]


def _verify_sizes(key: PublicKey, sizes: Sequence[Size]) -> None:
    n = key.n
    challenges = _size_challenges(key, [size.A for size in sizes])
    for index, (size, challenge) in enumerate(zip(sizes, challenges, strict=True)):
        answer = codec.decode_number(size.z, _size_width(key))
        if answer >= 1 << (key.bits // 2 + 258):
            raise CertificateError("Size proof %(index)s has an answer that is too long.", index=index)
        base = _size_base(key, index)
        right = key.decode_residue(size.A) * gmpy2.powmod(base, n * challenge, n) % n
        if gmpy2.powmod(base, answer, n) != right:
            raise CertificateError("Size proof %(index)s does not hold: a prime factor may be small.", index=index)
