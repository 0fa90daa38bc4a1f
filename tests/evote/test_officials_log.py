"""The officials' log on both databases: chained, and only ever added to."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ballots.errors import EncodingError
from evote.admin.deeds import all_deeds, chain_head, check_chain, note
from evote.database import Database
from evote.database.migrations import migrate
from evote.errors import BoardDamaged, EvoteError
from tests.support.server import Clock


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    name = f"sqlite:///{tmp_path / 'deeds.sqlite3'}"
    made = Database(name if request.param == "sqlite" else request.getfixturevalue("postgres_url"))
    migrate(made)
    yield made
    made.close()


def test_lines_are_chained_and_only_added(database: Database) -> None:
    clock = Clock()
    for number in range(3):
        with database.writing() as session:
            note(session, clock(), "Ada", "tested", "one", {"number": number})
            note(session, clock(), "Bob", "tested", "two")
    with pytest.raises(EncodingError):
        _fail_half_way(database, clock)
    with database.reading() as session:
        lines, (size, head) = all_deeds(session, "one"), chain_head(session, "one")
        assert chain_head(session, "three")[0] == 0
    assert [json.loads(line)["details"] for line in lines] == [{"number": 0}, {"number": 1}, {"number": 2}]
    check_chain(lines, size, head)
    for broken in (
        lines[:2],
        lines[1:],
        [lines[0], lines[2], lines[1]],
        [lines[0].replace(b"Ada", b"Bob"), *lines[1:]],
    ):
        with pytest.raises(BoardDamaged):
            check_chain(broken, size, head)
    for statement in ("UPDATE deeds SET hash = ''", "DELETE FROM deeds"):
        with pytest.raises((EvoteError, DBAPIError)), database.writing() as session:
            session.execute(text(statement))


def _fail_half_way(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        note(session, clock(), "Ada", "undone", "one", {"a whole transaction": "or nothing"})
        note(session, clock(), "Ada", "undone", "one", {"not canonical": None})
