"""C. The ballot's shape: what a ballot is made of, and what its cells hold."""

from collections.abc import Callable
from dataclasses import replace

from gmpy2 import mpz

from ballots.contests import Statement
from ballots.roll import RollLine
from tests.attacks.a_replay import own, thief_ballot
from tests.attacks.b_proofs import OUT_OF_RANGE, UNHOLDING, sealed_with, vanishing
from tests.attacks.device import plaintexts_of
from tests.attacks.forge import Counted, Forge
from tests.attacks.register import attack, attacks
from tests.attacks.steps import Document

Plain = dict[str, list[int]]
OVER = ("10 totals: ranges", "10 totals: cap", "12 outcome: outcome", "9 aggregates: contests")


def holding(
    change: Callable[[Plain], object], statements: dict[str, Callable[[list[Statement]], list[Statement]]] | None = None
) -> Callable[[Forge], None]:
    """Return an attack in which the thief's cells hold something else, with the best proofs that can be made.

    Args:
        change: Changes the plaintexts.
        statements: {contest: changes what is proved}.
    """

    def apply(forge: Forge) -> None:
        step = thief_ballot(forge)
        assert step.voter is not None
        plaintexts = plaintexts_of(forge, step.voter, step.choices)
        change(plaintexts)
        layouts = forge.election.layouts
        proved = {name: edit(list(layouts[name].statements)) for name, edit in (statements or {}).items()}
        sealed_with(step, forge, plaintexts=plaintexts, statements=proved)

    return apply


def cell(number: int) -> Statement:
    return Statement(((number, 1),), (0, 1))


def put(contest: str, *numbers: int) -> Callable[[Plain], object]:
    return lambda plain: plain.update({contest: list(numbers)})


SHAPES = "must have|needs|where its style has|must answer|another count"
attacks(
    "C1",
    "5 ballots: shape",
    SHAPES,
    OVER,
    a_cell_without_a_proof=holding(put("council", 1, 0, 0, 1), {"council": list}),
    a_cell_and_its_proof_too_many=holding(put("council", 1, 0, 0, 1), {"council": lambda old: [*old, cell(3)]}),
    a_cell_and_its_proof_too_few=holding(
        put("council", 1, 0), {"council": lambda old: [cell(0), cell(1), replace(old[3], terms=((0, 1), (1, 1)))]}
    ),
    three_votes_of_two_without_the_proof_of_the_sum=holding(put("council", 1, 1, 1), {"council": lambda old: old[:-1]}),
    more_points_than_allowed_without_the_proof_of_the_sum=holding(
        put("money", *[1] * 9), {"money": lambda old: old[:-1]}
    ),
    a_circle_of_preferences_without_its_proof=holding(put("order", 1, 0, 1), {"order": lambda old: old[:-1]}),
    a_proof_too_many=holding(lambda plain: None, {"council": lambda old: [*old, old[0]]}),
    proofs_in_another_order=lambda forge: own(
        forge,
        lambda forge, document: document["contests"][2]["proofs"].append(document["contests"][2]["proofs"].pop(0)),
    ),
    a_contest_left_out=holding(lambda plain: plain.pop("parks")),
    all_contests_left_out=holding(lambda plain: plain.clear()),
    a_contest_twice=lambda forge: own(
        forge, lambda forge, document: document["contests"].append(document["contests"][0])
    ),
    a_contest_that_there_is_not=lambda forge: own(
        forge, lambda forge, document: document["contests"].append({**document["contests"][0], "id": "mayor2"})
    ),
)


@attack("C1", "5 ballots: shape", trustees=SHAPES, also=OVER)
def a_contest_of_another_ballot_style(forge: Forge) -> None:
    step = forge.ballots_of(forge.voters[5])[0]
    assert step.voter is not None
    plaintexts = plaintexts_of(forge, step.voter, step.choices)
    sealed_with(step, forge, plaintexts={**plaintexts, "senate": [1, 0, 0]})


