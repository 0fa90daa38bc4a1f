"""A registrar replaces a lost code in Chromium, by keyboard, in both languages, on a narrow phone."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ballots import codec
from ballots.credentials import voter_number
from ballots.signatures import SigningKey
from evote.admin.roles import Role
from tests.support.browser import find_violations, served, sideways_pixels
from tests.support.elections import seeded_key
from tests.support.gallery import gallery_settings
from tests.support.officials import Desk, make_official
from tests.support.server import Stage, make_stage

pytestmark = pytest.mark.browser

NEW = SigningKey.from_seed(b"\x5c" * 32).public


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = make_stage(replace(gallery_settings(tmp_path), base_url="http://localhost"))
    yield made
    made.services.database.close()


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return make_official(stage.app, stage.services, stage.clock, "Reg", Role.REGISTRAR).sign_in()


@pytest.fixture
def entry(stage: Stage, tmp_path: Path) -> Path:
    """The replace.json that the registrar's command makes."""
    fields = {"old": stage.voters[1].key.public, "new": NEW}
    signature = seeded_key("registrar").sign("replace", {"election": stage.election.fingerprint_text, **fields})
    path = tmp_path / "replace.json"
    path.write_bytes(codec.encode_canonical({**fields, "signature": signature}))
    return path


def hand_in(page: Page, address: str, entry: Path) -> None:
    page.goto(address)
    page.locator("#entry").set_input_files(entry)
    page.locator("main form button[type=submit]").press("Enter")
    expect(page.locator("#sure")).to_be_visible()


def test_a_lost_code_is_looked_at_and_then_replaced(browser: Browser, stage: Stage, desk: Desk, entry: Path) -> None:
    cookie = desk.client.get_cookie("evote-official")
    assert cookie is not None
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="en")
    page = context.new_page()
    with served(stage.app) as address:
        context.add_cookies([{"name": "evote-official", "value": cookie.value, "url": address}])
        for language in ("fa", "en"):
            hand_in(page, f"{address}/{language}/admin/elections/{stage.id}/corrections", entry)
            expect(page.locator("main")).to_contain_text("V-001")
            expect(page.locator("main")).to_contain_text(voter_number(NEW))
            assert find_violations(page) == []
            assert sideways_pixels(page) == 0
            assert "replace" not in [one["type"] for one in stage.log()], "nothing is done yet"
        page.locator("main form button[type=submit]").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Tick this first")
        page.locator("#sure").press("Space")
        page.locator("main form button[type=submit]").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("the old code counts no more")
    context.close()
    last = stage.log()[-1]
    assert (last["type"], last["body"]["new"]) == ("replace", json.loads(entry.read_bytes())["new"])
