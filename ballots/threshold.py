"""Sharing the decryption exponent and opening ciphertexts by root extraction (section 3).

C ≡ R^n (mod n): the randomness of a ciphertext is an n-th root of it. The exponent
D = n^(−1) mod p'q' is shared by Shoup's scheme ("Practical Threshold Signatures",
EUROCRYPT 2000) with public exponent n. (M, R) is then a certificate that anyone can check.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial, prod

import gmpy2
from gmpy2 import mpz

from ballots import codec
from ballots.errors import CertificateError, EncodingError, TallyError
from ballots.paillier import PublicKey
from ballots.proofs import RandomBits


@dataclass(frozen=True)
class PartContext:
    """What a partial's proof is bound to: the trustee and the intent it serves."""

    election: str
    trustee: int
    size: int
    root: str
    counted: str


@dataclass(frozen=True)
class Part:
    """One trustee's contribution to opening one ciphertext: x_i and its proof (e, z)."""

    value: mpz
    challenge: int
    response: int


def share_secret(p: int, q: int, total: int, quorum: int, random_bits: RandomBits) -> list[int]:
    """Share D = n^(−1) mod p'q' among ``total`` trustees, ``quorum`` of whom suffice.

    Args:
        p: A safe prime.
        q: Another.
        total: N.
        quorum: k.
        random_bits: The source of randomness.

    Returns:
        The shares s_1 … s_N, below p'q'.
    """
    order = mpz(p - 1) // 2 * (mpz(q - 1) // 2)
    coefficients = [gmpy2.invert(mpz(p) * q, order)]
    coefficients += [mpz(random_bits(order.bit_length() + 128)) % order for _ in range(quorum - 1)]
    return [
        int(sum(coefficient * index**degree for degree, coefficient in enumerate(coefficients)) % order)
        for index in range(1, total + 1)
    ]


def verification_base(key: PublicKey) -> mpz:
    """Return v = expand("v", {n}, |n|+128)² mod n."""
    return mpz(codec.expand("v", {"n": key.text}, key.bits + 128)) ** 2 % key.n


def share_key(key: PublicKey, share: int) -> mpz:
    """Return v_i = v^(s_i) mod n, which a trustee compares with the key document."""
    return gmpy2.powmod(verification_base(key), share, key.n)


def verify_share_keys(key: PublicKey, share_keys: Sequence[mpz], quorum: int) -> None:
    """Check that all share keys lie on one polynomial of degree k−1 whose value at 0 is D.

    Args:
        key: The election's key.
        share_keys: v_1 … v_N, units modulo n.
        quorum: k.

    Raises:
        CertificateError: The first k do not give D, or a later one does not fit; the message names it.
    """
    n, total = key.n, len(share_keys)
    signers = range(1, quorum + 1)
    expected = gmpy2.powmod(verification_base(key), factorial(total), n)

    def interpolate(at: int) -> mpz:
        weights = _lagrange(signers, at, total)
        return prod((gmpy2.powmod(share_keys[j - 1], weights[j], n) for j in signers), start=mpz(1)) % n

    if gmpy2.powmod(interpolate(0), n, n) != expected:
        raise CertificateError("The share keys do not belong to this modulus.")
    for trustee in range(quorum + 1, total + 1):
        if gmpy2.powmod(share_keys[trustee - 1], factorial(total), n) != interpolate(trustee):
            raise CertificateError("The share key of trustee %(trustee)s does not fit the others.", trustee=trustee)


def make_part(
    key: PublicKey,
    context: PartContext,
    total: int,
    share: int,
    ciphertext: mpz,
    share_bits: int,
    random_bits: RandomBits,
) -> Part:
    """Compute x_i = x^(2Δ·s_i) mod n for x = C mod n, with a proof that s_i was used.

    The caller must have aggregated the ciphertext itself: this is not a decryption service.
    """
    n, delta = key.n, factorial(total)
    x = ciphertext % n
    value = gmpy2.powmod(x, 2 * delta * share, n)
    mask = random_bits(share_bits + 256)
    commitment_v = gmpy2.powmod(verification_base(key), mask, n)
    commitment_x = gmpy2.powmod(x, 4 * delta * mask, n)
    challenge = _challenge(key, context, ciphertext, value, commitment_v, commitment_x)
    return Part(value, challenge, mask + challenge * share)


