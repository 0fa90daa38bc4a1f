"""H. The verifier itself: files that are missing, strange, huge, twisted, or not what the log has hashed."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from tests.attacks.forge import Forge
from tests.attacks.register import Change, attack, attacks
from tests.attacks.steps import encode
from verifier.report import CHECKS

EVERYTHING = tuple(CHECKS)
Spoil = Callable[[Path], object]


def spoiled(spoil: Spoil) -> Change:
    return lambda forge: forge.spoils.append(spoil)


def rewritten(name: str, change: Callable[[bytes], bytes]) -> Change:
    """Return an attack on a file's bytes."""
    return spoiled(lambda folder: (folder / name).write_bytes(change((folder / name).read_bytes())))


def moved(folder: Path, name: str) -> Path:
    """Move a file or folder out of the record, and return where it is now."""
    return (folder / name).rename(folder.parent / f"moved {Path(name).name}")


def link(folder: Path, name: str) -> None:
    (folder / name).symlink_to(moved(folder, name))


def pipe(folder: Path, name: str) -> None:
    """Make a careless reader wait for ever."""
    moved(folder, name)
    os.mkfifo(folder / name)


def swap_partials(path: Path) -> None:
    tally = json.loads(path.read_bytes())
    tally["partials"].reverse()
    path.write_bytes(encode(tally))


def written(name: str, data: bytes = b"{}\n") -> Change:
    return spoiled(lambda folder: (folder / name).write_bytes(data))


attacks(
    "H3",
    "1 encoding: files",
    None,
    a_file_that_nobody_knows=written("README.txt"),
    a_hidden_file=written(".DS_Store"),
    an_archive=written("tally.json.gz", b"\x1f\x8b\x08" + b"\0" * 100),
    a_file_among_the_logs=written("log/notes.txt"),
    a_file_numbered_otherwise=written("log/0.jsonl"),
    a_second_empty_log_file=written("log/00001.jsonl", b""),
    a_second_ballots_file_before_the_first_is_full=written("ballots/00001.jsonl", b""),
    a_folder_that_nobody_knows=spoiled(lambda folder: (folder / "more").mkdir()),
)


NAMES = ("manifest.json", "key.json", "roll.jsonl", "checkpoint", "tally.json", "log", "ballots", "log/00000.jsonl")


def for_each(code: str, title: str, spoil: Callable[[str], Spoil], trustees: str | None) -> None:
    """Register an attack on each file or folder of a record, without which the record is incomplete."""
    for name in NAMES:
        change = spoiled(spoil(name))
        attack(
            code,
            "1 encoding: files",
            trustees=trustees,
            also=EVERYTHING,
            exit_code=2,
            name=f"{name} {title}",
        )(change)


for_each("H1", "missing", lambda name: lambda folder: moved(folder, name), "has no|not numbered")
for_each("H3", "as a symbolic link", lambda name: lambda folder: link(folder, name), None)
for_each("H3", "as a pipe", lambda name: lambda folder: pipe(folder, name), None)
attacks(
    "H1",
    "1 encoding: files",
    None,
    EVERYTHING,
    exit_code=2,
    a_log_file_left_out=written("log/00002.jsonl", b"{}\n"),
)
attacks(
    "H1",
    "1 encoding: manifest",
    "not JSON|not UTF-8",
    EVERYTHING,
    exit_code=2,
    a_manifest_that_is_no_json=rewritten("manifest.json", lambda data: data[:-1]),
    an_empty_manifest=rewritten("manifest.json", lambda data: b""),
    a_manifest_that_is_not_utf_8=rewritten("manifest.json", lambda data: data.replace(b"A test", b"A te\xff")),
)
attacks(
    "H1",
    "1 encoding: key",
    "not JSON",
    EVERYTHING,
    exit_code=2,
    a_key_that_is_no_json=rewritten("key.json", lambda data: b"<html>Not found</html>"),
)
TWISTS: dict[str, Callable[[bytes], bytes]] = {
    "with a key twice": lambda data: data.replace(b"{", b'{"version":1,', 1),
    "with a key that nobody knows": lambda data: data.replace(b"{", b'{"a":1,', 1),
    "with a number of 2^53": lambda data: data.replace(b'"version":1', b'"version":9007199254740992'),
    "with a number of 5,000 digits": lambda data: data.replace(b'"version":1', b'"version":1' + b"0" * 5000),
    "with a fraction": lambda data: data.replace(b'"version":1', b'"version":1.0'),
    "with an exponent": lambda data: data.replace(b'"version":1', b'"version":1e0'),
    "with a negative number": lambda data: data.replace(b'"version":1', b'"version":-1'),
    "with minus zero": lambda data: data.replace(b'"version":1', b'"version":-0'),
    "with true for 1": lambda data: data.replace(b'"version":1', b'"version":true'),
    "with null": lambda data: data.replace(b'"version":1', b'"version":null'),
    "with NaN": lambda data: data.replace(b'"version":1', b'"version":NaN'),
    "with a lone surrogate": lambda data: data.replace(b'"version":1', b'"version":"\\ud800"'),
    "nested seventeen deep": lambda data: data.replace(b'"version":1', b'"version":' + b"[" * 17 + b"]" * 17),
    "nested a hundred thousand deep": lambda data: data.replace(b'"version":1', b'"version":' + b"[" * 100_000),
    "with a line end": lambda data: data + b"\n",
    "with a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "with a space": lambda data: data.replace(b":", b": ", 1),
}
SYNTAX = ("with NaN", "nested a hundred thousand deep", "with a byte order mark")
"""These are no JSON at all, which is incomplete for manifest and key."""
FILES = {
    "manifest.json": ("manifest", "fails a check"),
    "key.json": ("key", "fails a check"),
    "tally.json": ("tally", None),
}

