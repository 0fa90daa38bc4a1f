"""Contests as cells, statements and outputs (section 4 of the protocol)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, permutations
from math import comb

from .errors import Malformed

SLOT_BITS = 32
MOST_BRANCHES = 65_536
CERTIFICATE_BITS = 129
"""So many bits of n the packed numbers leave free, for the size proof of the key to bind them (section 3)."""

Terms = tuple[tuple[int, int], ...]
"""An integer linear combination of cells: (cell, weight) pairs."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How totals become an outcome; which fields mean something depends on the name."""

    name: str
    seats: int = 0
    percent: int = 0
    turnout_percent: int = 0
    of: str = ""
    budget: int = 0
    costs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Contest:
    """One question of the manifest; which limits mean something depends on the kind."""

    id: str
    kind: str
    options: tuple[str, ...]
    labels: tuple[str, ...]
    title: str
    abstain: str
    rule: Rule
    least: int = 0
    most: int = 0
    top: int = 0
    points: int = 0
    ties: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """The claim that a combination of cells holds one of `values` (ascending): one branch of the proof for each."""

    terms: Terms
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a contest compiles to.

    Attributes:
        cells: number of ciphertexts in a ballot.
        statements: what is proved about them, in order.
        outputs: what is decrypted, in order; one combination a slot, or the one packed cell.
        slots: the number of totals in each decrypted ciphertext, in order.
        packed: the single cell already holds all slots.
        most: the most that one ballot of weight 1 adds to a slot.
    """

    cells: int
    statements: tuple[Statement, ...]
    outputs: tuple[Terms, ...]
    slots: tuple[int, ...]
    packed: bool
    most: int

    @property
    def branches(self) -> int:
        """Return the number of branches of all proofs together."""
        return sum(len(statement.values) for statement in self.statements)


def slots_of(modulus_bits: int) -> int:
    """Return the most slots of 32 bits that one ciphertext may carry (the cap of section 3)."""
    return max(0, (modulus_bits - CERTIFICATE_BITS) // SLOT_BITS)


def _is_packed(contest: Contest, slots: int) -> bool:
    return contest.kind == "choose" and contest.least == contest.most == 1 and len(contest.options) <= slots


def bit_weights(points: int) -> tuple[int, ...]:
    """Return the weights of the bits that write any number from 0 to `points`, and none above."""
    bits = (points + 1).bit_length() - 1
    rest = points + 1 - (1 << bits)
    return tuple(1 << bit for bit in range(bits)) + ((rest,) if rest else ())


def count_branches(contest: Contest, slots: int) -> int:
    """Return the number of branches without building anything, so that an absurd contest costs nothing."""
    options = len(contest.options)
    if _is_packed(contest, slots):
        return options
    match contest.kind:
        case "choose":
            return 2 * options + contest.most - contest.least + 1
        case "score":
            return options * (contest.top + 1)
        case "points":
            return 2 * (options + 1) * len(bit_weights(contest.points)) + 1
        case _ if contest.ties:
            return 2 * (options * (options - 1) + comb(options, 2) + options * (options - 1) * (options - 2))
        case _:
            return 2 * (comb(options, 2) + comb(options, 3))


def pairs_of(options: int, ties: bool) -> list[tuple[int, int]]:
    """Return the pairs of options that a ranking compares, in the order of its cells."""
    return list(permutations(range(options), 2) if ties else combinations(range(options), 2))


def _rank_statements(options: int, ties: bool) -> Iterator[Statement]:
    place = {pair: cell for cell, pair in enumerate(pairs_of(options, ties))}
    for cell in place.values():
        yield Statement(((cell, 1),), (0, 1))
    if ties:
        for a, b in combinations(range(options), 2):
            yield Statement(((place[a, b], 1), (place[b, a], 1)), (0, 1))
    triples = permutations(range(options), 3) if ties else combinations(range(options), 3)
    for a, b, c in triples:
        yield Statement(((place[a, b], 1), (place[b, c], 1), (place[a, c], -1)), (0, 1))


def _single_cells(cells: int, values: tuple[int, ...]) -> tuple[Statement, ...]:
    return tuple(Statement(((cell, 1),), values) for cell in range(cells))


def compile_contest(contest: Contest, slots: int) -> Layout:
    """Compile a contest for ciphertexts of `slots` slots.

    Raises:
        Malformed: it needs more branches than the protocol allows.
    """
    if count_branches(contest, slots) > MOST_BRANCHES:
        raise Malformed(f'contest "{contest.id}" needs more than {MOST_BRANCHES} proof branches a ballot')
    options = len(contest.options)
    if _is_packed(contest, slots):
        choices = tuple(1 << SLOT_BITS * option for option in range(options))
        return Layout(1, _single_cells(1, choices), (((0, 1),),), (options,), True, 1)
    cells, most = options, 1
    outputs: tuple[Terms, ...] = tuple(((cell, 1),) for cell in range(options))
    match contest.kind:
        case "choose":
            total = tuple((cell, 1) for cell in range(options))
            allowed = tuple(range(contest.least, contest.most + 1))
            statements = (*_single_cells(options, (0, 1)), Statement(total, allowed))
        case "score":
            most, statements = contest.top, _single_cells(options, tuple(range(contest.top + 1)))
        case "points":
            weights, most = bit_weights(contest.points), contest.points
            cells, width = (options + 1) * len(weights), len(weights)
            total = tuple((cell, weights[cell % width]) for cell in range(cells))
            statements = (*_single_cells(cells, (0, 1)), Statement(total, (contest.points,)))
            outputs = tuple(total[option * width : (option + 1) * width] for option in range(options))
        case _:
            cells = len(pairs_of(options, contest.ties))
            statements = tuple(_rank_statements(options, contest.ties))
            outputs = tuple(((cell, 1),) for cell in range(cells))
    full, rest = divmod(len(outputs), slots)
    return Layout(cells, statements, outputs, (slots,) * full + ((rest,) if rest else ()), False, most)
