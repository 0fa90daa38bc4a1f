"""Whatever a request brings: a clear error, and nothing changed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from ballots import codec
from ballots.ballot import Ballot
from evote.casting.models import BallotText, Submission
from evote.settings import Settings
from tests.support.elections import BITS, COUNCIL, MAYOR, safe_primes, seeded_key
from tests.support.server import HEADERS, Stage, make_stage


def _changed(ballot: Ballot, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    document: dict[str, Any] = codec.parse_canonical(ballot.encode())
    change(document)
    return document


def _tracker(document: dict[str, Any]) -> str:
    return codec.encode_bytes(codec.digest("ballot", document))


def _put(stage: Stage, client: FlaskClient, document: dict[str, Any], key: Any = None, **headers: str) -> Any:
    signer = key or stage.voters[0].key
    signature = signer.sign("cast", {"tracker": _tracker(document)})
    body = {"ballot": document, "signature": signature}
    return client.put(stage.path(f"ballots/{_tracker(document)}"), json=body, headers={**HEADERS, **headers})


def _stored(stage: Stage) -> tuple[int, int]:
    with stage.services.database.reading() as session:
        ballots = session.query(Submission).where(Submission.kind == "ballot").count()
        return ballots, session.query(BallotText).count()


def _set(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        if to is None:
            del place[path[-1]]
        else:
            place[path[-1]] = to(place[path[-1]]) if callable(to) else to

    return change


CELL = ("contests", 0, "cells", 0)
PROOF = ("contests", 0, "proofs", 0)
SHAPES = {
    "another election": _set("election", to=codec.encode_bytes(bytes(32))),
    "version 2": _set("version", to=2),
    "true for 1": _set("version", to=True),
    "field missing": _set("previous", to=None),
    "field too many": lambda document: document.update(note="x"),
    "contest twice": _set("contests", to=lambda contests: contests * 2),
    "no contests": _set("contests", to=[]),
    "unknown contest": _set("contests", 0, "id", to="council"),
    "cell missing": _set("contests", 0, "cells", to=[]),
    "cell not a text": _set(*CELL, to=7),
    "cell zero: no unit": _set(*CELL, to=lambda cell: "A" * len(cell)),
    "cell too wide": _set(*CELL, to=lambda cell: cell + "AAAA"),
    "cell not below n²": _set(*CELL, to=lambda cell: "_" * (len(cell) - 1) + "8"),
    "cell with padding": _set(*CELL, to=lambda cell: cell + "="),
    "branch missing": _set(*PROOF, "e", to=lambda parts: parts[1:]),
    "challenge in capitals": _set(*PROOF, "e", 0, to=lambda part: "A" + part[1:]),
    "answer negated": _set(*PROOF, "z", 0, to=lambda answer: "_" * (len(answer) - 1) + "8"),
    "commitment zero": _set(*PROOF, "a", 0, to=lambda commitment: "A" * len(commitment)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_malformed_foreign_or_non_unit_ballot_is_never_stored(stage: Stage, name: str) -> None:
    client = stage.log_in(0)
    answer = _put(stage, client, _changed(stage.seal(0).ballot, SHAPES[name]))
    assert answer.status_code == 422
    assert answer.get_json()["error"] == "malformed"
    assert len(answer.get_json()["message"]) > 20
    assert _stored(stage) == (0, 0)


def test_a_cell_that_shares_a_factor_with_n_never_reaches_the_log(stage: Stage) -> None:
    key, prime = stage.election.key, safe_primes(BITS)[0]
    document = _changed(stage.seal(0).ballot, _set(*CELL, to=key.encode_ciphertext(prime * 5)))
    assert _put(stage, stage.log_in(0), document).status_code in (202, 422)
    stage.sequence()
    assert stage.answer(_tracker(document)).status_code in (404, 422)
    assert len(stage.log()) == 4


def test_unsigned_wrongly_signed_or_somebody_elses(stage: Stage) -> None:
    client, ballot = stage.log_in(0), stage.seal(0).ballot
    refused = [
        stage.put(client, 0, ballot, signature="A" * 86),
        stage.put(client, 0, ballot, signature=ballot.sign(stage.voters[1].key)),
        stage.put(client, 0, ballot, signature=seeded_key("x").sign("open", {"tracker": ballot.tracker})),
    ]
    assert [(answer.status_code, answer.get_json()["error"]) for answer in refused] == [(422, "signature")] * 3
    for signature in ("", "short", 5, None):
        answer = stage.put(client, 0, ballot, signature=signature)
        assert (answer.status_code, answer.get_json()["error"]) == (422, "malformed")
    other = stage.seal(1).ballot
    assert stage.put(client, 1, other).status_code == 403
    assert stage.put(client, 0, ballot, tracker=other.tracker).status_code == 422
    assert _stored(stage) == (0, 0)


def test_only_who_is_logged_in_to_this_very_election_can_cast(stage: Stage) -> None:
    ballot, nobody = stage.seal(0).ballot, stage.app.test_client()
    answer = stage.put(nobody, 0, ballot)
    assert (answer.status_code, answer.get_json()["error"]) == (401, "not_logged_in")
    client = stage.log_in(0)
    elsewhere = client.get("/api/elections/00000000-0000-4000-8000-000000000000/me")
    assert elsewhere.status_code == 401
    client.post(stage.path("logout"), json={}, headers=HEADERS)
    assert stage.put(client, 0, ballot).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Requested-With": ""},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_page_cannot_cast(stage: Stage, headers: dict[str, str]) -> None:
    answer = _put(stage, stage.log_in(0), stage.seal(0).ballot.document, **headers)
    assert (answer.status_code, answer.get_json()["error"]) == (403, "forbidden")
    assert _stored(stage) == (0, 0)


def test_a_form_cannot_cast(stage: Stage) -> None:
    client, ballot = stage.log_in(0), stage.seal(0).ballot
    body = json.dumps({"ballot": ballot.document, "signature": ballot.sign(stage.voters[0].key)})
    answer = client.put(
        stage.path(f"ballots/{ballot.tracker}"), data=body, headers={**HEADERS, "Content-Type": "text/plain"}
    )
    assert answer.status_code == 422
    assert "application/json" in answer.get_json()["message"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "UTF-8"),
        (b'{"ballot": {}, "ballot": {}, "signature": ""}', "twice"),
        (b'{"ballot": {"version": 1.0}, "signature": ""}', "whole number"),
        (b'{"ballot": {"version": NaN}, "signature": ""}', "whole number"),
        (b'{"ballot": {"version": null}, "signature": ""}', "whole numbers are allowed"),
        (b'{"ballot": {"version": -1}, "signature": ""}', "2^53"),
        (b'{"ballot": {"version": ' + b"9" * 5000 + b'}, "signature": ""}', "too large"),
        (b'{"ballot": {"x": "\\ud800"}, "signature": ""}', "surrogate"),
        (b'{"ballot": ' + b"[" * 100_000, "too deep"),
        (b'{"ballot": ' + b'{"a":' * 20 + b"1" + b"}" * 20 + b', "signature": ""}', "deeper"),
        (b"[]", "not acceptable"),
        (b'{"ballot": {}}', "signature"),
        (b'{"ballot": {}, "signature": "x", "more": 1}', "not acceptable"),
    ],
)
def test_bodies_that_are_no_strict_json(stage: Stage, body: bytes, words: str) -> None:
    client = stage.log_in(0)
    answer = client.put(
        stage.path(f"ballots/{'A' * 43}"), data=body, headers={**HEADERS, "Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.get_json()["error"]) in [(422, "malformed"), (413, "too_large")]
    if answer.status_code == 422:
        assert words in answer.get_json()["message"]


def test_an_oversized_ballot_is_refused_by_its_length(stage: Stage) -> None:
    client, ballot = stage.log_in(0), stage.seal(0).ballot
    answer = stage.put(client, 0, ballot, more="x" * 100_000)
    assert (answer.status_code, answer.get_json()["error"]) == (413, "too_large")
    assert _stored(stage) == (0, 0)


def test_a_big_valid_ballot_is_not_oversized(settings: Settings) -> None:
    stage = make_stage(settings, MAYOR, {**COUNCIL, "max": 4})
    ballot = stage.seal(0, choices={"mayor": ["ada"], "council": ["a", "b"]}).ballot
    assert stage.put(stage.log_in(0), 0, ballot).status_code == 202
    stage.services.database.close()


def test_other_requests_have_a_bound_too(stage: Stage) -> None:
    body = {"voter_id": "x" * 400_000}
    answer = stage.app.test_client().post(stage.path("login/code"), json=body, headers=HEADERS)
    assert answer.status_code == 413


def test_unknown_elections_and_addresses(stage: Stage) -> None:
    client = stage.log_in(0)
    nowhere = "/api/elections/00000000-0000-4000-8000-000000000000"
    assert client.get(nowhere).status_code == 404
    assert client.get(nowhere + "/ballots/" + "A" * 43).status_code == 404
    assert client.get("/api/elections/../../etc/passwd").status_code == 404
    body = {"voter_id": "x"}
    assert client.post(nowhere + "/login/code", json=body, headers=HEADERS).status_code == 404


def test_an_audited_ballot_can_never_be_cast(stage: Stage) -> None:
    client, ballot = stage.log_in(0), stage.seal(0).ballot
    body = {"tracker": ballot.tracker}
    assert stage.app.test_client().post(stage.path("audited"), json=body, headers=HEADERS).status_code == 401
    for _ in range(2):
        assert client.post(stage.path("audited"), json=body, headers=HEADERS).status_code == 202
    before = stage.put(client, 0, ballot)
    assert (before.status_code, before.get_json()["error"]) == (409, "conflict")
    stage.sequence()
    assert [entry["type"] for entry in stage.log()[4:]] == ["audited"]
    assert stage.put(client, 0, ballot).status_code == 409


def test_a_cast_ballot_cannot_be_audited(stage: Stage) -> None:
    client = stage.log_in(0)
    tracker = stage.cast(client, 0)
    answer = client.post(stage.path("audited"), json={"tracker": tracker}, headers=HEADERS)
    assert answer.status_code == 409
    assert len(stage.log()) == 5


def test_nobody_floods_the_log_with_audits(stage: Stage) -> None:
    client = stage.log_in(0)
    codes = [
        client.post(
            stage.path("audited"), json={"tracker": codec.encode_bytes(bytes([number]) * 32)}, headers=HEADERS
        ).status_code
        for number in range(52)
    ]
    assert codes == [202] * 50 + [409] * 2
