"""Credential codes, the keys they derive, trackers and voter numbers as people see them (section 6)."""

import hashlib
import hmac
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots import codec, credentials
from ballots.credentials import ALPHABET, new_code, parse_code
from ballots.errors import CredentialError, EncodingError
from ballots.signatures import SigningKey

numbers = st.integers(0, 2**100 - 1)
M = codec.digest("manifest", {})


@given(numbers)
def test_a_code_comes_back(number: int) -> None:
    code = new_code(number)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{2}", code)
    value = 0
    for character in parse_code(code):
        value = value * 32 + ALPHABET.index(character)
    assert value == number
    first, second = (ALPHABET.index(character) for character in code[-2:])
    assert 32 * first + second == number % 1021


@given(numbers, st.data())
def test_case_spaces_hyphens_and_lookalikes_do_not_matter(number: int, data: st.DataObject) -> None:
    code = new_code(number)
    typed = "".join(data.draw(st.sampled_from({"0": "0Oo", "1": "1IiLl"}.get(one, one + one.lower()))) for one in code)
    typed = typed.replace("-", data.draw(st.sampled_from(["", " ", "-", " - ", "--"])))
    assert parse_code(typed) == parse_code(code)


@given(numbers)
def test_every_single_substitution_is_caught(number: int) -> None:
    code = new_code(number).replace("-", "")
    for place, right in enumerate(code):
        for wrong in ALPHABET:
            if wrong != right:
                with pytest.raises(CredentialError, match="mistyped"):
                    parse_code(code[:place] + wrong + code[place + 1 :])


@given(numbers)
def test_every_transposition_of_neighbours_is_caught(number: int) -> None:
    code = new_code(number).replace("-", "")
    for place, (one, other) in enumerate(pairwise(code)):
        if one != other:
            with pytest.raises(CredentialError, match="mistyped"):
                parse_code(code[:place] + other + one + code[place + 2 :])


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "has 0 characters"),
        ("0" * 21, "has 21 characters"),
        ("0" * 23, "has 23 characters"),
        ("0" * 21 + "U", "characters that no code has: U"),
        ("0" * 21 + "?", "no code has"),
        ("۰" * 22, "no code has"),
        ("0" * 21 + "ı", "no code has"),
        ("0" * 21 + "ſ", "no code has"),
        ("0" * 21 + "ß", "no code has"),
        ("0" * 21 + "\ud800", "no code has"),
        ("0" * 21 + "1", "mistyped"),
        ("0" * 20 + "ZZ", "mistyped"),
    ],
)
def test_other_codes_are_refused(typed: str, reason: str) -> None:
    with pytest.raises(CredentialError, match=reason):
        parse_code(typed)


@pytest.mark.parametrize("number", [-1, 2**100])
def test_a_code_is_made_of_100_bits(number: int) -> None:
    with pytest.raises(CredentialError, match="100 random bits"):
        new_code(number)


@given(numbers)
def test_the_key_is_hkdf_sha256_of_the_twenty_characters(number: int) -> None:
    code = new_code(number)
    extracted = hmac.digest(M, code.replace("-", "")[:20].encode(), "sha256")
    seed = hmac.digest(extracted, b"evote/1/credential\x01", "sha256")
    assert credentials.credential_key(code, M).public == SigningKey.from_seed(seed).public


def test_a_code_derives_another_key_in_another_election() -> None:
    code = new_code(7)
    assert credentials.credential_key(code, M).public != credentials.credential_key(code, bytes(32)).public
    with pytest.raises(CredentialError):
        credentials.credential_key(code[:-1] + ("2" if code[-1] != "2" else "3"), M)


@given(st.binary(min_size=32, max_size=32))
def test_people_see_the_first_125_bits(digest: bytes) -> None:
    bits = f"{int.from_bytes(digest, 'big'):0256b}"[:125]
    signs = "".join(ALPHABET[int(bits[start : start + 5], 2)] for start in range(0, 125, 5))
    shown = credentials.short_tracker(codec.encode_bytes(digest))
    assert shown == "-".join(signs[start : start + 5] for start in range(0, 25, 5))


def test_the_voter_number_is_a_hash_of_the_key() -> None:
    digest = hashlib.sha256(b'evote/1/voter\x00{"voter":"abc"}').digest()
    assert credentials.voter_number("abc") == credentials.short_code(digest)


@pytest.mark.parametrize("tracker", ["", "A" * 42, None, 5, "é" * 43])
def test_a_malformed_tracker_is_refused(tracker: str) -> None:
    with pytest.raises(EncodingError):
        credentials.short_tracker(tracker)
