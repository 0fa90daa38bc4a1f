"""The steps of an election in the making, and how its documents are written."""

import copy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ballots import codec
from tests.support.elections import Voter

Json = Any
Document = dict[str, Any]


def encode(value: Json) -> bytes:
    """Encode as canonical JSON without judging the values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_text(data: bytes) -> str:
    return codec.encode_bytes(hashlib.sha256(data).digest())


def hash_text(tag: str, value: Json) -> str:
    return codec.encode_bytes(codec.hash_canonical(tag, encode(value)))


@dataclass
class Step:
    """One entry in the making.

    Attributes:
        kind: Its type.
        time: Its time.
        body: What it says; re-done, but for ``fixed``.
        fixed: Fields of the body that the attack sets, over what would be right.
        index: The index it claims; None for its place.
        voter: Who casts it, if it is a ballot.
        choices: What the voter chooses.
        ballot: The ballot itself.
        kept: The attack made this ballot; it is not sealed again.
        line: The bytes that stand for the ballot in the record; None for the canonical ones.
        leaf: The entry's bytes.
    """

    kind: str
    time: str
    body: Document = field(default_factory=dict)
    fixed: Document = field(default_factory=dict)
    index: int | None = None
    voter: Voter | None = None
    choices: Mapping[str, Any] = field(default_factory=dict)
    ballot: Document | None = None
    kept: bool = False
    line: bytes | None = None
    leaf: bytes = b""

    @property
    def sealed(self) -> Document:
        assert self.ballot is not None
        return self.ballot

    @property
    def tracker(self) -> str:
        return hash_text("ballot", self.sealed)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Step":
        """Copy the documents; the voter, the choices and the ballot are shared: attacks replace it, or :meth:`edit`."""
        return Step(**{**vars(self), "body": copy.deepcopy(self.body, memo), "fixed": copy.deepcopy(self.fixed, memo)})

    def edit(self) -> Document:
        """Return this step's own copy of its ballot, for the attack to write in."""
        self.ballot, self.kept = copy.deepcopy(self.sealed), True
        return self.ballot
