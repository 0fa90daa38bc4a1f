"""G. The tally: what is added up, what is opened, what is said to have come out."""

from collections.abc import Callable
from math import factorial
from typing import Any

import gmpy2
from gmpy2 import mpz

from ballots.aggregate import Aggregate
from ballots.roll import RollLine
from tests.attacks.a_replay import own, thief_ballot
from tests.attacks.forge import Counted, Forge, Opening
from tests.attacks.register import attack, attacks
from tests.attacks.steps import Document, Step

FOLLOWS = "do not follow from its certificates"
PRODUCT = "not the product"


def adding(change: Callable[[Forge, list[Counted]], list[Counted]]) -> Callable[[Forge], None]:
    """Return an attack that adds up other ballots than those that count."""

    def apply(forge: Forge) -> None:
        forge.aggregated = lambda counted: change(forge, counted)

    return apply


def line_of(forge: Forge, number: int) -> RollLine:
    return forge.election.roll[forge.voters[number].key.public]


def older(forge: Forge, counted: list[Counted]) -> list[Counted]:
    first, second = forge.ballots_of(forge.voters[0])
    return [(first if step is second else step, line) for step, line in counted]


def favour(forge: Forge, counted: list[Counted]) -> list[Counted]:
    favourite, other = forge.ballots_of(forge.voters[4])[0], forge.ballots_of(forge.voters[8])[0]
    return [(favourite if step is other else step, line) for step, line in counted]


attacks(
    "G1",
    "9 aggregates: ciphertexts",
    PRODUCT,
    ("9 aggregates: contests", "10 totals: ranges", "12 outcome"),
    a_counted_ballot_left_out=adding(lambda forge, counted: counted[1:]),
    a_counted_ballot_twice=adding(lambda forge, counted: [*counted, counted[0]]),
    a_struck_ballot_added=adding(
        lambda forge, counted: [*counted, (forge.ballots_of(forge.voters[9])[0], line_of(forge, 9))]
    ),
    a_replaced_ballot_added=adding(
        lambda forge, counted: [*counted, (forge.ballots_of(forge.voters[2])[0], line_of(forge, 2))]
    ),
)
attacks(
    "G1",
    "9 aggregates: ciphertexts",
    PRODUCT,
    an_older_ballot_instead_of_the_revote=adding(older),
    one_counted_ballot_instead_of_another=adding(favour),
)


def packing(change: Callable[[Forge, list[Aggregate]], list[Aggregate]]) -> Callable[[Forge], None]:
    def apply(forge: Forge) -> None:
        forge.packed = lambda aggregates: change(forge, aggregates)

    return apply


def times(forge: Forge, aggregate: Aggregate, factor: mpz) -> Aggregate:
    changed = tuple(one * factor % forge.election.key.n_squared for one in aggregate.ciphertexts)
    return Aggregate(aggregate.id, aggregate.ballots, aggregate.weight, changed)


def exchanged(forge: Forge, old: list[Aggregate]) -> list[Aggregate]:
    council, senate = old[1], old[2]
    return [
        old[0],
        Aggregate(council.id, council.ballots, council.weight, senate.ciphertexts),
        Aggregate(senate.id, senate.ballots, senate.weight, council.ciphertexts),
        *old[3:],
    ]


attacks(
    "G1",
    "9 aggregates: ciphertexts",
    PRODUCT,
    ("10 totals: ranges",),
    votes_moved_in_the_aggregate=packing(
        lambda forge, old: [times(forge, old[0], forge.election.key.plain((1 << 32) - 1)), *old[1:]]
    ),
    an_aggregate_rerandomised=packing(
        lambda forge, old: [times(forge, old[0], forge.election.key.nth_power(7)), *old[1:]]
    ),
    two_contests_aggregates_exchanged=packing(exchanged),
    a_ciphertext_too_many=packing(
        lambda forge, old: [Aggregate(old[0].id, old[0].ballots, old[0].weight, old[0].ciphertexts * 2), *old[1:]]
    ),
)


# --- G2


@attack("G2", "5 ballots: trackers", trustees="was audited")
def a_ballot_cast_that_was_audited(forge: Forge) -> None:
    step = thief_ballot(forge)
    forge.insert(Step("audited", "", {"tracker": step.tracker}), before=step)


@attack("G2", "5 ballots: trackers", trustees="already on the board")
def a_ballot_audited_that_was_cast(forge: Forge) -> None:
    forge.insert(Step("audited", "", {"tracker": thief_ballot(forge).tracker}), before=forge.find("extend"))


@attack("G2", "5 ballots: trackers", trustees="This ballot was audited")
def one_ballot_audited_twice(forge: Forge) -> None:
    forge.insert(Step("audited", "", dict(forge.find("audited").body)), before=forge.find("extend"))


