"""A passkey in software (WebAuthn, 6): what a browser's authenticator answers, with every lie that it could tell."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from ballots.codec import decode_bytes, encode_bytes
from tests.support.officials import Desk

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftPasskey:
    """One passkey in one authenticator.

    Attributes:
        verifies: Whether its owner is verified, by finger, face or PIN.
        counts: Whether it counts its signatures.
    """

    origin: str
    verifies: bool = True
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    handle: str = ""
    count: int = 0

    def make(self, options: dict[str, Any]) -> str:
        """Answer `navigator.credentials.create`."""
        self.handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(cose)
        data = self._data(options["rp"]["id"], ATTESTED) + attested
        made = {"attestationObject": cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})}
        return self._answer("webauthn.create", options["challenge"], made)

    def sign(self, options: dict[str, Any], **lies: Any) -> str:
        """Answer `navigator.credentials.get`; `lies` are challenge, origin, rp_id, handle."""
        self.count += self.counts
        challenge = lies.get("challenge", options["challenge"])
        data = self._data(lies.get("rp_id", options["rpId"]))
        client = self._client_data("webauthn.get", challenge, lies.get("origin", self.origin))
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        handle = decode_bytes(lies.get("handle", self.handle), 32)
        made = {"authenticatorData": data, "signature": signature, "userHandle": handle}
        return self._answer("webauthn.get", challenge, made, client)

    def _data(self, rp_id: str, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client_data(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def _answer(self, kind: str, challenge: str, made: dict[str, bytes], client: bytes = b"") -> str:
        client = client or self._client_data(kind, challenge, self.origin)
        response = {"clientDataJSON": encode_bytes(client), **{name: encode_bytes(data) for name, data in made.items()}}
        identity = encode_bytes(self.id)
        answer = {"id": identity, "rawId": identity, "type": "public-key", "response": response}
        return json.dumps({**answer, "clientExtensionResults": {}})


def options(desk: Desk, purpose: str, page: str = "/admin/sign-in") -> dict[str, Any]:
    """Ask the site for a challenge, with the token of a page."""
    answer = desk.post("/admin/passkeys/options", page, purpose=purpose)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def add(desk: Desk, *, verifies: bool = True) -> SoftPasskey:
    """Add a passkey to somebody who is signed in on the site of the gallery's settings."""
    passkey, new = SoftPasskey("https://vote.example", verifies), "/admin/account/passkeys/new"
    assert desk.post(new, "/admin/account").location == new
    made = passkey.make(options(desk, "add", new))
    assert desk.post(new, passkey_name="office computer", passkey=made).location == "/admin/account"
    return passkey
