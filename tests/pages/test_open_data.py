"""Result and turnout for programs, spreadsheets and other sites."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from evote.api.results import _cell
from evote.elections import turnout
from evote.elections.turnout import TurnoutHour
from evote.pages.turnout import draw_turnout
from tests.pages.conftest import Gallery

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_result_is_open_data_with_the_tally_s_numbers(gallery: Gallery) -> None:
    address = f"/api{gallery.path('tallied')}/result"
    answer = gallery.client().get(address)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    tally = gallery.client().get(gallery.path("tallied", "/record/tally.json")).get_json()
    found = answer.get_json()
    for contest, counted in zip(found["contests"], tally["contests"], strict=True):
        totals = [pair["total"] for pair in contest["pairs"]] or [option["total"] for option in contest["options"]]
        assert totals == counted["totals"]
        elected = [option["id"] for option in contest["options"] if option["elected"]]
        assert elected == counted["outcome"]["elected"]
    text = gallery.client().get(f"{address}.csv").get_data(as_text=True)
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [line["total"] for line in lines if line["contest"] == "tramway:"] == [
        str(total) for total in tally["contests"][0]["totals"]
    ]
    assert {line["over"] for line in lines if line["contest"] == "treasurer"} == {"", "germain", "euler"}


def test_a_withheld_contest_has_no_totals(gallery: Gallery) -> None:
    address = f"/api{gallery.path('refused')}/result"
    (contest,) = gallery.client().get(address).get_json()["contests"]
    assert contest["withheld"]
    assert {option["total"] for option in contest["options"]} == {None}
    assert "withheld" in gallery.client().get(f"{address}.csv").get_data(as_text=True)


@pytest.mark.parametrize("state", ["draft", "open", "closed", "annulled"])
def test_without_a_result_there_is_none_to_fetch(gallery: Gallery, state: str) -> None:
    answer = gallery.client().get(f"/api{gallery.path(state)}/result")
    assert answer.status_code == 404
    assert "no result" in answer.get_json()["message"]


def test_turnout_counts_each_voter_once(gallery: Gallery) -> None:
    address = f"/api{gallery.path('open')}/turnout"
    found = gallery.client().get(address).get_json()
    assert (found["ballots"], found["voters"], found["eligible"]) == (55, 40, 48)
    assert sum(hour["ballots"] for hour in found["hours"]) == 55
    voters = [hour["voters"] for hour in found["hours"]]
    assert voters == sorted(voters)
    lines = gallery.client().get(f"{address}.csv").get_data(as_text=True).splitlines()
    assert len(lines) == len(found["hours"]) + 1
    assert gallery.client().get(f"/api{gallery.path('draft')}/turnout").get_json()["hours"] == []


def test_the_board_draws_the_turnout(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("open", "/board"))
    assert "40 of 48 voters have cast a ballot (83.3%). 15 ballots more replaced earlier ones." in page
    assert 'role="img"' in page
    assert "Turnout over time" not in gallery.get(gallery.path("open", "/board?start=0"))
    assert "Turnout over time" not in gallery.get(gallery.path("waiting", "/board"))


def test_a_long_vote_is_told_by_the_day_a_short_one_by_the_hour(gallery: Gallery) -> None:
    hours = [TurnoutHour(NOON + timedelta(hours=step), 2, 2 * number) for number, step in enumerate((0, 1, 80), 1)]
    with gallery.app.test_request_context():
        short = draw_turnout(hours[:2], NOON, NOON + timedelta(minutes=90), 9)
        long = draw_turnout(hours, NOON, NOON + timedelta(hours=90), 9)
    assert [(row.until.hour, row.until.minute, row.voters) for row in short.rows] == [(13, 0, 2), (13, 30, 4)]
    assert [(row.until.day, row.ballots, row.voters) for row in long.rows] == [(2, 4, 4), (5, 2, 6)]
    assert (short.top, long.top) == (5, 9)
    assert short.path == "M0 300L0 300L667 180L667 180L1000 60H1000"


def test_no_cell_is_a_formula() -> None:
    assert [_cell(value) for value in ("=1+1", "@x", "-x", "plain", 3, None)] == [
        "'=1+1",
        "'@x",
        "'-x",
        "plain",
        3,
        None,
    ]


@pytest.mark.parametrize("state", ["draft", "waiting", "open", "closed", "tallied", "refused", "annulled"])
def test_the_widget_may_be_framed_and_can_do_nothing(gallery: Gallery, state: str) -> None:
    answer = gallery.client().get(gallery.path(state, "/widget"))
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    page = answer.get_data(as_text=True)
    assert "<script" not in page
    assert f"https://vote.example{gallery.path(state)}" in page
    assert ("Elected: " in page) == (state == "tallied")


def test_no_other_page_may_be_framed(gallery: Gallery) -> None:
    answer = gallery.client().get(gallery.path("tallied", "/result"))
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_shared_result_says_who_won(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("tallied", "/result"))
    assert '<meta property="og:description" content="' in page
    assert f'<meta property="og:url" content="https://vote.example{gallery.path("tallied", "/result")}">' in page
    waiting = gallery.get(gallery.path("closed", "/result"))
    assert "The trustees are at work." in waiting.partition("og:description")[2]


def test_a_long_count_is_kept_for_a_minute(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnout, "LONG_LOG", 10)
    monkeypatch.setattr(turnout, "_kept", {})
    counted: list[str] = []

    def count(session: Session, election_id: str) -> list[TurnoutHour]:
        counted.append(election_id)
        return [TurnoutHour(NOON, 12, 11)]

    monkeypatch.setattr(turnout, "count_by_hour", count)
    address = f"/api{gallery.path('open')}/turnout"
    for _ in range(3):
        assert gallery.client().get(address).get_json()["voters"] == 11
    assert len(counted) == 1
    monkeypatch.setattr(turnout, "KEPT_SECONDS", 0)
    assert gallery.client().get(address).get_json()["voters"] == 11
    assert len(counted) == 2
