"""The valid election that every attack starts from: all kinds of contests and all that may happen on a board."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec

from ballots import codec
from ballots.credentials import credential_key, new_code
from tests.attacks.forge import Forge
from tests.attacks.key_maker import KeyMaker
from tests.attacks.steps import Step, encode
from tests.support.elections import (
    CLOSES_AT,
    MONEY,
    ORDER,
    PARKS,
    TIERS,
    Simulation,
    Voter,
    contest,
    safe_primes,
    seeded_key,
    simulate,
)

PLURALITY = {"name": "plurality", "seats": 1}
MAYOR = contest("mayor", "choose", ["ada", "ben", "blank"], PLURALITY, min=1, max=1) | {"abstain": "blank"}
COUNCIL = contest("council", "choose", ["a", "b", "c"], {"name": "plurality", "seats": 2}, min=0, max=2)
SENATE = contest("senate", "choose", ["a", "b", "c"], PLURALITY, min=0, max=2)
LAW_RULE = {"name": "majority", "percent": 50, "turnout_percent": 25, "of": "yes"}
LAW = contest("law", "choose", ["yes", "no"], LAW_RULE, min=1, max=1)
CONTESTS = (MAYOR, COUNCIL, SENATE, PARKS, MONEY, ORDER, TIERS, LAW)
STYLES = {"all": [one["id"] for one in CONTESTS], "town": ["mayor", "council", "law"]}
OBSERVERS = [{"name": f"Observer {number}", "key": seeded_key(f"observer {number}").public} for number in range(2)]
LATER = codec.encode_time(CLOSES_AT + timedelta(days=1))


def choose(rng: random.Random, style: str) -> dict[str, Any]:
    """Return somebody's choices."""
    spent = rng.randrange(6)
    choices: dict[str, Any] = {
        "mayor": [rng.choice(["ada", "ada", "ben", "blank"])],
        "council": rng.sample("abc", rng.randrange(3)),
        "senate": rng.sample("abc", rng.randrange(3)),
        "parks": {"lake": rng.randrange(4), "wood": rng.randrange(3)},
        "money": {"bus": spent, "bike": rng.randrange(6 - spent)},
        "order": rng.sample("xyz", 3),
        "tiers": rng.choice([[["x"], ["y", "z"]], [["z", "y"], ["x"]], [["y"]], ["x", "y", "z"]]),
        "law": [rng.choice(["yes", "yes", "no"])],
    }
    return {name: choices[name] for name in STYLES[style]}


@dataclass
class Play:
    """A simulated election with what a forger must remember of it: who chose what."""

    simulation: Simulation
    rng: random.Random = field(default_factory=lambda: random.Random("play"))
    choices: dict[int, dict[str, Any]] = field(default_factory=dict)
    casters: dict[int, Voter] = field(default_factory=dict)

    def cast(self, voter: Voter, choices: dict[str, Any] | None = None) -> None:
        choices = choices or choose(self.rng, voter.style)
        entry = self.simulation.cast(voter, choices)
        self.choices[entry.index], self.casters[entry.index] = choices, voter

    def audit(self, voter: Voter) -> None:
        audited = self.simulation.seal(voter, choose(self.rng, voter.style)).ballot
        self.simulation.append("audited", {"tracker": audited.tracker})

    def replace(self, old: Voter) -> Voter:
        code = new_code(self.rng.getrandbits(100))
        new = Voter(code, credential_key(code, self.simulation.election.manifest_hash), old.style, old.weight)
        named = {"old": old.key.public, "new": new.key.public}
        self.simulation.append("replace", self.simulation.signed_by("registrar", "replace", **named))
        return new


def play_base() -> Play:
    """Play the election: casts, a revote, an audit, two lost codes, a strike, an extension, a late vote, observers."""
    simulation = simulate(CONTESTS, voters=12, weights=(1, 1, 2, 2), styles=STYLES, observers=OBSERVERS, min_ballots=2)
    play, voters = Play(simulation), simulation.voters
    simulation.open()
    for voter in voters[:10]:
        play.cast(voter)
    play.cast(voters[0])  # a revote
    play.audit(voters[1])
    play.cast(voters[1])
    renewed = play.replace(voters[2])  # had voted; votes again with the new code
    play.cast(renewed)
    simulation.voters.append(renewed)
    simulation.voters.append(play.replace(voters[10]))  # had not voted, and does not
    simulation.append("strike", simulation.signed_by("registrar", "strike", voter=voters[9].key.public))
    simulation.append(
        "extend", simulation.signed_by("official", "extend", closes_at=LATER, reason="The power was out.")
    )
    simulation.now = CLOSES_AT + timedelta(hours=1)
    play.cast(voters[11])
    simulation.close()
    for number in range(len(OBSERVERS)):
        intent = simulation.board.intent
        assert intent is not None
        signature = seeded_key(f"observer {number}").sign("intent", intent.signed(simulation.fingerprint))
        simulation.append("intent", {"observer": number, "signature": signature})
    return play


def take_apart(play: Play) -> Forge:
    """Make a forge of a played election."""
    simulation = play.simulation
    ballots = iter(simulation.ballots)
    steps = []
    for entry in simulation.entries:
        step = Step(entry.type, entry.time, dict(entry.body))
        if entry.type == "ballot":
            step.voter, step.choices = play.casters[entry.index], play.choices[entry.index]
            step.ballot = next(ballots).document
        steps.append(step)
    named = {"board": "board", "registrar": "registrar", "official": "official", "observer 0": "observer 0"}
    keys = {who: seeded_key(name) for who, name in {**named, "observer 1": "observer 1"}.items()}
    keys |= {f"trustee {number}": key for number, key in enumerate(simulation.trustee_keys, 1)}
    election = simulation.election
    p, q = safe_primes(int(election.key.bits))
    return Forge(
        manifest=dict(msgspec.to_builtins(election.manifest)),
        key=dict(msgspec.to_builtins(election.key_document)),
        roll=[dict(msgspec.to_builtins(line)) for line in election.roll.values()],
        steps=steps,
        voters=list(simulation.voters),
        keys=keys,
        key_maker=KeyMaker({p: 1, q: 1}),
        shares=list(simulation.shares),
    ).redo()


def forge_base() -> Forge:
    """Play the election, take it apart, and see that what is put together again is the same election."""
    play = play_base()
    tally = play.simulation.tally()
    forge = take_apart(play)
    assert [step.leaf for step in forge.steps[:-1]] == [entry.encode() for entry in play.simulation.entries[:-1]]
    assert forge.tally is not None
    assert encode(forge.tally["contests"]) == encode(msgspec.to_builtins(tally.contests))
    return forge
