"""No code, token, key or address reaches a log, whoever writes it."""

import io
import json
import logging

import pytest
import structlog

from evote import logs
from tests.support.server import Stage


def _written(event: str, **fields: object) -> str:
    return json.dumps(logs.redact(None, "info", {"event": event, **fields}))


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "secret-thing"},
        {"one_time_code": "secret-thing"},
        {"session_token": "secret-thing"},
        {"nested": {"password": "secret-thing", "deep": [{"Authorization": "secret-thing"}]}},
        {"recipient": "secret-thing"},
        {"note": "your code is 1234 5678"},
        {"note": "12345678"},
        {"note": b"ABCDE-FGHJK-MNPQR-STVWX-YZ"},
        {"note": "mail to jan@example.org failed"},
        {
            "event_of": "Exception on /en/petitions/7c3b1f52-4f6e-4f0b-9a53-0d5a3e0f8a11/sign/"
            + "secret-thing" * 3
            + "1234567"
        },
        {"note": "GET /petitions/confirm/" + "secret-thing" * 2 + "-5678_56"},
        {"note": "POST /digests/leave/7/" + "0123456789abcdef5678" + "secret-thing"},
        {"error": ValueError("code 12345678 refused")},
    ],
)
def test_what_is_named_or_looks_like_a_secret_is_redacted(fields: dict[str, object]) -> None:
    written = _written("something", **fields)
    for secret in ("secret-thing", "1234", "5678", "FGHJK", "example.org"):
        assert secret not in written
    assert logs.REDACTED in written


def test_what_operators_need_stays() -> None:
    written = _written(
        "batch_logged",
        election="7c3b1f52-4f6e-4f0b-9a53-0d5a3e0f8a11",
        path="/en/petitions/7c3b1f52-4f6e-4f0b-9a53-0d5a3e0f8a11/count",
        root="u4pQ0r8bV3kq5mZ1xW9cT7yL2nD6fH0sJ4gB8aE1oK3",
        size=7,
        timestamp="2026-03-01T09:00:00Z",
    )
    assert "7c3b1f52-4f6e-4f0b-9a53-0d5a3e0f8a11" in written
    assert "2026-03-01T09:00:00Z" in written
    assert logs.REDACTED not in written


def test_a_whole_login_and_vote_leaves_no_secret_in_the_logs(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    before = structlog.get_config()
    logs.configure_logs(logging.DEBUG)
    caplog.set_level(logging.DEBUG)
    try:
        client = stage.log_in(0)
        stage.cast(client, 0)
    finally:
        structlog.configure(**before)
    text = client.get("/api/outbox?to=voter0@example.org").get_json()["messages"][0]["text"]
    code = next(line for line in text.splitlines() if line.replace(" ", "").isdigit())
    cookie = client.get_cookie("evote")
    assert cookie is not None
    logged = stream.getvalue() + caplog.text
    assert "batch_logged" in logged
    for secret in (code, code.replace(" ", ""), cookie.value, "voter0@example.org", stage.voters[0].code):
        assert secret not in logged


def test_what_libraries_log_is_redacted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    before = structlog.get_config()
    logs.configure_logs(logging.INFO)
    try:
        raise ValueError("code 1234 5678 of jan@example.org")
    except ValueError:
        logging.getLogger("some.library").exception("failed")
    finally:
        structlog.configure(**before)
    written = json.loads(stream.getvalue().splitlines()[0])
    assert written["logger"] == "some.library"
    assert "ValueError" in written["event"]
    assert "1234" not in stream.getvalue()
    assert "jan@" not in stream.getvalue()
