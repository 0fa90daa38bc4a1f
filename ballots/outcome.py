"""Who is elected, by the manifest's rule and with integers only (section 9, rule).

People, not programs, break ties. The option that stands for abstaining is left out of every rule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ballots.contests import pairs_of
from ballots.definition import Borda, Budget, Contest, Majority, Plurality, Rank, Schulze


@dataclass(frozen=True)
class Outcome:
    """Ids of options elected and tied, each in manifest order."""

    elected: tuple[str, ...]
    tied: tuple[str, ...]


def decide(contest: Contest, totals: Sequence[int], counted_weight: int, eligible_weight: int) -> Outcome:
    """Apply a contest's rule to its totals.

    Args:
        contest: The contest.
        totals: One integer an option, or a pair for a ranking.
        counted_weight: Σ weights of the counted ballots that have the contest.
        eligible_weight: Σ weights of the roll's lines whose style has the contest.
    """
    rule = contest.rule
    candidates = [index for index, option in enumerate(contest.option_ids) if option != contest.abstain]
    if isinstance(rule, Plurality):
        elected, tied = _seats({index: totals[index] for index in candidates}, rule.seats)
        if any(totals[index] for index in candidates):
            # An option without a vote can be elected only where nobody has more.
            voteless = {index for index in elected if not totals[index]}
            elected, tied = elected - voteless, tied | voteless
    elif isinstance(rule, Borda | Schulze):
        assert isinstance(contest, Rank)
        preferred = pairwise(contest, totals, counted_weight)
        decide_seats = _schulze if isinstance(rule, Schulze) else _borda
        elected, tied = decide_seats(preferred, candidates, rule.seats)
    elif isinstance(rule, Majority):
        elected, tied = _majority(contest, rule, totals, candidates, (counted_weight, eligible_weight)), set()
    else:
        elected, tied = _budget(rule, totals, candidates)
    return Outcome(_names(contest, elected), _names(contest, tied))


def _names(contest: Contest, indices: set[int]) -> tuple[str, ...]:
    return tuple(option for index, option in enumerate(contest.option_ids) if index in indices)


def _seats(scores: Mapping[int, int], seats: int) -> tuple[set[int], set[int]]:
    """Elect who has fewer than ``seats`` others not strictly below; tie who has fewer strictly above."""
    elected, tied = set(), set()
    for option, score in scores.items():
        if sum(other >= score for other in scores.values()) - 1 < seats:
            elected.add(option)
        elif sum(other > score for other in scores.values()) < seats:
            tied.add(option)
    return elected, tied


def pairwise(contest: Rank, totals: Sequence[int], counted_weight: int) -> dict[tuple[int, int], int]:
    """Return d(a, b) by the options' places: the weight that puts a above b; strictly, the rest puts b above a."""
    preferred = dict(zip(pairs_of(contest), totals, strict=True))
    if not contest.ties:
        preferred |= {(b, a): counted_weight - count for (a, b), count in preferred.items()}
    return preferred


def borda_scores(preferred: Mapping[tuple[int, int], int], candidates: Sequence[int]) -> dict[int, int]:
    """Return each candidate's Borda score: Σ_b d(a, b)."""
    return {a: sum(preferred[a, b] for b in candidates if b != a) for a in candidates}


def _borda(
    preferred: Mapping[tuple[int, int], int], candidates: Sequence[int], seats: int
) -> tuple[set[int], set[int]]:
    return _seats(borda_scores(preferred, candidates), seats)


def strongest_paths(preferred: Mapping[tuple[int, int], int], candidates: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return Schulze's strongest paths by winning votes (Schulze 2011, Floyd and Warshall's order)."""
    strength = {
        (a, b): preferred[a, b] if preferred[a, b] > preferred[b, a] else 0
        for a in candidates
        for b in candidates
        if a != b
    }
    for middle in candidates:
        for a in candidates:
            for b in candidates:
                if len({a, b, middle}) == 3:
                    strength[a, b] = max(strength[a, b], min(strength[a, middle], strength[middle, b]))
    return strength


def _schulze(
    preferred: Mapping[tuple[int, int], int], candidates: Sequence[int], seats: int
) -> tuple[set[int], set[int]]:
    strength = strongest_paths(preferred, candidates)
    elected, tied = set(), set()
    for option in candidates:
        others = [other for other in candidates if other != option]
        not_below = sum(strength[option, other] <= strength[other, option] for other in others)
        above = sum(strength[other, option] > strength[option, other] for other in others)
        if not_below < seats:
            elected.add(option)
        elif above < seats:
            tied.add(option)
    return elected, tied


def _majority(
    contest: Contest, rule: Majority, totals: Sequence[int], candidates: Sequence[int], weights: tuple[int, int]
) -> set[int]:
    option = contest.option_ids.index(rule.of)
    counted, eligible = weights
    enough_votes = 100 * totals[option] > rule.percent * sum(totals[index] for index in candidates)
    enough_turnout = 100 * counted >= rule.turnout_percent * eligible
    return {option} if enough_votes and enough_turnout else set()


def _budget(rule: Budget, totals: Sequence[int], candidates: Sequence[int]) -> tuple[set[int], set[int]]:
    """Spend greedily, group by group of equal total; a group that fits only in part is tied."""
    elected: set[int] = set()
    left = rule.budget
    for total in sorted({totals[index] for index in candidates}, reverse=True):
        if not total and any(totals[index] for index in candidates):
            break  # An option without a vote can be elected only where nobody has more.
        group = {index for index in candidates if totals[index] == total and rule.costs[index] <= left}
        cost = sum(rule.costs[index] for index in group)
        if cost > left:
            return elected, group
        elected |= group
        left -= cost
    return elected, set()
