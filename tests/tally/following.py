"""Trustees' programs that follow a board in memory, and votes for it."""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tally.errors import (
    BoardForked,
)
from tally.follow import ANY_ELECTION, Follower, Observer, Stage, Trustee
from tally.mirror import Mirror
from tally.state import State
from tests.support.elections import Simulation
from tests.tally.boards import ShareFiles, SimulatedBoard, share_of


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


def vote(simulation: Simulation, *choices: str) -> None:
    for voter, choice in zip(simulation.voters, choices, strict=False):
        simulation.cast(voter, {"mayor": [choice]})
