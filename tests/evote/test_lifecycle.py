"""A whole election on the server, on both databases: from draft to tally, by use cases and API."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ballots import codec
from ballots.aggregate import Aggregator
from ballots.ballot import parse_ballot
from ballots.board import Board
from ballots.checkpoint import parse_checkpoint
from ballots.credentials import short_tracker, voter_number
from ballots.election import load_election
from ballots.entries import parse_entry
from ballots.merkle import verify_inclusion
from ballots.partial import make_partial, verify_partial
from ballots.record import RecordReader
from ballots.result import Tally, combine
from ballots.signatures import SigningKey
from evote.board.export import export_record
from evote.board.queries import get_entry, list_entries, search_entries
from evote.board.replay import replay
from evote.elections.corrections import replace_credential, strike_voter
from evote.elections.official import (
    annul_election,
    close_election,
    extend_election,
    open_election,
)
from evote.elections.queries import ballots_by_hour, get_election, get_outcomes, list_elections
from evote.errors import BoardDamaged, Conflict, Malformed, Unsigned
from evote.settings import Settings
from tests.support.elections import CLOSES_AT, COUNCIL, MAYOR, seeded_key
from tests.support.server import OFFICIAL, Stage, make_stage, openings

CHOICES = [
    {"mayor": ["ben"], "council": ["a"]},
    {"mayor": ["ada"], "council": []},
    {"mayor": ["ben"], "council": ["d"]},
]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_settings(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    if request.param == "sqlite":
        return settings
    return replace(settings, database_url=request.getfixturevalue("postgres_url"))


@pytest.fixture
def whole(database_settings: Settings) -> Iterator[Stage]:
    made = make_stage(database_settings, MAYOR, COUNCIL)
    yield made
    made.services.database.close()


def _vote(stage: Stage) -> list[str]:
    trackers = []
    for number, choices in enumerate(CHOICES):
        client, ballot = stage.log_in(number), stage.seal(number, choices=choices).ballot
        assert stage.put(client, number, ballot).status_code == 202
        trackers.append(ballot.tracker)
    stage.sequence()
    revote = stage.seal(0, trackers[0], CHOICES[1]).ballot
    assert stage.put(stage.log_in(0), 0, revote).status_code == 202
    return [*trackers, revote.tracker]


def _board(folder: Path) -> Board:
    """Replay an exported record the way anybody would."""
    reader = RecordReader(folder)
    election = load_election(reader.manifest_bytes(), reader.key_bytes(), reader.roll_bytes(), allow_test_keys=True)
    board, ballots = Board(election), reader.ballots()
    for leaf in reader.entries():
        entry = parse_entry(leaf)
        document = codec.parse_canonical(next(ballots)) if entry.type == "ballot" else None
        board.admit(entry, parse_ballot(document, election, "all") if document else None)
    head = parse_checkpoint(reader.checkpoint(), election.manifest.log_origin, election.manifest.board_key)
    assert (head.size, head.root) == (board.size, board.tree.root())
    return board


def _tally(stage: Stage, folder: Path, trustees: tuple[int, ...] = (1, 2)) -> tuple[list[dict[str, Any]], Tally]:
    board, reader = _board(folder), RecordReader(folder)
    assert board.intent is not None
    ballots = list(reader.ballots())
    aggregator = Aggregator(stage.election)
    for vote in board.votes():
        ballot = parse_ballot(codec.parse_canonical(ballots[vote.ordinal]), stage.election, vote.line.style)
        aggregator.add(ballot, vote.line)
    aggregates = aggregator.result()
    documents = [
        make_partial(stage.election, board.intent, aggregates, one, stage.shares[one - 1], stage.rng.getrandbits)
        for one in trustees
    ]
    partials = [verify_partial(stage.election, board.intent, aggregates, document) for document in documents]
    return documents, combine(stage.election, board.intent, aggregates, partials)


def test_from_draft_to_tally(whole: Stage, tmp_path: Path) -> None:
    client = whole.app.test_client()
    assert client.get(f"/api/elections/{whole.id}").get_json()["state"] == "open"
    trackers = _vote(whole)
    board = close_election(whole.services, whole.id, OFFICIAL)
    assert len(board.votes()) == 3
    assert client.get(f"/api/elections/{whole.id}").get_json()["state"] == "closed"
    assert client.post(whole.path("partials"), json={}).status_code == 422
    for number in (1, 2, 3):
        answers = [client.post(whole.path("intents"), json=whole.intent(number)).status_code for _ in range(2)]
        assert answers == [202, 202]
        whole.sequence()
    assert [entry["body"].get("trustee") for entry in whole.log()[-3:]] == [1, 2, 3]

    export_record(whole.services.database, whole.id, tmp_path / "closed")
    documents, tally = _tally(whole, tmp_path / "closed")
    for document in documents * 2:
        assert client.post(whole.path("partials"), json=document).status_code == 202
    assert client.get(whole.path("partials")).get_json()["partials"] == documents

    wrong = codec.parse_canonical(tally.encode())
    wrong["contests"][0]["totals"][0] += 1
    assert whole.record("tally.json").status_code == 404
    put = {"data": codec.encode_canonical(wrong), "content_type": "application/json"}
    assert client.put(whole.path("tally"), **put).status_code == 202
    whole.sequence()
    assert whole.record("tally.json").status_code == 404
    refused = client.put(whole.path("tally"), **put)
    assert (refused.status_code, refused.get_json()["error"]) == (422, "malformed")

    put = {"data": tally.encode(), "content_type": "application/json"}
    assert client.put(whole.path("tally"), **put).status_code == 202
    whole.sequence()
    assert whole.record("tally.json").data == tally.encode()
    assert client.put(whole.path("tally"), **put).status_code == 202
    assert client.get(f"/api/elections/{whole.id}").get_json()["state"] == "tallied"
    with whole.services.database.reading() as session:
        outcomes = get_outcomes(session, whole.id)
        assert (outcomes["mayor"].elected, outcomes["mayor"].tied) == (["ada"], [])
        detail = get_election(session, whole.id)
        assert (detail.voted, detail.summary.ballots, detail.summary.voters) == (3, 4, 4)
        assert sum(count for _, count in ballots_by_hour(session, whole.id)) == 4
        assert [one.id for one in list_elections(session)] == [whole.id]
        newest = get_entry(session, whole.id, 4)
        assert newest.superseded_by == 7
        (found,) = search_entries(session, whole.id, short_tracker(trackers[1]).lower().replace("-", " ")[:9])
        assert found.tracker == trackers[1]
        voter = voter_number(whole.voters[0].key.public)
        assert [line.index for line in search_entries(session, whole.id, voter)] == [4, 7]
    export_record(whole.services.database, whole.id, tmp_path / "tallied")
    assert _board(tmp_path / "tallied").state == "tallied"
    assert RecordReader(tmp_path / "tallied").tally_bytes() == tally.encode()


def test_every_entry_proves_itself_against_the_newest_checkpoint(whole: Stage) -> None:
    _vote(whole)
    whole.sequence()
    with whole.services.database.reading() as session:
        for index in range(8):
            found = get_entry(session, whole.id, index)
            head = parse_checkpoint(
                found.checkpoint, whole.election.manifest.log_origin, whole.election.manifest.board_key
            )
            proof = [codec.decode_bytes(step, 32) for step in found.inclusion_proof]
            verify_inclusion(codec.decode_bytes(found.leaf_hash, 32), index, head.size, proof, head.root)
        page = list_entries(session, whole.id, 2, page=3)
        assert ([line.index for line in page.entries], page.previous, page.next, page.size) == ([2, 3, 4], 0, 5, 8)


def test_intents_and_partials_are_checked(whole: Stage, tmp_path: Path) -> None:
    client = whole.app.test_client()
    _vote(whole)
    early = {"election": whole.election.fingerprint_text, "size": 9, "root": "A" * 43, "counted": "A" * 43}
    answer = client.post(whole.path("intents"), json={**early, "trustee": 1, "signature": "A" * 86})
    assert (answer.status_code, answer.get_json()["error"]) == (409, "conflict")
    close_election(whole.services, whole.id, OFFICIAL)
    good = whole.intent(1)
    for changes, status in [
        ({"size": good["size"] + 1}, 422),
        ({"root": "A" * 43}, 422),
        ({"trustee": 2}, 422),
        ({"trustee": 9}, 422),
        ({"observer": 0}, 422),
        ({"signature": "A" * 86}, 422),
        ({"more": 1}, 422),
    ]:
        answer = client.post(whole.path("intents"), json={**good, **changes})
        assert answer.status_code == status, changes
        assert "message" in answer.get_json()
    for number in (1, 2):
        assert client.post(whole.path("intents"), json=whole.intent(number)).status_code == 202
    whole.sequence()
    export_record(whole.services.database, whole.id, tmp_path / "closed")
    documents, tally = _tally(whole, tmp_path / "closed", (1, 3))
    assert client.post(whole.path("partials"), json=documents[0]).status_code == 409  # two of a quorum of three
    assert client.put(whole.path("tally"), data=tally.encode(), content_type="application/json").status_code == 409
    assert client.post(whole.path("intents"), json=whole.intent(3)).status_code == 202
    whole.sequence()
    part = documents[0]["parts"][0]
    for change in ({"value": part["value"][:-1] + "A"}, {"e": "0" * 32}, {"contest": "other"}):
        wrong = {**documents[0], "parts": [{**part, **change}, *documents[0]["parts"][1:]]}
        assert client.post(whole.path("partials"), json=wrong).status_code == 422
    assert client.post(whole.path("partials"), json=documents[0]).status_code == 202


def test_opening_needs_all_trustees_and_the_official(database_settings: Settings) -> None:
    stage = make_stage(database_settings, opened=False)
    client, signed = stage.app.test_client(), openings(stage)
    assert client.get(f"/api/elections/{stage.id}").get_json()["state"] == "frozen"
    with pytest.raises(Conflict, match="missing: 1, 2, 3"):
        open_election(stage.services, stage.id, OFFICIAL, {})
    with pytest.raises(Unsigned, match="not the official's"):
        open_election(stage.services, stage.id, seeded_key("somebody"), signed)
    body = {"election": stage.election.fingerprint_text, "trustee": 1, "signature": signed[2]}
    assert client.post(stage.path("opening"), json=body).status_code == 422
    assert client.post(stage.path("opening"), json={**body, "election": "A" * 43}).status_code == 422
    for number in (1, 2):
        body = {"election": stage.election.fingerprint_text, "trustee": number, "signature": signed[number]}
        assert [client.post(stage.path("opening"), json=body).status_code for _ in range(2)] == [202, 202]
    with pytest.raises(Conflict, match="missing: 3"):
        open_election(stage.services, stage.id, OFFICIAL, {})
    open_election(stage.services, stage.id, OFFICIAL, {3: signed[3]})
    assert [entry["type"] for entry in stage.log()] == ["manifest", "key", "roll", "open"]
    stage.services.database.close()


def test_an_election_that_closes_by_time_closes_itself_after_the_queue(database_settings: Settings) -> None:
    stage = make_stage(database_settings, closing="time")
    ballot = stage.seal(0).ballot
    assert stage.put(stage.log_in(0), 0, ballot).status_code == 202
    stage.clock.now = CLOSES_AT
    last = stage.seal(1).ballot
    assert stage.put(stage.log_in(1), 1, last).status_code == 202
    stage.sequence()
    assert stage.log()[-1]["type"] == "ballot"
    stage.clock.forward(seconds=1)
    assert stage.put(stage.log_in(2), 2, stage.seal(2).ballot).status_code == 409
    stage.sequence()
    assert [entry["type"] for entry in stage.log()[4:]] == ["ballot", "ballot", "close"]
    assert stage.log()[-1]["body"]["signature"] == ""
    with pytest.raises(Conflict, match="closes by itself"):
        close_election(stage.services, stage.id, OFFICIAL)
    stage.services.database.close()


def test_closing_shuts_the_door_and_drains_the_queue(whole: Stage) -> None:
    waiting = whole.seal(3, choices=CHOICES[0]).ballot
    assert whole.put(whole.log_in(3), 3, waiting).status_code == 202
    with pytest.raises(Unsigned):
        close_election(whole.services, whole.id, seeded_key("somebody"))
    assert whole.put(whole.log_in(2), 2, whole.seal(2, choices=CHOICES[0]).ballot).status_code == 202
    close_election(whole.services, whole.id, OFFICIAL)
    assert whole.answer(waiting.tracker).status_code == 201
    late = whole.put(whole.log_in(1), 1, whole.seal(1, choices=CHOICES[0]).ballot)
    assert (late.status_code, late.get_json()["error"]) == (409, "not_open")
    with pytest.raises(Conflict):
        close_election(whole.services, whole.id, OFFICIAL)


def test_extend_and_annul(whole: Stage) -> None:
    with pytest.raises(Conflict, match="later"):
        extend_election(whole.services, whole.id, OFFICIAL, CLOSES_AT, "no")
    extend_election(whole.services, whole.id, OFFICIAL, CLOSES_AT + timedelta(days=1), "storm")
    whole.clock.now = CLOSES_AT + timedelta(hours=1)
    assert whole.put(whole.log_in(0), 0, whole.seal(0, choices=CHOICES[0]).ballot).status_code == 202
    whole.clock.forward(days=2)
    with pytest.raises(Conflict, match="before the election closes"):
        extend_election(whole.services, whole.id, OFFICIAL, CLOSES_AT + timedelta(days=9), "late")
    annul_election(whole.services, whole.id, OFFICIAL, "flood")
    assert whole.app.test_client().get(f"/api/elections/{whole.id}").get_json()["state"] == "annulled"
    with pytest.raises(Conflict, match="annulled"):
        close_election(whole.services, whole.id, OFFICIAL)


def _signed(stage: Stage, tag: str, **fields: str) -> bytes:
    signed = {"election": stage.election.fingerprint_text, **fields}
    return codec.encode_canonical({**fields, "signature": seeded_key("registrar").sign(tag, signed)})


def test_a_replaced_code_stops_counting_and_the_new_one_votes(whole: Stage) -> None:
    client, old = whole.log_in(0), whole.voters[0].key
    whole.put(client, 0, whole.seal(0, choices=CHOICES[0]).ballot)
    whole.sequence()
    new = SigningKey.from_seed(bytes(32))
    with pytest.raises(Unsigned):
        replace_credential(
            whole.services,
            whole.id,
            codec.encode_canonical({"old": old.public, "new": new.public, "signature": "A" * 86}),
        )
    with pytest.raises(Malformed):
        replace_credential(whole.services, whole.id, _signed(whole, "replace", old="A" * 43, new=new.public))
    replace_credential(whole.services, whole.id, _signed(whole, "replace", old=old.public, new=new.public))
    assert client.get(whole.path("me")).get_json()["voter"] == new.public
    late = whole.put(client, 0, whole.seal(0, choices=CHOICES[0]).ballot)
    assert late.status_code == 403
    whole.voters[0] = replace(whole.voters[0], key=new)
    ballot = whole.seal(0, choices=CHOICES[1]).ballot
    assert whole.put(client, 0, ballot).status_code == 202
    board = close_election(whole.services, whole.id, OFFICIAL)
    assert [vote.tracker for vote in board.votes()] == [ballot.tracker]


def test_a_struck_voter_cannot_cast_and_does_not_count(whole: Stage) -> None:
    client = whole.log_in(1)
    first = whole.seal(1, choices=CHOICES[0]).ballot
    whole.put(client, 1, first)
    strike_voter(whole.services, whole.id, _signed(whole, "strike", voter=whole.voters[1].key.public))
    answer = whole.put(client, 1, whole.seal(1, first.tracker, CHOICES[0]).ballot)
    assert (answer.status_code, answer.get_json()["error"]) == (403, "forbidden")
    assert "paper" in answer.get_json()["message"]
    assert not close_election(whole.services, whole.id, OFFICIAL).votes()


def test_a_ballot_queued_before_a_strike_is_logged_and_one_after_it_is_refused(whole: Stage) -> None:
    client, key = whole.log_in(2), whole.voters[2].key.public
    first = whole.seal(2, choices=CHOICES[0]).ballot
    assert whole.put(client, 2, first).status_code == 202
    strike_voter(whole.services, whole.id, _signed(whole, "strike", voter=key))
    assert whole.answer(first.tracker).status_code == 201
    assert [entry["type"] for entry in whole.log()[4:]] == ["ballot", "strike"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log_entries SET data = :data WHERE entry_index = 2",
        "DELETE FROM log_entries WHERE entry_index = 3",
        "UPDATE checkpoints SET root = :data",
    ],
)
def test_a_damaged_log_stops_the_sequencer_for_that_election_alone(whole: Stage, change: str) -> None:
    with whole.services.database.writing() as session:
        session.execute(text(change), {"data": bytes(32)} if ":data" in change else {})
    with whole.services.database.reading() as session, pytest.raises(BoardDamaged, match="backup"):
        replay(session, whole.election)
    ballot = whole.seal(0, choices=CHOICES[0]).ballot
    assert whole.put(whole.log_in(0), 0, ballot).status_code == 202
    whole.sequence()
    assert whole.answer(ballot.tracker).status_code == 202
