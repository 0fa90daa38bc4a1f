"""A malicious voting device: seals any plaintexts, proves what it can and more, and hashes what it likes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gmpy2
from gmpy2 import mpz

from ballots import codec, proofs
from ballots.contests import Statement, plan
from tests.attacks.forge import Forge, unchanged
from tests.attacks.steps import Document, hash_text
from tests.support.elections import Voter

Plaintexts = Mapping[str, Sequence[int]]
Statements = Mapping[str, Sequence[Statement]]


def challenge_of(committed: Document) -> int:
    return int.from_bytes(codec.decode_bytes(hash_text("challenge", committed), 32)[:16], "big")


def plaintexts_of(forge: Forge, voter: Voter, choices: Mapping[str, Any]) -> dict[str, list[int]]:
    """Return the honest plaintexts of a voter's choices, for an attack to change."""
    contests = forge.election.contests_by_style[voter.style]
    return {one.id: list(plan(one, forge.election.layouts[one.id], choices[one.id])) for one in contests}


def bent(statement: Statement, plaintexts: Sequence[int]) -> Statement:
    """Return the statement, with the first forbidden value in place of an allowed one if it is false."""
    value = statement.value_of(plaintexts)
    if value in statement.values:
        return statement
    return replace(statement, values=(value, *statement.values[1:]))


def seal(
    forge: Forge,
    voter: Voter,
    plaintexts: Plaintexts,
    previous: str = "",
    *,
    statements: Statements | None = None,
    hashed: Callable[[Document], Document] = unchanged,
    challenged: Callable[[int], int] = unchanged,
    watched: Callable[[list[proofs.Commitment]], object] = unchanged,
) -> Document:
    """Seal any integers.

    Where a statement is false, the proof is one that would hold if an allowed value were the forbidden one: of all its
    equations and sums exactly one is wrong.

    Args:
        forge: The election.
        voter: Whose ballot.
        plaintexts: {contest: its cells' numbers}; negative ones too.
        previous: The tracker before.
        statements: What is proved, contest by contest, if not the contest's own statements.
        hashed: Returns what the challenge is the hash of, given the ballot with only ``a`` in its proofs; it may
            also change the ballot.
        challenged: Changes the challenge itself.
        watched: Told of all commitments before the challenge is made.
    """
    masking, key, rng = forge.secrets(), forge.election.key, forge.rng
    contests: list[Document] = []
    unanswered: list[tuple[Document, proofs.Commitment]] = []
    for name, numbers in plaintexts.items():
        proved = (statements or {}).get(name) or [bent(one, numbers) for one in forge.election.layouts[name].statements]
        secrets = [masking.draw() for _ in numbers]
        pairs = zip(numbers, secrets, strict=True)
        cells = [key.plain(number) * masking.power(secret) % key.n_squared for number, secret in pairs]
        commitments = [proofs.commit(key, one, numbers, secrets, masking, rng.getrandbits) for one in proved]
        proofs_made = [{"a": [key.encode_ciphertext(a) for a in one.commitments]} for one in commitments]
        contests.append({"id": name, "cells": [key.encode_ciphertext(cell) for cell in cells], "proofs": proofs_made})
        unanswered += zip(proofs_made, commitments, strict=True)
    document: Document = {
        "version": 1,
        "election": forge.fingerprint,
        "voter": voter.key.public,
        "previous": previous,
        "contests": contests,
    }
    watched([commitment for _, commitment in unanswered])
    challenge = challenged(challenge_of(hashed(document)))
    for proof, commitment in unanswered:
        answer = proofs.respond(key, commitment, challenge, masking)
        proof["e"] = [codec.encode_challenge(value) for value in answer.challenges]
        proof["z"] = [key.encode_residue(value) for value in answer.responses]
    return document


def simulate_branch(forge: Forge, target: mpz, challenge: int) -> tuple[mpz, mpz]:
    """Return (a, z) that hold for D_j = ``target`` and a challenge known beforehand."""
    key = forge.election.key
    z = mpz(forge.rng.getrandbits(key.bits)) % (key.n // 2)
    a = key.nth_power(z) * gmpy2.powmod(target, -challenge, key.n_squared) % key.n_squared
    return a, z
