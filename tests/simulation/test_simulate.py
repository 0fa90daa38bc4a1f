"""Whole elections on real ballots, through every program. Small keys; the figures of full size are in docs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evote.simulation import demo

DATA = Path(demo.DATA).parent


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *map(str, words)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "ballots", "more"),
    [
        ("chicago-39th-ward-2021.pb", 30, ()),
        ("minneapolis-2013-mayor-ward-1.csv", 40, ("--options", "5", "--revotes", "4")),
    ],
)
def test_the_encrypted_count_equals_the_plain_one(
    tmp_path: Path, name: str, ballots: int, more: tuple[str, ...]
) -> None:
    out = tmp_path / "out"
    done = run("evote", "simulate", out, "--data", DATA / name, "--ballots", str(ballots), "--bits", "512", *more)
    assert done.returncode == 0, done.stderr
    assert f"equals the plain count of {ballots} ballots" in done.stdout
    check = run("verifier", "check", out / "record", "--allow-test-keys")
    assert check.returncode == 0, check.stdout
    refused = run("verifier", "check", out / "record")
    assert refused.returncode == 1, "a test key must not pass in earnest"
    receipts = sorted((out / "receipts").iterdir())
    revotes = int(more[-1]) if more else 0
    assert len(receipts) == ballots + revotes
    receipt = run("verifier", "receipt", receipts[0], "--record", out / "record", "--allow-test-keys")
    assert receipt.returncode == 0, receipt.stdout
    audited = sorted((out / "audited").iterdir())
    assert len(audited) == 2
    audit = run("verifier", "audit", audited[0], "--record", out / "record", "--allow-test-keys")
    assert audit.returncode == 0, audit.stdout
    tally = json.loads((out / "record" / "tally.json").read_bytes())
    assert tally["contests"][0]["ballots"] == ballots


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    data = DATA / "chicago-39th-ward-2021.pb"
    done = run("evote", "simulate", tmp_path, "--data", data, "--ballots", "3", "--bits", "512")
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--ballots", "0"), "must be 1 to 1,536"),
        (("--ballots", "9", "--threshold", "1"), "more than half"),
        (("--ballots", "9", "--revotes", "10"), "--revotes must be 0 to 9"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    data = DATA / "chicago-39th-ward-2021.pb"
    done = run("evote", "simulate", tmp_path / "out", "--data", data, *words)
    assert done.returncode == 1
    assert says in done.stderr
    assert not (tmp_path / "out").exists()
