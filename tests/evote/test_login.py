"""Logging in: one-time codes that give nothing away, sessions that end."""

import pytest

from evote.accounts.models import LoginCode, LoginSession
from tests.support.server import HEADERS, Stage


def _ask(stage: Stage, voter_id: str) -> tuple[int, bytes]:
    answer = stage.app.test_client().post(stage.path("login/code"), json={"voter_id": voter_id}, headers=HEADERS)
    return answer.status_code, answer.data


def _mails(stage: Stage, number: int) -> list[str]:
    query = f"/api/outbox?to=voter{number}@example.org"
    return [mail["text"] for mail in stage.app.test_client().get(query).get_json()["messages"]]


def _code(text: str) -> str:
    return next(line for line in text.splitlines() if line.replace(" ", "").isdigit())


def _try(stage: Stage, voter_id: str, code: str) -> tuple[int, bytes]:
    body = {"voter_id": voter_id, "code": code}
    answer = stage.app.test_client().post(stage.path("login"), json=body, headers=HEADERS)
    return answer.status_code, answer.data


def test_a_logged_in_voter_is_told_key_style_and_weight(stage: Stage) -> None:
    me = stage.log_in(2).get(stage.path("me")).get_json()
    assert me == {"voter": stage.voters[2].key.public, "style": "all", "weight": 1, "previous": "", "struck": False}


def test_nobody_learns_who_is_on_the_roll(stage: Stage) -> None:
    assert _ask(stage, "V-000") == _ask(stage, "V-999") == _ask(stage, "\0 robert'); --")
    assert len(_mails(stage, 0)) == 1
    assert _try(stage, "V-000", "00000000") == _try(stage, "V-999", "00000000") == _try(stage, "V-001", "1")


def test_a_code_works_once_for_its_own_voter_only(stage: Stage) -> None:
    _ask(stage, "V-000")
    code = _code(_mails(stage, 0)[0])
    assert _try(stage, "V-001", code)[0] == 403
    assert _try(stage, "V-000", f" {code} ")[0] == 200
    assert _try(stage, "V-000", code)[0] == 403


def test_persian_digits_are_digits(stage: Stage) -> None:
    _ask(stage, "V-000")
    persian = _code(_mails(stage, 0)[0]).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert _try(stage, "V-000", persian)[0] == 200


def test_a_code_expires(stage: Stage) -> None:
    _ask(stage, "V-000")
    stage.clock.forward(minutes=16)
    assert _try(stage, "V-000", _code(_mails(stage, 0)[0]))[0] == 403


def test_five_wrong_tries_use_a_code_up(stage: Stage) -> None:
    _ask(stage, "V-000")
    for _ in range(5):
        assert _try(stage, "V-000", "12345678")[0] == 403
    assert _try(stage, "V-000", _code(_mails(stage, 0)[0]))[0] == 403


def test_asking_again_does_not_cancel_the_code_in_hand(stage: Stage) -> None:
    _ask(stage, "V-000")
    first = _code(_mails(stage, 0)[0])
    _ask(stage, "V-000")
    assert _try(stage, "V-000", first)[0] == 200


def test_at_most_five_mails_an_hour(stage: Stage) -> None:
    assert len({_ask(stage, "V-000") for _ in range(8)}) == 1
    assert len(_mails(stage, 0)) == 5
    stage.clock.forward(hours=1, minutes=1)
    _ask(stage, "V-000")
    assert len(_mails(stage, 0)) == 6


def test_codes_and_sessions_are_kept_as_hashes(stage: Stage) -> None:
    client = stage.log_in(0)
    text = _mails(stage, 0)[0]
    with stage.services.database.reading() as session:
        stored = session.query(LoginCode).one().code_hash, session.query(LoginSession).one().token_hash
    assert _code(text).replace(" ", "") not in "".join(stored)
    raw = stage.services.settings.data_dir.joinpath("evote.sqlite3-wal").read_bytes()
    assert _code(text).encode() not in raw
    cookie = client.get_cookie("evote")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_logging_out_revokes_the_session_even_for_a_stolen_cookie(stage: Stage) -> None:
    client, thief = stage.log_in(0), stage.app.test_client()
    cookie = client.get_cookie("evote")
    assert cookie is not None
    thief.set_cookie("evote", cookie.value)
    assert thief.get(stage.path("me")).status_code == 200
    client.post(stage.path("logout"), json={}, headers=HEADERS)
    assert thief.get(stage.path("me")).status_code == 401


def test_a_session_ends_by_itself(stage: Stage) -> None:
    client = stage.log_in(0)
    stage.clock.forward(hours=2, minutes=1)
    assert client.get(stage.path("me")).status_code == 401


@pytest.mark.parametrize("body", [{}, {"voter_id": ""}, {"voter_id": 5}, {"voter_id": "x", "admin": True}])
def test_malformed_requests(stage: Stage, body: dict[str, object]) -> None:
    answer = stage.app.test_client().post(stage.path("login/code"), json=body, headers=HEADERS)
    assert (answer.status_code, answer.get_json()["error"]) == (422, "malformed")
