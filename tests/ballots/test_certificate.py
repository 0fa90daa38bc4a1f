"""The key's certificate: honest keys pass; any other modulus is refused by the part that is for it (section 3).

The makers of bad keys know the factors and certify as much as can be certified (tests/attacks/key_maker.py).
"""

import random

import gmpy2
import msgspec
import pytest
from gmpy2 import mpz
from hypothesis import given
from hypothesis import strategies as st

from ballots import certificate, codec
from ballots.certificate import Certificate, make_certificate, verify_certificate
from ballots.errors import BallotsError, CertificateError
from ballots.paillier import PublicKey
from tests.support.elections import BITS, safe_primes, seeded_certificate
from tests.support.hostile import leaves, replaced, value_at
from tests.support.moduli import bad_moduli

P, Q = safe_primes(BITS)
KEY = PublicKey(mpz(P) * Q)
GOOD = seeded_certificate(BITS, 0)


def made(name: str) -> tuple[PublicKey, Certificate]:
    maker = bad_moduli()[name].maker
    return maker.key(), msgspec.convert(maker.certificate(random.Random(name)), Certificate)


@pytest.mark.parametrize("name", bad_moduli())
def test_bad_moduli_are_refused_by_the_part_that_is_for_them(name: str) -> None:
    key, shown = made(name)
    assert key.bits == 512
    if reason := bad_moduli()[name].reason:
        with pytest.raises(CertificateError, match=reason):
            verify_certificate(key, 512, shown)
    else:
        verify_certificate(key, 512, shown)


@pytest.mark.parametrize("seed", range(3))
def test_honest_keys_pass(seed: int) -> None:
    p, q = safe_primes(BITS, seed)
    key = PublicKey(mpz(p) * q)
    verify_certificate(key, BITS, make_certificate(p, q, random.Random(seed).getrandbits))


def test_other_lengths_pass_and_are_not_mixed_up() -> None:
    p, q = safe_primes(384)
    key, shown = PublicKey(mpz(p) * q), seeded_certificate(384, 0)
    verify_certificate(key, 384, shown)
    for bits in (368, 400, 512):
        with pytest.raises(CertificateError, match=f"has 384 bits instead of {bits}"):
            verify_certificate(key, bits, shown)


def test_the_certificate_of_another_modulus_is_refused() -> None:
    with pytest.raises(CertificateError, match="Root 0 of the certificate does not hold"):
        verify_certificate(KEY, BITS, seeded_certificate(BITS, 1))
    mixed = Certificate(GOOD.roots, seeded_certificate(BITS, 1).size)
    with pytest.raises(CertificateError, match="Size proof 0 does not hold"):
        verify_certificate(KEY, BITS, mixed)


@pytest.mark.parametrize(
    "shown",
    [
        Certificate([], []),
        Certificate(GOOD.roots[:-1], GOOD.size),
        Certificate([*GOOD.roots, GOOD.roots[0]], GOOD.size),
        Certificate(GOOD.roots, GOOD.size[:9]),
        Certificate(GOOD.roots, [*GOOD.size, GOOD.size[0]]),
    ],
)
def test_other_counts_are_refused(shown: Certificate) -> None:
    with pytest.raises(CertificateError, match="must have 128 roots and 16 size proofs"):
        verify_certificate(KEY, BITS, shown)


def test_order_matters() -> None:
    turned = Certificate(GOOD.roots[::-1], GOOD.size)
    with pytest.raises(CertificateError, match="Root 0"):
        verify_certificate(KEY, BITS, turned)
    with pytest.raises(CertificateError, match="Size proof 0"):
        verify_certificate(KEY, BITS, Certificate(GOOD.roots, GOOD.size[::-1]))


DOCUMENT = msgspec.to_builtins(GOOD)


@given(st.sampled_from(leaves(DOCUMENT)), st.data())
def test_any_changed_number_is_refused(path: tuple[str | int, ...], data: st.DataObject) -> None:
    old = value_at(DOCUMENT, path)
    if isinstance(old, int):
        new: object = 1 - old
    else:
        place = data.draw(st.integers(0, len(old) - 1))
        new = old[:place] + ("A" if old[place] != "A" else "B") + old[place + 1 :]
    with pytest.raises(CertificateError):
        verify_certificate(KEY, BITS, msgspec.convert(replaced(DOCUMENT, path, new), Certificate))


@pytest.mark.parametrize("value", [0, P, Q, int(KEY.n), int(KEY.n) + 1])
def test_numbers_that_are_no_units_are_refused(value: int) -> None:
    text = codec.encode_number(value, 64)
    roots = [msgspec.structs.replace(GOOD.roots[0], x=text), *GOOD.roots[1:]]
    with pytest.raises(CertificateError, match="malformed"):
        verify_certificate(KEY, BITS, Certificate(roots, GOOD.size))
    sizes = [msgspec.structs.replace(GOOD.size[0], A=text), *GOOD.size[1:]]
    with pytest.raises(CertificateError, match="malformed"):
        verify_certificate(KEY, BITS, Certificate(GOOD.roots, sizes))


def test_an_answer_that_is_too_long_is_refused() -> None:
    width = -(-(256 + 258) // 8)
    order = (P - 1) * (Q - 1) // 4
    answer = codec.decode_number(GOOD.size[0].z, width)
    longer = answer + order * (-(-(2 ** (256 + 258)) // order))
    assert longer.bit_length() <= 8 * width
    sizes = [msgspec.structs.replace(GOOD.size[0], z=codec.encode_number(longer, width)), *GOOD.size[1:]]
    with pytest.raises(CertificateError, match="Size proof 0 has an answer that is too long"):
        verify_certificate(KEY, BITS, Certificate(GOOD.roots, sizes))


def test_widths_are_those_of_the_page() -> None:
    assert all(len(root.x) == 86 for root in GOOD.roots)  # 64 bytes
    assert all(len(size.A) == 86 and len(size.z) == -(-65 * 4 // 3) for size in GOOD.size)  # ⌈514/8⌉ = 65 bytes


def test_the_numbers_are_those_of_the_page() -> None:
    n = int(KEY.n)
    odd = n - 1
    while odd % 2 == 0:
        odd //= 2
    least = next(w for w in range(2, 100) if gmpy2.jacobi(w, n) == -1)
    for index, root in enumerate(GOOD.roots):
        y = codec.expand("root", {"n": KEY.text, "i": index}, 640) % n
        x = codec.decode_number(root.x, 64)
        assert pow(x, 2 * n * odd, n) == (-1) ** root.a * least**root.b * y % n
    texts = [size.A for size in GOOD.size]
    stream = codec.expand("size-challenge", {"n": KEY.text, "A": texts}, 2048).to_bytes(256, "big")
    for index, size in enumerate(GOOD.size):
        base = (codec.expand("size", {"n": KEY.text, "i": index}, 640) % n) ** 2 % n
        e = int.from_bytes(stream[16 * index : 16 * index + 16], "big")
        z, commitment = codec.decode_number(size.z, 65), codec.decode_number(size.A, 64)
        assert pow(base, z, n) == commitment * pow(base, n * e, n) % n
        assert z >= e * (P + Q - 1)


@pytest.mark.parametrize("n", [0, 1, 5, 2**512 - 1, 2**512, 2**511 + 1])
def test_any_number_at_all_is_judged(n: int) -> None:
    with pytest.raises(BallotsError):
        certificate.check_basics(PublicKey(mpz(n)), 512)
