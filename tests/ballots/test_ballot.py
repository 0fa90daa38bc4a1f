"""The ballot: sealed, parsed, opened, and refused when anything on it is changed (section 6)."""

import random
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phe.paillier import PaillierPrivateKey, PaillierPublicKey

from ballots import codec
from ballots.ballot import (
    Ballot,
    Sealed,
    challenge_of,
    parse_ballot,
    plain_secrets,
    seal_ballot,
    verify_ballot,
    verify_cast,
)
from ballots.contests import plan
from ballots.errors import (
    BallotRefused,
    BallotsError,
    ContestError,
    ForeignBallot,
    MalformedBallot,
    ProofError,
    SignatureRefused,
)
from tests.support.elections import (
    BITS,
    COUNCIL,
    EVERY_KIND,
    MAYOR,
    Simulation,
    safe_primes,
    simulate,
)
from tests.support.hostile import HOSTILE_BYTES, hostile_bytes, hostile_documents, replaced

SMALL_CHOICE = {"mayor": ["ben"], "council": ["a", "d"]}


@cache
def every_kind() -> Simulation:
    return simulate(EVERY_KIND)


@cache
def small() -> Simulation:
    return simulate((MAYOR, COUNCIL))


@cache
def sealed() -> Sealed:
    return small().seal(small().voters[0], SMALL_CHOICE)


def document() -> dict[str, Any]:
    return sealed().ballot.document


def judge(simulation: Simulation, value: Any) -> Ballot:
    ballot = parse_ballot(value, simulation.election, "all")
    verify_ballot(simulation.election, ballot)
    return ballot


def choices_of_every_kind() -> st.SearchStrategy[dict[str, Any]]:
    points = st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda given: sum(given) <= 5)
    return st.fixed_dictionaries({
        "mayor": st.sampled_from(["ada", "ben", "cyd"]).map(lambda one: [one]),
        "council": st.lists(st.sampled_from("abcd"), unique=True, max_size=2),
        "parks": st.fixed_dictionaries({"lake": st.integers(0, 3), "wood": st.integers(0, 3)}),
        "money": points.map(lambda given: {"bus": given[0], "bike": given[1]}),
        "order": st.permutations(["x", "y", "z"]),
        "tiers": st.lists(st.sampled_from("xyz"), unique=True).flatmap(
            lambda ids: st.sampled_from([[[one] for one in ids], [ids], ids, [ids[:1], ids[1:]]])
        ),
    })  # fmt: skip


@settings(max_examples=30)
@given(choices_of_every_kind(), st.booleans())
def test_every_choice_can_be_sealed_and_opened(choices: dict[str, Any], short: bool) -> None:
    simulation = every_kind()
    rng = random.Random("seal")
    secrets = simulation.secrets if short else plain_secrets(simulation.election, rng.getrandbits)
    voter = simulation.voters[0]
    made = seal_ballot(simulation.election, "all", voter.key.public, "", choices, rng.getrandbits, secrets)
    ballot = judge(simulation, codec.parse_canonical(made.ballot.encode()))
    assert ballot == made.ballot
    verify_cast(ballot, ballot.sign(voter.key))
    key = simulation.election.key
    decrypt = PaillierPrivateKey(PaillierPublicKey(int(key.n)), *safe_primes(BITS)).raw_decrypt
    for contest, opening in zip(ballot.contests, made.openings, strict=True):
        layout = simulation.election.layouts[contest.id]
        assert opening.id == contest.id
        assert opening.values == plan(simulation.election.manifest.contest(contest.id), layout, choices[contest.id])
        for cell, value, randomness in zip(contest.cells, opening.values, opening.randomness, strict=True):
            assert cell == key.encrypt(value, int(randomness))
            assert decrypt(int(cell)) == value


def test_two_ballots_of_one_choice_have_nothing_in_common() -> None:
    first, second = (small().seal(small().voters[0], SMALL_CHOICE).ballot for _ in range(2))
    assert not set(first.contests[0].cells) & set(second.contests[0].cells)
    assert first.tracker != second.tracker


def test_tracker_challenge_and_signature_are_those_of_the_page() -> None:
    ballot = sealed().ballot
    assert ballot.tracker == codec.encode_bytes(codec.digest("ballot", document()))
    kept = codec.parse_canonical(ballot.encode())
    for contest in kept["contests"]:
        contest["proofs"] = [{"a": proof["a"]} for proof in contest["proofs"]]
    assert ballot.challenge == int.from_bytes(codec.digest("challenge", kept)[:16], "big") == challenge_of(document())
    signature = ballot.sign(small().voters[0].key)
    assert signature == small().voters[0].key.sign("cast", {"tracker": ballot.tracker})
    for voter in small().voters[1:]:
        with pytest.raises(SignatureRefused):
            verify_cast(ballot, ballot.sign(voter.key))


