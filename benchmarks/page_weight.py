"""What a voter's browser fetches before voting, in Chromium: bytes on the wire, headers included.

    python -m benchmarks.page_weight --bits 3072

For each language: each page alone, with an empty cache; then the whole way from the election's page over both login
pages to the ballot's first question, as one visit, and what the booth fetches while the voter reads: the key, which it
needs only for sealing. The aim: under 200 kB until the first question is there.
"""

import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from playwright.sync_api import Browser, BrowserContext, Page
from rich.console import Console
from rich.table import Table

from ballots.manifest import SAFE_BITS
from benchmarks.proving_browser import started_chromium
from benchmarks.support import last_line, machine
from evote.simulation.conduct import Conducted, open_election, prepare_election
from evote.simulation.demo import open_definition
from evote.simulation.stage import ONE_ADDRESS, Stage, free_port

_PATIENCE_MS = 120_000
_FIRST, _ALL = "whole way, to the first question", "and while the voter reads"
_FIRST_QUESTION = "() => (performance.timeOrigin + performance.getEntriesByName('first-question')[0].startTime) / 1000"
_LANGUAGES = ("en", "fa")
_PICTURE = "/media/"
_OF_THE_ELECTION = ("/record/", "/log/beginning", _PICTURE)


@dataclass(frozen=True)
class Weight:
    """Bytes on the wire: the site's own, and those of the election (its log, key, files); and how many requests."""

    site: int
    election: int
    requests: int

    @property
    def together(self) -> int:
        """All bytes."""
        return self.site + self.election


class Meter:
    """Counts what a browser window fetches."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self._begun: dict[str, tuple[str, float]] = {}
        self._fetched: list[tuple[str, float, int]] = []
        session = context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._begin)
        session.on("Network.loadingFinished", self._finish)

    def _begin(self, event: dict[str, Any]) -> None:
        self._begun[event["requestId"]] = event["request"]["url"], float(event["wallTime"])

    def _finish(self, event: dict[str, Any]) -> None:
        count = int(event["encodedDataLength"])
        if count:
            self._fetched.append((*self._begun[event["requestId"]], count))

    def settle(self) -> Weight:
        """Wait until nothing more is fetched; returns all that was."""
        self.page.wait_for_load_state("networkidle")
        return self._sum(math.inf)

    def before_first_question(self) -> Weight:
        """Return what the booth needed to show its first question, whose moment it marks; pictures belong to it."""
        self.page.wait_for_load_state("networkidle")
        return self._sum(self.page.evaluate(_FIRST_QUESTION))

    def _sum(self, until: float) -> Weight:
        counted = [(url, count) for url, at, count in self._fetched if at < until or _PICTURE in url]
        of_election = sum(count for url, count in counted if any(place in url for place in _OF_THE_ELECTION))
        return Weight(sum(count for _, count in counted) - of_election, of_election, len(counted))


def walk(page: Page, election: str, voter_id: str, one_time_code: Callable[[], str]) -> None:
    """Go from an election's page to the ballot's first question, and no further.

    Args:
        page: Of a browser that has seen nothing yet.
        election: Address of the election's page.
        voter_id: Who logs in.
        one_time_code: Reads the code from the mail, once it is sent.
    """
    page.goto(election)
    page.locator('a[href$="/login"]').first.click()
    page.locator("#voter_id").fill(voter_id)
    page.locator("form[method=post] .btn-primary").click()
    page.locator("#code").fill(one_time_code())
    page.locator("form[method=post] .btn-primary").click()
    page.locator("#booth-continue").wait_for(timeout=_PATIENCE_MS)


@click.command()
@click.option("--bits", default=3072, show_default=True, help="Length of the modulus.")
@click.option("--json", "as_json", is_flag=True, help="End with a line of JSON.")
def main(bits: int, as_json: bool) -> None:
    """Weigh the pages that come before voting."""
    console = Console(stderr=as_json)
    rows: list[tuple[str, str, Weight]] = []
    with (
        tempfile.TemporaryDirectory(prefix="evote-weight-") as private,
        Stage(Path(private), free_port(), ONE_ADDRESS, test_keys=bits < SAFE_BITS) as stage,
        started_chromium() as browser,
    ):
        console.print("Preparing the election")
        stage.start_server()
        definition = {**open_definition(datetime.now(UTC)), "modulus_bits": bits}
        election = prepare_election(stage, "election", definition, len(_LANGUAGES))
        open_election(election)
        for number, language in enumerate(_LANGUAGES):
            rows += _weigh(browser, election, language, number)
    title = f"Bytes on the wire, {bits} bits"
    table = Table("language", "page", "site, kB", "election, kB", "together, kB", "requests", title=title)
    for language, name, weight in rows:
        figures = (f"{one / 1000:.1f}" for one in (weight.site, weight.election, weight.together))
        table.add_row(language, name, *figures, str(weight.requests))
    console.print(machine())
    console.print(table)
    if as_json:
        names = {_FIRST: "way", _ALL: "with_key"}
        way = {
            f"{names[name]}_{language}_kb": round(weight.together / 1000, 1)
            for language, name, weight in rows
            if name in names
        }
        click.echo(last_line(bits=bits, **way))


def _weigh(browser: Browser, election: Conducted, language: str, number: int) -> list[tuple[str, str, Weight]]:
    rows, site = [], election.stage.url
    address = f"{site}/{language}/elections/{election.id}"
    for name, url in (
        ("list", f"{site}/{language}/"),
        ("election", address),
        ("login", f"{address}/login"),
        ("board", f"{address}/board"),
    ):
        context = browser.new_context(viewport={"width": 360, "height": 740}, locale=language)
        meter = Meter(context)
        meter.page.goto(url)
        rows.append((language, name, meter.settle()))
        context.close()
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale=language)
    meter, letter = Meter(context), election.letters[number]
    walk(meter.page, address, letter["id"], lambda: one_time_code_of(election, letter["mail"]))
    rows += [(language, _FIRST, meter.before_first_question()), (language, _ALL, meter.settle())]
    context.close()
    return rows


def one_time_code_of(election: Conducted, mail: str) -> str:
    """Return the code in the newest mail to a voter."""
    messages = election.stage.get(f"/api/outbox?to={mail}")["messages"]
    lines = messages[0]["text"].splitlines()
    return str(next(line for line in lines if line.replace(" ", "").isdigit()))


if __name__ == "__main__":
    main()
