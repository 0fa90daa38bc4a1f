"""A petition in a real browser, in both languages: written, confirmed, supported, checked, open, answered."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from evote.admin.roles import Role
from evote.app import create_app
from tests.support.browser import find_violations, served, sideways_pixels
from tests.support.gallery import gallery_settings
from tests.support.officials import Desk, make_official
from tests.support.participation import Town, path_of
from tests.support.petitions import PERSIAN, TEXT, newest, view
from tests.support.server import Clock, make_services

pytestmark = pytest.mark.browser
RULES = "[petitions]\nsupporters = 1\n"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("petitions")
    (folder / "rules.toml").write_text(RULES, encoding="utf-8")
    chosen, clock = replace(gallery_settings(folder), base_url="http://127.0.0.1"), Clock()
    chosen = replace(chosen, participation_rules=folder / "rules.toml")
    services = make_services(chosen, clock)
    yield Town(create_app(chosen, services), services, clock)
    services.database.close()


@pytest.fixture(scope="module")
def official(town: Town) -> Desk:
    return make_official(town.app, town.services, town.clock, "Moderator", Role.MODERATOR, Role.RESPONDER).sign_in()


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Open a window of somebody else, on a phone."""
    opened: list[BrowserContext] = []

    def make() -> BrowserContext:
        phone = {"width": 320, "height": 640}
        opened.append(browser.new_context(viewport=phone, reduced_motion="reduce"))  # type: ignore[arg-type]
        return opened[-1]

    yield make
    for context in opened:
        context.close()


def press(page: Page) -> None:
    """Press the main button by keyboard, after a look at the page."""
    assert find_violations(page) == []
    assert sideways_pixels(page) == 0
    button = page.locator("main .btn-primary").last
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize(("language", "text"), [("en", TEXT), ("fa", PERSIAN)])
def test_a_petition_from_its_first_word_to_its_answer(
    town: Town, official: Desk, window: Callable[[], BrowserContext], language: str, text: dict[str, str]
) -> None:
    town.clock.forward(minutes=5)
    creator, mail = window().new_page(), f"creator-{language}@example.org"
    with served(town.app) as address:
        creator.goto(f"{address}/{language}/petitions/")
        press(creator)  # begin a petition
        press(creator)  # begin
        creator.fill("#title", text["title"])
        press(creator)
        creator.fill("#background", text["background"])
        creator.fill("#details", text["details"])
        press(creator)
        creator.fill("#name", "Alex Doe")
        creator.fill("#mail", mail)
        press(creator)
        press(creator)  # the check
        creator.goto(address + path_of(town.link_to(mail, f"/{language}/petitions/confirm/")))
        press(creator)
        invited = creator.locator("pre").inner_text()
        assert f"/{language}/petitions/" in invited
        supporter, other = window().new_page(), f"supporter-{language}@example.org"
        supporter.goto(address + path_of(invited))
        supporter.fill("#name", "Ann Lee")
        supporter.fill("#mail", other)
        press(supporter)
        supporter.goto(address + path_of(town.link_to(other, "/confirm/")))
        press(supporter)

        desk, key = window(), newest(town)
        held = official.client.get_cookie("evote-official")
        assert held is not None
        desk.add_cookies([{"name": "evote-official", "value": held.value, "url": address}])
        page = desk.new_page()
        page.goto(f"{address}/{language}/admin/participation/petitions/{key}")
        page.focus('input[value="approve"]')
        page.keyboard.press("Space")
        press(page)
        assert view(town, key).state == "open"
        page.goto(f"{address}/{language}/admin/participation/petitions/{key}/answer")
        page.fill("#office", "Council")
        page.fill("#summary", text["background"])
        page.fill("#text", text["details"])
        press(page)

        creator.goto(f"{address}/{language}/petitions/{key}")
        assert text["title"] in creator.locator("h1").inner_text()
        assert creator.locator("article.answer").count() == 1
        assert creator.locator(f'a[href="/{language}/petitions/{key}/sign"]').count() == 1
        assert find_violations(creator) == []
        creator.goto(address + path_of(town.link_to(mail, f"/{language}/petitions/manage/")))
        press(creator)
        assert find_violations(creator) == []
