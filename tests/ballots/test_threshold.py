"""Sharing the exponent: any k of N open, k−1 do not, and whose part is wrong is known (section 3)."""

import random
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from math import factorial

import gmpy2
import pytest
from gmpy2 import mpz
from hypothesis import given
from hypothesis import strategies as st
from phe.paillier import PaillierPrivateKey, PaillierPublicKey

from ballots import codec, threshold
from ballots.errors import CertificateError, TallyError
from ballots.paillier import PublicKey
from ballots.threshold import Part, PartContext
from tests.support.elections import BITS, safe_primes

P, Q = safe_primes(BITS)
KEY = PublicKey(mpz(P) * Q)
N = int(KEY.n)
RNG = random.Random("threshold")
GROUPS = [(1, 1), (2, 2), (2, 3), (3, 3), (3, 4), (3, 5), (4, 6), (5, 9)]


@dataclass(frozen=True)
class Group:
    """Trustees with shares, k of whom are needed."""

    quorum: int
    total: int
    shares: tuple[int, ...]

    def context(self, trustee: int) -> PartContext:
        return PartContext("F", trustee, 9, "root", "counted")

    def part(self, trustee: int, ciphertext: mpz, share: int | None = None) -> Part:
        used = self.shares[trustee - 1] if share is None else share
        return threshold.make_part(KEY, self.context(trustee), self.total, used, ciphertext, BITS, RNG.getrandbits)

    def verify(self, trustee: int, ciphertext: mpz, part: Part, context: PartContext | None = None) -> None:
        public = threshold.share_key(KEY, self.shares[trustee - 1])
        threshold.verify_part(KEY, context or self.context(trustee), self.total, public, ciphertext, BITS, part)


@cache
def group(quorum: int, total: int) -> Group:
    return Group(quorum, total, tuple(threshold.share_secret(P, Q, total, quorum, RNG.getrandbits)))


@cache
def oracle() -> PaillierPrivateKey:
    return PaillierPrivateKey(PaillierPublicKey(N), P, Q)


def encrypted(plaintext: int) -> mpz:
    return KEY.encrypt(plaintext, RNG.randrange(1, N))


@pytest.mark.parametrize(("quorum", "total"), GROUPS)
def test_any_k_open_and_fewer_do_not(quorum: int, total: int) -> None:
    one = group(quorum, total)
    plaintext = RNG.randrange(N)
    ciphertext = encrypted(plaintext)
    values = {trustee: one.part(trustee, ciphertext).value for trustee in range(1, total + 1)}
    for members in combinations(values, quorum):
        opened, root = threshold.combine_parts(KEY, ciphertext, {i: values[i] for i in members}, total)
        assert opened == plaintext == oracle().raw_decrypt(int(ciphertext))
        threshold.verify_opening(KEY, ciphertext, opened, root)
    for members in combinations(values, quorum - 1):
        with pytest.raises(TallyError, match="one of them is wrong"):
            threshold.combine_parts(KEY, ciphertext, {i: values[i] for i in members}, total)


@pytest.mark.parametrize(("quorum", "total"), GROUPS)
def test_share_keys_lie_on_one_polynomial(quorum: int, total: int) -> None:
    one = group(quorum, total)
    keys = [threshold.share_key(KEY, share) for share in one.shares]
    threshold.verify_share_keys(KEY, keys, quorum)
    v = threshold.verification_base(KEY)
    assert v == codec.expand("v", {"n": KEY.text}, 640) ** 2 % N
    assert keys[0] == gmpy2.powmod(v, one.shares[0], N)
    for place in range(total):
        wrong = [*keys]
        wrong[place] = wrong[place] * v % N
        reason = "do not belong to this modulus" if place < quorum else f"trustee {place + 1} does not fit"
        with pytest.raises(CertificateError, match=reason):
            threshold.verify_share_keys(KEY, wrong, quorum)
    if total > 1:
        with pytest.raises(CertificateError):
            threshold.verify_share_keys(KEY, [keys[1], keys[0], *keys[2:]], quorum)
    if quorum > 1:
        with pytest.raises(CertificateError, match="do not belong"):
            threshold.verify_share_keys(KEY, keys, quorum - 1)
    if quorum < total:
        threshold.verify_share_keys(KEY, keys, quorum + 1)  # a polynomial of lower degree is one of a higher, too


def test_the_shared_exponent_takes_nth_roots() -> None:
    order = (P - 1) // 2 * ((Q - 1) // 2)
    (share,) = group(1, 1).shares
    assert share * N % order == 1
    assert all(0 <= share < order for share in group(3, 5).shares)


@given(st.integers(1, 5), st.integers(0, N - 1))
def test_a_part_is_that_of_the_page(trustee: int, plaintext: int) -> None:
    one = group(3, 5)
    ciphertext = encrypted(plaintext)
    part = one.part(trustee, ciphertext)
    x = int(ciphertext) % N
    assert part.value == pow(x, 2 * factorial(5) * one.shares[trustee - 1], N)
    assert 0 <= part.challenge < 2**128
    assert part.response < 2 ** (BITS + 258)
    one.verify(trustee, ciphertext, part)


