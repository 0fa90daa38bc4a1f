"""Vectors of ballots and audit files: valid ones of every kind, and hostile ones as good as a liar can make them."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from ballots import codec
from ballots.ballot import Sealed, plain_secrets, seal_ballot, short_secrets
from tests.support.elections import A_CHOICE, BITS, Simulation, safe_primes, seeded_key
from tests.support.forging import Edit, edit_challenge, edit_number, forge_ballot
from tests.vectors.making.example import STYLES, fresh, seeded, setting, small, voter_of
from tests.vectors.vector import ACCEPT, Vector

P, Q = safe_primes(BITS)
N = P * Q
WIDTH = BITS // 8
Document = dict[str, Any]


def vectors() -> Iterator[Vector]:
    for make in (valid, signs, false_contents, hostile_numbers, shapes, replays, audits):
        yield from make()


def choices(style: str) -> Document:
    return {name: A_CHOICE[name] for name in STYLES[style]}


def tracker_of(ballot: Document) -> str:
    return codec.encode_bytes(codec.digest("ballot", ballot))


def cast(name: str, reason: str, expect: str, ballot: Document, style: str, **changes: Any) -> Vector:
    """Return the vector of a ballot that its voter signs as it is."""
    tracker = tracker_of(ballot)
    signature = voter_of(small(), style).key.sign("cast", {"tracker": tracker})
    fields = {**setting(style), "ballot": ballot, "tracker": tracker, "signature": signature, **changes}
    return Vector(f"ballot-{name}", reason, "ballot", expect, fields)


def seal(name: str, style: str, simulation: Simulation | None = None, **changes: Any) -> Sealed:
    one, rng = simulation or small(), seeded(name)
    secrets = short_secrets(one.election, rng.getrandbits)
    voter = changes.pop("voter", voter_of(one, style).key.public)
    wanted = {**choices(style), **changes.pop("choices", {})}
    return seal_ballot(one.election, style, voter, changes.pop("previous", ""), wanted, rng.getrandbits, secrets)


def forge(name: str, style: str, **edits: Any) -> Document:
    one, rng = small(), seeded(name)
    secrets = short_secrets(one.election, rng.getrandbits)
    voter = voter_of(one, style).key.public
    return forge_ballot(one.election, voter, choices(style), rng.getrandbits, secrets, style=style, **edits)


def valid() -> Iterator[Vector]:
    for style in STYLES:
        sealed = seal(style, style).ballot
        yield cast(
            f"style-{style}", f"a ballot of the style {style}, with short exponents", ACCEPT, sealed.document, style
        )
    rng = seeded("plain")
    voter = voter_of(small(), "council").key.public
    secrets = plain_secrets(small().election, rng.getrandbits)
    plain = seal_ballot(small().election, "council", voter, "", choices("council"), rng.getrandbits, secrets)
    yield cast("plain", "randomness and masks of full length", ACCEPT, plain.ballot.document, "council")
    tracker = codec.encode_bytes(codec.digest("ballot", {}))
    revote = seal("previous", "mayor", previous=tracker).ballot.document
    yield cast("previous", "a ballot over an earlier one", ACCEPT, revote, "mayor")
    for option in ("ada", "cyd"):
        made = seal(f"mayor {option}", "mayor", choices={"mayor": [option]}).ballot
        yield cast(f"mayor-{option}", f"another true branch: {option}", ACCEPT, made.document, "mayor")
    for name, reason, choice in (
        ("council-none", "nobody chosen", {"council": []}), ("parks-zero", "no points", {"parks": {}}),
        ("money-none", "all left over", {"money": {}}), ("tiers-level", "all level", {"tiers": []}),
        ("order-given", "in the order of the manifest", {"order": ["x", "y", "z"]}),
    ):  # fmt: skip
        style = name.split("-")[0]
        yield cast(name, reason, ACCEPT, seal(name, style, choices=choice).ballot.document, style)


def cell(change: Callable[[int], int]) -> Edit:
    return lambda b: edit_number(b["contests"][0]["cells"], 0, 2 * WIDTH, change)


def commitment(change: Callable[[int], int], branch: int = 1) -> Edit:
    return lambda b: edit_number(b["contests"][0]["proofs"][0]["a"], branch, 2 * WIDTH, change)


def response(change: Callable[[int], int], branch: int = 1) -> Edit:
    return lambda b: edit_number(b["contests"][0]["proofs"][0]["z"], branch, WIDTH, change)


def challenge(change: Callable[[int], int], branch: int = 0) -> Edit:
    return lambda b: edit_challenge(b["contests"][0]["proofs"][0]["e"], branch, change)


def both(*edits: Edit) -> Edit:
    return lambda b: [edit(b) for edit in edits]


def constant(value: int) -> Callable[[int], int]:
    return lambda _: value


def reorder(*fields: str) -> Edit:
    """Swap the first two branches of the first proof in these fields."""

    def apply(ballot: Document) -> None:
        proof = ballot["contests"][0]["proofs"][0]
        for field in fields:
            proof[field] = [proof[field][1], proof[field][0], *proof[field][2:]]

    return apply


def swap(field: str) -> Edit:
    def apply(ballot: Document) -> None:
        members = ballot["contests"][0][field]
        members[0], members[1] = members[1], members[0]

    return apply


def signs() -> Iterator[Vector]:
    """Yield the signs that a prover may choose: squaring forgets them, and the plaintext is the same."""
    for name, reason, edit in (
        ("sign-a", "a commitment is -a; the page squares both sides", commitment(lambda a: N * N - a)),
        ("sign-a-simulated", "a simulated commitment is -a", commitment(lambda a: N * N - a, branch=0)),
        ("sign-cell", "the cell is -c, which holds the same", cell(lambda c: N * N - c)),
    ):
        yield cast(name, reason, ACCEPT, forge(name, "mayor", before=edit), "mayor")


def false_contents() -> Iterator[Vector]:
    """Yield ballots of liars who prove everything but the false statement."""
    cases: dict[str, tuple[str, str, list[int]]] = {
        "mayor-0": ("mayor", "the cell holds 0", [0]), "mayor-2": ("mayor", "two votes for the first", [2]),
        "mayor-two": ("mayor", "a vote for two", [1 + 2**32]), "mayor-minus": ("mayor", "the cell holds -1", [-1]),
        "mayor-slot": ("mayor", "a vote in a slot that no option has", [2**96]),
        "mayor-overflow": ("mayor", "a slot running over into its neighbour", [2**32 + 2**31]),
        "council-million": ("council", "a million votes", [10**6, 0, 0, 0]),
        "council-minus": ("council", "two votes for one, minus one for another", [2, -1, 0, 0]),
        "council-three": ("council", "three of at most two", [1, 1, 1, 0]),
        "parks-4": ("parks", "a score above the top", [4, 0]), "parks-minus": ("parks", "a score below 0", [-1, 3]),
        "money-six": ("money", "six points of five: 3 + 3 + 0", [1, 1, 0, 1, 1, 0, 0, 0, 0]),
        "money-four": ("money", "four points of five, no remainder", [1, 1, 0, 1, 0, 0, 0, 0, 0]),
        "money-bit": ("money", "a bit of 2", [2, 0, 0, 1, 0, 0, 0, 1, 0]),
        "order-circle": ("order", "x over y over z over x", [1, 0, 1]),
        "order-other-circle": ("order", "z over y over x over z", [0, 1, 0]),
        "order-2": ("order", "a preference counted twice", [2, 1, 0]),
        "tiers-both": ("tiers", "x over y and y over x", [1, 0, 1, 0, 0, 0]),
        "tiers-circle": ("tiers", "x over y over z over x", [1, 0, 0, 1, 1, 0]),
        "tiers-gap": ("tiers", "x over y, but z level with both", [1, 0, 0, 0, 0, 0]),
    }  # fmt: skip
    for name, (style, reason, held) in cases.items():
        yield cast(f"holds-{name}", reason, "proof", forge(name, style, plaintexts={style: held}), style)


def hostile_numbers() -> Iterator[Vector]:
    before: dict[str, tuple[str, str, Edit]] = {
        "cell-zero": ("mayor", "a cell that is 0", cell(constant(0))),
        "cell-n": ("mayor", "a cell that is n", cell(constant(N))),
        "cell-p": ("mayor", "a cell that is a factor of n", cell(constant(P))),
        "cell-times-p": ("mayor", "a cell that is a multiple of a factor", cell(lambda c: c * P % N**2)),
        "cell-n2": ("mayor", "a cell that is n²", cell(constant(N * N))),
        "cell-above": ("mayor", "a cell of n² + 1", cell(constant(N * N + 1))),
        "cell-rerandomised": ("mayor", "a cell times 2^n", cell(lambda c: c * pow(2, N, N * N) % N**2)),
        "cell-shifted": ("mayor", "a cell times 1+n: one vote more", cell(lambda c: c * (1 + N) % N**2)),
        "cell-plus-n": ("mayor", "a cell plus n: the same modulo n", cell(lambda c: (c + N) % N**2)),
        "cell-inverted": ("mayor", "the inverse of the cell", cell(lambda c: pow(c, -1, N * N))),
        "cells-swapped": ("council", "two cells change places", swap("cells")),
        "a-zero": ("mayor", "a commitment that is 0", commitment(constant(0))),
        "a-q": ("mayor", "a commitment that is a factor of n", commitment(constant(Q))),
        "a-n2": ("mayor", "a commitment that is n²", commitment(constant(N * N))),
        "a-one": ("mayor", "a commitment that is 1", commitment(constant(1))),
        "a-shifted": ("mayor", "a commitment times 1+n", commitment(lambda a: a * (1 + N) % N**2)),
        "a-reordered": ("mayor", "commitments of two branches change places", reorder("a")),
        "cell-and-a-p": ("mayor", "cell and commitment share a factor with n",
                         both(cell(constant(P)), commitment(constant(P)))),
    }  # fmt: skip
    for name, (style, reason, edit) in before.items():
        yield cast(name, f"{reason}, before the challenge", "proof", forge(name, style, before=edit), style)
    zeros = both(cell(constant(0)), *(commitment(constant(0), branch) for branch in range(3)))
    nothing = both(*(response(constant(0), branch) for branch in range(3)))
    yield cast("all-zero", "cell, commitments and responses are 0: 0 = 0", "proof",
               forge("all-zero", "mayor", before=zeros, after=nothing), "mayor")  # fmt: skip
    after: dict[str, tuple[str, str, Edit]] = {
        "z-negated": ("mayor", "n - z instead of z: the ballot would be malleable", response(lambda z: N - z)),
        "z-plus-n": ("mayor", "z plus n", response(lambda z: z + N if z + N < 2**BITS else 2**BITS - 1)),
        "z-zero": ("mayor", "a response that is 0", response(constant(0))),
        "z-p": ("mayor", "a response that is a factor of n", response(constant(P))),
        "z-half": ("mayor", "a response of (n+1)/2", response(constant((N + 1) // 2))),
        "z-off": ("mayor", "a response that is one off", response(lambda z: z + 1 if z < N // 2 else z - 1)),
        "e-sum": ("mayor", "challenges that do not add up", challenge(lambda e: e + 1)),
        "e-moved": ("mayor", "one more here, one less there: the sum holds",
                    both(challenge(lambda e: e + 1), challenge(lambda e: e - 1, 1))),
        "branches-reordered": ("mayor", "two whole branches change places", reorder("a", "e", "z")),
        "z-reordered": ("mayor", "two responses change places", reorder("z")),
        "proofs-swapped": ("council", "two proofs change places", swap("proofs")),
    }  # fmt: skip
    for name, (style, reason, edit) in after.items():
        yield cast(name, f"{reason}, after the challenge", "proof", forge(name, style, after=edit), style)


def shapes() -> Iterator[Vector]:
    two = seal("shape", "council").ballot.document

    def changed(edit: Edit) -> Document:
        ballot = copy.deepcopy(two)
        edit(ballot)
        return ballot

    def first(ballot: Document) -> Document:
        contest: Document = ballot["contests"][0]
        return contest

    def proof(ballot: Document) -> Document:
        found: Document = first(ballot)["proofs"][0]
        return found

    def put(field: str, value: object) -> Edit:
        """Put something in the place of the first cell, or of the first number of a proof's field."""
        return lambda b: (first(b)["cells"] if field == "cells" else proof(b)[field]).__setitem__(0, value)

    def branches(change: Callable[[list[str]], list[str]]) -> Edit:
        return lambda b: proof(b).update({field: change(numbers) for field, numbers in proof(b).items()})

    short = codec.encode_bytes(bytes(31))
    cases: dict[str, tuple[str, str, Edit]] = {
        "version": ("encoding", "version 2", lambda b: b.update(version=2)),
        "version-true": ("encoding", "version true", lambda b: b.update(version=True)),
        "field-more": ("encoding", "a field more", lambda b: b.update(extra="")),
        "randomness": ("encoding", "randomness left inside a contest", lambda b: first(b).update(randomness=[])),
        "proof-field": ("encoding", "a field more in a proof", lambda b: proof(b).update(r=[])),
        "field-missing": ("encoding", "previous is missing", lambda b: b.pop("previous")),
        "voter": ("encoding", "a voter of 31 bytes", lambda b: b.update(voter=short)),
        "previous-short": ("encoding", "a previous of 31 bytes", lambda b: b.update(previous=short)),
        "previous-false": ("encoding", "a previous that is false", lambda b: b.update(previous=False)),
        "cell-wide": ("encoding", "a cell one byte too wide", put("cells", codec.encode_number(1, 2 * WIDTH + 1))),
        "cell-number": ("encoding", "a cell that is a number", put("cells", 1)),
        "e-capital": ("encoding", "a challenge in capitals", put("e", "AB" * 16)),
        "e-number": ("encoding", "a challenge that is a number", put("e", 5)),
        "z-wide": ("encoding", "a response one byte too wide", put("z", codec.encode_number(1, WIDTH + 1))),
        "no-contest": ("contest", "no contest", lambda b: b["contests"].clear()),
        "contest-twice": ("contest", "a contest twice", lambda b: b["contests"].append(first(b))),
        "contest-other": ("contest", "another contest's id", lambda b: first(b).update(id="mayor")),
        "cell-missing": ("contest", "a cell is missing", lambda b: first(b)["cells"].pop()),
        "cell-more": ("contest", "a cell more", lambda b: first(b)["cells"].append(first(b)["cells"][0])),
        "proof-missing": ("contest", "the proof of the sum is missing", lambda b: first(b)["proofs"].pop()),
        "proof-more": ("contest", "a proof more", lambda b: first(b)["proofs"].append(proof(b))),
        "branch-missing": ("contest", "a branch is missing", branches(lambda numbers: numbers[:-1])),
        "branch-more": ("contest", "a branch for a forbidden value", branches(lambda numbers: [*numbers, numbers[0]])),
        "branch-uneven": ("contest", "a commitment is missing", lambda b: proof(b)["a"].pop()),
    }
    for name, (expect, reason, edit) in cases.items():
        yield cast(f"shape-{name}", reason, expect, changed(edit), "council")


