"""The proofs of one ballot, checked by the plain definition of section 4."""

from collections.abc import Iterator
from dataclasses import dataclass

import gmpy2
from gmpy2 import mpz

from .arithmetic import is_unit
from .ballot import Ballot, Proof
from .contests import Layout, Statement
from .errors import Refused
from .key import Modulus

CHALLENGES = 1 << 128


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about the cells of one contest, with its proof."""

    name: str
    cells: tuple[mpz, ...]
    statement: Statement
    proof: Proof


def claims_of(ballot: Ballot, layouts: dict[str, Layout]) -> Iterator[Claim]:
    """Yield what a ballot of the right shape claims."""
    for answer in ballot.answers:
        for number, statement in enumerate(layouts[answer.contest].statements):
            name = f'contest "{answer.contest}", proof {number}'
            yield Claim(name, answer.cells, statement, answer.proofs[number])


def check_ranges(ballot: Ballot, modulus: Modulus) -> None:
    """Check that numbers are below their bounds; that they are units is checked by `check_units`, or in a batch.

    Raises:
        Refused: a number is 0 or too large.
    """
    half = (modulus.n - 1) // 2
    for answer in ballot.answers:
        if not all(0 < cell < modulus.square for cell in answer.cells):
            raise Refused(f'contest "{answer.contest}": a cell is 0, or not below n²')
        for number, proof in enumerate(answer.proofs):
            if not all(0 < commitment < modulus.square for commitment in proof.commitments):
                raise Refused(f'contest "{answer.contest}", proof {number}: a commitment is 0, or not below n²')
            if not all(0 < response <= half for response in proof.responses):
                raise Refused(f'contest "{answer.contest}", proof {number}: a response is 0, or above (n-1)/2')


def check_challenges(ballot: Ballot) -> None:
    """Check that the challenge parts of every proof add up to the challenge of the whole ballot.

    Raises:
        Refused: those of a proof do not.
    """
    for answer in ballot.answers:
        for number, proof in enumerate(answer.proofs):
            if sum(proof.challenges) % CHALLENGES != ballot.challenge:
                raise Refused(
                    f'contest "{answer.contest}", proof {number}: the challenges do not add up to the ballot\'s'
                )


def check_units(ballot: Ballot, modulus: Modulus) -> None:
    """Check that cells, commitments and responses are units.

    Raises:
        Refused: one has a common divisor with n.
    """
    for answer in ballot.answers:
        numbers = [*answer.cells]
        for proof in answer.proofs:
            numbers += [*proof.commitments, *proof.responses]
        if not all(is_unit(number, modulus.n) for number in numbers):
            raise Refused(f'contest "{answer.contest}": a number is no unit: it has a common divisor with n')


def combine(cells: tuple[mpz, ...], statement: Statement, modulus: Modulus) -> mpz:
    """Return the product of cell^weight over the terms of a statement."""
    product = mpz(1)
    for cell, weight in statement.terms:
        product = product * gmpy2.powmod(cells[cell], weight, modulus.square) % modulus.square
    return product


def check_equations(ballot: Ballot, layouts: dict[str, Layout], modulus: Modulus) -> None:
    """Check every branch of every proof of a ballot whose ranges, units and challenges are right.

    Raises:
        Refused: a branch does not hold; the text says which.
    """
    n, square = modulus.n, modulus.square
    for claim in claims_of(ballot, layouts):
        product, proof = combine(claim.cells, claim.statement, modulus), claim.proof
        branches = zip(claim.statement.values, proof.commitments, proof.challenges, proof.responses, strict=True)
        for number, (value, a, e, z) in enumerate(branches):
            shifted = product * (1 - value * n) % square
            left, right = gmpy2.powmod(z, n, square), a * gmpy2.powmod(shifted, e, square) % square
            if (left * left - right * right) % square:
                raise Refused(f"{claim.name}: branch {number} (for the value {value}) does not hold")
