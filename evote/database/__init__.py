"""The database: one engine, and transactions that either read or write.

A reading transaction cannot write, and sees one moment of the database throughout. A writing one takes
SQLite's write lock at its start (`BEGIN IMMEDIATE`): otherwise two of them that read, then write,
silently lose an update.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from evote.errors import EvoteError, StorageFull, Unavailable

BUSY_MILLISECONDS = 15_000
_KEPT_CONNECTIONS = 16
"""To PostgreSQL, for each process; threads beyond them open connections of their own, which costs time under load."""
_DISK_FULL = ("53100", "53200")
_FULL_WORDS = ("disk is full", "disk i/o error", "no space left", "could not extend file", "file too large")


class Database:
    """An engine and its two kinds of transaction."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: Engine = create_engine(
            self.url,
            pool_pre_ping=not self.is_sqlite,
            hide_parameters=True,  # an error's text may end up in a log
            **({} if self.is_sqlite else {"pool_size": _KEPT_CONNECTIONS}),
        )
        if self.is_sqlite:
            event.listen(self.engine, "connect", _configure_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
            self._reader = self.engine.execution_options(evote_reads=True)
        else:
            self._reader = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one moment of the database and cannot change it.

        Raises:
            Unavailable: The database cannot be reached or is busy.
        """
        with translated_errors(), Session(self._reader, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose changes are durable when the block ends, or undone if it raises.

        Raises:
            StorageFull: The disk is full; nothing was stored.
            Unavailable: The database cannot be reached or is busy.
        """
        with translated_errors(), Session(self.engine) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the driver's troubles with disk and connection into this package's errors."""
    try:
        yield
    except (OperationalError, DBAPIError) as error:
        raise _translated(error) from error


def _translated(error: DBAPIError) -> EvoteError | DBAPIError:
    text = str(error.orig).lower()
    if getattr(error.orig, "sqlstate", None) in _DISK_FULL or any(words in text for words in _FULL_WORDS):
        return StorageFull("The server's disk is full. Nothing was stored and nothing is lost; please try again later.")
    if isinstance(error, OperationalError):
        return Unavailable("The database cannot be reached just now. Please try again in a minute.")
    return error


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's `begin` event says when a transaction starts
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # a promise is given only for what survives a power cut
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


def _begin_sqlite(connection: Connection) -> None:
    options: dict[str, Any] = dict(connection.get_execution_options())
    reads = bool(options.get("evote_reads"))
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
