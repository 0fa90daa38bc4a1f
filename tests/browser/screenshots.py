"""Take the pictures of docs/images: each page in English on a desk and in Persian on a phone, and the booth by steps.

python -m tests.browser.screenshots [FOLDER] [--whole] [--only WORD]
"""

import argparse
import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from evote.current import EXTENSION
from tests.support.booth import PATIENCE_MS
from tests.support.browser import ROOT, chromium, served
from tests.support.exhibition import Exhibition, Place, make_exhibition, modules
from tests.support.gallery import EMBLEM, PROJECTS, gallery_settings
from tests.support.gallery_texts import spoken
from tests.support.server import Stage, make_stage

FOLDER = ROOT / "docs" / "images"
COLOURS = 48
MORE = ("pages.home", "pages.election", "pages.board", "pages.result", "pages.verify", "petitions.petition")
"""Of these there are pictures in English on a phone by night, and in Persian on a desk by night, too."""


@dataclass(frozen=True)
class Look:
    """How a picture is taken."""

    language: str
    device: str
    scheme: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the window in CSS pixels."""
        return (1080, 720) if self.device == "desk" else (360, 740)

    def name(self, what: str) -> str:
        """Return a picture's file name."""
        return f"{what}-{self.language}-{self.device}{'-dark' if self.scheme == 'dark' else ''}.png"


DESK, PHONE = Look("en", "desk", "light"), Look("fa", "phone", "light")
NIGHT = (Look("en", "phone", "dark"), Look("fa", "desk", "dark"))


@dataclass(frozen=True)
class Camera:
    """Takes pictures: of the window, or of whole pages; only those whose name holds a word, if there is one."""

    folder: Path
    whole: bool = False
    only: str = ""

    def wants(self, name: str) -> bool:
        """Tell whether this picture is to be taken."""
        return self.only in name

    def take(self, page: Page, name: str) -> None:
        """Write what a window shows, in few colours and so in few bytes."""
        taken = Image.open(io.BytesIO(page.screenshot(full_page=self.whole)))
        few = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(self.folder / name, optimize=True)


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description="Take the pictures of docs/images.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--whole", action="store_true", help="whole pages, not what a window shows")
    parser.add_argument("--only", default="", help="only pictures whose name holds this word")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.folder == FOLDER and not given.only:
        for old in FOLDER.glob("*.png"):
            old.unlink()
    camera = Camera(given.folder, given.whole, given.only)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        take_pages(browser, camera, Path(folder, "site"))
        take_booth(browser, camera, Path(folder, "booth"))


def take_pages(browser: Browser, camera: Camera, folder: Path) -> None:
    """Take every page of the exhibition."""
    folder.mkdir()
    made = make_exhibition(folder)
    with served(made.app) as address:
        for look in (DESK, PHONE, *NIGHT):
            with windows(browser, look, made, address) as window_of:
                for endpoint, place in firsts():
                    name = look.name(endpoint.replace(".", "-").replace("_", "-"))
                    if camera.wants(name) and (look not in NIGHT or endpoint in MORE):
                        page = window_of(place)
                        page.goto(address + made.path(place, look.language))
                        page.wait_for_load_state("networkidle")
                        camera.take(page, name)
    made.services.database.close()


@contextmanager
def windows(browser: Browser, look: Look, made: Exhibition, address: str) -> Iterator[Callable[[Place], Page]]:
    """Yield what returns the window of a place's visitor, kept from picture to picture."""
    with ExitStack() as stack:
        kept: dict[str, Page] = {}

        def window_of(place: Place) -> Page:
            if place.by not in kept:
                kept[place.by] = stack.enter_context(opened(browser, look))
                cookies = made.cookies(place)
                there = [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
                kept[place.by].context.add_cookies(there)  # type: ignore[arg-type]  # dictionaries of this very form
            return kept[place.by]

        yield window_of


def firsts() -> Iterator[tuple[str, Place]]:
    """Return the place of each page that is pictured: an open election, else the first there is."""
    for module in modules():
        for endpoint, places in module.PAGES.items():
            shown = [place for place in places if "{tallied}" in place.address and endpoint == "pages.result"]
            shown += [place for place in places if "{open}" in place.address]
            yield endpoint, (shown or list(places))[0]


@contextmanager
def opened(browser: Browser, look: Look) -> Iterator[Page]:
    """Open a window."""
    width, height = look.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=look.language,
        color_scheme="dark" if look.scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


def take_booth(browser: Browser, camera: Camera, folder: Path) -> None:
    """Vote, once for each look, and take each step."""
    folder.mkdir()
    settings = replace(gallery_settings(folder), base_url="http://vote.example")
    stage = make_stage(settings, EMBLEM, PROJECTS, voters=4, title=spoken("A new emblem"))
    with served(stage.app) as address:
        for number, look in enumerate((DESK, PHONE, *NIGHT)):
            if camera.wants(look.name("booth")):
                with opened(browser, look) as page:
                    vote(page, camera, stage, address, look, number)
    stage.app.extensions[EXTENSION].database.close()


def vote(page: Page, camera: Camera, stage: Stage, address: str, look: Look, number: int) -> None:
    """Go from the first question to the receipt."""
    cookie = stage.log_in(number).get_cookie("evote")
    assert cookie is not None
    page.context.add_cookies([{"name": "evote", "value": cookie.value, "url": address}])
    page.goto(f"{address}/{look.language}/elections/{stage.id}/vote")
    expect(page.locator("#booth-continue")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("radio").first.check()
    page.wait_for_load_state("networkidle")
    page.evaluate("() => scrollTo(0, 0)")
    camera.take(page, look.name("booth-1-question"))
    page.locator("#booth-continue").click()
    page.get_by_role("checkbox").first.check()
    page.evaluate("() => scrollTo(0, 0)")
    camera.take(page, look.name("booth-2-projects"))
    page.locator("#booth-continue").click()
    expect(page.locator("#booth-encrypt")).to_be_visible(timeout=PATIENCE_MS)
    camera.take(page, look.name("booth-3-review"))
    page.locator("#booth-encrypt").click()
    expect(page.locator("#booth-sign")).to_be_visible(timeout=PATIENCE_MS)
    camera.take(page, look.name("booth-4-sign"))
    page.locator("#code").fill(stage.voters[number].code)
    page.locator("#booth-sign").click()
    page.wait_for_timeout(1_000)
    stage.sequence()
    expect(page.locator("#booth-save-receipt")).to_be_visible(timeout=PATIENCE_MS)
    camera.take(page, look.name("booth-5-receipt"))


if __name__ == "__main__":
    main()
