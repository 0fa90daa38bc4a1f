"""Casting through the API: promise, receipt, refusal, revotes."""

from ballots import codec
from ballots.ballot import parse_ballot
from ballots.receipts import verify_promise, verify_receipt, verify_refusal
from evote.settings import Settings
from tests.support.server import Stage, make_stage


def test_a_ballot_is_promised_then_logged_with_a_receipt(stage: Stage) -> None:
    client, ballot = stage.log_in(0), stage.seal(0).ballot
    promised = stage.put(client, 0, ballot)
    assert promised.status_code == 202
    verify_promise(stage.election, promised.get_json())
    assert stage.answer(ballot.tracker).status_code == 202
    stage.sequence()
    receipted = stage.answer(ballot.tracker)
    assert receipted.status_code == 201
    verify_receipt(stage.election, receipted.get_json())
    assert receipted.get_json()["time"] == promised.get_json()["time"] == stage.log()[4]["time"]
    assert stage.record("ballots/00000.jsonl").data == ballot.encode() + b"\n"
    assert client.get(stage.path("me")).get_json()["previous"] == ballot.tracker


def test_casting_the_same_ballot_again_changes_nothing(stage: Stage) -> None:
    client, ballot = stage.log_in(0), stage.seal(0).ballot
    first, second = stage.put(client, 0, ballot), stage.put(client, 0, ballot)
    assert (first.status_code, first.data) == (second.status_code, second.data)
    stage.sequence()
    assert stage.put(client, 0, ballot).status_code == 201
    assert len(stage.log()) == 5


def test_revotes_follow_each_other(stage: Stage) -> None:
    client = stage.log_in(1)
    first = stage.cast(client, 1)
    second = stage.cast(client, 1, first)
    assert [entry["body"]["tracker"] for entry in stage.log()[4:]] == [first, second]


def test_a_ballot_that_follows_another_than_the_latest_is_refused_at_once(stage: Stage) -> None:
    client = stage.log_in(1)
    first = stage.cast(client, 1)
    for previous in ("", codec.encode_bytes(bytes(32))):
        answer = stage.put(client, 1, stage.seal(1, previous).ballot)
        assert answer.status_code == 409
        assert answer.get_json()["error"] == "wrong_previous"
    waiting = stage.seal(1, first).ballot
    stage.put(client, 1, waiting)
    answer = stage.put(client, 1, stage.seal(1, first).ballot)
    assert "still being checked" in answer.get_json()["message"]
    stage.put(client, 1, stage.seal(1, waiting.tracker).ballot)
    stage.sequence()
    assert len(stage.log()) == 7


def test_an_unprovable_ballot_gets_a_signed_and_final_refusal(stage: Stage) -> None:
    client, good = stage.log_in(2), stage.seal(2).ballot
    document = codec.parse_canonical(good.encode())
    document["contests"][0]["cells"] = document["contests"][0]["proofs"][0]["a"][:1]
    bad = parse_ballot(document, stage.election, "all")
    follower = stage.seal(2, bad.tracker).ballot
    assert stage.put(client, 2, bad).status_code == 202
    assert stage.put(client, 2, follower).status_code == 202
    other = stage.seal(3).ballot
    assert stage.put(stage.log_in(3), 3, other).status_code == 202
    stage.sequence()
    refused = stage.answer(bad.tracker)
    assert refused.status_code == 422
    verify_refusal(stage.election, refused.get_json())
    assert stage.put(client, 2, bad).data == refused.data
    assert stage.answer(follower.tracker).status_code == 422
    assert stage.answer(other.tracker).status_code == 201
    assert stage.put(client, 2, good).status_code == 202


def test_order_of_acceptance_is_order_of_time_even_when_the_clock_goes_back(stage: Stage) -> None:
    for number in range(3):
        assert stage.put(stage.log_in(number), number, stage.seal(number).ballot).status_code == 202
        stage.clock.forward(minutes=-5)
    stage.sequence()
    times = [entry["time"] for entry in stage.log()]
    assert times == sorted(times)


def test_after_the_closing_time_nothing_is_stored(stage: Stage) -> None:
    stage.clock.forward(days=30)
    client, ballot = stage.log_in(0), stage.seal(0).ballot
    answer = stage.put(client, 0, ballot)
    assert (answer.status_code, answer.get_json()["error"]) == (409, "not_open")
    assert stage.answer(ballot.tracker).status_code == 404


def test_before_the_opening_time_nothing_is_stored(settings: Settings) -> None:
    stage = make_stage(settings, opens_at="2026-03-02T08:00:00Z")
    answer = stage.put(stage.log_in(0), 0, stage.seal(0).ballot)
    assert (answer.status_code, answer.get_json()["error"]) == (409, "not_open")
    assert "2026-03-02T08:00:00Z" in answer.get_json()["message"]
    stage.services.database.close()


def test_ballots_accepted_before_the_close_are_logged_though_the_sequencer_comes_late(stage: Stage) -> None:
    ballot = stage.seal(0).ballot
    assert stage.put(stage.log_in(0), 0, ballot).status_code == 202
    stage.clock.forward(days=30)
    stage.sequence()
    assert stage.answer(ballot.tracker).status_code == 201
