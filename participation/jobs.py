"""Work that no request waits for.

A job is only a bell: what is due stands in tables, so a bell lost or rung twice changes nothing. Each run takes a lock
of the database, does what is due, and can be cut off anywhere.

Bells go through huey: its own SQLite file beside the data by default, the database itself on PostgreSQL. Every job is
also rung once a minute.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ballots.sentences import SentenceError
from participation.ports import Database, Ports

_QUEUE = "evote-participation"
_LOCKS = 0x70617274  # "part": keeps these advisory locks apart from others
_log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """Something that becomes due.

    Attributes:
        name: Under which it is rung, like `petitions.life`.
        run: Does what is due; returns how much it did.
    """

    name: str
    run: Callable[[Ports], int]


@contextmanager
def hold_lock(database: Database, name: str) -> Iterator[bool]:
    """Be the only one of this name until the block ends; yields whether that is so. Released if the process dies."""
    if database.is_sqlite:
        connection = sqlite3.connect(f"{database.url.database}-job-{name}", timeout=0, isolation_level=None)
        try:
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                yield False
            else:
                yield True
        finally:
            connection.close()
        return
    with database.engine.connect() as held:
        query = text("SELECT pg_try_advisory_lock(:space, :key)")
        mine = bool(held.scalar(query, {"space": _LOCKS, "key": crc32(name.encode()) - 2**31}))
        held.commit()
        try:
            yield mine
        finally:
            held.invalidate()  # closes the session, and with it the lock


def run_job(ports: Ports, job: Job) -> int:
    """Run a job unless it runs already; returns how much it did. Trouble is logged and tried again at the next bell."""
    try:
        with hold_lock(ports.database, job.name) as mine:
            return job.run(ports) if mine else 0
    except (SentenceError, SQLAlchemyError) as error:
        _log.error("job_failed", job=job.name, reason=str(error), kind=type(error).__name__)
        return 0


@contextmanager
def set_apart(failed: list[Exception], what: str, **facts: str) -> Iterator[None]:
    """Let trouble with one thing keep no other back: it is logged, and added to `failed` for the caller to raise."""
    try:
        yield
    except Exception as error:  # whatever is wrong with one, the others are due too
        _log.error("set_apart", what=what, reason=str(error), kind=type(error).__name__, **facts)
        failed.append(error)


class Background(Protocol):
    """Something that works in a thread of its own beside the jobs."""

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self) -> None:
        """Finish what is in hand, then end."""
        ...


class Bells:
    """Rings jobs from any process, and runs them in one.

    Args:
        jobs: All jobs.
        run: Runs one, with the sentences' catalogues at hand.
        url: The database's address, where it is PostgreSQL; else bells ring through a file.
        folder: Of that file.
    """

    def __init__(self, jobs: Sequence[Job], run: Callable[[Job], object], url: str, folder: Path) -> None:
        self._jobs, self._run, self._url, self._folder = jobs, run, url, folder
        self._lock = threading.Lock()
        self._made: tuple[Any, dict[str, Any]] | None = None
        self._consumer: Any = None
        self._beside: list[Background] = []

    def add(self, thread: Background) -> None:
        """Let something start and stop with the jobs."""
        self._beside.append(thread)

    def ring(self, name: str) -> None:
        """Let a job run soon; a bell that rings already is not rung again."""
        huey, tasks = self._huey()
        if huey.put_if_empty(_rung(name), "1"):
            tasks[name]()

    def start(self) -> None:
        """Run jobs in a thread of this process."""
        from huey.consumer import Consumer

        class Quiet(Consumer):  # type: ignore[misc]  # huey ships no types
            def _set_signal_handlers(self) -> None:
                """Leave the process's signals to who owns its main thread."""

        huey, _ = self._huey()
        self._consumer = Quiet(huey, workers=1, max_delay=1.0, check_worker_health=False, shutdown_timeout=20)
        self._consumer.start()
        for thread in self._beside:
            thread.start()

    def stop(self) -> None:
        """Finish the job in hand, then end."""
        for thread in self._beside:
            thread.stop()
        if self._consumer is not None:
            self._consumer.stop(graceful=True)

    def close(self) -> None:
        """Give back this thread's connection to where bells ring."""
        if self._made is not None:
            self._made[0].storage.close()

    def _huey(self) -> tuple[Any, dict[str, Any]]:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def _make(self) -> tuple[Any, dict[str, Any]]:
        from huey import PostgresHuey, SqliteHuey, crontab

        if self._url:
            huey = PostgresHuey(_QUEUE, dsn=self._url, results=False)
        else:
            huey = SqliteHuey(_QUEUE, filename=str(self._folder / "jobs.sqlite3"), results=False)
        tasks = {}
        for job in self._jobs:

            def ring(job: Job = job) -> None:
                huey.delete(_rung(job.name))
                self._run(job)

            tasks[job.name] = huey.task(name=job.name)(ring)
            huey.periodic_task(crontab(minute="*"), name=f"{job.name}.each-minute")(tasks[job.name].call_local)
        return huey, tasks


def _rung(name: str) -> str:
    return f"rung.{name}"
