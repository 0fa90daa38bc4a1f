"""Signing a petition in a real browser, in both languages: by mail, with a credential's code, checking the receipt."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from participation.signatures.counter import Counter
from tests.support.browser import find_violations, served, sideways_pixels
from tests.support.gallery import gallery_settings
from tests.support.participation import Town
from tests.support.server import Stage, make_stage
from tests.support.signing import LINK, PETITION, Signing

pytestmark = pytest.mark.browser
PLACES = ("sign", "sign/asked", "count", "regions", "signers", "sign-with-code")


@dataclass
class Square:
    """Where a petition is signed by mail and by the roll of an election."""

    address: str
    signing: Signing
    stage: Stage

    def url(self, language: str, place: str) -> str:
        return f"{self.address}/{language}/petitions/{PETITION}/{place}"

    def link(self, language: str, mail: str) -> str:
        found = LINK.search(self.signing.mails(mail)[0])
        assert found is not None
        return self.url(language, f"sign/{found[1]}")

    def count(self) -> None:
        Counter(self.signing.ports).drain()


@pytest.fixture(scope="module")
def square(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Square]:
    stage = make_stage(gallery_settings(tmp_path_factory.mktemp("square")), voters=3)
    signing = Signing(Town(stage.app, stage.services, stage.clock))
    signing.open("mail roll", stage.id, title="A night bus for the harbour")
    for number in range(20):
        signing.sign(number, show_name=number % 3 == 0, region="IR-23" if number % 2 else "IR-09")
    signing.count()
    with served(stage.app) as address:
        yield Square(address, signing, stage)
    stage.services.database.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts = []

    def make(width: int = 1280, scheme: str = "light", *, script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        return context.new_page()

    yield make
    for one in contexts:
        one.close()


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_pages_are_accessible_and_fit(
    square: Square, open_page: Callable[..., Page], language: str, width: int, scheme: str
) -> None:
    page = open_page(width, scheme)
    for place in PLACES:
        page.goto(square.url(language, place))
        assert find_violations(page) == [], place
        assert sideways_pixels(page) == 0, place


@pytest.mark.parametrize(("language", "name"), [("en", "Anna Lee"), ("fa", "مینا کریمی")])
def test_signing_by_mail_then_checking_and_withdrawing(
    square: Square, open_page: Callable[..., Page], tmp_path: Path, language: str, name: str
) -> None:
    square.stage.clock.forward(minutes=6)  # all of these come from one network address
    page, mail = open_page(), f"browser-{language}@example.org"
    page.goto(square.url(language, "sign"))
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".error-summary li")).to_have_count(5)
    assert find_violations(page) == []

    page.locator("#name").fill(name)
    page.locator("#mail").fill(mail)
    page.locator("#region").select_option("IR-23")
    page.locator("#postcode").fill("۱۲۳۴۵-۶۷۸۹۰")
    page.locator("label[for=consent]").click()
    page.keyboard.press("Tab")
    page.locator("main form button[type=submit]").press("Enter")
    page.wait_for_url("**/sign/asked")

    page.goto(square.link(language, mail))
    assert find_violations(page) == []
    page.locator("main form button").dblclick()
    page.locator("main a.btn-primary").click()
    assert find_violations(page) == []
    square.count()
    page.reload()
    expect(page.locator(".notice-good")).to_be_visible()
    with page.expect_download() as download:
        page.locator("main a.btn-secondary").click()
    receipt = tmp_path / "receipt.json"
    download.value.save_as(receipt)

    page.goto(square.url(language, "count"))
    page.locator("#check-file").set_input_files(receipt)
    page.locator("#check-form button").click()
    expect(page.locator("#check-outcome .notice-good")).to_be_visible()
    assert find_violations(page) == []

    page.goto(square.link(language, mail))
    page.locator("main details summary").click()
    page.locator("main details button").click()
    page.wait_for_url("**/withdrawn")
    square.count()
    page.goto(square.url(language, "count"))
    page.locator("#check-file").set_input_files(receipt)
    page.locator("#check-form button").click()
    expect(page.locator("#check-outcome[data-say=removed]")).to_be_visible()


def test_changed_receipt_is_refused_in_the_browser(
    square: Square, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page, receipt = open_page(), tmp_path / "receipt.json"
    receipt.write_text("{}", encoding="utf-8")
    page.goto(square.url("en", "count"))
    page.locator("#check-file").set_input_files(receipt)
    page.locator("#check-form button").click()
    expect(page.locator("#check-outcome")).to_contain_text("no receipt of a signature")


@pytest.mark.parametrize(("language", "voter"), [("en", 0), ("fa", 1)])
def test_signing_with_a_code_that_never_leaves_the_device(
    square: Square, open_page: Callable[..., Page], language: str, voter: int
) -> None:
    page, sent = open_page(360), []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.goto(square.url(language, "sign-with-code"))
    code = square.stage.voters[voter].code
    page.locator("#roll-code").fill(code[:-1])
    page.locator("#roll-form button[type=submit]").click()
    expect(page.locator("#roll-code-error")).not_to_be_empty()
    assert find_violations(page) == []

    page.locator("#roll-code").fill(code.lower())
    page.locator("#roll-code").press("Enter")
    expect(page.locator("#roll-outcome .notice-good")).to_be_visible()
    assert not any(code.replace("-", "")[:10].lower() in one.lower().replace("-", "") for one in sent)

    square.count()
    page.locator("#roll-code").fill(code)
    page.locator("#roll-withdraw").click()
    expect(page.locator("#roll-outcome .notice-good")).to_be_visible()
    square.count()
    page.locator("#roll-code").fill(code)
    page.locator("#roll-withdraw").click()
    expect(page.locator("#roll-outcome .notice-bad")).to_be_visible()


def test_the_mail_way_needs_no_script(square: Square, open_page: Callable[..., Page]) -> None:
    page = open_page(script=False)
    page.goto(square.url("en", "sign"))
    for name, value in (("name", "Ben Ray"), ("mail", "plain@example.org"), ("postcode", "AB1 2CD")):
        page.locator(f"#{name}").fill(value)
    page.locator("#region").select_option("IR-09")
    page.locator("label[for=consent]").click()
    page.locator("main form button[type=submit]").click()
    page.goto(square.link("en", "plain@example.org"))
    page.locator("main form button").click()
    expect(page.locator("h1")).to_contain_text("you have signed")
