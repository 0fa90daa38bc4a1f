import gmpy2
import pytest
from gmpy2 import mpz
from hypothesis import given
from hypothesis import strategies as st

from ballots.errors import ProofError
from ballots.fixedbase import Comb
from ballots.multiexp import product_of_powers, product_of_powers_squared
from tests.support.elections import BITS, safe_primes

P, Q = safe_primes(BITS)
N = mpz(P) * Q

exponents = st.one_of(st.integers(0, 3), st.integers(0, 2**128 - 1), st.integers(0, 2**260))
powers = st.lists(st.tuples(st.integers(1, int(N) ** 2 - 1), exponents), max_size=40)


def plainly(pairs: list[tuple[int, int]], modulus: mpz) -> mpz:
    product = mpz(1)
    for base, exponent in pairs:
        product = product * gmpy2.powmod(base, exponent, modulus) % modulus
    return product


@given(powers)
def test_both_ways_give_the_plain_product(pairs: list[tuple[int, int]]) -> None:
    bases, given_exponents = [mpz(base) for base, _ in pairs], [exponent for _, exponent in pairs]
    expected = plainly(pairs, N * N)
    assert product_of_powers(bases, given_exponents, N * N) == expected
    assert product_of_powers_squared(bases, given_exponents, N) == expected


@pytest.mark.parametrize("factor", [P, Q, P * Q])
def test_a_base_that_is_no_unit_is_refused_even_with_exponent_zero(factor: int) -> None:
    with pytest.raises(ProofError, match="not a unit"):
        product_of_powers_squared([mpz(3), mpz(factor), mpz(5)], [7, 0, 9], N)


@given(st.integers(-(2**300), 2**300))
def test_a_comb_gives_powers_of_its_base_negative_ones_too(exponent: int) -> None:
    comb = Comb(7, N, 301)
    assert comb.power(exponent) == gmpy2.powmod(7, exponent, N)


def test_a_comb_refuses_longer_exponents() -> None:
    with pytest.raises(ValueError, match="longer"):
        Comb(7, N, 16).power(1 << 16)
