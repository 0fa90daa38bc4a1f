"""Logging in, in Chromium: a letter's picture fills the voter id in; an identity provider of another site is near."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from evote.settings import Oidc
from tests.browser.conftest import Site
from tests.support.browser import find_violations, free_port, served, sideways_pixels
from tests.support.gallery import gallery_settings
from tests.support.identity_provider import CLIENT_ID, CLIENT_SECRET, provided
from tests.support.server import Clock, make_stage

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


def test_to_the_provider_and_back_into_the_booth(browser: Browser, tmp_path: Path) -> None:
    clock, port = Clock(), free_port()
    with provided(clock) as provider:
        provider.issuer = provider.issuer.replace("127.0.0.1", "localhost")  # for the browser that is another site
        settings = gallery_settings(tmp_path)
        known = Oidc(provider.issuer, CLIENT_ID, CLIENT_SECRET, "Citizen ID")
        stage = make_stage(replace(settings, base_url=f"http://127.0.0.1:{port}", oidc=known))
        with served(stage.app, port) as address:
            context = browser.new_context(viewport={"width": 320, "height": 640}, locale="fa", reduced_motion="reduce")
            page = context.new_page()
            page.goto(f"{address}/fa/elections/{stage.id}/login")
            assert find_violations(page) == []
            assert sideways_pixels(page) == 0
            provider.claims["nonce"] = "of somebody else"
            page.get_by_role("link", name="ورود با Citizen ID").click()
            expect(page.get_by_role("alert")).to_contain_text("نمی‌شد اعتماد کرد")
            expect(page.get_by_role("alert")).to_be_focused()
            assert find_violations(page) == []
            provider.honest()
            page.get_by_role("link", name="ورود با Citizen ID").press("Enter")
            page.wait_for_url(f"{address}/fa/elections/{stage.id}/vote")
            context.close()
        stage.services.database.close()


def test_to_the_provider_and_back_to_one_s_own_page(browser: Browser, tmp_path: Path) -> None:
    clock, port = Clock(), free_port()
    with provided(clock) as provider:
        provider.issuer = provider.issuer.replace("127.0.0.1", "localhost")
        known = Oidc(provider.issuer, CLIENT_ID, CLIENT_SECRET, "Citizen ID")
        stage = make_stage(replace(gallery_settings(tmp_path), base_url=f"http://127.0.0.1:{port}", oidc=known))
        with served(stage.app, port) as address:
            context = browser.new_context(viewport={"width": 320, "height": 640}, locale="fa", reduced_motion="reduce")
            page = context.new_page()
            page.goto(f"{address}/fa/me/")
            assert find_violations(page) == []
            assert sideways_pixels(page) == 0
            provider.answer.update(error="access_denied", code="")
            page.get_by_role("link", name="ورود با Citizen ID").click()
            expect(page.get_by_role("alert")).to_be_focused()
            assert find_violations(page) == []
            provider.honest()
            page.get_by_role("link", name="ورود با Citizen ID").press("Enter")
            page.wait_for_url(f"{address}/fa/me/")
            expect(page.get_by_text("Citizen ID")).to_be_visible()
            assert find_violations(page) == []
            context.close()
        stage.services.database.close()
