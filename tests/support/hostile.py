"""Hostile versions of a good document, for parsers that must refuse them with their package's own errors only."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Path = tuple[str | int, ...]


def nested(depth: int) -> Any:
    """Return lists in lists, so deep."""
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    return value


HOSTILE_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    2,
    -1,
    2**31,
    2**53 - 1,
    2**53,
    10**500,
    1.5,
    1e300,
    float("nan"),
    float("-inf"),
    "",
    " ",
    "A",
    "A" * 43,
    "_" * 43,
    "A" * 86,
    "=" * 43,
    "é" * 43,
    "\u0000",
    "\ud800",
    "0" * 32,
    "F" * 32,
    "2026-02-30T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "../../etc/passwd",
    [],
    [[]],
    {},
    {"": 0},
    {"é": "é"},
    [None] * 3,
    ["A"],
    {"name": 1, "kind": "choose"},
    nested(17),
    nested(200),
)

HOSTILE_BYTES: tuple[bytes, ...] = (
    b"",
    b"\n",
    b"null",
    b"NaN",
    b"-Infinity",
    b"-0",
    b"1e5",
    b'"\\ud800"',
    b'"\xff"',
    b"\xef\xbb\xbf{}",
    b'{"a":1,"a":1}',
    b"[" * 100_000,
    b"[" * 20_000 + b"]" * 20_000,
    b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    b"9" * 100_000,
    b"-" + b"9" * 5_000,
    b"\x00",
    b"{}{}",
    b"{} ",
    b"true",
    b"[]",
    b"{}",
    b'""',
    b"0",
)


def paths(document: Any, here: Path = ()) -> Iterator[Path]:
    """Yield where every value of a document stands, the document itself first."""
    yield here
    if isinstance(document, dict | list):
        for key, value in document.items() if isinstance(document, dict) else enumerate(document):
            yield from paths(value, (*here, key))


def leaves(document: Any) -> list[Path]:
    """Return where every value stands that is neither an object nor a list."""
    return [path for path in paths(document) if not isinstance(value_at(document, path), dict | list)]


def value_at(document: Any, path: Path) -> Any:
    """Return the value at a place."""
    for step in path:
        document = document[step]
    return document


def replaced(document: Any, path: Path, value: Any) -> Any:
    """Return a copy with another value at a place."""
    if not path:
        return value
    changed = copy.deepcopy(document)
    value_at(changed, path[:-1])[path[-1]] = value
    return changed


def loose_bytes(value: Any) -> bytes:
    """Encode like canonical JSON, but let everything pass that JSON's grammar or Python's can say."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


@st.composite
def hostile_documents(draw: st.DrawFn, document: Any) -> bytes:
    """Draw a document with one thing wrong, mostly deep inside; at times it is the same document."""
    path = draw(st.sampled_from(list(paths(document))))
    old = value_at(document, path)
    kinds = ["value"]
    if isinstance(old, dict):
        kinds += ["more", "less"]
    if isinstance(old, list) and old:
        kinds += ["longer", "shorter", "turned"]
    if isinstance(old, str) and old:
        kinds += ["letter"] * 4
    kind = draw(st.sampled_from(kinds))
    if kind == "value":
        return loose_bytes(replaced(document, path, draw(st.sampled_from(HOSTILE_VALUES))))
    if kind == "letter":
        place = draw(st.integers(0, len(old) - 1))
        letter = draw(st.sampled_from("AB_-+/=09aé\n\x00"))
        return loose_bytes(replaced(document, path, old[:place] + letter + old[place + 1 :]))
    changed = copy.deepcopy(old)
    if kind == "more":
        changed[draw(st.sampled_from(["", "x", "signature", "é"]))] = draw(st.sampled_from(HOSTILE_VALUES))
    elif kind == "less":
        if changed:
            del changed[draw(st.sampled_from(sorted(changed)))]
    elif kind == "longer":
        changed.append(copy.deepcopy(changed[-1]))
    elif kind == "shorter":
        changed.pop()
    else:
        changed.reverse()
    return loose_bytes(replaced(document, path, changed))


@st.composite
def hostile_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    """Draw bytes that differ from the given ones: a byte changed, a piece cut out or doubled, something put in."""
    place = draw(st.integers(0, len(data) - 1))
    kind = draw(st.sampled_from(["flip", "flip", "flip", "cut", "double", "insert", "whole"]))
    if kind == "flip":
        return data[:place] + bytes([data[place] ^ draw(st.integers(1, 255))]) + data[place + 1 :]
    if kind == "whole":
        return draw(st.sampled_from(HOSTILE_BYTES))
    end = draw(st.integers(place + 1, len(data)))
    if kind == "cut":
        return data[:place] + data[end:]
    if kind == "double":
        return data[:end] + data[place:]
    return (
        data[:place]
        + draw(st.sampled_from((b"\n", b" ", b"\xef\xbb\xbf", b"\x00", b"\xff", b"0", b"{}")))
        + data[place:]
    )
