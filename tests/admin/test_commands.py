"""The operator appoints officials at the command line."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from evote.cli import commands


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
    assert run("official", "reset", "Ada").splitlines()[1] != first.splitlines()[1]
    run("official", "remove", "Ada")
    assert "removed" in run("official", "list")
    assert CliRunner().invoke(commands, ["official", "add", "Bob", "--role", "king"]).exit_code == 2
