"""Sealed secret files: the right passphrase opens them, nothing else does."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballots import codec
from ballots.errors import SealedFileError
from ballots.sealed import SCRYPT_COST, seal, unseal
from tests.support.hostile import HOSTILE_BYTES, hostile_bytes, hostile_documents

SECRET = {"share": "not to be seen", "numbers": [1, 2]}
GOOD = seal("trustee-share", "owner", SECRET, "correct horse", bytes(range(28)), cost=2)
FIELDS = codec.parse_canonical(GOOD)


@settings(max_examples=30)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.binary(min_size=28, max_size=28))
def test_a_secret_comes_back(passphrase: str, random: bytes) -> None:
    data = seal("kind", "someone", SECRET, passphrase, random, cost=2)
    assert unseal(data, "kind", passphrase) == ("someone", SECRET)
    assert b"not to be seen" not in data
    with pytest.raises(SealedFileError, match="passphrase is wrong"):
        unseal(data, "kind", passphrase + " ")


def test_in_earnest_scrypt_takes_128_mebibytes() -> None:
    assert SCRYPT_COST * 8 * 128 == 128 * 2**20
    assert {name: FIELDS["scrypt"][name] for name in ("n", "r", "p")} == {"n": 2, "r": 8, "p": 1}


def test_another_kind_is_named() -> None:
    with pytest.raises(SealedFileError, match="is a 'trustee-share' of version 1; a 'official-key' is needed"):
        unseal(GOOD, "official-key", "correct horse")


@pytest.mark.parametrize("length", [0, 1, len(GOOD) // 2, len(GOOD) - 1])
def test_a_truncated_file_is_named_so(length: int) -> None:
    with pytest.raises(SealedFileError, match="damaged or cut short; use a backup copy"):
        unseal(GOOD[:length], "trustee-share", "correct horse")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": 2}, "of version 2"),
        ({"kind": "x"}, "is a 'x'"),
        ({"kind": 5}, "is a '5'"),
        ({"owner": "another"}, "was changed"),
        ({"owner": 5}, "not one that this program writes"),
        ({"nonce": codec.encode_bytes(bytes(12))}, "was changed"),
        ({"nonce": "AAAA"}, "damaged"),
        ({"ciphertext": ""}, "was changed"),
        ({"ciphertext": "AAAAA"}, "damaged"),
        ({"ciphertext": "A" * 24}, "was changed"),
        ({"ciphertext": 5}, "damaged"),
        ({"scrypt": {**FIELDS["scrypt"], "n": 4}}, "was changed"),
        ({"scrypt": {**FIELDS["scrypt"], "n": 3}}, "not one that this program writes"),
        ({"scrypt": {**FIELDS["scrypt"], "n": 1}}, "not one that this program writes"),
        ({"scrypt": {**FIELDS["scrypt"], "n": 0}}, "not one that this program writes"),
        ({"scrypt": {**FIELDS["scrypt"], "n": True}}, "not one that this program writes"),
        ({"scrypt": {**FIELDS["scrypt"], "n": 2**40}}, "not one that this program writes"),
        ({"scrypt": {**FIELDS["scrypt"], "r": 2**20}}, "not one that this program writes"),
        ({"scrypt": {**FIELDS["scrypt"], "p": 2**20}}, "not one that this program writes"),
        ({"scrypt": {**FIELDS["scrypt"], "salt": "AAAA"}}, "damaged"),
        ({"scrypt": 5}, "damaged"),
        ({"more": 5}, "damaged"),
    ],
)
def test_changed_headers(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(SealedFileError, match=re.escape(reason)):
        unseal(codec.encode_canonical({**FIELDS, **changes}), "trustee-share", "correct horse")


def reference_cost(data: bytes) -> bool:
    """Tell whether a changed file would still make scrypt work long: those are left out to be quick."""
    found = re.search(rb'"n":([0-9]+)', data)
    return found is None or len(found[1]) < 6


@given(st.one_of(hostile_documents(FIELDS), hostile_bytes(GOOD)).filter(reference_cost))
def test_any_change_is_refused(data: bytes) -> None:
    if data == GOOD:
        return
    with pytest.raises(SealedFileError):
        unseal(data, "trustee-share", "correct horse")


@pytest.mark.parametrize("data", HOSTILE_BYTES)
def test_hostile_bytes(data: bytes) -> None:
    with pytest.raises(SealedFileError):
        unseal(data, "trustee-share", "correct horse")


def test_half_a_character_in_a_passphrase() -> None:
    with pytest.raises(SealedFileError, match="passphrase"):
        unseal(GOOD, "trustee-share", "\ud800")
    with pytest.raises(SealedFileError, match="passphrase"):
        seal("kind", "", 1, "\ud800", bytes(28), cost=2)
