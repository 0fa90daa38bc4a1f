import ctypes
import errno
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from tally import files, hardening
from tally.errors import FileProblem, PassphraseProblem
from tally.lines import LineFiles
from tally.passphrases import existing_passphrase, from_file, new_passphrase


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_new_files_are_all_there_and_private(tmp_path: Path) -> None:
    files.write_new({tmp_path / "a": b"1", tmp_path / "b": b"2"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"1", "b": b"2"}
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"old")
    with pytest.raises(FileProblem, match="exists already"):
        files.write_new({tmp_path / "a": b"1", tmp_path / "b": b"2"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"b": b"old"}


def test_a_full_disk_leaves_nothing_of_new_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flush = os.fsync
    calls: list[int] = []

    def second_fails(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            full_disk()
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", second_fails)
    with pytest.raises(FileProblem, match="the disk is full"):
        files.write_new({tmp_path / "a": b"1", tmp_path / "b": b"2"})
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.replace(tmp_path / "a", b"old")
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(FileProblem, match="the disk is full"):
        files.replace(tmp_path / "a", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}


def test_disks_without_links_work_and_still_refuse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    files.write_new({tmp_path / "a": b"1"})
    assert (tmp_path / "a").read_bytes() == b"1"
    monkeypatch.setattr(files, "refuse_existing", lambda path: None)
    with pytest.raises(FileProblem, match="exists already"):
        files.write_new({tmp_path / "a": b"2"})
    assert (tmp_path / "a").read_bytes() == b"1"


def test_reading_explains(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="does not exist"):
        files.read_file(tmp_path / "none")
    (tmp_path / "large").write_bytes(b"12345")
    with pytest.raises(FileProblem, match="Is it the right file"):
        files.read_file(tmp_path / "large", 4)


def test_lines_go_on_after_a_torn_line(tmp_path: Path) -> None:
    lines = LineFiles(tmp_path)
    lines.append([b"a", b"b"])
    with (tmp_path / "00000.jsonl").open("ab") as file:
        file.write(b"torn")
    lines = LineFiles(tmp_path)
    assert (lines.count, lines.next_file) == (2, (0, 4))
    lines.append([b"c"])
    assert list(lines.read(1)) == [b"b", b"c"]


def test_lines_fill_files_of_ten_thousand_and_can_be_cut(tmp_path: Path) -> None:
    lines = LineFiles(tmp_path)
    lines.append(str(number).encode() for number in range(20_000))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["00000.jsonl", "00001.jsonl"]
    assert lines.next_file == (2, 0)
    lines.append([b"last"])
    again = LineFiles(tmp_path)
    assert again.count == 20_001
    assert list(again.read(19_999)) == [b"19999", b"last"]
    again.cut(10_000)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["00000.jsonl"]
    again.cut(3)
    assert list(LineFiles(tmp_path).read()) == [b"0", b"1", b"2"]


def test_lines_written_before_a_failure_stay(tmp_path: Path) -> None:
    def some() -> Iterator[bytes]:
        yield b"one"
        raise FileProblem("broken off")

    kept = LineFiles(tmp_path)
    with pytest.raises(FileProblem, match="broken off"):
        kept.append(some())
    assert kept.count == LineFiles(tmp_path).count == 1


def test_lines_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = LineFiles(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full_disk)
        with pytest.raises(FileProblem, match="disk is full"):
            lines.append([b"a"])
    assert lines.count == LineFiles(tmp_path).count


def test_new_passphrases_are_asked_twice() -> None:
    answers = iter(["long enough", "long enough"])
    assert new_passphrase("x", None, lambda question: next(answers)) == "long enough"
    answers = iter(["long enough", "long enouhg"])
    with pytest.raises(PassphraseProblem, match="differ"):
        new_passphrase("x", None, lambda question: next(answers))
    with pytest.raises(PassphraseProblem, match="at least 8"):
        new_passphrase("x", None, lambda question: "short")
    assert existing_passphrase("x", None, lambda question: question) == "Passphrase of x"


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines\n", b"\xff\xfe"])
def test_passphrase_files_hold_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p").write_bytes(content)
    with pytest.raises(PassphraseProblem):
        from_file(tmp_path / "p")


def test_passphrase_files_keep_inner_spaces(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(" رمز عبور \r\n".encode())
    assert from_file(tmp_path / "p") == " رمز عبور "


class Libc:
    """The two calls into the C library; ``result`` is what they return."""

    def __init__(self, result: int) -> None:
        self.result = result
        self.locked: list[int] = []

    def prctl(self, *_: int) -> int:
        return self.result

    def mlockall(self, flags: int) -> int:
        self.locked.append(flags)
        return self.result


def protect(libc: Libc, hard_limit: int, status: str, tmp_path: Path) -> tuple[str, ...]:
    """Run the protection against a system of our making."""
    (tmp_path / "status").write_text(status)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ctypes, "CDLL", lambda *_, **__: libc)
        patched.setattr(resource, "setrlimit", lambda *_: None)
        patched.setattr(resource, "getrlimit", lambda _: (hard_limit, hard_limit))
        patched.setattr(hardening, "_STATUS", tmp_path / "status")
        return hardening._forbid_core_dumps(), hardening._forbid_tracing(), hardening._lock_memory()


@pytest.mark.parametrize(
    ("hard_limit", "status", "locked"),
    [
        (resource.RLIM_INFINITY, "", [3]),
        (8 << 20, "CapEff:\t000001ffffffffff\n", [3]),
        (8 << 20, "CapEff:\t00000000a80425fb\n", []),
        (8 << 20, "CapEff:\n", []),
    ],
)
def test_memory_is_locked_where_the_system_allows_it(
    tmp_path: Path, hard_limit: int, status: str, locked: list[int]
) -> None:
    libc = Libc(0)
    problems = protect(libc, hard_limit, status, tmp_path)
    assert libc.locked == locked
    assert problems[:2] == ("", "")
    assert ("may lock only 8192 KiB" in problems[2]) == (not locked)


def test_what_cannot_be_protected_is_said(tmp_path: Path) -> None:
    problems = protect(Libc(-1), resource.RLIM_INFINITY, "", tmp_path)
    assert problems[0] == ""
    assert "prctl failed" in problems[1]
    assert "switch swap off" in problems[2]


def test_a_system_that_refuses_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise ValueError("not allowed")

    monkeypatch.setattr(resource, "setrlimit", refused)
    assert "`ulimit -c 0`" in hardening._forbid_core_dumps()
    assert "switch swap off" in hardening._lock_memory()
