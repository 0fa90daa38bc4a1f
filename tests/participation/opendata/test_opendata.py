import csv
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
import schemathesis

from participation.answers.authorities import AuthorityData, add_authority
from participation.answers.promises import NewPromise, enter_promise
from participation.consultations.kinds import PhaseKind
from participation.contributions.models import Contribution
from participation.opendata.lists import BY_NAME, LISTS
from participation.opendata.paged import AT_ONCE
from participation.people.models import Person
from participation.statements.models import StatementVote
from tests.participation.consultations.conftest import consult, phase_of, take_part
from tests.support.participation import Town, Visitor

__all__ = ["consult", "take_part"]
Consult = Callable[..., str]
TakePart = Callable[[str], Visitor]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def town(make_town: Callable[..., Town], request: pytest.FixtureRequest) -> Town:
    """A site with an authority and a promise whose text a spreadsheet would take for a formula."""
    on_postgresql = getattr(request, "param", "sqlite") == "postgresql"
    made = make_town(database_url=request.getfixturevalue("postgres_url")) if on_postgresql else make_town()
    with made.services.database.writing() as session:
        add_authority(session, made.ports, AuthorityData({"en": "Parks"}, "parks@example.org", "", "gb-eng", "en"))
        new = NewPromise("=1+1", "Fifty trees.", 1, date(2026, 2, 1), "https://example.org/", None)
        enter_promise(session, made.ports, new, by="clerk")
    return made


def rows(town: Town, name: str) -> list[dict[str, Any]]:
    answer = town.app.test_client().get(f"/data/{name}.json")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found: list[dict[str, Any]] = json.loads(answer.get_data())["rows"]
    return found


@pytest.mark.parametrize("name", [one.name for one in LISTS])
def test_every_list_is_the_same_in_both_formats(town: Town, consult: Consult, take_part: TakePart, name: str) -> None:
    address, ada = consult(), take_part("ada@example.org")
    ada.submit("/me/", name="Ada")
    ada.submit(f"{address}/answer", address, answer="agree")
    ada.submit(f"{address}/write", text="Ferries are forgotten.")
    answer = town.app.test_client().get(f"/data/{name}.csv")
    assert answer.mimetype == "text/csv"
    text = answer.get_data().decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    as_json = rows(town, name)
    assert [
        {key: "" if value is None else str(value).lstrip("'") for key, value in row.items()} for row in as_json
    ] == [{key: value.lstrip("'") for key, value in row.items()} for row in table]
    assert "ada@example.org" not in text + json.dumps(as_json)
    assert "Ada" not in text


def test_formulas_are_texts_and_hidden_things_are_not_there(town: Town, consult: Consult, take_part: TakePart) -> None:
    assert "'=1+1" in town.app.test_client().get("/data/promises.csv").get_data(as_text=True)
    address, ada = consult(sealed=True), take_part("ada@example.org")
    ada.submit(f"{address}/answer", address, answer="agree")
    assert rows(town, "statement-totals") == []
    assert len(rows(town, "contributions")) == 3
    discussion = consult(PhaseKind.DISCUSSION, premoderated=True)
    ada.submit(f"{discussion}/write", text="Waits to be looked at.")
    assert len(rows(town, "contributions")) == 3
    town.clock.forward(days=11)
    assert [(row["answer"], row["people"]) for row in rows(town, "statement-totals")] == [(1, 1)]


