"""Take the pictures of docs/images: every public page and the booth, wide and light, narrow and dark.

python -m tests.browser.screenshots
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Site
from tests.support.browser import ROOT, chromium, served
from tests.support.gallery import gallery_settings, make_gallery

FOLDER = ROOT / "docs" / "images"
PLACES = {
    "home": "",
    "election": "open",
    "login": "open/login",
    "board": "open/board",
    "entry": "open/board/44",
    "result": "tallied/result",
    "record": "tallied/record/",
    "verify": "tallied/verify",
    "how-it-works": "how-it-works",
}


def main() -> None:
    """Make the gallery, serve it, and take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        app, ids = make_gallery(gallery_settings(Path(folder)))
        with served(app) as address:
            site = Site(address, ids)
            wide = browser.new_context(viewport={"width": 1200, "height": 900}, locale="en", color_scheme="light")
            narrow = browser.new_context(viewport={"width": 360, "height": 740}, locale="en", color_scheme="dark")
            for context, name in ((wide, "wide"), (narrow, "narrow")):
                take(context, site, name)
                context.close()
            take_persian(browser, site)


def take(context: BrowserContext, site: Site, suffix: str) -> None:
    """Take all pictures in one browser window."""
    page = context.new_page()
    for name, place in PLACES.items():
        page.goto(site.url(place))
        page.screenshot(path=FOLDER / f"{name}-{suffix}.png")
    go_to_booth(page, site)
    page.screenshot(path=FOLDER / f"booth-{suffix}.png")


def take_persian(browser: Browser, site: Site) -> None:
    """Take some pictures in Persian, on a phone by day."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="fa", color_scheme="light")
    page = context.new_page()
    for name in ("home", "election", "login", "board", "result"):
        page.goto(site.url(PLACES[name]).replace(site.address, f"{site.address}/fa"))
        page.screenshot(path=FOLDER / f"{name}-fa.png")
    context.close()


def go_to_booth(page: Page, site: Site) -> None:
    """Log in with plain forms and go to the booth's first question."""
    page.goto(site.url("open/login"))
    page.get_by_label("Voter id").fill("V-045")
    page.get_by_role("button", name="Send me a one-time code").click()
    with page.context.new_page() as mail:
        mail.goto(site.url("outbox"))
        lines = mail.locator("pre").first.inner_text().splitlines()
    page.get_by_label("One-time code").fill(next(line for line in lines if line.replace(" ", "").isdigit()))
    page.get_by_role("button", name="Continue to the ballot").click()
    page.get_by_label("Grey heron").check()


if __name__ == "__main__":
    main()
