"""What may be proposed to a bulletin board, and what may not: steps and entries for a simulated election."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ballots import codec
from ballots.ballot import Ballot
from ballots.board import Board
from tests.support.elections import CLOSES_AT, MAYOR, OPENS_AT, Simulation, ballot_body, seeded_key, simulate

ADA = {"mayor": ["ada"]}
BEN = {"mayor": ["ben"]}
OBSERVERS = [{"name": name, "key": seeded_key(name).public} for name in ("Olga", "Omar")]
LATER = codec.encode_time(CLOSES_AT + timedelta(hours=1))
Proposal = tuple[str, Mapping[str, Any], Ballot | None]
Step = Callable[[Simulation], Any]


def new(**changes: Any) -> Simulation:
    return simulate((MAYOR,), observers=OBSERVERS, **changes)


def opened(simulation: Simulation) -> None:
    simulation.open()


def voted(simulation: Simulation) -> None:
    simulation.open()
    simulation.cast(simulation.voters[0], ADA)


def closed(simulation: Simulation) -> None:
    voted(simulation)
    simulation.close()


def tallied(simulation: Simulation) -> None:
    closed(simulation)
    for number in range(len(OBSERVERS)):
        observe(simulation, number)
    simulation.tally()


def annulled(simulation: Simulation) -> None:
    opened(simulation)
    simulation.append("annul", simulation.signed_by("official", "annul", reason="Fire."))


def observe(simulation: Simulation, number: int) -> None:
    simulation.append("intent", intent(simulation, OBSERVERS[number]["name"], observer=number))


def intent(simulation: Simulation, name: str, **who: int) -> dict[str, Any]:
    assert simulation.board.intent is not None
    signed = simulation.board.intent.signed(simulation.fingerprint)
    return {**who, "signature": seeded_key(name).sign("intent", signed)}


def opening(simulation: Simulation, count: int) -> None:
    """Append the first entries of an opening only."""
    whole = new()
    whole.open()
    for entry in whole.entries[:count]:
        simulation.append(entry.type, entry.body)


def opening_body(index: int) -> dict[str, Any]:
    whole = new()
    whole.open()
    return copy.deepcopy(whole.entries[index].body)


def body_of_open(official: str = "official", trustees: tuple[int, ...] = (1, 2, 3), **signed: Any) -> dict[str, Any]:
    simulation = new()
    election = signed.get("election", simulation.fingerprint)
    return {
        "election": election,
        "signatures": {
            "official": seeded_key(official).sign("open", {"election": election}),
            "trustees": [seeded_key(f"trustee {number}").sign("open", {"election": election}) for number in trustees],
        },
    }


def cast(simulation: Simulation, voter: int = 0, choices: Mapping[str, Any] = BEN, **changes: Any) -> Proposal:
    """Propose a ballot, its entry's fields changed afterwards."""
    person = simulation.voters[voter]
    ballot = simulation.seal(person, choices, changes.pop("previous_ballot", None)).ballot
    return "ballot", {**ballot_body(ballot, person.key), **changes}, ballot


def signed(name: str, tag: str, **fields: Any) -> Step:
    return lambda simulation: (tag, simulation.signed_by(name, tag, **fields), None)


def close(simulation: Simulation, signer: str = "official", **changes: Any) -> Proposal:
    fields = {"size": simulation.board.size + 1, "counted": simulation.board.counted_hash(), **changes}
    return "close", simulation.signed_by(signer, "close", **fields), None


def voter_key(simulation: Simulation, number: int) -> str:
    return simulation.voters[number].key.public


def replaced(old: int = 0, fresh: str = "new key", signer: str = "registrar") -> Step:
    def propose(simulation: Simulation) -> Proposal:
        fields = {"old": voter_key(simulation, old), "new": seeded_key(fresh).public}
        return "replace", simulation.signed_by(signer, "replace", **fields), None

    return propose


def struck(voter: int = 0, signer: str = "registrar") -> Step:
    return lambda simulation: (
        "strike", simulation.signed_by(signer, "strike", voter=voter_key(simulation, voter)), None
    )  # fmt: skip


def then(*steps: Step) -> Step:
    """Run steps one after the other."""

    def run(simulation: Simulation) -> None:
        for step in steps:
            step(simulation)

    return run


def intends(trustee: int) -> Step:
    return lambda simulation: simulation.intend(trustee)


def observes(number: int) -> Step:
    return lambda simulation: observe(simulation, number)


def opened_early(simulation: Simulation) -> None:
    simulation.now = OPENS_AT - timedelta(days=1)
    simulation.open()


def for_another_voter(simulation: Simulation) -> Proposal:
    kind, body, ballot = cast(simulation)
    return kind, {**body, "voter": voter_key(simulation, 1)}, ballot


def of_another_log(simulation: Simulation) -> Proposal:
    assert simulation.board.intent is not None
    other = replace(simulation.board.intent, size=4).signed(simulation.fingerprint)
    return "intent", {"trustee": 1, "signature": seeded_key("trustee 1").sign("intent", other)}, None


def after(prepare: Step, *steps: Step) -> Step:
    """Prepare, then append what the steps propose."""

    def run(simulation: Simulation) -> None:
        prepare(simulation)
        for step in steps:
            simulation.append(*step(simulation))

    return run


def audited(simulation: Simulation) -> Proposal:
    return "audited", {"tracker": simulation.seal(simulation.voters[1], ADA).ballot.tracker}, None


def same_ballot_again(simulation: Simulation) -> Proposal:
    return "ballot", simulation.entries[4].body, simulation.ballots[0]


def ballot_that_was_audited(simulation: Simulation) -> None:
    opened(simulation)
    made = simulation.seal(simulation.voters[1], ADA).ballot
    simulation.append("audited", {"tracker": made.tracker})
    simulation.ballots.append(made)


def someone_elses(simulation: Simulation) -> Proposal:
    """A ballot cast by another voter's signature, and with that voter named in the entry."""
    ballot = simulation.seal(simulation.voters[1], ADA).ballot
    return "ballot", ballot_body(ballot, simulation.voters[0].key) | {"voter": voter_key(simulation, 0)}, ballot


def stranger(simulation: Simulation) -> Proposal:
    person = replace(simulation.voters[0], key=seeded_key("stranger"))
    ballot = simulation.seal(person, ADA).ballot
    return "ballot", ballot_body(ballot, person.key), ballot


def state(board: Board) -> dict[str, Any]:
    kept = {name: copy.deepcopy(value) for name, value in vars(board).items() if name not in ("election", "tree")}
    return {**kept, "size": board.tree.size, "root": board.tree.root()}
