"""The small tables of docs/spec.md: how contests compile, and what rules make of totals."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ballots.contests import Combination, compile_contest
from ballots.definition import Contest, check_contest
from ballots.outcome import decide
from tests.support import plain
from tests.support.elections import contest

SLOTS = 11
"""Slots of one ciphertext under a modulus of 512 bits."""

ABC = ("a", "b", "c")
SEAT = {"name": "plurality", "seats": 1}


def parse(fields: Mapping[str, Any]) -> Contest:
    parsed: Contest = msgspec.convert(fields, Contest)
    check_contest(parsed)
    return parsed


CONTESTS = {
    "choose 1..1 of 3": contest("one", "choose", ABC, SEAT, min=1, max=1),
    "choose 0..2 of 3": contest("some", "choose", ABC, SEAT, min=0, max=2),
    "score 0..2, 2 options": contest("score", "score", ABC[:2], SEAT, top=2),
    "points 4 among 2": contest("points", "points", ABC[:2], SEAT, points=4),
    "rank, strict, 3 options": contest("strict", "rank", ABC, {"name": "borda", "seats": 1}, ties=False),
    "rank with ties, 3 options": contest("ties", "rank", ABC, {"name": "borda", "seats": 1}, ties=True),
}


def combination(terms: Combination) -> str:
    parts = [f"{'-' if weight < 0 else '+'}{abs(weight) if abs(weight) != 1 else ''}c{cell}" for cell, weight in terms]
    return "".join(parts).removeprefix("+")


def layout_steps() -> plain.Steps:
    found: plain.Steps = {}
    for name, fields in CONTESTS.items():
        layout = compile_contest(parse(fields), SLOTS)
        found[f"{name}: cells"] = layout.cells
        for place, statement in enumerate(layout.statements):
            values = ", ".join(str(value) for value in statement.values)
            found[f"{name}: statement {place}"] = f"{combination(statement.terms)} in {{{values}}}"
        for place, output in enumerate(layout.outputs):
            found[f"{name}: output {place}"] = combination(output) + (" (3 slots)" if layout.packed else "")
    return found


OPTIONS = ("a", "b", "c", "d")
OWN: dict[str, dict[str, Any]] = {"score": {"top": 9}, "choose": {"min": 0, "max": 4}, "rank": {"ties": False}}


def options(rule: Mapping[str, Any], kind: str = "score", abstain: str = "", **fields: Any) -> dict[str, Any]:
    return {**contest("question", kind, OPTIONS, rule, **{**OWN[kind], **fields}), "abstain": abstain}


YES = {"name": "majority", "percent": 50, "turnout_percent": 30, "of": "a"}
RULES: dict[str, tuple[dict[str, Any], Sequence[int], int, int]] = {
    "plurality, 1 seat": (options(SEAT), (7, 9, 9, 2), 10, 10),
    "plurality, 2 seats": (options({"name": "plurality", "seats": 2}), (7, 9, 9, 2), 10, 10),
    "plurality, 2 seats, tie for the second": (options({"name": "plurality", "seats": 2}), (7, 9, 7, 2), 10, 10),
    "plurality, 2 seats, only one option with votes": (
        options({"name": "plurality", "seats": 2}),
        (0, 9, 0, 0),
        10,
        10,
    ),
    "plurality, 2 seats, nobody has votes": (options({"name": "plurality", "seats": 2}), (0, 0, 0, 0), 10, 10),
    "plurality, 1 seat, c stands for abstaining": (options(SEAT, abstain="c"), (7, 8, 9, 2), 10, 10),
    "majority, more than half": (options(YES, "choose", abstain="d"), (40, 39, 0, 50), 129, 400),
    "majority, exactly half": (options(YES, "choose", abstain="d"), (40, 40, 0, 50), 130, 400),
    "majority, too small a turnout": (options(YES, "choose", abstain="d"), (40, 30, 0, 10), 80, 400),
    "budget 10": (options({"name": "budget", "budget": 10, "costs": [6, 5, 3, 1]}), (9, 8, 8, 2), 10, 10),
    "budget 10, a group that fits only in part": (
        options({"name": "budget", "budget": 10, "costs": [6, 3, 3, 1]}),
        (9, 8, 8, 2),
        10,
        10,
    ),
    "schulze, 1 seat, a cycle": (options({"name": "schulze", "seats": 1}, "rank"), (6, 2, 9, 7, 9, 9), 10, 10),
    "borda, 1 seat": (options({"name": "borda", "seats": 1}, "rank"), (6, 2, 9, 7, 9, 9), 10, 10),
}


def rule_steps() -> plain.Steps:
    found: plain.Steps = {}
    for name, (fields, totals, counted, eligible) in RULES.items():
        outcome = decide(parse(fields), totals, counted, eligible)
        given = ", ".join(map(str, totals))
        found[name] = f"{given} -> elected [{' '.join(outcome.elected)}], tied [{' '.join(outcome.tied)}]"
    return found
