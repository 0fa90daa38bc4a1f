"""Safe primes, by sieving p' and 2p'+1 together over an interval (section 3)."""

from collections.abc import Callable, Iterator
from functools import cache

import gmpy2
from gmpy2 import mpz

RandBits = Callable[[int], int]
"""Uniform randomness as an argument: ``randbits(k)`` returns a number below 2^k, as ``secrets.randbits`` does."""

_SIEVE_LIMIT = 1 << 20
_SMALLEST_BITS = 32
_ROUNDS = 64


def random_below(bound: int, randbits: RandBits) -> int:
    """Draw a number 0 ≤ x < bound uniformly, by rejection."""
    bits = (bound - 1).bit_length()
    while True:
        drawn = randbits(bits) if bits else 0
        if drawn < bound:
            return drawn


def safe_prime(bits: int, randbits: RandBits, on_try: Callable[[], None] = lambda: None) -> int:
    """Draw a safe prime p = 2p'+1 whose top two bits are set.

    An interval of candidates is sieved by small primes for p' and 2p'+1 at once; what is left is
    tested in random order, so that every safe prime of the interval is equally likely.

    Args:
        bits: Length of p, at least 32.
        randbits: Source of randomness.
        on_try: Called for each candidate tested, for a progress bar.

    Returns:
        p; p' passed 64 Miller–Rabin rounds after a Baillie–PSW test, and p is prime if p' is
        (Pocklington).
    """
    if bits < _SMALLEST_BITS:
        raise ValueError(f"A safe prime here has at least {_SMALLEST_BITS} bits.")
    while True:
        for half in _sieved(bits - 1, randbits):
            on_try()
            if is_safe_prime_half(half):
                return 2 * half + 1


def is_safe_prime_half(half: int) -> bool:
    """Say whether p' and 2p'+1 are both prime.

    For p' prime, 4^p' ≡ 1 mod p and gcd(4 − 1, p) = 1 prove p prime: every prime factor of p is
    1 mod p' by Pocklington's criterion, and p' > √p.
    """
    candidate = mpz(half)
    prime = 2 * candidate + 1
    if gmpy2.powmod(2, candidate - 1, candidate) != 1 or gmpy2.powmod(4, candidate, prime) != 1:
        return False
    return prime % 3 != 0 and bool(gmpy2.is_prime(candidate, _ROUNDS))


def _sieved(half_bits: int, randbits: RandBits) -> Iterator[int]:
    """Yield, in random order, the p' of one random interval that have no small factor in p' or 2p'+1."""
    count = min(max(half_bits * half_bits // 4, 1024), 1 << 20)
    # Odd, with the top two bits set, and room for the whole interval below 2^half_bits.
    room = (1 << (half_bits - 2)) - 2 * count
    start = (3 << (half_bits - 2)) + (random_below(room, randbits) | 1)
    alive = bytearray(b"\x01") * count
    base = mpz(start)
    for prime in _small_primes():
        if prime * prime > start or prime > 4 * count:
            break
        # p' = start + 2t: strike t where p' ≡ 0, and where p' ≡ (prime−1)/2, which is 2p'+1 ≡ 0.
        rest = int(base % prime)
        inverse = (prime + 1) // 2
        for target in (0, prime // 2):
            first = (target - rest) * inverse % prime
            alive[first::prime] = bytes(len(range(first, count, prime)))
    survivors = [index for index in range(count) if alive[index]]
    while survivors:
        place = random_below(len(survivors), randbits)
        survivors[place], survivors[-1] = survivors[-1], survivors[place]
        yield start + 2 * survivors.pop()


@cache
def _small_primes() -> tuple[int, ...]:
    """Return the odd primes below the sieve's limit."""
    alive = bytearray(b"\x01") * _SIEVE_LIMIT
    alive[0:2] = b"\x00\x00"
    for number in range(2, int(_SIEVE_LIMIT**0.5) + 1):
        if alive[number]:
            alive[number * number :: number] = bytes(len(range(number * number, _SIEVE_LIMIT, number)))
    return tuple(number for number in range(3, _SIEVE_LIMIT) if alive[number])
