"""The officials' pages in Chromium: axe, narrow screens, and writing an election by keyboard without a script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, Page, expect

from ballots.manifest import parse_manifest
from evote.admin.officials import add_official
from evote.admin.roles import Role
from evote.app import create_app
from tests.support.browser import find_violations, served, sideways_pixels
from tests.support.elections import OPENS_AT, make_voters
from tests.support.gallery import gallery_settings
from tests.support.officials import PASSWORD, Desk, make_official, save, upload, write
from tests.support.server import Clock, make_files, make_services

pytestmark = pytest.mark.browser

EVERYBODYS = ("/admin/sign-in", "/admin/enrol")
PLACES = (
    "/admin/",
    "/admin/log",
    "/admin/drafts/new",
    "draft/contests",
    "draft/contests/0",
    "draft/people",
    "draft/check",
    "empty/contests/0?check=1",
    "made",
    "made/files",
    "made/freeze",
    "frozen/trustees",
    "frozen/sign/open",
    "frozen/live",
)


@dataclass
class Office:
    """A site with elections in preparation, and an official who is signed in."""

    address: str
    desk: Desk
    places: dict[str, str]

    @property
    def token(self) -> str:
        cookie = self.desk.client.get_cookie("evote-official")
        assert cookie is not None
        return cookie.value

    def url(self, place: str) -> str:
        name, slash, rest = place.partition("/")
        return self.address + (self.places[name] + slash + rest if name in self.places else place)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    settings = replace(gallery_settings(tmp_path_factory.mktemp("office")), base_url="http://127.0.0.1")
    clock = Clock(OPENS_AT.replace(month=2))
    services = make_services(settings, clock)
    app = create_app(settings, services)
    desk = make_official(app, services, clock, "Ada", *Role).sign_in()
    empty = desk.post("/admin/drafts/new", begin="budget", languages="en fa").location.removesuffix("/texts")
    places = {"draft": write(desk), "empty": empty}
    for name in ("made", "frozen"):
        places[name] = save(desk, f"{write(desk)}/check", sure="y")
        data = app.test_client().get(f"/elections/{places[name].rpartition('/')[2]}/record/manifest.json").data
        manifest = parse_manifest(data, allow_test_keys=True)
        files, _, _ = make_files(manifest, make_voters(manifest, 3))
        wrong = b"too,few\n" if name == "made" else b""
        upload(desk, f"{places[name]}/files", roll_jsonl=files.roll, roll_json=files.roll_signature)
        upload(desk, f"{places[name]}/files", key_json=files.key, voters_csv=files.voters + wrong)
    assert desk.post(f"{places['frozen']}/freeze", sure="y").status_code == 303
    with served(app) as address:
        yield Office(address, desk, places)
    services.database.close()


@pytest.fixture
def page(browser: Browser, office: Office) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="en", reduced_motion="reduce")
    context.add_cookies([{"name": "evote-official", "value": office.token, "url": office.address}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("place", [*PLACES, *EVERYBODYS])
def test_pages_are_accessible_and_fit_a_narrow_phone(page: Page, office: Office, place: str) -> None:
    if place in EVERYBODYS:
        page.context.clear_cookies()
    answer = page.goto(office.url(place))
    assert answer is not None
    assert answer.status == 200
    assert find_violations(page) == []
    assert sideways_pixels(page) == 0
    page.goto(office.url(place).replace(office.address, f"{office.address}/fa"))
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert find_violations(page) == []
    assert sideways_pixels(page) == 0


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
