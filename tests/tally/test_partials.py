"""D4, D5 and G3: what partials may be made, which are believed, and that bad ones do not stop good ones."""

import copy
import random
from typing import Any

import pytest

from ballots import codec
from ballots.result import parse_tally
from tally import partials
from tally.errors import (
    ElectionAnnulled,
    ElectionRefused,
    ForeignShare,
    PartialsMissing,
    QuorumMissing,
    SecondIntent,
)
from tally.intents import sign_intent
from tally.replay import Checked
from tests.support.elections import Simulation, seeded_key, simulate
from tests.tally.boards import ShareFiles, share_of
from tests.tally.test_intents import checked_of

RANDOM = random.Random(4).getrandbits


@pytest.fixture
def checked(agreed: Simulation) -> Checked:
    return checked_of(agreed)


@pytest.fixture
def made(agreed: Simulation, checked: Checked, share_files: ShareFiles) -> dict[int, Any]:
    """Return {trustee: its partial}."""
    return {
        trustee: partials.make(checked, share_of(agreed, trustee), share_files.signer(agreed, trustee), RANDOM)
        for trustee in (1, 2, 3)
    }


def sort(checked: Checked, *documents: Any) -> partials.Sorted:
    return partials.sort(checked, [(f"file {place}", document) for place, document in enumerate(documents)])


def good(checked: Checked, *documents: Any) -> list[int]:
    return [partial.trustee for partial in sort(checked, *documents).good]


def test_any_two_of_three_open_the_count(checked: Checked, made: dict[int, Any]) -> None:
    for pair in ((1, 2), (1, 3), (3, 2)):
        tally = partials.tally(checked, sort(checked, *(made[trustee] for trustee in pair)))
        assert tally.contests[0].totals == [0, 3, 1]
        assert tally.contests[0].outcome.elected == ["ben"]
        assert [partial["trustee"] for partial in tally.partials] == sorted(pair)
        assert partials.check(checked, tally.encode()) == parse_tally(tally.encode())


def test_of_three_the_first_two_are_used(checked: Checked, made: dict[int, Any]) -> None:
    tally = partials.tally(checked, sort(checked, made[3], made[2], made[1]))
    assert [partial["trustee"] for partial in tally.partials] == [1, 2]


def test_fewer_than_k(checked: Checked, made: dict[int, Any]) -> None:
    for documents in ((), (made[2],), (made[2], made[2])):
        with pytest.raises(PartialsMissing, match="2 good partials are needed"):
            partials.tally(checked, sort(checked, *documents))


HEADERS: dict[str, dict[str, Any]] = {
    "mis-indexed": {"trustee": 3},
    "nobody's": {"trustee": 4},
    "index 0": {"trustee": 0},
    "a truth value": {"trustee": True},
    "another root": {"root": codec.encode_bytes(bytes(32))},
    "another election": {"election": codec.encode_bytes(bytes(32))},
    "another size": {"size": 9},
    "a later version": {"version": 2},
    "no parts": {"parts": []},
    "parts of a text": {"parts": "abc"},
    "unknown field": {"note": "hello"},
}
PARTS: dict[str, dict[str, Any]] = {
    "zero": {"value": codec.encode_number(0, 64)},
    "the modulus and more": {"value": codec.encode_number(2**512 - 1, 64)},
    "another ciphertext": {"ciphertext": codec.encode_number(4, 128)},
    "another contest": {"contest": "council"},
    "an unknown field": {"note": "hello"},
}
TAKEN = {"another value": "value", "another response": "z", "another challenge": "e"}
NO_OBJECTS: dict[str, Any] = {"a list": [], "a number": 7, "a text": "partial"}


def spoil(made: dict[int, Any], how: str) -> Any:
    """Return partial 1, wrong in some way."""
    bad = {**copy.deepcopy(made[1]), **HEADERS.get(how, {})}
    if how in PARTS:
        bad["parts"][0].update(PARTS[how])
    if how in TAKEN:
        bad["parts"][0][TAKEN[how]] = made[2]["parts"][0][TAKEN[how]]
    if how == "parts twice":
        bad["parts"] = bad["parts"] * 2
    return NO_OBJECTS.get(how, bad)


@pytest.mark.parametrize("how", [*HEADERS, *PARTS, *TAKEN, *NO_OBJECTS, "parts twice"])
def test_a_bad_partial_is_named_and_does_not_stop_good_ones(checked: Checked, made: dict[int, Any], how: str) -> None:
    found = sort(checked, spoil(made, how), made[2], made[3])
    assert list(found.bad) == ["file 0"]
    assert [partial["trustee"] for partial in partials.tally(checked, found).partials] == [2, 3]


