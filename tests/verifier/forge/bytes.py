"""The page's encodings and hashes, once more and as short as can be: the forge shares nothing with what it tests."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

START = datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)


def jcs(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def tag_hash(tag: str, value: Any) -> bytes:
    return hashlib.sha256(f"evote/1/{tag}".encode() + b"\x00" + jcs(value)).digest()


def b64(data: bytes) -> str:
    return base64.b64encode(data, altchars=b"-_").decode().replace("=", "")


def number(value: int, width: int) -> str:
    return b64(int(value).to_bytes(width, "big"))


def grow(tag: str, value: Any, bits: int) -> int:
    out, counter, seed = b"", 0, tag_hash(tag, value)
    while len(out) * 8 < bits:
        out += hashlib.sha256(seed + counter.to_bytes(4, "big")).digest()
        counter += 1
    return int.from_bytes(out[: (bits + 7) // 8], "big")


def clock(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Signer:
    """An Ed25519 key that is the same whenever it has the same name."""

    def __init__(self, name: str) -> None:
        self.secret = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
        self.raw = self.secret.public_key().public_bytes_raw()
        self.public = b64(self.raw)

    def sign(self, tag: str, value: Any) -> str:
        return b64(self.secret.sign(tag_hash(tag, value)))


def merkle_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:split]) + merkle_root(leaves[split:])).digest()


def merkle_path(leaves: list[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*merkle_path(leaves[:split], index), merkle_root(leaves[split:])]
    return [*merkle_path(leaves[split:], index - split), merkle_root(leaves[:split])]


def signed_note(origin: str, leaves: list[bytes], board: Signer, root: bytes | None = None) -> str:
    root = merkle_root(leaves) if root is None else root
    text = f"{origin}\n{len(leaves)}\n{base64.b64encode(root).decode()}\n"
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + board.raw).digest()[:4]
    return f"{text}\n— {origin} {base64.b64encode(key_id + board.secret.sign(text.encode())).decode()}\n"
