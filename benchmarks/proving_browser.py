"""Encrypting and proving a ballot in Chromium, by the booth's own worker.

    python -m benchmarks.proving_browser --bits 3072 --options 5

"After reading": the voter reads while the worker prepares, then continues; all that is left is timed. "At once": the
voter continues the moment the page is there, so that everything is timed. Python checks each ballot.
"""

import os
import shutil
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from ballots import codec
from ballots.ballot import parse_ballot, verify_ballot
from ballots.election import Election
from benchmarks.support import choose_one, last_line, machine

_STATIC = Path(__file__).parents[1] / "static"
_QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
_QUIET += ["--disable-component-update", "--disable-sync"]
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PROVE = """
async ({ n, contests, heading, choices, reads }) => {
  const { SealerClient, startWorker } = await import('/js/booth/client.js');
  const start = performance.now();
  const client = new SealerClient(startWorker(), BigInt(n), contests);
  if (reads) await new Promise((resolve) => { client.onprogress = (part) => { if (part === 1) resolve(); }; });
  const ready = performance.now();
  const { ballot } = await client.seal(heading, choices);
  const sealed = performance.now();
  client.stop();
  return { preparing: ready - start, sealing: sealed - ready, ballot };
}
"""
_POWERS = """
async ({ n, count }) => {
  const { PublicKey, ShortPowers } = await import('/js/protocol/paillier.js');
  const { power } = await import('/js/protocol/numbers.js');
  const { randomBits } = await import('/js/protocol/random.js');
  const timed = (work) => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  const key = new PublicKey(BigInt(n));
  let powers;
  const mean = (work) => timed(() => { for (let i = 0; i < count; i++) work(); }) / count;
  const combs = timed(() => { powers = new ShortPowers(key, 1n); });
  const comb = mean(() => powers.masks.power(randomBits(powers.maskBits(1n))));
  const plain = mean(() => power(randomBits(key.bits), key.n, key.nSquared));
  return { combs, comb, plain };
}
"""


@click.command()
@click.option("--bits", default=3072, show_default=True, help="Length of the modulus.")
@click.option("--options", default=5, show_default=True, help="Options of the contest, one of which is chosen.")
@click.option("--repeat", default=7, show_default=True, help="Ballots to make; the median is shown.")
@click.option("--json", "as_json", is_flag=True, help="End with a line of JSON.")
def main(bits: int, options: int, repeat: int, as_json: bool) -> None:
    """Time the making of a ballot in Chromium."""
    election = choose_one(bits, options)
    with served_page() as page:
        version = page.context.browser.version if page.context.browser else ""
        powers = page.evaluate(_POWERS, {"n": str(election.key.n), "count": 10})
        after = [prove(page, election, reads=True) for _ in range(repeat)]
        at_once = [prove(page, election, reads=False) for _ in range(repeat)]

    figures = {
        "combs_ms": powers["combs"],
        "power_ms": powers["comb"],
        "plain_power_ms": powers["plain"],
        "preparing_ms": statistics.median(one["preparing"] for one in after),
        "after_reading_ms": statistics.median(one["sealing"] for one in after),
        "at_once_ms": statistics.median(one["sealing"] for one in at_once),
    }
    table = Table("what", "ms", title=f"1 of {options}, {bits} bits, Chromium {version}")
    table.add_row("the two combs, once", f"{figures['combs_ms']:.0f}")
    table.add_row("an n-th power by comb", f"{figures['power_ms']:.1f}")
    table.add_row("an n-th power without", f"{figures['plain_power_ms']:.1f}")
    table.add_row("preparing, while the voter reads", f"{figures['preparing_ms']:.0f}")
    table.add_row("from “Continue”, after reading", f"{figures['after_reading_ms']:.0f}")
    table.add_row("from “Continue”, at once", f"{figures['at_once_ms']:.0f}")
    console = Console(stderr=as_json)
    console.print(machine())
    console.print(table)
    if as_json:
        click.echo(last_line(bits=bits, options=options, **{name: round(value, 1) for name, value in figures.items()}))


def prove(page: Page, election: Election, *, reads: bool) -> dict[str, Any]:
    """Make one ballot in a fresh worker, and check it here."""
    (voter,) = election.roll
    contests = codec.parse_canonical(election.manifest.encode())["contests"]
    heading = {"election": election.fingerprint_text, "voter": voter, "previous": ""}
    choices = {"contest": [election.manifest.contests[0].option_ids[0]]}
    arguments = {"n": str(election.key.n), "contests": contests, "heading": heading, "choices": choices}
    found: dict[str, Any] = page.evaluate(_PROVE, {**arguments, "reads": reads})
    verify_ballot(election, parse_ballot(found["ballot"], election, "all"))
    return found


@contextmanager
def started_chromium() -> Iterator[Browser]:
    """Start the machine's own Chromium."""
    program = next((path for path in map(shutil.which, _NAMES) if path), None)
    if program is None:
        raise click.ClickException("Chromium is missing. On Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=os.geteuid() != 0, args=_QUIET)
        yield browser
        browser.close()


@contextmanager
def served_page() -> Iterator[Page]:
    """Open an empty page of a local server that holds the booth's scripts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quietly, directory=str(_STATIC)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with started_chromium() as browser:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/css/mark.svg")
            yield page
    finally:
        server.shutdown()
        server.server_close()


class _Quietly(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    main()
