import random
from pathlib import Path

import pytest

from ballots import codec
from ballots.record import RecordReader
from tally import replay
from tally.errors import ElectionAnnulled, ElectionOpen, ElectionRefused
from tally.replay import Checked, Replay, check_record, trackers_digest
from tests.support.elections import A_CHOICE, EVERY_KIND, Simulation, ballot_body, simulate
from tests.tally.boards import write_record

RANDOM = random.Random(1).getrandbits


def check(folder: Path) -> Checked:
    replayed = check_record(RecordReader(folder), RANDOM, allow_test_keys=True)
    return replay.conclude(replayed, RecordReader(folder).ballots())


def reached(done: list[tuple[str, int, int]], what: str) -> tuple[int, int]:
    return next((count, total) for name, count, total in reversed(done) if name == what)


def test_a_closed_record_passes_with_the_simulations_aggregates(closed: Simulation, tmp_path: Path) -> None:
    done: list[tuple[str, int, int]] = []
    folder = write_record(closed, tmp_path / "record")
    replayed = check_record(
        RecordReader(folder), RANDOM, allow_test_keys=True, progress=lambda *step: done.append(step)
    )
    checked = replay.conclude(replayed, RecordReader(folder).ballots())
    assert checked.aggregates == closed.aggregates()
    assert checked.intent == closed.board.intent
    assert (checked.board.ballots, len(checked.board.votes())) == (5, 4)
    assert reached(done, "Checking the log and its ballots") == (10, 10)


def test_every_kind_of_contest_is_checked(tmp_path: Path) -> None:
    simulation = simulate(EVERY_KIND, voters=2, weights=(2,))
    simulation.open()
    for voter in simulation.voters:
        simulation.cast(voter, A_CHOICE)
    simulation.close()
    assert check(write_record(simulation, tmp_path / "record")).aggregates == simulation.aggregates()


def test_test_keys_need_to_be_allowed(closed: Simulation, tmp_path: Path) -> None:
    with pytest.raises(ElectionRefused, match="modulus_bits must be"):
        check_record(RecordReader(write_record(closed, tmp_path / "record")), RANDOM)


def test_an_open_election_is_refused(tmp_path: Path) -> None:
    """G3: nothing is signed or opened before the close."""
    simulation = simulate()
    simulation.open()
    simulation.cast(simulation.voters[0], {"mayor": ["ada"]})
    with pytest.raises(ElectionOpen, match="not closed yet"):
        check(write_record(simulation, tmp_path / "record"))


def test_an_annulled_election_is_refused(closed: Simulation, tmp_path: Path) -> None:
    closed.append("annul", closed.signed_by("official", "annul", reason="fire"))
    with pytest.raises(ElectionAnnulled):
        check(write_record(closed, tmp_path / "record"))


def with_false_proof(simulation: Simulation) -> None:
    """Put a ballot on the log whose proof does not hold; everything around it is right."""
    voter = simulation.voters[-1]
    ballot = simulation.seal(voter, {"mayor": ["ada"]}).ballot
    proof = ballot.document["contests"][0]["proofs"][0]
    proof["z"][0] = codec.encode_number(codec.decode_number(proof["z"][0], 64) ^ 1, 64)
    simulation.append("ballot", ballot_body(ballot, voter.key), ballot)


def test_a_ballot_that_proves_nothing_is_named(tmp_path: Path) -> None:
    simulation = simulate(voters=4)
    simulation.open()
    for voter in simulation.voters[:3]:
        simulation.cast(voter, {"mayor": ["ada"]})
    with_false_proof(simulation)
    simulation.close()
    with pytest.raises(ElectionRefused, match="entry 7: "):
        check(write_record(simulation, tmp_path / "record"))


def test_a_ballot_without_proof_check_is_never_added_up(closed: Simulation) -> None:
    replayed = Replay(closed.election, RANDOM)
    replayed.feed((entry.encode() for entry in closed.entries), (ballot.encode() for ballot in closed.ballots))
    replayed._unproven.clear()
    with pytest.raises(ElectionRefused, match="Not every ballot's proofs"):
        replay.conclude(replayed, (ballot.encode() for ballot in closed.ballots))


@pytest.mark.parametrize("ballots", [0, 4])
def test_ballots_that_change_between_check_and_count_are_refused(closed: Simulation, ballots: int) -> None:
    lines = [ballot.encode() for ballot in closed.ballots]
    replayed = Replay(closed.election, RANDOM)
    replayed.feed((entry.encode() for entry in closed.entries), iter(lines))
    replayed.prove()
    with pytest.raises(ElectionRefused, match="changed while"):
        replay.conclude(replayed, lines[:ballots])
    with pytest.raises(ElectionRefused, match="changed while"):
        replay.conclude(replayed, [lines[0], lines[2], *lines[2:]])


EDITS = [
    ("manifest.json", "gone", "no manifest.json"),
    ("checkpoint", "gone", "no checkpoint"),
    ("key.json", "flip", "manifest, key or roll fails"),
    ("roll.jsonl", "flip", "manifest, key or roll fails"),
    ("checkpoint", "flip", "checkpoint"),
    ("log/00000.jsonl", "flip", "Entry 0"),
    ("log/00000.jsonl", "shorten", "not the one that the board's checkpoint signs"),
    ("ballots/00000.jsonl", "flip", "Entry 4"),
    ("ballots/00000.jsonl", "shorten", "Entry 8"),
    ("ballots/00000.jsonl", "lengthen", "more ballots than its log names"),
]


@pytest.mark.parametrize(("name", "edit", "expected"), EDITS)
def test_a_changed_record_is_refused(closed: Simulation, tmp_path: Path, name: str, edit: str, expected: str) -> None:
    path = write_record(closed, tmp_path / "record") / name
    data = bytearray(path.read_bytes())
    lines = bytes(data).splitlines(keepends=True)
    if edit == "gone":
        path.unlink()
    elif edit == "flip":
        data[len(lines[0]) - 20] ^= 1
        path.write_bytes(data)
    else:
        path.write_bytes(b"".join(lines[:-1] if edit == "shorten" else [*lines, lines[-1]]))
    with pytest.raises(ElectionRefused, match=expected):
        check(tmp_path / "record")


@pytest.mark.parametrize("limit", ["BATCH", "BATCH_BYTES"])
def test_batches_are_told_with_the_trackers_hash(
    closed: Simulation, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    length = len(closed.ballots[0].encode())
    monkeypatch.setattr(replay, limit, {"BATCH": 2, "BATCH_BYTES": length + 1}[limit])
    told: list[tuple[int, str]] = []
    replayed = Replay(closed.election, RANDOM, on_proven=lambda count, digest: told.append((count, digest)))
    replayed.feed((entry.encode() for entry in closed.entries), (ballot.encode() for ballot in closed.ballots))
    replayed.prove()
    trackers = [ballot.tracker for ballot in closed.ballots]
    assert told == [(count, trackers_digest(trackers, count)) for count in (2, 4, 5)]
    assert trackers_digest(trackers, 6) == ""


def test_ballots_proven_before_are_not_proven_again(tmp_path: Path) -> None:
    simulation = simulate(voters=4)
    simulation.open()
    with_false_proof(simulation)
    entries = [entry.encode() for entry in simulation.entries]
    replayed = Replay(simulation.election, RANDOM, proven=1)
    replayed.feed(entries, (ballot.encode() for ballot in simulation.ballots))
    replayed.prove()
    assert replayed.proven == 1
