"""B. Proofs: what is hashed, what is believed, what is in range."""

from collections.abc import Callable, Mapping
from typing import Any

import gmpy2
from gmpy2 import mpz

from ballots import codec
from ballots.aggregate import Aggregate
from ballots.contests import Statement
from ballots.proofs import CHALLENGE_MODULUS
from tests.attacks.a_replay import SUMS, own, thief_ballot
from tests.attacks.device import bent, plaintexts_of, seal, simulate_branch
from tests.attacks.forge import Forge
from tests.attacks.register import attack, attacks
from tests.attacks.steps import Document, Step, hash_text

UNHOLDING = "proof does not hold"
MALFORMED = "malformed"
OUT_OF_RANGE = "zero or too large|not a unit"


def sealed_with(step: Step, forge: Forge, **options: Any) -> Document:
    """Seal a step's own choices by a device with a fault."""
    assert step.voter is not None
    honest = plaintexts_of(forge, step.voter, step.choices)
    plaintexts = options.pop("plaintexts", honest)
    step.ballot, step.kept = seal(forge, step.voter, plaintexts, **options), True
    return step.ballot


def forgetting(forget: Callable[[Document], Any]) -> Callable[[Forge], None]:
    """Return an attack whose challenge leaves out a part of the ballot: a verifier that forgets it too would agree."""

    def apply(forge: Forge) -> None:
        sealed_with(thief_ballot(forge), forge, hashed=forget)

    return apply


def without_in_contests(*names: str) -> Callable[[Forge], None]:
    return forgetting(
        lambda ballot: {
            **ballot,
            "contests": [
                {name: value for name, value in one.items() if name not in names} for one in ballot["contests"]
            ],
        }
    )


def without(*names: str) -> Callable[[Forge], None]:
    return forgetting(lambda ballot: {name: value for name, value in ballot.items() if name not in names})


attacks(
    "B1",
    "6 proofs: challenges",
    SUMS,
    cells_not_hashed=without_in_contests("cells"),
    commitments_not_hashed=without_in_contests("proofs"),
    contest_not_hashed=without_in_contests("id"),
    voter_not_hashed=without("voter"),
    ballot_before_not_hashed=without("previous"),
    other_contests_not_hashed=forgetting(lambda ballot: {**ballot, "contests": ballot["contests"][:1]}),
    each_contest_hashed_alone=forgetting(lambda ballot: ballot["contests"][0]),
)
attacks(
    "B2",
    "6 proofs: challenges",
    SUMS,
    election_not_hashed=without("election"),
    only_commitments_hashed=forgetting(
        lambda ballot: [proof["a"] for one in ballot["contests"] for proof in one["proofs"]]
    ),
    hash_without_tag=lambda forge: sealed_with(
        thief_ballot(forge), forge, challenged=lambda e: int(hash_text("", e)[:8].encode().hex(), 16)
    ),
)


def lie(
    forge: Forge,
    plaintext: int,
    branches: Callable[[Forge, list[mpz], list[int]], list[tuple[mpz, mpz]]],
    believed: bool = False,
) -> Document:
    """Let the thief give the lake ``plaintext`` points of 3, all four branches of the proof made up.

    Args:
        forge: The election.
        plaintext: What the cell holds.
        branches: Gives (a, z) for each D_j and e_j.
        believed: Leave the challenges as made up; else they are chosen afterwards to add up.
    """
    key = forge.election.key
    step = thief_ballot(forge)
    assert step.voter is not None
    place = [one.id for one in forge.election.contests_by_style[step.voter.style]].index("parks")
    challenges = [forge.rng.getrandbits(128) for _ in range(4)]
    made: list[tuple[mpz, mpz]] = []

    def hashed(document: Document) -> Document:
        parks = document["contests"][place]
        cell = key.plain(plaintext) * key.nth_power(forge.rng.getrandbits(500)) % key.n_squared
        parks["cells"][0] = key.encode_ciphertext(cell)
        made[:] = branches(forge, [cell * key.plain(-value) % key.n_squared for value in range(4)], challenges)
        parks["proofs"][0]["a"] = [key.encode_ciphertext(a) for a, _ in made]
        return document

    document = sealed_with(step, forge, hashed=hashed)
    proof = document["contests"][place]["proofs"][0]
    if not believed:
        right = sum(codec.decode_challenge(e) for e in document["contests"][place]["proofs"][1]["e"])
        challenges[0] = (right - sum(challenges[1:])) % CHALLENGE_MODULUS
    proof["e"] = [codec.encode_challenge(e) for e in challenges]
    proof["z"] = [key.encode_residue(z) for _, z in made]
    return document


def simulated(forge: Forge, targets: list[mpz], challenges: list[int]) -> list[tuple[mpz, mpz]]:
    return [simulate_branch(forge, target, e) for target, e in zip(targets, challenges, strict=True)]