def test_a_doubled_partial_is_used_once(checked: Checked, made: dict[int, Any]) -> None:
    found = sort(checked, made[1], made[1], made[3])
    assert found.bad == {"file 1": "There is already a good partial of trustee 1; this one is not needed."}
    assert good(checked, made[1], made[1], made[3]) == [1, 3]


def test_a_bad_partial_first_does_not_hide_the_good_one(checked: Checked, made: dict[int, Any]) -> None:
    assert good(checked, spoil(made, "another value"), made[1], made[2]) == [1, 2]


def test_a_trustee_without_intent_is_not_used(share_files: ShareFiles) -> None:
    observers = [{"name": name, "key": seeded_key(name).public} for name in ("watch", "guard")]
    simulation = simulate(observers=observers)
    simulation.open()
    simulation.cast(simulation.voters[0], {"mayor": ["ada"]})
    simulation.close()
    simulation.intend(1)
    simulation.intend(2)
    checked = checked_of(simulation)
    found = sort(checked, simulation.partial(3), simulation.partial(1))
    assert found.bad == {"file 0": "Trustee 3 has no intent on the log."}


def test_no_partial_without_a_quorum(closed: Simulation, share_files: ShareFiles) -> None:
    closed.intend(1)
    closed.intend(2)
    with pytest.raises(QuorumMissing):
        partials.make(checked_of(closed), share_of(closed, 1), share_files.signer(closed, 1), RANDOM)


def test_no_partial_after_another_intent(agreed: Simulation, share_files: ShareFiles) -> None:
    """G3: a quorum for one log does not help whoever got this trustee's intent for another."""
    signer = share_files.signer(agreed, 1)
    other = simulate(voters=4)
    other.open()
    other.cast(other.voters[0], {"mayor": ["ada"]})
    other.close()
    sign_intent(checked_of(other), signer)
    with pytest.raises(SecondIntent):
        partials.make(checked_of(agreed), share_of(agreed, 1), signer, RANDOM)


def test_no_partial_for_an_annulled_election(agreed: Simulation, share_files: ShareFiles) -> None:
    checked = checked_of(agreed)
    agreed.append("annul", agreed.signed_by("official", "annul", reason="fire"))
    with pytest.raises(ElectionAnnulled):
        partials.make(checked, share_of(agreed, 1), share_files.signer(agreed, 1), RANDOM)


def test_no_partial_with_a_share_of_another_election(agreed: Simulation, share_files: ShareFiles) -> None:
    other = simulate(title={"en": "Another"})
    with pytest.raises(ForeignShare, match="another election"):
        partials.make(checked_of(agreed), share_of(other, 1), share_files.signer(agreed, 1), RANDOM)


@pytest.mark.parametrize(
    ("least", "weights", "withheld"),
    [(4, (1,), False), (5, (1,), True), (2, (2, 2, 2, 1), True), (2, (2, 1), False), (1, (2, 2, 2, 1), False)],
)
def test_small_contests_and_rare_weights_stay_closed(
    least: int, weights: tuple[int, ...], withheld: bool, share_files: ShareFiles
) -> None:
    """G3: too few ballots, or a weight that singles somebody out, are not opened by any partial."""
    simulation = simulate(voters=4, weights=weights, min_ballots=least)
    simulation.open()
    for voter in simulation.voters:
        simulation.cast(voter, {"mayor": ["ada"]})
    simulation.close()
    for trustee in (1, 2, 3):
        simulation.intend(trustee)
    checked = checked_of(simulation)
    made = [
        partials.make(checked, share_of(simulation, trustee), share_files.signer(simulation, trustee), RANDOM)
        for trustee in (1, 2)
    ]
    assert [partial["parts"] == [] for partial in made] == [withheld, withheld]
    contest = partials.tally(checked, sort(checked, *made)).contests[0]
    assert contest.ballots == 4
    assert contest.weight == sum(weights) * 4 // len(weights)
    assert (contest.certificates == [], contest.totals == []) == (withheld, withheld)


def test_a_changed_tally_is_refused(checked: Checked, made: dict[int, Any]) -> None:
    data = partials.tally(checked, sort(checked, *made.values())).encode()
    fields = codec.parse_canonical(data)
    fields["contests"][0]["totals"] = [3, 0, 1]
    with pytest.raises(ElectionRefused, match="tally fails a check"):
        partials.check(checked, codec.encode_canonical(fields))
    with pytest.raises(ElectionRefused, match="tally fails a check"):
        partials.check(checked, data[:-1])