def replays() -> Iterator[Vector]:
    mine = seal("replay", "mayor").ballot
    other = voter_of(small(), "council").key

    def changed(**fields: Any) -> Document:
        return {**copy.deepcopy(mine.document), **fields}

    def mayor(name: str, reason: str, expect: str, ballot: Document, **fields: Any) -> Vector:
        return cast(name, reason, expect, ballot, "mayor", **fields)

    stolen = changed(voter=other.public)
    signature = other.sign("cast", {"tracker": tracker_of(stolen)})
    reason = "the same ciphertexts under another voter's key"
    yield mayor("another-voter", reason, "proof", stolen, signature=signature)
    yield mayor("previous-later", "a previous ballot put in afterwards", "proof", changed(previous=mine.tracker))
    there = fresh(title={"en": "Another election"})
    foreign = seal("foreign", "mayor", simulation=there, voter=mine.voter).ballot.document
    yield mayor("another-election", "a ballot made for another election", "record", foreign)
    renamed = {**foreign, "election": small().fingerprint}
    yield mayor("another-election-renamed", "a ballot of another election, made out to this one", "proof", renamed)
    older = seal("older", "mayor", previous=mine.tracker).ballot.document["contests"]
    reason = "the contest of a ballot that the same voter cast over another"
    yield mayor("another-previous", reason, "proof", changed(contests=older))
    yield mayor("another-style", "a ballot of another style", "contest", seal("style", "council").ballot.document)
    signature = seeded_key("board").sign("cast", {"tracker": mine.tracker})
    yield mayor("signature-other", "signed with another key", "signature", mine.document, signature=signature)
    nothing = codec.encode_bytes(bytes(32))
    signature = voter_of(small(), "mayor").key.sign("cast", {"tracker": nothing})
    reason = "the signature of another ballot"
    yield mayor("signature-tracker", reason, "signature", mine.document, signature=signature)
    yield mayor("tracker-other", "another tracker", "record", mine.document, tracker=nothing)


