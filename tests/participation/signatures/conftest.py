"""A town with one open petition."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evote.app import create_app
from evote.participation_host import bells_of
from tests.support.gallery import gallery_settings
from tests.support.participation import Town
from tests.support.server import Clock, make_services
from tests.support.signing import Signing


@pytest.fixture
def town(make_town: Callable[..., Town]) -> Town:
    return make_town("[signatures]\nin_minute = 1\n")


@pytest.fixture
def signing(town: Town) -> Signing:
    made = Signing(town)
    made.open()
    return made


@pytest.fixture
def on_postgresql(postgres_url: str, tmp_path: Path) -> Iterator[Signing]:
    """An open petition on PostgreSQL."""
    settings, clock = replace(gallery_settings(tmp_path), database_url=postgres_url), Clock()
    services = make_services(settings, clock)
    made = Signing(Town(create_app(settings, services), services, clock))
    made.open()
    yield made
    bells_of(made.town.app).close()
    services.database.close()
