"""Partials and the tally: what trustees make passes; any field that is changed is refused (sections 8 and 9)."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from ballots import codec
from ballots.aggregate import Aggregate
from ballots.ballot import parse_ballot
from ballots.board import Intent
from ballots.contests import plan
from ballots.errors import BallotsError, EncodingError, TallyError
from ballots.partial import make_partial, verify_partial
from ballots.result import Tally, check_tally, check_totals, combine, eligible_weight, parse_tally
from tests.support.elections import (
    COUNCIL,
    EVERY_KIND,
    MAYOR,
    MONEY,
    ORDER,
    PARKS,
    TIERS,
    Simulation,
    ballot_body,
    option,
    simulate,
)
from tests.support.forging import forge_ballot
from tests.support.hostile import (
    HOSTILE_BYTES,
    Path,
    hostile_bytes,
    hostile_documents,
    leaves,
    loose_bytes,
    replaced,
    value_at,
)

WIDE = {**COUNCIL, "id": "wide", "options": [option(f"w{number}") for number in range(13)]}
CHOICES: list[dict[str, Any]] = [
    {"mayor": ["ada"], "council": ["a", "b"], "parks": {"lake": 3}, "money": {"bus": 5}, "order": list("xyz"),
     "tiers": ["x"], "wide": ["w0", "w12"]},
    {"mayor": ["ben"], "council": ["b"], "parks": {"lake": 1, "wood": 2}, "money": {"bike": 1}, "order": list("yxz"),
     "tiers": [["y", "z"]], "wide": []},
    {"mayor": ["ben"], "council": [], "parks": {}, "money": {"bus": 2, "bike": 3}, "order": list("zyx"),
     "tiers": [], "wide": ["w5"]},
]  # fmt: skip
WEIGHTS = (2, 1, 4)


def counted(contests: Sequence[Any] = (*EVERY_KIND, WIDE), **changes: Any) -> Simulation:
    """Return an election that is closed, all its intents signed."""
    driven = simulate(contests, weights=WEIGHTS, **changes)
    driven.open()
    for voter, choices in zip(driven.voters, CHOICES, strict=True):
        wanted = driven.election.manifest.styles[voter.style]
        driven.cast(voter, {name: choices[name] for name in wanted})
    driven.close()
    for trustee in range(1, len(driven.trustee_keys) + 1):
        driven.intend(trustee)
    return driven


@cache
def whole() -> Simulation:
    return counted()


@cache
def aggregates() -> tuple[Aggregate, ...]:
    return whole().aggregates()


@cache
def small() -> Simulation:
    return counted((MAYOR, COUNCIL))


def intent(simulation: Simulation) -> Intent:
    assert simulation.board.intent is not None
    return simulation.board.intent


def make_tally(simulation: Simulation, trustees: Sequence[int] = (1, 2)) -> Tally:
    opened = simulation.aggregates()
    partials = [
        verify_partial(simulation.election, intent(simulation), opened, simulation.partial(trustee, opened))
        for trustee in trustees
    ]
    return combine(simulation.election, intent(simulation), opened, partials)


@cache
def good() -> Tally:
    return make_tally(small())


@cache
def fields() -> dict[str, Any]:
    document: dict[str, Any] = codec.parse_canonical(good().encode())
    return document


def judge(simulation: Simulation, data: bytes) -> Tally:
    tally = parse_tally(data)
    board = simulation.board
    check_tally(simulation.election, intent(simulation), simulation.aggregates(), board.signers, tally)
    return tally


def test_totals_are_plain_totals_for_every_kind() -> None:
    tally = make_tally(whole())
    judge(whole(), tally.encode())
    election = whole().election
    weights = [election.roll[voter.key.public].weight for voter in whole().voters]
    assert weights == list(WEIGHTS)
    for contest in tally.contests:
        layout = election.layouts[contest.id]
        plans = [plan(election.manifest.contest(contest.id), layout, choices[contest.id]) for choices in CHOICES]
        if layout.packed:
            expected = [
                sum(weight for cells, weight in zip(plans, weights, strict=True) if cells[0] == 2 ** (32 * place))
                for place in range(layout.totals)
            ]
        else:
            expected = [
                sum(
                    weight * sum(scale * cells[cell] for cell, scale in output)
                    for cells, weight in zip(plans, weights, strict=True)
                )
                for output in layout.outputs
            ]
        assert contest.totals == expected
        assert (contest.ballots, contest.weight) == (3, 7)
    assert {contest.id: contest.outcome.elected for contest in tally.contests} == {
        "mayor": ["ben"], "council": ["a", "b"], "parks": ["lake"], "money": ["bus"], "order": ["z"], "tiers": ["x"],
        "wide": ["w5"],
    }  # fmt: skip


@pytest.mark.parametrize("trustees", list(combinations((1, 2, 3), 2)))
def test_any_two_of_three_give_the_same_result(trustees: tuple[int, int]) -> None:
    tally = make_tally(small(), trustees)
    assert msgspec.structs.replace(tally, partials=[]) == msgspec.structs.replace(good(), partials=[])
    assert [partial["trustee"] for partial in tally.partials] == list(trustees)
    assert judge(small(), tally.encode()) == tally


def test_the_first_good_partials_are_used_and_one_is_not_enough() -> None:
    tally = make_tally(small(), (3, 1, 2, 1))
    assert [partial["trustee"] for partial in tally.partials] == [1, 2]
    for trustees in ((), (2,), (2, 2)):
        with pytest.raises(
            TallyError, match=f"2 trustees are needed to open the count; partials of {len(set(trustees))}"
        ):
            make_tally(small(), trustees)


@pytest.mark.parametrize("path", leaves(fields()), ids=lambda path: "/".join(map(str, path)))
def test_every_field_of_the_tally_that_is_changed_is_refused(path: Path) -> None:
    old = value_at(fields(), path)
    new = old + 1 if isinstance(old, int) else ("A" if old[:1] != "A" else "B") + old[1:]
    with pytest.raises(BallotsError):
        judge(small(), loose_bytes(replaced(fields(), path, new)))


@settings(max_examples=150)
@given(hostile_documents(fields()))
def test_any_change_of_the_tally_is_refused(data: bytes) -> None:
    try:
        tally = judge(small(), data)
    except BallotsError:
        return
    assert tally == good()


@given(hostile_bytes(good().encode()))
def test_any_changed_byte_is_refused(data: bytes) -> None:
    if data != good().encode():
        with pytest.raises(BallotsError):
            judge(small(), data)


@pytest.mark.parametrize("data", HOSTILE_BYTES)
def test_hostile_bytes(data: bytes) -> None:
    with pytest.raises((EncodingError, TallyError)):
        judge(small(), data)
    with pytest.raises(BallotsError):
        verify_partial(small().election, intent(small()), small().aggregates(), codec.parse_canonical(data))


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: t.update(election="A" * 43), "another election or another count"),
        (lambda t: t.update(size=t["size"] - 1), "another election or another count"),
        (lambda t: t.update(root="A" * 43), "another election or another count"),
        (lambda t: t.update(counted="A" * 43), "another election or another count"),
        (lambda t: t.update(version=True), "not of its form"),
        (lambda t: t["contests"].pop(), "does not have the manifest's contests"),
        (lambda t: t["contests"].reverse(), "ciphertexts of the contest 'mayor' are not the product"),
        (lambda t: t["contests"][0].update(id="council"), "numbers of the contest 'mayor' do not follow"),
        (lambda t: t["contests"][0].update(ballots=4), "numbers of the contest 'mayor' do not follow"),
        (lambda t: t["contests"][0].update(weight=8), "numbers of the contest 'mayor' do not follow"),
        (lambda t: t["contests"][0].update(totals=[5, 2, 0]), "numbers of the contest 'mayor' do not follow"),
        (lambda t: t["contests"][0].update(totals=[2, 5]), "numbers of the contest 'mayor' do not follow"),
        (lambda t: t["contests"][0]["outcome"].update(elected=["ada"]), "numbers of the contest 'mayor' do not follow"),
        (lambda t: t["contests"][0]["outcome"].update(tied=["ada"]), "numbers of the contest 'mayor' do not follow"),
        (lambda t: t["contests"][0].update(certificates=[]), "needs a certificate for each ciphertext"),
        (lambda t: t["contests"][0].update(ciphertexts=[]), "not the product of the counted ballots"),
        (lambda t: t["contests"][0]["certificates"][0].update(m=codec.encode_number(0, 64)), "does not hold"),
        (lambda t: t["contests"][0]["certificates"][0].update(m="A"), "of the contest 'mayor' is malformed"),
        (lambda t: t["contests"][0]["certificates"][0].update(r=codec.encode_number(0, 64)), "is malformed"),
        (lambda t: t["contests"][0]["certificates"][0].update(m=codec.encode_number(2**512 - 1, 64)), "not below"),
        (lambda t: t.update(partials=t["partials"][:1]), "partials of exactly 2 trustees, in ascending order"),
        (lambda t: t.update(partials=t["partials"][::-1]), "partials of exactly 2 trustees, in ascending order"),
        (lambda t: t.update(partials=t["partials"][:1] * 2), "partials of exactly 2 trustees, in ascending order"),
        (lambda t: t["partials"][0].update(version=2), "for another count"),
        (lambda t: t["partials"][0].update(trustee=3), "trustee 3 does not come from that trustee's share"),
        (lambda t: t["partials"][0].update(trustee=4), "names a trustee that does not exist"),
        (lambda t: t["partials"][0].update(trustee=True), "names a trustee that does not exist"),
        (lambda t: t["partials"][0].update(size=1), "partial of trustee 1 is for another count"),
        (lambda t: t["partials"][0]["parts"].pop(), "partial of trustee 1 opens other ciphertexts"),
        (lambda t: t["partials"][0]["parts"].reverse(), "partial of trustee 1 opens other ciphertexts"),
        (lambda t: t["partials"][0]["parts"][0].update(contest="council"), "opens other ciphertexts"),
        (lambda t: t["partials"][0]["parts"][0].update(e="0" * 32), "does not come from that trustee's share"),
        (lambda t: t["partials"][0]["parts"][0].update(extra=1), "partial is malformed"),
        (lambda t: t["partials"][0].update(parts={}), "field of the partial is of a wrong type"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(change: Change, reason: str) -> None:
    tally = codec.parse_canonical(good().encode())
    change(tally)
    with pytest.raises(TallyError, match=re.escape(reason)):
        judge(small(), codec.encode_canonical(tally))


def test_partials_of_trustees_who_did_not_sign_the_intent() -> None:
    signers = {("trustee", 1), ("trustee", 3), ("observer", 2)}
    with pytest.raises(TallyError, match="Trustee 2 gave a partial without having signed the intent"):
        check_tally(small().election, intent(small()), small().aggregates(), signers, good())


def test_one_bad_partial_is_named_and_does_not_stop_the_others() -> None:
    driven = small()
    opened = driven.aggregates()
    share = driven.shares[2]
    bad = make_partial(driven.election, intent(driven), opened, 2, share, driven.rng.getrandbits)
    with pytest.raises(TallyError, match="part of trustee 2 does not come from that trustee's share"):
        verify_partial(driven.election, intent(driven), opened, bad)
    assert make_tally(driven, (1, 3)).contests == good().contests


def test_a_partial_opens_only_the_aggregates() -> None:
    driven = small()
    lone = driven.ballots[0].contests[0].cells[0]
    mayor, council = driven.aggregates()
    asked = (Aggregate(mayor.id, mayor.ballots, mayor.weight, (lone,)), council)
    partial = make_partial(driven.election, intent(driven), asked, 1, driven.shares[0], driven.rng.getrandbits)
    with pytest.raises(TallyError, match="opens other ciphertexts than the count gives"):
        verify_partial(driven.election, intent(driven), driven.aggregates(), partial)


@given(hostile_documents(make_partial(small().election, intent(small()), small().aggregates(), 1, small().shares[0],
                                      small().rng.getrandbits)))  # fmt: skip
def test_any_change_of_a_partial_is_refused(data: bytes) -> None:
    try:
        document = codec.parse_canonical(data)
        partial = verify_partial(small().election, intent(small()), small().aggregates(), document)
    except BallotsError:
        return
    assert partial.trustee == 1
    assert codec.encode_canonical(partial.document) == data


def test_withheld_contests_stand_empty_in_the_tally() -> None:
    styles = {"all": ["mayor", "council"], "town": ["mayor"]}
    driven = simulate((MAYOR, COUNCIL), voters=4, styles=styles, min_ballots=3)
    driven.open()
    for voter in driven.voters:
        choices = {"mayor": ["ada"], "council": ["a"]}
        driven.cast(voter, {name: choices[name] for name in styles[voter.style]})
    driven.close()
    for trustee in (1, 2, 3):
        driven.intend(trustee)
    tally = make_tally(driven)
    assert codec.parse_canonical(tally.encode())["contests"][1] == {
        "id": "council", "ballots": 2, "weight": 2, "ciphertexts": [], "certificates": [], "totals": [],
        "outcome": {"elected": [], "tied": []},
    }  # fmt: skip
    assert [part["contest"] for part in tally.partials[0]["parts"]] == ["mayor"]
    judge(driven, tally.encode())
    opened = codec.parse_canonical(tally.encode())
    opened["contests"][1]["totals"] = [2, 0, 0, 0]
    with pytest.raises(TallyError, match="numbers of the contest 'council' do not follow"):
        judge(driven, codec.encode_canonical(opened))


@pytest.mark.parametrize(
    ("contest", "points", "totals", "weight", "possible"),
    [
        (MAYOR, 0, [3, 4, 0], 7, True),
        (MAYOR, 0, [3, 3, 0], 7, False),
        (MAYOR, 0, [3, 4, 1], 7, False),
        (COUNCIL, 0, [7, 7, 0, 0], 7, True),
        (COUNCIL, 0, [0, 0, 0, 0], 7, True),
        (COUNCIL, 0, [8, 0, 0, 0], 7, False),
        (COUNCIL, 0, [7, 7, 1, 0], 7, False),
        (PARKS, 0, [21, 0], 7, True),
        (PARKS, 0, [22, 0], 7, False),
        (MONEY, 5, [35, 0], 7, True),
        (MONEY, 5, [30, 6], 7, False),
        (ORDER, 0, [7, 7, 7], 7, True),
        (ORDER, 0, [8, 0, 0], 7, False),
        (ORDER, 0, [7, 0, 7], 7, False),
        (ORDER, 0, [0, 7, 0], 7, False),
        (TIERS, 0, [7, 7, 0, 0, 0, 0], 7, True),
        (TIERS, 0, [4, 0, 4, 0, 0, 0], 7, False),
        (TIERS, 0, [7, 0, 0, 7, 0, 0], 7, False),
    ],
)  # fmt: skip
def test_totals_must_be_possible(
    contest: dict[str, Any], points: int, totals: list[int], weight: int, possible: bool
) -> None:
    layout = whole().election.layouts[contest["id"]]
    if possible:
        check_totals(contest["id"], points, layout, totals, weight)
    else:
        with pytest.raises(TallyError, match=f"totals of the contest '{contest['id']}' do not add up"):
            check_totals(contest["id"], points, layout, totals, weight)


def test_turnout_is_of_the_lines_that_have_the_contest() -> None:
    styles = {"all": ["mayor", "council"], "town": ["mayor"]}
    driven = simulate((MAYOR, COUNCIL), voters=4, weights=(1, 10, 100, 1000), styles=styles)
    assert eligible_weight(driven.election, "mayor") == 1111
    assert eligible_weight(driven.election, "council") == 101


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (2**96, "larger than its slots: it is not a sum of valid ballots"),
        (-1, "larger than its slots: it is not a sum of valid ballots"),
        (2, "totals of the contest 'mayor' do not add up to its ballots"),
        (0, "totals of the contest 'mayor' do not add up to its ballots"),
        (2**32 + 2**64, "totals of the contest 'mayor' do not add up to its ballots"),
    ],
)
def test_a_false_ballot_that_was_counted_shows_in_the_totals(held: int, reason: str) -> None:
    driven = simulate((MAYOR,))
    driven.open()
    person = driven.voters[0]
    draw, lie = driven.rng.getrandbits, {"mayor": [held]}
    document = forge_ballot(driven.election, person.key.public, CHOICES[0], draw, driven.secrets, plaintexts=lie)
    ballot = parse_ballot(document, driven.election, "all")
    driven.append("ballot", ballot_body(ballot, person.key), ballot)  # a board that does not check proofs
    driven.close()
    for trustee in (1, 2, 3):
        driven.intend(trustee)
    with pytest.raises(TallyError, match=reason):
        make_tally(driven)
