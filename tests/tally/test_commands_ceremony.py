"""The command of the key ceremony: what it writes, and that it leaves nothing half."""

import errno
import json
import os
from pathlib import Path

import pytest

from ballots import codec, sealed
from ballots.errors import ManifestError
from ballots.keys import check_key, parse_key
from ballots.manifest import parse_manifest
from tally.errors import (
    FileProblem,
    PassphraseProblem,
)
from tally.shares import unseal_share
from tests.support.elections import manifest_fields
from tests.tally.boards import (
    FULL_COST,
    ShareFiles,
)
from tests.tally.shell import Argument, current_umask, run


@pytest.fixture
def manifest_file(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    path.write_bytes(codec.encode_canonical(manifest_fields()))
    return path


def test_ceremony(
    tmp_path: Path, manifest_file: Path, share_files: ShareFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "SCRYPT_COST", FULL_COST)
    for number in (1, 2, 3):
        (share_files.folder / f"share-{number}.txt").write_text(f"the secret words of {number}\n")
    out = tmp_path / "out"
    arguments: list[Argument] = ["--manifest", manifest_file, "--out", out, "--passphrase-file-dir", share_files.folder]
    run("ceremony", *arguments, "--allow-test-keys")
    assert sorted(path.name for path in out.iterdir()) == ["key.json", *(f"share-{i}.json" for i in (1, 2, 3))]
    manifest = parse_manifest(manifest_file.read_bytes(), allow_test_keys=True)
    check_key(parse_key((out / "key.json").read_bytes()), manifest)
    assert unseal_share((out / "share-2.json").read_bytes(), "the secret words of 2").name == "Two"
    assert (out / "key.json").stat().st_mode & 0o777 == 0o644 & ~current_umask()
    assert all((out / f"share-{i}.json").stat().st_mode & 0o777 == 0o600 for i in (1, 2, 3))
    assert json.loads((out / "share-1.json").read_bytes())["scrypt"]["n"] == 2**17
    kept = (out / "key.json").read_bytes()
    with pytest.raises(FileProblem, match="exists already"):
        run("ceremony", *arguments, "--allow-test-keys")
    assert (out / "key.json").read_bytes() == kept


def test_ceremony_needs_leave_for_test_keys_and_good_passphrases(
    tmp_path: Path, manifest_file: Path, share_files: ShareFiles
) -> None:
    arguments: list[Argument] = ["ceremony", "--manifest", manifest_file, "--out", tmp_path / "out"]
    with pytest.raises(ManifestError, match="modulus_bits"):
        run(*arguments, "--passphrase-file", share_files.passphrase_file)
    share_files.passphrase_file.write_text("short\n")
    with pytest.raises(PassphraseProblem, match="at least 8"):
        run(*arguments, "--passphrase-file", share_files.passphrase_file, "--allow-test-keys")
    assert not (tmp_path / "out").exists()


def test_a_full_disk_leaves_nothing_of_a_ceremony(
    tmp_path: Path, manifest_file: Path, share_files: ShareFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def third_fails(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", third_fails)
    arguments: list[Argument] = ["--manifest", manifest_file, "--out", tmp_path / "out", "--allow-test-keys"]
    with pytest.raises(FileProblem, match="the disk is full"):
        run("ceremony", *arguments, "--passphrase-file", share_files.passphrase_file)
    assert list((tmp_path / "out").iterdir()) == []
