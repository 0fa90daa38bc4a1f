"""A server in process, on SQLite or PostgreSQL, and elections driven through its own use cases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evote.settings import Settings
from tests.support.server import Stage, make_stage


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'evote.sqlite3'}",
        secret_key=b"a secret of the tests, 32 bytes long",
        board_key_file=tmp_path / "board.key",
        base_url="http://localhost",
        demo=True,
        allow_test_keys=True,
        rate_limits=False,
    )


@pytest.fixture
def stage(settings: Settings) -> Iterator[Stage]:
    """An open election on SQLite."""
    made = make_stage(settings)
    yield made
    made.services.database.close()
