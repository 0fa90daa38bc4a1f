"""A dishonest prover: where it is told to lie it lies, and makes everything around the lie fit as far as it can."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ballots import codec, proofs
from ballots.ballot import challenge_of
from ballots.contests import Statement, plan
from ballots.election import Election
from ballots.proofs import RandomBits, Secrets

Edit = Callable[[dict[str, Any]], object]
"""Changes a ballot in place."""


def forge_ballot(
    election: Election,
    voter: str,
    choices: Mapping[str, Any],
    random_bits: RandomBits,
    secrets: Secrets,
    *,
    style: str = "all",
    previous: str = "",
    plaintexts: Mapping[str, Sequence[int]] | None = None,
    before: Edit = lambda ballot: None,
    after: Edit = lambda ballot: None,
) -> dict[str, Any]:
    """Make a ballot's document.

    Args:
        election: The election.
        voter: The voter's public key.
        choices: {contest: choice}.
        random_bits: The source of randomness.
        secrets: How cells are masked.
        style: The ballot style.
        previous: The tracker of the ballot before.
        plaintexts: {contest: what its cells hold instead of what the choice says}. Statements that are then false
            are proved as if the value that is there were allowed in the place of the first that is not.
        before: Changes the ballot while proofs have commitments only, before the challenge is drawn from it.
        after: Changes the finished ballot.
    """
    key = election.key
    contests: list[dict[str, Any]] = []
    drafts = []
    for contest in election.contests_by_style[style]:
        layout = election.layouts[contest.id]
        held = (plaintexts or {}).get(contest.id) or plan(contest, layout, choices[contest.id])
        masks = [secrets.draw() for _ in held]
        cells = [key.plain(m) * secrets.power(mask) % key.n_squared for m, mask in zip(held, masks, strict=True)]
        made = [
            proofs.commit(key, _pretended(statement, held), held, masks, secrets, random_bits)
            for statement in layout.statements
        ]
        answers = [{"a": [key.encode_ciphertext(a) for a in one.commitments]} for one in made]
        contests.append({"id": contest.id, "cells": list(map(key.encode_ciphertext, cells)), "proofs": answers})
        drafts.append(made)
    ballot: dict[str, Any] = {
        "version": 1,
        "election": election.fingerprint_text,
        "voter": voter,
        "previous": previous,
        "contests": contests,
    }
    before(ballot)
    challenge = challenge_of(ballot)
    for fields, made in zip(ballot["contests"], drafts, strict=True):
        for shown, commitment in zip(fields["proofs"], made, strict=True):
            proof = proofs.respond(key, commitment, challenge, secrets)
            shown["e"] = [codec.encode_challenge(part) for part in proof.challenges]
            shown["z"] = [key.encode_residue(response) for response in proof.responses]
    after(ballot)
    return ballot


def _pretended(statement: Statement, held: Sequence[int]) -> Statement:
    value = statement.value_of(held)
    return statement if value in statement.values else replace(statement, values=(value, *statement.values[1:]))


def edit_number(numbers: list[str], place: int, width: int, change: Callable[[int], int]) -> None:
    """Replace a number of a document by what a function makes of it."""
    numbers[place] = codec.encode_number(change(codec.decode_number(numbers[place], width)), width)


def edit_challenge(parts: list[str], place: int, change: Callable[[int], int]) -> None:
    """Replace a part of a challenge, modulo 2^128."""
    parts[place] = codec.encode_challenge(change(codec.decode_challenge(parts[place])) % proofs.CHALLENGE_MODULUS)
