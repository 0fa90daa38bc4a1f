"""Up, check, down and up again, on both databases; transactions keep what they promise."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from evote.database import Database
from evote.database.migrations import check_models, check_schema, downgrade, migrate
from evote.errors import EvoteError, Unavailable


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'evote.sqlite3'}"
    return str(request.getfixturevalue("postgres_url"))


def test_up_check_down_up(url: str) -> None:
    database = Database(url)
    with pytest.raises(Unavailable, match="evote init"):
        check_schema(database)
    migrate(database)
    check_models(database)
    check_schema(database)
    downgrade(database, "base")
    assert set(inspect(database.engine).get_table_names()) == {"alembic_version"}
    migrate(database)
    check_models(database)
    database.close()


def test_no_update_is_lost(url: str) -> None:
    """Four threads of fifty read-modify-writes: libraries.md's first pitfall."""
    database = Database(url)
    with database.writing() as session:
        session.execute(text("CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (1, 0)"))

    def count() -> None:
        for _ in range(50):
            with database.writing() as session:
                n = session.scalar(
                    text(
                        "SELECT n FROM counter WHERE id = 1 FOR UPDATE"
                        if not database.is_sqlite
                        else "SELECT n FROM counter"
                    )
                )
                session.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalar(text("SELECT n FROM counter")) == 200
    database.close()


def test_a_reading_transaction_cannot_write(url: str) -> None:
    database = Database(url)
    migrate(database)
    with pytest.raises((EvoteError, DBAPIError)), database.reading() as session:
        session.execute(text("DELETE FROM sequencer_beat"))
    with database.writing() as session:
        session.execute(text("DELETE FROM sequencer_beat"))
    database.close()


def test_foreign_keys_are_enforced(url: str) -> None:
    database = Database(url)
    migrate(database)
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("INSERT INTO openings VALUES ('no such election', 1, 'x')"))
    database.close()
