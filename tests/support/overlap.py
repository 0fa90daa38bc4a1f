"""Two acts at once on PostgreSQL, in the order that hurts: the second begins before the first has committed."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import event, text

from participation.ports import Database

_A = TypeVar("_A")
_B = TypeVar("_B")
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
_MOST_SECONDS = 20.0


def overlap(database: Database, first: Callable[[], _A], second: Callable[[], _B]) -> tuple[_A, _B]:
    """Hold `first` right before its commit until `second` has ended or waits for a lock; return what both return."""
    reached, go_on, own = threading.Event(), threading.Event(), threading.local()

    def hold(_connection: object) -> None:
        if getattr(own, "first", False) and not reached.is_set():
            reached.set()
            go_on.wait(_MOST_SECONDS)

    def run_first() -> _A:
        own.first = True
        try:
            return first()
        finally:
            reached.set()

    event.listen(database.engine, "commit", hold)
    try:
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(run_first)
            assert reached.wait(_MOST_SECONDS)
            other = pool.submit(second)
            _wait(database, other)
            go_on.set()
            return one.result(_MOST_SECONDS), other.result(_MOST_SECONDS)
    finally:
        go_on.set()
        event.remove(database.engine, "commit", hold)


def _wait(database: Database, other: Future[_B]) -> None:
    end = time.monotonic() + _MOST_SECONDS
    while not other.done() and time.monotonic() < end:
        with database.reading() as session:
            if session.scalar(_WAITING):
                return
        time.sleep(0.02)
