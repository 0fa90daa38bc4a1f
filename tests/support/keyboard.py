"""A person at a keyboard: Tab, arrows, Enter and typing, and nothing else."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Download, Page

_MOST_TABS = 150


@dataclass
class Keyboard:
    """What somebody does who has no mouse.

    Attributes:
        page: Where it is done.
    """

    page: Page

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, selector: str) -> None:
        """Press Tab until the focus is on an element; fail if it never is, or cannot be seen."""
        for _ in range(_MOST_TABS):
            self.press("Tab")
            if self.page.evaluate("(wanted) => document.activeElement?.matches(wanted) ?? false", selector):
                assert self.page.locator(":focus").is_visible(), selector
                return
        raise AssertionError(f"The Tab key does not reach {selector} on {self.page.url}.")

    def fill(self, selector: str, text: str) -> None:
        """Reach a field and type into it, in place of what it holds."""
        self.reach(selector)
        self.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, name: str, value: str) -> None:
        """Reach a group of radio buttons and go on with the arrows to one of them."""
        self.reach(f'input[type=radio][name="{name}"]')
        wanted = f'input[type=radio][name="{name}"][value="{value}"]:checked'
        if self.page.locator(wanted).count() == 0 and self.page.locator(f'[name="{name}"]:checked').count() == 0:
            self.press("Space")
        for _ in range(_MOST_TABS):
            if self.page.locator(wanted).count():
                return
            self.press("ArrowDown")
        raise AssertionError(f"The arrow keys do not reach {value} of {name}.")

    def pick(self, selector: str, value: str) -> None:
        """Reach a list that opens and go on with the arrows to one of its options."""
        self.reach(selector)
        self.press("Home")
        for _ in range(_MOST_TABS):
            if self.page.locator(selector).input_value() == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"The arrow keys do not reach {value} of {selector}.")

    def tick(self, selector: str) -> None:
        """Reach a tick box and tick it."""
        self.reach(selector)
        self.press("Space")

    def follow(self, selector: str) -> None:
        """Reach a link or button, press Enter, and wait for the page that it leads to."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.press("Enter")

    def save(self, selector: str) -> Download:
        """Reach a link or button, press Enter, and take the file that comes."""
        self.reach(selector)
        with self.page.expect_download() as found:
            self.press("Enter")
        return found.value

    def attach(self, selector: str, *files: Path) -> None:
        """Reach a file field; choosing in the window of the operating system is not the page's part."""
        self.reach(selector)
        self.page.locator(selector).set_input_files(list(files))
