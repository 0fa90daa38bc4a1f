"""People who go whole ways through the site in Chromium: by keyboard alone, each page looked at on arrival.

Who reads English has a narrow window by day, who reads Persian a wide one by night, so that both are walked.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from evote.admin.roles import Role
from evote.app import create_app
from participation.answers.authorities import AuthorityData, add_authority
from tests.support.browser import find_violations, sideways_pixels
from tests.support.gallery import gallery_settings
from tests.support.keyboard import Keyboard
from tests.support.officials import Desk, make_official
from tests.support.participation import Town, path_of
from tests.support.persian import ENGLISH, said_on
from tests.support.server import Clock, make_services

WINDOWS: dict[str, dict[str, Any]] = {
    "en": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
    "fa": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
}
BUTTON = "main button[type=submit]"
_OFFICIAL = "evote-official"
_SECRETS = re.compile(r'name="csrf_token"[^>]*>')
_CODE = re.compile(r"\b(\d{4}) (\d{4})\b")


@dataclass
class Walker:
    """Somebody at a window of their own.

    Attributes:
        town: The site, whose clock and mails the walk knows.
        address: Where it is served.
        language: In which it is read.
        typed: What others wrote in English, as it stands.
        said: What the window's console said.
        looked_at: Pages that need not be looked at again while they are as they were.
    """

    town: Town
    page: Page
    address: str
    language: str
    typed: frozenset[str] = frozenset()
    said: list[str] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.keys = Keyboard(self.page)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if "status of 422" not in message.text:
            self.said.append(message.text)

    def go(self, path: str) -> None:
        """Type an address of the site, without its language, or open a link from a mail."""
        self.town.ports.memory.pop("pages", None)  # a few seconds have passed, for the window too
        self.page.context.new_cdp_session(self.page).send("Network.clearBrowserCache")
        path = path_of(path)
        self.page.goto(self.address + (path if path.startswith(f"/{self.language}/") else f"/{self.language}{path}"))
        self.look()

    def follow(self, selector: str) -> None:
        """Go on by a link or a button, and look around where it leads."""
        self.town.ports.memory.pop("pages", None)
        self.keys.follow(selector)
        self.look()

    def choose_link(self, text: str, among: str = "main a") -> None:
        """Go on by the link that says so."""
        href = self.page.locator(among).filter(has_text=text).first.get_attribute("href")
        self.follow(f'main a[href="{href}"]')

    def send(self, button: str = BUTTON, **fields: str) -> None:
        """Fill a form's fields from the first to the last, and send it."""
        for name, text in fields.items():
            self.keys.fill(f"#{name}", text)
        self.follow(button)

    def look(self) -> None:
        """Fail unless the page is accessible, fits, is in the reader's language, and its console is silent."""
        place = self.page.url
        shown = _SECRETS.sub("", self.page.locator("body").inner_html())
        assert self.said == [], place
        if shown in self.looked_at:
            return
        self.looked_at.add(shown)
        assert find_violations(self.page) == [], place
        assert sideways_pixels(self.page) == 0, place
        assert self.page.locator("h1").count() == 1, place
        if self.language == "fa":
            said = said_on(self.page.content())
            latin = [one for one in said if ENGLISH.search(one) or re.search("[0-9]", one)]
            latin = [one for one in latin if not any(typed in one for typed in self.typed)]
            assert latin == [], place

    def read(self, selector: str = "main") -> str:
        return self.page.locator(selector).inner_text()

    def sign_in(self, mail: str) -> None:
        """Type an address, and the code that comes to it, on the page that asks for it."""
        self.send(mail=mail)
        self.send(code=code_for(self.town, mail))

    def seat(self, desk: Desk) -> None:
        """Let an official sign in anew and sit down at this window."""
        desk.client = self.town.app.test_client()
        held = desk.sign_in().client.get_cookie(_OFFICIAL)
        assert held is not None
        self.page.context.add_cookies([{"name": _OFFICIAL, "value": held.value, "url": self.address}])


@dataclass
class Walkers:
    """Opens a window for each who comes along, and closes them all in the end."""

    browser: Browser
    town: Town
    address: str
    typed: frozenset[str] = frozenset()
    _open: list[BrowserContext] = field(default_factory=list)
    _desks: dict[str, Desk] = field(default_factory=dict)

    def come(self, language: str) -> Walker:
        """Let somebody come who has never been here."""
        self._open.append(self.browser.new_context(reduced_motion="reduce", **WINDOWS[language]))
        return Walker(self.town, self._open[-1].new_page(), self.address, language, self.typed)

    def official(self, language: str, name: str, *roles: Role) -> Walker:
        """Let an official come and be signed in; who comes again is the same."""
        if name not in self._desks:
            self._desks[name] = make_official(self.town.app, self.town.services, self.town.clock, name, *roles)
        walker = self.come(language)
        walker.seat(self._desks[name])
        return walker

    def leave(self) -> None:
        for one in self._open:
            one.close()
        self._open.clear()


def enter_authority(town: Town) -> None:
    """Enter somebody who can owe an answer."""
    names = {"en": "Transport Department", "fa": "سازمان حمل‌ونقل"}
    with town.services.database.writing() as session:
        add_authority(session, town.ports, AuthorityData(names, "a@example.org", "", "gb-eng", "en"))


@contextmanager
def town_for_walks(folder: Path, rules: str = "") -> Iterator[Town]:
    """Make a site with nothing on it yet."""
    (folder / "rules.toml").write_text(rules, encoding="utf-8")
    chosen = replace(gallery_settings(folder), base_url="http://127.0.0.1")
    chosen, clock = replace(chosen, participation_rules=folder / "rules.toml"), Clock()
    services = make_services(chosen, clock)
    yield Town(create_app(chosen, services), services, clock)
    services.database.close()


def code_for(town: Town, mail: str) -> str:
    """Return the newest one-time code that was mailed to somebody."""
    for one in town.mails(mail):
        text = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in one.text)
        found = _CODE.search(text)
        if found is not None:
            return "".join(found.groups())
    raise AssertionError(mail)
