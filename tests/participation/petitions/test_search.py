"""Finding petitions by words and by likeness, in Persian and English, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from evote.database import Database
from evote.database.migrations import migrate
from participation.petitions.models import Petition
from participation.petitions.search import find_similar, forget_petition, index_petition, matching

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TITLES = {
    "library": "کتابخانه‌های محله را شب‌ها باز نگه دارید",
    "bicycles": "برای دوچرخه‌ها در خیابان بلند مسیر جدا بسازید",
    "bridge": "Build a footbridge over the river at the mill",
    "trees": "Plant trees along the market street",
    "pool": "Open the swimming pool in winter",
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = f"sqlite:///{tmp_path / 'evote.sqlite3'}"
    made = Database(sqlite if request.param == "sqlite" else str(request.getfixturevalue("postgres_url")))
    migrate(made)
    with made.writing() as session:
        for key, title in TITLES.items():
            row = Petition(
                id=key,
                key_hash="",
                language="fa",
                title=title,
                background="",
                details="",
                creator_name="",
                created_at=NOW,
                changed_at=NOW,
                opened_at=NOW,
                state="open",
            )
            session.add(row)
            index_petition(session, row)
    yield made
    made.close()


def found(database: Database, words: str) -> set[str]:
    with database.reading() as session:
        condition = matching(session, words)
        return set() if condition is None else set(session.scalars(select(Petition.id).where(condition)))


def similar(database: Database, title: str) -> list[str]:
    with database.reading() as session:
        return [one.id for one in find_similar(session, title, 5)]


def test_words_are_found_in_every_way_of_writing_them(database: Database) -> None:
    for typed in (
        "کتابخانه‌های محله",
        "كتابخانه هاي محله",
        "کتابخانههای",
        "کتابخانه",
        "مَحلّه",
        "کتابخان",
        "محله   کتابخانه ",
    ):
        assert found(database, typed) == {"library"}, typed
    assert found(database, "FOOTBRIDGE mill") == {"bridge"}
    assert found(database, "street") == {"trees"}
    assert found(database, "mill pool") == set()
    for nothing in ("", "   ", "!!! ؟", "\u200c"):
        assert found(database, nothing) == set()
    for hostile in ("' OR 1=1 --", '"mill" OR "pool"', "mill*", "NEAR(mill", "a:b & !c", "words:mill"):
        assert found(database, hostile) <= {"bridge"}


def test_titles_alike_are_found_in_both_languages(database: Database) -> None:
    assert similar(database, "Build a bridge over the river")[0] == "bridge"
    assert similar(database, "Over the river at the mill: a foot bridge!") == ["bridge"]
    assert similar(database, "كتابخانه هاي محله را شب باز نگه داريد") == ["library"]
    assert similar(database, "در خیابان بلند برای دوچرخه ها مسیر بسازید") == ["bicycles"]
    assert similar(database, "Lower the price of bread") == []
    assert similar(database, "the of and") == []


def test_what_is_taken_out_is_found_no_more(database: Database) -> None:
    with database.writing() as session:
        row = session.get_one(Petition, "bridge")
        row.title, row.words, row.compared = "", "", ""
        forget_petition(session, "bridge")
    assert found(database, "footbridge") == set()
    assert similar(database, TITLES["bridge"]) == []
