"""Any byte of any file of a valid record, changed, taken out or put in: refused, by a check that covers the file."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attacks.judges import trustee_refuses, verify

COVERED_BY = {
    "manifest.json": ("1 encoding: manifest", "4 opening: manifest"),
    "key.json": ("1 encoding: key", "4 opening: key"),
    "roll.jsonl": ("1 encoding: roll", "4 opening: roll"),
    "checkpoint": ("3 log: checkpoint",),
    "log/00000.jsonl": ("1 encoding: log", "3 log: checkpoint"),
    "ballots/00000.jsonl": ("1 encoding: ballots", "5 ballots: stored"),
    "tally.json": ("1 encoding: tally", "3 log: tally"),
}
EXAMPLES = 40


@pytest.fixture(scope="module")
def scratch(valid_record: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a copy of the record to spoil; each example puts back what it changed."""
    folder = tmp_path_factory.mktemp("bytes") / "record"
    shutil.copytree(valid_record, folder)
    yield folder
    assert verify(folder).exit_code == 0, "an example did not put back what it changed"


def spoiled(data: bytes, position: int, how: str, value: int) -> bytes:
    if how == "changed":
        return data[:position] + bytes([data[position] ^ value]) + data[position + 1 :]
    if how == "taken out":
        return data[:position] + data[position + 1 :]
    return data[:position] + bytes([value]) + data[position:]


@given(
    name=st.sampled_from(sorted(COVERED_BY)),
    place=st.integers(0, 2**32 - 1),
    how=st.sampled_from(["changed", "taken out", "put in"]),
    value=st.one_of(st.integers(1, 255), st.sampled_from(b'"{}[],:\n 0A=')),
)
@settings(max_examples=EXAMPLES)
def test_any_byte(scratch: Path, name: str, place: int, how: str, value: int) -> None:
    path = scratch / name
    data = path.read_bytes()
    path.write_bytes(spoiled(data, place % len(data), how, value))
    try:
        report = verify(scratch)
        assert report.exit_code in (1, 2)
        assert set(COVERED_BY[name]) & set(report.failed_parts())
        assert trustee_refuses(scratch) != ""
    finally:
        path.write_bytes(data)


@pytest.mark.parametrize("name", sorted(COVERED_BY))
def test_a_byte_put_at_the_end(name: str, scratch: Path) -> None:
    """The last byte is where readers stop too soon."""
    path = scratch / name
    data = path.read_bytes()
    try:
        for end in (b"\n", b"\0", b" "):
            path.write_bytes(data + end)
            report = verify(scratch)
            assert report.exit_code in (1, 2)
            assert set(COVERED_BY[name]) & set(report.failed_parts())
        path.write_bytes(data[:-1])
        assert verify(scratch).exit_code in (1, 2)
    finally:
        path.write_bytes(data)


def test_whole_pieces_exchanged_within_a_file(scratch: Path) -> None:
    """Two stretches of equal length change places: lengths and characters stay as they were."""
    rng = random.Random("pieces")
    for name in ("manifest.json", "key.json", "tally.json", "log/00000.jsonl", "ballots/00000.jsonl"):
        path = scratch / name
        data = path.read_bytes()
        one, two = sorted(rng.sample(range(0, len(data) - 40, 40), 2))
        pieces = data[:one] + data[two : two + 40] + data[one + 40 : two] + data[one : one + 40] + data[two + 40 :]
        path.write_bytes(pieces)
        try:
            assert set(COVERED_BY[name]) & set(verify(scratch).failed_parts())
        finally:
            path.write_bytes(data)
