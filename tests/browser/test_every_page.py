"""Every page of the exhibition in Chromium, in both languages, light and dark: axe, narrow phones, zoom, text spacing.

In English axe looks at the narrow page in the light, in Persian at the wide one in the dark: colours are of the style
sheets, which both languages share.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.support.browser import AXE, cut_off, find_violations, served, sideways_pixels, space_text_out
from tests.support.exhibition import Exhibition, Place, all_places, make_exhibition

pytestmark = pytest.mark.browser

NARROW, ZOOMED, WIDE = ({"width": 320, "height": 640}, {"width": 320, "height": 256}, {"width": 1280, "height": 800})
"""Zoomed is a window of 1280 by 1024 at 400 %."""
SCHEMES = {"en": "light", "fa": "dark"}


@pytest.fixture(scope="module")
def exhibition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exhibition]:
    made = make_exhibition(tmp_path_factory.mktemp("exhibition"))
    yield made
    made.services.database.close()


@pytest.fixture(scope="module")
def address(exhibition: Exhibition) -> Iterator[str]:
    with served(exhibition.app) as address:
        yield address


@dataclass
class Window:
    """A visitor's window, kept from page to page; `said` is what its console said since it was last asked."""

    page: Page
    said: list[str]

    def note(self, message: ConsoleMessage) -> None:
        if "status of 4" not in message.text:
            self.said.append(message.text)


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[dict[str, Window]]:
    """One window for each visitor: a new one for every page would cost more than the page itself."""
    found: dict[str, Window] = {}
    yield found
    for window in found.values():
        window.page.context.close()


@pytest.fixture
def look(
    browser: Browser, windows: dict[str, Window], exhibition: Exhibition, address: str
) -> Iterator[Callable[[Place, str], Page]]:
    """Return what opens a place in a language; a word in the console fails the test."""

    def opened(place: Place, language: str) -> Page:
        if place.by not in windows:
            context = browser.new_context(locale="en", reduced_motion="reduce")
            context.add_init_script(path=AXE)
            cookies = exhibition.cookies(place)
            context.add_cookies([{"name": name, "value": cookies[name], "url": address} for name in cookies])
            window = windows[place.by] = Window(context.new_page(), [])
            window.page.on("console", window.note)
            window.page.on("pageerror", lambda error: window.said.append(str(error)))
        page = windows[place.by].page
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a dictionary of this very form
        page.emulate_media(color_scheme=SCHEMES[language])  # type: ignore[arg-type]
        answer = page.goto(address + exhibition.path(place, language))
        assert answer is not None
        assert answer.status == place.status
        return page

    yield opened
    said = [one for window in windows.values() for one in window.said]
    for window in windows.values():
        window.said.clear()
    assert said == []


@pytest.mark.parametrize("language", SCHEMES)
@pytest.mark.parametrize("place", all_places(), ids=str)
def test_pages_are_accessible_and_fit(look: Callable[[Place, str], Page], place: Place, language: str) -> None:
    page = look(place, language)
    assert page.evaluate("() => getComputedStyle(document.body).direction") == ("rtl" if language == "fa" else "ltr")
    assert sideways_pixels(page) == 0
    if language == "en":
        assert find_violations(page) == []
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    assert sideways_pixels(page) == 0
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    assert sideways_pixels(page) == 0
    if language == "fa":
        assert find_violations(page) == []
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    space_text_out(page)
    assert sideways_pixels(page) == 0
    assert cut_off(page) == []
