"""D. Partials and shares: wrong, doubled, of somebody else, too few, or of shares that do not fit."""

from collections.abc import Callable
from typing import Any

from ballots import codec, threshold
from ballots.board import Intent
from ballots.partial import make_partial
from tests.attacks.forge import Forge
from tests.attacks.register import attack, attacks
from tests.attacks.steps import Document


def with_partials(change: Callable[[Forge, list[Document]], list[Document]]) -> Callable[[Forge], None]:
    def apply(forge: Forge) -> None:
        forge.partials = lambda partials: change(forge, partials)

    return apply


def remade(forge: Forge, named: int, used: int, intent: Intent | None = None) -> Document:
    """Make a partial that names one trustee, with the share of another."""
    counted = forge.counted(forge.place(forge.find("close")))
    aggregates = forge.add_up(counted)
    signed = intent or forge.intent
    assert signed is not None
    return make_partial(forge.election, signed, aggregates, named, forge.shares[used - 1], forge.rng.getrandbits)


def in_first_part(**fields: Callable[[Forge, Any], Any]) -> Callable[[Forge], None]:
    def change(forge: Forge, partials: list[Document]) -> list[Document]:
        part = partials[0]["parts"][0]
        for name, edit in fields.items():
            part[name] = edit(forge, part[name])
        return partials

    return with_partials(change)


def doubled(forge: Forge, text: str) -> str:
    key = forge.election.key
    return key.encode_residue(key.decode_residue(text) * 2 % key.n)


def negated(forge: Forge, text: str) -> str:
    key = forge.election.key
    return key.encode_residue(key.n - key.decode_residue(text))


attacks(
    "D4",
    "11 partials: proofs",
    "does not come from that trustee's share",
    a_wrong_value_with_the_right_proof=in_first_part(value=doubled),
    a_value_negated=in_first_part(value=negated),
    a_challenge_of_the_trustees_choice=in_first_part(e=lambda forge, e: "0" * 32),
    the_share_of_trustee_2_as_that_of_trustee_3=with_partials(lambda forge, old: [old[0], remade(forge, 3, 2)]),
    the_share_of_trustee_2_as_that_of_trustee_1=with_partials(lambda forge, old: [remade(forge, 1, 2), old[1]]),
    a_share_plus_one=with_partials(lambda forge, old: [off_by_one(forge), old[1]]),
)


