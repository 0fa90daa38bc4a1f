"""Casting: how many ballots a second the server takes, promises and logs, over HTTP on this machine.

    python -m benchmarks.casting --bits 3072 --ballots 500
    python -m benchmarks.casting --ballots 500 --database-url postgresql://user@127.0.0.1/evote

Voters have logged in and their devices have encrypted before the clock starts; then all cast at once
over a bounded number of connections, as in the minutes before a deadline.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ballots.ballot import seal_ballot
from ballots.credentials import credential_key
from ballots.manifest import SAFE_BITS
from benchmarks.support import QuickSecrets, last_line, machine
from evote.simulation.conduct import Conducted, open_election, prepare_election
from evote.simulation.simulate import Plan, definition
from evote.simulation.sources import read_source
from evote.simulation.stage import ONE_ADDRESS, Stage, free_port
from evote.simulation.voters import Device, Person, fetch_receipt, open_client

_DATA = Path(__file__).parents[1] / "evote" / "simulation" / "data" / "minneapolis-2013-mayor-ward-1.csv"

Cast = tuple[str, str, dict[str, Any]]
"""A prepared request: cookies, tracker, body."""


@click.command()
@click.option("--bits", default=3072, show_default=True, help="Length of the modulus.")
@click.option("--ballots", default=500, show_default=True, help="Voters, each of whom casts one ballot.")
@click.option("--connections", default=16, show_default=True, help="Voters' connections at a time.")
@click.option("--database-url", default="", help="PostgreSQL, empty before; SQLite if left out.")
@click.option("--json", "as_json", is_flag=True, help="End with a line of JSON.")
def main(bits: int, ballots: int, connections: int, database_url: str, as_json: bool) -> None:
    """Time the casting of ballots."""
    console = Console(stderr=as_json)
    settings = {**ONE_ADDRESS, **({"EVOTE_DATABASE_URL": database_url} if database_url else {})}
    with (
        tempfile.TemporaryDirectory(prefix="evote-casting-") as private,
        Stage(Path(private), free_port(), settings, test_keys=bits < SAFE_BITS) as stage,
    ):
        election = _open(stage, bits, ballots, console)
        requests = list(track(_prepare(election), "Voters log in and encrypt", ballots, console=console))
        seconds, waits, receipts = _cast(election, requests, connections)
    waits.sort()
    figures = {
        "promises_a_second": round(ballots / seconds, 1),
        "p50_ms": round(statistics.median(waits) * 1000, 1),
        "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 1),
        "receipts_a_second": round(ballots / receipts, 1),
    }
    table = Table("figure", "value", title=f"{ballots:,} ballots, 1 of 7, {bits} bits, {connections} connections")
    for name, value in figures.items():
        table.add_row(name.replace("_", " "), f"{value:,}")
    console.print(machine())
    console.print(table)
    if as_json:
        click.echo(last_line(bits=bits, ballots=ballots, **figures))


def _open(stage: Stage, bits: int, ballots: int, console: Console) -> Conducted:
    console.print("Preparing the election")
    stage.start_server()
    plan = Plan(_DATA, ballots, 5, bits, 3, 2, revotes=0, jobs=1, seed=0)
    described = definition(read_source(_DATA, plan.options), plan, datetime.now(UTC))
    election = prepare_election(stage, "election", described, ballots)
    open_election(election)
    return election


def _prepare(election: Conducted) -> Iterator[Cast]:
    """Yield for each voter the cookies of the login, the ballot's address and the request's body."""
    device = Device(election.site)
    secrets = QuickSecrets(device.election.key)
    for letter in election.letters:
        with open_client() as client:
            me = device.log_in(client, Person(letter["id"], letter["mail"], letter["code"], (), audits=False))
            cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        choices = {"contest": ["other"]}
        sealed = seal_ballot(device.election, "all", me["voter"], "", choices, device.random_bits, secrets)
        signature = sealed.ballot.sign(credential_key(letter["code"], device.election.manifest_hash))
        body = {"ballot": sealed.ballot.document, "signature": signature}
        yield cookies, sealed.ballot.tracker, body


def _cast(election: Conducted, requests: Sequence[Cast], connections: int) -> tuple[float, list[float], float]:
    """Return seconds until the last promise, each request's seconds, and seconds until the last receipt."""
    site, loaded = election.site, election.site.load()

    def cast(request: Cast) -> float:
        cookies, tracker, body = request
        begin = time.perf_counter()
        answer = client.put(f"{site.api}/ballots/{tracker}", json=body, headers={"Cookie": cookies})
        if answer.status_code not in (201, 202):
            raise click.ClickException(f"Casting answered {answer.status_code}: {answer.text}")
        return time.perf_counter() - begin

    with open_client() as client:
        start = time.perf_counter()
        with ThreadPoolExecutor(connections) as pool:
            waits = list(pool.map(cast, requests))
        promised = time.perf_counter() - start
        for _, tracker, _ in requests:
            fetch_receipt(client, site, loaded, tracker)
        return promised, waits, time.perf_counter() - start


if __name__ == "__main__":
    main()
