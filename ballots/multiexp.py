"""Products of many powers, the work behind checking proofs in batches (section 5).

Pippenger's bucket method: exponents are cut into windows of c bits; a base is multiplied into
the bucket of its digit, and the buckets are combined once a window. Modulo n² one more
observation halves the work: x = x₀ + x₁·n equals x₀·(1 + n·x₁/x₀), so
``∏ xᵢ^eᵢ = (∏ x₀ᵢ^eᵢ)·(1 + n·Σ eᵢ·x₁ᵢ/x₀ᵢ)``. The buckets then take numbers of half the length,
the second factor is a sum of fractions, kept as one fraction until its end.
"""

from collections.abc import Sequence
from math import inf

import gmpy2
from gmpy2 import mpz

from ballots.errors import ProofError

_CHUNK_BITS = 128
"""Exponents are worked off in pieces of this length, the size of a batch's random factors."""
_COMBINE_COST = 2.2
"""What combining one bucket costs, in multiplications of a base into a bucket; found by measuring."""


def product_of_powers(bases: Sequence[mpz], exponents: Sequence[int], modulus: mpz) -> mpz:
    """Compute ∏ basesᵢ^exponentsᵢ modulo ``modulus``.

    Args:
        bases: Numbers below the modulus, or shorter ones: short bases make it faster.
        exponents: As many, none negative.
        modulus: Any modulus.
    """
    result = mpz(1)
    length = max((exponent.bit_length() for exponent in exponents), default=0)
    for shift in reversed(range(0, length, _CHUNK_BITS)):
        if result != 1:
            result = gmpy2.powmod(result, mpz(1) << _CHUNK_BITS, modulus)
        bits = min(_CHUNK_BITS, length - shift)
        mask = (1 << bits) - 1
        pairs = [(base, exponent >> shift & mask) for base, exponent in zip(bases, exponents, strict=True)]
        pairs = [(base, part) for base, part in pairs if part]
        piece = _buckets([base for base, _ in pairs], [part for _, part in pairs], bits, modulus)
        result = result * piece % modulus
    return result


def product_of_powers_squared(bases: Sequence[mpz], exponents: Sequence[int], n: mpz) -> mpz:
    """Compute ∏ basesᵢ^exponentsᵢ modulo n².

    Args:
        bases: Numbers below n².
        exponents: As many, none negative.
        n: The Paillier modulus.

    Raises:
        ProofError: Some base is not a unit modulo n.
    """
    lifts = []
    tilt, scale = mpz(0), mpz(1)
    for base, exponent in zip(bases, exponents, strict=True):
        slope, lift = gmpy2.f_divmod(base, n)
        lifts.append(lift)
        tilt = (tilt * lift + slope * exponent * scale) % n
        scale = scale * lift % n
    if gmpy2.gcd(scale, n) != 1:
        raise ProofError("A cell or commitment is not a unit modulo n.")
    n_squared = n * n
    corrected = 1 + tilt * gmpy2.invert(scale, n) % n * n
    return product_of_powers(lifts, exponents, n_squared) * corrected % n_squared


def _window_bits(count: int, length: int) -> int:
    """Choose the window that needs the fewest multiplications."""
    best, cheapest = 1, inf
    for bits in range(1, 20):
        cost = -(-length // bits) * (count + _COMBINE_COST * (1 << bits))
        if cost < cheapest:
            best, cheapest = bits, cost
    return best


def _buckets(bases: Sequence[mpz], exponents: Sequence[int], length: int, modulus: mpz) -> mpz:
    window = _window_bits(len(bases), length)
    size = 1 << window
    mask = size - 1
    result = mpz(1)
    one = mpz(1)
    for shift in reversed(range(0, length, window)):
        if result != 1:
            result = gmpy2.powmod(result, mpz(size), modulus)
        buckets = [one] * size
        for base, exponent in zip(bases, exponents, strict=True):
            digit = exponent >> shift & mask
            buckets[digit] = buckets[digit] * base % modulus
        running = combined = one
        for bucket in reversed(buckets[1:]):
            if bucket != 1:
                running = running * bucket % modulus
            if running != 1:
                combined = combined * running % modulus
        result = result * combined % modulus
    return result
