"""Who is elected: the manifest's rules, in integers, without breaking ties (section 9)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .contests import Contest, pairs_of

Beats = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The ids of the options elected and of those tied, in the manifest's order."""

    elected: tuple[str, ...]
    tied: tuple[str, ...]


def _by_seats(members: Sequence[int], seats: int, beats: Beats) -> tuple[set[int], set[int]]:
    """Elect whoever has fewer than `seats` others not strictly below; tie those with fewer strictly above."""
    elected, tied = set(), set()
    for option in members:
        others = [other for other in members if other != option]
        if sum(not beats(option, other) for other in others) < seats:
            elected.add(option)
        elif sum(beats(other, option) for other in others) < seats:
            tied.add(option)
    return elected, tied


def _preferences(contest: Contest, totals: Sequence[int], weight: int) -> list[list[int]]:
    """Return d: how much weight puts option a strictly above option b."""
    options = len(contest.options)
    table = [[0] * options for _ in range(options)]
    for (a, b), total in zip(pairs_of(options, contest.ties), totals, strict=True):
        table[a][b] = total
        if not contest.ties:
            table[b][a] = weight - total
    return table


def _strongest_paths(table: list[list[int]], members: Sequence[int]) -> list[list[int]]:
    """Return the strength of the strongest path from a to b, by winning votes (Schulze)."""
    paths = [[table[a][b] if table[a][b] > table[b][a] else 0 for b in range(len(table))] for a in range(len(table))]
    for via in members:
        for a in members:
            for b in members:
                if len({a, b, via}) == 3:
                    paths[a][b] = max(paths[a][b], min(paths[a][via], paths[via][b]))
    return paths


def _budget(contest: Contest, totals: Sequence[int], members: Sequence[int]) -> tuple[set[int], set[int]]:
    left, elected = contest.rule.budget, set[int]()
    for total in sorted({totals[option] for option in members}, reverse=True):
        group = [option for option in members if totals[option] == total and contest.rule.costs[option] <= left]
        cost = sum(contest.rule.costs[option] for option in group)
        if cost > left:
            return elected, set(group)
        elected.update(group)
        left -= cost
    return elected, set()


def _with_votes(members: Sequence[int], votes: Sequence[int]) -> list[int]:
    """Leave out options without a vote, unless nobody has any."""
    return [option for option in members if votes[option]] or list(members)


def decide(contest: Contest, totals: Sequence[int], weight: int, eligible_weight: int) -> Outcome:
    """Apply a contest's rule to its totals.

    Args:
        contest: with its rule.
        totals: one an option; or one a pair of options, for rankings.
        weight: of the ballots counted in this contest.
        eligible_weight: of the roll's lines whose ballot style has the contest.
    """
    rule = contest.rule
    members = [number for number, option in enumerate(contest.options) if option != contest.abstain]
    elected, tied = set[int](), set[int]()
    match rule.name:
        case "plurality":
            elected, tied = _by_seats(members, rule.seats, lambda a, b: totals[a] > totals[b])
            voteless = elected - set(_with_votes(members, totals))
            elected, tied = elected - voteless, tied | voteless  # what would be elected has fewer than `seats` above it
        case "schulze" | "borda":
            table = _preferences(contest, totals, weight)
            scores = [sum(table[a][b] for b in members if b != a) for a in range(len(table))]
            if rule.name == "borda":
                elected, tied = _by_seats(members, rule.seats, lambda a, b: scores[a] > scores[b])
            else:
                paths = _strongest_paths(table, members)
                elected, tied = _by_seats(members, rule.seats, lambda a, b: paths[a][b] > paths[b][a])
        case "majority":
            of = contest.options.index(rule.of)
            wins = 100 * totals[of] > rule.percent * sum(totals[option] for option in members)
            enough = 100 * weight >= rule.turnout_percent * eligible_weight
            elected = {of} if wins and enough else set()
        case _:
            elected, tied = _budget(contest, totals, _with_votes(members, totals))
    return Outcome(
        tuple(option for number, option in enumerate(contest.options) if number in elected),
        tuple(option for number, option in enumerate(contest.options) if number in tied),
    )
