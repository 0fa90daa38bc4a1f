"""What the tally service checks: proofs, partials, the tally; trustees and observers."""

import hashlib
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from ballots import codec
from ballots.ballot import Ballot
from ballots.batch import verify_ballots
from ballots.election import Election
from ballots.errors import ProofError
from tally import replay
from tally.errors import (
    BoardUnreachable,
    ElectionRefused,
)
from tally.follow import Observer, Stage
from tally.primes import RandBits
from tally.shares import ObserverKey
from tests.support.elections import Simulation, seeded_key, simulate
from tests.tally.boards import ShareFiles, SimulatedBoard, freeze, open_frozen
from tests.tally.following import Desk, vote
from tests.tally.test_replay import with_false_proof


def test_proofs_checked_while_open_are_not_checked_again_at_the_close(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[int] = []

    def counting(election: Election, ballots: Sequence[Ballot], random_bits: RandBits) -> dict[int, ProofError]:
        batches.append(len(ballots))
        return verify_ballots(election, ballots, random_bits)

    monkeypatch.setattr(replay, "verify_ballots", counting)
    simulation = desk.board.simulation
    freeze(simulation)
    open_frozen(simulation)
    vote(simulation, "ada", "ben", "ben")
    desk.stages(1)
    desk.kill()
    vote(simulation, "cyd")
    simulation.close()
    desk.stages(1)
    assert batches == [3, 1]


def test_a_forged_memory_of_checked_proofs_is_not_believed(desk: Desk) -> None:
    simulation = desk.board.simulation
    freeze(simulation)
    open_frozen(simulation)
    vote(simulation, "ada", "ben", "ben")
    desk.stages(1)
    desk.kill()
    path = desk.folder / "trustee-1" / "proven.json"
    kept = codec.parse_canonical(path.read_bytes())
    with_false_proof(simulation)
    for forged in ({**kept, "ballots": 4}, {**kept, "ballots": 9}, {"ballots": 4}):
        path.write_bytes(codec.encode_canonical(forged))
        with pytest.raises(ElectionRefused, match="proofs that do not hold"):
            desk.stages(1)
        desk.kill()


def test_a_false_ballot_stops_the_trustee_while_the_election_runs(desk: Desk) -> None:
    simulation = desk.board.simulation
    freeze(simulation)
    open_frozen(simulation)
    with_false_proof(simulation)
    with pytest.raises(ElectionRefused, match="entry 4"):
        desk.stages(1)
    simulation.close()
    desk.kill()
    with pytest.raises(ElectionRefused, match="entry 4"):
        desk.stages(1)
    assert desk.posted("intents") == []


def closed_board(desk: Desk) -> Simulation:
    simulation = desk.board.simulation
    freeze(simulation)
    open_frozen(simulation)
    vote(simulation, "ada", "ben", "ben")
    simulation.close()
    desk.stages()
    return simulation


def test_bad_partials_on_the_board_do_not_stop_the_tally(desk: Desk) -> None:
    """D4 at the board: nonsense and foreign partials are passed over."""
    simulation = closed_board(desk)
    wrong = {**simulation.partial(3), "trustee": 2}
    desk.board.partials_taken += [None, {"trustee": 9}, wrong, 17]
    assert desk.stages(1) == [Stage.PARTIALS]
    assert desk.stages(3) == [Stage.TALLY]
    assert desk.stages(1) == [Stage.TALLIED]


@pytest.mark.parametrize("how", ["missing", "other", "bad"])
def test_a_tally_that_does_not_follow_is_refused(desk: Desk, how: str) -> None:
    simulation = closed_board(desk)
    desk.stages()
    assert simulation.board.state == "tallied"
    tally = desk.board.tally
    assert tally is not None
    if how == "missing":
        desk.board.replaced["tally.json"] = None
        with pytest.raises(BoardUnreachable, match="not there yet"):
            desk.stages(1)
    elif how == "other":
        desk.board.replaced["tally.json"] = tally.replace(b'"totals":[1,2,0]', b'"totals":[2,1,0]')
        with pytest.raises(ElectionRefused, match="not the file whose hash is on the log"):
            desk.stages(1)
    desk.board.replaced.clear()
    assert desk.stages(1) == [Stage.TALLIED]


def test_a_false_tally_on_the_log_is_refused(desk: Desk) -> None:
    simulation = closed_board(desk)
    honest = simulation.tally()
    false = honest.encode().replace(b'"totals":[1,2,0]', b'"totals":[2,1,0]')
    entry = simulation.entries.pop()
    body = {"sha256": codec.encode_bytes(hashlib.sha256(false).digest())}
    forged = type(entry)(entry.index, entry.time, "tally", body)
    desk.board.leaves = [*(one.encode() for one in simulation.entries), forged.encode()]
    desk.board.tally = false
    with pytest.raises(ElectionRefused, match="do not follow from its certificates"):
        desk.stages(1)


def test_an_observer_signs_once_the_close_is_checked(tmp_path: Path, share_files: ShareFiles) -> None:
    simulation = simulate(observers=[{"name": "Watch", "key": seeded_key("watch").public}])
    desk = Desk(SimulatedBoard(simulation), tmp_path / "desk", share_files)
    key_file = tmp_path / "observer.key"
    key_file.write_bytes(b"sealed elsewhere")
    follower, state = desk.start(Observer(ObserverKey("Watch", seeded_key("watch")), key_file), "observer")
    with closing(state):
        assert follower.advance() is Stage.BEFORE_FREEZE
        freeze(simulation)
        assert follower.advance() is Stage.BEFORE_OPEN
        open_frozen(simulation)
        vote(simulation, "ada")
        assert follower.advance() is Stage.OPEN
        simulation.close()
        assert follower.advance() is Stage.QUORUM
        assert simulation.board.signers == {("observer", 0)}
        assert follower.advance() is Stage.OBSERVED
        assert (tmp_path / "observer.key.intent").exists()
        assert [name for name, _ in desk.board.posted] == ["intents"]