def verify_part(
    key: PublicKey,
    context: PartContext,
    total: int,
    public_share: mpz,
    ciphertext: mpz,
    share_bits: int,
    part: Part,
) -> None:
    """Check a part's proof, which tells whose part is bad.

    Raises:
        TallyError: The proof does not hold.
    """
    n, delta = key.n, factorial(total)
    if part.response >= 1 << (share_bits + 258):
        raise TallyError("The part of trustee %(trustee)s has a response that is too long.", trustee=context.trustee)
    base = gmpy2.powmod(ciphertext % n, 4 * delta, n)
    commitment_v = _unblind(verification_base(key), public_share, part, n)
    commitment_x = _unblind(base, part.value * part.value % n, part, n)
    if _challenge(key, context, ciphertext, part.value, commitment_v, commitment_x) != part.challenge:
        raise TallyError(
            "The part of trustee %(trustee)s does not come from that trustee's share.", trustee=context.trustee
        )


def combine_parts(key: PublicKey, ciphertext: mpz, values: Mapping[int, mpz], total: int) -> tuple[mpz, mpz]:
    """Combine the x_i of k trustees into the certificate (M, R) of a ciphertext.

    Args:
        key: The election's key.
        ciphertext: C.
        values: {trustee i: x_i} of exactly k trustees.
        total: N.

    Raises:
        TallyError: The parts do not give a root of the ciphertext.
    """
    n, delta = key.n, factorial(total)
    weights = _lagrange(tuple(values), 0, total)
    joined = prod((gmpy2.powmod(value, 2 * weights[i], n) for i, value in values.items()), start=mpz(1)) % n
    divisor, a, b = gmpy2.gcdext(4 * delta * delta, n)
    if divisor != 1:
        raise TallyError("The modulus shares a factor with the number of trustees.")
    root = gmpy2.powmod(joined, a, n) * gmpy2.powmod(ciphertext % n, b, n) % n
    opened = ciphertext * gmpy2.invert(key.nth_power(root), key.n_squared) % key.n_squared
    plaintext, rest = gmpy2.f_divmod(opened - 1, n)
    if rest:
        raise TallyError("The parts do not open the ciphertext: one of them is wrong.")
    return plaintext, root


def verify_opening(key: PublicKey, ciphertext: mpz, plaintext: int, root: mpz) -> None:
    """Check a certificate: C ≡ (1 + M·n)·R^n (mod n²).

    Raises:
        TallyError: It does not hold.
    """
    if not 0 <= plaintext < key.n:
        raise TallyError("A decrypted number is not below the modulus.")
    if key.plain(plaintext) * key.nth_power(root) % key.n_squared != ciphertext:
        raise TallyError("A decryption certificate does not hold.")


def response_width(share_bits: int) -> int:
    """Return the bytes of a part's response z."""
    return -(-(share_bits + 258) // 8)


def parse_part(key: PublicKey, share_bits: int, value: codec.Json, e: codec.Json, z: codec.Json) -> Part:
    """Parse the three fields of a part.

    Raises:
        TallyError: One is malformed.
    """
    try:
        response = codec.decode_number(z, response_width(share_bits))
        return Part(key.decode_residue(value), codec.decode_challenge(e), response)
    except EncodingError as error:
        raise TallyError("A part is malformed. %(error)s", error=error) from None


def _unblind(base: mpz, public: mpz, part: Part, n: mpz) -> mpz:
    return gmpy2.powmod(base, part.response, n) * gmpy2.powmod(public, -part.challenge, n) % n


def _lagrange(signers: Sequence[int], at: int, total: int) -> dict[int, mpz]:
    """Return Δ·∏ (i − at)/(i − j) for each signer j: integers, since Δ = N! clears the fractions."""
    delta = factorial(total)
    weights = {}
    for j in signers:
        weight = delta * prod((Fraction(i - at, i - j) for i in signers if i != j), start=Fraction(1))
        weights[j] = mpz(int(weight))
    return weights


def _challenge(
    key: PublicKey, context: PartContext, ciphertext: mpz, value: mpz, commitment_v: mpz, commitment_x: mpz
) -> int:
    digest = codec.digest(
        "partial",
        {
            "election": context.election,
            "trustee": context.trustee,
            "size": context.size,
            "root": context.root,
            "counted": context.counted,
            "ciphertext": key.encode_ciphertext(ciphertext),
            "x_i": key.encode_residue(value),
            "A": key.encode_residue(commitment_v),
            "B": key.encode_residue(commitment_x),
        },
    )
    return int.from_bytes(digest[:16], "big")
