"""Three trustees as processes of their own, over real HTTP, one of them killed on the way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ballots.result import parse_tally
from tests.support.elections import Simulation, simulate
from tests.tally.boards import ShareFiles, SimulatedBoard, freeze, serving

PATIENCE_SECONDS = 60


def wait_until(condition: Callable[[], bool], processes: dict[int, "subprocess.Popen[bytes]"]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        for trustee, process in processes.items():
            status = process.poll()
            assert status in (None, 0, -signal.SIGKILL), f"trustee {trustee} ended with {status}"
        assert time.monotonic() < deadline, "nothing happened for a minute"
        time.sleep(0.05)


@pytest.fixture
def follow(
    share_files: ShareFiles, tmp_path: Path
) -> Iterator[Callable[[Simulation, str, int], "subprocess.Popen[bytes]"]]:
    """Return a starter of ``tally follow`` for one trustee; its output goes to a file."""
    started: list[subprocess.Popen[bytes]] = []

    @contextmanager
    def output(trustee: int) -> Iterator[int]:
        descriptor = os.open(tmp_path / f"trustee-{trustee}.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def start(simulation: Simulation, url: str, trustee: int) -> "subprocess.Popen[bytes]":
        share = share_files.write(simulation, trustee)
        secret = ["--share", str(share), "--passphrase-file", str(share_files.passphrase_file)]
        flags = ["--accept-election", "--allow-test-keys", "--poll", "0.2"]
        where = ["--board", url, "--state", str(tmp_path / f"state-{trustee}")]
        with output(trustee) as descriptor:
            process = subprocess.Popen(
                [sys.executable, "-m", "tally", "follow", *where, *secret, *flags], stdout=descriptor, stderr=descriptor
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_three_processes_count_an_election(
    follow: Callable[[Simulation, str, int], "subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    simulation = simulate(voters=5)
    board = SimulatedBoard(simulation)
    with serving(board) as url:
        running = {trustee: follow(simulation, url, trustee) for trustee in (1, 2, 3)}
        freeze(simulation)
        wait_until(lambda: simulation.board.state == "open", running)
        for voter, choice in zip(simulation.voters, ("ada", "ben", "ben", "cyd", "ben"), strict=True):
            simulation.cast(voter, {"mayor": [choice]})
        running[2].kill()
        running[2].wait()
        simulation.close()
        wait_until(lambda: len(simulation.board.signers) == 2, running)
        assert board.partials_taken == []
        running[2] = follow(simulation, url, 2)
        wait_until(lambda: all(process.poll() == 0 for process in running.values()), running)
    assert board.tally is not None
    assert parse_tally(board.tally).contests[0].totals == [1, 3, 1]
    for trustee in (1, 2, 3):
        assert "the tally is on the log, and checks" in (tmp_path / f"trustee-{trustee}.txt").read_text()
        assert (tmp_path / f"state-{trustee}" / "record" / "tally.json").read_bytes() == board.tally
    assert not list(tmp_path.glob("state-*/REFUSED.json"))
    record = str(tmp_path / "state-2" / "record")
    verifier = [sys.executable, "-m", "verifier", "check", record, "--allow-test-keys", "--jobs", "1"]
    checked = subprocess.run(verifier, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
