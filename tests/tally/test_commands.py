"""The commands as people type them, on files; each refusal says what to do."""

import errno
import json
import os
import sys
from pathlib import Path

import click
import pytest

from ballots import codec, sealed, signatures
from ballots.errors import ManifestError, SealedFileError
from ballots.keys import check_key, parse_key
from ballots.manifest import parse_manifest
from ballots.result import parse_tally
from tally import commands, passphrases
from tally.errors import (
    ElectionOpen,
    ElectionRefused,
    FileProblem,
    ForeignShare,
    NotConfirmed,
    PartialsMissing,
    PassphraseProblem,
    QuorumMissing,
    SecondIntent,
)
from tally.shares import unseal_share
from tests.support.elections import Simulation, manifest_fields, seeded_key, simulate
from tests.tally.boards import (
    FULL_COST,
    PASSPHRASE,
    ShareFiles,
    SimulatedBoard,
    freeze,
    open_frozen,
    serving,
    share_of,
    write_record,
)

Argument = str | Path


def run(*arguments: Argument) -> None:
    """Run a command in this process, letting its errors out."""
    commands.commands([str(argument) for argument in arguments], standalone_mode=False)


def run_main(monkeypatch: pytest.MonkeyPatch, *arguments: Argument) -> int:
    monkeypatch.setattr(sys, "argv", ["tally", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        commands.main()
    return int(caught.value.code or 0)


@pytest.fixture
def manifest_file(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    path.write_bytes(codec.encode_canonical(manifest_fields()))
    return path


def current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def options(share_files: ShareFiles, simulation: Simulation, trustee: int) -> list[Argument]:
    share = share_files.write(simulation, trustee)
    return ["--share", share, "--passphrase-file", share_files.passphrase_file, "--allow-test-keys"]


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


def frozen(tmp_path: Path) -> tuple[Simulation, Path]:
    simulation = simulate(voters=4)
    freeze(simulation)
    return simulation, write_record(simulation, tmp_path / "record")


def test_rehearse_signs_the_fingerprint(tmp_path: Path, share_files: ShareFiles, in_folder: Path) -> None:
    simulation, record = frozen(tmp_path)
    mine = options(share_files, simulation, 1)
    run("rehearse", "--record", record, *mine, "--election", simulation.fingerprint)
    document = json.loads((in_folder / "opening-1.json").read_bytes())
    assert (document["election"], document["trustee"]) == (simulation.fingerprint, 1)
    key = simulation.election.key_document.trustees[0].key
    signatures.verify(key, "open", {"election": simulation.fingerprint}, document["signature"])


def test_rehearse_asks_unless_told(
    tmp_path: Path, share_files: ShareFiles, in_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulation, record = frozen(tmp_path)
    mine = options(share_files, simulation, 1)
    answers = iter([False, True])
    monkeypatch.setattr(click, "confirm", lambda question, err: next(answers))
    with pytest.raises(NotConfirmed, match="Nothing was signed"):
        run("rehearse", "--record", record, *mine)
    with pytest.raises(NotConfirmed, match="Nothing was signed"):
        run("rehearse", "--record", record, *mine, "--election", codec.encode_bytes(bytes(32)))
    assert list(in_folder.iterdir()) == []
    run("rehearse", "--record", record, *mine)
    assert (in_folder / "opening-1.json").exists()


def test_rehearse_wants_the_registrars_signature(tmp_path: Path, share_files: ShareFiles, in_folder: Path) -> None:
    simulation, record = frozen(tmp_path)
    signed = simulation.entries[2].body
    (record / "checkpoint").unlink()
    arguments: list[Argument] = [
        "rehearse",
        "--record",
        record,
        *options(share_files, simulation, 1),
        "--accept-election",
    ]
    with pytest.raises(ElectionRefused, match="--roll-statement"):
        run(*arguments)
    statement = tmp_path / "roll.json"
    forged = {**signed, "signature": signed["signature"][:-4] + "AAAA"}
    for body in (forged, {**signed, "voters": 9}, {"sha256": "x"}):
        statement.write_bytes(codec.encode_canonical(body))
        with pytest.raises(ElectionRefused, match="roll"):
            run(*arguments, "--roll-statement", statement)
    statement.write_bytes(codec.encode_canonical(signed))
    run(*arguments, "--roll-statement", statement)
    assert (in_folder / "opening-1.json").exists()


def test_rehearse_refuses_a_foreign_share_and_a_wrong_passphrase(
    tmp_path: Path, share_files: ShareFiles, in_folder: Path
) -> None:
    simulation, record = frozen(tmp_path)
    foreign = options(share_files, simulate(title={"en": "Another"}), 1)
    with pytest.raises(ForeignShare, match="another election"):
        run("rehearse", "--record", record, *foreign, "--accept-election")
    mine = options(share_files, simulation, 1)
    share_files.passphrase_file.write_text("not the passphrase\n")
    with pytest.raises(SealedFileError, match="passphrase is wrong"):
        run("rehearse", "--record", record, *mine, "--accept-election")
    share = Path(mine[1])
    share.write_bytes(share.read_bytes()[:300])
    with pytest.raises(SealedFileError, match="cut short"):
        run("rehearse", "--record", record, *mine, "--accept-election")
    assert list(in_folder.iterdir()) == []


def test_rehearse_at_the_board_posts(share_files: ShareFiles, in_folder: Path) -> None:
    simulation = simulate(voters=4)
    board = SimulatedBoard(simulation)
    mine = options(share_files, simulation, 2)
    with serving(board) as url:
        with pytest.raises(Exception, match="not frozen yet"):
            run("rehearse", "--board", url, *mine, "--accept-election")
        freeze(simulation)
        run("rehearse", "--board", url, *mine, "--accept-election")
    assert board.openings == {2}
    assert (in_folder / "opening-2.json").exists()


def test_rehearse_wants_one_place(share_files: ShareFiles, tmp_path: Path) -> None:
    share: list[Argument] = ["--share", tmp_path / "share.json"]
    both: list[Argument] = ["--record", tmp_path, "--board", "https://vote.example/elections/1"]
    for places in (both[:0], both):
        with pytest.raises(click.UsageError, match="either --record or --board"):
            run("rehearse", *share, *places)


def test_the_count_by_hand(tmp_path: Path, share_files: ShareFiles, in_folder: Path) -> None:
    simulation = simulate(voters=4)
    freeze(simulation)
    open_frozen(simulation)
    for voter, choice in zip(simulation.voters, ("ada", "ben", "ben", "cyd"), strict=True):
        simulation.cast(voter, {"mayor": [choice]})
    mine = {trustee: options(share_files, simulation, trustee) for trustee in (1, 2, 3)}

    record = write_record(simulation, tmp_path / "open")
    for command in ("intent", "partial"):
        with pytest.raises(ElectionOpen, match="not closed yet"):
            run(command, "--record", record, *mine[1])

    simulation.close()
    record = write_record(simulation, tmp_path / "closed")
    for trustee in (1, 2, 3):
        run("intent", "--record", record, *mine[trustee])
    with pytest.raises(QuorumMissing, match="0 signers"):
        run("partial", "--record", record, *mine[1])
    for trustee in (1, 2, 3):
        document = json.loads((in_folder / f"intent-{trustee}.json").read_bytes())
        simulation.append("intent", {"trustee": document["trustee"], "signature": document["signature"]})

    record = write_record(simulation, tmp_path / "agreed")
    for trustee in (1, 2, 3):
        run("partial", "--record", record, *mine[trustee])
    first, second, third = (in_folder / f"partial-{trustee}.json" for trustee in (1, 2, 3))
    test_keys = "--allow-test-keys"
    with pytest.raises(PartialsMissing, match="2 good partials are needed"):
        run("combine", "--record", record, first, test_keys)
    first.write_bytes(first.read_bytes()[:-9])
    second_bad = tmp_path / "bad.json"
    second_bad.write_bytes(second.read_bytes().replace(b'"trustee":2', b'"trustee":1'))
    with pytest.raises(PartialsMissing):
        run("combine", "--record", record, first, second_bad, third, test_keys)
    assert not (in_folder / "tally.json").exists()
    run("combine", "--record", record, first, second_bad, second, third, test_keys)
    tally = parse_tally((in_folder / "tally.json").read_bytes())
    assert tally.contests[0].totals == [1, 2, 1]
    assert [partial["trustee"] for partial in tally.partials] == [2, 3]
    with pytest.raises(FileProblem, match="exists already"):
        run("combine", "--record", record, second, third, test_keys)


def test_bad_partials_are_named(
    tmp_path: Path, agreed: Simulation, in_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = write_record(agreed, tmp_path / "record")
    for trustee in (1, 2, 3):
        document = agreed.partial(trustee)
        if trustee == 1:
            document["parts"][0]["value"] = codec.encode_number(4, 64)
        (in_folder / f"partial-{trustee}.json").write_bytes(codec.encode_canonical(document))
    (in_folder / "torn.json").write_bytes(b'{"version":1')
    run(
        "combine",
        "--record",
        record,
        "partial-1.json",
        "torn.json",
        "partial-2.json",
        "partial-3.json",
        "--allow-test-keys",
    )
    shown = capsys.readouterr().err
    assert "Not used: partial-1.json: The part of trustee 1 does not come from that trustee's share." in shown
    assert "Not used: torn.json cannot be used." in shown


def test_posting_by_hand(tmp_path: Path, closed: Simulation, share_files: ShareFiles, in_folder: Path) -> None:
    board = SimulatedBoard(closed)
    with serving(board) as url:
        for command in ("intent", "partial"):
            record = write_record(closed, tmp_path / command)
            for trustee in (1, 2, 3):
                run(command, "--record", record, *options(share_files, closed, trustee), "--board", url)
        parts: list[Argument] = [f"partial-{trustee}.json" for trustee in (3, 1)]
        run("combine", "--record", tmp_path / "partial", *parts, "--board", url, "--allow-test-keys")
    assert closed.board.state == "tallied"
    assert board.tally == (in_folder / "tally.json").read_bytes()


def test_a_second_intent_by_hand(tmp_path: Path, share_files: ShareFiles, in_folder: Path) -> None:
    for number, choices in enumerate((("ada", "ben"), ("ada",))):
        simulation = simulate(voters=4)
        freeze(simulation)
        open_frozen(simulation)
        for voter, choice in zip(simulation.voters, choices, strict=False):
            simulation.cast(voter, {"mayor": [choice]})
        simulation.close()
        arguments: list[Argument] = ["intent", "--record", write_record(simulation, tmp_path / str(number))]
        arguments += options(share_files, simulation, 1)
        if number == 0:
            run(*arguments)
        else:
            with pytest.raises(SecondIntent):
                run(*arguments)


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
