"""Hostile tallies and intents, re-hashed and re-signed; one check names the lie."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.verifier.conftest import Check, reasons
from tests.verifier.forge.bytes import b64, number
from tests.verifier.forge.lies import WON, opened
from tests.verifier.forge.world import World

# --- 8 to 12


def tally_test(name: str, *named: str) -> Any:
    return pytest.param(name, set(named), id=name)


TAMPERINGS: dict[str, Callable[[World, dict[str, Any]], None]] = {
    "another election": lambda w, t: t.update(election=b64(bytes(32))),
    "another size": lambda w, t: t.update(size=t["size"] - 1),
    "another root": lambda w, t: t.update(root=b64(bytes(32))),
    "another counted": lambda w, t: t.update(counted=b64(bytes(32))),
    "no contests": lambda w, t: t.update(contests=[]),
    "another number of ballots": lambda w, t: t["contests"][0].update(ballots=2),
    "another weight": lambda w, t: t["contests"][0].update(weight=2),
    "withheld without need": lambda w, t: t["contests"][0].update(
        ciphertexts=[], certificates=[], totals=[], outcome={"elected": [], "tied": []}
    ),
    "another ciphertext": lambda w, t: another_ciphertext(w, t),
    "another total": lambda w, t: t["contests"][0].update(totals=[0, 1, 0, 0]),
    "a total too many": lambda w, t: t["contests"][0]["totals"].append(0),
    "another plaintext": lambda w, t: t["contests"][0]["certificates"][0].update(m=number(2**32, 64)),
    "plaintext and totals": lambda w, t: plaintext_and_totals(w, t),
    "plaintext times n": lambda w, t: t["contests"][0]["certificates"][0].update(m=number(1 + w.key.n, 64)),
    "another root of it": lambda w, t: t["contests"][0]["certificates"][0].update(r=number(5, 64)),
    "r is 0": lambda w, t: t["contests"][0]["certificates"][0].update(r=number(0, 64)),
    "no certificate": lambda w, t: t["contests"][0].update(certificates=[]),
    "another winner": lambda w, t: t["contests"][0]["outcome"].update(elected=["bob"]),
    "a tie invented": lambda w, t: t["contests"][0]["outcome"].update(elected=[], tied=["ada", "bob"]),
    "a partial less": lambda w, t: t["partials"].pop(),
    "a partial more": lambda w, t: t["partials"].append(
        {**t["partials"][0], "trustee": 3, "parts": [w.key.part(3, w.header, "mayor", the_ciphertext(w))]}
    ),
    "a partial doubled": lambda w, t: t.update(partials=[t["partials"][0]] * 2),
    "partials out of order": lambda w, t: t["partials"].reverse(),
    "a partial of another trustee": lambda w, t: t["partials"][1].update(trustee=3),
    "a partial of nobody": lambda w, t: t["partials"][1].update(trustee=9),
    "a partial of another log": lambda w, t: t["partials"][1].update(size=5),
    "a partial of another ciphertext": lambda w, t: t["partials"][1]["parts"][0].update(ciphertext=number(7, 128)),
    "a partial of another contest": lambda w, t: t["partials"][1]["parts"][0].update(contest="law"),
    "a partial without parts": lambda w, t: t["partials"][1].update(parts=[]),
    "another share": lambda w, t: t["partials"][1]["parts"][0].update(value=number(4, 64)),
    "another proof": lambda w, t: t["partials"][1]["parts"][0].update(e="0" * 32),
    "another response": lambda w, t: t["partials"][1]["parts"][0].update(z=number(1, 97)),
    "a field more": lambda w, t: t.update(note="hello"),
    "a total below 0": lambda w, t: t["contests"][0].update(totals=["-1", 1, 0, 0]),
}


def the_ciphertext(world: World) -> Any:
    cells, _, _ = world.products("mayor")
    return world.ciphertexts(world.contests[0], cells)[0]


def another_ciphertext(world: World, tally: dict[str, Any]) -> None:
    """Open a ciphertext that nobody cast, with a good certificate and good partials."""
    r = world.key.unit()
    ciphertext = world.key.encrypt(2**32, r)
    contest = tally["contests"][0]
    contest["ciphertexts"] = [number(ciphertext, 128)]
    contest["certificates"] = [{"m": number(2**32, 64), "r": number(world.key.open(ciphertext)[1], 64)}]
    contest["totals"] = [0, 1, 0, 0]
    contest["outcome"] = {"elected": ["bob"], "tied": []}
    for partial in tally["partials"]:
        partial["parts"] = [world.key.part(partial["trustee"], world.header, "mayor", ciphertext)]


def plaintext_and_totals(world: World, tally: dict[str, Any]) -> None:
    tally["contests"][0]["certificates"][0]["m"] = number(2**32, 64)
    tally["contests"][0]["totals"] = [0, 1, 0, 0]
    tally["contests"][0]["outcome"]["elected"] = ["bob"]


@pytest.mark.parametrize(
    ("name", "named"),
    [
        tally_test("another election", "9 aggregates: header"),
        tally_test("another size", "9 aggregates: header"),
        tally_test("another root", "9 aggregates: header"),
        tally_test("another counted", "9 aggregates: header"),
        tally_test("no contests", "9 aggregates: contests", "11 partials: parts"),
        tally_test("another number of ballots", "9 aggregates: contests"),
        tally_test("another weight", "9 aggregates: contests"),
        tally_test(
            "withheld without need",
            "9 aggregates: withheld",
            "9 aggregates: ciphertexts",
            "10 totals: ranges",
            "11 partials: parts",
            "12 outcome: outcome",
        ),
        tally_test("another ciphertext", "9 aggregates: ciphertexts"),
        tally_test("another total", "10 totals: totals", "12 outcome: outcome"),
        tally_test("a total too many", "10 totals: totals", "12 outcome: outcome"),
        tally_test("another plaintext", "10 totals: certificates", "10 totals: totals"),
        tally_test("plaintext and totals", "10 totals: certificates"),
        tally_test("plaintext times n", "10 totals: cap", "10 totals: totals"),
        tally_test("another root of it", "10 totals: certificates"),
        tally_test("r is 0", "10 totals: certificates"),
        tally_test("no certificate", "10 totals: certificates", "10 totals: totals"),
        tally_test("another winner", "12 outcome: outcome"),
        tally_test("a tie invented", "12 outcome: outcome"),
        tally_test("a partial less", "11 partials: members"),
        tally_test("a partial more", "11 partials: members"),
        tally_test("a partial doubled", "11 partials: members"),
        tally_test("partials out of order", "11 partials: members"),
        tally_test("a partial of another trustee", "11 partials: proofs"),
        tally_test("a partial of nobody", "11 partials: members", "11 partials: proofs"),
        tally_test("a partial of another log", "11 partials: parts", "11 partials: proofs"),
        tally_test("a partial of another ciphertext", "11 partials: parts", "11 partials: proofs"),
        tally_test("a partial of another contest", "11 partials: parts"),
        tally_test("a partial without parts", "11 partials: parts"),
        tally_test("another share", "11 partials: proofs"),
        tally_test("another proof", "11 partials: proofs"),
        tally_test("another response", "11 partials: proofs"),
    ],
)
def test_attacks_on_the_tally(name: str, named: set[str], check: Check) -> None:
    world = opened()
    world.finish(WON, lambda tally: TAMPERINGS[name](world, tally))
    report = check(world)
    assert set(report.failed_parts()) == named, reasons(report)


@pytest.mark.parametrize("name", ["a field more", "a total below 0"])
def test_a_tally_of_another_form(name: str, check: Check) -> None:
    world = opened()
    world.finish(WON, lambda tally: TAMPERINGS[name](world, tally))
    assert "1 encoding: tally" in check(world).failed_parts()


def test_another_tally_than_the_log_says(check: Check) -> None:
    world = opened().finish(WON)
    assert world.tally is not None
    world.tally["partials"][0]["parts"][0]["e"] = "0" * 32
    assert check(world).failed_parts() == ["3 log: tally", "11 partials: proofs"]


def test_a_contest_of_one_ballot_opened_all_the_same(check: Check) -> None:
    world = World(min_ballots=2).open()
    world.cast("ann")
    world.close()
    for trustee in (1, 2, 3):
        world.intend("trustee", trustee)
    world.count(WON, least=1)
    assert check(world.log_tally()).failed_parts() == ["9 aggregates: withheld"]


@pytest.mark.parametrize(
    ("signers", "named"),
    [
        ([("trustee", 1), ("trustee", 2)], {"8 intents: quorum"}),
        ([("trustee", 1), ("trustee", 3), ("observer", 0)], {"11 partials: members"}),
        ([("trustee", 1), ("trustee", 2), ("trustee", 2), ("observer", 0)], {"8 intents: signatures"}),
        ([("trustee", 1), ("trustee", 2), ("observer", 0)], set()),
    ],
)
def test_intents(signers: list[tuple[str, int]], named: set[str], check: Check) -> None:
    world = opened()
    world.close()
    for role, place in signers:
        world.intend(role, place)
    world.count(WON)
    report = check(world.log_tally())
    assert set(report.failed_parts()) == named, reasons(report)


@pytest.mark.parametrize("field", ["election", "size", "root", "counted"])
def test_an_intent_for_another_log(field: str, check: Check) -> None:
    world = opened()
    world.close()
    world.intend("trustee", 1)
    other = 5 if field == "size" else b64(bytes(32))
    world.intend("trustee", 2, {**world.header, field: other})
    world.intend("trustee", 3)
    world.count(WON)
    failed = check(world.log_tally()).failed_parts()
    assert failed == ["8 intents: signatures", "8 intents: quorum", "11 partials: members"]


def test_an_intent_of_nobody(check: Check) -> None:
    world = opened()
    world.close()
    for role, place in (("trustee", 4), ("observer", 1)):
        world.append("intent", {role: place, "signature": world.board.sign("intent", world.header)})
    assert check(world, until_close=True).failed_parts() == ["8 intents: signatures"]
