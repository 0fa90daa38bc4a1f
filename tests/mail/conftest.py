"""A mail server, and an election with an outbox that leads to it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evote.services import Services
from evote.settings import Settings
from tests.support.bad_mail_server import MailServer, mail_server
from tests.support.gallery import gallery_settings
from tests.support.server import Clock, Stage, make_services, make_stage


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, server: MailServer) -> Settings:
    return replace(gallery_settings(tmp_path), smtp=server.smtp)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(settings: Settings, clock: Clock) -> Iterator[Services]:
    """An empty site."""
    made = make_services(settings, clock)
    yield made
    made.database.close()


@pytest.fixture
def stage(settings: Settings) -> Iterator[Stage]:
    """An open election."""
    made = make_stage(settings)
    yield made
    made.services.database.close()
