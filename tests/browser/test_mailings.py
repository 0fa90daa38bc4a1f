"""Mails to voters in Chromium: the preview follows what is typed; and the whole way by keyboard, without a script."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from evote.admin.roles import Role
from evote.mailings.bounces import take_reports
from tests.support.bad_mail_server import MailServer, mail_server
from tests.support.browser import find_violations, served, sideways_pixels
from tests.support.delivery_reports import report
from tests.support.gallery import gallery_settings
from tests.support.mailings import add_voters, run_to_the_end
from tests.support.officials import make_official
from tests.support.server import Stage, make_stage

pytestmark = pytest.mark.browser


@dataclass
class Office:
    """An open election, its mail server, and an official's cookie."""

    address: str
    stage: Stage
    server: MailServer
    token: str

    @property
    def pages(self) -> str:
        return f"{self.address}/en/admin/elections/{self.stage.id}/mailings"

    def enter(self, browser: Browser, **options: object) -> Page:
        context: BrowserContext = browser.new_context(
            viewport={"width": 320, "height": 640},
            reduced_motion="reduce",
            **options,  # type: ignore[arg-type]
        )
        context.add_cookies([{"name": "evote-official", "value": self.token, "url": self.address}])
        return context.new_page()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with mail_server() as server:
        settings = gallery_settings(tmp_path_factory.mktemp("mails"))
        stage = make_stage(replace(settings, base_url="http://127.0.0.1", smtp=server.smtp))
        add_voters(stage.services, stage.id, 20)
        desk = make_official(stage.app, stage.services, stage.clock, "Ada", *Role).sign_in()
        cookie = desk.client.get_cookie("evote-official")
        assert cookie is not None
        with served(stage.app) as address:
            yield Office(address, stage, server, cookie.value)
        stage.services.database.close()


def test_the_preview_follows_what_is_typed(browser: Browser, office: Office) -> None:
    page = office.enter(browser)
    page.goto(f"{office.pages}/new")
    page.get_by_label("Free text").press("Space")
    page.get_by_role("button", name="Begin").click()
    region = page.get_by_role("region", name="As voters will get it")
    expect(region).to_contain_text("Nothing to show yet.")
    page.get_by_label("Subject (English)").fill("News of {title}")
    page.get_by_label("Text (English)").fill("Dear {voter_id}, <b>hello</b>")
    expect(region).to_contain_text("News of A test")
    expect(region).to_contain_text("Dear A-1234, <b>hello</b>")
    page.get_by_label("Text (English)").fill("Dear {votr_id}")
    expect(region.get_by_role("status")).to_contain_text("English: “{votr_id}” is no placeholder.")
    assert find_violations(page) == []
    assert sideways_pixels(page) == 0
    page.context.close()


def test_from_the_list_to_the_progress_by_keyboard_without_a_script(browser: Browser, office: Office) -> None:
    page = office.enter(browser, java_script_enabled=False)
    page.goto(office.pages)
    page.get_by_role("link", name="Write a mail").press("Enter")
    page.get_by_label("Voting has begun").press("Space")
    page.keyboard.press("Enter")
    page.get_by_label("Subject (English)").fill("Vote in {title}")
    page.get_by_role("button", name="Save and look").press("Enter")
    expect(page.get_by_role("region", name="As voters will get it")).to_contain_text("Vote in A test")
    page.get_by_role("button", name="Save and continue").press("Enter")
    expect(page.get_by_text("24", exact=True)).to_be_visible()
    page.get_by_label("Your mail address").fill("nonsense")
    page.get_by_role("button", name="Send a test mail").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This is no mail address.")
    page.get_by_label("Your mail address").fill("ada@example.org")
    page.get_by_role("button", name="Send a test mail").press("Enter")
    expect(page.get_by_text("The test mail is under way.")).to_be_visible()
    page.get_by_role("button", name="Send to voters").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Tick this first.")
    page.get_by_label("I have read this mail").press("Space")
    page.get_by_role("button", name="Send to voters").press("Enter")
    expect(page.get_by_text("being sent")).to_be_visible()
    page.get_by_role("button", name="Pause").press("Enter")
    page.get_by_role("button", name="Resume").press("Enter")
    assert run_to_the_end(office.stage.services) == 25
    take_reports(office.stage.services, [report(office.server.received[5].message_id)])
    page.get_by_role("link", name="Look again", exact=True).press("Enter")
    expect(page.get_by_text("sent", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name="There is no such address 1")).to_be_visible()
    page.goto(f"{office.pages}/unreached")
    page.get_by_role("button", name="Show the voter ids").press("Enter")
    expect(page.get_by_role("region", name="Voter ids")).to_contain_text("P-")
    page.context.close()
