"""The officials' pages in Chromium: writing an election by keyboard without a script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from evote.admin.officials import add_official
from evote.admin.roles import Role
from evote.app import create_app
from tests.support.browser import served
from tests.support.elections import OPENS_AT
from tests.support.gallery import gallery_settings
from tests.support.officials import PASSWORD, Desk, make_official
from tests.support.server import Clock, make_services

pytestmark = pytest.mark.browser


@dataclass
class Office:
    """A site, and an official who is signed in."""

    address: str
    desk: Desk


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    settings = replace(gallery_settings(tmp_path), base_url="http://127.0.0.1")
    clock = Clock(OPENS_AT.replace(month=2))
    services = make_services(settings, clock)
    app = create_app(settings, services)
    desk = make_official(app, services, clock, "Ada", *Role).sign_in()
    with served(app) as address:
        yield Office(address, desk)
    services.database.close()


def test_enrolling_and_writing_by_keyboard_without_a_script(browser: Browser, office: Office) -> None:
    services = office.desk.app.extensions["evote"]
    code = add_official(services, "Newcomer", (Role.ELECTION_ADMIN,))
    context = browser.new_context(java_script_enabled=False, locale="en", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{office.address}/admin/enrol")
    page.get_by_label("Enrolment code").fill(code)
    page.keyboard.press("Enter")
    newcomer = replace(office.desk, name="Newcomer", totp=type(office.desk.totp)(page.locator(".code").inner_text()))
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The password once more").fill(PASSWORD)
    page.get_by_label("Code that the authenticator shows now").fill(newcomer.code())
    page.keyboard.press("Enter")
    page.get_by_label("Name").fill("Newcomer")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code from your authenticator").fill(newcomer.code())
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Write an election").press("Enter")
    page.get_by_label("Ranking").press("Space")
    page.get_by_role("button", name="Begin").press("Enter")
    page.get_by_label("Title of the election").fill("Chair of the club")
    page.get_by_role("button", name="Save and continue").press("Enter")
    page.get_by_role("link", name="Without a title").press("Enter")
    page.get_by_label("The question").fill("Who leads us?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("has no label")
    expect(page.get_by_role("region", name="As voters will see it")).to_contain_text("Who leads us?")
    page.get_by_role("button", name=re.compile("Remove.*Option 3")).press("Enter")
    for number, name in enumerate(("Ada", "Ben")):
        page.get_by_label("Name of the option").nth(number).fill(name)
    page.get_by_role("button", name="Save and continue").press("Enter")
    expect(page.get_by_role("heading", name="Contests", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Who leads us?")).to_be_visible()
    context.close()
