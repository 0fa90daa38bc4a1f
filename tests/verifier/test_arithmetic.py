import gmpy2
from gmpy2 import mpz
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier.forge.key import PRIMES
from verifier.arithmetic import Residues, product_of_powers

N = mpz(PRIMES[0] * PRIMES[1])
POWERS = st.lists(st.tuples(st.integers(1, int(N * N) - 1), st.integers(0, 2**259)), max_size=40)


def plain(powers: list[tuple[int, int]], modulus: mpz) -> mpz:
    product = mpz(1)
    for base, exponent in powers:
        product = product * gmpy2.powmod(base, exponent, modulus) % modulus
    return product


@given(POWERS)
def test_product_of_powers(powers: list[tuple[int, int]]) -> None:
    assert product_of_powers([(mpz(b), e) for b, e in powers], N) == plain(powers, N)


@given(POWERS)
def test_residues(powers: list[tuple[int, int]]) -> None:
    residues = Residues(N)
    residues.multiply([mpz(base) for base, _ in powers], [exponent for _, exponent in powers])
    assert residues.all_units()
    assert residues.value() == plain(powers, N * N)


@given(POWERS, st.integers(1, 2**500), st.sampled_from(PRIMES[:2]))
def test_one_number_that_is_no_unit_is_seen(powers: list[tuple[int, int]], factor: int, prime: int) -> None:
    residues = Residues(N)
    residues.multiply([mpz(base) for base, _ in powers], [exponent for _, exponent in powers])
    residues.multiply([mpz(factor * prime) % (N * N)], [0])
    assert not residues.all_units()


def test_nothing_multiplied() -> None:
    assert product_of_powers([], N) == 1
    assert Residues(N).value() == 1
