"""The command that signs the opening; each refusal says what to do."""

import json
from pathlib import Path

import click
import pytest

from ballots import codec, signatures
from ballots.errors import SealedFileError
from tally.errors import (
    ElectionRefused,
    ForeignShare,
    NotConfirmed,
)
from tests.support.elections import simulate
from tests.tally.boards import (
    ShareFiles,
    SimulatedBoard,
    freeze,
    serving,
)
from tests.tally.shell import Argument, frozen, options, run


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
