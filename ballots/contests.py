"""Contests compile to cells, statements and outputs (section 4).

A *cell* is one ciphertext. A *statement* says that a linear combination of cells lies in a
finite set of integers; each is proved by one proof. An *output* is a linear combination that
is decrypted, in a 32-bit slot of its own. There is one kind of proof for every kind of contest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, permutations
from math import comb
from typing import Any

from ballots.definition import SLOT_BITS, Choose, Contest, Points, Rank, Score
from ballots.errors import ContestError

MAX_BRANCHES = 65_536

Combination = tuple[tuple[int, int], ...]
"""A linear combination of cells: pairs (cell index, integer weight)."""
Choice = Any
"""choose: option ids; score, points: {option id: number}; rank: ids best first, or tiers of them."""


@dataclass(frozen=True)
class Statement:
    """``constant + Σ weight·cell`` is one of ``values`` (ascending)."""

    terms: Combination
    values: tuple[int, ...]
    constant: int = 0

    def value_of(self, cells: Sequence[int]) -> int:
        """Evaluate the combination on plaintexts."""
        return self.constant + sum(weight * cells[cell] for cell, weight in self.terms)


@dataclass(frozen=True)
class Layout:
    """A compiled contest.

    Attributes:
        cells: How many ciphertexts a ballot carries for it.
        statements: What is proved, in the order of the proofs.
        outputs: What is decrypted, one slot each; the packed cell itself when ``packed``.
        packed: One cell that holds all options' slots.
        slots: Slots of 32 bits that one ciphertext can carry.
        totals: How many totals the contest has.
    """

    cells: int
    statements: tuple[Statement, ...]
    outputs: tuple[Combination, ...]
    packed: bool
    slots: int
    totals: int

    @cached_property
    def branches(self) -> int:
        """Branches of all proofs together."""
        return sum(len(statement.values) for statement in self.statements)

    @property
    def powers(self) -> int:
        """n-th powers that a voter's device computes: one a cell and one a branch."""
        return self.cells + self.branches

    def groups(self) -> list[Combination]:
        """Return what each decrypted ciphertext combines: one combination of cells a ciphertext."""
        if self.packed:
            return [((0, 1),)]
        groups = []
        for start in range(0, len(self.outputs), self.slots):
            weights: dict[int, int] = {}
            for place, output in enumerate(self.outputs[start : start + self.slots]):
                for cell, weight in output:
                    weights[cell] = weights.get(cell, 0) + (weight << SLOT_BITS * place)
            groups.append(tuple(sorted(weights.items())))
        return groups

    def group_slots(self) -> list[int]:
        """Return how many slots each decrypted ciphertext carries."""
        if self.packed:
            return [self.totals]
        return [min(self.slots, self.totals - start) for start in range(0, self.totals, self.slots)]

    def unpack(self, plaintexts: Sequence[int]) -> tuple[int, ...]:
        """Read the totals out of the decrypted ciphertexts.

        Raises:
            ContestError: A number of ciphertexts other than :meth:`groups`, or one of 2^(32·slots) or more.
        """
        sizes = self.group_slots()
        if len(plaintexts) != len(sizes):
            raise ContestError(
                "The contest has %(count)s ciphertexts to open, not %(given)s.", count=len(sizes), given=len(plaintexts)
            )
        totals: list[int] = []
        for plaintext, size in zip(plaintexts, sizes, strict=True):
            if not 0 <= plaintext < 1 << SLOT_BITS * size:
                raise ContestError("A decrypted number is larger than its slots: it is not a sum of valid ballots.")
            totals.extend(plaintext >> SLOT_BITS * place & (1 << SLOT_BITS) - 1 for place in range(size))
        return tuple(totals)


