"""The crowd of the petition's benchmark: people who sign over HTTP, what was measured of them, when they come."""

import asyncio
import csv
import re
import time
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

from evote.mail.models import Message
from evote.mail.outbox import open_mail
from evote.services import Services

PETITION = "00000000-0000-4000-8000-00000000000a"
CURVE = Path(__file__).with_name("data") / "uk-petition-2016.csv"
_LINK = re.compile(r"/sign/([A-Za-z0-9_-]{43})")
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
