"""Every page of the exhibition in Chromium, in both languages, light and dark: axe, narrow phones, zoom, text spacing.

In English the narrow page is light and the wide one dark, in Persian the other way round.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.support.browser import cut_off, find_violations, served, sideways_pixels, space_text_out
from tests.support.exhibition import Exhibition, Place, all_places, make_exhibition

pytestmark = pytest.mark.browser

NARROW, ZOOMED, WIDE = ({"width": 320, "height": 640}, {"width": 320, "height": 256}, {"width": 1280, "height": 800})
"""Zoomed is a window of 1280 by 1024 at 400 %."""
SCHEMES = {"en": ("light", "dark"), "fa": ("dark", "light")}


@pytest.fixture(scope="module")
def exhibition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exhibition]:
    made = make_exhibition(tmp_path_factory.mktemp("exhibition"))
    yield made
    made.services.database.close()


@pytest.fixture(scope="module")
def address(exhibition: Exhibition) -> Iterator[str]:
    with served(exhibition.app) as address:
        yield address


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """One browser window for each visitor, kept."""
    found: dict[str, BrowserContext] = {}
    yield found
    for context in found.values():
        context.close()


@pytest.fixture
def look(
    browser: Browser, contexts: dict[str, BrowserContext], exhibition: Exhibition, address: str
) -> Iterator[Callable[[Place, str], Page]]:
    """Return what opens a place in a language; a word in the console fails the test."""
    said: list[str] = []
    pages: list[Page] = []

    def note(message: ConsoleMessage) -> None:
        if "status of 4" not in message.text:
            said.append(message.text)

    def opened(place: Place, language: str) -> Page:
        if place.by not in contexts:
            contexts[place.by] = browser.new_context(locale="en", reduced_motion="reduce")
            cookies = exhibition.cookies(place)
            contexts[place.by].add_cookies([{"name": name, "value": cookies[name], "url": address} for name in cookies])
        page = contexts[place.by].new_page()
        pages.append(page)
        page.on("console", note)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a dictionary of this very form
        page.emulate_media(color_scheme=SCHEMES[language][0])  # type: ignore[arg-type]
        answer = page.goto(address + exhibition.path(place, language))
        assert answer is not None
        assert answer.status == place.status
        return page

    yield opened
    for page in pages:
        page.close()
    assert said == []


@pytest.mark.parametrize("language", SCHEMES)
@pytest.mark.parametrize("place", all_places(), ids=str)
def test_pages_are_accessible_and_fit(look: Callable[[Place, str], Page], place: Place, language: str) -> None:
    page = look(place, language)
    assert page.evaluate("() => getComputedStyle(document.body).direction") == ("rtl" if language == "fa" else "ltr")
    assert find_violations(page) == []
    assert sideways_pixels(page) == 0
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    assert sideways_pixels(page) == 0
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=SCHEMES[language][1])  # type: ignore[arg-type]
    assert find_violations(page) == []
    assert sideways_pixels(page) == 0
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    space_text_out(page)
    assert sideways_pixels(page) == 0
    assert cut_off(page) == []
