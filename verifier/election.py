"""What an election is made of before the first ballot: manifest, key and roll, and the fingerprint that binds them."""

import hashlib
from dataclasses import dataclass

from . import codec
from .key import KeyDocument
from .manifest import Manifest
from .roll import Roll


@dataclass(frozen=True)
class Election:
    """An election as its three files define it.

    Attributes:
        fingerprint: F of section 9 as base64url text, which ballots, signatures and tally carry.
        key_sha256: SHA-256 of key.json, as base64url text.
    """

    manifest: Manifest
    manifest_value: codec.Json
    key: KeyDocument
    key_sha256: str
    roll: Roll
    fingerprint: str

    def own_keys(self) -> list[tuple[str, str]]:
        """Return whose key it is, and the key, for all but the voters."""
        manifest = self.manifest
        return [
            ("the board", manifest.board_key),
            ("the registrar", manifest.registrar_key),
            ("the official", manifest.official_key),
            *((f"observer {number}", observer.key) for number, observer in enumerate(manifest.observers)),
            *((f"trustee {number}", trustee.key) for number, trustee in enumerate(self.key.trustees, 1)),
        ]


def bind(manifest: Manifest, value: codec.Json, key: KeyDocument, key_bytes: bytes, roll: Roll) -> Election:
    """Compute the fingerprint of an election from its parts."""
    parts = {
        "manifest": codec.encode_bytes(manifest.hash),
        "key": codec.encode_bytes(key.hash),
        "roll": codec.encode_bytes(roll.sha256),
    }
    fingerprint = codec.encode_bytes(codec.tagged_hash("evote/1/election", parts))
    key_sha256 = codec.encode_bytes(hashlib.sha256(key_bytes).digest())
    return Election(manifest, value, key, key_sha256, roll, fingerprint)
