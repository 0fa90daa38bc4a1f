"""The commands as people type them, on files; each refusal says what to do."""

import json
from pathlib import Path

import click
import pytest

from ballots.errors import SealedFileError
from tally import commands, passphrases
from tally.errors import (
    FileProblem,
    PassphraseProblem,
)
from tally.shares import unseal_share
from tests.support.elections import Simulation, seeded_key, simulate
from tests.tally.boards import (
    PASSPHRASE,
    ShareFiles,
    SimulatedBoard,
    freeze,
    open_frozen,
    serving,
    share_of,
    write_record,
)
from tests.tally.shell import Argument, options, run, run_main


def test_share_copy_takes_the_memory_along(
    tmp_path: Path, closed: Simulation, share_files: ShareFiles, in_folder: Path
) -> None:
    share = share_files.write(closed, 1)
    passphrase: list[Argument] = ["--passphrase-file", share_files.passphrase_file]
    run("share", "copy", share, tmp_path / "first.json", *passphrase)
    assert not (tmp_path / "first.json.intent").exists()
    run("intent", "--record", write_record(closed, tmp_path / "record"), *options(share_files, closed, 1))
    run("share", "copy", share, tmp_path / "second.json", *passphrase)
    assert (tmp_path / "second.json").read_bytes() == share.read_bytes()
    assert (tmp_path / "second.json.intent").read_bytes() == (share_files.folder / "share-1.json.intent").read_bytes()
    with pytest.raises(FileProblem, match="exists already"):
        run("share", "copy", share, tmp_path / "second.json", *passphrase)
    share_files.passphrase_file.write_text("not the passphrase\n")
    with pytest.raises(SealedFileError):
        run("share", "copy", share, tmp_path / "third.json", *passphrase)
    assert not (tmp_path / "third.json").exists()


def test_share_passphrase(tmp_path: Path, closed: Simulation, share_files: ShareFiles) -> None:
    share = share_files.write(closed, 1)
    kept = share.read_bytes()
    new = tmp_path / "new.txt"
    passphrase: list[Argument] = ["--passphrase-file", share_files.passphrase_file, "--new-passphrase-file", new]
    new.write_text("short\n")
    with pytest.raises(PassphraseProblem):
        run("share", "passphrase", share, *passphrase)
    assert share.read_bytes() == kept
    new.write_text("another good passphrase\n")
    run("share", "passphrase", share, *passphrase)
    assert unseal_share(share.read_bytes(), "another good passphrase").share == share_of(closed, 1).share
    with pytest.raises(SealedFileError):
        unseal_share(share.read_bytes(), PASSPHRASE)


def test_passphrases_are_asked_for(
    closed: Simulation, share_files: ShareFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = share_files.write(closed, 1)
    answers = iter([PASSPHRASE, "another good passphrase", "another good passphrase"])
    asked: list[tuple[str, bool]] = []

    def prompt(question: str, *, hide_input: bool, **_: object) -> str:
        asked.append((question, hide_input))
        return next(answers)

    monkeypatch.setattr(passphrases.click, "prompt", prompt)  # type: ignore[attr-defined]
    run("share", "passphrase", share)
    assert unseal_share(share.read_bytes(), "another good passphrase").trustee == 1
    assert len(asked) == 3
    assert all(hidden for _, hidden in asked)


def test_an_observer_by_hand(
    tmp_path: Path, share_files: ShareFiles, in_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret: list[Argument] = ["--passphrase-file", share_files.passphrase_file]
    run("observer-key", "--name", "Watch", *secret)
    public = capsys.readouterr().out.strip()
    with pytest.raises(FileProblem, match="exists already"):
        run("observer-key", "--name", "Watch", *secret)
    observers = [{"name": "Guard", "key": seeded_key("guard").public}, {"name": "Watch", "key": public}]
    simulation = simulate(observers=observers)
    simulation.open()
    simulation.cast(simulation.voters[0], {"mayor": ["ada"]})
    simulation.close()
    record = write_record(simulation, tmp_path / "record")
    run("observe", "--key", "observer.key", "--record", record, *secret, "--allow-test-keys")
    document = json.loads((in_folder / "intent-observer-1.json").read_bytes())
    simulation.append("intent", {"observer": 1, "signature": document["signature"]})
    with pytest.raises(click.UsageError, match="either --record, or --board and --state"):
        run("observe", "--key", "observer.key", *secret)


def test_following_once_tells_by_its_status(
    tmp_path: Path, share_files: ShareFiles, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    simulation = simulate(voters=4)
    board = SimulatedBoard(simulation)
    freeze(simulation)
    mine = options(share_files, simulation, 1)
    with serving(board) as url:
        arguments: list[Argument] = ["follow", "--board", url, "--state", tmp_path / "state", "--once", *mine]
        assert run_main(monkeypatch, *arguments, "--election", simulation.fingerprint) == 3
        assert "waiting until the election opens" in capsys.readouterr().err
        open_frozen(simulation)
        simulation.cast(simulation.voters[0], {"mayor": ["ada"]})
        assert run_main(monkeypatch, *arguments) == 3
        assert "everything so far checks" in capsys.readouterr().err
        simulation.append("annul", simulation.signed_by("official", "annul", reason="fire"))
        assert run_main(monkeypatch, *arguments) == 4


def test_errors_become_a_sentence_and_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    share = tmp_path / "none.json"
    assert run_main(monkeypatch, "intent", "--record", tmp_path, "--share", share) == 1
    assert "none.json: it, or its folder, does not exist." in capsys.readouterr().err.replace("\n", " ")
    assert run_main(monkeypatch, "intent") == 2
    assert run_main(monkeypatch, "--help") == 0


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for name, command in commands.commands.commands.items():
        assert command.help, name
        for parameter in command.params:
            assert isinstance(parameter, click.Argument) or getattr(parameter, "help", None), (name, parameter.name)
