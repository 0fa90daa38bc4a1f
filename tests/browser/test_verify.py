"""Checking in the browser: a receipt, a tracker, the election alone; and everything that people choose by mistake."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from ballots import codec, merkle
from ballots.entries import parse_entry
from ballots.receipts import sign_receipt
from tests.browser.conftest import Site
from tests.support.browser import find_violations, served, sideways_pixels
from tests.support.elections import seeded_key

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page at 320 pixels; whatever its console says fails the test."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="en", reduced_motion="reduce")
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Failed to load resource" not in message.text:
            said.append(message.text)

    page = context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


def make_receipt(page: Page, site: Site, state: str, index: int) -> dict[str, Any]:
    """Make the receipt that the board of the gallery would have given for an entry."""
    read = page.request.get
    lines = read(site.url(f"{state}/record/log/00000.jsonl")).body().splitlines()
    checkpoint = read(site.url(f"{state}/record/checkpoint")).text()
    tree = merkle.MerkleTree()
    for line in lines:
        tree.append(merkle.leaf_hash(line))
    election = str(codec.parse_canonical(lines[3])["body"]["election"])
    proof = tree.inclusion_proof(index, tree.size)
    return sign_receipt(seeded_key("board"), election, parse_entry(lines[index]), checkpoint, proof)


def check_file(page: Page, content: bytes, name: str = "receipt-ABCDE.json") -> None:
    page.get_by_label("Your receipt").set_input_files({"name": name, "mimeType": "application/json", "buffer": content})
    page.get_by_role("button", name="Check", exact=True).click()


def says(page: Page, sentence: str) -> None:
    expect(page.locator("#verify-results")).to_contain_text(sentence)


def test_a_receipt_and_the_whole_count_are_checked(page: Page, site: Site) -> None:
    receipt = make_receipt(page, site, "tallied", 9)
    page.goto(site.url("tallied"))
    page.get_by_role("link", name="Check my ballot").first.click()
    check_file(page, codec.encode_canonical(receipt))
    expect(page.locator("#verify-summary")).to_contain_text("Everything that this browser could check is right.")
    for sentence in ("signed this receipt", "Entry 9 is the ballot of your receipt", "Yes: it was its voter's latest"):
        says(page, sentence)
    says(page, "18 ballots count")
    says(page, "open their encrypted sums")
    expect(page.get_by_text("the totals make exactly the published outcome")).to_have_count(6)
    assert page.evaluate("() => document.activeElement.id") == "verify-heading"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert find_violations(page) == []
    assert sideways_pixels(page) == 0
    kept = page.evaluate(
        "() => JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.cookie"
    )
    for secret in ("tracker", "voter", "leaf_hash"):
        assert receipt[secret] not in kept


def test_a_superseded_ballot_and_a_visit_before(page: Page, site: Site) -> None:
    page.goto(site.url("open/verify"))
    check_file(page, codec.encode_canonical(make_receipt(page, site, "open", 4)))
    says(page, "No: the same voter cast a later ballot, entry 44")
    headline = page.locator("#verify-summary .notice-wait")
    expect(headline).to_contain_text("there is something that you should know about this ballot")
    expect(page.get_by_text("Please read", exact=True)).to_be_visible()
    says(page, "for the first time")
    says(page, "There is none while voting is open.")
    page.get_by_role("button", name="Check", exact=True).click()
    says(page, "The log continues what this browser saw last")
    page.get_by_role("button", name="Forget it").click()
    page.get_by_role("button", name="Check", exact=True).click()
    says(page, "for the first time")


def test_a_tracker_is_enough_and_everything_works_by_keyboard(page: Page, site: Site) -> None:
    page.goto(site.url("open/board/44"))
    tracker = page.locator(".tracker").first.inner_text()
    page.goto(site.url("open/verify"))
    page.get_by_label("Or its tracker").focus()
    page.keyboard.type(tracker[:11].lower())
    page.keyboard.press("Enter")
    says(page, "Entry 44 is the ballot")
    says(page, "As things stand, yes")
    expect(page.locator("#verify-summary .notice-good")).to_be_visible()


def test_a_board_that_changed_what_it_published_is_caught(page: Page, site: Site) -> None:
    page.goto(site.url("open/verify"))
    button = page.get_by_role("button", name="Check", exact=True)
    button.click()
    says(page, "for the first time")
    closed = page.request.get(site.url("closed/record/checkpoint")).text()
    page.evaluate(
        "(text) => localStorage.setItem('evote-checkpoints', JSON.stringify({'vote.example/test': text}))", closed
    )
    button.click()
    says(page, "The log does not continue the")
    expect(page.get_by_role("button", name="Save both checkpoints")).to_be_visible()
    expect(page.locator("#verify-summary .notice-bad")).to_be_visible()
    assert find_violations(page) == []


WRONG_FILES = (
    (b"", "The file is empty."),
    (b"\x89PNG\r\n", "This file is no receipt, and no opened ballot either."),
    (b'{"election":"abc","index":3', "The end of this file is missing."),
    (b'{"election":"a" "b"}', "This file was changed or damaged."),
    (b'{"ballot":{},"openings":[]}', "This file was changed or damaged."),
)


def test_wrong_files_and_trackers_are_named_in_a_sentence(page: Page, site: Site) -> None:
    page.goto(site.url("open/verify"))
    summary = page.get_by_role("alert")
    for content, sentence in WRONG_FILES:
        check_file(page, content)
        expect(summary).to_contain_text(sentence)
        expect(summary).to_be_focused()
    assert find_violations(page) == []
    page.reload()
    page.get_by_label("Or its tracker").fill("abc")
    page.keyboard.press("Enter")
    expect(summary).to_contain_text("at least the first two groups")
    summary.get_by_role("link").click()
    expect(page.get_by_label("Or its tracker")).to_be_focused()


def test_receipts_of_another_election_or_changed_ones_are_refused(page: Page, site: Site) -> None:
    page.goto(site.url("open/verify"))
    check_file(page, codec.encode_canonical(make_receipt(page, site, "tallied", 9)))
    says(page, "This file is from another election")
    expect(page.locator("#verify-summary .notice-wait")).to_contain_text("so it was not checked here")
    receipt = make_receipt(page, site, "open", 4)
    check_file(page, codec.encode_canonical({**receipt, "index": 5}))
    says(page, "The board did not sign this receipt as it stands in the file.")


def test_without_a_network_it_says_so_and_tries_again(page: Page, site: Site) -> None:
    page.goto(site.url("closed/verify"))
    page.context.set_offline(True)
    button = page.get_by_role("button", name="Check", exact=True)
    button.click()
    says(page, "Are you offline?")
    expect(page.locator("#verify-summary .notice-wait")).to_contain_text("not everything could be checked")
    page.context.set_offline(False)
    button.click()
    says(page, "the trustees are counting")
    expect(page.locator("#verify-summary .notice-good")).to_be_visible()


def test_a_forged_result_is_refused(page: Page, site: Site) -> None:
    tally = json.loads(page.request.get(site.url("tallied/record/tally.json")).body())
    tally["contests"][0]["totals"][0] += 1

    def forge(route: Route) -> None:
        route.fulfill(body=codec.encode_canonical(tally))

    page.route("**/record/tally.json", forge)
    page.goto(site.url("tallied/verify"))
    page.get_by_role("button", name="Check", exact=True).click()
    says(page, "It is not the one that the log names")


def test_an_election_that_is_not_fixed_has_nothing_to_check(page: Page, site: Site) -> None:
    page.goto(site.url("draft/verify"))
    page.get_by_role("button", name="Check", exact=True).click()
    says(page, "There is nothing to check.")


def test_another_site_may_embed_the_widget_and_nothing_else(browser: Browser, site: Site) -> None:
    news = Flask("news")
    frames = "".join(
        f'<iframe title="{name}" src="{site.url(f"tallied/{name}")}"></iframe>' for name in ("widget", "result")
    )
    news.add_url_rule("/", view_func=lambda: frames)
    said: list[str] = []
    with served(news) as address, browser.new_context(locale="en") as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.goto(address)
        widget = page.frame_locator("[title=widget]")
        expect(widget.get_by_role("link", name="Spring vote of the ward")).to_be_visible()
        expect(page.frame_locator("[title=result]").get_by_role("heading", name="Result")).to_have_count(0)
    assert any("frame-ancestors" in one for one in said)


def test_a_link_brings_a_tracker_that_no_server_sees(page: Page, site: Site) -> None:
    page.goto(site.url("open/board/44"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Let this browser check this ballot now").click()
    field = page.get_by_label("Or its tracker")
    expect(field).to_have_value(re.compile(r"^[0-9A-Z-]{29}$"))
    says(page, "Entry 44 is the ballot")
    expect(page.locator("#verify-summary")).to_contain_text("only an audit shows whether a device encrypts")
    assert "#" not in page.url
    assert not any(field.input_value()[:11] in address for address in asked)