def leak(change: Callable[[Document], object]) -> Callable[[Forge], object]:
    return lambda forge: own(forge, lambda forge, document: change(document))


attacks(
    "G2",
    "1 encoding: ballots",
    "malformed|unknown",
    openings_left_in_a_ballot=leak(lambda ballot: ballot.update(openings=[{"id": "mayor", "values": []}])),
    randomness_left_in_a_contest=leak(lambda ballot: ballot["contests"][0].update(randomness=["AAAA"])),
    a_choice_left_in_a_contest=leak(lambda ballot: ballot["contests"][0].update(choice="ada")),
)


# --- G3, as far as a record shows it


@attack("G3", "9 aggregates: withheld", trustees=PRODUCT)
def a_contest_opened_with_too_few_ballots_of_a_weight(forge: Forge) -> None:
    forge.manifest["min_ballots"] = 4
    forge.protecting = False


@attack(
    "G3",
    "9 aggregates: withheld",
    trustees=PRODUCT,
    also=("9 aggregates: ciphertexts", "10 totals: ranges", "12 outcome"),
)
def a_contest_kept_closed_though_it_has_enough_ballots(forge: Forge) -> None:
    forge.packed = lambda old: [Aggregate(old[0].id, old[0].ballots, old[0].weight, ()), *old[1:]]


# --- G4


def telling(change: Callable[[list[Document], Document], object]) -> Callable[[Forge], None]:
    """Return an attack on tally.json, given its contests and itself."""

    def apply(forge: Forge) -> None:
        def tallied(tally: Document) -> Document:
            change(tally["contests"], tally)
            return tally

        forge.tallied = tallied

    return apply


def move_votes(contests: list[Document], tally: Document) -> None:
    """Give Ada's votes to Ben, who then wins."""
    mayor = contests[0]
    ada, ben, blank = mayor["totals"]
    mayor["totals"] = [ben, ada, blank]
    mayor["outcome"]["elected"] = ["ben"]


attacks(
    "G4",
    "10 totals: totals",
    FOLLOWS,
    totals_that_are_not_the_plaintext=telling(move_votes),
)
attacks(
    "G4",
    "12 outcome: outcome",
    FOLLOWS,
    a_wrong_winner=telling(lambda contests, tally: contests[0]["outcome"].update(elected=["ben"])),
    no_winner=telling(lambda contests, tally: contests[0]["outcome"].update(elected=[])),
    two_winners_of_one_seat=telling(lambda contests, tally: contests[0]["outcome"].update(elected=["ada", "ben"])),
    the_abstention_elected=telling(lambda contests, tally: contests[0]["outcome"].update(elected=["blank"])),
    a_tie_that_there_is_not=telling(
        lambda contests, tally: contests[0]["outcome"].update(elected=[], tied=["ada", "ben"])
    ),
    a_failed_law_passed=telling(
        lambda contests, tally: contests[7]["outcome"].update(
            elected=[] if contests[7]["outcome"]["elected"] else ["yes"]
        )
    ),
    a_wrong_ranking=telling(lambda contests, tally: contests[5]["outcome"].update(elected=["z"])),
    a_budget_overspent=telling(lambda contests, tally: contests[4]["outcome"].update(elected=["bus", "bike"])),
    winners_in_another_order=telling(lambda contests, tally: contests[1]["outcome"]["elected"].reverse()),
)
attacks(
    "G4",
    "9 aggregates: contests",
    FOLLOWS + "|does not have the manifest's contests|not the product",
    (
        "9 aggregates: ciphertexts",
        "10 totals: ranges",
        "10 totals: totals",
        "10 totals: cap",
        "11 partials: parts",
        "12 outcome: outcome",
        "9 aggregates: withheld",
        "10 totals: certificates",
    ),
    another_number_of_ballots=telling(lambda contests, tally: contests[0].update(ballots=contests[0]["ballots"] + 1)),
    another_weight=telling(lambda contests, tally: contests[0].update(weight=contests[0]["weight"] + 1)),
    a_contest_left_out=telling(lambda contests, tally: contests.pop()),
    contests_in_another_order=telling(lambda contests, tally: contests.reverse()),
    a_contest_twice=telling(lambda contests, tally: contests.append(contests[0])),
)


def opening(change: Callable[[Forge, Opening], Opening]) -> Callable[[Forge], None]:
    """Return an attack on how the count for mayor is opened; totals and outcome follow what is said."""

    def apply(forge: Forge) -> None:
        def opened(old: list[list[Opening]]) -> list[list[Opening]]:
            return [[change(forge, old[0][0])], *old[1:]]

        forge.opened = opened

    return apply


