"""The public folder: what is written comes back, and a damaged folder is named (section 9)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ballots import record
from ballots.errors import RecordError
from ballots.record import LINES_A_FILE, RecordReader, RecordWriter, file_name


def write(folder: Path, entries: int, ballots: int = 0) -> RecordReader:
    with RecordWriter(folder) as writer:
        for number in range(entries):
            writer.append_entry(b"entry %d" % number)
        for number in range(ballots):
            writer.append_ballot(b"ballot %d" % number)
        for name in ("manifest.json", "key.json", "roll.jsonl", "checkpoint", "tally.json"):
            writer.write_file(name, name.encode())
    return RecordReader(folder)


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    reader = write(tmp_path / "record", 3, 2)
    assert list(reader.entries()) == [b"entry 0", b"entry 1", b"entry 2"]
    assert list(reader.ballots()) == [b"ballot 0", b"ballot 1"]
    assert reader.manifest_bytes() == b"manifest.json"
    assert reader.key_bytes() == b"key.json"
    assert reader.roll_bytes() == b"roll.jsonl"
    assert reader.checkpoint() == "checkpoint"
    assert reader.tally_bytes() == b"tally.json"
    names = sorted(path.relative_to(tmp_path / "record").as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert names == sorted([
        "ballots/00000.jsonl", "checkpoint", "key.json", "log/00000.jsonl", "manifest.json", "roll.jsonl", "tally.json"
    ])  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, LINES_A_FILE - 1, LINES_A_FILE, LINES_A_FILE + 1, 2 * LINES_A_FILE + 1])
def test_ten_thousand_lines_a_file(tmp_path: Path, count: int) -> None:
    reader = write(tmp_path, count, count)
    assert list(reader.entries()) == [b"entry %d" % number for number in range(count)]
    assert sum(1 for _ in reader.ballots()) == count
    files = sorted(path.name for path in (tmp_path / "log").iterdir())
    assert files == [file_name(number) for number in range(max(1, -(-count // LINES_A_FILE)))]
    assert (tmp_path / "log" / files[0]).read_bytes().count(b"\n") == min(count, LINES_A_FILE)


def test_names_have_five_digits() -> None:
    assert [file_name(number) for number in (0, 7, 12345, 123456)] == [
        "00000.jsonl", "00007.jsonl", "12345.jsonl", "123456.jsonl"
    ]  # fmt: skip


def append(name: str, data: bytes) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        with (folder / name).open("ab") as file:
            file.write(data)

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (append("log/00001.jsonl", b"no end"), "log/00001.jsonl is too long or has no newline"),
        (append("log/00000.jsonl", b"\n"), "log/00000.jsonl has 10001 lines instead of 10000"),
        (lambda folder: (folder / "log/00000.jsonl").write_bytes(b"one\n"), "00000.jsonl has 1 lines instead of 10000"),
        (lambda folder: (folder / "log/00000.jsonl").write_bytes(b""), "00000.jsonl has 0 lines instead of 10000"),
        (lambda folder: (folder / "log/00000.jsonl").unlink(), "log files are not numbered from 00000.jsonl without"),
        (lambda folder: (folder / "log/00001.jsonl").rename(folder / "log/00002.jsonl"), "not numbered"),
        (lambda folder: (folder / "log/00001.jsonl").rename(folder / "log/000001.jsonl"), "not numbered"),
        (append("log/00003.jsonl", b"x\n"), "not numbered"),
        (append("log/00002.jsonl", b"x\n"), "log/00001.jsonl has 1 lines instead of 10000"),
    ],
)
def test_damaged_logs(tmp_path: Path, change: Callable[[Path], object], reason: str) -> None:
    reader = write(tmp_path, LINES_A_FILE + 1)
    assert sum(1 for _ in reader.entries()) == LINES_A_FILE + 1
    change(tmp_path)
    with pytest.raises(RecordError, match=reason):
        list(reader.entries())


def test_lines_before_the_damage_are_still_given(tmp_path: Path) -> None:
    reader = write(tmp_path, 3)
    append("log/00000.jsonl", b"half")(tmp_path)
    entries = reader.entries()
    assert [next(entries) for _ in range(3)] == [b"entry 0", b"entry 1", b"entry 2"]
    with pytest.raises(RecordError, match="no newline"):
        next(entries)


def test_a_line_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = write(tmp_path, 3)
    monkeypatch.setattr(record, "MAX_LINE_BYTES", 5)
    with pytest.raises(RecordError, match="too long"):
        list(reader.entries())


@pytest.mark.parametrize("name", ["manifest.json", "key.json", "roll.jsonl", "checkpoint", "tally.json"])
def test_missing_files_and_folders_in_their_place(tmp_path: Path, name: str) -> None:
    reader = write(tmp_path, 1)
    readers = {
        "manifest.json": reader.manifest_bytes,
        "key.json": reader.key_bytes,
        "roll.jsonl": reader.roll_bytes,
        "checkpoint": reader.checkpoint,
        "tally.json": reader.tally_bytes,
    }
    (tmp_path / name).unlink()
    with pytest.raises(RecordError, match=f"The record has no {name}"):
        readers[name]()
    (tmp_path / name).mkdir()
    with pytest.raises(RecordError, match=f"{name} cannot be read"):
        readers[name]()


def test_folders_in_the_place_of_lines(tmp_path: Path) -> None:
    reader = write(tmp_path, 1)
    (tmp_path / "log/00000.jsonl").unlink()
    (tmp_path / "log/00000.jsonl").mkdir()
    with pytest.raises(RecordError, match=r"log/00000\.jsonl cannot be read"):
        list(reader.entries())


@pytest.mark.parametrize("folder", ["log", "ballots"])
def test_missing_folders(tmp_path: Path, folder: str) -> None:
    reader = write(tmp_path, 1)
    (tmp_path / folder / "00000.jsonl").unlink()
    for _ in range(2):
        with pytest.raises(RecordError, match=f"{folder} files are not numbered"):
            list(getattr(reader, {"log": "entries"}.get(folder, folder))())
        if (tmp_path / folder).is_dir():
            (tmp_path / folder).rmdir()


def test_no_record_at_all(tmp_path: Path) -> None:
    reader = RecordReader(tmp_path / "nowhere")
    with pytest.raises(RecordError):
        reader.manifest_bytes()
    with pytest.raises(RecordError):
        list(reader.entries())


def test_a_checkpoint_that_is_no_text(tmp_path: Path) -> None:
    reader = write(tmp_path, 1)
    (tmp_path / "checkpoint").write_bytes(b"\xff")
    with pytest.raises(RecordError, match="not UTF-8"):
        reader.checkpoint()


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    reader = write(tmp_path, 1)
    for name in ("README", "log/README", "log/x.jsonl", "log/0.jsonl"):
        append(name, b"other\n")(tmp_path)
    assert list(reader.entries()) == [b"entry 0"]


def test_whole_files_are_replaced_at_once(tmp_path: Path) -> None:
    write(tmp_path, 0)
    with RecordWriter(tmp_path) as writer:
        writer.write_file("checkpoint", b"newer")
        assert (tmp_path / "checkpoint").read_bytes() == b"newer"
    assert not list(tmp_path.glob(".*"))
