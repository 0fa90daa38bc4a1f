"""Headers, health, metrics, the API's own description, rate limits, proxies."""

from dataclasses import replace

import pytest
from flask import request

from evote.app import create_app
from evote.settings import Settings
from tests.support.server import HEADERS, Stage, make_services


@pytest.mark.parametrize("path", ["/", "/api/elections", "/nowhere", "/api/nowhere", "/health"])
def test_every_answer_is_guarded(stage: Stage, path: str) -> None:
    headers = stage.app.test_client().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"


def test_private_answers_are_never_kept(stage: Stage) -> None:
    assert stage.log_in(0).get(stage.path("me")).headers["Cache-Control"] == "no-store"
    assert stage.app.test_client().get("/").headers["Cache-Control"] == "no-store"


def test_over_tls_the_cookie_is_bound_to_the_host(settings: Settings) -> None:
    secure = replace(settings, base_url="https://vote.example")
    app = create_app(secure, make_services(secure))
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-evote"
    assert app.config["SESSION_COOKIE_SECURE"]
    assert "max-age" in app.test_client().get("/").headers["Strict-Transport-Security"]


def test_errors_are_json_for_programs_and_pages_for_people(stage: Stage) -> None:
    client = stage.app.test_client()
    assert set(client.get("/api/nowhere").get_json()) == {"error", "message"}
    assert set(client.get(stage.path("me")).get_json()) == {"error", "message"}
    assert client.delete("/api/elections").status_code == 405
    page = client.get("/nowhere")
    assert (page.status_code, page.mimetype) == (404, "text/html")


def test_health_and_metrics_follow_the_sequencer(stage: Stage) -> None:
    client = stage.app.test_client()
    assert client.get("/health").status_code == 200
    stage.put(stage.log_in(0), 0, stage.seal(0).ballot)
    assert client.get("/health").get_json() == {"database": "ok", "sequencer": "ok", "waiting": 1}
    metrics = client.get("/metrics").get_data(as_text=True)
    assert "evote_waiting 1.0" in metrics
    assert 'evote_elections{state="open"} 1.0' in metrics
    stage.clock.forward(minutes=2)
    assert client.get("/health").status_code == 503


def test_the_api_describes_itself(stage: Stage) -> None:
    description = stage.app.test_client().get("/api/openapi.json").get_json()
    paths = description["paths"]
    base = "/api/elections/{election_id}"
    for path, method in [
        ("/api/elections", "get"),
        (base, "get"),
        (f"{base}/login/code", "post"),
        (f"{base}/login", "post"),
        (f"{base}/logout", "post"),
        (f"{base}/me", "get"),
        (f"{base}/ballots/{{tracker}}", "put"),
        (f"{base}/ballots/{{tracker}}", "get"),
        (f"{base}/audited", "post"),
        (f"{base}/opening", "post"),
        (f"{base}/intents", "post"),
        (f"{base}/partials", "post"),
        (f"{base}/partials", "get"),
        (f"{base}/tally", "put"),
    ]:
        assert method in paths[path], (path, method)
    assert description["components"]["schemas"]["IntentIn"]["additionalProperties"] is False


def test_too_many_tries_are_told_to_wait(settings: Settings) -> None:
    limited = replace(settings, rate_limits=True)
    client = create_app(limited, make_services(limited)).test_client()
    path = "/api/elections/00000000-0000-4000-8000-000000000000/login/code"
    statuses = [client.post(path, json={"voter_id": "x"}, headers=HEADERS).status_code for _ in range(62)]
    assert statuses == [404] * 60 + [429] * 2
    answer = client.post(path, json={"voter_id": "x"}, headers=HEADERS)
    assert answer.get_json()["error"] == "too_often"
    assert "Retry-After" in answer.headers


def test_a_proxy_is_believed_only_when_the_operator_says_so(settings: Settings) -> None:
    services = make_services(settings)
    for proxies, expected in ((0, "127.0.0.1"), (1, "203.0.113.9")):
        app = create_app(replace(settings, proxies=proxies), services)
        with app.test_client() as client:
            client.get("/health", headers={"X-Forwarded-For": "203.0.113.9"})
            assert request.remote_addr == expected


def test_the_outbox_exists_in_demonstrations_only(settings: Settings) -> None:
    earnest = replace(settings, demo=False)
    client = create_app(earnest, make_services(earnest)).test_client()
    assert client.get("/api/outbox").status_code == 404
    assert client.get("/outbox").status_code == 404
