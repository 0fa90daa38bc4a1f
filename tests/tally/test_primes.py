import random

import gmpy2
import pytest

from tally.primes import is_safe_prime_half, random_below, safe_prime


@pytest.mark.parametrize("bits", [32, 48, 64, 128, 256])
def test_safe_primes_have_their_length_and_top_bits(bits: int) -> None:
    rng = random.Random(bits)
    for _ in range(5):
        prime = safe_prime(bits, rng.getrandbits)
        assert prime.bit_length() == bits
        assert prime >> (bits - 2) == 3
        assert gmpy2.is_prime(prime)
        assert gmpy2.is_prime(prime // 2)


def test_small_sizes_find_what_a_plain_search_finds() -> None:
    for half in range(5, 3_000, 2):
        expected = bool(gmpy2.is_prime(half)) and bool(gmpy2.is_prime(2 * half + 1))
        assert is_safe_prime_half(half) == expected


def test_the_same_randomness_gives_the_same_prime_and_tries_are_counted() -> None:
    tries: list[None] = []
    first = safe_prime(128, random.Random(5).getrandbits, lambda: tries.append(None))
    assert first == safe_prime(128, random.Random(5).getrandbits)
    assert tries


def test_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32 bits"):
        safe_prime(31, random.Random(1).getrandbits)


def test_random_below_is_below_and_reaches_every_value() -> None:
    rng = random.Random(3)
    assert {random_below(5, rng.getrandbits) for _ in range(200)} == set(range(5))
    assert random_below(1, rng.getrandbits) == 0
