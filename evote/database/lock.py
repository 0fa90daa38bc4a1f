"""A lock that makes a process the only one of its kind: held by the database, released when the process dies.

On PostgreSQL it is a session's advisory lock; on SQLite an exclusive transaction on a small database beside the main
one.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from evote.database import Database, translated_errors


class AlreadyHeldError(Exception):
    """Another process holds the lock."""


@contextmanager
def hold_alone(database: Database, name: str, key: int) -> Iterator[Connection | None]:
    """Hold a lock until the block ends; gives the session that holds it on PostgreSQL, nothing on SQLite.

    Args:
        database: Whose lock.
        name: The end of the file's name on SQLite.
        key: The number of the lock on PostgreSQL.

    Raises:
        AlreadyHeldError: Another process holds it.
        Unavailable: The database cannot be reached.
    """
    if database.is_sqlite:
        with _hold_file(f"{database.url.database}-{name}"):
            yield None
        return
    with translated_errors():
        connection = database.engine.connect()
    try:
        with translated_errors():
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}):
                raise AlreadyHeldError
            connection.commit()
        yield connection
    finally:
        connection.invalidate()  # closes the session, and with it the lock
        connection.close()


@contextmanager
def _hold_file(path: str) -> Iterator[None]:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise AlreadyHeldError from None
        yield
    finally:
        connection.close()
