"""Hostile votes by somebody who holds every key: all is re-hashed and re-signed, and one check names the lie."""

import copy
from collections.abc import Callable

import pytest

from tests.verifier.conftest import Check, reasons
from tests.verifier.forge.bytes import Signer, b64, clock, jcs, number, tag_hash
from tests.verifier.forge.key import PRIMES
from tests.verifier.forge.lies import SMALL_ORDER, WON, decoded, opened, passes_for
from tests.verifier.forge.world import World

# --- 3 log, 5 ballots, 7 counted: what is logged


def copied_to_another_voter(world: World) -> None:
    ballot = copy.deepcopy(world.ballots[0])
    assert isinstance(ballot, dict)
    passes_for(world, "ben", {**ballot, "voter": world.voters["ben"].public})


def logged_twice(world: World) -> None:
    ballot = world.ballots[0]
    assert isinstance(ballot, dict)
    passes_for(world, "ann", ballot)


def old_ballot_on_top(world: World) -> None:
    withheld = world.make("ann", [["bob"]])  # made before the revote, so it names the first ballot
    world.cast("ann", [["cyd"]])
    world.log_ballot(withheld, "ann")


def another_election(world: World) -> None:
    world.cast("ben", election=b64(bytes(32)))


def stranger(world: World) -> None:
    world.voters["zoe"] = Signer("voter zoe")
    world.cast("zoe")


def wrong_signature(world: World) -> None:
    world.cast("ben")
    world.log[-1]["body"]["signature"] = world.voters["cat"].sign("cast", {"tracker": world.log[-1]["body"]["tracker"]})


def swapped_tracker(world: World) -> None:
    world.cast("ben")
    body = world.log[-1]["body"]
    body["tracker"] = b64(tag_hash("ballot", "another"))
    body["signature"] = world.voters["ben"].sign("cast", {"tracker": body["tracker"]})


def audited_then_cast(world: World) -> None:
    made = world.make("ben")
    world.append("audited", {"tracker": made.tracker})
    world.log_ballot(made, "ben")


def cast_then_audited(world: World) -> None:
    made = world.cast("ben")
    world.append("audited", {"tracker": made.tracker})


def too_late(world: World) -> None:
    world.cast("ben", at=601)


def too_early(world: World) -> None:
    world.log[-1]["time"] = clock(-1)


def clock_going_back(world: World) -> None:
    world.cast("ben", at=50)
    world.cast("cat", at=40)


def one_contest_too_many(world: World) -> None:
    ballot = copy.deepcopy(world.make("ben").ballot)
    ballot["contests"] *= 2
    passes_for(world, "ben", ballot)


def one_cell_too_many(world: World) -> None:
    ballot = copy.deepcopy(world.make("ben").ballot)
    ballot["contests"][0]["cells"] *= 2
    passes_for(world, "ben", ballot)


def no_proof(world: World) -> None:
    ballot = copy.deepcopy(world.make("ben").ballot)
    ballot["contests"][0]["proofs"] = []
    passes_for(world, "ben", ballot)


def a_branch_less(world: World) -> None:
    ballot = copy.deepcopy(world.make("ben").ballot)
    for part in ("a", "e", "z"):
        ballot["contests"][0]["proofs"][0][part].pop()
    passes_for(world, "ben", ballot)


def two_votes(world: World) -> None:
    world.cast("ben", [("cells", [2])])


def a_cell_that_is_no_unit(world: World) -> None:
    ballot = copy.deepcopy(world.make("ben").ballot)
    ballot["contests"][0]["cells"][0] = number(PRIMES[0] ** 2, 128)
    passes_for(world, "ben", ballot)


def a_negated_response(world: World) -> None:
    ballot = copy.deepcopy(world.make("ben").ballot)
    proof = ballot["contests"][0]["proofs"][0]
    z = int.from_bytes(decoded(proof["z"][0]), "big")
    proof["z"][0] = number(int(world.key.n) - z, 64)
    passes_for(world, "ben", ballot)


def a_negated_commitment(world: World) -> None:
    ballot = copy.deepcopy(world.make("ben").ballot)
    proof = ballot["contests"][0]["proofs"][0]
    a = int.from_bytes(decoded(proof["a"][0]), "big")
    proof["a"][0] = number(int(world.key.n2) - a, 128)
    passes_for(world, "ben", ballot)


def spaces_in_a_ballot(world: World) -> None:
    world.cast("ben")
    world.ballots[-1] = jcs(world.ballots[-1]).replace(b",", b", ", 1)


def a_field_more_in_a_ballot(world: World) -> None:
    world.cast("ben", note="hello")


def a_ballot_not_stored(world: World) -> None:
    world.cast("ben")
    world.ballots.pop()


def a_ballot_not_logged(world: World) -> None:
    world.ballots.append(world.make("ben").ballot)


def ballots_out_of_order(world: World) -> None:
    world.cast("ben")
    world.ballots.reverse()


def replaced_twice(world: World) -> None:
    world.replace("ben", "bea")
    world.replace("ben", "bob")


def replaced_by_a_used_key(world: World) -> None:
    world.replace("ben", "cat")


def replaced_by_a_weak_key(world: World) -> None:
    entry = world.replace("ben", "bea")
    fields = {"old": entry["body"]["old"], "new": SMALL_ORDER}
    entry["body"] = {**fields, "signature": world.registrar.sign("replace", {"election": world.election, **fields})}


