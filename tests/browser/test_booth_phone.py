"""The booth on a phone: nothing hides the focus, what is pressed is large enough, and the way there is light."""

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.page_weight import Meter, walk
from evote.current import EXTENSION
from tests.support.booth import PATIENCE_MS, Booth
from tests.support.browser import served
from tests.support.gallery import EMBLEM, PROJECTS, gallery_settings
from tests.support.server import make_stage

pytestmark = pytest.mark.browser


def test_focus_is_never_hidden_targets_are_large_and_a_double_click_skips_nothing(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = replace(gallery_settings(tmp_path_factory.mktemp("targets")), base_url="http://vote.example")
    stage = make_stage(settings, EMBLEM, PROJECTS, voters=1)
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en", reduced_motion="reduce")
    with served(stage.app) as address:
        booth = Booth(stage, address, context, 0)
        page = booth.enter()

        def look() -> None:
            small = page.evaluate(SMALL_TARGETS)
            assert small == [], page.title()
            for height in (740, 320):
                page.set_viewport_size({"width": 360 if height == 740 else 320, "height": height})
                page.locator("#booth-title").focus()
                for _ in range(30):
                    page.keyboard.press("Tab")
                    hidden = page.evaluate(HIDDEN_FOCUS)
                    if hidden is None:
                        break
                    assert hidden == "", f"{page.title()}, {height}: {hidden}"
                else:
                    raise AssertionError(f"the Tab key is trapped: {page.title()}")
            page.set_viewport_size({"width": 360, "height": 740})

        look()
        page.get_by_label("Grey heron").check()
        page.locator("#booth-continue").click()
        page.evaluate(
            "document.getElementById('booth-continue').dispatchEvent("
            "new MouseEvent('click', {detail: 2, bubbles: true, cancelable: true}))"
        )
        expect(page.locator("#booth-title")).to_have_text("Projects of the ward")
        look()
        page.get_by_label("Trees along the avenue").check()
        page.locator("#booth-continue").click()
        look()
        page.locator("#booth-encrypt").click()
        expect(page.locator("#booth-sign")).to_be_visible(timeout=PATIENCE_MS)
        look()
        page.locator("#booth-sign").click()
        expect(page.get_by_role("alert")).to_be_focused()
        booth.sign(page)
        booth.receive(page)
        look()
        assert page.get_by_role("heading", level=1).count() == 1
        mail = page.locator("#booth-mail").get_attribute("href") or ""
        assert mail.startswith("mailto:?")
        assert "heron" not in mail.lower()
        assert page.locator("#booth-find").get_attribute("href", timeout=1000)
    context.close()
    stage.app.extensions[EXTENSION].database.close()


SMALL_TARGETS = """() => {
  const shown = [...document.querySelectorAll('main button, main summary, main input, main .btn')]
    .filter((one) => one.getClientRects().length > 0);
  const area = (one) => {
    const label = one.matches('input') && one.type !== 'text' ? one.closest('.choice') ?? one : one;
    return label.getBoundingClientRect().height;
  };
  return shown.filter((one) => area(one) < 43.9).map((one) => `${one.id || one.textContent} ${area(one)}`);
}"""
HIDDEN_FOCUS = """() => {
  const focused = document.activeElement;
  if (focused === document.body || !document.getElementById('main').contains(focused)) return null;
  const bar = document.getElementById('booth-bar').getBoundingClientRect();
  const box = focused.getBoundingClientRect();
  const below = box.top >= bar.bottom - 1 || document.getElementById('booth-bar').contains(focused);
  const inside = box.bottom > 0 && box.top < innerHeight;
  return below && inside ? '' : `${focused.id || focused.textContent} ${Math.round(box.top)} ${Math.round(bar.bottom)}`;
}"""


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_way_to_the_first_question_weighs_less_than_200_kilobytes(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, language: str
) -> None:
    settings = replace(gallery_settings(tmp_path_factory.mktemp("weight")), base_url="http://vote.example")
    stage = make_stage(settings, EMBLEM, PROJECTS, voters=1)
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale=language)
    with served(stage.app) as address:
        meter = Meter(context)
        mail = "voter0@example.org"

        def one_time_code() -> str:
            messages = stage.app.test_client().get(f"/api/outbox?to={mail}").get_json()["messages"]
            return str(next(line for line in messages[0]["text"].splitlines() if line.replace(" ", "").isdigit()))

        walk(meter.page, f"{address}/{language}/elections/{stage.id}", "V-000", one_time_code)
        first, whole = meter.before_first_question(), meter.settle()
        assert 50_000 < first.together < 200_000
        assert whole.together > first.together + 20_000  # key, worker and later screens come while the voter reads
    context.close()
    stage.app.extensions[EXTENSION].database.close()
