"""Moduli that are not what they should be, each with the part of the certificate that refuses it (section 3)."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import gmpy2

from tests.attacks.key_maker import KeyMaker


def prime(bits: int, seed: int, remainder: int = 3, step: int = 4) -> int:
    """Return a prime of so many bits, its top two set, that leaves ``remainder`` when divided by ``step``."""
    start = random.Random(f"{bits}/{seed}").getrandbits(bits) | 3 << bits - 2
    start += (remainder - start) % step
    while not gmpy2.is_prime(start):
        start += step
    return start


def one_more_than_a_multiple(of: int, bits: int, seed: int) -> int:
    """Return a prime ≡ 3 modulo 4 that is 1 more than a multiple of an odd number."""
    return prime(bits, seed, remainder=int(gmpy2.powmod(of, -1, 4) * 2 % 4 * of + 1), step=4 * of)


@dataclass(frozen=True)
class Bad:
    """A modulus by its prime factors, and what must be said of it; nothing if it is acceptable."""

    factors: Sequence[int]
    reason: str

    @property
    def maker(self) -> KeyMaker:
        """Return somebody who knows the factors."""
        return KeyMaker(Counter(self.factors))


def cofactor(bits: int, *primes: int, remainder: int = 3) -> int:
    """Return a prime that brings a product of primes to so many bits."""
    rest = int(gmpy2.mpz(1))
    for one in primes:
        rest *= one
    start = (3 << bits - 2) // rest
    start += (remainder - start) % 4
    while not gmpy2.is_prime(start):
        start += 4
    return start


@cache
def bad_moduli() -> dict[str, Bad]:
    """Return bad moduli of 512 bits by name, with what must be said of them."""
    half, other = prime(256, 1), prime(256, 2)
    third, fourth = prime(170, 3), prime(170, 4)
    shared = prime(120, 5)
    smooth = sorted({prime(17, number) for number in range(6, 35)})
    close = int(gmpy2.next_prime(half + 2**100))
    while close % 4 != 3:
        close = int(gmpy2.next_prime(close))
    single = prime(512, 36, remainder=1)
    even = cofactor(512, 2, remainder=1)
    cube_root = int(gmpy2.next_prime((14 << 170) // 10))
    while cube_root % 4 != 1:
        cube_root = int(gmpy2.next_prime(cube_root))
    last = cofactor(512, *smooth, remainder=3 if len(smooth) % 2 else 1)
    return {
        "prime": Bad([single], "looks prime"),
        "even": Bad([2, even], "not 1 modulo 4"),
        "3 modulo 4": Bad([half, prime(256, 37, remainder=1)], "not 1 modulo 4"),
        "square": Bad([half, half], "is a square"),
        "factor 3": Bad([3, cofactor(512, 3)], r"prime factor below 2\^16"),
        "factor 65521": Bad([65521, cofactor(512, 65521, remainder=1)], r"prime factor below 2\^16"),
        "close primes": Bad([half, close], "so close that anybody can find them"),
        "cube": Bad([cube_root] * 3, "Root [0-9]+"),
        "square times a prime": Bad([third, third, cofactor(512, third, third, remainder=1)], "Root [0-9]+"),
        "three primes": Bad([third, fourth, cofactor(512, third, fourth, remainder=1)], "Root [0-9]+ .* does not hold"),
        "smooth": Bad([*smooth, last], "Root [0-9]+ .* does not hold"),
        "primes that leave 1 modulo 4": Bad([prime(256, 39, 1), prime(256, 40, 1)], "Root [0-9]+"),
        "gcd(n, φ(n)) ≠ 1": Bad(
            [prime(250, 41), one_more_than_a_multiple(prime(250, 41), 262, 42)], "Root [0-9]+"
        ),
        "p−1 and q−1 share a prime": Bad(
            [one_more_than_a_multiple(shared, 256, 43), one_more_than_a_multiple(shared, 256, 44)], "Root [0-9]+"
        ),
        "p−1 and q−1 share 3": Bad(
            [one_more_than_a_multiple(3, 256, 45), one_more_than_a_multiple(3, 256, 46)], "Root [0-9]+"
        ),
        "one prime of 17 bits": Bad([prime(17, 47), cofactor(512, prime(17, 47))], "Size proof 0 .*may be small"),
        "one prime of 100 bits": Bad([prime(100, 48), cofactor(512, prime(100, 48))], "Size proof 0 .*may be small"),
        "blum but of unequal length": Bad([prime(120, 49), cofactor(512, prime(120, 49))], "Size proof 0"),
        "blum, in truth acceptable": Bad([half, other], ""),
    }  # fmt: skip