IMPOSSIBLE_TOTAL = ("10 totals: ranges", "12 outcome: outcome")


@attack("B3", "6 proofs: challenges", trustees=SUMS, also=IMPOSSIBLE_TOTAL)
def challenges_that_the_prover_chose_are_believed(forge: Forge) -> None:
    lie(forge, 10**6, simulated, believed=True)


@attack("B6", "6 proofs: equations", trustees=UNHOLDING, also=IMPOSSIBLE_TOTAL)
def challenges_that_add_up_but_were_not_what_was_committed_to(forge: Forge) -> None:
    lie(forge, 10**6, simulated)


def constant(a: Callable[[mpz], mpz], z: int) -> Callable[[Forge], object]:
    """Return an attack in which both sides of every equation are 0."""
    return lambda forge: lie(forge, 10**6, lambda forge, *_: [(a(forge.election.key.n), mpz(z))] * 4)


attacks(
    "B5",
    "6 proofs: ranges",
    OUT_OF_RANGE,
    IMPOSSIBLE_TOTAL,
    commitments_and_responses_of_zero=constant(lambda n: mpz(0), 0),
    commitments_of_n_whose_squares_are_zero=constant(lambda n: n, 0),
    commitments_of_zero_and_some_response=constant(lambda n: mpz(0), 4),
)


def vanishing(p: int, q: int) -> mpz:
    """Return the number that is 0 modulo p and 1 modulo q."""
    return mpz(p) * gmpy2.invert(p, q)


def half_hidden(forge: Forge, sign: int, place: int) -> None:
    """Shift a vote for mayor by ±q: true modulo q², and hidden modulo p² where commitment and response are 0."""
    key, (p, q) = forge.election.key, list(forge.key_maker.factors)
    step = forge.ballots_of(forge.voters[place])[0]
    assert step.voter is not None
    plaintexts = plaintexts_of(forge, step.voter, step.choices)
    allowed = forge.election.layouts["mayor"].statements[0].values
    shifted = plaintexts["mayor"][0] + sign * q
    shift = Statement(((0, 1),), tuple(value + sign * q for value in allowed))
    hidden_long, hidden = vanishing(mpz(p) ** 2, mpz(q) ** 2), vanishing(mpz(p), mpz(q))

    def hashed(document: Document) -> Document:
        commitments = document["contests"][0]["proofs"][0]["a"]
        changed = [key.decode_ciphertext(a) * hidden_long % key.n_squared for a in commitments]
        commitments[:] = [key.encode_ciphertext(a) for a in changed]
        return document

    changed = {**plaintexts, "mayor": [shifted]}
    document = sealed_with(step, forge, plaintexts=changed, statements={"mayor": [shift]}, hashed=hashed)
    responses = document["contests"][0]["proofs"][0]["z"]
    halves = [key.decode_residue(z) * hidden % key.n for z in responses]
    responses[:] = [key.encode_residue(min(z, key.n - z)) for z in halves]


@attack("B5", "6 proofs: ranges", trustees=OUT_OF_RANGE)
def commitments_and_responses_that_are_zero_modulo_one_prime(forge: Forge) -> None:
    half_hidden(forge, 1, 4)
    half_hidden(forge, -1, 8)


def in_proof(change: Callable[[Document, Forge], object]) -> Callable[[Forge], None]:
    """Return an attack on the first proof of the thief's vote for the council."""

    def apply(forge: Forge) -> None:
        change(thief_ballot(forge).edit()["contests"][1]["proofs"][0], forge)

    return apply


def first(name: str, change: Callable[[str], Any]) -> Callable[[Forge], None]:
    def apply(proof: Document, forge: Forge) -> None:
        proof[name][0] = change(proof[name][0])

    return in_proof(apply)


attacks(
    "B5",
    "1 encoding: ballots",
    MALFORMED,
    a_challenge_in_capitals=first("e", lambda e: "A" + e[1:]),
    a_challenge_of_33_digits=first("e", lambda e: "0" + e),
    a_challenge_of_31_digits=first("e", lambda e: e[1:]),
    a_challenge_plus_2_to_the_128=first("e", lambda e: "1" + e),
    a_negative_challenge=first("e", lambda e: "-" + e[1:]),
    a_challenge_with_a_prefix=first("e", lambda e: "0x" + e[2:]),
    a_challenge_as_a_number=first("e", lambda e: 7),
    a_response_that_is_too_wide=first("z", lambda z: "AAAA" + z),
    a_huge_response=first("z", lambda z: z * 1000),
    a_commitment_that_is_too_narrow=first("a", lambda a: a[4:]),
    a_response_with_padding=first("z", lambda z: z + "=="),
    a_response_with_stray_bits=first("z", lambda z: z[:-1] + chr(ord(z[-1]) + 1)),
)
attacks(
    "B5",
    "6 proofs: ranges",
    OUT_OF_RANGE,
    a_response_of_zero=in_proof(lambda proof, forge: proof["z"].__setitem__(0, forge.election.key.encode_residue(0))),
    a_response_of_n=in_proof(
        lambda proof, forge: proof["z"].__setitem__(0, forge.election.key.encode_residue(forge.election.key.n))
    ),
    a_response_that_divides_n=in_proof(
        lambda proof, forge: proof["z"].__setitem__(0, forge.election.key.encode_residue(min(forge.key_maker.factors)))
    ),
)


