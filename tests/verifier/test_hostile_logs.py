"""Hostile keys, openings, closes and trees, re-hashed and re-signed; one check names the lie."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.verifier.conftest import Check, reasons
from tests.verifier.forge.bytes import Signer, b64, clock, number, tag_hash
from tests.verifier.forge.key import PRIMES
from tests.verifier.forge.lies import SMALL_ORDER, WON, decoded, opened
from tests.verifier.forge.world import World

# --- 2 key and 4 opening: what stands before the first ballot


def key_change(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(key: Any) -> None:
        *way, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
        for step in way:
            key = key[step]
        key[last] = value(key[last]) if callable(value) else value

    return change


KEYS = [
    ("dealer", False, "4 opening: key"),
    ("share_bits", 520, "4 opening: key"),
    ("trustees/0/name", "Somebody", "4 opening: key"),
    ("manifest", b64(bytes(32)), "4 opening: key"),
    ("trustees/1/v", lambda v: number(int.from_bytes(decoded(v), "big") ^ 1, 64), "2 key: shares"),
    ("trustees/2/v", lambda v: number(int.from_bytes(decoded(v), "big") ^ 1, 64), "2 key: shares"),
    ("trustees/2/v", number(PRIMES[0], 64), "2 key: shares"),
    ("trustees", lambda trustees: trustees * 2, "4 opening: key"),
    ("trustees", lambda trustees: trustees[:1], "2 key: shares"),
    ("trustees", lambda trustees: trustees * 30, "1 encoding: key"),
    ("certificate/roots/5/x", lambda x: number(int.from_bytes(decoded(x), "big") ^ 1, 64), "2 key: roots"),
    ("certificate/roots/0/a", lambda a: 1 - a, "2 key: roots"),
    ("certificate/roots", lambda roots: roots[:-1], "1 encoding: key"),
    ("certificate/roots/0/a", 2, "1 encoding: key"),
    ("certificate/size/15/z", lambda z: number(int.from_bytes(decoded(z), "big") ^ 1, 65), "2 key: size"),
    ("certificate/size/3/A", number(4, 64), "2 key: size"),
    ("certificate/size/3/z", number(2**515, 65), "1 encoding: key"),
    ("trustees/0/key", SMALL_ORDER, "4 opening: keys"),
    ("trustees/0/key", Signer("voter ann").public, "4 opening: keys"),
    ("trustees/0/key", Signer("board").public, "4 opening: keys"),
]


@pytest.mark.parametrize(("path", "value", "named"), KEYS, ids=lambda value: value if isinstance(value, str) else "")
def test_attacks_on_the_key(path: str, value: Any, named: str, check: Check) -> None:
    world = opened(change_key=key_change(path, value))
    report = check(world.finish(WON))
    assert named in report.failed_parts(), reasons(report)
    assert report.exit_code == 1


def test_another_modulus_under_the_certificate(check: Check) -> None:
    for n, said in [
        (PRIMES[0] ** 2, "4|square|root|size"),
        (PRIMES[0] * PRIMES[1] + 4, "root|small|factor"),
        (PRIMES[2] * PRIMES[3], "root"),
    ]:
        world = opened(change_key=key_change("n", number(n, 64)))
        report = check(world.finish(WON))
        assert any(part.startswith(("2 key", "1 encoding: key")) for part in report.failed_parts()), said


def wrong_roll_signature(world: World) -> None:
    sha256 = world.log[2]["body"]["sha256"]
    world.log[2]["body"]["signature"] = world.board.sign("roll", {"manifest": "", "sha256": sha256})


def wrong_count_of_voters(world: World) -> None:
    world.log[2]["body"]["voters"] += 1


def wrong_key_hash(world: World) -> None:
    world.log[1]["body"]["sha256"] = b64(bytes(32))


def another_manifest_on_the_log(world: World) -> None:
    world.log[0]["body"] = {**world.manifest, "min_ballots": 2}


def one_trustee_did_not_sign(world: World) -> None:
    world.log[3]["body"]["signatures"]["trustees"].pop()


def a_trustee_signed_another_election(world: World) -> None:
    world.log[3]["body"]["signatures"]["trustees"][2] = world.trustees[2].sign("open", {"election": b64(bytes(32))})


def official_did_not_sign(world: World) -> None:
    world.log[3]["body"]["signatures"]["official"] = world.board.sign("open", {"election": world.election})


def opened_another_election(world: World) -> None:
    world.log[3]["body"]["election"] = b64(bytes(32))


@pytest.mark.parametrize(
    ("attack", "named"),
    [
        (wrong_roll_signature, "4 opening: roll"),
        (wrong_count_of_voters, "4 opening: roll"),
        (wrong_key_hash, "4 opening: key"),
        (another_manifest_on_the_log, "4 opening: manifest"),
        (one_trustee_did_not_sign, "4 opening: open"),
        (a_trustee_signed_another_election, "4 opening: open"),
        (official_did_not_sign, "4 opening: open"),
        (opened_another_election, "4 opening: open"),
    ],
)
def test_attacks_on_the_opening(attack: Callable[[World], None], named: str, check: Check) -> None:
    world = opened()
    attack(world)
    report = check(world.finish(WON))
    assert report.failed_parts() == [named], reasons(report)


ANN, BEN = sorted([Signer("voter ann").public, Signer("voter ben").public])


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ([(BEN, "all", 1), (ANN, "all", 1)], "4 opening: roll"),
        ([(ANN, "all", 1), (ANN, "all", 1), (BEN, "all", 1)], "4 opening: roll"),
        ([(ANN, "all", 1), (BEN, "none", 1)], "4 opening: roll"),
        ([(ANN, "all", 1), (BEN, "all", 0)], "1 encoding: roll"),
        ([(ANN, "all", 1), (BEN, "all", 2**32 - 1)], "4 opening: capacity"),
        (sorted([(ANN, "all", 1), (BEN, "all", 1), (SMALL_ORDER, "all", 1)]), "4 opening: keys"),
        (sorted([(ANN, "all", 1), (BEN, "all", 1), (Signer("board").public, "all", 1)]), "4 opening: keys"),
    ],
)
def test_attacks_on_the_roll(lines: list[tuple[str, str, int]], named: str, check: Check) -> None:
    world = World()
    world.set_roll([{"voter": voter, "style": style, "weight": weight} for voter, style, weight in lines])
    world.weights[ANN] = world.weights[BEN] = (1, "all")
    world.open().cast("ann")
    world.close()
    report = check(world, until_close=True)
    assert named in report.failed_parts(), reasons(report)


def test_weights_may_reach_the_last_number_that_fits(check: Check) -> None:
    world = World(voters={"ann": 1, "ben": 2**32 - 2}).open()
    world.cast("ben", [["cyd"]])
    report = check(world.finish({"mayor": {"elected": ["cyd"], "tied": []}}))
    assert report.exit_code == 0, reasons(report)


def test_two_observers_with_one_key(check: Check) -> None:
    observer = {"name": "Observer 0", "key": Signer("observer 0").public}
    world = World()
    world.manifest["observers"] = [observer, {**observer, "name": "Observer 1"}]
    world.manifest_hash = tag_hash("manifest", world.manifest)
    world.key_document["manifest"] = b64(world.manifest_hash)
    world.set_roll([{"voter": v, "style": "all", "weight": 1} for v in sorted(world.weights)])
    world.open()
    world.cast("ann")
    world.close()
    assert check(world, until_close=True).failed_parts() == ["4 opening: keys"]


# --- 3 log, 7 counted: the close


def test_closed_before_its_time(check: Check) -> None:
    world = opened()
    world.close(at=599)
    assert check(world, until_close=True).failed_parts() == ["3 log: closing"]


def test_closed_with_a_wrong_size(check: Check) -> None:
    world = opened()
    world.close(size=3)
    assert check(world, until_close=True).failed_parts() == ["3 log: closing"]


def test_closed_without_the_official(check: Check) -> None:
    world = opened(closing="official")
    world.close()
    world.log[-1]["body"]["signature"] = ""
    assert check(world, until_close=True).failed_parts() == ["3 log: closing"]


def test_closed_with_a_signature_too_many(check: Check) -> None:
    world = opened()
    world.close()
    world.log[-1]["body"]["signature"] = world.official.sign("close", {})
    assert check(world, until_close=True).failed_parts() == ["3 log: closing"]


def test_closed_on_an_earlier_ballot_of_a_voter(check: Check) -> None:
    world = opened()
    first = world.log[-1]["body"]["tracker"]
    world.cast("ann", [["bob"]])
    world.close(counted=b64(tag_hash("counted", [first])))
    assert check(world, until_close=True).failed_parts() == ["7 counted: counted"]


@pytest.mark.parametrize("type_", ["ballot", "audited", "replace", "strike", "extend", "close"])
def test_nothing_of_the_vote_after_the_close(type_: str, check: Check) -> None:
    world = opened()
    world.close()
    late: dict[str, Callable[[], object]] = {
        "ballot": lambda: world.cast("ben", at=600),
        "audited": lambda: world.append("audited", {"tracker": b64(bytes(32))}),
        "replace": lambda: world.replace("ben", "bea"),
        "strike": lambda: world.strike("ben"),
        "extend": lambda: world.by_official("extend", closes_at=clock(900), reason="again"),
        "close": lambda: world.close(at=602),
    }
    late[type_]()
    world.minutes = 700
    report = check(world, until_close=True)
    assert "3 log: order" in report.failed_parts(), reasons(report)


def test_nothing_after_the_tally(check: Check) -> None:
    world = opened().finish(WON)
    world.append("audited", {"tracker": b64(bytes(32))})
    assert check(world).failed_parts() == ["3 log: order"]


def test_nothing_after_the_annulment(check: Check) -> None:
    world = opened()
    world.by_official("annul", reason="over")
    world.append("audited", {"tracker": b64(bytes(32))})
    assert check(world).failed_parts() == ["3 log: order"]


def test_annulled_by_the_board(check: Check) -> None:
    world = opened()
    world.append("annul", {"reason": "no", "signature": world.board.sign("annul", {})})
    assert check(world).failed_parts() == ["3 log: closing"]


# --- 3 log: the tree


def test_entries_dropped_and_the_checkpoint_not_made_anew(check: Check) -> None:
    world = opened().finish(WON)
    world.more_files["checkpoint"] = world.files()["checkpoint"]
    del world.log[-2]
    failed = check(world).failed_parts()
    assert "3 log: checkpoint" in failed


def test_numbered_wrongly(check: Check) -> None:
    world = opened().finish(WON)
    world.log[5]["index"] = 6
    report = check(world)
    assert "3 log: order" in report.failed_parts()