for file, (part, refusal) in FILES.items():
    for twist, change in TWISTS.items():
        attack(
            "H3",
            f"1 encoding: {part}",
            trustees=refusal,
            also=EVERYTHING,
            exit_code=None if twist in SYNTAX else 1,
            name=f"{file} {twist}",
        )(rewritten(file, change))


def line_twisted(change: Callable[[bytes], bytes]) -> Change:
    def apply(forge: Forge) -> None:
        step = forge.ballots_of(forge.voters[8])[0]
        step.line = change(encode(step.sealed))

    return apply


for twist, change in TWISTS.items():
    if twist != "with a line end":
        attack(
            "H3",
            "1 encoding: ballots",
            trustees="malformed|JSON|whole number|UTF-8|key|nested|integer|surrogate|only objects|Only objects|version",
            name=f"a stored ballot {twist}",
        )(line_twisted(change))


def lengthened(name: str, size: int) -> Change:
    return spoiled(lambda folder: os.truncate(folder / name, size))


attacks(
    "H3",
    "1 encoding: manifest",
    None,
    EVERYTHING,
    a_manifest_of_sixty_four_gigabytes=lengthened("manifest.json", 1 << 36),
)
attacks("H3", "1 encoding: key", None, EVERYTHING, a_key_of_sixty_four_gigabytes=lengthened("key.json", 1 << 36))
attacks("H3", "3 log: checkpoint", None, a_checkpoint_of_sixty_four_gigabytes=lengthened("checkpoint", 1 << 36))


# --- H2: hashes that somebody might forget to compare; nothing else is re-done, since nobody has to sign anything

attacks(
    "H2",
    "4 opening: manifest",
    "another manifest|differs",
    EVERYTHING,
    another_title_in_the_manifest=rewritten("manifest.json", lambda data: data.replace(b"A test", b"A fest")),
    another_rule_in_the_manifest=rewritten(
        "manifest.json", lambda data: data.replace(b'"percent":50', b'"percent":40')
    ),
)
attacks(
    "H2",
    "4 opening: key",
    "differs|names differ",
    EVERYTHING,
    another_name_in_the_key=rewritten("key.json", lambda data: data.replace(b'"Two"', b'"Ten"')),
)
attacks(
    "H2",
    "4 opening: roll",
    "differs|another election",
    EVERYTHING,
    another_weight_in_the_roll=rewritten("roll.jsonl", lambda data: data.replace(b'"weight":1', b'"weight":2', 1)),
)
attacks(
    "H2",
    "3 log: tally",
    "not the file whose hash",
    ("11 partials: members",),
    a_tally_with_other_partials=spoiled(lambda folder: swap_partials(folder / "tally.json")),
)


@attack("H2", "4 opening: manifest", trustees="differs from manifest.json")
def another_title_on_the_log(forge: Forge) -> None:
    forge.find("manifest").fixed = {"title": {"en": "Another"}}


@attack("H2", "4 opening: key", trustees="differs from key.json")
def another_keys_hash_on_the_log(forge: Forge) -> None:
    forge.find("key").fixed = {"sha256": "A" * 43}
