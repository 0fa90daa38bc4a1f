"""From "Continue" to the tracker in the booth itself: a real server, a real election, Chromium as a phone.

    python -m benchmarks.proving_booth --bits 3072

1 of 5. "After reading": the first question has been on the screen for five seconds. "At once": all is pressed in the
moment in which the first question appears, so that the key, the rest of the program and all powers are still to come.
"""

import statistics
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click
from playwright.sync_api import Browser
from rich.console import Console
from rich.table import Table

from ballots.manifest import SAFE_BITS
from benchmarks.page_weight import one_time_code_of, walk
from benchmarks.proving_browser import started_chromium
from benchmarks.support import last_line, machine
from evote.simulation.conduct import Conducted, open_election, prepare_election
from evote.simulation.demo import open_definition
from evote.simulation.stage import ONE_ADDRESS, Stage, free_port

_READING_MS = 5_000
_VOTE = """
() => new Promise((resolve) => {
  document.getElementById('option-0').click();
  const started = performance.now();
  document.getElementById('booth-continue').click();
  document.getElementById('booth-encrypt').click();
  const look = () => document.getElementById('tracker') ? resolve(performance.now() - started) : setTimeout(look, 1);
  look();
})
"""


@click.command()
@click.option("--bits", default=3072, show_default=True, help="Length of the modulus.")
@click.option("--repeat", default=3, show_default=True, help="Ballots of each kind; the median is shown.")
@click.option("--json", "as_json", is_flag=True, help="End with a line of JSON.")
def main(bits: int, repeat: int, as_json: bool) -> None:
    """Time the booth from the last answer to the tracker."""
    console = Console(stderr=as_json)
    with (
        tempfile.TemporaryDirectory(prefix="evote-booth-") as private,
        Stage(Path(private), free_port(), ONE_ADDRESS, test_keys=bits < SAFE_BITS) as stage,
        started_chromium() as browser,
    ):
        console.print("Preparing the election")
        stage.start_server()
        definition = {**open_definition(datetime.now(UTC)), "modulus_bits": bits}
        election = prepare_election(stage, "election", definition, 2 * repeat)
        open_election(election)
        after = [_vote(browser, election, number, _READING_MS) for number in range(repeat)]
        at_once = [_vote(browser, election, repeat + number, 0) for number in range(repeat)]
    table = Table("from “Continue” to the tracker", "ms", title=f"1 of 5, {bits} bits, in the booth")
    table.add_row("after five seconds of reading", f"{statistics.median(after):.0f}")
    table.add_row("at once, with the key still to come", f"{statistics.median(at_once):.0f}")
    console.print(machine())
    console.print(table)
    if as_json:
        figures = {"after_reading_ms": statistics.median(after), "at_once_ms": statistics.median(at_once)}
        click.echo(last_line(bits=bits, **{name: round(value, 1) for name, value in figures.items()}))


def _vote(browser: Browser, election: Conducted, number: int, reading_ms: int) -> float:
    """Return the milliseconds from the last answer to the tracker."""
    letter = election.letters[number]
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en")
    page = context.new_page()
    address = f"{election.stage.url}/en/elections/{election.id}"
    walk(page, address, letter["id"], lambda: one_time_code_of(election, letter["mail"]))
    if reading_ms:
        page.wait_for_timeout(reading_ms)
    taken = float(page.evaluate(_VOTE))
    context.close()
    return taken


if __name__ == "__main__":
    main()
