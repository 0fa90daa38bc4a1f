"""A voter's browser at the booth of an open election in process."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page, expect

from tests.support.server import Stage

PATIENCE_MS = 30_000


@dataclass
class Booth:
    """A voter's browser at the booth of an open election."""

    stage: Stage
    address: str
    context: BrowserContext
    number: int
    answer: str = "Ben"

    def enter(self) -> Page:
        """Log in over the API, as the login page does, and open the booth."""
        self.log_in()
        return self.open()

    def log_in(self) -> None:
        """Give the browser the cookie of a fresh login."""
        cookie = self.stage.log_in(self.number).get_cookie("evote")
        assert cookie
        self.context.add_cookies([{"name": "evote", "value": cookie.value, "url": self.address}])

    def open(self) -> Page:
        page = self.context.new_page()
        page.goto(f"{self.address}/elections/{self.stage.id}/vote")
        expect(page.locator("#booth-continue")).to_be_visible(timeout=PATIENCE_MS)
        return page

    @property
    def code(self) -> str:
        return self.stage.voters[self.number].code

    def encrypt(self, page: Page) -> None:
        """Answer the short election's one question, and encrypt."""
        page.get_by_label(self.answer).check()
        page.locator("#booth-continue").click()
        page.locator("#booth-encrypt").click()
        expect(page.locator("#booth-sign")).to_be_visible(timeout=PATIENCE_MS)

    def sign(self, page: Page) -> None:
        page.locator("#code").fill(self.code)
        page.locator("#booth-sign").click()

    def receive(self, page: Page) -> None:
        """Let the sequencer work once the ballot has arrived, and wait for the receipt."""
        expect(page.locator(".booth-stage")).to_contain_text("stored", timeout=PATIENCE_MS)
        self.stage.sequence()
        expect(page.locator("#booth-save-receipt")).to_be_visible(timeout=PATIENCE_MS)