def branches_of(values: Callable[[int], tuple[int, ...]], bit: Callable[[int], int] = int) -> Callable[[Forge], None]:
    """Return an attack in which the proof for council's first cell has other branches than for 0 and 1."""

    def apply(forge: Forge) -> None:
        step = thief_ballot(forge)
        assert step.voter is not None
        plaintexts = plaintexts_of(forge, step.voter, step.choices)
        council = plaintexts["council"]
        council[0] = bit(council[0])
        statements = list(forge.election.layouts["council"].statements)
        statements[0] = Statement(((0, 1),), values(council[0]))
        rest: Mapping[str, Any] = {"council": [statements[0], *(bent(one, council) for one in statements[1:])]}
        sealed_with(step, forge, plaintexts=plaintexts, statements=rest)

    return apply


attacks(
    "B6",
    "5 ballots: shape",
    "must have 2 branches|where it has another count",
    a_branch_too_many_for_a_forbidden_value=branches_of(lambda bit: (0, 1, 2), bit=lambda bit: 2),
    a_branch_too_few=branches_of(lambda bit: (bit,)),
    no_branches=in_proof(lambda proof, forge: proof.update(a=[], e=[], z=[])),
    a_response_too_few=in_proof(lambda proof, forge: proof["z"].pop()),
    a_challenge_too_many=in_proof(lambda proof, forge: proof["e"].append("0" * 32)),
    a_commitment_too_many=in_proof(lambda proof, forge: proof["a"].append(proof["a"][0])),
)


@attack("B6", "6 proofs: equations", trustees=UNHOLDING)
def a_branch_for_a_forbidden_value(forge: Forge) -> None:
    branches_of(lambda bit: (2, 1), bit=lambda bit: 2)(forge)


@attack("B6", "6 proofs: challenges", trustees=SUMS, also=("6 proofs: equations",))
def a_challenge_that_was_changed(forge: Forge) -> None:
    first("e", lambda e: codec.encode_challenge(codec.decode_challenge(e) ^ 1))(forge)


def recast_cells(change: Callable[[list[Any]], Any]) -> Callable[[Forge], None]:
    """Return an attack that writes the same characters of council's cells in another structure."""

    def apply(forge: Forge) -> None:
        def reshape(forge: Forge, document: Document) -> None:
            document["contests"][1]["cells"] = change(document["contests"][1]["cells"])

        own(forge, reshape)

    return apply


attacks(
    "B4",
    "1 encoding: ballots",
    "malformed|another count|must have",
    a_character_moved_to_the_next_cell=recast_cells(lambda cells: [cells[0][:-1], cells[0][-1] + cells[1], cells[2]]),
    two_cells_written_as_one=recast_cells(lambda cells: [cells[0] + cells[1], cells[2]]),
    cells_in_a_list_of_their_own=recast_cells(lambda cells: [cells]),
    a_cell_in_a_list_of_its_own=recast_cells(lambda cells: [[cells[0]], *cells[1:]]),
    cells_as_one_string=recast_cells(lambda cells: ",".join(cells)),
    cells_as_an_object=recast_cells(lambda cells: {str(place): cell for place, cell in enumerate(cells)}),
)


@attack("B4", "7 counted: counted", trustees="other ballots as counted")
def counted_trackers_hashed_without_their_borders(forge: Forge) -> None:
    close = forge.find("close")
    trackers = [step.tracker for step, _ in forge.counted(forge.place(close))]
    close.fixed = {"counted": hash_text("counted", ["".join(trackers)])}


@attack("B4", "7 counted: counted", trustees="other ballots as counted")
def counted_trackers_hashed_in_a_nested_list(forge: Forge) -> None:
    close = forge.find("close")
    trackers = [step.tracker for step, _ in forge.counted(forge.place(close))]
    close.fixed = {"counted": hash_text("counted", [trackers])}


@attack("B8", "9 aggregates: ciphertexts", trustees="not the product")
def a_ciphertext_chosen_after_its_opening(forge: Forge) -> None:
    key = forge.election.key

    def chosen(aggregates: list[Aggregate]) -> list[Aggregate]:
        mayor = aggregates[0]
        wanted = key.plain(mayor.weight << 32) * key.nth_power(forge.rng.getrandbits(500)) % key.n_squared
        return [Aggregate(mayor.id, mayor.ballots, mayor.weight, (wanted,)), *aggregates[1:]]

    forge.packed = chosen
