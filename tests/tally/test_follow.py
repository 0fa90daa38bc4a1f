"""The separate tally service against a board in memory: each step, and each crash between two."""

from typing import Any

import pytest

from ballots import codec
from ballots.result import parse_tally
from tally.errors import (
    BoardForked,
    BoardRefused,
    BoardUnreachable,
    ElectionRefused,
    FileProblem,
    SecondIntent,
    TallyProgramError,
)
from tally.follow import Stage, run
from tests.tally.boards import freeze, open_frozen
from tests.tally.following import Desk, vote


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
