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
import csv
import json
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from benchmarks.support import last_line, machine
from evote.mail.models import Message
from evote.mail.outbox import open_mail
from evote.services import Services, build_services
from evote.settings import Settings
from evote.simulation.stage import ONE_ADDRESS, Stage, free_port
from participation.petitions.models import Petition
from verifier.petition import check_petition
from verifier.petition_fetch import fetch_petition

PETITION = "00000000-0000-4000-8000-00000000000a"
CURVE = Path(__file__).with_name("data") / "uk-petition-2016.csv"
_LINK = re.compile(r"/sign/([A-Za-z0-9_-]{43})")
_READERS = 2
_STEPS = ("form", "request", "mail", "link", "confirm")


class Connection:
    """One kept HTTP connection, as little as is needed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, sender: str = "", body: str = "") -> tuple[int, bytes]:
        """Send a request; returns status and body. A connection that the server has closed is opened anew."""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAccept: text/html\r\n"
        if sender:
            head += f"X-Forwarded-For: {sender}\r\n"
        if method == "POST":
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        data = f"{head}\r\n{body}".encode("ascii")
        for fresh in (False, True):
            try:
                return await self._once(data, fresh)
            except (ConnectionError, asyncio.IncompleteReadError):
                if fresh:
                    raise
        raise AssertionError

    async def _once(self, data: bytes, fresh: bool) -> tuple[int, bytes]:
        if fresh or self._writer is None or self._reader is None:
            self.close()
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(data)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"\r\n[Cc]ontent-[Ll]ength: (\d+)", head)
        body = await self._reader.readexactly(int(length[1])) if length else b""
        if b"onnection: close" in head:
            self.close()
        return int(head[9:12]), body

    def close(self) -> None:
        """Let go."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


@dataclass
class Measured:
    """Seconds of each step, and what went wrong."""

    steps: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in (*_STEPS, "withdraw", "pages")})
    wrong: Counter[str] = field(default_factory=Counter)
    secrets: list[str] = field(default_factory=list)
    taken_back: int = 0

    async def time(self, step: str, work: Awaitable[tuple[int, bytes]], wanted: int = 200) -> bytes:
        """Time a request; anything but the wanted status is noted and ends this person's way."""
        begin = time.perf_counter()
        status, body = await work
        self.steps[step].append(time.perf_counter() - begin)
        if status != wanted:
            self.wrong[f"{step} {status}"] += 1
            raise _GaveUpError
        return body


class _GaveUpError(Exception):
    """A person's way ended early."""


@dataclass
class Crowd:
    """Everybody who comes: numbered people with addresses of their own."""

    port: int
    services: Services
    measured: Measured = field(default_factory=Measured)
    people: int = 0
    free: list[Connection] = field(default_factory=list)

    async def person(self) -> None:
        """Go the whole way once."""
        self.people += 1
        number, base = self.people, f"/en/petitions/{PETITION}"
        sender = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        mail, connection = f"p{number}@example.org", self.free.pop() if self.free else Connection(self.port)
        written = {
            "name": f"Person {number}",
            "mail": mail,
            "region": f"IR-{number % 31:02}",
            "postcode": f"{number:06}",
        }
        measured = self.measured
        try:
            await measured.time("form", connection.ask("GET", f"{base}/sign", sender))
            form = urlencode({**written, "consent": "y"})
            await measured.time("request", connection.ask("POST", f"{base}/sign", sender, form), 303)
            begin = time.perf_counter()
            secret = self._read_mail(mail)
            measured.steps["mail"].append(time.perf_counter() - begin)
            link = f"{base}/sign/{secret}"
            await measured.time("link", connection.ask("GET", link, sender))
            await measured.time("confirm", connection.ask("POST", link, sender))
            measured.secrets.append(secret)
        except (_GaveUpError, OSError, asyncio.IncompleteReadError) as error:
            measured.wrong[type(error).__name__] += 1
        self.free.append(connection)

    def _read_mail(self, mail: str) -> str:
        with self.services.database.reading() as session:
            message = session.scalars(select(Message).where(Message.recipient == mail)).first()
            found = _LINK.search(open_mail(self.services, message).text) if message is not None else None
        if found is None:
            self.measured.wrong["no mail"] += 1
            raise _GaveUpError
        return found[1]

    async def withdraw(self) -> None:
        """Take one signature back."""
        if self.measured.taken_back < len(self.measured.secrets):
            secret = self.measured.secrets[self.measured.taken_back]
            self.measured.taken_back += 1
            connection = self.free.pop() if self.free else Connection(self.port)
            path = f"/en/petitions/{PETITION}/sign/{secret}/withdraw"
            await self.measured.time("withdraw", connection.ask("POST", path, "10.0.0.1"), 303)
            self.free.append(connection)

    async def read_pages(self, stop: asyncio.Event) -> None:
        """Read public pages, some every second, until told to stop."""
        connection, base = Connection(self.port), f"/en/petitions/{PETITION}"
        while not stop.is_set():
            for path in (base, f"{base}/count", f"{base}/regions", "/en/petitions/", f"{base}/record/count.json"):
                try:
                    await self.measured.time("pages", connection.ask("GET", path, "10.255.0.1"))
                except (_GaveUpError, OSError, asyncio.IncompleteReadError):
                    self.measured.wrong[f"page {path}"] += 1
                await asyncio.sleep(0.05)
        connection.close()


def read_curve(path: Path) -> list[tuple[float, int]]:
    """Return the curve as (seconds since its beginning, total), in order."""
    with path.open(encoding="utf-8") as file:
        rows = [(datetime.fromisoformat(row["time"]).timestamp(), int(row["total"])) for row in csv.DictReader(file)]
    return [(moment - rows[0][0], total) for moment, total in rows]


def schedule(curve: list[tuple[float, int]], seconds: float, signatures: int) -> list[tuple[float, int]]:
    """Press a curve into some seconds, and its growth into so many signatures.

    Returns:
        (second, step) in order: +1 somebody signs, −1 a signature is taken back.
    """
    longest, growth = curve[-1][0], sum(max(0, b - a) for (_, a), (_, b) in pairwise(curve))
    steps: list[tuple[float, int]] = []
    up = down = 0.0
    for (begin, before), (end, after) in pairwise(curve):
        change = (after - before) * signatures / growth
        up, down = up + max(0.0, change), down + max(0.0, -change)
        count, sign = (int(up), 1) if change > 0 else (int(down), -1)
        up, down = up - (count if sign > 0 else 0), down - (count if sign < 0 else 0)
        for number in range(count):
            at = begin + (end - begin) * (number + 0.5) / count
            steps.append((at / longest * seconds, sign))
    return steps


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
