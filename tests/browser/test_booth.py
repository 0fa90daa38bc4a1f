"""The booth in Chromium on a server in process: all kinds of questions, both directions, keyboard, and a bad day."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from evote.current import EXTENSION
from tests.support.booth import PATIENCE_MS, Booth
from tests.support.browser import find_violations, served, sideways_pixels
from tests.support.gallery import EVERY_KIND, gallery_settings
from tests.support.server import Stage, make_stage

pytestmark = pytest.mark.browser

MIRROR = "document.documentElement.dir = 'rtl'"


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, str]]:
    settings = replace(gallery_settings(tmp_path_factory.mktemp("short")), base_url="http://vote.example")
    stage = make_stage(settings, voters=8)
    with served(stage.app) as address:
        yield stage, address
    stage.app.extensions[EXTENSION].database.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en", reduced_motion="reduce")
    yield context
    context.close()


def test_every_kind_of_question_on_a_phone(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, context: BrowserContext
) -> None:
    settings = replace(gallery_settings(tmp_path_factory.mktemp("long")), base_url="http://vote.example")
    stage = make_stage(settings, *EVERY_KIND, voters=1)
    with served(stage.app) as address:
        booth = Booth(stage, address, context, 0)
        page = booth.enter()
        said: list[str] = []
        sent: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))

        def look() -> None:
            assert find_violations(page) == [], page.title()
            for direction in ("rtl", "ltr"):
                page.evaluate(f"document.documentElement.dir = '{direction}'")
                assert sideways_pixels(page) == 0, f"{page.title()} {direction}"

        def go_on() -> None:
            look()
            page.locator("#booth-continue").click()

        look()
        page.locator("#booth-continue").click()
        expect(page.get_by_role("alert")).to_contain_text("Choose one of the answers.")
        page.get_by_label("I abstain").check()
        go_on()
        for label in ("Resurfacing", "Trees", "mural", "refuge"):
            page.get_by_label(re.compile(label)).check()
        expect(page.locator(".booth-tally")).to_contain_text("Too many by 1")
        page.locator("#booth-continue").click()
        expect(page.get_by_role("alert")).to_contain_text("at most 3")
        page.get_by_label(re.compile("mural")).uncheck()
        go_on()
        for place, name in enumerate(("Emmy Noether", "Ada Lovelace"), start=1):
            page.get_by_role("button", name=f"Place {place} for {name}").click()
        page.get_by_role("button", name="Put Ada Lovelace level with the one above").click()
        go_on()
        for place, name in enumerate(("Carl Gauss", "Sophie Germain"), start=1):
            page.get_by_role("button", name=f"Place {place} for {name}").click()
        go_on()
        page.get_by_role("textbox", name="Mornings").fill("۹")
        page.get_by_role("textbox", name="Evenings").fill("2")
        page.locator("#booth-continue").click()
        expect(page.get_by_role("alert")).to_contain_text("take away at least 1")
        page.get_by_role("button", name="One point less for Evenings").click()
        go_on()
        page.get_by_role("group", name="Cake").get_by_label("3").check()
        go_on()
        review = page.locator("#booth")
        for text in ("I abstain", "1. Emmy Noether, Ada Lovelace", "3. Leonhard Euler", "Mornings: 9", "Cake: 3"):
            expect(review).to_contain_text(text)
        look()
        page.locator("#booth-encrypt").click()
        expect(page.locator("#booth-sign")).to_be_visible(timeout=PATIENCE_MS)
        look()
        page.locator("#booth-audit").click()
        expect(page.locator("#booth-audit-save")).to_be_visible(timeout=PATIENCE_MS)
        look()
        with page.expect_download() as saved:
            page.locator("#booth-audit-save").click()
        tracker = page.locator("#audit-tracker").inner_text()
        stage.sequence()
        other = context.new_page()
        other.goto(f"{address}/check")
        other.get_by_label("Your receipt, or an audit file").set_input_files(saved.value.path())
        other.get_by_role("button", name="Check", exact=True).click()
        found = other.locator("#verify-results")
        expect(found).to_contain_text("The encryption is right", timeout=PATIENCE_MS)
        for text in (
            tracker,
            "I abstain",
            "1. Ada Lovelace, Emmy Noether",
            "Mornings: 9",
            "Cake: 3",
            "opened in an audit",
        ):
            expect(found).to_contain_text(text)
        assert find_violations(other) == []
        assert sideways_pixels(other) == 0
        other.close()
        page.locator("#booth-encrypt-again").click()
        expect(review).to_contain_text("If they were made up, change them now.")
        page.locator("#booth-encrypt").click()
        expect(page.locator("#booth-sign")).to_be_visible(timeout=PATIENCE_MS)
        look()
        page.locator("#code").fill(booth.code[:-1])
        page.locator("#booth-sign").click()
        expect(page.get_by_role("alert")).to_contain_text("22 letters and digits")
        look()
        page.locator("#code").fill(booth.code.lower().replace("-", " "))
        page.locator("#booth-sign").click()
        booth.receive(page)
        look()
        qr = page.locator(".booth-qr")
        page.wait_for_load_state("networkidle")
        assert qr.evaluate("image => image.naturalWidth") > 100
        assert stage.log()[-1]["body"]["tracker"]
        assert said == []
        bare = booth.code.replace("-", "")
        assert not any(form.lower() in one.lower() for one in sent for form in (bare, bare[:20], booth.code))
    stage.app.extensions[EXTENSION].database.close()


def test_voting_with_the_keyboard_alone(short: tuple[Stage, str], context: BrowserContext) -> None:
    booth = Booth(*short, context, 0)
    page = booth.enter()
    expect(page.locator("#booth-title")).to_be_focused()
    press = page.keyboard.press

    def reach(identity: str) -> None:
        for _ in range(25):
            press("Tab")
            if page.evaluate("document.activeElement.id") == identity:
                return
        raise AssertionError(f"the Tab key does not reach #{identity}")

    reach("option-0")
    press("ArrowDown")
    press("Enter")
    reach("booth-encrypt")
    press("Space")
    expect(page.locator("#booth-sign")).to_be_visible(timeout=PATIENCE_MS)
    reach("code")
    page.keyboard.type(booth.code)
    press("Enter")
    booth.receive(page)
    expect(page.locator("#booth-title")).to_be_focused()
    expect(page.locator("#booth-standing")).to_contain_text("Your vote is cast.")


def test_a_network_that_comes_and_goes_casts_one_ballot(short: tuple[Stage, str], context: BrowserContext) -> None:
    booth = Booth(*short, context, 1)
    page = booth.enter()
    booth.encrypt(page)
    before = len(booth.stage.log())
    tries = 0

    def fail_twice(route: Route) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            route.abort()
        elif tries == 2:
            route.fetch()  # it arrives, and the answer is lost
            route.abort()
        else:
            route.continue_()

    page.route("**/ballots/*", fail_twice)
    booth.sign(page)
    expect(page.locator(".booth-stage")).to_contain_text("Your ballot is not lost")
    booth.receive(page)
    assert len(booth.stage.log()) == before + 1


def test_a_ballot_cast_elsewhere_meanwhile_is_told_and_can_be_replaced(
    short: tuple[Stage, str], context: BrowserContext
) -> None:
    booth = Booth(*short, context, 3)
    page = booth.enter()
    booth.encrypt(page)
    other = booth.open()
    booth.encrypt(other)
    booth.sign(other)
    booth.receive(other)
    booth.sign(page)
    expect(page.locator("#booth-title")).to_contain_text("Another ballot of yours came first")
    page.locator("#booth-encrypt-again").click()
    expect(page.locator("#booth-standing")).to_contain_text("Your earlier ballot still counts.")
    page.locator("#booth-encrypt").click()
    expect(page.locator("#booth-sign")).to_be_visible(timeout=PATIENCE_MS)
    booth.sign(page)
    booth.receive(page)


def test_a_board_that_lies_is_not_believed(short: tuple[Stage, str], context: BrowserContext) -> None:
    booth = Booth(*short, context, 4)
    page = booth.enter()
    booth.encrypt(page)

    def lie(route: Route) -> None:
        answer = route.fetch()
        promise = {**answer.json(), "time": "2026-03-01T00:00:00Z"}
        route.fulfill(status=answer.status, body=json.dumps(promise), content_type="application/json")

    page.route("**/ballots/*", lie)
    booth.sign(page)
    expect(page.locator("#booth-save-evidence")).to_be_visible()
    expect(page.locator("#booth-standing")).to_contain_text("not confirmed")


def test_an_election_that_does_not_fit_together_takes_no_vote(
    short: tuple[Stage, str], context: BrowserContext
) -> None:
    booth = Booth(*short, context, 5)
    booth.enter()
    page = context.new_page()

    held: list[Route] = []
    page.route("**/key.json", lambda route: held.append(route))
    page.goto(f"{booth.address}/elections/{booth.stage.id}/vote")
    page.get_by_label("Ben").check()
    page.locator("#booth-continue").click()
    title = page.locator("#booth-title")
    expect(title).to_have_text("Check your answers")
    key = held[0].fetch().text()
    held[0].fulfill(status=200, body=key.replace('"dealer":true', '"dealer":false'))
    expect(title).to_contain_text("You cannot vote here now")
    page.go_back()
    expect(title).to_contain_text("You cannot vote here now")
    assert page.locator("#booth-continue").count() == 0


def test_back_while_a_ballot_is_opened_leads_nowhere(short: tuple[Stage, str], context: BrowserContext) -> None:
    booth = Booth(*short, context, 0)
    page = booth.enter()
    booth.encrypt(page)
    held: list[Route] = []
    page.route("**/audited", lambda route: held.append(route))
    page.locator("#booth-audit").click()
    title = page.locator("#booth-title")
    expect(title).to_have_text("Opening the ballot")
    page.go_back()
    expect(title).to_have_text("Opening the ballot")
    expect(page.locator("#booth-sign")).to_have_count(0)
    held[0].continue_()
    expect(page.locator("#booth-audit-save")).to_be_visible()


def test_back_and_forward_keep_answers_and_never_an_old_ballot(
    short: tuple[Stage, str], context: BrowserContext
) -> None:
    booth = Booth(*short, context, 6)
    page = booth.enter()
    address = page.url
    booth.encrypt(page)
    page.go_back()
    expect(page.locator("#booth-title")).to_contain_text("Check your answers")
    page.go_back()
    expect(page.get_by_label("Ben")).to_be_checked()
    page.go_forward()
    page.go_forward()
    expect(page.locator("#booth-title")).to_contain_text("Check your answers")
    assert page.url == address
    assert page.evaluate("Object.keys(history.state)") == ["at"]


def test_somebody_elses_code_is_refused_on_the_device(short: tuple[Stage, str], context: BrowserContext) -> None:
    booth = Booth(*short, context, 7)
    page = booth.enter()
    booth.encrypt(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for code, words in (
        (booth.stage.voters[0].code, "not yours for this election"),
        ("U" + booth.code[1:], "A code never holds “U”"),
        (booth.code[1] + booth.code[0] + booth.code[2:], "wrong, or two are swapped"),
    ):
        page.locator("#code").fill(code)
        page.locator("#booth-sign").click()
        expect(page.get_by_role("alert")).to_contain_text(words)
        expect(page.locator("#code")).to_have_attribute("aria-invalid", "true")
    assert [address.rpartition("/")[2] for address in asked] == ["withdrawn"]  # all of them, whoever asks
