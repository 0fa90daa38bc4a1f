"""The exhibition: one site on which every page can be seen in every state."""

from collections.abc import Iterator

import pytest

from tests.support.exhibition import Exhibition, make_exhibition


@pytest.fixture(scope="session")
def exhibition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exhibition]:
    made = make_exhibition(tmp_path_factory.mktemp("exhibition"))
    yield made
    made.services.database.close()
