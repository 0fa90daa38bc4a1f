"""Fixtures of the trustees' programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ballots import sealed
from tally import hardening
from tests.support.elections import Simulation, simulate
from tests.tally.boards import ShareFiles, SimulatedBoard
from tests.tally.following import Desk


@pytest.fixture(autouse=True)
def _light_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in this very process: its memory stays as it is, and sealing is cheap."""
    monkeypatch.setattr(hardening, "protect_memory", tuple)
    monkeypatch.setattr(sealed, "SCRYPT_COST", 2)


@pytest.fixture
def closed() -> Simulation:
    """Return a closed election of five ballots, one of them a revote, without intents."""
    simulation = simulate(voters=4)
    simulation.open()
    for voter, choice in zip(simulation.voters, ("ada", "ben", "ben", "cyd"), strict=True):
        simulation.cast(voter, {"mayor": [choice]})
    simulation.cast(simulation.voters[0], {"mayor": ["ben"]})
    simulation.close()
    return simulation


@pytest.fixture
def agreed(closed: Simulation) -> Simulation:
    """Return the same election with all intents on its log."""
    for trustee in (1, 2, 3):
        closed.intend(trustee)
    return closed


@pytest.fixture
def share_files(tmp_path: Path) -> ShareFiles:
    """Return a writer of sealed share files, cheap to open."""
    return ShareFiles(tmp_path / "shares")


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run the test in a folder of its own, where commands leave their files."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def desk(tmp_path: Path, share_files: ShareFiles) -> Iterator[Desk]:
    """Trustees' programs at a board that is not frozen yet."""
    desk = Desk(SimulatedBoard(simulate(voters=5)), tmp_path / "desk", share_files)
    yield desk
    desk.kill()
