"""Where the tally service stops: forks, quorums, full disks, foreign shares, what nobody confirmed."""

from contextlib import closing

import pytest

from ballots import codec
from tally import files
from tally.errors import (
    BoardForked,
    ElectionRefused,
    FileProblem,
    ForeignShare,
    NotConfirmed,
    SecondIntent,
)
from tally.follow import ANY_ELECTION, Stage, Trustee, run
from tally.state import State
from tests.support.elections import simulate
from tests.tally.boards import SimulatedBoard, freeze, open_frozen, share_of
from tests.tally.following import Desk, vote


def test_no_partial_leaves_before_the_quorum(desk: Desk) -> None:
    simulation = desk.board.simulation
    freeze(simulation)
    open_frozen(simulation)
    vote(simulation, "ada", "ben", "ben")
    simulation.close()
    for _ in range(3):
        assert desk.stages(1, 2) == [Stage.QUORUM] * 2
    assert desk.posted("partials") == []
    desk.stages(3)
    assert desk.stages(1) == [Stage.PARTIALS]


def test_a_fork_stops_for_good_and_nothing_is_signed(desk: Desk) -> None:
    """G3, E2: shown a log without one ballot after having seen it, a trustee signs nothing, ever again."""
    simulation = desk.board.simulation
    freeze(simulation)
    open_frozen(simulation)
    vote(simulation, "ada", "ben")
    assert desk.stages(1) == [Stage.OPEN]
    other = simulate(voters=5)
    freeze(other)
    open_frozen(other)
    vote(other, "ada")
    other.close()
    desk.board.simulation = other
    with pytest.raises(BoardForked, match="STOP"):
        desk.stages(1)
    desk.board.simulation = simulation
    desk.kill()
    with pytest.raises(BoardForked, match="An earlier run"):
        desk.stages(1)
    assert desk.posted("intents") == []


def test_two_trustees_shown_two_logs_never_reach_a_quorum(desk: Desk) -> None:
    """G3: whoever signs the intent of one log cannot help to open the other."""
    simulation = desk.board.simulation
    freeze(simulation)
    open_frozen(simulation)
    vote(simulation, "ada", "ben", "ben")
    simulation.close()
    other = simulate(voters=5)
    freeze(other)
    open_frozen(other)
    vote(other, "ada", "ben")
    other.close()
    assert desk.stages(1) == [Stage.QUORUM]
    hidden = SimulatedBoard(other)
    desk.kill()
    second = Desk(hidden, desk.folder.parent / "elsewhere", desk.share_files)
    with pytest.raises(SecondIntent):
        second.stages(1)
    assert second.stages(2) == [Stage.QUORUM]
    assert hidden.simulation.board.signers == {("trustee", 2)}
    second.kill()


def test_a_full_disk_signs_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    simulation = desk.board.simulation
    freeze(simulation)
    open_frozen(simulation)
    vote(simulation, "ada")
    desk.stages(1)
    simulation.close()

    def full(*_: object) -> None:
        raise FileProblem("Could not write: the disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(files, "write_new", full)
        with pytest.raises(FileProblem, match="disk is full"):
            desk.stages(1)
    assert desk.posted("intents") == []
    assert desk.stages(1) == [Stage.QUORUM]


def test_an_annulled_election_ends_without_signatures(desk: Desk) -> None:
    simulation = desk.board.simulation
    freeze(simulation)
    open_frozen(simulation)
    vote(simulation, "ada")
    simulation.close()
    simulation.append("annul", simulation.signed_by("official", "annul", reason="fire"))
    assert desk.stages(1) == [Stage.ANNULLED]
    assert desk.board.posted == []


def test_without_confirmation_nothing_is_signed(desk: Desk) -> None:
    """D3: trustees sign only the election that they were told of."""
    simulation = desk.board.simulation
    freeze(simulation)
    desk.accepts = ""
    assert desk.stages(1) == [Stage.NOT_CONFIRMED]
    with pytest.raises(NotConfirmed, match=simulation.fingerprint):
        run(desk.follower(1), 0, lambda text: None)
    desk.kill()
    desk.accepts = codec.encode_bytes(bytes(32))
    with pytest.raises(NotConfirmed, match="Nothing was signed"):
        desk.stages(2)
    assert desk.board.posted == []
    desk.kill()
    desk.accepts = simulation.fingerprint
    assert desk.stages(1) == [Stage.BEFORE_OPEN]
    assert desk.posted("opening")[0]["election"] == simulation.fingerprint


def test_the_opening_waits_for_the_registrars_signature(desk: Desk) -> None:
    simulation = desk.board.simulation
    freeze(simulation)
    desk.board.leaves = [entry.encode() for entry in simulation.entries[:2]]
    assert desk.stages(1) == [Stage.BEFORE_FREEZE]
    assert desk.board.posted == []
    desk.board.leaves = None
    assert desk.stages(1) == [Stage.BEFORE_OPEN]


def test_an_open_election_needs_no_confirmation_again(desk: Desk) -> None:
    freeze(desk.board.simulation)
    open_frozen(desk.board.simulation)
    desk.accepts = ""
    assert desk.stages(1) == [Stage.OPEN]


def test_the_opening_is_posted_again_now_and_then(desk: Desk) -> None:
    freeze(desk.board.simulation)
    for _ in range(21):
        desk.stages(1)
    assert len(desk.posted("opening")) == 2


def test_a_share_of_another_election(desk: Desk) -> None:
    freeze(desk.board.simulation)
    other = simulate(title={"en": "Another"})
    who = Trustee(share_of(other, 1), desk.share_files.write(other, 1), ANY_ELECTION)
    follower, state = desk.start(who, "foreign")
    with closing(state), pytest.raises(ForeignShare, match="made for another election"):
        follower.advance()


def test_a_state_folder_belongs_to_one_election_and_one_process(desk: Desk) -> None:
    freeze(desk.board.simulation)
    desk.stages(1)
    with pytest.raises(FileProblem, match="Another process follows"):
        State(desk.folder / "trustee-1")
    desk.kill()
    (desk.folder / "trustee-1" / "election").write_text(codec.encode_bytes(bytes(32)))
    with pytest.raises(NotConfirmed, match="follows the election"):
        desk.stages(1)


def test_a_bad_key_is_refused_before_anything_is_signed(desk: Desk) -> None:
    freeze(desk.board.simulation)
    other = simulate(title={"en": "Another"})
    desk.board.replaced["key.json"] = other.election.key_document.encode()
    with pytest.raises(ElectionRefused, match="manifest, key or roll"):
        desk.stages(1)
