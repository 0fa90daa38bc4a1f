"""Another site embeds a petition's widget, and nothing else of ours."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.support.browser import find_violations, served, sideways_pixels
from tests.support.petitions import PERSIAN, opened
from tests.support.ways import town_for_walks

pytestmark = pytest.mark.browser


def test_another_site_may_embed_the_widget_and_nothing_else(browser: Browser, tmp_path: Path) -> None:
    news, said = Flask("news"), list[str]()
    with town_for_walks(tmp_path, "[petitions]\nsupporters = 1\n") as town, served(town.app) as ours:
        petition_id, _ = opened(town, PERSIAN)
        address = f"{ours}/fa/petitions/{petition_id}"
        frames = (
            f'<iframe title="widget" src="{address}/widget"></iframe><iframe title="page" src="{address}"></iframe>'
        )
        news.add_url_rule("/", view_func=lambda: frames)
        with served(news) as theirs, browser.new_context(locale="en") as context:
            page = context.new_page()
            page.on("console", lambda message: said.append(message.text))
            page.goto(theirs)
            widget = page.frame_locator("[title=widget]")
            expect(widget.get_by_role("link", name=PERSIAN["title"])).to_be_visible()
            expect(widget.get_by_role("link", name="این کارزار را امضا کنید")).to_have_attribute("target", "_blank")
            expect(page.frame_locator("[title=page]").get_by_role("heading")).to_have_count(0)
            assert context.cookies() == []
        assert any("frame-ancestors" in one for one in said)
        with browser.new_context(viewport={"width": 240, "height": 480}, color_scheme="dark") as narrow:
            page = narrow.new_page()
            page.goto(f"{address}/widget")
            assert sideways_pixels(page) == 0
            assert find_violations(page) == []
