"""Checking the proofs of many ballots at once (section 5).

One random factor a branch joins all equations into one::

    (∏ z^ρ mod n)^n = ∏ a^ρ · ∏ cell^E · (1 − n·Σ (s − const)·e·ρ)    (mod n², both sides squared)

A false statement passes with probability 2^−128. A batch that fails is halved, with new
factors, until the bad ballots are named; the last word on each is :func:`verify_ballot`'s.
"""

from collections.abc import Sequence

import gmpy2
from gmpy2 import mpz

from ballots import codec, proofs
from ballots.ballot import Ballot, verify_ballot
from ballots.election import Election
from ballots.errors import ProofError
from ballots.multiexp import product_of_powers, product_of_powers_squared
from ballots.proofs import RandomBits


def verify_ballots(election: Election, ballots: Sequence[Ballot], random_bits: RandomBits) -> dict[int, ProofError]:
    """Check the proofs of many ballots.

    Args:
        election: The election.
        ballots: Parsed ballots; they are fixed before any random factor is drawn.
        random_bits: The checker's own randomness.

    Returns:
        {index in ``ballots``: why its proofs do not hold}; empty when all hold.
    """
    refused: dict[int, ProofError] = {}
    pending = []
    for index, ballot in enumerate(ballots):
        try:
            for contest in ballot.contests:
                for proof in contest.proofs:
                    proofs.check_challenges(proof, ballot.challenge)
            pending.append(index)
        except ProofError as error:
            refused[index] = error
    _halve(election, ballots, pending, random_bits, refused)
    return dict(sorted(refused.items()))


def _halve(
    election: Election,
    ballots: Sequence[Ballot],
    indices: Sequence[int],
    random_bits: RandomBits,
    refused: dict[int, ProofError],
) -> None:
    if not indices:
        return
    try:
        verify_batch(election, [ballots[index] for index in indices], random_bits)
    except ProofError:
        if len(indices) == 1:
            _name(election, ballots, indices[0], refused)
            return
        middle = len(indices) // 2
        _halve(election, ballots, indices[:middle], random_bits, refused)
        _halve(election, ballots, indices[middle:], random_bits, refused)


def _name(election: Election, ballots: Sequence[Ballot], index: int, refused: dict[int, ProofError]) -> None:
    try:
        verify_ballot(election, ballots[index])
    except ProofError as error:
        refused[index] = error


def verify_batch(election: Election, ballots: Sequence[Ballot], random_bits: RandomBits) -> None:
    """Check the joined equation of some ballots; their challenges must already add up.

    Raises:
        ProofError: At least one proof does not hold, or a number is not a unit.
    """
    terms = _Terms()
    for ballot in ballots:
        for contest in ballot.contests:
            exponents = [0] * len(contest.cells)
            for statement, proof in zip(election.layouts[contest.id].statements, contest.proofs, strict=True):
                used = terms.add_proof(statement.constant, statement.values, proof, random_bits)
                for cell, weight in statement.terms:
                    exponents[cell] += weight * used
            terms.add_cells(contest.cells, exponents)
    key = election.key
    n_squared = key.n_squared
    left = key.nth_power(product_of_powers(terms.responses, terms.factors, key.n))
    left = left * product_of_powers_squared(terms.inverted, terms.inverted_exponents, key.n)
    right = product_of_powers_squared(terms.bases, terms.exponents, key.n) * key.plain(-terms.constant)
    if gmpy2.gcd(left, key.n) != 1 or (left * left - right * right) % n_squared != 0:
        raise ProofError("A proof in the batch does not hold.")


class _Terms:
    """The bases and exponents of the joined equation."""

    def __init__(self) -> None:
        self.responses: list[mpz] = []
        self.factors: list[int] = []
        self.bases: list[mpz] = []
        self.exponents: list[int] = []
        self.inverted: list[mpz] = []
        self.inverted_exponents: list[int] = []
        self.constant = 0

    def add_proof(self, constant: int, values: Sequence[int], proof: proofs.Proof, random_bits: RandomBits) -> int:
        """Add a proof's branches; returns Σ e·ρ, the exponent of its combination of cells."""
        used = 0
        for value, challenge in zip(values, proof.challenges, strict=True):
            factor = random_bits(codec.CHALLENGE_BITS)
            self.factors.append(factor)
            self.exponents.append(factor)
            share = challenge * factor
            used += share
            self.constant += (value - constant) * share
        self.responses.extend(proof.responses)
        self.bases.extend(proof.commitments)
        return used

    def add_cells(self, cells: Sequence[mpz], exponents: Sequence[int]) -> None:
        """Add a contest's cells; those with a negative exponent go to the other side."""
        for cell, exponent in zip(cells, exponents, strict=True):
            negative = exponent < 0
            (self.inverted if negative else self.bases).append(cell)
            (self.inverted_exponents if negative else self.exponents).append(abs(exponent))