def test_the_audit_file_opens_every_cell() -> None:
    key = small().election.key
    audit = sealed().audit_document(key)
    codec.encode_canonical(audit)
    assert audit["ballot"] == document()
    for contest, opening in zip(document()["contests"], audit["openings"], strict=True):
        assert opening.keys() == {"id", "values", "randomness"}
        for cell, value, randomness in zip(contest["cells"], opening["values"], opening["randomness"], strict=True):
            number = codec.decode_number(value, key.width)
            assert key.encode_ciphertext(key.encrypt(number, int(key.decode_residue(randomness)))) == cell


@pytest.mark.parametrize(
    "choices", [{}, {"mayor": ["ben"]}, {**SMALL_CHOICE, "parks": {}}, {"mayor": ["ben"], "parks": {}}]
)
def test_each_contest_of_the_style_needs_a_choice(choices: dict[str, Any]) -> None:
    with pytest.raises(BallotRefused, match="one choice for each contest"):
        small().seal(small().voters[0], choices)


def test_choices_must_be_allowed() -> None:
    with pytest.raises(ContestError, match="Choose 1 of the options; 2 are chosen"):
        small().seal(small().voters[0], {"mayor": ["ada", "ben"], "council": []})


Change = Callable[[dict[str, Any]], object]


def contest0(ballot: dict[str, Any]) -> dict[str, Any]:
    contest: dict[str, Any] = ballot["contests"][0]
    return contest


def proof0(ballot: dict[str, Any]) -> dict[str, list[Any]]:
    proof: dict[str, list[Any]] = contest0(ballot)["proofs"][0]
    return proof


def branches(ballot: dict[str, Any], kept: slice) -> None:
    proof0(ballot).update({field: part[kept] for field, part in proof0(ballot).items()})


def number(value: int, width: int) -> str:
    return codec.encode_number(value, width)


