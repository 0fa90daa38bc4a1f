"""The entries of the log and the fields of each type (section 7)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from . import codec
from .codec import Json
from .ed25519 import KEY_BYTES, SIGNATURE_BYTES
from .errors import Malformed
from .lines import Line, parse_line


def _digest(value: Json) -> str:
    codec.decode_bytes(value, codec.HASH_BYTES)
    return codec.text(value)


def _signature(value: Json) -> str:
    codec.decode_bytes(value, SIGNATURE_BYTES)
    return codec.text(value)


def _key(value: Json) -> str:
    codec.decode_bytes(value, KEY_BYTES)
    return codec.text(value)


def _or_empty(parse: Callable[[Json], str], value: Json) -> str:
    return "" if value == "" else parse(value)


@dataclass(frozen=True, slots=True)
class ManifestBody:
    """Entry 0: the manifest itself."""

    value: Json


@dataclass(frozen=True, slots=True)
class KeyBody:
    """Entry 1: the hash of key.json."""

    sha256: str


@dataclass(frozen=True, slots=True)
class RollBody:
    """Entry 2: the hash of roll.jsonl, its number of lines and the registrar's signature."""

    sha256: str
    voters: int
    signature: str


@dataclass(frozen=True, slots=True)
class OpenBody:
    """Entry 3: the election, signed by the official and every trustee."""

    election: str
    official: str
    trustees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BallotBody:
    """A ballot was cast."""

    voter: str
    tracker: str
    previous: str
    signature: str


@dataclass(frozen=True, slots=True)
class AuditedBody:
    """A ballot was opened by its voter and may not be cast."""

    tracker: str


@dataclass(frozen=True, slots=True)
class ReplaceBody:
    """A lost credential is replaced by a new one."""

    old: str
    new: str
    signature: str


@dataclass(frozen=True, slots=True)
class StrikeBody:
    """A credential is struck from the count."""

    voter: str
    signature: str


@dataclass(frozen=True, slots=True)
class ExtendBody:
    """The election closes later."""

    closes_at: datetime
    signed_time: str
    reason: str
    signature: str


@dataclass(frozen=True, slots=True)
class AnnulBody:
    """The election is annulled."""

    reason: str
    signature: str


@dataclass(frozen=True, slots=True)
class CloseBody:
    """The election is closed; which ballots count is fixed."""

    size: int
    counted: str
    signature: str


@dataclass(frozen=True, slots=True)
class IntentBody:
    """A trustee (from 1) or an observer (from 0) has signed which log is counted."""

    role: str
    number: int
    signature: str


@dataclass(frozen=True, slots=True)
class TallyBody:
    """The hash of tally.json."""

    sha256: str


Body = (
    ManifestBody
    | KeyBody
    | RollBody
    | OpenBody
    | BallotBody
    | AuditedBody
    | ReplaceBody
    | StrikeBody
    | ExtendBody
    | AnnulBody
    | CloseBody
    | IntentBody
    | TallyBody
)


def _roll(value: Json) -> RollBody:
    sha256, voters, signature = codec.fields(value, "sha256", "voters", "signature")
    return RollBody(_digest(sha256), codec.integer(voters), _signature(signature))


def _open(value: Json) -> OpenBody:
    election, signatures = codec.fields(value, "election", "signatures")
    official, trustees = codec.fields(signatures, "official", "trustees")
    return OpenBody(_digest(election), _signature(official), tuple(_signature(item) for item in codec.array(trustees)))


def _ballot(value: Json) -> BallotBody:
    voter, tracker, previous, signature = codec.fields(value, "voter", "tracker", "previous", "signature")
    return BallotBody(_key(voter), _digest(tracker), _or_empty(_digest, previous), _signature(signature))


def parse_replace(value: Json) -> ReplaceBody:
    """Read the body of a `replace` entry."""
    old, new, signature = codec.fields(value, "old", "new", "signature")
    return ReplaceBody(_key(old), _key(new), _signature(signature))


def parse_strike(value: Json) -> StrikeBody:
    """Read the body of a `strike` entry."""
    voter, signature = codec.fields(value, "voter", "signature")
    return StrikeBody(_key(voter), _signature(signature))


def _extend(value: Json) -> ExtendBody:
    closes_at, reason, signature = codec.fields(value, "closes_at", "reason", "signature")
    when = codec.decode_time(closes_at)
    return ExtendBody(when, codec.text(closes_at), codec.text(reason), _signature(signature))


def _annul(value: Json) -> AnnulBody:
    reason, signature = codec.fields(value, "reason", "signature")
    return AnnulBody(codec.text(reason), _signature(signature))


def _close(value: Json) -> CloseBody:
    size, counted, signature = codec.fields(value, "size", "counted", "signature")
    return CloseBody(codec.integer(size), _digest(counted), _or_empty(_signature, signature))


def _intent(value: Json) -> IntentBody:
    role = "observer" if "observer" in codec.mapping(value) else "trustee"
    number, signature = codec.fields(value, role, "signature")
    return IntentBody(role, codec.integer(number, 0 if role == "observer" else 1), _signature(signature))


BODIES: dict[str, Callable[[Json], Body]] = {
    "manifest": ManifestBody,
    "key": lambda value: KeyBody(_digest(codec.fields(value, "sha256")[0])),
    "roll": _roll,
    "open": _open,
    "ballot": _ballot,
    "audited": lambda value: AuditedBody(_digest(codec.fields(value, "tracker")[0])),
    "replace": parse_replace,
    "strike": parse_strike,
    "extend": _extend,
    "annul": _annul,
    "close": _close,
    "intent": _intent,
    "tally": lambda value: TallyBody(_digest(codec.fields(value, "sha256")[0])),
}


Entry = Line[Body]
"""One entry of an election's log."""


def parse_entry(data: bytes) -> Entry:
    """Turn a line of an election's log into an entry.

    Raises:
        Malformed: see `parse_line`.
    """
    return parse_line(data, BODIES)


def says_ballot(data: bytes) -> bool:
    """Say whether a malformed line means to be a ballot's entry, which then has its line among the ballots."""
    try:
        return codec.mapping(codec.read_json(data)).get("type") == "ballot"
    except Malformed:
        return False
