from itertools import combinations, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier.forge.vote import shape_of
from tests.verifier.forge.world import EVERY_KIND
from verifier.contests import Contest, Layout, Rule, bit_weights, compile_contest, count_branches, slots_of
from verifier.errors import Malformed


def contest(kind: str, options: int, **limits: int) -> Contest:
    ids = tuple(f"o{number}" for number in range(options))
    return Contest("c", kind, ids, ids, "c", "", Rule("plurality", 1), **limits)  # type: ignore[arg-type]


def allowed(layout: Layout, cells: tuple[int, ...]) -> bool:
    return all(sum(cells[cell] * weight for cell, weight in s.terms) in s.values for s in layout.statements)


@given(st.integers(1, 2000))
def test_bit_weights_write_every_number_and_none_above(points: int) -> None:
    weights = bit_weights(points)
    sums = {0}
    for weight in weights:
        sums |= {total + weight for total in sums}
    assert sums == set(range(points + 1))


def test_slots_at_full_size() -> None:
    assert slots_of(3072) == 91
    assert slots_of(128) == 0


KINDS = [
    contest("choose", 3, least=1, most=1),
    contest("choose", 12, least=1, most=1),
    contest("choose", 4, least=0, most=4),
    contest("choose", 3, least=2, most=3),
    contest("score", 3, top=4),
    contest("points", 3, points=6),
    contest("points", 2, points=7),
    contest("rank", 4),
    contest("rank", 2),
    contest("rank", 4, ties=True),
]


@pytest.mark.parametrize("asked", KINDS, ids=lambda c: f"{c.kind} {len(c.options)}")
def test_branches_are_counted_without_building(asked: Contest) -> None:
    layout = compile_contest(asked, 11)
    assert layout.branches == count_branches(asked, 11)
    assert sum(layout.slots) == (len(asked.options) if layout.packed else len(layout.outputs))
    assert all(statement.values == tuple(sorted(statement.values)) for statement in layout.statements)


def test_layouts_are_those_that_the_forge_reads_from_the_page() -> None:
    for asked in EVERY_KIND:
        shape = shape_of(asked, 11)
        built = compile_contest(
            contest(
                asked["kind"],
                len(asked["options"]),
                least=asked.get("min", 0),
                most=asked.get("max", 0),
                top=asked.get("top", 0),
                points=asked.get("points", 0),
                ties=asked.get("ties", False),
            ),
            11,
        )
        assert built.cells == shape.cells
        assert [(list(s.terms), list(s.values)) for s in built.statements] == shape.statements
        assert [list(terms) for terms in built.outputs] == shape.outputs


@pytest.mark.parametrize("ties", [False, True])
def test_rankings_allow_exactly_the_orders(ties: bool) -> None:
    layout = compile_contest(contest("rank", 3, ties=ties), 11)
    orders = set()
    for places in product(range(3), repeat=3):
        if ties or len(set(places)) == 3:
            pairs = permutations(range(3), 2) if ties else combinations(range(3), 2)
            orders.add(tuple(int(places[a] < places[b]) for a, b in pairs))
    cells = {cells for cells in product((0, 1), repeat=layout.cells) if allowed(layout, cells)}
    assert cells == orders


def test_absurd_contests_are_refused_before_anything_is_built() -> None:
    for asked in (contest("score", 2, top=2**52), contest("rank", 200), contest("choose", 70_000, least=1, most=1)):
        with pytest.raises(Malformed, match="65536"):
            compile_contest(asked, 11)
