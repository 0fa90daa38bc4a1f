"""One Chromium for all tests, and the gallery of elections on a server of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from evote.current import EXTENSION
from tests.support.browser import chromium, served
from tests.support.gallery import gallery_settings, make_gallery
from tests.support.participation import Town
from tests.support.ways import Walkers


@dataclass
class Site:
    """Where the gallery is served, and {state: election id}."""

    address: str
    ids: dict[str, str]

    def url(self, place: str) -> str:
        """Return the address of a place; `open/board` means the board of the election that is open."""
        state, _, rest = place.partition("/")
        path = f"/elections/{self.ids[state]}" + (f"/{rest}" if rest else "") if state in self.ids else f"/{place}"
        return self.address + path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    app, ids = make_gallery(gallery_settings(tmp_path_factory.mktemp("gallery")))
    with served(app) as address:
        yield Site(address, ids)
    app.extensions[EXTENSION].database.close()


@pytest.fixture(scope="module")
def company(browser: Browser, town: Town, request: pytest.FixtureRequest) -> Iterator[Walkers]:
    """People who walk through a module's own `town`, and know the English texts that are `TYPED` there."""
    with served(town.app) as address:
        yield Walkers(browser, town, address, request.module.TYPED)


@pytest.fixture
def walkers(company: Walkers) -> Iterator[Walkers]:
    yield company
    company.leave()
