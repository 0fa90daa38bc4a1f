"""A. Replay: somebody's ballot, or an old one, put to use again."""

import copy
import json
from collections.abc import Callable

from tests.attacks.device import plaintexts_of, seal
from tests.attacks.forge import Forge
from tests.attacks.register import attack, attacks
from tests.attacks.steps import Document, Step, encode

SUMS = "challenges of a proof do not add up"
OTHER_ID = "7c3b1f52-4f6e-4f0b-9a53-0d5a3e0f8a12"

# Voters 4 and 8 have the same style and weight, one ballot each, and neither is replaced or struck.
VICTIM, THIEF = 4, 8


def thief_ballot(forge: Forge) -> Step:
    return forge.ballots_of(forge.voters[THIEF])[0]


def copied(forge: Forge) -> Document:
    """Put the victim's ballot in the thief's place, under the thief's name."""
    document = copy.deepcopy(forge.ballots_of(forge.voters[VICTIM])[0].sealed)
    document["voter"] = forge.voters[THIEF].key.public
    step = thief_ballot(forge)
    step.ballot, step.kept = document, True
    return document


def own(forge: Forge, change: Callable[[Forge, Document], object]) -> Document:
    """Seal the thief's own ballot with a change that its challenge covers."""

    def hashed(document: Document) -> Document:
        change(forge, document)
        return document

    step = thief_ballot(forge)
    assert step.voter is not None
    sealed = seal(forge, step.voter, plaintexts_of(forge, step.voter, step.choices), hashed=hashed)
    step.ballot, step.kept = sealed, True
    return sealed


def every_cell(change: Callable[[Forge, int], int]) -> Callable[[Forge, Document], None]:
    def apply(forge: Forge, document: Document) -> None:
        key = forge.election.key
        for contest in document["contests"]:
            numbers = [int(key.decode_ciphertext(cell)) for cell in contest["cells"]]
            contest["cells"] = [key.encode_ciphertext(change(forge, number)) for number in numbers]

    return apply


def rerandomise(forge: Forge, cell: int) -> int:
    return int(cell * forge.election.key.nth_power(forge.rng.getrandbits(500)) % forge.election.key.n_squared)


def negate(forge: Forge, cell: int) -> int:
    return int(forge.election.key.n_squared - cell)


def copy_with(change: Callable[[Forge, Document], None]) -> Callable[[Forge], None]:
    return lambda forge: change(forge, copied(forge))


def swap_options(forge: Forge, document: Document) -> None:
    council = document["contests"][1]
    for name in ("cells", "proofs"):
        council[name][0], council[name][1] = council[name][1], council[name][0]


attacks(
    "A1",
    "6 proofs: challenges",
    SUMS,
    the_same_ciphertexts_under_another_voter=lambda forge: copied(forge),
)
attacks(
    "A2",
    "6 proofs: challenges",
    SUMS,
    the_same_negated=copy_with(every_cell(negate)),
    the_same_with_options_swapped=copy_with(swap_options),
)


attacks(
    "A2",
    "6 proofs: challenges",
    SUMS,
    ("6 proofs: equations",),
    the_same_rerandomised=copy_with(every_cell(rerandomise)),
)


@attack("A1", "5 ballots: stored", trustees="differ", also=("5 ballots: trackers", "5 ballots: signature"))
def the_same_ballot_in_another_voters_entry(forge: Forge) -> None:
    step = thief_ballot(forge)
    step.ballot, step.kept = forge.ballots_of(forge.voters[VICTIM])[0].sealed, True
    step.fixed = {"voter": forge.voters[THIEF].key.public}


@attack("A2", "6 proofs: ranges", trustees="zero or too large")
def a_cell_plus_n_squared(forge: Forge) -> None:
    key = forge.election.key
    changed: list[int] = []

    def enlarge(forge: Forge, document: Document) -> None:
        for contest in document["contests"]:
            for place, cell in enumerate(contest["cells"]):
                number = int(key.decode_ciphertext(cell)) + int(key.n_squared)
                if not changed and number.bit_length() <= 16 * key.width:
                    contest["cells"][place] = key.encode_ciphertext(number)
                    changed.append(place)

    own(forge, enlarge)
    assert changed


def change_response(change: Callable[[int, int], int]) -> Callable[[Forge], None]:
    """Change the first response for which the result still has the right width."""

    def apply(forge: Forge) -> None:
        key, document = forge.election.key, thief_ballot(forge).edit()
        for contest in document["contests"]:
            for proof in contest["proofs"]:
                for place, text in enumerate(proof["z"]):
                    number = change(int(key.decode_residue(text)), int(key.n))
                    if number.bit_length() <= key.bits:
                        proof["z"][place] = key.encode_residue(number)
                        return
        raise AssertionError("no response is small enough")

    return apply


