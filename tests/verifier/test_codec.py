import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier import codec
from verifier.errors import Malformed, NotJson

VALUES = st.recursive(
    st.booleans() | st.integers(0, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_is_read_back(value: codec.Json) -> None:
    assert codec.parse(codec.canonical(value)) == value


@given(VALUES)
def test_only_the_canonical_bytes_are_read(value: codec.Json) -> None:
    loose = json.dumps(value).encode()
    if loose != codec.canonical(value):
        with pytest.raises(Malformed):
            codec.parse(loose)


@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        (b'{"a":1,"a":1}', Malformed, "twice"),
        (b"[1.0]", Malformed, "whole number"),
        (b"[1e3]", Malformed, "whole number"),
        (b"[NaN]", Malformed, "whole number"),
        (b"[-1]", Malformed, "not between 0"),
        (b"[-0]", Malformed, "canonical"),
        (b"[9007199254740992]", Malformed, "not between 0"),
        (b"[" + b"9" * 5000 + b"]", Malformed, "not between 0"),
        (b"[null]", Malformed, "null"),
        (b'"\\ud800"', Malformed, "surrogate"),
        (b'"\xed\xa0\x80"', NotJson, "UTF-8"),
        (b'"\\u0041"', Malformed, "canonical"),
        (b"[1 ]", Malformed, "canonical"),
        (b"[1]\n", Malformed, "canonical"),
        (b"\xef\xbb\xbf[1]", NotJson, "no JSON"),
        (b'{"b":1,"a":1}', Malformed, "canonical"),
        ('{"é":1}'.encode(), Malformed, "ASCII"),
        (b"[" * 17 + b"]" * 17, Malformed, "deeper"),
        (b"[" * 200_000, NotJson, "deeply"),
        (b"", NotJson, "no JSON"),
    ],
)
def test_refuses(data: bytes, kind: type[Malformed], said: str) -> None:
    with pytest.raises(kind, match=said):
        codec.parse(data)


def test_sixteen_levels_are_read() -> None:
    assert codec.canonical(codec.parse(b"[" * 16 + b"]" * 16)) == b"[" * 16 + b"]" * 16


@given(st.binary(max_size=70))
def test_bytes_as_text_and_back(data: bytes) -> None:
    assert codec.decode_bytes(codec.encode_bytes(data), len(data)) == data


@pytest.mark.parametrize(
    ("text", "width"), [("-/", 1), ("AA==", 1), ("AB", 1), ("A", 1), ("AAA", 1), (5, 1), ("é0", 1)]
)
def test_one_spelling_for_bytes(text: codec.Json, width: int) -> None:
    with pytest.raises(Malformed):
        codec.decode_bytes(text, width)


@given(st.binary(min_size=3, max_size=3))
def test_sixteen_bit_slack_is_refused(data: bytes) -> None:
    text = codec.encode_bytes(data[:2])
    other = text[:-1] + chr(ord(text[-1]) + 1)
    with pytest.raises(Malformed):
        codec.decode_bytes(other, 2)


@pytest.mark.parametrize(
    "text", ["2026-03-01T08:00:00", "2026-3-01T08:00:00Z", "2026-02-30T08:00:00Z", "2026-03-01T24:00:00Z", "", 5]
)
def test_refuses_other_times(text: codec.Json) -> None:
    with pytest.raises(Malformed):
        codec.decode_time(text)


@pytest.mark.parametrize("text", ["0" * 31, "0" * 33, "A" * 32, "g" * 32, " " * 32, 0])
def test_refuses_other_challenges(text: codec.Json) -> None:
    with pytest.raises(Malformed):
        codec.decode_challenge(text)


def test_closed_lists_of_fields() -> None:
    assert codec.fields({"a": 1, "b": 2}, "b", "a") == (2, 1)
    with pytest.raises(Malformed, match='"b" is missing'):
        codec.fields({"a": 1}, "a", "b")
    with pytest.raises(Malformed, match='"c" is not known'):
        codec.fields({"a": 1, "c": 1}, "a")


def test_true_is_no_integer() -> None:
    with pytest.raises(Malformed):
        codec.integer(True)


def test_expand_is_a_counter_over_a_seed() -> None:
    long = codec.expand("evote/1/x", {"n": "AA"}, 640)
    assert codec.expand("evote/1/x", {"n": "AA"}, 320) == long >> 320
    assert codec.tagged_hash("evote/1/x", 1) != codec.tagged_hash("evote/1/", "x1")


def test_short_form() -> None:
    assert codec.short_form(bytes(32)) == "-".join(["00000"] * 5)
    assert codec.short_form(b"\xff" * 32) == "-".join(["ZZZZZ"] * 5)
