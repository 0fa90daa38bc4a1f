"""The whole way of an election in real Chromium, with real servers, trustees and verifier, at 3072 bits.

This is the suite's one ceremony and its booth votes of full size.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from evote.simulation.conduct import Conducted, open_election, prepare_election
from evote.simulation.demo import open_definition
from evote.simulation.stage import ONE_ADDRESS, Stage, free_port

ONE_TIME_CODE = re.compile(r"\b([0-9]{4}) ([0-9]{4})\b")
PATIENCE_MS = 60_000


@dataclass
class Voter:
    """Somebody with a letter at a browser."""

    election: Conducted
    page: Page
    voter_id: str
    mail: str
    code: str

    def log_in(self) -> None:
        """Go from the election's page to the booth's first question, with the code from the mail."""
        self.page.goto(self.election.page)
        self.page.get_by_role("link", name="Vote now").click()
        self.page.get_by_label("Voter id").fill(self.voter_id)
        self.page.get_by_role("button", name="Send me a one-time code").click()
        expect(self.page.get_by_role("button", name="Continue to the ballot")).to_be_visible()
        messages = self.election.stage.get(f"/api/outbox?to={self.mail}")["messages"]
        digits = ONE_TIME_CODE.search(messages[0]["text"])
        assert digits
        self.page.get_by_label("One-time code").fill("".join(digits.groups()))
        self.page.get_by_role("button", name="Continue to the ballot").click()

    def choose(self, label: str) -> None:
        """Answer the one question, review, and encrypt."""
        self.page.get_by_label(label).check()
        self.page.locator("#booth-continue").click()
        expect(self.page.locator("#booth")).to_contain_text(label)
        self.encrypt()

    def encrypt(self) -> None:
        self.page.locator("#booth-encrypt").click()
        expect(self.page.locator("#booth-sign")).to_be_visible(timeout=PATIENCE_MS)

    def cast(self, standing: str = "You have not voted yet") -> None:
        """Sign with the letter's code; done when the receipt has been checked."""
        expect(self.page.locator("#booth-standing")).to_contain_text(standing)
        self.page.locator("#code").fill(self.code.lower().replace("-", " "))
        self.page.locator("#booth-sign").click()
        expect(self.page.locator("#booth-save-receipt")).to_be_visible(timeout=PATIENCE_MS)

    def save(self, button: str, path: Path) -> Path:
        with self.page.expect_download() as download:
            self.page.locator(button).click()
        download.value.save_as(path)
        return path


@pytest.fixture
def election(tmp_path: Path) -> Iterator[Conducted]:
    with Stage(tmp_path / "stage", free_port(), ONE_ADDRESS) as stage:
        stage.start_server()
        yield prepare_election(stage, "election", open_definition(datetime.now(UTC)), 3)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, accept_downloads=True)
    yield context
    context.close()


def verify(*words: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "verifier", *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_vote_audit_revote_close_count_and_verify(election: Conducted, context: BrowserContext, tmp_path: Path) -> None:
    requests: list[str] = []
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: requests.append(f"{request.url} {request.post_data or ''}"))
    trustees = open_election(election)
    letter, *others = election.letters
    voter = Voter(election, page, letter["id"], letter["mail"], letter["code"])

    voter.log_in()
    voter.choose("Willow Park")
    page.locator("#booth-audit").click()
    audited = voter.save("#booth-audit-save", tmp_path / "audit.json")
    page.locator("#booth-encrypt-again").click()
    voter.encrypt()
    voter.cast()
    first = voter.save("#booth-save-receipt", tmp_path / "first.json")
    with context.expect_page() as opened:
        page.locator("#booth-find").click()
    tracker = page.locator("#tracker").inner_text()
    expect(opened.value.locator("main")).to_contain_text(tracker, timeout=PATIENCE_MS)

    voter.log_in()
    voter.choose("Heron Park")
    voter.cast("Your earlier ballot still counts")
    second = voter.save("#booth-save-receipt", tmp_path / "second.json")
    page.locator("#booth-leave").click()
    for other in others:
        other_context = context.browser.new_context() if context.browser else context
        neighbour = Voter(election, other_context.new_page(), other["id"], other["mail"], other["code"])
        neighbour.log_in()
        neighbour.choose("Mill Park")
        neighbour.cast()
        other_context.close()

    election.official("close")
    election.wait_for("tallied", trustees)
    assert [trustee.wait(60) for trustee in trustees] == [0, 0, 0]
    page.goto(f"{election.page}/result")
    for name, total in {"Willow Park": 0, "Heron Park": 1, "Mill Park": 2}.items():
        row = page.get_by_role("row").filter(has_text=name).first
        expect(row).to_contain_text(str(total))

    record = tmp_path / "record"
    verify("fetch", election.page, record)
    verify("check", record)
    assert "Willow Park" in verify("audit", audited, "--record", record)
    verify("receipt", second, "--record", record)
    verify("receipt", first, "--record", record)

    secret = letter["code"].replace("-", "").lower()
    sent = "\n".join(requests).lower()
    assert not problems
    assert secret not in sent.replace("-", "").replace("%20", "").replace(" ", "")
    assert "willow" not in sent
    kept = page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert kept == ["evote-checkpoints"]  # of the page that checked: the board's signed state, which is public
