"""Audited ballots: read them, and catch a device that lies."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.forge.bytes import b64, number
from tests.verifier.forge.vote import Made
from tests.verifier.forge.world import EVERY_CHOICE, EVERY_KIND, OTHER_CHOICE, World
from verifier.audit import Audit, check_audit
from verifier.codec import voter_number
from verifier.errors import Malformed

WORLD = World(EVERY_KIND).open()
ANN = WORLD.make("ann", EVERY_CHOICE)
BEN = WORLD.make("ben", OTHER_CHOICE)
CAST = WORLD.cast("cat", EVERY_CHOICE)
WORLD.append("audited", {"tracker": ANN.tracker})


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return WORLD.write(tmp_path / "record")


def audit(record: Path, made: Made, change: Callable[[dict[str, Any]], None] | None = None) -> Audit:
    opened = copy.deepcopy(WORLD.prover.openings(made))
    if change:
        change(opened)
    return check_audit(json.dumps(opened).encode(), record)


def test_what_the_ballot_says(record: Path) -> None:
    found = audit(record, ANN)
    assert found.failures == []
    assert found.says == [
        ("The mayor", ["Ada (ada)"]),
        ("The council", ["Dan (dan)", "Fay (fay)"]),
        ("The school", ["Gym (gym): 2", "Lab (lab): 0"]),
        ("The money", ["Park (park): 3", "Road (road): 0"]),
        ("The chair", ["1. Hal (hal)", "2. Ivy (ivy)", "3. Jon (jon)"]),
        ("The club", ["1. Kim (kim)", "2. Lee (lee), Max (max)"]),
        ("The law", ["Yes (yes)"]),
    ]
    assert found.facts == [("log", "audited, entry 5")]
    assert found.voter_number == voter_number(WORLD.voters["ann"].public)


def test_another_ballot(record: Path) -> None:
    found = audit(record, BEN)
    assert found.failures == []
    assert dict(found.says)["The council"] == ["nothing"]
    assert dict(found.says)["The chair"] == ["1. Jon (jon)", "2. Ivy (ivy)", "3. Hal (hal)"]
    assert dict(found.says)["The club"] == ["1. Lee (lee), Max (max)", "3. Kim (kim)"]
    assert found.facts == [("log", "not on this record's log")]


def test_opened_and_yet_cast(record: Path) -> None:
    assert "as a vote" in audit(record, CAST).failures[0]


def put(value: Any, *way: Any) -> Callable[[dict[str, Any]], None]:
    def change(opened: Any) -> None:
        for step in way[:-1]:
            opened = opened[step]
        opened[way[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put(number(2**32, 64), "openings", 0, "values", 0), "The device hides"),
        (put(number(7, 64), "openings", 1, "randomness", 2), "The device hides"),
        (put(number(0, 64), "openings", 1, "randomness", 2), "out of range"),
        (put(number(2**512 - 1, 64), "openings", 1, "values", 2), "out of range"),
        (put([], "openings", 0, "values"), "one opening for each cell"),
        (put("law", "openings", 0, "id"), "in their order"),
        (put([], "openings"), "in their order"),
        (put(b64(bytes(32)), "ballot", "election"), "not for this record's"),
        (put(b64(bytes(32)), "ballot", "voter"), "not on the roll"),
        (put([], "ballot", "contests"), "ballot style"),
        (put("0" * 32, "ballot", "contests", 0, "proofs", 0, "e", 0), "do not add up"),
        (put(number(5, 64), "ballot", "contests", 0, "proofs", 0, "z", 0), "does not hold"),
        (put(WORLD.voters["ben"].public, "ballot", "voter"), "do not add up"),
    ],
)
def test_lies(change: Callable[[dict[str, Any]], None], said: str, record: Path) -> None:
    found = audit(record, ANN, change)
    assert found.failures
    assert said in found.failures[0]


@pytest.mark.parametrize(
    "change", [put(1, "more"), put("x", "openings", 0, "values", 0), put(number(1, 63), "openings", 0, "values", 0)]
)
def test_what_is_no_audit(change: Callable[[dict[str, Any]], None], record: Path) -> None:
    with pytest.raises(Malformed):
        audit(record, ANN, change)


def test_a_device_that_votes_twice(record: Path) -> None:
    made = WORLD.make("ben", [("cells", [2]), *OTHER_CHOICE[1:]])
    assert "does not hold" in audit(record, made).failures[0]
