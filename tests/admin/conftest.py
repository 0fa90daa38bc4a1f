"""The officials' site on a server in process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask

from evote.admin.roles import Role
from evote.app import create_app
from evote.services import Services
from tests.support.gallery import gallery_settings
from tests.support.officials import Desk, make_official
from tests.support.server import Clock, make_services

Appoint = Callable[..., Desk]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    made = make_services(gallery_settings(tmp_path), clock)
    yield made
    made.database.close()


@pytest.fixture
def app(services: Services) -> APIFlask:
    return create_app(services.settings, services)


@pytest.fixture
def appoint(app: APIFlask, services: Services, clock: Clock) -> Appoint:
    """Appoint somebody of some roles, enrolled and not signed in."""

    def make(name: str, *roles: Role) -> Desk:
        return make_official(app, services, clock, name, *roles)

    return make
