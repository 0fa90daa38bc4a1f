"""Many proofs at once (section 5): one equation for all branches, each with a random exponent of its own.

    (product of z^ρ mod n)^n  =  product of a^ρ · product of cell^E · (1 - n · sum of s·e·ρ)   modulo n², both squared

with E the sum of weight·e·ρ over the branches that use the cell. The ρ are drawn afresh, after everything that they
judge is fixed. A batch that fails is halved until the bad ballots are named, and those are judged by the plain check.
"""

import secrets
from collections.abc import Callable, Sequence

import gmpy2
from gmpy2 import mpz

from .arithmetic import Residues, is_unit, product_of_powers
from .ballot import Ballot
from .contests import Layout
from .key import Modulus

RANDOM_BYTES = 16

RandomBytes = Callable[[int], bytes]


def _exponents(branches: int, random_bytes: RandomBytes) -> list[int]:
    """Draw a number from 1 to 2^128 - 1 for each branch: never 0, or the branch's units would go unseen."""
    pool = random_bytes(RANDOM_BYTES * branches)
    drawn = [int.from_bytes(pool[start : start + RANDOM_BYTES], "big") for start in range(0, len(pool), RANDOM_BYTES)]
    return [exponent or 1 for exponent in drawn]


def all_hold(
    ballots: Sequence[Ballot],
    layouts: dict[str, Layout],
    modulus: Modulus,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> bool:
    """Say whether all proofs of some ballots hold and all their numbers are units; a wrong yes has a chance of 2^-128.

    Shapes, ranges and challenges must have been checked.
    """
    n, square = modulus.n, modulus.square
    above, below = Residues(n), Residues(n)
    responses: list[tuple[mpz, int]] = []
    shifts = mpz(0)
    for ballot in ballots:
        for answer in ballot.answers:
            cell_exponents = [0] * len(answer.cells)
            for statement, proof in zip(layouts[answer.contest].statements, answer.proofs, strict=True):
                random = _exponents(len(statement.values), random_bytes)
                products = [e * rho for e, rho in zip(proof.challenges, random, strict=True)]
                above.multiply(proof.commitments, random)
                responses += zip(proof.responses, random, strict=True)
                shifts += sum(value * times for value, times in zip(statement.values, products, strict=True))
                challenges = sum(products)
                for cell, weight in statement.terms:
                    cell_exponents[cell] += weight * challenges
            above.multiply(answer.cells, [max(exponent, 0) for exponent in cell_exponents])
            if min(cell_exponents) < 0:
                below.multiply(answer.cells, [max(-exponent, 0) for exponent in cell_exponents])
    product = product_of_powers(responses, n)
    if not (above.all_units() and below.all_units() and is_unit(product, n)):
        return False
    left = gmpy2.powmod(product, n, square)
    right = above.value() * gmpy2.invert(below.value(), square) * (1 - n * (shifts % n)) % square
    return not (left * left - right * right) % square


def failing_ballots(
    ballots: Sequence[Ballot],
    layouts: dict[str, Layout],
    modulus: Modulus,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> list[int]:
    """Return the positions of the ballots whose proofs do not hold, by halving."""
    if not ballots or all_hold(ballots, layouts, modulus, random_bytes):
        return []
    if len(ballots) == 1:
        return [0]
    half = len(ballots) // 2
    first = failing_ballots(ballots[:half], layouts, modulus, random_bytes)
    second = failing_ballots(ballots[half:], layouts, modulus, random_bytes)
    return first + [half + position for position in second]
