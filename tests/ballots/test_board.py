"""The bulletin board's state after what it admits (section 7)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ballots import codec
from ballots.ballot import parse_ballot
from ballots.board import Board, Intent
from ballots.errors import BallotsError, LogError
from ballots.merkle import MerkleTree, leaf_hash
from tests.support.elections import CLOSES_AT, MAYOR, OPENS_AT, Simulation, seeded_key, simulate
from tests.support.proposals import (
    ADA,
    BEN,
    LATER,
    audited,
    close,
    closed,
    new,
    observe,
    opened,
    replaced,
    signed,
    state,
    struck,
    tallied,
    voted,
)


@pytest.mark.parametrize("step", [-1, 1, 1000])
def test_an_index_out_of_turn(step: int) -> None:
    simulation = new()
    simulation.open()
    entry = simulation.board.next_entry("audited", audited(simulation)[1], simulation.now)  # type: ignore[arg-type]
    with pytest.raises(LogError, match=f"Entry {4 + step} stands where entry 4 is expected"):
        simulation.board.admit(replace(entry, index=4 + step))


def test_edges_of_the_window_are_in_it() -> None:
    simulation = new()
    simulation.now = OPENS_AT - timedelta(days=1)
    simulation.open()
    simulation.now = OPENS_AT - timedelta(seconds=1)
    assert simulation.cast(simulation.voters[0], ADA).time == codec.encode_time(OPENS_AT)
    simulation.now = CLOSES_AT - timedelta(seconds=1)
    assert simulation.cast(simulation.voters[0], BEN).time == codec.encode_time(CLOSES_AT)
    simulation.now = CLOSES_AT - timedelta(seconds=1)
    simulation.append(*signed("official", "extend", closes_at=LATER, reason="Snow.")(simulation))
    simulation.now = CLOSES_AT + timedelta(hours=1, seconds=-1)
    assert simulation.cast(simulation.voters[0], ADA).time == LATER == simulation.board.closes_at


def test_closing_by_time_at_its_very_second() -> None:
    simulation = new(closing="time")
    voted(simulation)
    simulation.now = CLOSES_AT - timedelta(seconds=1)
    simulation.append("close", {**close(simulation)[1], "signature": ""})
    assert simulation.board.state == "closed"


def test_an_official_may_close_early_and_entries_but_ballots_may_be_late() -> None:
    simulation = new()
    opened(simulation)
    simulation.now = CLOSES_AT + timedelta(days=1)
    simulation.append(*struck(0)(simulation))
    simulation.append(*replaced(1)(simulation))
    simulation.append(*audited(simulation))
    simulation.close()
    early = new()
    opened(early)
    early.close()
    assert early.board.state == simulation.board.state == "closed"


def test_states_follow_each_other() -> None:
    simulation = new()
    seen = [simulation.board.state]
    for step in (opened, Simulation.close):
        step(simulation)
        seen.append(simulation.board.state)
    for number in (0, 1):
        observe(simulation, number)
    assert not simulation.board.signed_by_quorum()
    simulation.tally()
    assert simulation.board.signed_by_quorum()
    seen.append(simulation.board.state)
    simulation.append(*signed("official", "annul", reason="Too late.")(simulation))
    seen.append(simulation.board.state)
    assert seen == ["frozen", "open", "closed", "tallied", "annulled"]


def test_the_intent_is_over_the_log_up_to_close() -> None:
    simulation = new()
    closed(simulation)
    tree = MerkleTree()
    for entry in simulation.entries:
        tree.append(leaf_hash(entry.encode()))
    expected = Intent(len(simulation.entries), codec.encode_bytes(tree.root()), simulation.board.counted_hash())
    assert simulation.board.intent == expected
    assert expected.signed("F") == {"election": "F", "size": 6, "root": expected.root, "counted": expected.counted}
    simulation.intend(1)
    assert simulation.board.intent == expected


def test_counted_is_a_hash_of_trackers_in_log_order() -> None:
    simulation = new()
    opened(simulation)
    for voter in (2, 0, 1, 2):
        simulation.cast(simulation.voters[voter], ADA)
    trackers = [ballot.tracker for ballot in simulation.ballots]
    counted = [trackers[1], trackers[2], trackers[3]]
    assert [vote.tracker for vote in simulation.board.votes()] == counted
    assert [vote.ordinal for vote in simulation.board.votes()] == [1, 2, 3]
    assert simulation.board.counted_hash() == codec.encode_bytes(codec.digest("counted", counted))


def test_a_new_key_takes_over_style_and_weight_but_not_the_ballot() -> None:
    simulation = simulate((MAYOR,), weights=(5, 1, 1))
    voted(simulation)
    simulation.append(*replaced()(simulation))
    assert simulation.board.votes() == []
    person = replace(simulation.voters[0], key=seeded_key("new key"))
    simulation.cast(person, BEN)
    (vote,) = simulation.board.votes()
    assert (vote.line.weight, vote.line.style, vote.line.voter) == (5, "all", person.key.public)
    chain = {"old": person.key.public, "new": seeded_key("third key").public}
    simulation.append("replace", simulation.signed_by("registrar", "replace", **chain))
    assert simulation.board.votes() == []


def test_trackers_are_remembered() -> None:
    simulation = new()
    voted(simulation)
    simulation.append(*audited(simulation))
    cast_one, audited_one = simulation.ballots[0].tracker, simulation.entries[-1].body["tracker"]
    assert simulation.board.has_tracker(cast_one)
    assert not simulation.board.has_tracker(audited_one)
    assert simulation.board.is_audited(audited_one)
    assert not simulation.board.is_audited(cast_one)


def test_next_entry_never_goes_back() -> None:
    simulation = new()
    simulation.open()
    entry = simulation.board.next_entry("audited", {"tracker": "A" * 43}, datetime(2000, 1, 1, tzinfo=UTC))
    assert entry.time == simulation.board.last_time


def test_a_ballot_of_another_election_does_not_parse_here() -> None:
    there, here = new(), new(title={"en": "Another"})
    ballot = there.seal(there.voters[0], ADA).ballot
    with pytest.raises(BallotsError, match="another election"):
        parse_ballot(ballot.document, here.election, "all")


def test_the_whole_log_replays() -> None:
    simulation = new()
    tallied(simulation)
    again, ballots = Board(simulation.election), iter(simulation.ballots)
    for entry in simulation.entries:
        again.admit(entry, next(ballots) if entry.type == "ballot" else None)
    assert state(again) == state(simulation.board)
