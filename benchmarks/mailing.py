"""Mailings: mails a second through a real SMTP server, with the sending process killed half-way and started again.

    python -m benchmarks.mailing --people 10000
    python -m benchmarks.mailing --people 10000 --database-url postgresql://user@127.0.0.1/evote

The SMTP server (aiosmtpd) is a process of its own, the sender is the real `python -m evote sequencer`, and the kill is
SIGKILL. Each mail is personal, in English and Persian, and marked in the database as soon as the server has taken it.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, select

from ballots import codec
from ballots.signatures import SigningKey
from benchmarks.support import last_line, machine
from evote.accounts.models import Voter
from evote.database.migrations import migrate
from evote.elections.definition import create_election
from evote.mailings.kinds import FREE
from evote.mailings.models import DONE, EVERYBODY, RUNNING, Mailing
from evote.mailings.texts import encode_texts
from evote.services import Services, build_services, make_board_key
from evote.settings import Settings
from evote.simulation.stage import free_port

_TEXTS = {
    "en": {
        "subject": "“{title}”: you can vote now",
        "text": "The voting in “{title}” has begun. It ends on {closes}.\n\nYour voter id: {voter_id}\n\n{link}",
    },
    "fa": {
        "subject": "«{title}»: اکنون می‌توانید رأی دهید",
        "text": "رأی‌گیری «{title}» آغاز شده است و در {closes} پایان می‌یابد.\n\nشناسهٔ شما: {voter_id}\n\n{link}",
    },
}
_LONGEST_SECONDS = 1200


@dataclass(frozen=True)
class Run:
    """One life of the sending process.

    Attributes:
        taken: How many mails the server took.
        seconds: From the first to the last.
        megabytes: The most memory it held; 0 where the system does not say.
    """

    taken: int
    seconds: float
    megabytes: int


@click.command()
@click.option("--people", default=10_000, show_default=True, help="Voters, each of whom gets one mail.")
@click.option("--database-url", default="", help="PostgreSQL, empty before; SQLite if left out.")
@click.option("--json", "as_json", is_flag=True, help="End with a line of JSON.")
@click.option("--serve", hidden=True, nargs=2, type=str, default=None, help="Be the SMTP server: PORT FILE.")
def main(people: int, database_url: str, as_json: bool, serve: tuple[str, str] | None) -> None:
    """Time a mailing that is killed half-way."""
    if serve is not None:
        _serve(int(serve[0]), Path(serve[1]))
        return
    console = Console(stderr=as_json)
    with tempfile.TemporaryDirectory(prefix="evote-mailing-") as private:
        environment = _environment(Path(private), database_url)
        services = _prepare(environment, people)
        taken = Path(private) / "taken"
        with _smtp_server(int(environment["EVOTE_SMTP_PORT"]), taken):
            before = _send(environment, services, taken, people, kill_after=people // 2)
            after = _send(environment, services, taken, people)
        lines = taken.read_text(encoding="utf-8").splitlines()
        services.database.close()
    figures = _figures(lines, people, before, after)
    table = Table("figure", "value", title=f"{people:,} mails, sender killed after {people // 2:,}")
    for name, value in figures.items():
        table.add_row(name.replace("_", " "), f"{value:,}")
    console.print(machine())
    console.print(table)
    if as_json:
        click.echo(last_line(people=people, **figures))


def _figures(lines: list[str], people: int, before: Run, after: Run) -> dict[str, Any]:
    """Count what the server took; a line is the recipient and the Message-ID of a mail."""
    recipients = Counter(line.split()[0] for line in lines)
    seconds = before.seconds + after.seconds
    return {
        "sent": len(lines),
        "lost": people - len(recipients),
        "repeated": len(lines) - len(recipients),
        "repeated_under_another_message_id": len(set(lines)) - len(recipients),
        "seconds": round(seconds, 1),
        "mails_a_second": round(len(lines) / seconds, 1),
        "mails_a_second_before_the_kill": round(before.taken / before.seconds, 1),
        "mails_a_second_after_it": round(after.taken / after.seconds, 1),
        "most_memory_mb": max(before.megabytes, after.megabytes),
    }


def _environment(private: Path, database_url: str) -> dict[str, str]:
    return {
        **os.environ,
        "EVOTE_DATA_DIR": str(private),
        "EVOTE_DATABASE_URL": database_url or f"sqlite:///{private / 'evote.sqlite3'}",
        "EVOTE_SECRET_KEY": "the secret key of a benchmark, 32 bytes",
        "EVOTE_SMTP_HOST": "127.0.0.1",
        "EVOTE_SMTP_PORT": str(free_port()),
        "EVOTE_SMTP_SENDER": "vote@example.org",
        "EVOTE_SMTP_PLAIN": "1",
    }


def _prepare(environment: dict[str, str], people: int) -> Services:
    """Make an election that has voters, and a mailing to them that has begun."""
    settings = Settings.from_environment(environment)
    make_board_key(settings)
    services = build_services(settings)
    migrate(services.database)
    election_id = create_election(services, _definition(services)).id
    with services.database.writing() as session:
        session.execute(insert(Voter), [_voter(election_id, number) for number in range(people)])
        mailing = Mailing(election_id=election_id, kind=FREE, audience=EVERYBODY, texts=encode_texts(_TEXTS))
        mailing.state, mailing.changed_at, mailing.addressed = RUNNING, services.now(), people
        session.add(mailing)
    return services


def _definition(services: Services) -> bytes:
    option: dict[str, Any] = {"id": "yes", "label": {"en": "Yes"}, "party": {}, "info": {}, "media": {}}
    contest: dict[str, Any] = {"id": "c", "kind": "choose", "title": {"en": "?"}, "abstain": "", "min": 0, "max": 1}
    contest |= {"options": [option], "rule": {"name": "plurality", "seats": 1}}
    now = services.now()
    return codec.encode_canonical(
        {
            "title": {"en": "Council of the city", "fa": "شورای شهر"},
            "description": {},
            "contests": [contest],
            "styles": {"all": ["c"]},
            "opens_at": codec.encode_time(now),
            "closes_at": codec.encode_time(now + timedelta(days=1)),
            "closing": "official",
            "trustees": {"total": 1, "threshold": 1, "names": ["One"]},
            "observers": [],
            "min_ballots": 1,
            "modulus_bits": 3072,
            "registrar_key": SigningKey.from_seed(bytes(32)).public,
            "official_key": SigningKey.from_seed(bytes([1]) * 32).public,
        }
    )


def _voter(election_id: str, number: int) -> dict[str, Any]:
    key = codec.encode_bytes(number.to_bytes(32, "big"))
    mail = f"person{number}@example.org"
    person = {"election_id": election_id, "login": f"P-{number:06}", "mail": mail, "key": key}
    return {**person, "style": "all", "weight": 1, "struck": False}


def _send(
    environment: dict[str, str], services: Services, taken: Path, people: int, kill_after: int | None = None
) -> Run:
    """Run the sender until it has sent so many mails and kill it, or until the mailing is done and stop it."""
    begin, start, end, megabytes = _count(taken), 0.0, 0.0, 0
    command = [sys.executable, "-m", "evote", "sequencer"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + _LONGEST_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            count, now = _count(taken), time.perf_counter()
            if count > begin and not start:
                start = now
            if kill_after is not None and count >= kill_after:
                end, megabytes = now, _most_megabytes(process.pid)
                process.send_signal(signal.SIGKILL)
                break
            if kill_after is None and count >= people and _is_done(services):
                end, megabytes = now, _most_megabytes(process.pid)
                process.terminate()
                break
            time.sleep(0.05)
    if not end:
        raise click.ClickException("The sender ended by itself, or did not come to an end.")
    return Run(_count(taken) - begin, end - start, megabytes)


def _most_megabytes(process: int) -> int:
    status = Path(f"/proc/{process}/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1000 for line in lines if line.startswith("VmHWM")), 0)


def _is_done(services: Services) -> bool:
    with services.database.reading() as session:
        return session.scalar(select(Mailing.state)) == DONE


def _count(taken: Path) -> int:
    """Return how many mails the server has taken: its lines are all of one length."""
    return taken.stat().st_size // _LINE if taken.exists() else 0


_LINE = 120


@contextmanager
def _smtp_server(port: int, taken: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.mailing", "--serve", str(port), str(taken)]
    with subprocess.Popen(command) as process:
        time.sleep(1.5)
        try:
            yield
        finally:
            process.terminate()


def _serve(port: int, taken: Path) -> None:
    """Take mails and write a line for each before the answer goes out."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, Envelope, Session

    with taken.open("ab", buffering=0) as file:

        class Taker:
            async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
                content = envelope.content if isinstance(envelope.content, bytes) else b""
                headers = content.partition(b"\r\n\r\n")[0].split(b"\r\n")
                named = next(line for line in headers if line.startswith(b"Message-ID:"))
                text = f"{envelope.rcpt_tos[0]} {named.split()[1].decode()}"
                file.write(f"{text:<{_LINE - 1}}\n".encode())
                return "250 OK"

        controller = Controller(Taker(), hostname="127.0.0.1", port=port)
        controller.start()
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
        controller.stop()


if __name__ == "__main__":
    main()
