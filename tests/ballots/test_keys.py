"""The key document belongs to its manifest, its people and its modulus, or is refused (sections 3 and 9)."""

from functools import cache
from typing import Any

import msgspec
import pytest
from gmpy2 import mpz
from hypothesis import given
from hypothesis import strategies as st

from ballots import codec
from ballots.errors import BallotsError, CertificateError, EncodingError, KeyRefused
from ballots.keys import KeyDocument, check_distinct_keys, check_key, parse_key
from ballots.manifest import Manifest
from tests.support.elections import make_key_document, manifest_fields, safe_primes, seeded_key, simulate
from tests.support.hostile import HOSTILE_BYTES, hostile_bytes, hostile_documents, loose_bytes, replaced


@cache
def manifest() -> Manifest:
    return simulate().election.manifest


@cache
def good() -> KeyDocument:
    return make_key_document(manifest())[0]


FIELDS: dict[str, Any] = msgspec.to_builtins(good())
N = int(good().public.n)


def check(fields: Any, whose: Manifest | None = None) -> KeyDocument:
    document = parse_key(loose_bytes(fields))
    check_key(document, whose or manifest())
    return document


def test_a_key_comes_back_and_passes() -> None:
    document = check(FIELDS)
    assert document == good()
    assert document.encode() == codec.encode_canonical(FIELDS)
    assert document.hash == codec.digest("key", FIELDS)
    assert document.public.n == N
    assert document.share_key(2) == codec.decode_number(FIELDS["trustees"][1]["v"], 64)


def other_key(**changes: Any) -> Manifest:
    return msgspec.convert(manifest_fields(**changes), Manifest)


@pytest.mark.parametrize(
    ("path", "value", "error", "reason"),
    [
        (("manifest",), codec.encode_bytes(bytes(32)), KeyRefused, "made for another manifest"),
        (("dealer",), False, KeyRefused, "must be a dealer's"),
        (("share_bits",), 528, KeyRefused, "share_bits equal to modulus_bits"),
        (("trustees", 0, "name"), "Someone", KeyRefused, "names differ"),
        (("trustees",), FIELDS["trustees"][::-1], KeyRefused, "names differ"),
        (("trustees",), FIELDS["trustees"][:2], KeyRefused, "names differ"),
        (("trustees", 0, "key"), FIELDS["trustees"][1]["key"], KeyRefused, "stands twice"),
        (("trustees", 0, "key"), seeded_key("board").public, KeyRefused, "stands twice"),
        (("trustees", 0, "key"), "A" * 43, KeyRefused, "signing key is refused"),
        (("trustees", 0, "key"), "", KeyRefused, "signing key is refused"),
        (("n",), codec.encode_number(N, 65), CertificateError, "not of 512 bits"),
        (("n",), codec.encode_number(N >> 16, 62), CertificateError, "not of 512 bits"),
        (("n",), codec.encode_number(N >> 1, 64), CertificateError, "has 511 bits instead of 512"),
        (("n",), codec.encode_number(0, 64), CertificateError, "has 0 bits"),
        (("n",), "=" * 86, KeyRefused, "malformed"),
        (("n",), "é" * 86, KeyRefused, "malformed"),
        (("n",), "", CertificateError, "not of 512 bits"),
        (("trustees", 0, "v"), codec.encode_number(0, 64), CertificateError, "malformed"),
        (("trustees", 0, "v"), codec.encode_number(safe_primes(512)[0], 64), CertificateError, "malformed"),
        (("trustees", 0, "v"), "", CertificateError, "malformed"),
        (("trustees", 0, "v"), FIELDS["trustees"][1]["v"], CertificateError, "do not belong to this modulus"),
        (("trustees", 2, "v"), FIELDS["trustees"][1]["v"], CertificateError, "trustee 3 does not fit the others"),
        (("certificate", "roots", 5, "a"), 2, KeyRefused, "not of its form"),
        (("version",), 2, KeyRefused, "not of its form"),
        (("version",), True, KeyRefused, "not of its form"),
        (("extra",), 1, KeyRefused, "not of its form"),
    ],
)  # fmt: skip
def test_what_does_not_belong_is_refused(
    path: tuple[str | int, ...], value: object, error: type[BallotsError], reason: str
) -> None:
    with pytest.raises(error, match=reason) as caught:
        check(replaced(FIELDS, path, value))
    assert caught.type is error


def test_a_key_of_another_size_than_the_manifest_says() -> None:
    other = msgspec.structs.replace(manifest(), modulus_bits=528)
    fields = {**FIELDS, "manifest": other.hash_text, "share_bits": 528}
    with pytest.raises(CertificateError, match="not of 528 bits"):
        check(fields, other)


def test_the_keys_of_the_manifest_are_compared_too() -> None:
    observer = seeded_key("trustee 2").public
    other = msgspec.convert(manifest_fields(observers=[{"name": "Olga", "key": observer}]), Manifest)
    with pytest.raises(KeyRefused, match="stands twice"):
        check_distinct_keys(good(), other)


def test_share_keys_must_be_units() -> None:
    document = parse_key(loose_bytes(replaced(FIELDS, ("trustees", 0, "v"), codec.encode_number(N, 64))))
    with pytest.raises(EncodingError):
        document.share_key(1)


@given(st.one_of(hostile_documents(FIELDS), hostile_bytes(codec.encode_canonical(FIELDS))))
def test_a_changed_key_is_refused_or_has_another_hash(data: bytes) -> None:
    try:
        document = parse_key(data)
        check_key(document, manifest())
    except BallotsError:
        return
    assert document.encode() == data
    assert (document.hash == good().hash) == (data == good().encode())
    # The certificate is sound whoever changed it; names and signing keys are what the fingerprint binds.
    assert document.public == good().public
    assert [one.v for one in document.trustees] == [one.v for one in good().trustees]


@pytest.mark.parametrize("data", HOSTILE_BYTES)
def test_hostile_bytes(data: bytes) -> None:
    with pytest.raises((EncodingError, KeyRefused)):
        parse_key(data)


def test_shares_of_another_polynomial_are_refused() -> None:
    other, _, _ = make_key_document(manifest(), seed=1)
    mixed = {**FIELDS, "n": msgspec.to_builtins(other)["n"], "certificate": msgspec.to_builtins(other)["certificate"]}
    with pytest.raises(CertificateError, match=r"share key is malformed|do not belong to this modulus"):
        check(mixed)
    assert mpz(N) != other.public.n
