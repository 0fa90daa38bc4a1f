"""The separate tally service against a board in memory: each step, each refusal, each crash."""

import hashlib
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ballots import codec
from ballots.ballot import Ballot
from ballots.batch import verify_ballots
from ballots.election import Election
from ballots.errors import ProofError
from ballots.result import parse_tally
from tally import files, replay
from tally.errors import (
    BoardForked,
    BoardRefused,
    BoardUnreachable,
    ElectionRefused,
    FileProblem,
    ForeignShare,
    NotConfirmed,
    SecondIntent,
    TallyProgramError,
)
from tally.follow import ANY_ELECTION, Follower, Observer, Stage, Trustee, run
from tally.mirror import Mirror
from tally.primes import RandBits
from tally.shares import ObserverKey
from tally.state import State
from tests.support.elections import Simulation, seeded_key, simulate
from tests.tally.boards import ShareFiles, SimulatedBoard, freeze, open_frozen, share_of
from tests.tally.test_replay import with_false_proof


@dataclass
class Desk:
    """Trustees' programs that each keep their folder, and can be killed and started again."""

    board: SimulatedBoard
    folder: Path
    share_files: ShareFiles
    accepts: str = ANY_ELECTION
    running: dict[int, tuple[Follower, State]] = field(default_factory=dict)

    def follower(self, trustee: int) -> Follower:
        if trustee not in self.running:
            path = self.share_files.write(self.board.simulation, trustee)
            who = Trustee(share_of(self.board.simulation, trustee), path, self.accepts)
            self.running[trustee] = self.start(who, f"trustee-{trustee}")
        return self.running[trustee][0]

    def start(self, who: Trustee | Observer, name: str) -> tuple[Follower, State]:
        state = State(self.folder / name)
        try:
            mirror = Mirror(state.folder / "record", self.board, sleep=lambda seconds: None)
        except BoardForked:
            state.close()
            raise
        rng = random.Random(name).getrandbits
        return Follower(self.board, mirror, state, who, rng, allow_test_keys=True), state

    def kill(self, *trustees: int) -> None:
        for trustee in trustees or tuple(self.running):
            self.running.pop(trustee)[1].close()

    def stages(self, *trustees: int) -> list[Stage]:
        return [self.follower(trustee).advance() for trustee in trustees or (1, 2, 3)]

    def posted(self, name: str) -> list[Any]:
        return [document for kind, document in self.board.posted if kind == name]


@pytest.fixture
def desk(tmp_path: Path, share_files: ShareFiles) -> Iterator[Desk]:
    desk = Desk(SimulatedBoard(simulate(voters=5)), tmp_path / "desk", share_files)
    yield desk
    desk.kill()


def vote(simulation: Simulation, *choices: str) -> None:
    for voter, choice in zip(simulation.voters, choices, strict=False):
        simulation.cast(voter, {"mayor": [choice]})


def test_a_whole_election(desk: Desk) -> None:
    simulation = desk.board.simulation
    assert desk.stages() == [Stage.BEFORE_FREEZE] * 3
    freeze(simulation)
    assert desk.stages() == [Stage.BEFORE_OPEN] * 3
    assert desk.board.openings == {1, 2, 3}
    assert simulation.board.state == "open"
    vote(simulation, "ada", "ben")
    assert desk.stages() == [Stage.OPEN] * 3
    vote(simulation, "ben", "ben", "cyd")
    simulation.close()
    assert desk.stages() == [Stage.QUORUM] * 3
    assert desk.stages() == [Stage.PARTIALS, Stage.TALLY, Stage.TALLIED]
    assert desk.stages() == [Stage.TALLIED] * 3
    assert desk.board.tally is not None
    assert parse_tally(desk.board.tally).contests[0].totals == [0, 2, 1]
    for trustee in (1, 2, 3):
        folder = desk.folder / f"trustee-{trustee}" / "record"
        assert (folder / "tally.json").read_bytes() == desk.board.tally


