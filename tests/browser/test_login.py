"""The login page's one script: a letter's picture fills the voter id in, and leaves no trace in the address."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


def test_the_address_of_a_letter_fills_the_voter_id_in(browser: Browser, site: Site) -> None:
    context = browser.new_context(locale="en", reduced_motion="reduce")
    page = context.new_page()
    page.goto(site.url("open/login") + "#id=V-003%20%D9%86")
    expect(page.get_by_label("Voter id")).to_have_value("V-003 ن")
    assert page.url == site.url("open/login")
    page.goto(site.url("open/login") + "?again#other=1")
    expect(page.get_by_label("Voter id")).to_have_value("")
    page.goto(site.url("open/login") + "#id=V-003")
    page.get_by_label("Voter id").press("Enter")
    expect(page.get_by_role("heading", name="Enter the one-time code")).to_be_visible()
    expect(page.get_by_text("You typed the voter id V-003")).to_be_visible()
    page.get_by_label("One-time code").fill("12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("button", name="Send me another code").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Another code is on its way.")
    context.close()
