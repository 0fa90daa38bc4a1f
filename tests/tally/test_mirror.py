"""E1 and E2 as a trustee meets them: forks, roll-backs, and boards that merely fail."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ballots.record import RecordReader
from tally.errors import BoardForked, BoardUnreachable, FileProblem
from tally.mirror import REFUSED, Mirror
from tests.support.elections import Simulation, simulate
from tests.tally.boards import SimulatedBoard

Follow = Callable[[SimulatedBoard], Mirror]


@pytest.fixture
def simulation() -> Simulation:
    simulation = simulate(voters=6)
    simulation.open()
    for voter in simulation.voters[:3]:
        simulation.cast(voter, {"mayor": ["ada"]})
    return simulation


@pytest.fixture
def follow(tmp_path: Path) -> Follow:
    """Return an opener of the one copy in this test, as each start of the program does."""

    def start(board: SimulatedBoard) -> Mirror:
        mirror = Mirror(tmp_path / "state" / "record", board, sleep=lambda seconds: None)
        fixed = mirror.fixed()
        assert fixed is not None
        manifest = board.simulation.election.manifest
        mirror.attach(fixed, manifest.log_origin, manifest.board_key)
        return mirror

    return start


def leaves(simulation: Simulation) -> list[bytes]:
    return [entry.encode() for entry in simulation.entries]


def test_nothing_before_the_freeze(tmp_path: Path) -> None:
    board = SimulatedBoard(simulate())
    assert Mirror(tmp_path / "record", board).fixed() is None


def test_the_copy_is_the_record(simulation: Simulation, follow: Follow) -> None:
    mirror = follow(SimulatedBoard(simulation))
    mirror.sync()
    reader = RecordReader(mirror.folder)
    assert list(reader.entries()) == list(mirror.entries()) == leaves(simulation)
    assert list(reader.ballots()) == [ballot.encode() for ballot in simulation.ballots]
    assert reader.checkpoint().encode() == SimulatedBoard(simulation).checkpoint()
    assert mirror.head.size == simulation.board.size


def test_it_grows_and_goes_on_after_a_restart(simulation: Simulation, follow: Follow) -> None:
    board = SimulatedBoard(simulation)
    mirror = follow(board)
    mirror.sync()
    mirror.sync()
    simulation.cast(simulation.voters[3], {"mayor": ["ben"]})
    mirror.sync()
    again = follow(board)
    assert again.held_ballots == 4
    simulation.cast(simulation.voters[4], {"mayor": ["ben"]})
    again.sync()
    assert list(again.entries()) == leaves(simulation)
    assert list(again.trackers()) == [ballot.tracker for ballot in simulation.ballots]


def test_a_host_ahead_of_its_checkpoint_is_fine(simulation: Simulation, follow: Follow) -> None:
    board = SimulatedBoard(simulation)
    board.replaced["checkpoint"] = board.checkpoint()
    simulation.cast(simulation.voters[3], {"mayor": ["ben"]})
    mirror = follow(board)
    mirror.sync()
    assert (mirror.head.size, mirror.held_ballots) == (7, 3)


@pytest.mark.parametrize("lines", range(8))
def test_broken_connections_lose_nothing(simulation: Simulation, follow: Follow, lines: int) -> None:
    board = SimulatedBoard(simulation)
    board.cut_after = lines
    mirror = follow(board)
    if lines < 7:
        with pytest.raises(BoardUnreachable):
            mirror.sync()
    board.cut_after = None
    mirror.sync()
    assert list(mirror.ballots()) == [ballot.encode() for ballot in simulation.ballots]
    assert list(mirror.entries()) == list(follow(board).entries()) == leaves(simulation)


def test_ballots_arrive_one_connection_at_a_time(simulation: Simulation, follow: Follow) -> None:
    """A download that breaks off after each ballot still comes to its end."""
    board = SimulatedBoard(simulation)
    log = board.file("log/00000.jsonl")
    mirror = follow(board)
    board.cut_after = 1
    assert log is not None
    lines = board.lines
    board.lines = (  # type: ignore[method-assign]
        lambda path, offset: iter(log[offset:].split(b"\n")[:-1]) if path.startswith("log/") else lines(path, offset)
    )
    for _ in range(2):
        with pytest.raises(BoardUnreachable, match="broke off"):
            mirror.sync()
    mirror.sync()
    assert mirror.held_ballots == 3


def test_torn_files_of_a_crash_are_mended(simulation: Simulation, follow: Follow) -> None:
    board = SimulatedBoard(simulation)
    mirror = follow(board)
    mirror.sync()
    for name in ("log", "ballots"):
        with (mirror.folder / name / "00000.jsonl").open("ab") as file:
            file.write(b'{"whole":"line"}\n{"torn')
    again = follow(board)
    assert list(again.entries()) == leaves(simulation)
    assert again.held_ballots == 3


def test_a_damaged_ballot_is_fetched_again(simulation: Simulation, follow: Follow) -> None:
    board = SimulatedBoard(simulation)
    mirror = follow(board)
    mirror.sync()
    path = mirror.folder / "ballots" / "00000.jsonl"
    lines = path.read_bytes().split(b"\n")
    lines[1] = lines[1].replace(b'"version":1', b'"version":2')
    path.write_bytes(b"\n".join(lines))
    again = follow(board)
    assert again.held_ballots == 1
    again.sync()
    assert list(again.ballots()) == [ballot.encode() for ballot in simulation.ballots]


def test_a_damaged_log_says_what_to_delete(simulation: Simulation, follow: Follow) -> None:
    board = SimulatedBoard(simulation)
    mirror = follow(board)
    mirror.sync()
    path = mirror.folder / "log" / "00000.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"index":3', b'"index":4'))
    with pytest.raises(FileProblem, match="Delete the folder"):
        follow(board)
    (mirror.folder / "checkpoint").write_bytes(b"nonsense")
    with pytest.raises(FileProblem, match="foreign or damaged"):
        follow(board)


def assert_refused_for_good(mirror: Mirror, follow: Follow, board: SimulatedBoard, reason: str) -> None:
    before = mirror.head
    with pytest.raises(BoardForked, match=reason):
        mirror.sync()
    assert mirror.head == before
    kept = json.loads((mirror.folder.parent / REFUSED).read_bytes())
    assert kept["reason"].startswith("The board signed")
    assert kept["seen"] != kept["shown"]
    assert kept["seen"].count("\n") == kept["shown"].count("\n") == 5
    with pytest.raises(BoardForked, match="An earlier run found"):
        follow(board)


def test_a_roll_back(simulation: Simulation, follow: Follow) -> None:
    board = SimulatedBoard(simulation)
    mirror = follow(board)
    mirror.sync()
    board.leaves = leaves(simulation)[:-1]
    assert_refused_for_good(mirror, follow, board, "a log rolled back from 7 entries to 6")


def test_two_heads_of_one_size(simulation: Simulation, follow: Follow) -> None:
    board = SimulatedBoard(simulation)
    mirror = follow(board)
    mirror.sync()
    board.leaves = [*leaves(simulation)[:-1], b"another"]
    assert_refused_for_good(mirror, follow, board, "two signed logs of 7 entries that differ")


def test_a_fork_that_has_grown(simulation: Simulation, follow: Follow) -> None:
    board = SimulatedBoard(simulation)
    mirror = follow(board)
    mirror.sync()
    board.leaves = [*leaves(simulation)[:5], b"another", b"and", b"more"]
    assert_refused_for_good(mirror, follow, board, "two signed logs that differ from entry 5 on")


def test_a_fork_that_is_shorter(simulation: Simulation, follow: Follow) -> None:
    board = SimulatedBoard(simulation)
    mirror = follow(board)
    mirror.sync()
    board.leaves = [*leaves(simulation)[:5], b"another"]
    assert_refused_for_good(mirror, follow, board, "differ within their first 6 entries")


def test_one_stale_answer_is_forgiven(simulation: Simulation, follow: Follow) -> None:
    board = SimulatedBoard(simulation)
    stale = board.checkpoint()
    simulation.cast(simulation.voters[3], {"mayor": ["ben"]})
    mirror = follow(board)
    mirror.sync()
    answers = iter([stale, board.checkpoint()])
    document = board.document
    board.document = lambda path, limit=0: next(answers) if path == "checkpoint" else document(path)  # type: ignore[method-assign]
    mirror.sync()
    assert mirror.head.size == 8


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("checkpoint", None, "no checkpoint yet"),
        ("checkpoint", b"\xff\xfe nonsense", "cannot be used"),
        ("log/00000.jsonl", b"", "7 lines shorter"),
        ("log/00000.jsonl", None, "7 lines shorter"),
        ("log/00000.jsonl", b"{}\n" * 7, "does not fit its own checkpoint"),
        ("ballots/00000.jsonl", b"", "3 lines shorter"),
        ("ballots/00000.jsonl", b"{}\n" * 3, "another ballot than its log names for ballot 0"),
    ],
)
def test_a_board_that_serves_nonsense_is_asked_again(
    simulation: Simulation, follow: Follow, path: str, data: bytes | None, expected: str
) -> None:
    board = SimulatedBoard(simulation)
    mirror = follow(board)
    board.replaced[path] = data
    for _ in range(2):
        with pytest.raises(BoardUnreachable, match=expected):
            mirror.sync()
    board.replaced.clear()
    mirror.sync()
    assert list(mirror.entries()) == leaves(simulation)
    assert mirror.held_ballots == 3


def test_another_signers_checkpoint_is_no_evidence(simulation: Simulation, follow: Follow) -> None:
    board = SimulatedBoard(simulation)
    mirror = follow(board)
    mirror.sync()
    other = simulate(voters=6, log_origin="vote.example/other")
    other.open()
    board.replaced["checkpoint"] = SimulatedBoard(other).checkpoint()
    with pytest.raises(BoardUnreachable, match="belongs to another log"):
        mirror.sync()