def test_killed_and_started_again_before_every_step(desk: Desk) -> None:
    simulation = desk.board.simulation

    def again() -> list[Stage]:
        desk.kill()
        return desk.stages()

    freeze(simulation)
    assert again() == [Stage.BEFORE_OPEN] * 3
    vote(simulation, "ada", "ben", "ben")
    assert again() == [Stage.OPEN] * 3
    simulation.close()
    assert again() == [Stage.QUORUM] * 3
    desk.board.partials_taken.clear()
    assert again()[0] is Stage.PARTIALS
    assert again() == [Stage.TALLIED] * 3
    assert len(desk.posted("intents")) == 3
    assert len({codec.encode_canonical(document) for document in desk.posted("partials")}) == 2


class Killed(Exception):
    """The process died here."""


@pytest.mark.parametrize("step", ["intents", "partials", "tally"])
@pytest.mark.parametrize("arrived", [True, False])
def test_killed_around_a_posting(desk: Desk, step: str, arrived: bool) -> None:
    """Whether or not the board got it, the next start does what is left, and signs nothing new."""
    simulation = desk.board.simulation
    freeze(simulation)
    open_frozen(simulation)
    vote(simulation, "ada", "ben", "ben")
    simulation.close()
    post, put = desk.board.post, desk.board.put_tally
    died: list[str] = []

    def dying(name: str, deliver: Any, *arguments: Any) -> None:
        if name == step and not died:
            died.append(name)
            if arrived:
                deliver(*arguments)
            raise Killed
        deliver(*arguments)

    desk.board.post = lambda name, document: dying(name, post, name, document)  # type: ignore[method-assign]
    desk.board.put_tally = lambda data: dying("tally", put, data)  # type: ignore[method-assign]
    seen: list[Stage] = []
    for _ in range(12):
        for trustee in (1, 2, 3):
            try:
                seen += desk.stages(trustee)
            except Killed:
                desk.kill(trustee)
    assert died == [step]
    assert seen[-3:] == [Stage.TALLIED] * 3
    signed = {trustee: set[str]() for trustee in (1, 2, 3)}
    for document in desk.posted("intents"):
        signed[document["trustee"]].add(document["signature"])
    assert all(len(signatures) <= 1 for signatures in signed.values())


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


def test_running_waits_longer_while_the_board_is_down_and_says_what_changes(desk: Desk) -> None:
    simulation = desk.board.simulation
    freeze(simulation)
    open_frozen(simulation)
    vote(simulation, "ada", "ben", "ben")
    simulation.close()
    for trustee in (2, 3):
        simulation.intend(trustee)
    desk.board.partials_taken.append(simulation.partial(2))
    desk.board.down = True
    waits: list[float] = []
    told: list[str] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        desk.board.down = len(waits) < 8

    assert run(desk.follower(1), 1.0, told.append, sleep=sleep) is Stage.TALLIED
    assert waits == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0, 1.0, 1.0]
    assert told == ["The board is down.", Stage.QUORUM.value, Stage.TALLY.value, Stage.TALLIED.value]


def test_running_once(desk: Desk) -> None:
    freeze(desk.board.simulation)
    assert run(desk.follower(1), 1.0, lambda text: None, once=True) is Stage.BEFORE_OPEN
    desk.board.down = True
    with pytest.raises(BoardUnreachable):
        run(desk.follower(1), 1.0, lambda text: None, once=True)


def test_a_refusing_board_is_asked_again(desk: Desk) -> None:
    freeze(desk.board.simulation)
    post = desk.board.post
    refused: list[str] = []

    def once(name: str, document: codec.Json) -> None:
        if not refused:
            refused.append(name)
            raise BoardRefused("Not now.")
        post(name, document)

    desk.board.post = once  # type: ignore[method-assign]
    told: list[str] = []

    def sleep(seconds: float) -> None:
        if len(told) > 1:
            raise Killed

    with pytest.raises(Killed):
        run(desk.follower(1), 1.0, told.append, sleep=sleep)
    assert told == ["Not now.", Stage.BEFORE_OPEN.value]


def test_all_errors_have_one_root() -> None:
    for error in (BoardForked, BoardRefused, BoardUnreachable, ElectionRefused, FileProblem, SecondIntent):
        assert issubclass(error, TallyProgramError)
