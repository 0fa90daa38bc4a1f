"""Canonical JSON, H, expand and the text forms of numbers (section 2)."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ballots import codec
from ballots.errors import EncodingError
from tests.support.hostile import HOSTILE_BYTES, hostile_bytes, nested

keys = st.text(st.characters(max_codepoint=127), max_size=8)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(0, codec.MAX_INTEGER)
values: st.SearchStrategy[Any] = st.recursive(
    st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_canonical_is_rfc_8785_and_comes_back(value: Any) -> None:
    data = codec.encode_canonical(value)
    assert data == rfc8785.dumps(value)
    assert codec.parse_canonical(data) == value


def test_control_characters_and_separators_are_written_as_rfc_8785_says() -> None:
    for point in (*range(0x300), 0x2028, 0x2029, 0xFEFF, 0xFFFF, 0x10FFFF):
        value = {"a": chr(point)}
        assert codec.encode_canonical(value) == rfc8785.dumps(value)
        assert codec.parse_canonical(codec.encode_canonical(value)) == value


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"{}\n", "not in canonical form"),
        (b" {}", "not in canonical form"),
        (b'{"a": 1}', "not in canonical form"),
        (b'{"b":1,"a":1}', "not in canonical form"),
        (b'{"a":1,"a":1}', "stands twice"),
        (b'{"a":{"b":1,"\\u0062":1}}', "stands twice"),
        (b'"\\u0041"', "not in canonical form"),
        (b'"\\/"', "not in canonical form"),
        (b'"\x7f\\u007F"', "not in canonical form"),
        (b'"\\ud800"', "lone surrogate"),
        (b'"\\udc00\\ud800"', "lone surrogate"),
        (b'{"\\ud800":1}', "not an ASCII"),
        ('{"é":1}'.encode(), "not an ASCII"),
        (b'"a\nb"', "not JSON"),
        (b"null", "Only objects"),
        (b"[null]", "Only objects"),
        (b"1.0", "not a whole number"),
        (b"1e3", "not a whole number"),
        (b"NaN", "not a whole number"),
        (b"-Infinity", "not a whole number"),
        (b"-1", "not within"),
        (b"-0", "not in canonical form"),
        (b"01", "not JSON"),
        (b"9007199254740992", "not within"),
        (b"9" * 10_000, "not within"),
        (b"-" + b"9" * 10_000, "not within"),
        (b"[1,]", "not JSON"),
        (b"{} {}", "not JSON"),
        (b"'a'", "not JSON"),
        (b"[" * 100_000, "nested"),
        (b"[" * 17 + b"]" * 17, "nested"),
        (b'{"a":' * 17 + b"1" + b"}" * 17, "nested"),
    ],
)
def test_what_is_not_canonical_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(EncodingError, match=reason):
        codec.parse_canonical(data)


def test_depth_counts_objects_and_arrays_from_one() -> None:
    assert codec.parse_canonical(b"[" * 16 + b"]" * 16) == nested(16)
    assert codec.parse_canonical(b'{"a":' * 15 + b"[0]" + b"}" * 15)
    with pytest.raises(EncodingError, match="nested deeper than 16"):
        codec.encode_canonical(nested(17))


@pytest.mark.parametrize(
    "value", [None, 1.0, -1, 2**53, "\ud800", ["\udfff"], {1: 2}, {"é": 1}, {"\ud800": 1}, b"", {1}, object()]
)
def test_values_outside_the_protocol_are_not_written(value: Any) -> None:
    with pytest.raises(EncodingError):
        codec.encode_canonical(value)


@pytest.mark.parametrize("data", HOSTILE_BYTES)
def test_hostile_bytes_raise_nothing_else(data: bytes) -> None:
    try:
        value = codec.parse_canonical(data)
    except EncodingError:
        return
    assert codec.encode_canonical(value) == data


@given(hostile_bytes(codec.encode_canonical({"a": [1, {"b": "ü\n"}], "c": True, "d": "\\"})))
def test_only_one_spelling_of_a_value_is_accepted(data: bytes) -> None:
    try:
        value = codec.parse_canonical(data)
    except EncodingError:
        return
    assert rfc8785.dumps(value) == data


def test_take_wants_exactly_the_named_keys() -> None:
    assert codec.take({"b": 2, "a": 1}, "a", "b") == (1, 2)
    for value in ({"a": 1}, {"a": 1, "b": 2, "c": 3}, {"a": 1, "c": 2}, ["a", "b"], "ab", 7, None):
        with pytest.raises(EncodingError, match="a, b"):
            codec.take(value, "a", "b")


@given(values)
def test_digest_is_sha256_of_tag_zero_and_canonical(value: Any) -> None:
    assert codec.digest("cast", value) == hashlib.sha256(b"evote/1/cast\x00" + rfc8785.dumps(value)).digest()


def test_nesting_changes_a_digest() -> None:
    hashed = [["1,23"], ["1", "23"], [["1", "23"]], ["12", "3"], "1,23", {"1": "23"}]
    assert len({codec.digest("x", value) for value in hashed}) == len(hashed)
    assert codec.digest("x", 1) != codec.digest("x", "1") != codec.digest("xx", "1")


@given(st.integers(1, 3000))
def test_expand_takes_the_first_bytes_of_the_stream(bits: int) -> None:
    seed = codec.digest("example", {"i": 1})
    stream = b"".join(hashlib.sha256(seed + counter.to_bytes(4, "big")).digest() for counter in range(12))
    assert codec.expand("example", {"i": 1}, bits) == int.from_bytes(stream[: (bits + 7) // 8], "big")


@given(st.binary(max_size=80))
def test_bytes_come_back_and_only_at_their_width(data: bytes) -> None:
    text = codec.encode_bytes(data)
    assert codec.decode_bytes(text, len(data)) == data
    for width in (len(data) - 1, len(data) + 1):
        if width >= 0:
            with pytest.raises(EncodingError):
                codec.decode_bytes(text, width)


@pytest.mark.parametrize(
    "text",
    [
        "AAAA=",
        "AA==",
        "AAA=",
        "AAB",
        "AA+",
        "AA/",
        "AA\n",
        "A A",
        "AAé",
        "ＡＡＡ",
        "AA",
        "AAAA",
        None,
        5,
        b"AAA",
        ["A"],
    ],
)
def test_other_spellings_of_two_bytes_are_refused(text: object) -> None:
    with pytest.raises(EncodingError):
        codec.decode_bytes(text, 2)


@given(st.integers(0, 2**64 - 1), st.data())
def test_numbers_have_one_spelling(value: int, data: st.DataObject) -> None:
    text = codec.encode_number(value, 8)
    assert codec.decode_number(text, 8) == value
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("ABab01-_+/= \u00e9"))
    other = text[:place] + letter + text[place + 1 :]
    try:
        assert (codec.decode_number(other, 8) == value) == (other == text)
    except EncodingError:
        assert other != text


@given(st.integers(0, 2**128 - 1))
def test_challenges_come_back(value: int) -> None:
    assert codec.decode_challenge(codec.encode_challenge(value)) == value


@pytest.mark.parametrize(
    "text", ["", "0" * 31, "0" * 33, "A" * 32, "g" * 32, "0x" + "0" * 30, "٠" * 32, "0" * 32 + "\n", 0, None]
)
def test_other_challenges_are_refused(text: object) -> None:
    with pytest.raises(EncodingError, match="32 lower-case hex"):
        codec.decode_challenge(text)


@given(st.datetimes(datetime(1000, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_times_come_back_to_the_second(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert codec.parse_time(codec.encode_time(moment)) == whole
    assert codec.encode_time(whole.astimezone(timezone(timedelta(hours=3, minutes=30)))) == codec.encode_time(whole)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T23:59:60Z",
        "0000-01-01T00:00:00Z",
        "2026-01-01t00:00:00Z",
        "2026-01-01T00:00:00z",
        "2026-01-01T00:00:00+00:00",
        "2026-01-01T00:00:00.0Z",
        "2026-01-01 00:00:00Z",
        "2026-1-1T00:00:00Z",
        "2026-01-01T00:00:00Z\n",
        "٢٠٢٦-01-01T00:00:00Z",
        "",
        7,
        None,
    ],
)
def test_other_times_are_refused(text: object) -> None:
    with pytest.raises(EncodingError):
        codec.parse_time(text)


def test_years_before_1000_keep_four_digits() -> None:
    assert codec.encode_time(datetime(999, 1, 2, tzinfo=UTC)) == "0999-01-02T00:00:00Z"
