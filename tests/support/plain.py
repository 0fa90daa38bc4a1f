"""The protocol's hashes and numbers with Python's integers and SHA-256 alone: a second opinion on `ballots`."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

BITS = 512
WIDTH = BITS // 8
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
Steps = dict[str, Any]


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def tagged(tag: str, value: Any) -> bytes:
    """H(tag, value)."""
    return hashlib.sha256(tag.encode("ascii") + b"\0" + canonical(value)).digest()


def expand(tag: str, value: Any, bits: int) -> int:
    seed, wanted = tagged(tag, value), -(-bits // 8)
    stream = b"".join(hashlib.sha256(seed + counter.to_bytes(4, "big")).digest() for counter in range(wanted // 32 + 1))
    return int.from_bytes(stream[:wanted], "big")


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(text: str) -> int:
    return int.from_bytes(from_b64(text), "big")


def encode(value: int, width: int = WIDTH) -> str:
    return b64(value.to_bytes(width, "big"))


def short(digest: bytes) -> str:
    bits = f"{int.from_bytes(digest, 'big'):0256b}"
    characters = "".join(ALPHABET[int(bits[start : start + 5], 2)] for start in range(0, 125, 5))
    return "-".join(characters[start : start + 5] for start in range(0, 25, 5))


def interpolation(members: Sequence[int], at: int, delta: int) -> dict[int, int]:
    """Return Δ·∏ (i − at)/(i − j) for each member j."""
    found = {}
    for j in members:
        above = delta * prod(i - at for i in members if i != j)
        below = prod(i - j for i in members if i != j)
        assert above % below == 0
        found[j] = above // below
    return found


def leaf_hash(entry: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(b"\0" + canonical(entry)).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))
