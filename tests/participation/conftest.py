"""A site of petitions and consultations in process, on a database of the test's own."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evote.admin.roles import Role
from evote.app import create_app
from evote.database import Database
from evote.database.migrations import migrate
from evote.participation_host import bells_of
from tests.support.gallery import gallery_settings
from tests.support.officials import Desk, make_official
from tests.support.participation import Town
from tests.support.server import Clock, make_services

Appoint = Callable[..., Desk]
MakeTown = Callable[..., Town]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the present schema, to be copied: its migrations run once for all tests."""
    path = tmp_path_factory.mktemp("schema") / "evote.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()  # the last connection writes everything into the one file
    return path


@pytest.fixture
def make_town(tmp_path: Path, clock: Clock, migrated: Path) -> Iterator[MakeTown]:
    """Make a site whose rules and settings are the defaults but for those given; `rules` is TOML."""
    made: list[Town] = []

    def make(rules: str = "", **settings: Any) -> Town:
        path = tmp_path / "rules.toml"
        path.write_text(rules, encoding="utf-8")
        chosen = replace(gallery_settings(tmp_path), participation_rules=path, **settings)
        if not (tmp_path / "evote.sqlite3").exists():
            shutil.copy(migrated, tmp_path / "evote.sqlite3")
        services = make_services(chosen, clock)
        made.append(Town(create_app(chosen, services), services, clock))
        return made[-1]

    yield make
    for town in made:
        bells_of(town.app).close()
        town.services.database.close()


@pytest.fixture
def town(make_town: MakeTown) -> Town:
    return make_town()


@pytest.fixture
def appoint(town: Town) -> Appoint:
    """Appoint somebody of some roles, enrolled and not signed in."""

    def make(name: str, *roles: Role) -> Desk:
        return make_official(town.app, town.services, town.clock, name, *roles)

    return make
