"""A referendum: its rule in words before and after the vote, in both languages, and a wrong outcome is caught."""

import hashlib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import msgspec
import pytest
from apiflask import APIFlask

from ballots import codec
from ballots.partial import verify_partial
from ballots.result import Elected, Tally, combine
from evote.app import create_app
from evote.board.export import export_record
from evote.elections.media import store_media
from evote.services import Services
from tests.support.elections import Simulation, simulate
from tests.support.gallery import TRAMWAY, gallery_settings
from tests.support.gallery_pictures import files_of
from tests.support.server import make_services
from tests.support.stored import store
from verifier.check import check_record
from verifier.context import Options

RULE = {"name": "majority", "percent": 60, "turnout_percent": 40, "of": "yes"}
CASES = [
    pytest.param((5, 2, 1), ["yes"], id="enough of both"),
    pytest.param((3, 2, 3), [], id="60 per cent are not more than 60"),
    pytest.param((3, 0, 0), [], id="too few take part"),
    pytest.param((2, 1, 1), ["yes"], id="abstentions make the turnout"),
]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = make_services(gallery_settings(tmp_path))
    yield made
    made.database.close()


@pytest.fixture
def app(services: Services) -> APIFlask:
    return create_app(services.settings, services)


def referendum(votes: tuple[int, int, int]) -> Simulation:
    """Let yes, no and abstentions be cast by ten voters."""
    made = simulate([{**TRAMWAY, "rule": RULE}], 10, min_ballots=1)
    made.open()
    answers = [name for name, count in zip(("yes", "no", "abstain"), votes, strict=True) for _ in range(count)]
    for voter, answer in zip(made.voters, answers, strict=False):
        made.cast(voter, {TRAMWAY["id"]: [answer]})
    made.close()
    return made


def count(made: Simulation, claimed: list[str] | None = None) -> Tally:
    """Count honestly, but for the outcome if one is claimed."""
    intent = made.board.intent
    assert intent is not None
    for trustee in (1, 2, 3):
        made.intend(trustee)
    aggregates = made.aggregates()
    partials = [
        verify_partial(made.election, intent, aggregates, made.partial(trustee, aggregates)) for trustee in (1, 2)
    ]
    tally = combine(made.election, intent, aggregates, partials)
    if claimed is not None:
        told = msgspec.structs.replace(tally.contests[0], outcome=Elected(claimed, []))
        tally = msgspec.structs.replace(tally, contests=[told])
    made.append("tally", {"sha256": codec.encode_bytes(hashlib.sha256(tally.encode()).digest())})
    return tally


def publish(services: Services, made: Simulation, tally: Tally) -> str:
    identity = store(services.database, made, "tallied", tally)
    named = {path for option in TRAMWAY["options"] for path in option["media"]}
    with services.database.writing() as session:
        store_media(session, identity, files_of(named))
    return identity


def failed(services: Services, identity: str, folder: Path) -> list[str]:
    """Export the record and return what the verifier finds wrong with it."""
    export_record(services.database, identity, folder)
    return list(check_record(folder, Options(allow_test_keys=True, jobs=1)).failed_parts())


@pytest.mark.parametrize(("votes", "elected"), CASES)
def test_the_verifier_recomputes_majority_and_turnout(
    services: Services, tmp_path: Path, votes: tuple[int, int, int], elected: list[str]
) -> None:
    honest = referendum(votes)
    tally = count(honest)
    assert tally.contests[0].outcome == Elected(elected, [])
    assert failed(services, publish(services, honest, tally), tmp_path / "honest") == []


@pytest.mark.parametrize(("votes", "elected"), CASES)
def test_a_wrong_outcome_is_caught(
    services: Services, tmp_path: Path, votes: tuple[int, int, int], elected: list[str]
) -> None:
    liar = referendum(votes)
    tally = count(liar, [] if elected else ["yes"])
    assert failed(services, publish(services, liar, tally), tmp_path / "lie") == ["12 outcome: outcome"]


def test_the_rule_stands_in_words_before_and_after(services: Services, app: APIFlask) -> None:
    made = referendum((5, 2, 1))
    identity = publish(services, made, count(made))

    def page(address: str) -> str:
        return (
            unescape(app.test_client().get(address).get_data(as_text=True)).replace("\u2068", "").replace("\u2069", "")
        )

    for place in ("", "/result"):
        english, persian = page(f"/en/elections/{identity}{place}"), page(f"/fa/elections/{identity}{place}")
        for sentence in (
            "“Yes” needs more than 60% of the votes. Abstentions count as taking part, and for neither side. "
            "At least 40% of the voters must take part.",
        ):
            assert sentence in english, place
        for words in ("«آری»", "۶۰", "رأی ممتنع شرکت به شمار می‌آید", "۴۰"):
            assert words in persian, place
    english = page(f"/en/elections/{identity}")
    for words in ("Arguments", "six lanes of cars", "a third of the money", "proposal (TXT, 193 B)", "Nothing given"):
        assert words in english
    assert page(f"/fa/elections/{identity}").count("دلیل‌ها") == 3  # the heading, and one in each side's column


def test_both_sides_have_the_same_parts(services: Services, app: APIFlask) -> None:
    made = referendum((1, 1, 1))
    identity = publish(services, made, count(made))
    text = app.test_client().get(f"/en/elections/{identity}").get_data(as_text=True)
    table: Any = text[text.index('<table class="compare') : text.index("</table>")]
    rows = table.split("<tr")[2:]
    assert [row.count("<td>") for row in rows] == [3, 3]
    assert "I abstain" not in table
