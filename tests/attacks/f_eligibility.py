"""F. Eligibility: who is on the roll, who was replaced or struck, whose signature casts."""

from collections.abc import Callable

from ballots import codec
from ballots.signatures import SigningKey
from tests.attacks.e_board import UNFIT
from tests.attacks.forge import Forge
from tests.attacks.register import attack, attacks
from tests.attacks.steps import Step
from tests.support.elections import Voter, seeded_key

L = 2**252 + 27742317777372353535851937790883648493
COUNT = ("5 ballots: voter", "7 counted: counted", "9 aggregates", "10 totals: ranges", "12 outcome")
NOT_STANDING = "not on the roll, or was replaced or struck"


def outsider(key: SigningKey, style: str = "all") -> Voter:
    return Voter("", key, style)


def vote_by(forge: Forge, voter: Voter, before: str = "close") -> Step:
    """Insert a ballot of somebody who votes as voter 8 did."""
    choices = forge.ballots_of(forge.voters[8])[0].choices
    return forge.insert(Step("ballot", "", voter=voter, choices=choices), before=forge.find(before))


# --- F2: the roll


@attack("F2", "4 opening: roll", trustees=UNFIT)
def a_weight_changed_after_the_registrar_signed(forge: Forge) -> None:
    forge.honest = {"registrar"}
    keep_registrars_entries(forge)
    forge.roll[0]["weight"] = 2


@attack("F2", "4 opening: roll", trustees=UNFIT)
def a_voter_added_after_the_registrar_signed(forge: Forge) -> None:
    forge.honest = {"registrar"}
    keep_registrars_entries(forge)
    forge.roll.append({"voter": seeded_key("ghost").public, "style": "all", "weight": 1})
    forge.roll.sort(key=lambda line: str(line["voter"]))


def keep_registrars_entries(forge: Forge) -> None:
    """Leave out what the honest registrar signed for the true election, so that only the roll is wrong."""
    forge.drop(*(step for step in forge.steps if step.kind in ("replace", "strike")))
    forge.drop(*forge.ballots_of(forge.voters[12]))


@attack("F2", "4 opening: roll", trustees="differs from roll.jsonl")
def the_log_states_another_number_of_voters(forge: Forge) -> None:
    forge.find("roll").fixed = {"voters": 13}


@attack("F2", "4 opening: roll", trustees="differs from roll.jsonl|signature does not fit")
def the_log_states_another_roll(forge: Forge) -> None:
    forge.find("roll").fixed = {"sha256": "A" * 43}


@attack("F2", "4 opening: roll", trustees=UNFIT)
def a_roll_signed_for_another_election(forge: Forge) -> None:
    signed = {"manifest": forge.manifest["board_key"], "sha256": forge.find("roll").body["sha256"]}
    forge.rewrite = {("roll", "registrar"): forge.keys["registrar"].sign("roll", signed)}


@attack("F2", "4 opening: roll", trustees="out of order")
def a_roll_out_of_order(forge: Forge) -> None:
    forge.roll.reverse()


@attack("F2", "4 opening: roll", trustees="unknown ballot style", also=("4 opening: capacity",))
def a_voter_of_a_style_that_there_is_not(forge: Forge) -> None:
    absent = forge.voters[10].key.public
    next(line for line in forge.roll if line["voter"] == absent)["style"] = "village"
    forge.drop(forge.find("replace", 1))


@attack("F2", "1 encoding: roll", trustees="weight below 1", also=("4 opening: roll", "4 opening: capacity"))
def a_voter_without_weight(forge: Forge) -> None:
    absent = forge.voters[10].key.public
    next(line for line in forge.roll if line["voter"] == absent)["weight"] = 0
    forge.drop(forge.find("replace", 1))


# --- F3: one voter twice


@attack("F3", "4 opening: roll", trustees="stands twice")
def a_voter_twice_on_the_roll(forge: Forge) -> None:
    place = next(place for place, line in enumerate(forge.roll) if line["voter"] == forge.voters[8].key.public)
    forge.roll.insert(place, {**forge.roll[place]})


