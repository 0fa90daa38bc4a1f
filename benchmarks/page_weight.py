"""What a voter's browser fetches before voting, in Chromium: bytes on the wire, headers included.

    python -m benchmarks.page_weight --bits 3072

For each language: each page alone, with an empty cache; then the whole way from the election's page over both login
pages to the ballot's first question, as one visit. What the site sends (pages, styles, font, scripts) is counted
apart from the election's own record, which grows with its key and its questions. The aim: under 200 kB of the site's.
"""

import tempfile
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
_LANGUAGES = ("en", "fa")


class Meter:
    """Counts what a browser window fetches."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.bytes = self.record_bytes = self.requests = 0
        self._records: set[str] = set()
        session = context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._begun)
        session.on("Network.loadingFinished", self._finished)

    def _begun(self, event: dict[str, Any]) -> None:
        if "/record/" in event["request"]["url"]:
            self._records.add(event["requestId"])

    def _finished(self, event: dict[str, Any]) -> None:
        count = int(event["encodedDataLength"])
        if event["requestId"] in self._records:
            self.record_bytes += count
        else:
            self.bytes += count
        self.requests += bool(count)

    def settle(self) -> tuple[int, int, int]:
        """Wait until nothing more is fetched; returns bytes of the site, bytes of the record, and requests."""
        self.page.wait_for_load_state("networkidle")
        return self.bytes, self.record_bytes, self.requests


@click.command()
@click.option("--bits", default=3072, show_default=True, help="Length of the modulus.")
@click.option("--json", "as_json", is_flag=True, help="End with a line of JSON.")
def main(bits: int, as_json: bool) -> None:
    """Weigh the pages that come before voting."""
    console = Console(stderr=as_json)
    rows: list[tuple[str, str, int, int, int]] = []
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
    table = Table("language", "page", "site, kB", "record, kB", "requests", title=f"Bytes on the wire, {bits} bits")
    for language, name, count, record, requests in rows:
        table.add_row(language, name, f"{count / 1000:.1f}", f"{record / 1000:.1f}", str(requests))
    console.print(machine())
    console.print(table)
    if as_json:
        way = {
            f"way_{language}_kb": round(count / 1000, 1) for language, name, count, *_ in rows if name == "whole way"
        }
        click.echo(last_line(bits=bits, **way))


def _weigh(browser: Browser, election: Conducted, language: str, number: int) -> list[tuple[str, str, int, int, int]]:
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
        rows.append((language, name, *meter.settle()))
        context.close()
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale=language)
    meter, letter = Meter(context), election.letters[number]
    page = meter.page
    page.goto(address)
    page.locator(f'a[href$="/elections/{election.id}/login"]').first.click()
    page.locator("#voter_id").fill(letter["id"])
    page.locator("form[method=post] button").click()
    page.locator("#code").fill(_one_time_code(election, letter["mail"]))
    page.locator("form[method=post] button").click()
    page.locator("#booth-continue").wait_for(timeout=_PATIENCE_MS)
    rows.append((language, "whole way", *meter.settle()))
    context.close()
    return rows


def _one_time_code(election: Conducted, mail: str) -> str:
    messages = election.stage.get(f"/api/outbox?to={mail}")["messages"]
    lines = messages[0]["text"].splitlines()
    return str(next(line for line in lines if line.replace(" ", "").isdigit()))


if __name__ == "__main__":
    main()
