"""The entries of a petition's log and the fields of each type (section 18.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from . import codec
from .codec import Json
from .ed25519 import KEY_BYTES, SIGNATURE_BYTES
from .entries import ReplaceBody, StrikeBody, parse_replace, parse_strike
from .errors import Malformed
from .lines import Line, parse_line
from .petition_document import METHODS

TOKEN_BYTES = 32
ACTORS = ("signer", "moderator", "rule")
REASONS = ("withdrawn", "duplicate", "fraud", "not-a-person", "not-eligible", "order")
CLOSINGS = ("time", "stopped")


@dataclass(frozen=True, slots=True)
class PetitionBody:
    """Entry 0: which petition this log is of."""

    petition: str


@dataclass(frozen=True, slots=True)
class ConfirmedBody:
    """Somebody signed by mail or OIDC: the request and its confirmation."""

    method: str
    commitment: str
    mailbox: str
    person: str
    requested_at: datetime
    requested_text: str
    confirmed_at: datetime
    token: bytes
    request: str


@dataclass(frozen=True, slots=True)
class CredentialBody:
    """A voter of the roll signed."""

    voter: str
    signed_at: datetime
    signature: str


@dataclass(frozen=True, slots=True)
class RemoveBody:
    """A signature was taken back or removed."""

    entry: int
    by: str
    reason: str
    signature: str


@dataclass(frozen=True, slots=True)
class RestoreBody:
    """A removal was undone."""

    entry: int
    reason: str


@dataclass(frozen=True, slots=True)
class ExtendBody:
    """The petition closes later."""

    closes_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CloseBody:
    """Signing has ended with this count."""

    counted: dict[str, int]
    reason: str


Body = (
    PetitionBody
    | ConfirmedBody
    | CredentialBody
    | StrikeBody
    | ReplaceBody
    | RemoveBody
    | RestoreBody
    | ExtendBody
    | CloseBody
)


def _wide(value: Json, width: int) -> str:
    codec.decode_bytes(value, width)
    return codec.text(value)


def _one_of(value: Json, known: tuple[str, ...]) -> str:
    if codec.text(value) not in known:
        raise Malformed(f'"{codec.text(value)[:40]}" is none of {", ".join(known)}')
    return codec.text(value)


def counts(value: Json) -> dict[str, int]:
    """Read an object of one number for each method."""
    return {
        method: codec.integer(number) for method, number in zip(METHODS, codec.fields(value, *METHODS), strict=True)
    }


def parse_confirmed(value: Json) -> ConfirmedBody:
    """Read the body of a `confirmed` entry."""
    names = ("method", "commitment", "mailbox", "person", "requested_at", "confirmed_at", "token", "request")
    method, commitment, mailbox, person, requested, confirmed, token, request = codec.fields(value, *names)
    return ConfirmedBody(
        method=_one_of(method, ("mail", "oidc")),
        commitment=_wide(commitment, codec.HASH_BYTES),
        mailbox=_wide(mailbox, codec.HASH_BYTES),
        person=_wide(person, codec.HASH_BYTES),
        requested_at=codec.decode_time(requested),
        requested_text=codec.text(requested),
        confirmed_at=codec.decode_time(confirmed),
        token=codec.decode_bytes(token, TOKEN_BYTES),
        request=_wide(request, SIGNATURE_BYTES),
    )


def parse_credential(value: Json) -> CredentialBody:
    """Read the body of a `credential` entry."""
    voter, signed_at, signature = codec.fields(value, "voter", "signed_at", "signature")
    return CredentialBody(_wide(voter, KEY_BYTES), codec.decode_time(signed_at), _wide(signature, SIGNATURE_BYTES))


def _remove(value: Json) -> RemoveBody:
    entry, by, reason, signature = codec.fields(value, "entry", "by", "reason", "signature")
    actor, why = _one_of(by, ACTORS), _one_of(reason, REASONS)
    return RemoveBody(codec.integer(entry), actor, why, "" if signature == "" else _wide(signature, SIGNATURE_BYTES))


def _restore(value: Json) -> RestoreBody:
    entry, reason = codec.fields(value, "entry", "reason")
    return RestoreBody(codec.integer(entry), codec.text(reason))


def _extend(value: Json) -> ExtendBody:
    closes_at, reason = codec.fields(value, "closes_at", "reason")
    return ExtendBody(codec.decode_time(closes_at), codec.text(reason))


def _close(value: Json) -> CloseBody:
    counted, reason = codec.fields(value, "counted", "reason")
    return CloseBody(counts(counted), _one_of(reason, CLOSINGS))


BODIES: dict[str, Callable[[Json], Body]] = {
    "petition": lambda value: PetitionBody(_wide(codec.fields(value, "petition")[0], codec.HASH_BYTES)),
    "confirmed": parse_confirmed,
    "credential": parse_credential,
    "strike": parse_strike,
    "replace": parse_replace,
    "remove": _remove,
    "restore": _restore,
    "extend": _extend,
    "close": _close,
}


PetitionEntry = Line[Body]
"""One entry of a petition's log."""


def parse_petition_entry(data: bytes) -> PetitionEntry:
    """Turn a line of a petition's log into an entry.

    Raises:
        Malformed: see `parse_line`.
    """
    return parse_line(data, BODIES)
