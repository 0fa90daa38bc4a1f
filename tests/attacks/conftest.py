"""One valid election for all attacks."""

from pathlib import Path

import pytest

from tests.attacks.base import forge_base
from tests.attacks.forge import Forge


@pytest.fixture(scope="session")
def valid() -> Forge:
    """A valid election; attacks work on copies of it."""
    return forge_base()


@pytest.fixture(scope="session")
def valid_record(valid: Forge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The valid election's record; nobody writes in it."""
    return valid.write(tmp_path_factory.mktemp("valid") / "record")
