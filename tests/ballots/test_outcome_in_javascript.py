"""The browser's rules and Python's decide alike, on contests and totals drawn at random."""

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec

from ballots.definition import Contest, Rank
from ballots.outcome import decide

SCRIPT = Path(__file__).parents[1] / "js" / "decide.mjs"
CASES = 600


def draw(rng: random.Random) -> dict[str, Any]:
    count, weight = rng.randint(2, 5), rng.randint(0, 6)
    ids = [f"o{number}" for number in range(count)]
    options = [{"id": one, "label": {}, "party": {}, "info": {}, "media": {}} for one in ids]
    kind, more = rng.choice(
        [("choose", {"min": 0, "max": 1}), ("score", {"top": 3}), ("points", {"points": 5})]
        + [("rank", {"ties": rng.random() < 0.5})] * 3
    )
    seats = rng.randint(1, count)
    rules: list[dict[str, Any]] = [
        {"name": "plurality", "seats": seats},
        {"name": "budget", "budget": rng.randint(0, 12), "costs": [rng.randint(0, 6) for _ in ids]},
    ]
    if kind == "choose":
        percents = {"percent": rng.randint(0, 100), "turnout_percent": rng.choice([0, 30, 100])}
        rules.append({"name": "majority", "of": ids[0], **percents})
    if kind == "rank":
        rules = [{"name": "schulze", "seats": seats}, {"name": "borda", "seats": seats}]
    abstain = rng.choice(["", ids[-1]])
    contest = {"id": "c", "kind": kind, "title": {}, "options": options, "abstain": abstain, "rule": rng.choice(rules)}
    pairs = count * (count - 1) // (1 if more.get("ties") else 2)
    totals = [rng.randint(0, weight) for _ in range(pairs if kind == "rank" else count)]
    return {"contest": {**contest, **more}, "totals": totals, "weight": weight, "eligible": weight + rng.randint(0, 9)}


def test_the_browser_decides_as_python_does() -> None:
    rng = random.Random("outcomes")
    cases = [draw(rng) for _ in range(CASES)]
    node = shutil.which("node")
    assert node is not None
    answer = subprocess.run([node, str(SCRIPT)], input=json.dumps(cases), capture_output=True, text=True, check=True)
    for case, found in zip(cases, json.loads(answer.stdout), strict=True):
        contest = msgspec.convert(case["contest"], Contest)
        outcome = decide(contest, case["totals"], case["weight"], case["eligible"])
        assert found == {"elected": list(outcome.elected), "tied": list(outcome.tied)}, case
    assert sum(msgspec.convert(case["contest"], Contest).__class__ is Rank for case in cases) > CASES // 4
