"""The folder itself: strangers, links, gaps, and any changed byte (attacks H1 to H3)."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.conftest import Check, reasons
from tests.verifier.forge.world import World, write_files
from verifier.check import check_record
from verifier.context import Options
from verifier.folder import RecordFolder

SMALL = World(observers=0).open()
SMALL.cast("ann", [["ada"]])
SMALL.append("audited", {"tracker": SMALL.make("ben", [["ada"]]).tracker})
SMALL.cast("ann", [["bob"]])
SMALL.finish({"mayor": {"elected": ["bob"], "tied": []}})
FILES = SMALL.files()
ALL_TESTS = Options(allow_test_keys=True)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_files(FILES, tmp_path_factory.mktemp("scratch") / "record")
    report = check_record(folder, ALL_TESTS)
    assert report.exit_code == 0, reasons(report)
    return folder


@settings(max_examples=120)
@given(st.data())
def test_any_changed_byte_of_any_file_is_refused(scratch: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    content = bytearray(FILES[name])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[place]))
    try:
        (scratch / name).write_bytes(content)
        assert check_record(scratch, ALL_TESTS).exit_code != 0
    finally:
        (scratch / name).write_bytes(FILES[name])


@settings(max_examples=30)
@given(st.data())
def test_any_lost_or_added_stretch_is_refused(scratch: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    content = FILES[name]
    start = data.draw(st.integers(0, len(content) - 1))
    stop = data.draw(st.integers(start, len(content)))
    put = data.draw(st.binary(max_size=20))
    if content[start:stop] == put:
        return
    try:
        (scratch / name).write_bytes(content[:start] + put + content[stop:])
        assert check_record(scratch, ALL_TESTS).exit_code != 0
    finally:
        (scratch / name).write_bytes(content)


@pytest.mark.parametrize(
    "name", ["extra.txt", ".hidden", "log/00001.json", "log/x/y", "log/0000.jsonl", "ballots/notes", "manifest.json~"]
)
def test_strangers_are_reported(name: str, honest: Path, check: Check) -> None:
    write_files({name: b"x"}, honest)
    assert check(honest).failed_parts() == ["1 encoding: files"]


@pytest.mark.parametrize("name", ["manifest.json", "key.json", "roll.jsonl", "checkpoint", "tally.json"])
def test_symbolic_links_are_not_followed(name: str, honest: Path, check: Check, tmp_path: Path) -> None:
    (honest / name).rename(tmp_path / "elsewhere")
    (honest / name).symlink_to(tmp_path / "elsewhere")
    report = check(honest)
    assert report.exit_code == 2
    assert name in reasons(report)


@pytest.mark.parametrize("name", ["log", "ballots"])
def test_linked_folders_are_not_followed(name: str, honest: Path, check: Check, tmp_path: Path) -> None:
    (honest / name).rename(tmp_path / "elsewhere")
    (honest / name).symlink_to(tmp_path / "elsewhere")
    assert check(honest).exit_code == 2


def test_a_pipe_does_not_hang(honest: Path, check: Check) -> None:
    (honest / "checkpoint").unlink()
    os.mkfifo(honest / "checkpoint")
    assert check(honest).exit_code == 2


def test_a_gap_is_a_missing_file(honest: Path, check: Check) -> None:
    (honest / "log/00002.jsonl").write_bytes(b"")
    report = check(honest)
    assert report.exit_code == 2
    assert "log/00001.jsonl" in reasons(report)


@pytest.mark.parametrize("name", ["log/00001.jsonl", "ballots/00001.jsonl"])
def test_files_must_be_full_before_the_next(name: str, honest: Path, check: Check) -> None:
    (honest / name).write_bytes(b"")
    report = check(honest)
    assert report.exit_code == 1
    assert {failure.place for failure in report.why_failed("1 encoding: files")} == {
        name,
        name.replace("00001", "00000"),
    }


def test_ten_thousand_lines_a_file(tmp_path: Path) -> None:
    write_files({"log/00000.jsonl": b"{}\n" * 10_001, "log/00001.jsonl": b"{}\n"}, tmp_path)
    folder = RecordFolder(tmp_path)
    assert sum(1 for _ in folder.lines("log")) == 10_002
    assert folder.faults == {"log/00000.jsonl": "it has 10001 lines; 10000 are the most"}


def test_long_lines_are_passed_over_in_pieces(tmp_path: Path) -> None:
    write_files({"log/00000.jsonl": b"x" * 5000 + b"\n" + b"{}\n" + b"y" * 5000}, tmp_path)
    lines = list(RecordFolder(tmp_path).lines("log", longest=1000))
    assert [(line.length, bool(line.fault), line.data) for line in lines] == [
        (5001, True, b""),
        (3, False, b"{}"),
        (5000, True, b""),
    ]
    assert [line.offset for line in lines] == [0, 5001, 5004]


def test_huge_files_are_not_read(honest: Path, check: Check) -> None:
    with (honest / "key.json").open("r+b") as file:
        file.truncate(1 << 40)  # sparse: it takes no room on the disk
    report = check(honest)
    assert report.exit_code == 1
    assert "longer than" in reasons(report)


def test_an_endless_ballot_line_is_refused(honest: Path, check: Check) -> None:
    with (honest / "ballots/00000.jsonl").open("r+b") as file:
        file.truncate(1 << 28)
    assert check(honest).exit_code == 1
