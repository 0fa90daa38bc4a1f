"""Persian in Chromium: from language to language, and the booth."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from evote.current import EXTENSION
from tests.browser.conftest import Site
from tests.support.browser import find_violations, served, sideways_pixels
from tests.support.gallery import PROJECTS, gallery_settings
from tests.support.gallery_texts import spoken
from tests.support.server import make_stage

pytestmark = pytest.mark.browser

PATIENCE_MS = 30_000


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, locale="fa-IR", color_scheme="dark", reduced_motion="reduce"
    )
    said: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


def test_the_switcher_leads_to_the_same_page_and_links_stay_in_its_language(page: Page, site: Site) -> None:
    page.goto(site.url("open/board?q=ZZZZZ"))
    expect(page.locator("html")).to_have_attribute("lang", "fa")
    page.get_by_role("link", name="English").click()
    assert page.url.startswith(f"{site.address}/en/elections/")
    assert page.url.endswith("/board?q=ZZZZZ")
    page.get_by_role("link", name="How it works").first.click()
    assert page.url == f"{site.address}/en/how-it-works"
    page.get_by_role("link", name="فارسی").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("چگونه کار می‌کند")


def test_the_booth_speaks_persian(browser: Browser, page: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = replace(gallery_settings(tmp_path_factory.mktemp("fa")), base_url="http://vote.example")
    stage = make_stage(settings, PROJECTS, voters=1, title=spoken("A new emblem"))
    with served(stage.app) as address:
        cookie = stage.log_in(0).get_cookie("evote")
        assert cookie
        page.context.add_cookies([{"name": "evote", "value": cookie.value, "url": address}])
        page.goto(f"{address}/fa/elections/{stage.id}/vote")
        expect(page.locator("#booth-continue")).to_be_visible(timeout=PATIENCE_MS)
        read = page.locator("main")

        def look() -> None:
            assert find_violations(page) == []
            assert sideways_pixels(page) == 0
            text = page.evaluate(
                """() => [...document.querySelectorAll('#main, h1')].map((element) => {
                    const copy = element.cloneNode(true);
                    copy.querySelectorAll('.tracker, .code, pre').forEach((latin) => latin.remove());
                    return copy.textContent;
                }).join(' ')"""
            )
            assert not re.search(r"[0-9]|[a-z]+ [a-z]+ [a-z]+|%\(", text), text

        expect(read).to_contain_text("۱۴۰۴")
        expect(read).to_contain_text("به وقت جهانی")
        look()
        expect(read).to_contain_text("هزینه: ۶۰۰٬۰۰۰")
        for label in ("آسفالت", "درختان", "دیوارنگاره", "جزیره"):
            page.get_by_label(re.compile(label)).check()
        expect(page.locator(".booth-tally")).to_contain_text("بیش از حد مجاز: ۱")
        page.locator("#booth-continue").click()
        expect(page.get_by_role("alert")).to_contain_text("حداکثر ۳ گزینه")
        look()
        page.get_by_label(re.compile("دیوارنگاره")).uncheck()
        page.locator("#booth-continue").click()
        expect(page.locator("#booth-title")).to_have_text("پاسخ‌هایتان را مرور کنید")
        look()
    stage.app.extensions[EXTENSION].database.close()
