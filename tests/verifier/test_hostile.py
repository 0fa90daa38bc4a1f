"""Hostile records by somebody who holds every key: all is re-hashed and re-signed, and one check names the lie."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.verifier.conftest import Check, reasons
from tests.verifier.forge.bytes import Signer, b64, clock, jcs, number, tag_hash
from tests.verifier.forge.key import PRIMES
from tests.verifier.forge.vote import Made
from tests.verifier.forge.world import World

WON = {"mayor": {"elected": ["ada"], "tied": []}}
SMALL_ORDER = b64((2**255 - 20).to_bytes(32, "little"))


def opened(**changed: Any) -> World:
    world = World(**changed).open()
    world.cast("ann")
    return world


def passes_for(world: World, name: str, ballot: dict[str, Any]) -> None:
    """Log a ballot as it is, with a good signature."""
    world.log_ballot(Made(ballot), name)


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
    z = int.from_bytes(_decode(proof["z"][0]), "big")
    proof["z"][0] = number(int(world.key.n) - z, 64)
    passes_for(world, "ben", ballot)


def a_negated_commitment(world: World) -> None:
    ballot = copy.deepcopy(world.make("ben").ballot)
    proof = ballot["contests"][0]["proofs"][0]
    a = int.from_bytes(_decode(proof["a"][0]), "big")
    proof["a"][0] = number(int(world.key.n2) - a, 128)
    passes_for(world, "ben", ballot)


def _decode(text: str) -> bytes:
    from verifier.codec import decode_bytes

    return decode_bytes(text, len(text) * 3 // 4)


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
    ("trustees/1/v", lambda v: number(int.from_bytes(_decode(v), "big") ^ 1, 64), "2 key: shares"),
    ("trustees/2/v", lambda v: number(int.from_bytes(_decode(v), "big") ^ 1, 64), "2 key: shares"),
    ("trustees/2/v", number(PRIMES[0], 64), "2 key: shares"),
    ("trustees", lambda trustees: trustees * 2, "4 opening: key"),
    ("trustees", lambda trustees: trustees[:1], "2 key: shares"),
    ("trustees", lambda trustees: trustees * 30, "1 encoding: key"),
    ("certificate/roots/5/x", lambda x: number(int.from_bytes(_decode(x), "big") ^ 1, 64), "2 key: roots"),
    ("certificate/roots/0/a", lambda a: 1 - a, "2 key: roots"),
    ("certificate/roots", lambda roots: roots[:-1], "1 encoding: key"),
    ("certificate/roots/0/a", 2, "1 encoding: key"),
    ("certificate/size/15/z", lambda z: number(int.from_bytes(_decode(z), "big") ^ 1, 65), "2 key: size"),
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
