"""Options side by side in Chromium: by keyboard, on a phone and wide, and in the booth without losing an answer."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from evote.admin.roles import Role
from evote.current import EXTENSION
from evote.elections.ordering import Seat, arrange, encode_orders, parse_orders
from tests.support.browser import find_violations, served, sideways_pixels
from tests.support.gallery import EMBLEM, ORDERS, PROJECTS, TRAMWAY, gallery_settings
from tests.support.officials import make_official
from tests.support.server import Stage, make_stage

pytestmark = pytest.mark.browser

PATIENCE_MS = 30_000
Served = tuple[Stage, str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = replace(gallery_settings(tmp_path_factory.mktemp("compare")), base_url="http://vote.example")
    stage = make_stage(settings, EMBLEM, PROJECTS, TRAMWAY, voters=3, orders=ORDERS)
    with served(stage.app) as address:
        yield stage, address
    stage.app.extensions[EXTENSION].database.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 640, "height": 900}, locale="en", reduced_motion="reduce")
    yield context
    context.close()


def enter(site: Served, context: BrowserContext, number: int = 0) -> Page:
    """Log in over the API and open the booth."""
    stage, address = site
    cookie = stage.log_in(number).get_cookie("evote")
    assert cookie
    context.add_cookies([{"name": "evote", "value": cookie.value, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/elections/{stage.id}/vote")
    expect(page.locator("#booth-continue")).to_be_visible(timeout=PATIENCE_MS)
    return page


def names(page: Page, group: str) -> list[str]:
    return [text.strip() for text in page.locator(group).all_inner_texts()]


def test_the_comparison_is_read_by_keyboard_and_by_screen_reader(site: Served, context: BrowserContext) -> None:
    stage, address = site
    page = context.new_page()
    page.goto(f"{address}/elections/{stage.id}")
    region = page.get_by_role("region", name="Emblem of the city: the options side by side")
    region.scroll_into_view_if_needed()
    for _ in range(60):
        page.keyboard.press("Tab")
        if region.evaluate("(node) => node === document.activeElement"):
            break
    expect(region).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.activeElement.scrollLeft > 0")
    table = page.get_by_role("table", name="The options side by side").first
    assert [cell.inner_text() for cell in table.get_by_role("columnheader").all()] == [
        "Option",
        "Background",
        "Aims",
        "Sources",
    ]
    assert table.get_by_role("rowheader", name=re.compile("Water mill")).count() == 1
    assert table.get_by_role("row").count() == 4
    mill = table.get_by_role("row", name=re.compile("Water mill"))
    expect(mill.get_by_role("cell").nth(1)).to_contain_text("Nothing given")
    boxes = [box for row in table.locator("tbody tr").all() if (box := row.locator("td").nth(1).bounding_box())]
    assert len({round(box["y"]) for box in boxes}) == 1, "the parts do not stand on one line"
    expect(table.locator("img").first).to_have_attribute("loading", "lazy")
    assert table.get_by_role("img", name="Picture of Grey heron").count() == 1


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_one_after_another_on_a_narrow_screen(site: Served, context: BrowserContext, direction: str) -> None:
    stage, address = site
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{address}{'/fa' if direction == 'rtl' else ''}/elections/{stage.id}")
    assert page.evaluate("document.documentElement.dir") == direction
    boxes = [row.bounding_box() for row in page.locator(".compare").first.locator("tbody tr").all()]
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(set(tops))
    assert page.locator(".compare").first.locator("tbody tr").first.locator(".compare-heading").count() == 3
    assert sideways_pixels(page) == 0
    assert find_violations(page) == []


def test_in_the_booth_nothing_answered_is_lost(site: Served, context: BrowserContext) -> None:
    page = enter(site, context)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.get_by_label("Grey heron").check()
    summary = page.locator(".booth-compare summary")
    summary.focus()
    page.keyboard.press("Enter")
    table = page.locator(".booth-compare table")
    expect(table.get_by_role("row", name=re.compile("Grey heron"))).to_contain_text("The river on every letter")
    link = table.get_by_role("link", name="Count of the wardens")
    assert (link.get_attribute("rel"), link.get_attribute("target")) == ("noopener noreferrer nofollow", "_blank")
    picture = table.get_by_role("img", name="Picture of Grey heron")
    table.get_by_role("row", name=re.compile("Grey heron")).scroll_into_view_if_needed()
    expect(picture).to_have_attribute("src", re.compile("^data:image/webp;base64,"), timeout=PATIENCE_MS)
    assert picture.evaluate("(image) => image.naturalWidth") == 128
    assert not any(re.search(r"media/[\w-]{43}\.webp", url) for url in fetched), "only small pictures are fetched"
    assert find_violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert sideways_pixels(page) == 0
    expect(page.get_by_label("Grey heron")).to_be_checked()


def test_a_picture_that_differs_is_not_shown(site: Served, context: BrowserContext) -> None:
    heron = next(path for path in EMBLEM["options"][0]["media"] if "small" in path)
    other = next(path for path in EMBLEM["options"][1]["media"] if "small" in path)
    data = site[0].app.test_client().get(f"/elections/{site[0].id}/{other}").data
    context.route(f"**/{heron}", lambda route: route.fulfill(status=200, body=data, content_type="image/webp"))
    page = enter(site, context)
    row = page.locator(".choice", has_text="Grey heron")
    row.scroll_into_view_if_needed()
    expect(row).to_contain_text("not the one that the election names", timeout=PATIENCE_MS)
    assert row.locator("img").count() == 0
    expect(page.locator(".choice", has_text="Plane tree").locator("img")).to_be_visible(timeout=PATIENCE_MS)


def test_options_stand_in_the_order_that_anybody_can_recompute(site: Served, context: BrowserContext) -> None:
    stage, _ = site
    manifest = stage.election.manifest
    orders = parse_orders(encode_orders(ORDERS, [one.id for one in manifest.contests]), ["emblem", "projects"])
    for number in (0, 1):
        voter = stage.voters[number].key.public
        seat = Seat(stage.election.fingerprint_text, voter, "all")
        page = enter(site, context, number)
        for contest in manifest.contests[:2]:
            shown = [contest.options[place].label["en"] for place in arrange(contest, orders.get(contest.id), seat)]
            expect(page.locator("#booth-title")).to_have_text(contest.title["en"])
            assert names(page, ".booth-field .booth-option-name") == shown
            if contest.id == "emblem":
                page.get_by_label("None of these").check()
                page.locator("#booth-continue").click()
        page.close()


def test_officials_try_a_draft_in_the_booths_own_screens(site: Served, context: BrowserContext) -> None:
    stage, address = site
    desk = make_official(stage.app, stage.services, stage.clock, "Ada", *Role).sign_in()
    draft = desk.post("/admin/drafts/new", begin=f"copy-{stage.id}", languages="").location.removesuffix("/texts")
    cookie = desk.client.get_cookie("evote-official")
    assert cookie
    context.add_cookies([{"name": "evote-official", "value": cookie.value, "url": address}])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for language, heron, forgotten, chosen in (
        ("en", "Grey heron", "Choose one of the answers.", "Grey heron"),
        ("fa", "حواصیل خاکستری", "یکی", "حواصیل خاکستری"),
    ):
        page.goto(f"{address}/{language}{draft}/booth")
        question = page.locator("#preview-booth section").first
        question.locator("button[type=submit]").click()
        expect(question.get_by_role("status").last).to_contain_text(forgotten)
        question.get_by_label(heron).check()
        question.locator("button[type=submit]").click()
        expect(question.get_by_role("status").last).to_contain_text(chosen)
        expect(question.locator(".booth-field img").first).to_be_visible(timeout=PATIENCE_MS)
        page.locator(".booth-compare summary").first.click()
        assert find_violations(page) == []
    assert page.locator("#preview-booth section").count() == 3
    assert said == []


def test_another_rule_than_the_manifest_names_stops_the_booth(site: Served, context: BrowserContext) -> None:
    stage, address = site
    cookie = stage.log_in(2).get_cookie("evote")
    assert cookie
    context.add_cookies([{"name": "evote", "value": cookie.value, "url": address}])
    body = json.dumps({"contests": [], "version": 1}, separators=(",", ":"))
    context.route("**/order.json", lambda route: route.fulfill(status=200, body=body))
    page = context.new_page()
    page.goto(f"{address}/elections/{stage.id}/vote")
    expect(page.locator("#booth")).to_contain_text("Do not vote", timeout=PATIENCE_MS)