def branch_count(contest: Contest, slots: int) -> int:
    """Count the proof branches of a contest without compiling it, so that nothing hangs."""
    count = len(contest.options)
    if isinstance(contest, Choose):
        if _is_packed(contest, slots):
            return count
        return 2 * count + contest.max - contest.min + 1
    if isinstance(contest, Score):
        return count * (contest.top + 1)
    if isinstance(contest, Points):
        return 2 * (count + 1) * len(point_weights(contest.points)) + 1
    if contest.ties:
        return 2 * (count * (count - 1) + comb(count, 2) + count * (count - 1) * (count - 2))
    return 2 * (comb(count, 2) + comb(count, 3))


def compile_contest(contest: Contest, slots: int) -> Layout:
    """Compile a contest as the table of section 4 says.

    Args:
        contest: A contest that passed :func:`check_contest`.
        slots: Slots of one ciphertext, from the modulus.
    """
    count = len(contest.options)
    if isinstance(contest, Choose):
        return _compile_choose(contest, count, slots)
    if isinstance(contest, Score):
        return _plain(count, [_single(cell, range(contest.top + 1)) for cell in range(count)], slots)
    if isinstance(contest, Points):
        return _compile_points(contest.points, count, slots)
    if contest.ties:
        return _compile_weak_rank(count, slots)
    return _compile_strict_rank(count, slots)


def point_weights(points: int) -> tuple[int, ...]:
    """Return the weights of the bits that write every number 0 … P: 1, 2, …, 2^(b−1) and the rest."""
    length = (points + 1).bit_length() - 1
    rest = points + 1 - (1 << length)
    powers = tuple(1 << place for place in range(length))
    return (*powers, rest) if rest else powers


def pairs_of(contest: Rank) -> tuple[tuple[int, int], ...]:
    """Return the pairs of option indices that a ranking's totals stand for, in order."""
    indices = range(len(contest.options))
    return tuple(permutations(indices, 2)) if contest.ties else tuple(combinations(indices, 2))


def plan(contest: Contest, layout: Layout, choice: Choice) -> tuple[int, ...]:
    """Turn a voter's choice into the plaintext of every cell.

    Raises:
        ContestError: The choice names an unknown option, or breaks the contest's limits; the
            message is one that a voter can act on.
    """
    if isinstance(contest, Choose):
        return _plan_choose(contest, layout, choice)
    if isinstance(contest, Rank):
        return _plan_rank(contest, choice)
    numbers = _numbers(contest, choice)
    if isinstance(contest, Score):
        if any(not 0 <= number <= contest.top for number in numbers):
            raise ContestError("Give every option a number from 0 to %(top)s.", top=contest.top)
        return tuple(numbers)
    remainder = contest.points - sum(numbers)
    if remainder < 0 or min(numbers) < 0:
        raise ContestError("Give at most %(points)s points in all, and none below 0.", points=contest.points)
    return tuple(bit for number in (*numbers, remainder) for bit in _bits(number, point_weights(contest.points)))


def _is_packed(contest: Choose, slots: int) -> bool:
    return contest.min == contest.max == 1 and len(contest.options) <= slots


def _single(cell: int, values: Iterable[int]) -> Statement:
    return Statement(((cell, 1),), tuple(values))


def _bit(cell: int) -> Statement:
    return _single(cell, (0, 1))


def _plain(count: int, statements: Sequence[Statement], slots: int) -> Layout:
    outputs = tuple(((cell, 1),) for cell in range(count))
    return Layout(count, tuple(statements), outputs, packed=False, slots=slots, totals=count)


def _compile_choose(contest: Choose, count: int, slots: int) -> Layout:
    if _is_packed(contest, slots):
        packed = _single(0, (1 << SLOT_BITS * place for place in range(count)))
        return Layout(1, (packed,), (((0, 1),),), packed=True, slots=slots, totals=count)
    total = Statement(tuple((cell, 1) for cell in range(count)), tuple(range(contest.min, contest.max + 1)))
    return _plain(count, [*map(_bit, range(count)), total], slots)