MOVED = mpz((1 << 32) - 1)
attacks(
    "G4",
    "10 totals: certificates",
    "certificate does not hold|malformed",
    ("10 totals: ranges", "10 totals: cap"),
    votes_moved_in_the_plaintext=opening(lambda forge, old: (old[0] + MOVED, old[1])),
    votes_moved_and_the_root_with_them=opening(
        lambda forge, old: (old[0] + MOVED, old[1] * forge.election.key.plain(-int(MOVED)) % forge.election.key.n)
    ),
    a_negated_root=opening(lambda forge, old: (old[0], forge.election.key.n - old[1])),
    a_root_of_zero=opening(lambda forge, old: (old[0], mpz(0))),
    a_root_that_is_no_unit=opening(lambda forge, old: (old[0], mpz(min(forge.key_maker.factors)))),
)


@attack(
    "D5", "10 totals: certificates", trustees="certificate does not hold", also=("10 totals: ranges", "10 totals: cap")
)
def an_opening_by_wrong_interpolation(forge: Forge) -> None:
    """Combine trustees 1 and 2 as if they were 1 and 3."""
    key = forge.election.key

    def opened(old: list[list[Opening]]) -> list[list[Opening]]:
        ciphertext = forge.add_up(forge.counted(forge.place(forge.find("close"))))[0].ciphertexts[0]
        x, delta = ciphertext % key.n, factorial(len(forge.shares))
        values = [gmpy2.powmod(x, 2 * delta * share, key.n) for share in forge.shares]
        for_1_and_3 = (2 * delta * 3 // 2, 2 * delta * -1 // 2)
        joined = gmpy2.powmod(values[0], for_1_and_3[0], key.n) * gmpy2.powmod(values[1], for_1_and_3[1], key.n)
        _, a, b = gmpy2.gcdext(mpz(4 * delta * delta), key.n)
        root = gmpy2.powmod(joined, a, key.n) * gmpy2.powmod(x, b, key.n) % key.n
        return [[(old[0][0][0], root)], *old[1:]]

    forge.opened = opened


attacks(
    "G4",
    "10 totals: certificates",
    "needs a certificate for each",
    ("10 totals: totals", "10 totals: cap"),
    a_certificate_too_few=telling(lambda contests, tally: contests[0]["certificates"].pop()),
    a_certificate_too_many=telling(
        lambda contests, tally: contests[0]["certificates"].append(contests[0]["certificates"][0])
    ),
)
attacks(
    "G4",
    "10 totals: totals",
    FOLLOWS,
    ("10 totals: ranges", "12 outcome"),
    a_total_too_few=telling(lambda contests, tally: contests[0]["totals"].pop()),
    a_total_too_many=telling(lambda contests, tally: contests[0]["totals"].append(0)),
    all_totals_of_a_contest_left_out=telling(lambda contests, tally: contests[1]["totals"].clear()),
)
attacks(
    "G4",
    "1 encoding: tally",
    "not of its form|not within 0",
    ("9 aggregates", "10 totals", "11 partials", "12 outcome"),
    a_total_written_as_true=telling(lambda contests, tally: contests[0]["totals"].__setitem__(0, True)),
    a_total_below_zero=telling(lambda contests, tally: contests[0]["totals"].__setitem__(0, -1)),
    a_field_that_nobody_knows=telling(lambda contests, tally: contests[0].update(note="fine")),
)


def plus_n(which: int) -> Callable[[Forge], None]:
    """Return an attack that adds n to M or R, where the sum still has the right width."""

    def apply(forge: Forge) -> None:
        key = forge.election.key

        def opened(old: list[list[Opening]]) -> list[list[Opening]]:
            for contest, openings in enumerate(old):
                numbers = list(openings[0])
                numbers[which] += key.n
                if numbers[which].bit_length() <= key.bits:
                    old[contest] = [(numbers[0], numbers[1]), *openings[1:]]
                    return old
            raise AssertionError("no sum has the right width")

        forge.opened = opened

    return apply


attacks(
    "G4",
    "10 totals: cap",
    "not below the modulus|larger than its slots",
    ("10 totals: ranges",),
    the_plaintext_plus_n=plus_n(0),
)
attacks("G4", "10 totals: certificates", "malformed", the_root_plus_n=plus_n(1))


def header(**changed: Any) -> Callable[[Forge], None]:
    return telling(lambda contests, tally: tally.update(changed))


attacks(
    "G4",
    "9 aggregates: header",
    "another election or another count",
    a_tally_of_another_election=header(election="A" * 43),
    a_tally_of_a_shorter_log=header(size=7),
    a_tally_of_another_root=header(root="A" * 43),
    a_tally_of_other_ballots=header(counted="A" * 43),
)