@attack("F3", "4 opening: keys", trustees="also a key of somebody who runs")
def the_board_on_the_roll(forge: Forge) -> None:
    forge.roll.append({"voter": forge.manifest["board_key"], "style": "all", "weight": 1})
    forge.roll.sort(key=lambda line: str(line["voter"]))


@attack("F3", "4 opening: keys", trustees="prime order")
def a_key_of_small_order_on_the_roll(forge: Forge) -> None:
    forge.roll.insert(0, {"voter": codec.encode_bytes(b"\1" + b"\0" * 31), "style": "all", "weight": 1})
    forge.roll.sort(key=lambda line: str(line["voter"]))


@attack("F3", "4 opening: keys", trustees="prime order")
def a_key_of_mixed_order_on_the_roll(forge: Forge) -> None:
    """A key plus the point of order 2: every second signature of it would pass without the check of its order."""
    raw = int.from_bytes(codec.decode_bytes(seeded_key("mixed").public, 32), "little")
    y, sign = raw & ((1 << 255) - 1), raw >> 255
    mixed = codec.encode_bytes((2**255 - 19 - y | (1 - sign) << 255).to_bytes(32, "little"))
    forge.roll.append({"voter": mixed, "style": "all", "weight": 1})
    forge.roll.sort(key=lambda line: str(line["voter"]))


def replacing(old: Callable[[Forge], str], new: Callable[[Forge], str]) -> Callable[[Forge], None]:
    def apply(forge: Forge) -> None:
        forge.insert(Step("replace", "", {"old": old(forge), "new": new(forge)}), before=forge.find("extend"))

    return apply


def voter(number: int) -> Callable[[Forge], str]:
    return lambda forge: forge.voters[number].key.public


def fresh(forge: Forge) -> str:
    return seeded_key("fresh").public


attacks(
    "F3",
    "7 counted: standing",
    NOT_STANDING + "|was used before",
    COUNT,
    one_credential_replaced_twice=replacing(voter(2), fresh),
    a_struck_credential_replaced=replacing(voter(9), fresh),
    a_stranger_replaced=replacing(lambda forge: seeded_key("stranger").public, fresh),
    a_replacement_by_another_voter=replacing(voter(10 + 1), voter(4)),
    a_replacement_by_itself=replacing(voter(8), voter(8)),
    a_replacement_by_the_replaced=replacing(voter(12), voter(2)),
    a_replacement_by_a_trustee=replacing(voter(8), lambda forge: str(forge.key["trustees"][0]["key"])),
)


@attack("F3", "4 opening: keys", trustees="prime order")
def a_replacement_by_a_key_of_small_order(forge: Forge) -> None:
    replacing(voter(13), lambda forge: codec.encode_bytes(b"\1" + b"\0" * 31))(forge)


@attack("F3", "7 counted: standing", trustees=NOT_STANDING)
def a_credential_struck_twice(forge: Forge) -> None:
    forge.insert(Step("strike", "", dict(forge.find("strike").body)), before=forge.find("extend"))


@attack("F3", "7 counted: standing", trustees=UNFIT)
def a_strike_that_the_registrar_did_not_sign(forge: Forge) -> None:
    body = {"voter": forge.voters[8].key.public}
    signature = forge.keys["board"].sign("strike", {"election": forge.fingerprint, **body})
    forge.insert(Step("strike", "", body, {"signature": signature}), before=forge.find("extend"))


@attack("F3", "7 counted: standing", trustees=UNFIT)
def a_replacement_that_the_registrar_did_not_sign(forge: Forge) -> None:
    body = {"old": forge.voters[8].key.public, "new": fresh(forge)}
    signature = forge.keys["official"].sign("replace", {"election": forge.fingerprint, **body})
    forge.insert(Step("replace", "", body, {"signature": signature}), before=forge.find("extend"))


