"""The operator appoints officials at the command line."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ballots import codec
from ballots.signatures import verify
from evote.cli import commands
from evote.errors import Malformed, NotFound


def test_appoint_reset_and_remove(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("EVOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("EVOTE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("EVOTE_DEMO", "1")

    def run(*words: str) -> str:
        result = CliRunner().invoke(commands, words, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    run("init")
    first = run("official", "add", "Ada", "--role", "election-admin", "--role", "auditor")
    assert "http://127.0.0.1:8000/admin/enrol" in first
    assert "invited   Ada  (auditor, election-admin)" in run("official", "list")
    assert "changed" in run("official", "roles", "Ada", "--role", "auditor", "--role", "preparer")
    assert "invited   Ada  (auditor, preparer)" in run("official", "list")
    for words in (("assign", "Ada"), ("withdraw", "Ada"), ("add", "Eve")):
        result = CliRunner().invoke(commands, ["official", *words, "--role", "registrar", "--election", "none"])
        assert isinstance(result.exception, NotFound)
    assert "Eve" not in run("official", "list")
    assert run("official", "reset", "Ada").splitlines()[1] != first.splitlines()[1]
    run("official", "remove", "Ada")
    assert "removed" in run("official", "list")
    assert CliRunner().invoke(commands, ["official", "add", "Bob", "--role", "king"]).exit_code == 2


def test_the_official_signs_a_request_away_from_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("words").write_text("six random words are good\n", encoding="utf-8")
    request = {"kind": "annul", "signed": {"election": "A" * 43, "reason": "Fire"}}
    Path("to-sign.json").write_bytes(codec.encode_canonical(request))

    def run(*words: str) -> Result:
        return CliRunner().invoke(commands, [*words, "--passphrase-file", "words"])

    public = run("official-key").output.splitlines()[-1]
    done = run("official-sign", "to-sign.json", "--official-key", "official.key")
    assert "reason: Fire" in done.output
    signed = codec.parse_canonical(Path("signed-annul.json").read_bytes())
    verify(public, "annul", request["signed"], signed["signature"])
    again = run("official-sign", "to-sign.json", "--official-key", "official.key")
    assert isinstance(again.exception, Malformed)