@pytest.mark.parametrize("town", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
@pytest.mark.parametrize("more", [-1, 0, AT_ONCE + 1])
def test_a_long_list_is_whole_and_holds_no_connection(town: Town, consult: Consult, more: int) -> None:
    part = phase_of(town, consult(PhaseKind.DISCUSSION)).id
    now, wanted = town.services.now(), AT_ONCE + more
    with town.services.database.writing() as session:
        people = [Person(method="import", key=str(number), language="en", joined_at=now) for number in range(2)]
        texts = [
            Contribution(phase_id=part, kind="statement", text="Trams.", words="", state="shown", reason="", at=now)
            for _ in range(-(-wanted // 2))
        ]
        session.add_all([*people, *texts])
        session.flush()
        votes = [
            StatementVote(statement_id=text.id, person_id=person.id, vote=vote, at=now)
            for text in texts
            for person, vote in zip(people, (1, -1), strict=True)
        ]
        session.add_all(votes[:wanted])
    pool: Any = town.services.database.engine.pool
    reading = BY_NAME["statement-totals"].rows(town.services.database, now)
    first = next(reading)
    assert pool.checkedout() == 0, "somebody who reads slowly keeps no connection"
    found = [(row["statement"], row["answer"]) for row in [first, *reading]]
    assert len(found) == wanted
    assert found == sorted(set(found))
    assert len(rows(town, "statement-totals")) == wanted


def test_everything_comes_in_one_file_that_needs_no_room(town: Town, consult: Consult) -> None:
    consult()
    client = town.app.test_client()
    with client.get("/data/all.zip", buffered=False) as answer:
        pieces = list(answer.iter_encoded())
    assert (answer.mimetype, answer.headers["Access-Control-Allow-Origin"]) == ("application/zip", "*")
    assert len(pieces) > len(LISTS)
    with ZipFile(io.BytesIO(b"".join(pieces))) as bundle:
        assert bundle.testzip() is None
        names = {name.rpartition("/")[2]: name for name in bundle.namelist()}
        for one in LISTS:
            for ending in ("json", "csv"):
                assert bundle.read(names[f"{one.name}.{ending}"]) == client.get(f"/data/{one.name}.{ending}").get_data()
        assert bundle.read(names["catalog.jsonld"]) == client.get("/data/catalog.jsonld").get_data()
        assert bundle.read(names["openapi.json"]) == client.get("/data/openapi.json").get_data()
        readme = bundle.read(names["README.txt"]).decode()
    assert all(f"    {column}: " in readme for one in LISTS for column in one.columns)


def test_the_page_and_what_is_not_there(town: Town) -> None:
    for prefix in ("", "/fa"):
        page = town.visitor().get(f"{prefix}/data/")
        for one in LISTS:
            assert f"/data/{one.name}.csv" in page
    for name in ("nothing.json", "nothing.csv", "news.tlh.atom"):
        assert town.app.test_client().get(f"/data/{name}").status_code == 404


def test_the_catalogue_names_every_list_in_every_language(town: Town) -> None:
    document = json.loads(town.app.test_client().get("/data/catalog.jsonld").get_data())
    assert [one["@id"].rsplit("/", 1)[1] for one in document["dcat:dataset"]] == [one.name for one in LISTS]
    for one in document["dcat:dataset"]:
        assert {title["@language"] for title in one["dct:title"]} == {"en", "fa"}
        assert len(one["dcat:distribution"]) == 2


@pytest.mark.parametrize("language", ["en", "fa"])
def test_feeds_hold_the_news(town: Town, consult: Consult, language: str) -> None:
    consult()
    client = town.app.test_client()
    atom = ElementTree.fromstring(client.get(f"/data/news.{language}.atom").get_data())  # noqa: S314
    titles = [entry.findtext(f"{ATOM}title") for entry in atom.iter(f"{ATOM}entry")]
    assert len(titles) == 2
    assert any("How shall we travel?" in str(title) for title in titles)
    rss = ElementTree.fromstring(client.get(f"/data/news.{language}.rss").get_data())  # noqa: S314
    links = [item.findtext("link") or "" for item in rss.iter("item")]
    assert len(links) == 2
    assert all(f"/{language}/" in link for link in links)


def test_the_addresses_are_as_openapi_describes_them(town: Town, consult: Consult) -> None:
    consult()
    schema = schemathesis.openapi.from_wsgi("/data/openapi.json", town.app)
    count = 0
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # an error of the document fails here
        operation.Case().call_and_validate()
        count += 1
    assert count == 2 * len(LISTS) + 1
