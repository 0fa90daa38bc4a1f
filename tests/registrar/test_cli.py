import csv
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ballots import codec, signatures
from ballots.errors import SealedFileError
from ballots.signatures import SigningKey
from evote.registrar import cli, keys
from evote.registrar.errors import FileProblem
from evote.registrar.files import write_new
from evote.registrar.lists import LETTERS_HEADER

F = codec.encode_bytes(b"\x09" * 32)


@pytest.fixture
def key_options(tmp_path: Path, registrar: SigningKey) -> list[str]:
    (tmp_path / "registrar.key").write_bytes(keys.seal_key(registrar, "correct horse", b"\x01" * 28, cost=2))
    (tmp_path / "passphrase").write_text("correct horse\n")
    return ["--key", str(tmp_path / "registrar.key"), "--passphrase-file", str(tmp_path / "passphrase")]


def run(*arguments: str | Path) -> None:
    """Run the command in process, as main does but letting its errors out."""
    cli.commands([str(argument) for argument in arguments], standalone_mode=False)


def run_main(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["registrar", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return int(str(caught.value.code))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_credentials_writes_its_four_files(tmp_path: Path, manifest_path: Path, key_options: list[str]) -> None:
    (tmp_path / "list.csv").write_text("id,mail,weight\nada,ada@x.org,2\nben,ben@x.org,1\n")
    out = tmp_path / "out"
    run(
        "credentials",
        tmp_path / "list.csv",
        "--manifest",
        manifest_path,
        "--allow-test-keys",
        *key_options,
        "--out",
        out,
    )
    assert sorted(path.name for path in out.iterdir()) == ["letters.csv", "roll.json", "roll.jsonl", "voters.csv"]
    assert [row["id"] for row in rows(out / "letters.csv")] == ["ada", "ben"]
    assert list(rows(out / "letters.csv")[0]) == list(LETTERS_HEADER)
    assert list(rows(out / "voters.csv")[0]) == ["id", "mail", "pk"]
    assert (out / "letters.csv").stat().st_mode & 0o777 == 0o600
    codes = [row["code"] for row in rows(out / "letters.csv")]
    assert not any(code in (out / name).read_text() for code in codes for name in ("voters.csv", "roll.jsonl"))
    statement = json.loads((out / "roll.json").read_bytes())
    assert statement["voters"] == 2


def test_a_bad_list_writes_nothing_and_names_the_rows(
    tmp_path: Path,
    manifest_path: Path,
    key_options: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "list.csv").write_text("id,mail,weight\nada,ada,2\nben,ben@x.org,x\n")
    out = tmp_path / "out"
    arguments: list[str | Path] = [
        "credentials",
        tmp_path / "list.csv",
        "--manifest",
        manifest_path,
        "--allow-test-keys",
        *key_options,
    ]
    assert run_main(monkeypatch, *arguments, "--out", out) == 1
    shown = capsys.readouterr().err
    assert "Row 2, mail: 'ada' is not a mail address." in shown
    assert "Row 3, weight: the weight 'x'" in shown
    assert not out.exists()


def test_check_lists_every_problem_and_writes_them(
    tmp_path: Path, manifest_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list.csv").write_text("id;mail;weight\nada;ada;2\nben;ben@x.org;x\ncyd;cyd@x.org;۴\n")
    arguments: list[str | Path] = ["check", tmp_path / "list.csv", "--manifest", manifest_path, "--allow-test-keys"]
    assert run_main(monkeypatch, *arguments, "--problems", tmp_path / "problems.csv") == 1
    shown = capsys.readouterr().err
    for part in (
        "separated by semicolons",
        "Row 2, mail: 'ada'",
        "3 rows, 1 of them good, together of weight 4",
        "2 problems in 2",
    ):
        assert part in shown
    listed = list(csv.DictReader((tmp_path / "problems.csv").read_text("utf-8-sig").splitlines()))
    assert [(one["row"], one["column"]) for one in listed] == [("2", "mail"), ("3", "weight")]
    (tmp_path / "list.csv").write_text("id,mail\nada,ada@x.org\n")
    run(*arguments)
    assert "Nothing is wrong" in capsys.readouterr().err


def test_replace_takes_name_and_address_for_the_letter(
    tmp_path: Path, manifest_path: Path, key_options: list[str]
) -> None:
    (tmp_path / "list.csv").write_text("id,mail,language\nada,ada@x.org,fa\nben,ben@x.org,\n")
    common: list[str | Path] = ["--manifest", manifest_path, "--allow-test-keys", *key_options]
    run("credentials", tmp_path / "list.csv", *common, "--out", tmp_path / "out")
    assert list(rows(tmp_path / "out" / "voters.csv")[0]) == ["id", "mail", "pk"], "the server needs no more"
    options: list[str | Path] = [
        "--election",
        F,
        "--voters",
        tmp_path / "out" / "voters.csv",
        "--name",
        "Ada L.",
        "--language",
        "fa",
    ]
    address = ["--address", "Main St 1", "--address", "Town"]
    run("replace", "ada", *common, *options, *address, "--out", tmp_path / "r1")
    [letter] = rows(tmp_path / "r1" / "letters.csv")
    assert (letter["name"], letter["language"], letter["address"]) == ("Ada L.", "fa", "Main St 1\nTown")
    with pytest.raises(click.BadParameter, match="formula"):
        run("replace", "ada", *common, *options, "--address", "=x", "--out", tmp_path / "r2")
    assert not (tmp_path / "r2").exists()


def test_nothing_is_overwritten(tmp_path: Path, manifest_path: Path, key_options: list[str]) -> None:
    (tmp_path / "list.csv").write_text("id,mail\nada,ada@x.org\n")
    out = tmp_path / "out"
    out.mkdir()
    (out / "letters.csv").write_text("precious")
    with pytest.raises(FileProblem, match="exists already"):
        run(
            "credentials",
            tmp_path / "list.csv",
            "--manifest",
            manifest_path,
            "--allow-test-keys",
            *key_options,
            "--out",
            out,
        )
    assert [path.name for path in out.iterdir()] == ["letters.csv"]
    assert (out / "letters.csv").read_text() == "precious"


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []

    def fail_second(descriptor: int) -> None:
        flushed.append(descriptor)
        if len(flushed) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail_second)
    with pytest.raises(FileProblem, match="the disk is full"):
        write_new(tmp_path / "out", {"a": (b"1", 0o600), "b": (b"2", 0o600)})
    assert list((tmp_path / "out").iterdir()) == []


def test_wrong_passphrase_and_short_passphrase(
    tmp_path: Path, manifest_path: Path, key_options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "list.csv").write_text("id,mail\nada,ada@x.org\n")
    (tmp_path / "passphrase").write_text("wrong horse\n")
    out = tmp_path / "out"
    with pytest.raises(SealedFileError, match="passphrase is wrong"):
        run(
            "credentials",
            tmp_path / "list.csv",
            "--manifest",
            manifest_path,
            "--allow-test-keys",
            *key_options,
            "--out",
            out,
        )
    assert not out.exists()
    (tmp_path / "short").write_text("short\n")
    new_key = tmp_path / "new.key"
    assert run_main(monkeypatch, "keygen", "--out", new_key, "--passphrase-file", tmp_path / "short") == 1
    assert not new_key.exists()


def test_replace_and_strike(tmp_path: Path, manifest_path: Path, key_options: list[str], registrar: SigningKey) -> None:
    (tmp_path / "list.csv").write_text("id,mail\nada,ada@x.org\nben,ben@x.org\n")
    common: list[str | Path] = ["--manifest", manifest_path, "--allow-test-keys", *key_options]
    run("credentials", tmp_path / "list.csv", *common, "--out", tmp_path / "out")
    first = tmp_path / "out" / "voters.csv"
    run("replace", "ada", *common, "--election", F, "--voters", first, "--out", tmp_path / "r1")
    body = json.loads((tmp_path / "r1" / "replace.json").read_bytes())
    assert body["old"] == rows(first)[0]["pk"]
    assert body["new"] == rows(tmp_path / "r1" / "voters.csv")[0]["pk"] != body["old"]
    signed = {"election": F, "old": body["old"], "new": body["new"]}
    signatures.verify(registrar.public, "replace", signed, body["signature"])
    lists: list[str | Path] = ["--voters", first, "--voters", tmp_path / "r1" / "voters.csv"]
    run("strike", " ada ", *common, "--election", F, *lists, "--out", tmp_path / "s1")
    struck = json.loads((tmp_path / "s1" / "strike.json").read_bytes())
    assert struck["voter"] == body["new"]
    assert (tmp_path / "r1" / "letters.csv").stat().st_mode & 0o777 == 0o600


def test_the_command_of_the_contract_runs_without_flask(tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("correct horse\n")
    key = tmp_path / "registrar.key"
    arguments = ["keygen", "--out", str(key), "--passphrase-file", str(tmp_path / "passphrase")]
    code = (
        "import sys; from evote.registrar.cli import main; sys.argv[1:] = sys.argv[1:]\n"
        "try: main()\n"
        "finally: print(sorted({'flask', 'sqlalchemy', 'flask_login', 'alembic'} & set(sys.modules)))"
    )
    finished = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    public, loaded = finished.stdout.split("\n")[:2]
    signatures.check_public_key(public)
    assert loaded == "[]"
    assert keys.unseal_key(key.read_bytes(), "correct horse").public == public