attacks(
    "C2",
    "6 proofs: equations",
    UNHOLDING,
    OVER,
    a_vote_of_minus_one=holding(put("council", -1, 1, 1)),
    a_vote_of_two=holding(put("council", 2, 0, 0)),
    a_vote_of_a_million=holding(put("senate", 10**6, 0, 0)),
    three_votes_of_two=holding(put("council", 1, 1, 1)),
    two_mayors=holding(put("mayor", 1 + (1 << 32))),
    two_votes_for_one_mayor=holding(put("mayor", 2)),
    no_mayor_and_no_blank=holding(put("mayor", 0)),
    a_mayor_beyond_the_last=holding(put("mayor", 1 << 96)),
    minus_one_mayor_and_two_others=holding(put("mayor", (2 << 32) - 1)),
    a_score_of_four_out_of_three=holding(put("parks", 4, 0)),
    a_score_that_runs_into_the_next_total=holding(put("parks", 1 << 32, 0)),
    nine_points_of_five=holding(put("money", *[1] * 9)),
    points_of_minus_one=holding(put("money", -1, 0, 0, 0, 0, 0, 0, 1, 2)),
    a_circle_of_preferences=holding(put("order", 1, 0, 1)),
    each_preferred_to_the_other=holding(put("tiers", 1, 1, 1, 1, 1, 1)),
    preferences_with_a_gap=holding(put("tiers", 1, 0, 0, 1, 0, 0)),
)


attack(
    "C2",
    "10 totals: ranges",
    trustees=UNHOLDING,
    also=("6 proofs: equations",),
    name="a vote of a million shows in the total as well",
)(holding(put("senate", 10**6, 0, 0)))


def first_cell(contest: int, number: Callable[[Forge], int]) -> Callable[[Forge], object]:
    def change(forge: Forge, document: Document) -> None:
        document["contests"][contest]["cells"][0] = forge.election.key.encode_ciphertext(number(forge))

    return lambda forge: own(forge, change)


# The aggregate is no unit either, so nothing after it can be opened.
UNOPENABLE = ("10 totals: certificates", "10 totals: ranges", "11 partials: proofs", "12 outcome: outcome")
attacks(
    "C3",
    "6 proofs: ranges",
    OUT_OF_RANGE,
    UNOPENABLE,
    a_cell_of_zero=first_cell(0, lambda forge: 0),
    a_cell_of_n_squared=first_cell(0, lambda forge: int(forge.election.key.n_squared)),
    a_cell_of_n=first_cell(0, lambda forge: int(forge.election.key.n)),
    a_cell_that_is_a_multiple_of_p=first_cell(3, lambda forge: 12345 * min(forge.key_maker.factors)),
    a_cell_that_is_a_multiple_of_q=first_cell(3, lambda forge: 12345 * max(forge.key_maker.factors)),
)


@attack("C3", "6 proofs: ranges", trustees=OUT_OF_RANGE, also=UNOPENABLE)
def a_cell_that_is_zero_modulo_one_prime_with_proofs_that_hold(forge: Forge) -> None:
    """Hide half of a vote: whoever knows p can later open the count to any number that is right modulo q."""
    key, (p, q) = forge.election.key, [mpz(prime) for prime in forge.key_maker.factors]
    hidden_long, hidden = vanishing(p**2, q**2), vanishing(p, q)

    def hide(forge: Forge, document: Document) -> None:
        cells = document["contests"][0]["cells"]
        cells[0] = key.encode_ciphertext(key.decode_ciphertext(cells[0]) * hidden_long % key.n_squared)

    responses = own(forge, hide)["contests"][0]["proofs"][0]["z"]
    halves = [key.decode_residue(z) * hidden % key.n for z in responses]
    responses[:] = [key.encode_residue(min(z, key.n - z)) for z in halves]


@attack(
    "C4",
    "9 aggregates: ciphertexts",
    trustees="not the product",
    also=("9 aggregates: contests", "10 totals: ranges", "12 outcome: outcome"),
)
def a_weight_other_than_the_rolls(forge: Forge) -> None:
    favourite = forge.voters[8].key.public

    def heavier(counted: list[Counted]) -> list[Counted]:
        return [
            (step, RollLine(line.voter, line.style, 2) if line.voter == favourite else line) for step, line in counted
        ]

    forge.aggregated = heavier


@attack("C4", "4 opening: capacity", trustees="overflow its slot")
def weights_that_could_overflow_a_total(forge: Forge) -> None:
    for line in forge.roll:
        if line["weight"] == 2:
            line["weight"] = 1 << 28