def replaced_by_a_helper(world: World) -> None:
    entry = world.replace("ben", "bea")
    fields = {name: entry["body"][name] for name in ("old", "new")}
    entry["body"]["signature"] = world.board.sign("replace", {"election": world.election, **fields})


def struck_twice(world: World) -> None:
    world.strike("ben")
    world.strike("ben")


def voting_after_being_struck(world: World) -> None:
    world.strike("ben")
    world.cast("ben")


def voting_after_being_replaced(world: World) -> None:
    world.replace("ben", "bea")
    world.cast("ben")


def extended_too_late(world: World) -> None:
    world.by_official("extend", at=601, closes_at=clock(700), reason="late")
    world.minutes = 700


def extended_to_earlier(world: World) -> None:
    world.by_official("extend", closes_at=clock(500), reason="tired")


def extended_by_the_board(world: World) -> None:
    fields = {"closes_at": clock(700), "reason": "why not"}
    signature = world.board.sign("extend", {"election": world.election, **fields})
    world.append("extend", {**fields, "signature": signature})
    world.minutes = 700


def a_second_opening(world: World) -> None:
    world.append("open", world.log[3]["body"])


def an_unknown_entry(world: World) -> None:
    world.append("note", {"text": "hello"})


def a_tally_before_the_close(world: World) -> None:
    world.append("tally", {"sha256": b64(bytes(32))})


BEFORE_THE_CLOSE: list[tuple[Callable[[World], None], set[str]]] = [
    (copied_to_another_voter, {"6 proofs: challenges"}),
    (logged_twice, {"5 ballots: trackers", "5 ballots: previous"}),
    (old_ballot_on_top, {"5 ballots: previous"}),
    (another_election, {"5 ballots: election"}),
    (wrong_signature, {"5 ballots: signature"}),
    (swapped_tracker, {"5 ballots: stored"}),
    (audited_then_cast, {"5 ballots: trackers"}),
    (cast_then_audited, {"5 ballots: trackers"}),
    (too_late, {"3 log: window"}),
    (too_early, {"3 log: window"}),
    (clock_going_back, {"3 log: times"}),
    (two_votes, {"6 proofs: equations", "10 totals: ranges"}),
    (a_negated_response, {"6 proofs: ranges", "6 proofs: equations"}),
    (a_negated_commitment, {"6 proofs: challenges"}),
    (ballots_out_of_order, {"5 ballots: stored"}),
    (replaced_twice, {"7 counted: standing"}),
    (replaced_by_a_used_key, {"7 counted: standing"}),
    (replaced_by_a_weak_key, {"4 opening: keys"}),
    (replaced_by_a_helper, {"7 counted: standing"}),
    (struck_twice, {"7 counted: standing"}),
    (extended_too_late, {"3 log: window"}),
    (extended_to_earlier, {"3 log: window"}),
    (extended_by_the_board, {"3 log: window"}),
    (a_second_opening, {"3 log: order"}),
    (an_unknown_entry, {"1 encoding: log"}),
    (a_field_more_in_a_ballot, {"1 encoding: ballots"}),
    (spaces_in_a_ballot, {"1 encoding: ballots"}),
    (one_contest_too_many, {"5 ballots: shape"}),
    (one_cell_too_many, {"5 ballots: shape"}),
    (no_proof, {"5 ballots: shape"}),
    (a_branch_less, {"5 ballots: shape"}),
    (a_cell_that_is_no_unit, {"6 proofs: ranges"}),
    (a_ballot_not_stored, {"5 ballots: stored"}),
    (a_ballot_not_logged, {"5 ballots: stored"}),
    (stranger, {"5 ballots: voter"}),
    (voting_after_being_struck, {"5 ballots: voter"}),
    (voting_after_being_replaced, {"5 ballots: voter"}),
    (a_tally_before_the_close, {"3 log: order"}),
]
UNCOUNTABLE = (a_cell_that_is_no_unit, one_cell_too_many, a_ballot_not_stored, swapped_tracker, spaces_in_a_ballot)
"""With these the forge itself cannot count, so the record ends with the close."""
FOLLOWS = {
    "6 proofs: equations",  # a ballot that cannot be read has no proofs that could be checked
    "6 proofs: challenges",
    "6 proofs: ranges",
    "5 ballots: stored",
    "5 ballots: shape",
    "9 aggregates: ciphertexts",
    "9 aggregates: contests",
    "9 aggregates: withheld",
    "7 counted: counted",
    "8 intents: signatures",
    "10 totals: ranges",
    "10 totals: cap",
    "12 outcome: outcome",
    "3 log: tally",
}
"""What may fail besides, because it builds on what was attacked."""


@pytest.mark.parametrize(("attack", "named"), BEFORE_THE_CLOSE, ids=lambda value: getattr(value, "__name__", ""))
def test_attacks_on_the_vote(attack: Callable[[World], None], named: set[str], check: Check) -> None:
    world = opened()
    attack(world)
    if attack in UNCOUNTABLE:
        world.close(at=max(world.minutes + 1, 600))
        report = check(world, until_close=True)
    else:
        report = check(world.finish(WON))
    failed = set(report.failed_parts())
    assert report.exit_code == 1
    assert named <= failed, reasons(report)
    assert failed <= named | FOLLOWS, reasons(report)
