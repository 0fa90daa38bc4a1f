"""A site with one election for each state."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from evote.current import EXTENSION
from tests.support.gallery import gallery_settings, make_gallery


@dataclass
class Gallery:
    """The site, and {state: election id}."""

    app: APIFlask
    ids: dict[str, str]

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def path(self, state: str, rest: str = "") -> str:
        return f"/elections/{self.ids[state]}{rest}"

    def get(self, address: str, status: int = 200) -> str:
        """Return a page's text as people read it, with quotes and signs unescaped."""
        answer = self.client().get(address)
        assert answer.status_code == status, address
        assert answer.mimetype == "text/html"
        return unescape(answer.get_data(as_text=True))


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    folder: Path = tmp_path_factory.mktemp("gallery")
    app, ids = make_gallery(gallery_settings(folder))
    yield Gallery(app, ids)
    app.extensions[EXTENSION].database.close()
