"""Counting by hand: intents, partials, the tally."""

import json
from pathlib import Path

import pytest

from ballots import codec
from ballots.result import parse_tally
from tally.errors import (
    ElectionOpen,
    FileProblem,
    PartialsMissing,
    QuorumMissing,
    SecondIntent,
)
from tests.support.elections import Simulation, simulate
from tests.tally.boards import (
    ShareFiles,
    SimulatedBoard,
    freeze,
    open_frozen,
    serving,
    write_record,
)
from tests.tally.shell import Argument, options, run


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
