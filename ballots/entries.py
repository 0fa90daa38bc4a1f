"""The log's entries: one canonical JSON object a leaf (section 7)."""

from dataclasses import dataclass
from typing import Any

from ballots import codec
from ballots.errors import EncodingError, LogError

BODY_KEYS: dict[str, tuple[frozenset[str], ...]] = {
    "key": (frozenset({"sha256"}),),
    "roll": (frozenset({"sha256", "voters", "signature"}),),
    "open": (frozenset({"election", "signatures"}),),
    "ballot": (frozenset({"voter", "tracker", "previous", "signature"}),),
    "audited": (frozenset({"tracker"}),),
    "replace": (frozenset({"old", "new", "signature"}),),
    "strike": (frozenset({"voter", "signature"}),),
    "extend": (frozenset({"closes_at", "reason", "signature"}),),
    "annul": (frozenset({"reason", "signature"}),),
    "close": (frozenset({"size", "counted", "signature"}),),
    "intent": (frozenset({"trustee", "signature"}), frozenset({"observer", "signature"})),
    "tally": (frozenset({"sha256"}),),
}
"""The closed key lists of each type's body; the manifest's is its own."""

_INTEGERS = frozenset({"voters", "size", "trustee", "observer"})
_OBJECTS = frozenset({"signatures"})


@dataclass(frozen=True)
class Entry:
    """One entry: its place, when it was durably accepted, what it is and what it says."""

    index: int
    time: str
    type: str
    body: dict[str, Any]

    def encode(self) -> bytes:
        """Encode as the canonical bytes of the leaf, without a newline."""
        return codec.encode_canonical({"index": self.index, "time": self.time, "type": self.type, "body": self.body})


def parse_entry(data: bytes) -> Entry:
    """Parse a leaf's bytes by its form; its place is judged by :class:`ballots.board.Board`.

    Raises:
        EncodingError: Not canonical JSON, or a malformed time.
        LogError: An unknown type, or a body with missing, unknown or mistyped fields.
    """
    index, time, kind, body = codec.take(codec.parse_canonical(data), "index", "time", "type", "body")
    codec.parse_time(time)
    if type(index) is not int or not isinstance(kind, str):
        raise EncodingError("An entry's index must be a number and its type a text.")
    check_body(kind, body)
    return Entry(index, time, kind, body)


def check_body(kind: str, body: codec.Json) -> None:
    """Check that a body has its type's keys, each of the right JSON type.

    Raises:
        LogError: It has not.
    """
    if kind == "manifest" and isinstance(body, dict):
        return
    if kind not in BODY_KEYS:
        raise LogError("There is no entry of the type '%(kind)s'.", kind=kind[:40])
    if not isinstance(body, dict) or frozenset(body) not in BODY_KEYS[kind]:
        raise LogError("The body of a '%(kind)s' entry has missing or unknown fields.", kind=kind)
    for name, value in body.items():
        expected = int if name in _INTEGERS else dict if name in _OBJECTS else str
        if type(value) is not expected:
            raise LogError("The field '%(name)s' of a '%(kind)s' entry is of a wrong type.", name=name, kind=kind)
