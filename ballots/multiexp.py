"""Products of many powers, the work behind checking proofs in batches (section 5).

Pippenger's bucket method: exponents are cut into windows of c bits; a base is multiplied into
the bucket of its digit, and the buckets are combined once a window. Modulo n² one more
observation halves the work: x = x₀ + x₁·n equals x₀·(1 + n·x₁/x₀), so
``∏ xᵢ^eᵢ = (∏ x₀ᵢ^eᵢ)·(1 + n·Σ eᵢ·x₁ᵢ/x₀ᵢ)``. The buckets then take numbers of half the length,
the second factor is a sum, and the divisions by x₀ share one inversion (Montgomery's trick).
"""

from collections.abc import Sequence
from math import inf

import gmpy2
from gmpy2 import mpz

from ballots.errors import ProofError

_CHUNK_BITS = 128
"""Exponents are worked off in pieces of this length, the size of a batch's random factors."""
_COMBINE_COST = 4
"""What combining one bucket costs, in multiplications of a base into a bucket."""


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
    if not bases:
        return mpz(1)
    lifts = []
    slopes = []
    for base in bases:
        high, low = gmpy2.f_divmod(base, n)
        lifts.append(low)
        slopes.append(high)
    tilt = mpz(0)
    for slope, inverse, exponent in zip(slopes, _inverses(lifts, n), exponents, strict=True):
        tilt += slope * inverse % n * exponent
    n_squared = n * n
    return product_of_powers(lifts, exponents, n_squared) * (1 + tilt % n * n) % n_squared


def _inverses(values: Sequence[mpz], modulus: mpz) -> list[mpz]:
    """Invert many numbers with one inversion (Montgomery, Math. Comp. 48, 1987)."""
    prefixes = []
    product = mpz(1)
    for value in values:
        prefixes.append(product)
        product = product * value % modulus
    try:
        inverse = gmpy2.invert(product, modulus)
    except ZeroDivisionError:
        raise ProofError("A cell or commitment is not a unit modulo n.") from None
    inverses = []
    for value, prefix in zip(reversed(values), reversed(prefixes), strict=True):
        inverses.append(prefix * inverse % modulus)
        inverse = inverse * value % modulus
    inverses.reverse()
    return inverses


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
