"""An open election whose voters can sign in with a provider of the tests' own."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from evote.accounts.models import LoginSession
from evote.app import create_app
from evote.settings import Oidc, Settings
from tests.support.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, provided
from tests.support.server import Clock, Stage, make_stage

CALLBACK = "/sign-in/callback"


@dataclass
class Polls:
    """An open election, and the provider with which its voters sign in."""

    stage: Stage
    provider: IdentityProvider

    def page(self, rest: str = "") -> str:
        return f"/elections/{self.stage.id}/{rest}"

    def leave(self, client: FlaskClient) -> str:
        """Press the button; returns the way back that the provider names."""
        away = client.get(self.page("login/provider"))
        assert away.status_code == 303
        assert away.location.startswith(self.provider.issuer), away.location
        back = httpx.get(away.location).headers["location"]
        return str(back[back.index(CALLBACK) :])

    def sign_in(self, client: FlaskClient) -> str:
        """Go there and back; returns the address at which one ends."""
        return str(client.get(self.leave(client)).location)

    def says(self, client: FlaskClient) -> str:
        """Return what the page shows at which a sign-in ended that came to nothing; nobody is logged in."""
        before = self.sessions()
        assert self.sign_in(client) == self.page("login")
        assert self.sessions() == before
        assert client.get(self.stage.path("me")).status_code == 401
        return client.get(self.page("login")).get_data(as_text=True)

    def sessions(self) -> int:
        with self.stage.services.database.reading() as session:
            return session.scalar(select(func.count()).select_from(LoginSession)) or 0

    def settled(self, **changes: Any) -> "Polls":
        """Return the same with other settings of the provider."""
        services = self.stage.services
        assert services.settings.oidc is not None
        settings = replace(services.settings, oidc=replace(services.settings.oidc, **changes))
        changed = replace(services, settings=settings)
        return Polls(replace(self.stage, services=changed, app=create_app(settings, changed)), self.provider)


@pytest.fixture(scope="module")
def polls_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Polls]:
    folder: Path = tmp_path_factory.mktemp("polls")
    clock = Clock()
    with provided(clock) as provider:
        settings = Settings(
            data_dir=folder,
            database_url=f"sqlite:///{folder / 'evote.sqlite3'}",
            secret_key=secrets.token_bytes(32),
            board_key_file=folder / "board.key",
            base_url="http://localhost",
            demo=True,
            allow_test_keys=True,
            rate_limits=False,
            oidc=Oidc(provider.issuer, CLIENT_ID, CLIENT_SECRET, "Citizen ID"),
        )
        stage = make_stage(settings)
        provider.now = stage.clock
        yield Polls(stage, provider)
        stage.services.database.close()


@pytest.fixture
def polls(polls_of_module: Polls) -> Iterator[Polls]:
    """The same for all tests of a module, with a provider that has not lied yet, and asked for nothing yet."""
    made = replace(polls_of_module, stage=replace(polls_of_module.stage))
    made.stage.app = create_app(made.stage.services.settings, made.stage.services)
    made.provider.honest()
    yield made
    made.provider.honest()
