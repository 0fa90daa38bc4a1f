"""A petition that everybody signs at once: the curve of the largest petition of 2016 replayed on this machine.

    python -m benchmarks.petition_load
    python -m benchmarks.petition_load --database-url postgresql://user@127.0.0.1/evote

Each person is the whole way: form, request, mail (read from the outbox as its owner would), page behind the link,
button; from a network address of their own, told by a proxy that the server trusts. All the while others read public
pages. First as many people as the connections carry, one after the other: what the server holds. Then the curve, a
week in a minute or as told, people coming when they come, signatures of its removals taken back. At the end every
signature is looked for on the log, by the verifier too. Server, database and clients share this machine's cores.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from benchmarks.petition_crowd import CURVE, PETITION, Connection, Crowd, Measured, read_curve, schedule
from benchmarks.support import last_line, machine
from evote.services import Services, build_services
from evote.settings import Settings
from evote.simulation.stage import ONE_ADDRESS, Stage, free_port
from participation.petitions.models import Petition
from verifier.petition import check_petition
from verifier.petition_fetch import fetch_petition

_READERS = 2


@click.command()
@click.option("--database-url", default="", help="PostgreSQL, empty before; SQLite if left out.")
@click.option("--held", default=3000, show_default=True, help="People who sign as fast as the server lets them.")
@click.option("--connections", default=24, show_default=True, help="Of those people, at a time.")
@click.option("--replayed", default=4000, show_default=True, help="People who come as the curve says.")
@click.option("--seconds", default=60, show_default=True, help="Into which the curve's week is pressed.")
@click.option("--workers", default=2, show_default=True, help="Processes of the server.")
@click.option("--threads", default=6, show_default=True, help="Threads of each.")
@click.option("--json", "as_json", is_flag=True, help="End with a line of JSON.")
def main(
    database_url: str,
    held: int,
    connections: int,
    replayed: int,
    seconds: int,
    workers: int,
    threads: int,
    as_json: bool,
) -> None:
    """Let everybody sign."""
    console = Console(stderr=as_json)
    settings = {
        **ONE_ADDRESS,
        "EVOTE_PROXIES": "1",
        "EVOTE_WORKERS": str(workers),
        "EVOTE_THREADS": str(threads),
        **({"EVOTE_DATABASE_URL": database_url} if database_url else {}),
    }
    with (
        tempfile.TemporaryDirectory(prefix="evote-petition-") as private,
        Stage(Path(private), free_port(), settings) as stage,
    ):
        services = _open(stage)
        crowd = Crowd(stage.port, services)
        asyncio.run(_warm(crowd))
        crowd.measured = Measured(secrets=crowd.measured.secrets)
        rate = asyncio.run(_hold(crowd, held, connections))
        holding, kept = crowd.measured, crowd.measured.secrets
        crowd.measured, crowd.free = Measured(secrets=kept), []
        late = asyncio.run(_replay(crowd, schedule(read_curve(CURVE), seconds, replayed)))
        outcome = _look_at_log(stage, crowd, Path(private) / "record")
        services.database.close()
    console.print(machine())
    what = "PostgreSQL" if database_url else "SQLite"
    console.print(f"{what}, {workers} × {threads} threads; held: {rate:.1f} confirmed signatures a second")
    console.print(_table(f"{held:,} people over {connections} connections", holding))
    console.print(
        _table(f"the curve: {replayed:,} people in {seconds} s, at most {late * 1000:.0f} ms behind", crowd.measured)
    )
    for name, value in outcome.items():
        console.print(f"{name}: {value:,}")
    if as_json:
        click.echo(last_line(signatures_a_second=round(rate, 1), **outcome))


def _open(stage: Stage) -> Services:
    """Start the programs, and open a petition."""
    stage.run("evote", "init")
    services = build_services(Settings.from_environment({**stage.environment}))
    now = datetime.now(UTC)
    with services.database.writing() as session:
        session.add(
            Petition(
                id=PETITION,
                key_hash="",
                language="en",
                title="A second vote for everybody",
                background="Let people decide again.",
                created_at=now,
                changed_at=now,
                state="open",
                opened_at=now,
                closes_at=now + timedelta(days=30),
            )
        )
    stage.start("server", "evote", "serve", "--no-sequencer")
    stage.start("jobs", "evote", "jobs")
    return services


async def _warm(crowd: Crowd) -> None:
    """Wait until the server answers, and let some people through."""
    for _ in range(200):
        try:
            status, _ = await Connection(crowd.port).ask("GET", f"/en/petitions/{PETITION}/sign")
            if status == 200:
                break
        except OSError:
            pass
        await asyncio.sleep(0.2)
    await asyncio.gather(*(crowd.person() for _ in range(8)))
    for connection in crowd.free:
        connection.close()
    crowd.free = []


async def _with_readers(crowd: Crowd, work: Callable[[], Awaitable[float]]) -> float:
    stop = asyncio.Event()
    readers = [asyncio.create_task(crowd.read_pages(stop)) for _ in range(_READERS)]
    result = await work()
    stop.set()
    await asyncio.gather(*readers)
    return result


async def _hold(crowd: Crowd, people: int, connections: int) -> float:
    """Return confirmed signatures a second."""
    left = people

    async def one_after_the_other() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await crowd.person()

    async def work() -> float:
        start, before = time.perf_counter(), len(crowd.measured.secrets)
        await asyncio.gather(*(one_after_the_other() for _ in range(connections)))
        return (len(crowd.measured.secrets) - before) / (time.perf_counter() - start)

    rate = await _with_readers(crowd, work)
    for connection in crowd.free:
        connection.close()
    return rate


async def _replay(crowd: Crowd, steps: list[tuple[float, int]]) -> float:
    """Let people come when the curve says; returns how many seconds the crowd was behind it at most."""

    async def work() -> float:
        start, late, coming = time.perf_counter(), 0.0, set[asyncio.Task[None]]()
        for moment, step in steps:
            wait = moment - (time.perf_counter() - start)
            if wait > 0:
                await asyncio.sleep(wait)
            late = max(late, -wait)
            coming.add(asyncio.create_task(crowd.person() if step > 0 else crowd.withdraw()))
        await asyncio.gather(*coming)
        return late

    return await _with_readers(crowd, work)


def _look_at_log(stage: Stage, crowd: Crowd, folder: Path) -> dict[str, int]:
    """Wait for the counter, fetch the record and count what was lost or doubled."""
    wanted = len(crowd.measured.secrets) - crowd.measured.taken_back
    start = time.perf_counter()
    while time.perf_counter() - start < 60:
        found = asyncio.run(_published(stage.port))
        if found == wanted:
            break
        time.sleep(0.2)
    fetch_petition(f"{stage.url}/petitions/{PETITION}", folder, lambda *_: None)
    report = check_petition(folder)
    persons = Counter(
        json.loads(line)["body"]["person"]
        for file in sorted((folder / "log").iterdir())
        for line in file.read_text(encoding="utf-8").splitlines()
        if '"type":"confirmed"' in line
    )
    return {
        "confirmed": len(crowd.measured.secrets),
        "taken back": crowd.measured.taken_back,
        "counted by the verifier": report.counted["mail"],
        "lost": len(crowd.measured.secrets) - len(persons),
        "doubled": sum(number - 1 for number in persons.values()),
        "failed checks": len(report.failed_parts()),
        "counter behind, ms": round((time.perf_counter() - start) * 1000),
    }


async def _published(port: int) -> int:
    _, data = await Connection(port).ask("GET", f"/petitions/{PETITION}/record/count.json")
    counted: dict[str, Any] = json.loads(data)["counted"]
    return int(sum(counted.values()))


def _table(title: str, measured: Measured) -> Table:
    table = Table("step", "times", "p50, ms", "p99, ms", title=title)
    for name, seconds in measured.steps.items():
        if seconds:
            ordered = sorted(seconds)
            middle, most = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
            table.add_row(name, f"{len(seconds):,}", f"{middle * 1000:.1f}", f"{most * 1000:.1f}")
    for name, number in measured.wrong.items():
        table.add_row(f"wrong: {name}", f"{number:,}", "", "")
    return table


if __name__ == "__main__":
    main()
