"""The log's entries by their form (section 7)."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots import codec
from ballots.entries import BODY_KEYS, Entry, check_body, parse_entry
from ballots.errors import BallotsError, EncodingError, LogError
from tests.support.elections import Simulation, simulate
from tests.support.hostile import HOSTILE_BYTES, hostile_bytes, hostile_documents, loose_bytes

TIME = "2026-03-01T09:00:00Z"


@cache
def simulation() -> Simulation:
    driven = simulate()
    driven.open()
    driven.cast(driven.voters[0], {"mayor": ["ada"]})
    driven.append("audited", {"tracker": driven.seal(driven.voters[1], {"mayor": ["ada"]}).ballot.tracker})
    driven.append("strike", driven.signed_by("registrar", "strike", voter=driven.voters[2].key.public))
    driven.close()
    driven.tally()
    driven.append("annul", driven.signed_by("official", "annul", reason="A test."))
    return driven


def example(kind: str) -> dict[str, Any]:
    (keys, *_) = BODY_KEYS[kind]
    integers, objects = ("voters", "size", "trustee", "observer"), ("signatures",)
    return {key: 1 if key in integers else {} if key in objects else "text" for key in keys}


@pytest.mark.parametrize("index", range(12))
def test_entries_come_back(index: int) -> None:
    entry = simulation().entries[index]
    data = entry.encode()
    assert parse_entry(data) == entry
    assert codec.parse_canonical(data) == {
        "index": index, "time": entry.time, "type": entry.type, "body": entry.body
    }  # fmt: skip


@pytest.mark.parametrize("kind", BODY_KEYS)
def test_the_keys_of_a_body_are_closed(kind: str) -> None:
    body = example(kind)
    check_body(kind, body)
    wrong: list[Any] = [{**body, "more": "text"}, [], "text", 1, None, True]
    wrong += [{key: value for key, value in body.items() if key != missing} for missing in body]
    for one in wrong:
        with pytest.raises(LogError, match=f"body of a '{kind}' entry has missing or unknown fields"):
            check_body(kind, one)
    for name, value in body.items():
        others: tuple[Any, ...] = (1, "text", {}, [], True, None, 1.0)
        for other in others:
            if type(other) is not type(value):
                with pytest.raises(LogError, match=f"'{name}' of a '{kind}' entry is of a wrong type"):
                    check_body(kind, {**body, name: other})


def test_an_intent_has_one_signer() -> None:
    check_body("intent", {"observer": 0, "signature": "text"})
    with pytest.raises(LogError):
        check_body("intent", {"observer": 0, "trustee": 1, "signature": "text"})


@pytest.mark.parametrize(
    ("fields", "error", "reason"),
    [
        ({"type": "vote"}, LogError, "no entry of the type 'vote'"),
        ({"type": "x" * 10_000}, LogError, f"no entry of the type '{'x' * 40}'"),
        ({"type": 5}, EncodingError, "its type a text"),
        ({"index": "0"}, EncodingError, "index must be a number"),
        ({"index": True}, EncodingError, "index must be a number"),
        ({"time": "today"}, EncodingError, "Expected a time"),
        ({"time": 5}, EncodingError, "Expected a time"),
        ({"body": None}, EncodingError, "Only objects"),
        ({"body": "text"}, LogError, "missing or unknown fields"),
        ({"extra": 1}, EncodingError, "unknown: extra"),
    ],
)
def test_malformed_entries(fields: dict[str, Any], error: type[BallotsError], reason: str) -> None:
    good = {"index": 0, "time": TIME, "type": "audited", "body": {"tracker": "text"}}
    parse_entry(loose_bytes(good))
    with pytest.raises(error, match=reason):
        parse_entry(loose_bytes({**good, **fields}))


@given(st.integers(0, 11), st.data())
def test_a_changed_entry_is_another_entry_or_none(index: int, data: st.DataObject) -> None:
    good = simulation().entries[index].encode()
    changed = data.draw(st.one_of(hostile_bytes(good), hostile_documents(codec.parse_canonical(good))))
    try:
        entry = parse_entry(changed)
    except BallotsError:
        return
    assert (entry == simulation().entries[index]) == (changed == good)
    assert entry.encode() == changed


@pytest.mark.parametrize("data", HOSTILE_BYTES)
def test_hostile_bytes(data: bytes) -> None:
    with pytest.raises((EncodingError, LogError)):
        parse_entry(data)


def test_an_entry_of_what_is_no_json_is_not_written() -> None:
    with pytest.raises(EncodingError):
        Entry(0, TIME, "annul", {"reason": "\ud800", "signature": ""}).encode()
