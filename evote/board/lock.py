"""The lock that makes the sequencer the only one: held by the database, released by the system if the process dies.

On PostgreSQL it is a session's advisory lock, and the log is written over that very session: who loses the
connection loses lock and transaction together. On SQLite it is an exclusive transaction on a small database
beside the main one. In both the primary key of the log stands behind it.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from evote.database import Database, translated_errors
from evote.database.lock import AlreadyHeldError, hold_alone
from evote.errors import SequencerRunning

_ADVISORY_KEY = 0x65766F7465  # "evote"


class SequencerLock(Protocol):
    """The right to write logs."""

    def writing(self) -> AbstractContextManager[Session]:
        """Give a session whose changes are durable at the block's end, or undone if it raises."""


@contextmanager
def hold_sequencer_lock(database: Database) -> Iterator[SequencerLock]:
    """Be the only sequencer of this database until the block ends.

    Raises:
        SequencerRunning: Another one is.
    """
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(hold_alone(database, "sequencer", _ADVISORY_KEY))
        except AlreadyHeldError:
            raise _refusal() from None
        yield database if connection is None else _PostgresLock(connection)


class _PostgresLock:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with translated_errors(), Session(bind=self._connection) as session, session.begin():
            yield session


def _refusal() -> SequencerRunning:
    return SequencerRunning(
        "Another sequencer already works on this database, and there must be exactly one. "
        "Stop it first (a server started by `python -m evote serve` has one of its own), "
        "or start this server with `serve --no-sequencer`."
    )
