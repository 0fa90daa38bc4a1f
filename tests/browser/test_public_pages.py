"""Public pages in Chromium: by keyboard, without a script, and with a form that is wrong."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.conftest import Site
from tests.support.browser import find_violations

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page at 320 pixels; whatever its console says fails the test."""
    # Without motion, colours are what they will be as soon as the scheme changes.
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="en", reduced_motion="reduce")
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "status of 4" not in message.text:
            said.append(message.text)

    page = context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


def test_the_first_key_press_offers_to_skip_to_the_content(page: Page, site: Site) -> None:
    page.goto(site.url("open"))
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the main content")
    assert link.evaluate("element => element === document.activeElement")
    box = link.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"


def test_a_wrong_form_moves_to_the_summary_of_its_errors(page: Page, site: Site) -> None:
    page.goto(site.url("open/login"))
    page.get_by_role("button", name="Send me a one-time code").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert find_violations(page) == []
    page.get_by_role("link", name="Enter your voter id").click()
    assert page.evaluate("() => document.activeElement.id") == "voter_id"


def test_a_voter_finds_a_ballot_by_its_tracker(page: Page, site: Site) -> None:
    page.goto(site.url("open/board/44"))
    tracker = page.locator(".tracker").first.inner_text()
    page.goto(site.url("open"))
    page.get_by_role("link", name="Find my ballot").click()
    page.get_by_label("Tracker or voter number").fill(tracker.lower())
    page.get_by_role("button", name="Search the board").click()
    page.get_by_role("link", name="44 Ballot").click()
    assert page.get_by_text("is its voter's latest").is_visible()


def test_logging_in_needs_no_script(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(site.url("open"))
    page.get_by_role("link", name="Vote now").click()
    page.get_by_label("Voter id").fill("V-007")
    page.get_by_role("button", name="Send me a one-time code").click()
    assert page.get_by_label("One-time code").is_visible()
    with context.new_page() as mail:
        mail.goto(site.url("outbox"))
        lines = mail.locator("pre").first.inner_text().splitlines()
    page.get_by_label("One-time code").fill(next(line for line in lines if line.replace(" ", "").isdigit()))
    page.get_by_role("button", name="Continue to the ballot").click()
    assert page.url == site.url("open/vote")
    context.close()
