"""Two acts at once on PostgreSQL, in the order that hurts: the second begins before the first has committed."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import get_ident
from typing import TypeVar

from sqlalchemy import event, text

from participation.ports import Database

_A = TypeVar("_A")
_B = TypeVar("_B")
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
_MOST_SECONDS = 20.0


def overlap(database: Database, first: Callable[[], _A], second: Callable[[], _B]) -> tuple[_A, _B]:
    """Hold `first` right before its commit until `second` has ended or waits for a lock; return what both return."""
    own, began = get_ident(), list[Future[_B]]()

    def hold(_connection: object) -> None:
        if get_ident() == own and not began:
            began.append(pool.submit(second))
            _wait(database, began[0])

    with ThreadPoolExecutor(1) as pool:
        event.listen(database.engine, "commit", hold)
        try:
            result = first()
        finally:
            event.remove(database.engine, "commit", hold)
        return result, began[0].result(_MOST_SECONDS)


def _wait(database: Database, other: Future[_B]) -> None:
    end = time.monotonic() + _MOST_SECONDS
    while not other.done() and time.monotonic() < end:
        with database.reading() as session:
            if session.scalar(_WAITING):
                return
        time.sleep(0.02)
