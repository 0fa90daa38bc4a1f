"""`petition.json`, `text.json` and the roll of a petition's record (section 18 of the protocol)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from . import codec
from .codec import Json
from .ed25519 import KEY_BYTES, faulty_keys
from .errors import Malformed, Refused, inside
from .folder import RecordFolder
from .report import Findings

METHODS = ("mail", "oidc", "roll")
FIELDS = (
    *("version", "id", "text", "methods", "opens_at", "closes_at", "grace", "per_mailbox", "nullifier_key"),
    *("roll", "log_origin", "board_key"),
)
LONGEST_GRACE = 366 * 24 * 3600


class PetitionFolder(RecordFolder):
    """The folder of a petition's record."""

    single_files: ClassVar[tuple[str, ...]] = ("petition.json", "text.json", "roll.jsonl", "checkpoint", "count.json")
    optional: ClassVar[tuple[str, ...]] = ("text.json", "roll.jsonl")
    series: ClassVar[tuple[str, ...]] = ("log",)


@dataclass(frozen=True, slots=True)
class RollSource:
    """The election whose voters may sign: fingerprint, manifest, registrar's key, and the roll's SHA-256."""

    election: str
    manifest: str
    registrar: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Petition:
    """What is counted, by which rules; `hash` is P as base64url text."""

    hash: str
    id: str
    text: str
    methods: tuple[str, ...]
    opens_at: datetime
    closes_at: datetime
    grace: timedelta
    per_mailbox: int
    roll: RollSource | None
    log_origin: str
    board_key: str


def _hash_text(value: Json) -> str:
    codec.decode_bytes(value, codec.HASH_BYTES)
    return codec.text(value)


def _key(value: Json) -> str:
    codec.decode_bytes(value, KEY_BYTES)
    if faults := faulty_keys([codec.text(value)]):
        raise Malformed(faults[0])
    return codec.text(value)


def _roll_source(value: Json) -> RollSource | None:
    if value == "":
        return None
    with inside("roll"):
        election, manifest, registrar, sha256 = codec.fields(value, "election", "manifest", "registrar", "sha256")
        return RollSource(_hash_text(election), _hash_text(manifest), _key(registrar), _hash_text(sha256))


def parse_petition(data: bytes) -> Petition:
    """Read petition.json.

    Raises:
        Malformed: it is not canonical, a field is missing or unknown, or its rules make no sense.
    """
    value = codec.parse(data)
    parts = dict(zip(FIELDS, codec.fields(value, *FIELDS), strict=True))
    codec.integer(parts["version"], 1, 1)
    methods = tuple(codec.text(method) for method in codec.array(parts["methods"]))
    if not methods or methods != tuple(method for method in METHODS if method in methods):
        raise Malformed("methods are one or more of mail, oidc, roll, each once and in this order")
    _hash_text(parts["nullifier_key"])
    roll = _roll_source(parts["roll"])
    if (roll is not None) != ("roll" in methods):
        raise Malformed("there must be a roll if, and only if, people may sign by it")
    opens_at, closes_at = codec.decode_time(parts["opens_at"]), codec.decode_time(parts["closes_at"])
    if opens_at >= closes_at:
        raise Malformed("it closes before it opens")
    return Petition(
        hash=codec.encode_bytes(codec.tagged_hash("evote/1/petition", value)),
        id=codec.text(parts["id"]),
        text=_hash_text(parts["text"]),
        methods=methods,
        opens_at=opens_at,
        closes_at=closes_at,
        grace=timedelta(seconds=codec.integer(parts["grace"], 0, LONGEST_GRACE)),
        per_mailbox=codec.integer(parts["per_mailbox"], 1, 2),
        roll=roll,
        log_origin=codec.text(parts["log_origin"]),
        board_key=_key(parts["board_key"]),
    )


def check_text(data: bytes, petition: Petition) -> str:
    """Check text.json and return the petition's title.

    Raises:
        Malformed: a field is missing, unknown or no string.
        Refused: it is another text than the petition's.
    """
    value = codec.parse(data)
    title, *others = codec.fields(value, "title", "action", "details", "language")
    for part in others:
        codec.text(part)
    if codec.encode_bytes(codec.tagged_hash("evote/1/petition-text", value)) != petition.text:
        raise Refused("it is not the text whose hash stands in petition.json: people signed another one")
    return codec.text(title)


def read_voters(folder: RecordFolder, source: RollSource, findings: Findings) -> set[str]:
    """Read the keys of roll.jsonl, noting what is wrong with it.

    Raises:
        Missing: there is no roll.
    """
    part, digest, voters, before = "P1 encoding: roll", hashlib.sha256(), dict[str, None](), ""
    for line in folder.lines("roll.jsonl"):
        digest.update(line.data + b"\n")
        with findings.checking(part, line.place):
            if line.fault:
                raise Malformed(line.fault)
            voter, style, weight = codec.fields(codec.parse(line.data), "voter", "style", "weight")
            codec.decode_bytes(voter, KEY_BYTES)
            codec.text(style)
            codec.integer(weight, 1)
            if codec.text(voter) <= before:
                raise Refused("the voters' keys are not in ascending order")
            before = codec.text(voter)
            voters[before] = None
    with findings.checking(part, "roll.jsonl"):
        if codec.encode_bytes(digest.digest()) != source.sha256:
            raise Refused("it is not the roll whose hash stands in petition.json")
    names = list(voters)
    for number, reason in faulty_keys(names).items():
        findings.fail(part, reason, f"voter {names[number]}")
    return set(names)