def test_a_part_of_another_share_is_attributed() -> None:
    one = group(3, 5)
    ciphertext = encrypted(42)
    part = one.part(2, ciphertext, share=one.shares[2])
    with pytest.raises(TallyError, match="part of trustee 2 does not come from that trustee's share"):
        one.verify(2, ciphertext, part)
    values = {i: one.part(i, ciphertext).value for i in (1, 3)} | {2: part.value}
    with pytest.raises(TallyError, match="do not open the ciphertext"):
        threshold.combine_parts(KEY, ciphertext, values, 5)


def test_parts_are_bound_to_everything_around_them() -> None:
    one = group(2, 3)
    ciphertext = encrypted(42)
    part = one.part(1, ciphertext)
    for context in (
        PartContext("G", 1, 9, "root", "counted"),
        PartContext("F", 2, 9, "root", "counted"),
        PartContext("F", 1, 8, "root", "counted"),
        PartContext("F", 1, 9, "toor", "counted"),
        PartContext("F", 1, 9, "root", "others"),
    ):
        with pytest.raises(TallyError, match=f"trustee {context.trustee} does not come from"):
            one.verify(1, ciphertext, part, context)
    # C and C·(1+n) are the same modulo n: only the hash tells a ciphertext chosen afterwards (attack B8).
    with pytest.raises(TallyError, match="does not come from"):
        one.verify(1, ciphertext * (1 + KEY.n) % KEY.n_squared, part)


@given(st.sampled_from(["value", "challenge", "response"]), st.integers(1, 2**64))
def test_every_number_of_a_part_matters(field: str, step: int) -> None:
    one = group(2, 3)
    ciphertext = encrypted(7)
    part = one.part(3, ciphertext)
    changed = getattr(part, field) + step
    with pytest.raises(TallyError, match="part of trustee 3"):
        one.verify(3, ciphertext, replace(part, **{field: changed % KEY.n if field == "value" else changed}))


def test_the_sign_of_a_part_is_bound_by_its_hash() -> None:
    one = group(2, 3)
    ciphertext = encrypted(7)
    part = one.part(1, ciphertext)
    with pytest.raises(TallyError, match="does not come from"):
        one.verify(1, ciphertext, replace(part, value=KEY.n - part.value))


def test_a_response_that_is_too_long() -> None:
    one = group(2, 3)
    ciphertext = encrypted(7)
    part = one.part(1, ciphertext)
    order = (P - 1) // 2 * ((Q - 1) // 2)
    longer = part.response + order * 2**261
    with pytest.raises(TallyError, match="response that is too long"):
        one.verify(1, ciphertext, replace(part, response=longer))


@pytest.mark.parametrize(
    ("value", "e", "z"),
    [
        (KEY.encode_residue(0), "0" * 32, codec.encode_number(1, 97)),
        (KEY.encode_residue(P), "0" * 32, codec.encode_number(1, 97)),
        (KEY.encode_residue(N), "0" * 32, codec.encode_number(1, 97)),
        (KEY.encode_residue(2), "0" * 31, codec.encode_number(1, 97)),
        (KEY.encode_residue(2), "0" * 32, codec.encode_number(1, 96)),
        (None, "0" * 32, codec.encode_number(1, 97)),
        (KEY.encode_residue(2), None, codec.encode_number(1, 97)),
        (KEY.encode_residue(2), "0" * 32, 5),
    ],
)
def test_malformed_parts(value: object, e: object, z: object) -> None:
    with pytest.raises(TallyError, match="part is malformed"):
        threshold.parse_part(KEY, BITS, value, e, z)


def test_parts_come_back() -> None:
    assert threshold.response_width(BITS) == 97  # ⌈770/8⌉
    assert threshold.response_width(3072) == 417
    part = threshold.parse_part(KEY, BITS, KEY.encode_residue(5), "0" * 31 + "7", codec.encode_number(9, 97))
    assert part == Part(mpz(5), 7, 9)


@given(st.integers(0, N - 1), st.integers(1, N - 1))
def test_openings(plaintext: int, root: int) -> None:
    ciphertext = KEY.plain(plaintext) * KEY.nth_power(root) % KEY.n_squared
    threshold.verify_opening(KEY, ciphertext, plaintext, mpz(root))
    for other_plaintext, other_root in ((plaintext + 1, root), (plaintext, root + 1), (plaintext, N - root)):
        with pytest.raises(TallyError):
            threshold.verify_opening(KEY, ciphertext, other_plaintext, mpz(other_root))
    for beyond in (plaintext + N, plaintext - N):
        with pytest.raises(TallyError, match="not below the modulus"):
            threshold.verify_opening(KEY, ciphertext, beyond, mpz(root))
