"""What is hashed and signed about a petition: its document, commitments, nullifiers, signatures (specification, 18).

Pure: randomness, keys and times are arguments.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ballots import codec
from ballots.signatures import SigningKey

MAIL, OIDC, ROLL = "mail", "oidc", "roll"
METHODS: Final = (MAIL, OIDC, ROLL)
"""How people may sign, in the order of the document."""
CONFIRMED, CREDENTIAL = "confirmed", "credential"
STRUCK = "struck"
WITHDRAWN = "withdrawn"
REASONS: Final = (WITHDRAWN, "duplicate", "fraud", "not-a-person", "not-eligible", "order")
SALT_BYTES = TOKEN_BYTES = 32


@dataclass(frozen=True)
class Roll:
    """Whose voters may sign: an election's fingerprint, manifest hash, registrar's key and the roll's SHA-256."""

    election: str
    manifest: str
    registrar: str
    sha256: str

    def as_json(self) -> dict[str, str]:
        """Return the object of the document."""
        return {
            "election": self.election,
            "manifest": self.manifest,
            "registrar": self.registrar,
            "sha256": self.sha256,
        }


@dataclass(frozen=True)
class PetitionDocument:
    """`petition.json` (18.2).

    Attributes:
        text: H("evote/1/petition-text", …), base64url.
        grace: How long after the close a confirmation still counts.
        nullifier_key: The commitment to the key, base64url.
    """

    id: str
    text: str
    methods: tuple[str, ...]
    opens_at: datetime
    closes_at: datetime
    grace: timedelta
    per_mailbox: int
    nullifier_key: str
    log_origin: str
    board_key: str
    roll: Roll | None = None

    def encode(self) -> bytes:
        """Return the file's bytes."""
        return codec.encode_canonical(
            {
                "version": 1,
                "id": self.id,
                "text": self.text,
                "methods": list(self.methods),
                "opens_at": codec.encode_time(self.opens_at),
                "closes_at": codec.encode_time(self.closes_at),
                "grace": int(self.grace.total_seconds()),
                "per_mailbox": self.per_mailbox,
                "nullifier_key": self.nullifier_key,
                "roll": self.roll.as_json() if self.roll else "",
                "log_origin": self.log_origin,
                "board_key": self.board_key,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "PetitionDocument":
        """Read a file that this program wrote."""
        value = codec.parse_canonical(data)
        return cls(
            id=value["id"],
            text=value["text"],
            methods=tuple(value["methods"]),
            opens_at=codec.parse_time(value["opens_at"]),
            closes_at=codec.parse_time(value["closes_at"]),
            grace=timedelta(seconds=value["grace"]),
            per_mailbox=value["per_mailbox"],
            nullifier_key=value["nullifier_key"],
            log_origin=value["log_origin"],
            board_key=value["board_key"],
            roll=Roll(**value["roll"]) if value["roll"] else None,
        )


@dataclass(frozen=True)
class Opening:
    """What a commitment hides."""

    salt: str
    subject: str
    name: str
    region: str

    def as_json(self) -> dict[str, str]:
        """Return the object that is hashed."""
        return {"salt": self.salt, "subject": self.subject, "name": self.name, "region": self.region}

    def commitment(self) -> str:
        """Return C, base64url."""
        return codec.encode_bytes(codec.digest("petition-signer", self.as_json()))


@dataclass(frozen=True)
class Nullifiers:
    """By which the same mailbox and the same person show as the same, to nobody's knowledge; base64url."""

    mailbox: str
    person: str


@dataclass(frozen=True)
class Request:
    """One half of a signature by mail or OIDC: asked for, and signed by the board."""

    method: str
    commitment: str
    nullifiers: Nullifiers
    token_hash: str
    requested_at: datetime

    def statement(self, petition: str) -> dict[str, str]:
        """Return the object that the board signs; `petition` is P."""
        return {
            "petition": petition,
            "method": self.method,
            "commitment": self.commitment,
            "mailbox": self.nullifiers.mailbox,
            "person": self.nullifiers.person,
            "token_hash": self.token_hash,
            "requested_at": codec.encode_time(self.requested_at),
        }


def petition_hash(data: bytes) -> str:
    """Return P for the bytes of `petition.json`."""
    return codec.encode_bytes(codec.hash_canonical("petition", data))


def text_hash(data: bytes) -> str:
    """Return the document's `text` for the bytes of `text.json`."""
    return codec.encode_bytes(codec.hash_canonical("petition-text", data))


def key_commitment(key: bytes) -> str:
    """Commit to a petition's key of nullifiers."""
    return codec.encode_bytes(codec.digest("petition-nullifier-key", {"key": codec.encode_bytes(key)}))


def nullifiers(key: bytes, subject: str, name: str, mailbox: str) -> Nullifiers:
    """Make both nullifiers.

    Args:
        key: K, 32 bytes.
        subject: `mail:…` or `oidc:…`.
        name: In its normal form, so that spellings of one name are one.
        mailbox: The canonical address, or the subject where none is vouched for.
    """
    return Nullifiers(_mac(key, {"mailbox": mailbox}), _mac(key, {"name": name, "subject": subject}))


def hash_token(token: bytes) -> str:
    """Return the hash under which a token is known, base64url."""
    return codec.encode_bytes(hashlib.sha256(token).digest())


def sign_request(key: SigningKey, petition: str, request: Request) -> str:
    """Sign a request with the board's key."""
    return key.sign("petition-request", request.statement(petition))


def confirmed_body(request: Mapping[str, str], signature: str, token: bytes, confirmed_at: datetime) -> dict[str, str]:
    """Return the body of a `confirmed` entry; `request` is the object that the board signed."""
    return {
        **{name: request[name] for name in ("method", "commitment", "mailbox", "person", "requested_at")},
        "confirmed_at": codec.encode_time(confirmed_at),
        "token": codec.encode_bytes(token),
        "request": signature,
    }


def credential_body(voter: str, signed_at: datetime, signature: str) -> dict[str, str]:
    """Return the body of a `credential` entry."""
    return {"voter": voter, "signed_at": codec.encode_time(signed_at), "signature": signature}


def signed_by_credential(petition: str) -> dict[str, str]:
    """Return what a voter's key signs under `petition-sign`."""
    return {"petition": petition}


def withdrawn_by_credential(petition: str, entry: int) -> dict[str, Any]:
    """Return what a voter's key signs under `petition-withdraw`."""
    return {"petition": petition, "entry": entry}


def sign_promise(key: SigningKey, petition: str, body: codec.Json) -> str:
    """Promise that an entry with this body will be on the log."""
    return key.sign("petition-promise", {"petition": petition, "body": body})


def sign_count(
    key: SigningKey, petition: str, size: int, time: datetime, counted: dict[str, int], removed: dict[str, int]
) -> bytes:
    """Return the bytes of `count.json`."""
    count: dict[str, Any] = {
        "petition": petition,
        "size": size,
        "time": codec.encode_time(time),
        "counted": counted,
        "removed": {reason: number for reason, number in removed.items() if number},
    }
    return codec.encode_canonical({**count, "signature": key.sign("petition-count", count)})


def encode_entry(index: int, time: datetime, kind: str, body: codec.Json) -> bytes:
    """Return a leaf of the log: its line without the line end."""
    return codec.encode_canonical({"index": index, "time": codec.encode_time(time), "type": kind, "body": body})


def _mac(key: bytes, value: codec.Json) -> str:
    return codec.encode_bytes(hmac.digest(key, codec.encode_canonical(value), "sha256"))