def longer_response(forge: Forge, text: str) -> str:
    """Add a multiple of the group's exponent: every equation holds, but the number is longer than any honest one."""
    share_bits = int(forge.key["share_bits"])
    multiples = (1 << share_bits + 258) // int(forge.key_maker.exponent) + 1
    longer = codec.decode_number(text, len(text) * 3 // 4) + multiples * int(forge.key_maker.exponent)
    return codec.encode_number(longer, len(text) * 3 // 4)


def value_plus_n(forge: Forge, partials: list[Document]) -> list[Document]:
    key = forge.election.key
    for part in partials[0]["parts"]:
        value = key.decode_residue(part["value"]) + key.n
        if value.bit_length() <= key.bits:
            part["value"] = key.encode_residue(value)
            return partials
    raise AssertionError("no value is small enough")


attacks(
    "D4",
    "11 partials: proofs",
    "too long|malformed",
    a_response_that_is_longer_than_it_may_be=in_first_part(z=longer_response),
    a_value_plus_n=with_partials(value_plus_n),
)
attacks(
    "D4",
    "11 partials: members",
    "exactly 2 trustees|ascending",
    one_partial_twice=with_partials(lambda forge, old: [old[0], old[0]]),
    partials_in_another_order=with_partials(lambda forge, old: old[::-1]),
)
attacks(
    "D5",
    "11 partials: members",
    "exactly 2 trustees",
    fewer_partials_than_needed=with_partials(lambda forge, old: old[:1]),
    no_partials=with_partials(lambda forge, old: []),
    more_partials_than_needed=with_partials(lambda forge, old: [*old, remade(forge, 3, 3)]),
)


def off_by_one(forge: Forge) -> Document:
    forge.shares[0] += 1
    return remade(forge, 1, 1)


@attack("D4", "11 partials: members", trustees="without having signed", also=("11 partials: proofs",))
def a_partial_of_a_trustee_who_did_not_sign_the_intent(forge: Forge) -> None:
    forge.drop(*(step for step in forge.steps if step.kind == "intent" and step.body.get("trustee") == 1))


@attack("D4", "11 partials: members", trustees="does not exist", also=("11 partials: proofs",))
def a_partial_of_a_trustee_that_there_is_not(forge: Forge) -> None:
    forge.partials = lambda partials: [partials[0], {**partials[1], "trustee": 4}]


def of_another_election(forge: Forge) -> None:
    other = forge.copy()
    other.manifest["title"] = {"en": "Another"}
    other.redo()

    def remake(forge: Forge, partials: list[Document]) -> list[Document]:
        assert forge.intent is not None
        aggregates = forge.add_up(forge.counted(forge.place(forge.find("close"))))
        bits = forge.rng.getrandbits
        return [make_partial(other.election, forge.intent, aggregates, 1, forge.shares[0], bits), partials[1]]

    with_partials(remake)(forge)


def of_another_log(forge: Forge, partials: list[Document]) -> list[Document]:
    assert forge.intent is not None
    smaller = Intent(forge.intent.size - 1, forge.intent.root, forge.intent.counted)
    return [remade(forge, 1, 1, smaller), partials[1]]


def shuffle_parts(change: Callable[[list[Document]], object]) -> Callable[[Forge], None]:
    def apply(forge: Forge, partials: list[Document]) -> list[Document]:
        change(partials[1]["parts"])
        return partials

    return with_partials(apply)


attacks(
    "D4",
    "11 partials: parts",
    "another count|opens other ciphertexts",
    a_partial_for_another_log=with_partials(of_another_log),
    a_partial_for_another_election=of_another_election,
    parts_in_another_order=shuffle_parts(lambda parts: parts.reverse()),
    a_part_missing=shuffle_parts(lambda parts: parts.pop()),
    a_part_twice=shuffle_parts(lambda parts: parts.append(parts[0])),
    a_part_for_another_contest=in_first_part(contest=lambda forge, contest: "law"),
)


def share_keys(change: Callable[[Forge, list[str]], list[str]]) -> Callable[[Forge], None]:
    def apply(forge: Forge) -> None:
        texts = change(forge, [trustee["v"] for trustee in forge.key["trustees"]])
        for trustee, text in zip(forge.key["trustees"], texts, strict=True):
            trustee["v"] = text

    return apply


def of_shares(change: Callable[[Forge, list[int]], list[int]]) -> Callable[[Forge], None]:
    """Return an attack by a dealer who shares something else, and says so in the share keys."""

    def apply(forge: Forge) -> None:
        forge.shares = change(forge, forge.shares)
        key = forge.election.key
        share_keys(lambda *_: [key.encode_residue(threshold.share_key(key, share)) for share in forge.shares])(forge)

    return apply


attacks(
    "D5",
    "2 key: shares",
    "does not fit the others|do not belong to this modulus",
    (),
    a_share_that_does_not_fit=of_shares(lambda forge, old: [*old[:2], old[2] + 1]),
    shares_of_another_exponent=of_shares(lambda forge, old: [share + 1 for share in old]),
    shares_of_a_higher_degree=of_shares(lambda forge, old: [s + 12345 * i * i for i, s in enumerate(old, 1)]),
    shares_in_another_order=of_shares(lambda forge, old: [old[1], old[0], old[2]]),
)
attacks(
    "D5",
    "2 key: shares",
    "does not fit the others|do not belong|malformed",
    ("11 partials: proofs",),
    a_share_key_of_one=share_keys(lambda forge, old: [forge.election.key.encode_residue(1), *old[1:]]),
    a_share_key_of_zero=share_keys(lambda forge, old: [forge.election.key.encode_residue(0), *old[1:]]),
    a_share_key_that_divides_n=share_keys(
        lambda forge, old: [*old[:2], forge.election.key.encode_residue(min(forge.key_maker.factors))]
    ),
)
