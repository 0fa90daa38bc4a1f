"""The whole map, as plain values that a page can show and a file can hold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from participation.opinions.comparison import Comparison, compare
from participation.opinions.matrix import OpinionMatrix
from participation.opinions.plane import find_groups, place, placed
from participation.opinions.votes import AGREE, DISAGREE, SMALLEST_GROUP

MOST_SHOWN = 5
"""Statements that characterise one group."""
_MAJORITY = 0.5


@dataclass(frozen=True)
class Stance:
    """How one group, or everybody, answers a statement.

    Attributes:
        statement: Its id.
        answer: 1 where agreement is meant, −1 where disagreement.
        agree: Members who agree.
        disagree: Members who disagree.
        seen: Members who voted on it.
        ratio: How many times as likely the answer is inside the group as outside; 1 for everybody.
    """

    statement: int
    answer: int
    agree: int
    disagree: int
    seen: int
    ratio: float


@dataclass(frozen=True)
class OpinionGroup:
    """People who stand close together, and what sets them apart."""

    size: int
    apart: tuple[Stance, ...]


@dataclass(frozen=True)
class Point:
    """A participant on the plane; no group where there are too few votes."""

    participant: int
    x: float
    y: float
    group: int | None


@dataclass(frozen=True)
class OpinionMap:
    """What a consultation's statements show.

    Attributes:
        participants: All who voted on a statement.
        votes: All votes.
        points: Everybody's place, in the order of participants.
        groups: From the largest; empty while too few voted or all stand together.
        silhouette: How clearly the groups part, −1 to 1.
        together: What every group agrees on, or every group rejects, clearest first.
        split: Statements from the most divisive: where groups' majorities are furthest apart.
    """

    participants: int
    votes: int
    points: tuple[Point, ...]
    groups: tuple[OpinionGroup, ...]
    silhouette: float
    together: tuple[Stance, ...]
    split: tuple[int, ...]


def draw_map(matrix: OpinionMatrix) -> OpinionMap:
    """Compute the map; the same votes give the same map, on any machine to about nine digits."""
    everybody, chosen = place(matrix), placed(matrix)
    labels, silhouette = find_groups(everybody[chosen])
    sizes = np.bincount(labels) if len(labels) else np.array([], dtype=np.int64)
    shown = len(sizes) > 1
    group_of = dict(zip(np.flatnonzero(chosen).tolist(), labels.tolist(), strict=True)) if shown else {}
    points = tuple(
        Point(name, round(float(x), 6), round(float(y), 6), group_of.get(row))
        for row, (name, (x, y)) in enumerate(zip(matrix.participants, everybody, strict=True))
    )
    members = matrix.rows(chosen)
    agree, disagree = (compare(members.votes, labels, answer) for answer in (AGREE, DISAGREE))
    return OpinionMap(
        participants=len(matrix.participants),
        votes=int(matrix.seen.sum()),
        points=points,
        groups=tuple(
            OpinionGroup(int(size), _sets_apart(matrix.statements, agree, disagree, group))
            for group, size in enumerate(sizes)
        )
        if shown
        else (),
        silhouette=round(silhouette, 6) if shown else 0.0,
        together=_agreed(matrix.statements, agree, disagree) if len(labels) >= SMALLEST_GROUP else (),
        split=_divisive(matrix.statements, agree) if shown else (),
    )


def _sets_apart(statements: tuple[int, ...], agree: Comparison, disagree: Comparison, group: int) -> tuple[Stance, ...]:
    sides = ((AGREE, agree), (DISAGREE, disagree))
    found = [
        (float(side.weight[group, column]), answer, int(column))
        for answer, side in sides
        for column in np.flatnonzero(side.significant[group] & (side.seen[group] >= SMALLEST_GROUP))
    ]
    if not found:  # nothing is significant: then at least what is most typical
        typical = [
            (float(side.ratio_test[group, column]), answer, int(column))
            for answer, side in sides
            for column in np.flatnonzero((side.count[group] > 0) & (side.seen[group] >= SMALLEST_GROUP))
        ]
        found = sorted(typical, key=_clearest)[:1]
    found.sort(key=_clearest)
    return tuple(
        Stance(
            statement=statements[column],
            answer=answer,
            agree=int(agree.count[group, column]),
            disagree=int(disagree.count[group, column]),
            seen=int(agree.seen[group, column]),
            ratio=round(float((agree if answer == AGREE else disagree).ratio[group, column]), 6),
        )
        for _, answer, column in found[:MOST_SHOWN]
    )


def _agreed(statements: tuple[int, ...], agree: Comparison, disagree: Comparison) -> tuple[Stance, ...]:
    found: list[tuple[float, Stance]] = []
    for answer, side in ((AGREE, agree), (DISAGREE, disagree)):
        product = side.share.prod(axis=0)
        known = (side.seen >= SMALLEST_GROUP).all(axis=0)
        for column in np.flatnonzero((side.share > _MAJORITY).all(axis=0) & known):
            agreed, refused, seen = (int(one[:, column].sum()) for one in (agree.count, disagree.count, agree.seen))
            stance = Stance(statements[column], answer, agreed, refused, seen, ratio=1.0)
            found.append((float(product[column]), stance))
    found.sort(key=lambda one: (-one[0], one[1].statement))
    return tuple(stance for _, stance in found[:MOST_SHOWN])


def _divisive(statements: tuple[int, ...], agree: Comparison) -> tuple[int, ...]:
    spread: NDArray[np.float64] = agree.share.max(axis=0) - agree.share.min(axis=0)
    return tuple(statements[column] for column in np.lexsort((np.arange(len(spread)), -spread)))[:MOST_SHOWN]


def _clearest(found: tuple[float, int, int]) -> tuple[float, int]:
    score, _, column = found
    return -score, column
