"""Contests compile so that the statements accept exactly the plans of valid choices (section 4)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, permutations, product
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.contests import MAX_BRANCHES, Layout, branch_count, compile_contest, pairs_of, plan, point_weights
from ballots.definition import Choose, Contest, Points, Rank, Score, check_contest
from ballots.errors import ContestError, ManifestError
from tests.support.elections import contest

SLOTS = 11
SEATS = {"name": "plurality", "seats": 1}


def make(kind: str, count: int, **fields: Any) -> Contest:
    rule = {"name": "schulze", "seats": 1} if kind == "rank" else SEATS
    document = contest("c", kind, [f"o{number}" for number in range(count)], rule, **fields)
    parsed: Contest = msgspec.convert(document, Contest)
    check_contest(parsed)
    return parsed


def subsets(ids: Sequence[str], least: int, most: int) -> Iterator[list[str]]:
    for size in range(least, most + 1):
        yield from map(list, combinations(ids, size))


def weak_orders(ids: Sequence[str]) -> Iterator[list[list[str]]]:
    """Yield every ranking with ties, each once, with all options placed."""
    if not ids:
        yield []
        return
    for size in range(1, len(ids) + 1):
        for best in combinations(ids, size):
            for rest in weak_orders([one for one in ids if one not in best]):
                yield [list(best), *rest]


def choices(one: Contest) -> Iterable[Any]:
    """Return every valid choice."""
    ids = one.option_ids
    if isinstance(one, Choose):
        return subsets(ids, one.min, one.max)
    if isinstance(one, Rank):
        return weak_orders(ids) if one.ties else map(list, permutations(ids))
    top = one.top if isinstance(one, Score) else one.points
    given = (dict(zip(ids, numbers, strict=True)) for numbers in product(range(top + 1), repeat=len(ids)))
    return given if isinstance(one, Score) else (one_ for one_ in given if sum(one_.values()) <= top)


def accepted(layout: Layout, low: int, high: int) -> set[tuple[int, ...]]:
    """Return all plaintexts within low … high that satisfy every statement."""
    return {
        cells
        for cells in product(range(low, high + 1), repeat=layout.cells)
        if all(statement.value_of(cells) in statement.values for statement in layout.statements)
    }


TINY = [
    *(make("choose", count, min=low, max=high) for count in (1, 2, 3) for high in range(count + 1)
      for low in range(high + 1)),
    *(make("score", count, top=top) for count in (1, 2, 3) for top in (1, 2, 3)),
    *(make("rank", count, ties=False) for count in (2, 3, 4)),
    *(make("rank", count, ties=True) for count in (2, 3)),
]  # fmt: skip


@pytest.mark.parametrize("one", TINY, ids=str)
def test_statements_accept_exactly_the_plans_of_valid_choices(one: Contest) -> None:
    layout = compile_contest(one, slots=0)  # no slot: nothing is packed
    top = one.top if isinstance(one, Score) else 1
    plans = [plan(one, layout, choice) for choice in choices(one)]
    assert len(set(plans)) == len(plans)
    assert accepted(layout, -1, top + 1) == set(plans)


def test_four_ranked_with_ties() -> None:
    one = make("rank", 4, ties=True)
    layout = compile_contest(one, SLOTS)
    plans = {plan(one, layout, choice) for choice in choices(one)}
    assert len(plans) == 75  # the ordered Bell number
    assert accepted(layout, 0, 1) == plans


@pytest.mark.parametrize("count", range(1, SLOTS + 1))
def test_a_packed_cell_is_one_of_the_powers(count: int) -> None:
    one = make("choose", count, min=1, max=1)
    layout = compile_contest(one, SLOTS)
    assert layout.packed
    (statement,) = layout.statements
    assert [plan(one, layout, choice) for choice in choices(one)] == [(value,) for value in statement.values]
    assert statement.values == tuple(2 ** (32 * place) for place in range(count))
    assert layout.unpack([5 * statement.values[0]])[0] == 5


def test_one_of_more_than_the_slots_is_not_packed() -> None:
    layout = compile_contest(make("choose", SLOTS + 1, min=1, max=1), SLOTS)
    assert not layout.packed
    assert layout.statements[-1].values == (1,)
    assert compile_contest(make("choose", 3, min=0, max=1), SLOTS).packed is False
    assert compile_contest(make("choose", 1, min=1, max=1), SLOTS).packed


@pytest.mark.parametrize("points", range(1, 70))
def test_bits_write_every_number_of_points_and_no_other(points: int) -> None:
    weights = point_weights(points)
    sums = {sum(bit * weight for bit, weight in zip(bits, weights, strict=True))
            for bits in product((0, 1), repeat=len(weights))}  # fmt: skip
    assert sums == set(range(points + 1))
    length = (points + 1).bit_length() - 1
    rest = points + 1 - 2**length
    assert weights == (*(2**place for place in range(length)), *([rest] if rest else []))


@pytest.mark.parametrize(("count", "points"), [(1, 1), (1, 2), (1, 5), (2, 1), (2, 2), (2, 3), (2, 4), (3, 1), (3, 2)])
def test_points_accept_exactly_what_adds_up(count: int, points: int) -> None:
    one = make("points", count, points=points)
    layout = compile_contest(one, SLOTS)

    def given(cells: Sequence[int]) -> tuple[int, ...]:
        return tuple(sum(weight * cells[cell] for cell, weight in output) for output in layout.outputs)

    wanted = {tuple(choice.values()) for choice in choices(one)}
    assert {given(cells) for cells in accepted(layout, 0, 1)} == wanted
    assert {given(plan(one, layout, choice)) for choice in choices(one)} == wanted
    for choice in choices(one):
        cells = plan(one, layout, choice)
        assert given(cells) == tuple(choice.values())
        assert all(statement.value_of(cells) in statement.values for statement in layout.statements)


def test_orders_are_those_of_the_page() -> None:
    strict = compile_contest(make("rank", 3, ties=False), SLOTS)
    assert [statement.terms for statement in strict.statements] == [
        ((0, 1),), ((1, 1),), ((2, 1),), ((0, 1), (2, 1), (1, -1))
    ]  # fmt: skip
    ties = make("rank", 3, ties=True)
    assert isinstance(ties, Rank)
    place = {pair: cell for cell, pair in enumerate(pairs_of(ties))}
    assert list(place) == [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]
    weak = compile_contest(ties, SLOTS)
    assert [statement.terms for statement in weak.statements[6:9]] == [
        ((place[a, b], 1), (place[b, a], 1)) for a, b in ((0, 1), (0, 2), (1, 2))
    ]
    assert [statement.terms for statement in weak.statements[9:]] == [
        ((place[a, b], 1), (place[b, c], 1), (place[a, c], -1)) for a, b, c in permutations(range(3))
    ]
    money = compile_contest(make("points", 2, points=5), SLOTS)
    assert money.cells == 9
    assert money.statements[-1].terms == tuple((cell, (1, 2, 3 - 1)[cell % 3]) for cell in range(9))
    assert money.outputs == (((0, 1), (1, 2), (2, 2)), ((3, 1), (4, 2), (5, 2)))


@pytest.mark.parametrize("one", [*TINY, make("points", 3, points=9), make("choose", 9, min=1, max=1)], ids=str)
def test_branches_are_counted_without_compiling(one: Contest) -> None:
    layout = compile_contest(one, SLOTS)
    assert branch_count(one, SLOTS) == layout.branches == sum(len(one.values) for one in layout.statements)
    assert layout.powers == layout.cells + layout.branches
    assert all(list(statement.values) == sorted(set(statement.values)) for statement in layout.statements)
    assert layout.totals == sum(layout.group_slots())
    assert len(layout.groups()) == len(layout.group_slots())


def test_branches_have_a_limit() -> None:
    assert branch_count(make("score", 2, top=MAX_BRANCHES // 2 - 1), SLOTS) == MAX_BRANCHES
    assert branch_count(make("points", 1000, points=2**32 - 1), SLOTS) <= MAX_BRANCHES
    huge = make("rank", 200, ties=True)
    assert branch_count(huge, SLOTS) > MAX_BRANCHES


@st.composite
def tiny_choices(draw: st.DrawFn) -> tuple[Contest, list[tuple[int, Any]]]:
    one = draw(st.sampled_from([*TINY, make("points", 2, points=3), make("choose", 3, min=1, max=1),
                                make("choose", 25, min=0, max=2)]))  # fmt: skip
    cast = st.tuples(st.integers(1, 1000), st.sampled_from(list(choices(one))))
    return one, draw(st.lists(cast, min_size=1, max_size=5))


@given(tiny_choices(), st.sampled_from([3, 11]))
def test_packed_sums_come_apart_as_plain_sums(drawn: tuple[Contest, list[tuple[int, Any]]], slots: int) -> None:
    one, votes = drawn
    layout = compile_contest(one, slots)
    sums = [0] * layout.cells
    plain = [0] * layout.totals
    for weight, choice in votes:
        cells = plan(one, layout, choice)
        sums = [total + weight * cell for total, cell in zip(sums, cells, strict=True)]
        plain = [total + weight * add for total, add in zip(plain, totals_of(one, choice), strict=True)]
    opened = [sum(weight * sums[cell] for cell, weight in group) for group in layout.groups()]
    assert layout.unpack(opened) == tuple(plain)


def totals_of(one: Contest, choice: Any) -> list[int]:
    """Count one choice plainly: what each option, or pair of a ranking, gets."""
    ids = one.option_ids
    if isinstance(one, Choose):
        return [int(option in choice) for option in ids]
    if isinstance(one, Rank):
        tiers = [[tier] if isinstance(tier, str) else tier for tier in choice]
        places = {option: place for place, tier in enumerate(tiers) for option in tier}
        last = len(tiers)
        return [int(places.get(ids[a], last) < places.get(ids[b], last)) for a, b in pairs_of(one)]
    return [choice.get(option, 0) for option in ids]


def test_unpack_refuses_what_no_ballots_add_up_to() -> None:
    layout = compile_contest(make("choose", 3, min=1, max=1), SLOTS)
    assert layout.unpack([2**96 - 1]) == (2**32 - 1,) * 3
    for plaintexts in ([2**96], [-1], [], [1, 1]):
        with pytest.raises(ContestError):
            layout.unpack(plaintexts)


@pytest.mark.parametrize(
    ("one", "choice"),
    [
        (make("choose", 3, min=1, max=2), []),
        (make("choose", 3, min=1, max=2), ["o0", "o1", "o2"]),
        (make("choose", 3, min=1, max=2), ["o0", "o0"]),
        (make("choose", 3, min=1, max=2), ["nobody"]),
        (make("choose", 3, min=1, max=2), "o0"),
        (make("choose", 3, min=1, max=2), [["o0"]]),
        (make("choose", 3, min=1, max=2), {"o0": 1}),
        (make("choose", 3, min=1, max=2), None),
        (make("choose", 3, min=1, max=1), []),
        (make("choose", 3, min=1, max=1), ["o0", "o1"]),
        (make("score", 2, top=3), {"o0": 4}),
        (make("score", 2, top=3), {"o0": -1}),
        (make("score", 2, top=3), {"o0": True}),
        (make("score", 2, top=3), {"o0": 1.5}),
        (make("score", 2, top=3), {"o0": "1"}),
        (make("score", 2, top=3), {"nobody": 1}),
        (make("score", 2, top=3), ["o0"]),
        (make("score", 2, top=3), None),
        (make("points", 2, points=5), {"o0": 3, "o1": 3}),
        (make("points", 2, points=5), {"o0": -1, "o1": 3}),
        (make("points", 2, points=5), {"o0": 2.0}),
        (make("points", 2, points=5), 5),
        (make("rank", 3, ties=False), ["o0", "o1"]),
        (make("rank", 3, ties=False), ["o0", "o1", "o1"]),
        (make("rank", 3, ties=False), [["o0", "o1"], "o2"]),
        (make("rank", 3, ties=False), ["o0", "o1", "nobody"]),
        (make("rank", 3, ties=True), [["o0"], ["o0", "o1"]]),
        (make("rank", 3, ties=True), [["nobody"]]),
        (make("rank", 3, ties=True), [[["o0"]]]),
        (make("rank", 3, ties=True), [5]),
        (make("rank", 3, ties=True), {"o0": 1}),
        (make("rank", 3, ties=True), "o0"),
        (make("rank", 3, ties=True), None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Contest) else repr(value),
)  # fmt: skip
def test_choices_that_are_not_allowed(one: Contest, choice: Any) -> None:
    with pytest.raises(ContestError):
        plan(one, compile_contest(one, SLOTS), choice)


def test_ranking_with_ties_puts_the_unranked_last_and_level() -> None:
    one = make("rank", 3, ties=True)
    layout = compile_contest(one, SLOTS)
    assert plan(one, layout, ["o2"]) == plan(one, layout, [["o2"], ["o0", "o1"]])
    assert plan(one, layout, []) == (0,) * 6
    assert plan(one, layout, [["o0", "o1", "o2"]]) == (0,) * 6
    assert plan(one, layout, [[], ["o2"], []]) == plan(one, layout, ["o2"])


def test_points_left_over_stay_hidden_in_the_remainder() -> None:
    one = make("points", 2, points=5)
    assert isinstance(one, Points)
    layout = compile_contest(one, SLOTS)
    assert sum(plan(one, layout, {})) > 0
    assert layout.cells == 3 * len(point_weights(5))


def test_a_contest_out_of_bounds_is_not_made() -> None:
    with pytest.raises(ManifestError):
        make("choose", 3, min=1, max=4)
