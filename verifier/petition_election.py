"""Whether the roll of a petition is that of an election whose record is at hand (section 18.7)."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from . import codec
from .election import bind
from .entries import ReplaceBody, StrikeBody, parse_replace, parse_strike
from .errors import Refused, inside
from .folder import RecordFolder
from .key import parse_key
from .manifest import parse_manifest
from .petition_document import RollSource
from .roll import Roll

Change = StrikeBody | ReplaceBody


@dataclass(frozen=True)
class Electorate:
    """What an election's record says about its voters.

    Attributes:
        source: what a petition that they may sign must name.
        changes: the registrar's strikes and replacements, in the order of the log.
    """

    source: RollSource
    changes: tuple[Change, ...]


def read_electorate(path: Path) -> Electorate:
    """Read an election's record, as far as a petition needs it.

    Raises:
        Missing: a file is missing.
        Malformed: a file cannot be read; whether the record is right is for `check` to say.
    """
    folder, digest = RecordFolder(path), hashlib.sha256()
    with inside("manifest.json"):
        value = codec.parse(folder.read("manifest.json"))
        manifest = parse_manifest(value)
    with inside("key.json"):
        data = folder.read("key.json")
        key = parse_key(codec.parse(data), manifest.modulus_bits)
    for line in folder.lines("roll.jsonl"):
        digest.update(line.data + b"\n")
    election = bind(manifest, value, key, data, Roll(sha256=digest.digest()))
    source = RollSource(
        election=election.fingerprint,
        manifest=codec.encode_bytes(manifest.hash),
        registrar=manifest.registrar_key,
        sha256=codec.encode_bytes(digest.digest()),
    )
    return Electorate(source, tuple(_changes(folder)))


def _changes(folder: RecordFolder) -> list[Change]:
    found: list[Change] = []
    for line in folder.lines("log"):
        with inside(line.place):
            _, _, kind, body = codec.fields(codec.parse(line.data), "index", "time", "type", "body")
            if kind == "strike":
                found.append(parse_strike(body))
            elif kind == "replace":
                found.append(parse_replace(body))
    return found


def check_source(source: RollSource, electorate: Electorate) -> None:
    """Check that a petition names this election, its roll and its registrar.

    Raises:
        Refused: it does not; the text says what differs.
    """
    names = {
        "election": "fingerprint",
        "manifest": "manifest",
        "sha256": "roll",
        "registrar": "registrar's key",
    }
    for name, what in names.items():
        said, is_so = getattr(source, name), getattr(electorate.source, name)
        if said != is_so:
            raise Refused(f"the petition names the {what} {said}, but that of the election's record is {is_so}")


def check_changes(changes: list[Change], electorate: Electorate) -> int:
    """Check that the petition's log has the election's strikes and replacements, in their order and no others.

    Returns:
        How many more there are in the election's log: later ones, if the petition closed before them.

    Raises:
        Refused: the petition leaves one out, or has one that the election has not.
    """
    for number, change in enumerate(changes):
        if number >= len(electorate.changes) or electorate.changes[number] != change:
            raise Refused(
                f"number {number + 1} of the petition's strikes and replacements is not that of the election's log: "
                "one was left out, moved or made up, or the election's record is older"
            )
    return len(electorate.changes) - len(changes)
