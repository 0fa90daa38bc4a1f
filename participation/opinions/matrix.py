"""Who voted how on what, as a matrix."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from participation.opinions.votes import VOTES

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class OpinionMatrix:
    """Votes on statements.

    Attributes:
        participants: Names of the rows, sorted.
        statements: Names of the columns, sorted.
        votes: Participants × statements; 1 agree, 0 pass, −1 disagree, NaN not seen.
    """

    participants: tuple[int, ...]
    statements: tuple[int, ...]
    votes: Reals

    @property
    def seen(self) -> NDArray[np.int64]:
        """Statements that each participant voted on (passing counts)."""
        return np.asarray((~np.isnan(self.votes)).sum(axis=1), dtype=np.int64)

    def rows(self, chosen: NDArray[np.bool_]) -> "OpinionMatrix":
        """Return the matrix of some participants."""
        names = tuple(name for name, wanted in zip(self.participants, chosen, strict=True) if wanted)
        return OpinionMatrix(names, self.statements, self.votes[chosen])


def build_matrix(votes: Iterable[tuple[int, int, int]], statements: Iterable[int]) -> OpinionMatrix:
    """Arrange votes.

    Args:
        votes: (participant, statement, vote) in the order of casting; of two by one participant the later counts.
        statements: The statements to look at; votes on others (moderated ones) are left out.

    Raises:
        ValueError: A vote is none of 1, 0 and −1.
    """
    columns = tuple(sorted(set(statements)))
    place = {statement: column for column, statement in enumerate(columns)}
    latest: dict[tuple[int, int], int] = {}
    for participant, statement, vote in votes:
        if vote not in VOTES:
            raise ValueError(f"A vote is 1, 0 or -1, not {vote}.")
        if statement in place:
            latest[participant, statement] = vote
    rows = tuple(sorted({participant for participant, _ in latest}))
    return OpinionMatrix(rows, columns, _fill(latest, rows, place))


def _fill(latest: Mapping[tuple[int, int], int], rows: tuple[int, ...], place: Mapping[int, int]) -> Reals:
    row_of = {participant: row for row, participant in enumerate(rows)}
    filled = np.full((len(rows), len(place)), np.nan)
    for (participant, statement), vote in latest.items():
        filled[row_of[participant], place[statement]] = vote
    return filled
