"""The commands of operators and officials, as they are typed."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from ballots import codec
from ballots.manifest import parse_manifest
from evote.cli import main
from evote.elections.definition import hash_booth
from tests.support.elections import COUNCIL, MAYOR, make_voters, manifest_fields, seeded_key
from tests.support.server import make_files

ROOT = Path(__file__).parents[2]
BIG = {
    **COUNCIL,
    "options": [{**COUNCIL["options"][0], "id": f"o{number}"} for number in range(120)],
    "rule": {"name": "plurality", "seats": 1},
    "max": 120,
}
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; returns its exit status and all it printed."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("EVOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("EVOTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("EVOTE_DEMO", "1")
    monkeypatch.setenv("EVOTE_ALLOW_TEST_KEYS", "1")

    def typed(*words: object) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["evote", *map(str, words)])
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capsys.readouterr()
        return status, out + err

    return typed


def _define(path: Path, official: str, *contests: dict[str, object]) -> None:
    fields = manifest_fields(contests or (MAYOR,), official_key=official)
    for name in ("id", "version", "board_key", "log_origin", "booth"):
        fields.pop(name)
    path.write_bytes(codec.encode_canonical(fields))


def _hand_over(folder: Path, manifest_file: Path) -> list[str]:
    """Write what ceremony and registrar hand over; returns the arguments of `freeze`, and openings."""
    manifest = parse_manifest(manifest_file.read_bytes(), allow_test_keys=True)
    files, _, _ = make_files(manifest, make_voters(manifest, 3))
    names = {"key.json": files.key, "roll.jsonl": files.roll, "roll.json": files.roll_signature}
    for name, data in {**names, "voters.csv": files.voters}.items():
        (folder / name).write_bytes(data)
    return ["--key", "key.json", "--roll", "roll.jsonl", "--roll-signature", "roll.json", "--voters", "voters.csv"]


def _official(run: Run) -> str:
    Path("pass").write_text("six random words are good\n")
    status, said = run("official-key", "--out", "official.key", "--passphrase-file", "pass")
    assert status == 0, said
    assert Path("official.key").stat().st_mode & 0o777 == 0o600
    return said.splitlines()[-1] if len(said.splitlines()[-1]) == 43 else said.splitlines()[0]


def test_an_election_from_init_to_annul(run: Run, tmp_path: Path) -> None:
    status, said = run("init")
    assert status == 0
    assert str(tmp_path / "data" / "board.key") in said
    assert run("init")[0] == 0
    _define(Path("definition.json"), _official(run))
    status, said = run("create", "definition.json")
    assert status == 0, said
    identity = re.search(r"id: (\S+)", said)
    assert identity is not None
    manifest = parse_manifest(Path("manifest.json").read_bytes(), allow_test_keys=True)
    assert (manifest.id, manifest.booth) == (identity[1], hash_booth())
    assert manifest.hash_text in said
    assert f"127.0.0.1:8000/elections/{manifest.id}" == manifest.log_origin
    assert run("create", "definition.json") == (1, "manifest.json exists already. Choose another place with --out.\n")

    files = _hand_over(tmp_path, Path("manifest.json"))
    status, said = run("freeze", manifest.id, *files)
    assert status == 0, said
    assert re.search(r"'all': 4 powers, about 0\.0 s in a browser, at most [\d,]+ bytes", said)
    fingerprint = re.search(r"election: (\S{43})\n\s+((?:[0-9A-Z]{5}-){4}[0-9A-Z]{5})\n", said)
    assert fingerprint is not None
    assert "frozen already" in run("freeze", manifest.id, *files)[1]

    unlock = ["--official-key", "official.key", "--passphrase-file", "pass"]
    status, said = run("open", manifest.id, *unlock)
    assert (status, "missing: 1, 2, 3" in said) == (1, True)
    openings: list[object] = []
    for number in (1, 2, 3):
        signature = seeded_key(f"trustee {number}").sign("open", {"election": fingerprint[1]})
        body = {"election": fingerprint[1], "trustee": number, "signature": signature}
        Path(f"opening-{number}.json").write_bytes(codec.encode_canonical(body))
        openings += ["--opening", f"opening-{number}.json"]
    Path("wrong").write_text("another passphrase")
    status, said = run("open", manifest.id, "--official-key", "official.key", "--passphrase-file", "wrong", *openings)
    assert (status, "passphrase is wrong" in said) == (1, True)
    assert run("open", manifest.id, *unlock, *openings)[0] == 0
    assert f"{manifest.id}  open " in run("list")[1]

    assert run("extend", manifest.id, *unlock, "--until", "2026-03-01T00:00:00Z", "--reason", "x")[0] == 1
    status, said = run("close", manifest.id, *unlock)
    assert (status, "counted: 0" in said) == (0, True)
    assert run("export", manifest.id, "record")[1].endswith("5 entries and 0 ballots to record.\n")
    status, said = run("publish", manifest.id, "definition.json")
    assert status == 1
    assert run("annul", manifest.id, *unlock, "--reason", "flood") == (0, "Annulled.\n")


def test_a_ballot_that_costs_too_much_needs_force(run: Run, tmp_path: Path) -> None:
    run("init")
    _define(Path("definition.json"), _official(run), BIG)
    assert run("create", "definition.json")[0] == 0
    manifest = parse_manifest(Path("manifest.json").read_bytes(), allow_test_keys=True)
    files = _hand_over(tmp_path, Path("manifest.json"))
    status, said = run("freeze", manifest.id, *files)
    assert (status, "more than 400" in said) == (1, True)
    assert run("freeze", manifest.id, *files, "--force")[0] == 0


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("key.json", lambda data: data.replace(b'"dealer":true', b'"dealer":false'), "dealer"),
        ("key.json", lambda data: data[:-1], "not JSON"),
        ("roll.jsonl", lambda data: data + data.splitlines(keepends=True)[0], "out of order"),
        ("roll.jsonl", lambda data: b"".join(data.splitlines(keepends=True)[1:]), "another roll"),
        ("roll.json", lambda data: data.replace(b'"voters":3', b'"voters":4'), "another roll"),
        ("roll.json", lambda data: data.replace(b'"signature":"', b'"signature":"A'), "not signed"),
        ("voters.csv", lambda data: data.replace(b"id,mail", b"mail,id"), "id,mail,pk"),
        ("voters.csv", lambda data: data.replace(b"V-001", b"V-000"), "stands in line 2 already"),
        ("voters.csv", lambda data: data[: data.rindex(b"V-002")], "No line of voters.csv has the key"),
        ("voters.csv", lambda data: b"\xff" + data, "id,mail,pk"),
    ],
)
def test_a_wrong_file_never_freezes(
    run: Run, tmp_path: Path, name: str, change: Callable[[bytes], bytes], words: str
) -> None:
    run("init")
    _define(Path("definition.json"), _official(run))
    run("create", "definition.json")
    identity = parse_manifest(Path("manifest.json").read_bytes(), allow_test_keys=True).id
    files = _hand_over(tmp_path, Path("manifest.json"))
    Path(name).write_bytes(change(Path(name).read_bytes()))
    status, said = run("freeze", identity, *files)
    assert (status, words in said) == (1, True), said
    assert " draft " in run("list")[1]


def test_what_cannot_work_says_so(run: Run, tmp_path: Path) -> None:
    assert run("list")[0] == 1
    assert "evote init" in run("list")[1]
    run("init")
    assert run("freeze", "x", *["--key", "pass"])[0] in (1, 2)
    assert "no election's id" in run("export", "x", "folder")[1]
    assert "no such election" in run("export", "00000000-0000-4000-8000-000000000000", "folder")[1]
    Path("bad.json").write_text('{"title": {"en": "x"}}')
    assert run("create", "bad.json")[0] == 1
    Path("bad.json").write_text('{"a": 1, "a": 2}')
    assert "twice" in run("create", "bad.json")[1]
    assert run("no-such-command")[0] == 2


def test_without_a_mail_server_it_does_not_serve(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EVOTE_DEMO")
    assert "init --make-secret" in run("init")[1]
    status, said = run("init", "--make-secret")
    assert (status, "secret.key" in said) == (0, True)
    for command in ("serve", "sequencer"):
        status, said = run(command)
        assert (status, "EVOTE_SMTP_HOST" in said) == (1, True)
    monkeypatch.setenv("EVOTE_SMTP_HOST", "mail.example")
    monkeypatch.setenv("EVOTE_SMTP_SENDER", "vote@example.org")
    monkeypatch.setenv("EVOTE_WORKERS", "2")
    assert "--no-sequencer" in run("serve")[1]


def test_it_serves_and_stops_when_asked(run: Run, tmp_path: Path) -> None:
    run("init")
    with subprocess.Popen(
        [sys.executable, "-m", "evote", "serve", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
        assert found is not None
        assert httpx.get(found[0] + "/api/elections", timeout=30).json() == {"elections": []}
        health = httpx.get(found[0] + "/health", timeout=30).json()
        assert health["database"] == "ok"
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
