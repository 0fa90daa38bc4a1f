"""The small election that vectors refer to: a contest of every kind, a ballot style for each, 512 bits."""

import random
from functools import cache
from typing import Any

from ballots import codec
from tests.support.elections import EVERY_KIND, Simulation, Voter, simulate
from tests.vectors.vector import ACCEPT, Vector

FILE = "election-small.json"
STYLES = {"all": [one["id"] for one in EVERY_KIND], **{one["id"]: [one["id"]] for one in EVERY_KIND}}


def fresh(**changes: Any) -> Simulation:
    """Return an election that is open."""
    driven = simulate(EVERY_KIND, voters=len(STYLES), weights=(1, 2, 3), styles=STYLES, **changes)
    driven.open()
    return driven


@cache
def small() -> Simulation:
    return fresh()


def voter_of(simulation: Simulation, style: str) -> Voter:
    return next(voter for voter in simulation.voters if voter.style == style)


def seeded(name: str) -> random.Random:
    """Return random numbers of a vector's own, so that a new vector does not change the others."""
    return random.Random(f"vector {name}")


def files(simulation: Simulation) -> dict[str, str]:
    """Return the bytes that fix an election, and the log's first four lines."""
    election = simulation.election
    contents = {
        "manifest": election.manifest.encode(),
        "key": election.key_document.encode(),
        "roll": b"".join(line.encode() for line in election.roll.values()),
        "log": b"".join(entry.encode() + b"\n" for entry in simulation.entries[:4]),
    }
    return {name: codec.encode_bytes(data) for name, data in contents.items()}


def setting(style: str) -> dict[str, Any]:
    """Refer to the small election's files, and name a style."""
    named: dict[str, Any] = {name: {"file": FILE, "field": name} for name in ("manifest", "key", "roll")}
    return {**named, "style": style}


def small_election() -> Vector:
    fields = {**files(small()), "election": small().fingerprint}
    return Vector("election-small", "the election that other vectors refer to", "election", ACCEPT, fields)
