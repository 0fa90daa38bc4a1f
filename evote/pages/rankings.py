"""Rankings for readers: who is preferred to whom, Borda's scores, and what Schulze's method compares."""

from collections.abc import Sequence
from dataclasses import dataclass

from ballots.definition import Rank
from ballots.outcome import borda_scores, pairwise, strongest_paths

Matrix = list[list[int | None]]
"""Rows and columns in the manifest's order; nothing on the diagonal, or where the abstention stands."""


@dataclass(frozen=True)
class Standing:
    """An option among the others.

    Attributes:
        beats: How many others it beats in direct comparison.
        score: Borda's: over all others, how many ballots put it above them.
    """

    beats: int
    score: int


def candidates_of(contest: Rank) -> list[int]:
    """Return the places of the options that can be elected."""
    return [place for place, option in enumerate(contest.option_ids) if option != contest.abstain]


def pair_matrix(contest: Rank, totals: Sequence[int], weight: int) -> Matrix:
    """Lay a ranking's totals out as a table; with strict ranks the other half follows from the weight."""
    return _laid_out(len(contest.options), pairwise(contest, totals, weight))


def path_matrix(contest: Rank, totals: Sequence[int], weight: int) -> Matrix:
    """Lay the strengths of Schulze's strongest paths out as a table."""
    return _laid_out(len(contest.options), strongest_paths(pairwise(contest, totals, weight), candidates_of(contest)))


def standings(contest: Rank, totals: Sequence[int], weight: int) -> list[Standing]:
    """Say of each option, in the manifest's order, how it stands; the abstention beats nobody."""
    preferred, candidates = pairwise(contest, totals, weight), candidates_of(contest)
    scores = borda_scores(preferred, candidates)
    beaten = {a: sum(preferred[a, b] > preferred[b, a] for b in candidates if b != a) for a in candidates}
    return [Standing(beaten.get(place, 0), scores.get(place, 0)) for place in range(len(contest.options))]


def _laid_out(count: int, values: dict[tuple[int, int], int]) -> Matrix:
    return [[values.get((a, b)) for b in range(count)] for a in range(count)]
