"""The encrypted count: ∏ cell^weight over the counted ballots, contest by contest (section 8)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import gmpy2
from gmpy2 import mpz

from ballots.ballot import Ballot
from ballots.election import Election
from ballots.roll import RollLine


@dataclass(frozen=True)
class Aggregate:
    """One contest's encrypted count.

    Attributes:
        id: The contest.
        ballots: How many counted ballots have the contest.
        weight: Their weights' sum.
        ciphertexts: What the trustees open, packed; empty when the contest is withheld because
            so few ballots, or so few of some weight, would show how somebody voted.
    """

    id: str
    ballots: int
    weight: int
    ciphertexts: tuple[mpz, ...]

    @property
    def withheld(self) -> bool:
        """Whether the contest must stay closed."""
        return not self.ciphertexts


class Aggregator:
    """Adds counted ballots one at a time; memory does not grow with them."""

    def __init__(self, election: Election) -> None:
        """Start at nothing."""
        self._election = election
        self._products = {name: [mpz(1)] * layout.cells for name, layout in election.layouts.items()}
        self._weights: dict[str, Counter[int]] = {name: Counter() for name in election.layouts}

    def add(self, ballot: Ballot, line: RollLine) -> None:
        """Add a ballot that counts, with the weight of the line it votes for."""
        n_squared = self._election.key.n_squared
        for contest in ballot.contests:
            self._products[contest.id] = _multiply(self._products[contest.id], contest.cells, line.weight, n_squared)
            self._weights[contest.id][line.weight] += 1

    def result(self) -> tuple[Aggregate, ...]:
        """Return the aggregates in the order of the manifest's contests."""
        return tuple(self._aggregate(contest.id) for contest in self._election.manifest.contests)

    def _aggregate(self, contest: str) -> Aggregate:
        weights = self._weights[contest]
        least = self._election.manifest.min_ballots
        ballots, weight = weights.total(), sum(value * count for value, count in weights.items())
        if ballots < least or any(count < least for count in weights.values()):
            return Aggregate(contest, ballots, weight, ())
        n_squared = self._election.key.n_squared
        packed = []
        for group in self._election.layouts[contest].groups():
            product = mpz(1)
            for cell, scale in group:
                product = product * gmpy2.powmod(self._products[contest][cell], scale, n_squared) % n_squared
            packed.append(product)
        return Aggregate(contest, ballots, weight, tuple(packed))


def _multiply(products: Sequence[mpz], cells: Sequence[mpz], weight: int, n_squared: mpz) -> list[mpz]:
    if weight == 1:
        return [product * cell % n_squared for product, cell in zip(products, cells, strict=True)]
    return [
        product * gmpy2.powmod(cell, weight, n_squared) % n_squared
        for product, cell in zip(products, cells, strict=True)
    ]
