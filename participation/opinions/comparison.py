"""How groups differ on each statement, and what they agree on. The tests are those of Polis (Small et al. 2021)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from participation.opinions.matrix import Reals

SIGNIFICANT = 1.2815515655446004
"""One-tailed normal quantile of 90 %."""


@dataclass(frozen=True)
class Comparison:
    """Groups × statements, for one answer (agree, or disagree).

    Attributes:
        count: Members who gave it.
        seen: Members who saw the statement.
        share: (count + 1) / (seen + 2): the probability of the answer, with a grain of doubt.
        ratio: The share over that of everybody outside the group.
        share_test: z of "more than half of the group give this answer".
        ratio_test: z of "more of the group than of the others give it".
    """

    count: NDArray[np.int64]
    seen: NDArray[np.int64]
    share: Reals
    ratio: Reals
    share_test: Reals
    ratio_test: Reals

    @property
    def weight(self) -> Reals:
        """How well a statement characterises a group: all four together."""
        return self.ratio * self.ratio_test * self.share * self.share_test

    @property
    def significant(self) -> NDArray[np.bool_]:
        """Whether both tests hold at 90 %."""
        return np.asarray((self.share_test > SIGNIFICANT) & (self.ratio_test > SIGNIFICANT))


def compare(votes: Reals, groups: NDArray[np.int64], answer: int) -> Comparison:
    """Compare each group with all others.

    Args:
        votes: Participants × statements (1, 0, −1, NaN).
        groups: Each participant's group, from 0.
        answer: 1 (agree) or −1 (disagree).
    """
    number = int(groups.max()) + 1 if len(groups) else 0
    member = np.arange(number)[:, np.newaxis] == groups[np.newaxis, :]
    count = member.astype(np.int64) @ (votes == answer).astype(np.int64)
    seen = member.astype(np.int64) @ (~np.isnan(votes)).astype(np.int64)
    count_out, seen_out = count.sum(axis=0) - count, seen.sum(axis=0) - seen
    share = (count + 1) / (seen + 2)
    return Comparison(
        count=count,
        seen=seen,
        share=share,
        ratio=share / ((count_out + 1) / (seen_out + 2)),
        share_test=2 * np.sqrt(seen + 1) * ((count + 1) / (seen + 1) - 0.5),
        ratio_test=_two_proportions(count + 1, seen + 1, count_out + 1, seen_out + 1),
    )


def consensus(votes: Reals, groups: NDArray[np.int64], answer: int) -> Reals:
    """Return for each statement the product of all groups' shares: high only where no group is against it."""
    return np.asarray(np.prod(compare(votes, groups, answer).share, axis=0))


def _two_proportions(
    hits: NDArray[np.int64], of: NDArray[np.int64], hits_out: NDArray[np.int64], of_out: NDArray[np.int64]
) -> Reals:
    together = (hits + hits_out) / (of + of_out)
    with np.errstate(divide="ignore", invalid="ignore"):
        test = (hits / of - hits_out / of_out) / np.sqrt(together * (1 - together) * (1 / of + 1 / of_out))
    return np.where(together >= 1, 0.0, test)