def audits() -> Iterator[Vector]:
    def made(name: str, reason: str, expect: str, audit: Document, style: str) -> Vector:
        fields = {**setting(style), "audit": audit, "tracker": tracker_of(audit["ballot"])}
        return Vector(f"audit-{name}", reason, "audit", expect, fields)

    key = small().election.key
    for style in ("mayor", "council", "parks", "order"):
        document = seal(f"audit {style}", style).audit_document(key)
        yield made(style, f"an audited ballot of the style {style}", ACCEPT, document, style)
    good = seal("audit", "council").audit_document(key)

    def opening(**edits: Any) -> Document:
        audit = copy.deepcopy(good)
        for field, change in edits.items():
            audit["openings"][0][field] = change(audit["openings"][0][field])
        return audit

    def number(value: int) -> Callable[[list[str]], list[str]]:
        return lambda numbers: [codec.encode_number(value, WIDTH), *numbers[1:]]

    def turned(numbers: list[str]) -> list[str]:
        return [numbers[1], numbers[0], *numbers[2:]]

    def negated(numbers: list[str]) -> list[str]:
        return [codec.encode_number(N - codec.decode_number(numbers[0], WIDTH), WIDTH), *numbers[1:]]

    yield made("value", "another value than the cell holds", "proof", opening(values=number(0)), "council")
    yield made("value-n", "a value plus n, beyond its range", "proof", opening(values=number(N + 1)), "council")
    yield made("randomness", "another randomness", "proof", opening(randomness=number(2)), "council")
    yield made("randomness-zero", "a randomness of 0", "proof", opening(randomness=number(0)), "council")
    yield made(
        "randomness-p", "a randomness that shares a factor with n", "proof", opening(randomness=number(P)), "council"
    )
    yield made("randomness-negated", "the randomness negated", "proof", opening(randomness=negated), "council")
    yield made("swapped", "two openings change places", "proof", opening(values=turned, randomness=turned), "council")
    yield made("opening-missing", "no openings", "contest", {**good, "openings": []}, "council")
    yield made("opening-other", "the openings of another contest", "contest", opening(id=lambda _: "mayor"), "council")
    yield made("cell-missing", "a cell is not opened", "contest",
               opening(values=lambda v: v[1:], randomness=lambda r: r[1:]), "council")  # fmt: skip
    yield made("field", "a field more", "encoding", {**good, "signature": ""}, "council")
    lie = seal("audit lie", "mayor").audit_document(key)
    other = seal("audit other", "mayor", choices={"mayor": ["cyd"]}).audit_document(key)
    yield made(
        "other-ballot", "the openings of another ballot", "proof", {**lie, "openings": other["openings"]}, "mayor"
    )
    broken = copy.deepcopy(lie)
    edit_challenge(broken["ballot"]["contests"][0]["proofs"][0]["e"], 0, lambda e: e + 1)
    yield made("proof", "the openings fit, a proof does not", "proof", broken, "mayor")