@attack("F3", "7 counted: counted", trustees="other ballots as counted", also=COUNT)
def the_ballots_of_a_replaced_credential_and_of_the_new_one_both_counted(forge: Forge) -> None:
    old = forge.ballots_of(forge.voters[2])[0]
    line = forge.election.roll[forge.voters[2].key.public]
    forge.recount = lambda counted: [(old, line), *counted]


@attack("F3", "7 counted: counted", trustees="other ballots as counted", also=COUNT)
def the_ballot_of_a_struck_credential_counted(forge: Forge) -> None:
    struck = forge.ballots_of(forge.voters[9])[0]
    line = forge.election.roll[forge.voters[9].key.public]
    forge.recount = lambda counted: [(struck, line), *counted]


# --- F4: ballots of those who may not vote


@attack("F4", "5 ballots: voter", trustees=NOT_STANDING, also=("5 ballots: shape", "6 proofs: equations"))
def a_ballot_of_somebody_who_is_not_on_the_roll(forge: Forge) -> None:
    vote_by(forge, outsider(seeded_key("outsider")))


@attack("F4", "5 ballots: voter", trustees=NOT_STANDING, also=("5 ballots: shape", "6 proofs: equations"))
def a_ballot_of_a_trustee(forge: Forge) -> None:
    vote_by(forge, outsider(forge.keys["trustee 1"]))


@attack("F4", "5 ballots: voter", trustees=NOT_STANDING)
def a_ballot_of_a_replaced_credential(forge: Forge) -> None:
    vote_by(forge, forge.voters[2])


@attack("F4", "5 ballots: voter", trustees=NOT_STANDING)
def a_ballot_of_a_struck_credential(forge: Forge) -> None:
    struck = forge.voters[9]
    forge.insert(Step("ballot", "", voter=struck, choices=forge.ballots_of(struck)[0].choices), forge.find("close"))


@attack("F4", "5 ballots: voter", trustees=NOT_STANDING, also=("5 ballots: shape", "6 proofs: equations", *COUNT))
def a_ballot_of_a_new_credential_before_its_replacement(forge: Forge) -> None:
    new = forge.ballots_of(forge.voters[12])[0]
    forge.drop(new)
    forge.insert(new, before=forge.find("replace"))
    new.time = ""
    new.time = forge.steps[forge.place(new) - 1].time


def signed(change: Callable[[Forge, Step, str], str]) -> Callable[[Forge], None]:
    def apply(forge: Forge) -> None:
        step = forge.ballots_of(forge.voters[8])[0]
        step.fixed = {"signature": change(forge, step, step.body["signature"])}

    return apply


def plus_order(signature: str) -> str:
    raw = codec.decode_bytes(signature, 64)
    larger = int.from_bytes(raw[32:], "little") + L
    return codec.encode_bytes(raw[:32] + larger.to_bytes(32, "little"))


attacks(
    "F4",
    "5 ballots: signature",
    UNFIT,
    a_ballot_signed_by_another_voter=signed(
        lambda forge, step, old: forge.voters[4].key.sign("cast", {"tracker": step.tracker})
    ),
    a_ballot_signed_by_the_board=signed(
        lambda forge, step, old: forge.keys["board"].sign("cast", {"tracker": step.tracker})
    ),
    a_ballot_with_the_signature_of_another_ballot=signed(
        lambda forge, step, old: forge.voters[8].key.sign("cast", {"tracker": forge.ballots[0].tracker})
    ),
    a_ballot_signed_for_something_else=signed(
        lambda forge, step, old: forge.voters[8].key.sign("audited", {"tracker": step.tracker})
    ),
    a_signature_plus_the_groups_order=signed(lambda forge, step, old: plus_order(old)),
    an_empty_signature=signed(lambda forge, step, old: codec.encode_bytes(b"\0" * 64)),
)
attacks(
    "F4",
    "1 encoding: log",
    "malformed",
    ("5 ballots: shape", "6 proofs: equations", *COUNT),
    a_signature_that_is_too_short=signed(lambda forge, step, old: old[:-4]),
)