def _compile_points(points: int, count: int, slots: int) -> Layout:
    weights = point_weights(points)
    cells = (count + 1) * len(weights)
    weighted = [
        tuple((option * len(weights) + place, weight) for place, weight in enumerate(weights))
        for option in range(count + 1)
    ]
    total = Statement(tuple(term for combination in weighted for term in combination), (points,))
    statements = (*map(_bit, range(cells)), total)
    return Layout(cells, statements, tuple(weighted[:count]), packed=False, slots=slots, totals=count)


def _compile_strict_rank(count: int, slots: int) -> Layout:
    place = {pair: cell for cell, pair in enumerate(combinations(range(count), 2))}
    triples = [
        Statement(((place[a, b], 1), (place[b, c], 1), (place[a, c], -1)), (0, 1))
        for a, b, c in combinations(range(count), 3)
    ]
    return _plain(len(place), [*map(_bit, range(len(place))), *triples], slots)


def _compile_weak_rank(count: int, slots: int) -> Layout:
    place = {pair: cell for cell, pair in enumerate(permutations(range(count), 2))}
    both = [Statement(((place[a, b], 1), (place[b, a], 1)), (0, 1)) for a, b in combinations(range(count), 2)]
    triples = [
        Statement(((place[a, b], 1), (place[b, c], 1), (place[a, c], -1)), (0, 1))
        for a, b, c in permutations(range(count), 3)
    ]
    return _plain(len(place), [*map(_bit, range(len(place))), *both, *triples], slots)


def _plan_choose(contest: Choose, layout: Layout, choice: Choice) -> tuple[int, ...]:
    chosen = _known(contest, _list(choice))
    if not contest.min <= len(chosen) <= contest.max:
        amount = str(contest.min) if contest.min == contest.max else f"{contest.min} to {contest.max}"
        raise ContestError("Choose %(amount)s of the options; %(count)s are chosen.", amount=amount, count=len(chosen))
    if layout.packed:
        return (1 << SLOT_BITS * chosen[0],)
    return tuple(int(index in chosen) for index in range(len(contest.options)))


def _plan_rank(contest: Rank, choice: Choice) -> tuple[int, ...]:
    tiers = [[entry] if isinstance(entry, str) else _list(entry) for entry in _list(choice)]
    ranked = _known(contest, [option for tier in tiers for option in tier])
    count = len(contest.options)
    if not contest.ties and (len(ranked) != count or any(len(tier) != 1 for tier in tiers)):
        raise ContestError("Put every option in one order, without equal places.")
    places = dict.fromkeys(range(count), len(tiers))
    for place, tier in enumerate(tiers):
        places.update(dict.fromkeys(_known(contest, tier), place))
    return tuple(int(places[a] < places[b]) for a, b in pairs_of(contest))


def _list(choice: Choice) -> Sequence[Any]:
    if not isinstance(choice, list | tuple):
        raise ContestError("A choice of this kind is a list of options.")
    return choice


def _known(contest: Contest, chosen: Sequence[Any]) -> list[int]:
    ids = contest.option_ids
    if not all(isinstance(option, str) for option in chosen):
        raise ContestError("An option is named by its id, a text.")
    if len(set(chosen)) != len(chosen):
        raise ContestError("An option is named twice.")
    unknown = [option for option in chosen if option not in ids]
    if unknown:
        raise ContestError(
            "There is no option '%(option)s' in the contest '%(contest)s'.", option=unknown[0], contest=contest.id
        )
    return [ids.index(option) for option in chosen]


def _numbers(contest: Contest, choice: Choice) -> list[int]:
    if not isinstance(choice, Mapping) or any(type(number) is not int for number in choice.values()):
        raise ContestError("A choice of this kind is a whole number for each option.")
    _known(contest, list(choice))
    return [choice.get(option, 0) for option in contest.option_ids]


def _bits(number: int, weights: Sequence[int]) -> list[int]:
    bits = [0] * len(weights)
    for place in sorted(range(len(weights)), key=weights.__getitem__, reverse=True):
        bits[place] = int(number >= weights[place])
        number -= bits[place] * weights[place]
    return bits