attacks(
    "A2",
    "6 proofs: ranges",
    "zero or too large",
    a_response_plus_n=change_response(lambda z, n: z + n),
    a_response_negated=change_response(lambda z, n: n - z),
)


def written_as(write: Callable[[Document], bytes]) -> Callable[[Forge], None]:
    def apply(forge: Forge) -> None:
        step = thief_ballot(forge)
        step.line = write(step.sealed)
        assert json.loads(step.line) == step.sealed
        assert step.line != encode(step.sealed)

    return apply


attacks(
    "A2",
    "1 encoding: ballots",
    "canonical",
    the_json_with_spaces=written_as(lambda ballot: json.dumps(ballot, sort_keys=True).encode()),
    the_json_in_another_order=written_as(lambda ballot: json.dumps(ballot, separators=(",", ":")).encode()),
    the_json_with_an_escape=written_as(lambda ballot: encode(ballot).replace(b'"version"', b'"\\u0076ersion"')),
    the_json_with_a_carriage_return=written_as(lambda ballot: encode(ballot) + b"\r"),
)


def elsewhere(forge: Forge) -> Document:
    """Return the ballot that the thief cast, with the same key, in another election under the same modulus."""
    other = forge.copy()
    other.manifest["id"] = OTHER_ID
    other.redo()
    return thief_ballot(other).sealed


@attack("A3", "5 ballots: election", trustees="another election")
def a_ballot_of_another_election(forge: Forge) -> None:
    step = thief_ballot(forge)
    step.ballot, step.kept = elsewhere(forge), True


@attack("A3", "6 proofs: challenges", trustees=SUMS)
def a_ballot_of_another_election_with_the_election_replaced(forge: Forge) -> None:
    step = thief_ballot(forge)
    step.ballot, step.kept = {**elsewhere(forge), "election": forge.fingerprint}, True


@attack("A3", "6 proofs: challenges", trustees=SUMS)
def one_contests_answer_in_another_contest(forge: Forge) -> None:
    contests = thief_ballot(forge).edit()["contests"]
    council, senate = contests[1], contests[2]
    senate["cells"], senate["proofs"] = council["cells"], council["proofs"]


@attack("A3", "5 ballots: shape", trustees="answers 'senate' where")
def two_contests_exchanged(forge: Forge) -> None:
    contests = thief_ballot(forge).edit()["contests"]
    contests[1], contests[2] = contests[2], contests[1]


@attack("A3", "6 proofs: challenges", trustees=SUMS)
def the_ballot_of_a_replaced_credential_under_the_new_one(forge: Forge) -> None:
    new = forge.ballots_of(forge.voters[12])[0]
    old = forge.ballots_of(forge.voters[2])[0]
    new.ballot, new.kept = {**old.sealed, "voter": forge.voters[12].key.public}, True


@attack("A4", "5 ballots: previous", trustees="already on the board|latest ballot", also=("5 ballots: trackers",))
def an_old_ballot_put_back_after_a_revote(forge: Forge) -> None:
    first = forge.ballots_of(forge.voters[0])[0]
    forge.honest = {forge.voters[0].key.public}
    again = Step("ballot", "", dict(first.body), voter=first.voter, ballot=first.sealed, kept=True)
    forge.insert(again, before=forge.find("close"))


@attack("A4", "5 ballots: previous", trustees="does not follow this voter's latest")
def a_withheld_older_ballot_put_on_top(forge: Forge) -> None:
    victim = forge.voters[VICTIM]
    withheld = forge.seal(victim, {**forge.ballots_of(victim)[0].choices, "mayor": ["blank"]})
    forge.insert(Step("ballot", "", voter=victim, ballot=withheld, kept=True), before=forge.find("close"))


@attack("A4", "5 ballots: previous", trustees="does not follow this voter's latest")
def a_new_credential_that_goes_on_from_the_replaced_ones_ballot(forge: Forge) -> None:
    new = forge.ballots_of(forge.voters[12])[0]
    old = forge.ballots_of(forge.voters[2])[0]
    new.ballot, new.kept = forge.seal(forge.voters[12], new.choices, old.tracker), True


@attack("A4", "5 ballots: previous", trustees="does not follow this voter's latest")
def a_revote_logged_before_the_ballot_it_replaces(forge: Forge) -> None:
    first, second = forge.ballots_of(forge.voters[0])
    first.ballot, second.ballot, first.kept, second.kept = second.ballot, first.ballot, True, True
