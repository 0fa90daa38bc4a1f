"""Passkeys in Chromium, with its virtual authenticator, under the site's Content-Security-Policy and Trusted Types."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from evote.admin.roles import Role
from evote.app import create_app
from evote.elections.definition import create_election
from tests.support.browser import find_violations, free_port, served, sideways_pixels
from tests.support.gallery import gallery_settings
from tests.support.officials import PASSWORD, Desk, make_official
from tests.support.server import Clock, definition, make_services

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Post:
    """A site at a name for which browsers make passkeys, and an official who is not signed in."""

    address: str
    desk: Desk
    election: str


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    port = free_port()
    address = f"http://localhost:{port}"
    settings = replace(gallery_settings(tmp_path_factory.mktemp("post")), base_url=address)
    clock = Clock()
    services = make_services(settings, clock)
    app = create_app(settings, services)
    desk = make_official(app, services, clock, "Ada", Role.ELECTION_ADMIN, Role.SITE_ADMIN)
    election = create_election(services, definition(services)).id
    with served(app, port):
        yield Post(address, desk, election)
    services.database.close()


def fits(page: Page) -> None:
    assert find_violations(page) == []
    assert sideways_pixels(page) == 0


def virtual(page: Page, **changes: object) -> CDPSession:
    """Give the browser a passkey store of its own."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable", {"enableUI": False})
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**AUTHENTICATOR, **changes}})
    return devtools


def test_by_keyboard_from_the_first_passkey_to_an_act_confirmed_with_it(browser: Browser, post: Post) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="en", reduced_motion="reduce")
    page, problems = context.new_page(), list[str]()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    virtual(page)
    page.goto(f"{post.address}/admin/sign-in")
    fits(page)
    page.get_by_label("Name", exact=True).fill("Ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Code from your authenticator").fill(post.desk.code())
    page.keyboard.press("Enter")
    page.get_by_role("link", name="My account").press("Enter")
    fits(page)
    page.get_by_role("button", name="Add a passkey").press("Enter")
    fits(page)
    page.get_by_label("Name of the passkey").fill("telephone")
    page.get_by_role("button", name="Make the passkey").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("The passkey is added.")
    fits(page)
    page.get_by_role("button", name="Sign out", exact=True).press("Enter")

    page.get_by_role("button", name="Sign in with a passkey").press("Enter")
    expect(page.get_by_role("heading", name="Officials' site")).to_be_visible()
    post.desk.clock.forward(minutes=11)
    page.goto(f"{post.address}/admin/elections/{post.election}/freeze")
    page.get_by_label("Key and roll are the right ones").press("Space")
    page.get_by_role("button", name="Freeze the election").press("Enter")
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Confirm with a passkey").press("Enter")
    expect(page.get_by_text("Before the freeze hand in:")).to_be_visible()
    expect(page.get_by_label("Key and roll are the right ones")).to_be_checked()

    page.get_by_role("button", name="Sign out", exact=True).press("Enter")
    page.get_by_label("Name", exact=True).fill("Ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Use a passkey instead of the code").press("Enter")
    expect(page.get_by_role("heading", name="Officials' site")).to_be_visible()
    assert [one for one in problems if "422" not in one and "403" not in one] == []
    context.close()


def test_a_passkey_that_is_not_given_is_said_in_words(browser: Browser, post: Post) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="en", reduced_motion="reduce")
    page = context.new_page()
    virtual(page, isUserVerified=False)
    page.goto(f"{post.address}/fa/admin/sign-in")
    fits(page)
    page.goto(f"{post.address}/admin/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("status").first).to_contain_text("Nothing was done: the passkey was not used")
    page.get_by_role("button", name="Use a passkey instead of the code").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your name.")
    context.close()


def test_without_webauthn_the_authenticators_code_does(browser: Browser, post: Post) -> None:
    context = browser.new_context(locale="en", reduced_motion="reduce")
    context.add_init_script("delete window.PublicKeyCredential")
    page = context.new_page()
    page.goto(f"{post.address}/admin/sign-in")
    expect(page.get_by_text("This browser cannot use passkeys here. Sign in below")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    page.get_by_label("Name", exact=True).fill("Ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Code from your authenticator").fill(post.desk.code())
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{post.address}/admin/officials")
    fits(page)
    page.goto(f"{post.address}/fa/admin/account")
    page.emulate_media(color_scheme="dark")
    fits(page)
    context.close()
