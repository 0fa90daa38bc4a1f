"""Paillier against phe, and powers and products of powers against gmpy2's own."""

import random
from functools import cache

import gmpy2
import pytest
from gmpy2 import mpz
from hypothesis import given
from hypothesis import strategies as st
from phe.paillier import PaillierPrivateKey, PaillierPublicKey

from ballots import codec
from ballots.errors import EncodingError, ProofError
from ballots.fixedbase import Comb
from ballots.multiexp import product_of_powers, product_of_powers_squared
from ballots.paillier import PublicKey
from tests.support.elections import BITS, safe_primes

P, Q = safe_primes(BITS)
KEY = PublicKey(mpz(P) * Q)
N = int(KEY.n)

plaintexts = st.integers(0, N - 1)
units = st.integers(1, N - 1)  # a multiple of P or Q will not be drawn


@cache
def oracle() -> PaillierPrivateKey:
    return PaillierPrivateKey(PaillierPublicKey(N), P, Q)


@given(plaintexts, units)
def test_phe_decrypts_what_we_encrypt(plaintext: int, randomness: int) -> None:
    ciphertext = KEY.encrypt(plaintext, randomness)
    assert oracle().raw_decrypt(int(ciphertext)) == plaintext
    assert ciphertext == KEY.plain(plaintext) * KEY.nth_power(randomness) % KEY.n_squared


@given(st.lists(st.tuples(st.integers(-(2**40), 2**40), plaintexts, units), min_size=1, max_size=5))
def test_products_of_powers_decrypt_to_weighted_sums(terms: list[tuple[int, int, int]]) -> None:
    product = mpz(1)
    for weight, plaintext, randomness in terms:
        product = product * gmpy2.powmod(KEY.encrypt(plaintext, randomness), weight, KEY.n_squared) % KEY.n_squared
    assert oracle().raw_decrypt(int(product)) == sum(weight * plaintext for weight, plaintext, _ in terms) % N


@given(st.integers(-(2**70), 2**70))
def test_plain_is_an_encryption_without_randomness(value: int) -> None:
    assert oracle().raw_decrypt(int(KEY.plain(value))) == value % N


def test_randomness_must_be_a_unit() -> None:
    for randomness in (0, -1, N, N + 1, P, 3 * Q):
        with pytest.raises(EncodingError, match="must be a unit"):
            KEY.encrypt(1, randomness)
    assert KEY.encrypt(1, 1) == 1 + KEY.n  # and phe draws nothing of its own
    assert KEY.encrypt(5, 7) == KEY.encrypt(5, 7)


def test_sizes() -> None:
    assert (KEY.bits, KEY.width, KEY.slots) == (512, 64, 11)
    assert KEY.text == codec.encode_number(N, 64)


@given(units, st.integers(1, N * N - 1))
def test_numbers_come_back_from_text(residue: int, ciphertext: int) -> None:
    assert KEY.decode_residue(KEY.encode_residue(residue)) == residue
    assert KEY.decode_ciphertext(KEY.encode_ciphertext(ciphertext)) == ciphertext


@pytest.mark.parametrize("number", [0, P, Q, N - P, N, N + 1, 2**512 - 1])
def test_residues_that_are_no_units_or_too_large(number: int) -> None:
    with pytest.raises(EncodingError, match="not a unit below its modulus"):
        KEY.decode_residue(codec.encode_number(number, 64))


@pytest.mark.parametrize("number", [0, P, N, 7 * N, P * P, N * N - N, N * N, N * N + 1, 2**1024 - 1])
def test_ciphertexts_that_are_no_units_or_too_large(number: int) -> None:
    with pytest.raises(EncodingError, match="not a unit below its modulus"):
        KEY.decode_ciphertext(codec.encode_number(number, 128))


@pytest.mark.parametrize("text", ["", "A" * 85, "A" * 87, "A" * 171, None, 7, [], "=" * 86, "é" * 86])
def test_other_widths_and_types_are_refused(text: object) -> None:
    with pytest.raises(EncodingError):
        KEY.decode_residue(text)
    with pytest.raises(EncodingError):
        KEY.decode_ciphertext(text)


@given(st.integers(2, 2**64), st.integers(1, 300), st.data())
def test_a_comb_makes_powers(base: int, bits: int, data: st.DataObject) -> None:
    exponent = data.draw(st.integers(-(2**bits - 1), 2**bits - 1))
    assert Comb(base, KEY.n, bits).power(exponent) == gmpy2.powmod(base, exponent, KEY.n)


def test_a_comb_knows_its_length() -> None:
    comb = Comb(3, KEY.n, 64)
    assert comb.power(2**64 - 1) == gmpy2.powmod(3, 2**64 - 1, KEY.n)
    assert comb.power(0) == 1
    for exponent in (2**64, -(2**64)):
        with pytest.raises(ValueError, match="longer than the comb"):
            comb.power(exponent)


exponents = st.one_of(st.integers(0, 3), st.integers(0, 2**40), st.integers(0, 2**400))


@given(st.lists(st.tuples(st.integers(1, N - 1), exponents), max_size=12))
def test_products_of_powers(pairs: list[tuple[int, int]]) -> None:
    expected = mpz(1)
    for base, exponent in pairs:
        expected = expected * gmpy2.powmod(base, exponent, KEY.n) % KEY.n
    bases = [mpz(base) for base, _ in pairs]
    assert product_of_powers(bases, [exponent for _, exponent in pairs], KEY.n) == expected


@given(st.lists(st.tuples(st.integers(1, N * N - 1), exponents), max_size=12))
def test_products_of_powers_modulo_the_square(pairs: list[tuple[int, int]]) -> None:
    expected = mpz(1)
    for base, exponent in pairs:
        expected = expected * gmpy2.powmod(base, exponent, KEY.n_squared) % KEY.n_squared
    bases = [mpz(base) for base, _ in pairs]
    assert product_of_powers_squared(bases, [exponent for _, exponent in pairs], KEY.n) == expected


def test_many_bases_use_wide_windows() -> None:
    rng = random.Random("bases")
    bases = [mpz(rng.randrange(1, N * N)) for _ in range(600)]
    powers = [rng.getrandbits(rng.choice([1, 128, 256])) for _ in bases]
    expected = mpz(1)
    for base, exponent in zip(bases, powers, strict=True):
        expected = expected * gmpy2.powmod(base, exponent, KEY.n_squared) % KEY.n_squared
    assert product_of_powers_squared(bases, powers, KEY.n) == expected
    assert product_of_powers(bases, powers, KEY.n_squared) == expected


@pytest.mark.parametrize("bad", [0, P, N, 5 * Q])
def test_bases_that_are_no_units_are_refused_even_with_exponent_zero(bad: int) -> None:
    for exponent in (0, 5):
        with pytest.raises(ProofError, match="not a unit"):
            product_of_powers_squared([mpz(2), mpz(bad), mpz(3)], [1, exponent, 2], KEY.n)
