"""Honest records, made once; tests copy the files of one, or make a world of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evote.settings import Settings
from tests.support.petition_record import Made, make_record
from tests.verifier.forge.world import EVERY_CHOICE, EVERY_KIND, OTHER_CHOICE, World, write_files
from verifier.check import check_record
from verifier.context import Options
from verifier.report import Report

OUTCOMES: dict[str, dict[str, list[str]]] = {
    "mayor": {"elected": ["bob"], "tied": []},
    "council": {"elected": ["dan", "fay"], "tied": []},
    "school": {"elected": ["lab"], "tied": []},
    "money": {"elected": ["road"], "tied": []},
    "chair": {"elected": ["jon"], "tied": []},
    "club": {"elected": [], "tied": ["lee", "max"]},
    "law": {"elected": [], "tied": []},
}

Check = Callable[..., Report]


@pytest.fixture(scope="session")
def honest_world() -> World:
    """Every kind of contest and every kind of entry that a closed election can have."""
    world = World(EVERY_KIND, voters={"ann": 1, "ben": 2, "cat": 1, "dot": 1, "eli": 3}).open()
    world.cast("ann", EVERY_CHOICE)
    world.cast("ben", OTHER_CHOICE)
    world.cast("eli", EVERY_CHOICE)
    world.append("audited", {"tracker": world.make("cat", EVERY_CHOICE).tracker})
    world.cast("ann", OTHER_CHOICE)
    world.replace("dot", "dob")
    world.by_official("extend", closes_at="2026-03-01T19:00:00Z", reason="The line is long")
    world.cast("dob", OTHER_CHOICE)
    world.strike("eli")
    world.cast("cat", EVERY_CHOICE)
    world.close(at=660)
    for number in (1, 2, 3):
        world.intend("trustee", number)
    world.intend("observer", 0)
    world.count(OUTCOMES)
    world.log_tally()
    return world


@pytest.fixture(scope="session")
def honest_files(honest_world: World) -> dict[str, bytes]:
    """Return the files of the honest record."""
    return honest_world.files()


@pytest.fixture
def honest(honest_files: dict[str, bytes], tmp_path: Path) -> Path:
    """Write the honest record to a folder of the test's own."""
    return write_files(honest_files, tmp_path / "record")


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Check a world or a folder in this process, with test keys allowed."""

    def run(record: World | Path, **options: Any) -> Report:
        folder = record if isinstance(record, Path) else record.write(tmp_path / "written")
        return check_record(folder, Options(**{"allow_test_keys": True, "jobs": 1} | options))

    return run


def reasons(report: Report) -> str:
    """Return all that failed, for a test's own failure message."""
    return "\n".join(f"{part}: {failure}" for part in report.failed_parts() for failure in report.why_failed(part))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A petition's record, with the record of the election whose voters signed."""
    folder = tmp_path_factory.mktemp("petition")
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'evote.sqlite3'}",
        secret_key=b"a secret of the tests, 32 bytes long",
        board_key_file=folder / "board.key",
        base_url="http://localhost",
        demo=True,
        allow_test_keys=True,
        rate_limits=False,
    )
    return make_record(settings, folder / "record")