N = int(small().election.key.n)
HOSTILE_BALLOTS: list[tuple[str, Change, type[BallotsError], str]] = [
    ("version", lambda b: b.update(version=2), MalformedBallot, "version is not 1"),
    ("version true", lambda b: b.update(version=True), MalformedBallot, "version is not 1"),
    ("election", lambda b: b.update(election="A" * 43), ForeignBallot, "another election"),
    ("voter", lambda b: b.update(voter="A" * 42), MalformedBallot, "32 bytes"),
    ("previous", lambda b: b.update(previous="A" * 42), MalformedBallot, "32 bytes"),
    ("previous number", lambda b: b.update(previous=0), MalformedBallot, "32 bytes"),
    ("randomness left inside", lambda b: contest0(b).update(randomness=["A"]), MalformedBallot, "unknown: randomness"),
    ("field missing", lambda b: b.pop("voter"), MalformedBallot, "unknown: voter"),
    ("contests missing", lambda b: b["contests"].pop(), BallotRefused, "2 contests of its style"),
    ("contests doubled", lambda b: b["contests"].append(contest0(b)), BallotRefused, "2 contests of its style"),
    ("contests no list", lambda b: b.update(contests={"0": contest0(b)}), BallotRefused, "2 contests of its style"),
    ("contests swapped", lambda b: b["contests"].reverse(), BallotRefused, "answers 'council' where its style has"),
    ("cell missing", lambda b: contest0(b)["cells"].pop(), BallotRefused, "must have 1 numbers"),
    ("cell more", lambda b: contest0(b)["cells"].append(contest0(b)["cells"][0]), BallotRefused, "must have 1 numbers"),
    ("cells no list", lambda b: contest0(b).update(cells=contest0(b)["cells"][0]), BallotRefused, "must have 1 numb"),
    ("proof missing", lambda b: b["contests"][1]["proofs"].pop(), BallotRefused, "needs 5 proofs"),
    ("proof more", lambda b: contest0(b)["proofs"].append(proof0(b)), BallotRefused, "needs 1 proofs"),
    ("branch missing", lambda b: branches(b, slice(2)), BallotRefused, "must have 3 branches"),
    ("branches of nothing", lambda b: branches(b, slice(0)), BallotRefused, "must have 3 branches"),
    ("only a shorter", lambda b: proof0(b)["a"].pop(), BallotRefused, "must have 3 numbers"),
    ("challenge capital", lambda b: proof0(b)["e"].__setitem__(0, "A" * 32), MalformedBallot, "lower-case hex"),
    ("challenge number", lambda b: proof0(b)["e"].__setitem__(0, 7), MalformedBallot, "lower-case hex"),
    ("challenge long", lambda b: proof0(b)["e"].__setitem__(0, "0" * 33), MalformedBallot, "lower-case hex"),
    ("cell wide", lambda b: contest0(b)["cells"].__setitem__(0, number(1, 129)), MalformedBallot, "128 bytes"),
    ("cell narrow", lambda b: contest0(b)["cells"].__setitem__(0, number(1, 127)), MalformedBallot, "128 bytes"),
    ("cell zero", lambda b: contest0(b)["cells"].__setitem__(0, number(0, 128)), ProofError, "zero or too large"),
    ("cell n²", lambda b: contest0(b)["cells"].__setitem__(0, number(N * N, 128)), ProofError, "zero or too large"),
    ("cell 3n", lambda b: contest0(b)["cells"].__setitem__(0, number(3 * N, 128)), ProofError, "not a unit"),
    ("a zero", lambda b: proof0(b)["a"].__setitem__(0, number(0, 128)), ProofError, "zero or too large"),
    ("a 3n", lambda b: proof0(b)["a"].__setitem__(0, number(3 * N, 128)), ProofError, "do not add up|not a unit"),
    ("a n²", lambda b: proof0(b)["a"].__setitem__(0, number(N * N, 128)), ProofError, "zero or too large"),
    ("z zero", lambda b: proof0(b)["z"].__setitem__(0, number(0, 64)), ProofError, "zero or too large"),
    ("z large", lambda b: proof0(b)["z"].__setitem__(0, number((N + 1) // 2, 64)), ProofError, "zero or too large"),
    ("z negated", lambda b: proof0(b)["z"].__setitem__(0, number(N - codec.decode_number(proof0(b)["z"][0], 64), 64)),
     ProofError, "zero or too large"),
    ("z largest", lambda b: proof0(b)["z"].__setitem__(0, number((N - 1) // 2, 64)), ProofError, "does not hold"),
    ("sum", lambda b: proof0(b)["e"].__setitem__(0, "0" * 32), ProofError, "do not add up"),
    ("branches permuted", lambda b: branches(b, slice(None, None, -1)), ProofError, "do not add up"),
    ("responses permuted", lambda b: proof0(b)["z"].reverse(), ProofError, "does not hold"),
    ("proofs permuted", lambda b: b["contests"][1]["proofs"].insert(0, b["contests"][1]["proofs"].pop(1)),
     ProofError, "do not add up"),
    ("previous afterwards", lambda b: b.update(previous="A" * 43), ProofError, "do not add up"),
    ("voter afterwards", lambda b: b.update(voter=small().voters[1].key.public), ProofError, "do not add up"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "error", "reason"), [row[1:] for row in HOSTILE_BALLOTS], ids=[row[0] for row in HOSTILE_BALLOTS]
)
def test_changed_ballots_are_refused_by_name(change: Change, error: type[BallotsError], reason: str) -> None:
    ballot = codec.parse_canonical(sealed().ballot.encode())
    change(ballot)
    with pytest.raises(error, match=reason) as caught:
        judge(small(), ballot)
    assert caught.type is error


def test_a_ballot_of_one_style_is_none_of_another() -> None:
    styles = {"all": ["mayor", "council"], "short": ["mayor"], "turned": ["council", "mayor"]}
    simulation = simulate((MAYOR, COUNCIL), styles=styles)
    voter = simulation.voters[0]
    ballot = simulation.seal(voter, SMALL_CHOICE).ballot
    for style in ("short", "turned"):
        with pytest.raises(BallotRefused):
            parse_ballot(ballot.document, simulation.election, style)


@given(hostile_documents(document()))
def test_any_changed_field_is_refused(data: bytes) -> None:
    try:
        ballot = judge(small(), codec.parse_canonical(data))
    except BallotsError:
        assert data != sealed().ballot.encode()
    else:
        assert ballot == sealed().ballot


@given(hostile_bytes(sealed().ballot.encode()))
def test_any_changed_byte_is_refused(data: bytes) -> None:
    if data != sealed().ballot.encode():
        with pytest.raises(BallotsError):
            judge(small(), codec.parse_canonical(data))


@pytest.mark.parametrize("data", HOSTILE_BYTES)
def test_hostile_bytes(data: bytes) -> None:
    with pytest.raises(BallotsError):
        judge(small(), codec.parse_canonical(data))


@pytest.mark.parametrize("value", [None, 1.5, b"", object(), {"contests": None}, float("nan")])
def test_values_that_are_no_json_are_refused(value: Any) -> None:
    with pytest.raises(BallotRefused):
        parse_ballot(value, small().election, "all")
    with pytest.raises(BallotRefused):
        parse_ballot(replaced(document(), ("contests", 0, "proofs", 0, "a", 0), value), small().election, "all")
