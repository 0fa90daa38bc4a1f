"""Proofs that a combination of cells encrypts one of a few integers (section 4).

Cramer, Damgård and Schoenmakers' "or" (CRYPTO '94) over Guillou and Quisquater's proof of an
n-th root. For D = (1 + const·n)·∏ cell^weight and D_j = D·(1 − s_j·n), each branch j shows
``z_j^n = a_j·D_j^(e_j)`` (mod n², both sides squared); only the branch of the true value can be
made without choosing e_j first.

With a mask, an answer is a *shift* of the mask by e times the secret, and every branch is
the same computation: the true one shifts the answer by +e after the challenge, the others
shift the commitment by −e before it. :class:`PlainSecrets` and :class:`ShortSecrets` differ
only in what a secret is: an n-th root, or an exponent of the fixed base h.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import gmpy2
from gmpy2 import mpz

from ballots import codec
from ballots.contests import Combination, Layout, Statement
from ballots.errors import ProofError
from ballots.fixedbase import Comb
from ballots.paillier import PublicKey

CHALLENGE_MODULUS = 1 << codec.CHALLENGE_BITS

RandomBits = Callable[[int], int]
"""Returns a uniform number below 2^bits, as ``secrets.randbits`` does."""


@dataclass(frozen=True)
class Proof:
    """One statement's proof; all three have one number for each allowed value."""

    commitments: tuple[mpz, ...]
    challenges: tuple[int, ...]
    responses: tuple[mpz, ...]


class Secrets(Protocol):
    """What masks an encryption: draw it, combine it, and turn it into numbers."""

    def draw(self) -> int:
        """Draw the secret of a cell."""

    def mask(self, statement: Statement) -> int:
        """Draw the mask of a branch, large enough to hide a shift of the statement's secret."""

    def combine(self, terms: Combination, secrets: Sequence[int]) -> int:
        """Return the secret of ∏ cell^weight."""

    def shift(self, mask: int, challenge: int, secret: int) -> int:
        """Return the mask moved by challenge times the secret."""

    def root(self, secret: int) -> mpz:
        """Return the n-th root that the secret stands for, modulo n."""

    def power(self, secret: int) -> mpz:
        """Return that root's n-th power modulo n²."""


@dataclass(frozen=True)
class PlainSecrets:
    """A secret is a unit modulo n itself: no assumption beyond Paillier's own."""

    key: PublicKey
    random_bits: RandomBits

    def draw(self) -> int:
        """Draw a unit modulo n; the bias of the reduction is below 2^−128."""
        while True:
            root = mpz(self.random_bits(self.key.bits + 128)) % self.key.n
            if self.key.is_unit(root):
                return root

    def mask(self, statement: Statement) -> int:
        """Draw a unit modulo n."""
        return self.draw()

    def combine(self, terms: Combination, secrets: Sequence[int]) -> int:
        """Multiply the roots' powers."""
        result = mpz(1)
        for cell, weight in terms:
            result = result * gmpy2.powmod(secrets[cell], weight, self.key.n) % self.key.n
        return result

    def shift(self, mask: int, challenge: int, secret: int) -> int:
        """Compute mask·secret^challenge mod n."""
        return mask * gmpy2.powmod(secret, challenge, self.key.n) % self.key.n

    def root(self, secret: int) -> mpz:
        """Return the secret."""
        return mpz(secret)

    def power(self, secret: int) -> mpz:
        """Compute the n-th power modulo n²."""
        return self.key.nth_power(secret)


class ShortSecrets:
    """A secret is an exponent of h, half as long as n (Damgård, Jurik and Nielsen 2010).

    h = −expand("h", {n})² mod n is picked by nobody, so no one knows a trapdoor in it. That h^ρ
    for ρ below 2^(|n|/2) looks like a random residue is the short-exponent assumption.
    """

    def __init__(self, key: PublicKey, weight_sum: int, random_bits: RandomBits) -> None:
        """Build the tables of powers.

        Args:
            key: The election's key.
            weight_sum: The largest Σ|weight| of any statement to be proved.
            random_bits: The source of randomness.
        """
        self.key = key
        self.random_bits = random_bits
        self.secret_bits = key.bits // 2
        longest = self._mask_bits(weight_sum) + 1
        self._roots = Comb(derive_short_base(key), key.n, longest)
        self._powers = Comb(key.nth_power(derive_short_base(key)), key.n_squared, longest)

    def draw(self) -> int:
        """Draw an exponent below 2^(|n|/2)."""
        return self.random_bits(self.secret_bits)

    def mask(self, statement: Statement) -> int:
        """Draw an exponent 256 bits longer than the statement's secret."""
        return self.random_bits(self._mask_bits(weight_sum_of(statement)))

    def combine(self, terms: Combination, secrets: Sequence[int]) -> int:
        """Add the exponents."""
        return sum(weight * secrets[cell] for cell, weight in terms)

    def shift(self, mask: int, challenge: int, secret: int) -> int:
        """Compute mask + challenge·secret over the integers."""
        return mask + challenge * secret

    def root(self, secret: int) -> mpz:
        """Compute h^secret mod n."""
        return self._roots.power(secret)

    def power(self, secret: int) -> mpz:
        """Compute h_n^secret mod n²."""
        return self._powers.power(secret)

    def _mask_bits(self, weight_sum: int) -> int:
        return self.secret_bits + 256 + (weight_sum - 1).bit_length()


def derive_short_base(key: PublicKey) -> mpz:
    """Return h = −expand("h", {n}, |n|+128)² mod n."""
    return -(mpz(codec.expand("h", {"n": key.text}, key.bits + 128)) ** 2) % key.n


def weight_sum_of(statement: Statement) -> int:
    """Return Σ|weight| of a statement."""
    return sum(abs(weight) for _, weight in statement.terms)


def weight_sum_of_layouts(layouts: Sequence[Layout]) -> int:
    """Return the largest Σ|weight| of any statement in these layouts, at least 1."""
    return max((weight_sum_of(statement) for layout in layouts for statement in layout.statements), default=1)


@dataclass(frozen=True)
class Commitment:
    """The prover's state between commitment and challenge; it is secret.

    Attributes:
        commitments: a_j, to be published.
        true_branch: The index of the value that holds.
        challenges: e_j for the other branches, 0 at the true one.
        masks: The branches' masks; the others' are their answers.
        secret: The statement's secret.
    """

    commitments: tuple[mpz, ...]
    true_branch: int
    challenges: tuple[int, ...]
    masks: tuple[int, ...]
    secret: int

    @cached_property
    def spent(self) -> int:
        """The sum of the challenges chosen beforehand, modulo 2^128."""
        return sum(self.challenges) % CHALLENGE_MODULUS


def commit(
    key: PublicKey,
    statement: Statement,
    plaintexts: Sequence[int],
    cell_secrets: Sequence[int],
    secrets: Secrets,
    random_bits: RandomBits,
) -> Commitment:
    """Make the first message of a statement's proof.

    Raises:
        ProofError: The plaintexts do not satisfy the statement.
    """
    value = statement.value_of(plaintexts)
    if value not in statement.values:
        raise ProofError("A false statement cannot be proved: the choice does not fit the contest.")
    true_branch = statement.values.index(value)
    secret = secrets.combine(statement.terms, cell_secrets)
    masks = tuple(secrets.mask(statement) for _ in statement.values)
    challenges = tuple(
        0 if branch == true_branch else random_bits(codec.CHALLENGE_BITS) for branch in range(len(masks))
    )
    commitments = []
    for mask, part, allowed in zip(masks, challenges, statement.values, strict=True):
        power = secrets.power(secrets.shift(mask, -part, secret))
        commitments.append(power * key.plain((allowed - value) * part) % key.n_squared)
    return Commitment(tuple(commitments), true_branch, challenges, masks, secret)


def respond(key: PublicKey, commitment: Commitment, challenge: int, secrets: Secrets) -> Proof:
    """Finish a proof for the ballot's challenge."""
    challenges = list(commitment.challenges)
    challenges[commitment.true_branch] = (challenge - commitment.spent) % CHALLENGE_MODULUS
    responses = []
    for branch, mask in enumerate(commitment.masks):
        answer = mask
        if branch == commitment.true_branch:
            answer = secrets.shift(mask, challenges[branch], commitment.secret)
        root = secrets.root(answer)
        responses.append(min(root, key.n - root))
    return Proof(commitment.commitments, tuple(challenges), tuple(responses))


def verify_proof(key: PublicKey, statement: Statement, cells: Sequence[mpz], proof: Proof, challenge: int) -> None:
    """Check one proof by its plain definition.

    Args:
        key: The election's key.
        statement: What is proved.
        cells: The contest's cells, units modulo n².
        proof: As many branches as the statement has values; numbers below their moduli.
        challenge: The ballot's challenge, below 2^128.

    Raises:
        ProofError: The message tells which condition fails.
    """
    check_challenges(proof, challenge)
    n_squared = key.n_squared
    combined = key.plain(statement.constant)
    for cell, weight in statement.terms:
        combined = combined * gmpy2.powmod(cells[cell], weight, n_squared) % n_squared
    branches = zip(statement.values, proof.commitments, proof.challenges, proof.responses, strict=True)
    for value, commitment, part, response in branches:
        if not key.is_unit(commitment) or not key.is_unit(response):
            raise ProofError("A commitment or response is not a unit modulo n.")
        if response > (key.n - 1) // 2:
            raise ProofError("A response is not the smaller of its two forms.")
        left = key.nth_power(response)
        right = commitment * gmpy2.powmod(combined * key.plain(-value), part, n_squared)
        if left * left % n_squared != right * right % n_squared:
            raise ProofError("A proof does not hold: a cell may hold something else than its contest allows.")


def check_challenges(proof: Proof, challenge: int) -> None:
    """Check that the branches' challenges add up to the ballot's.

    Raises:
        ProofError: They do not.
    """
    if sum(proof.challenges) % CHALLENGE_MODULUS != challenge:
        raise ProofError("The challenges of a proof do not add up to the ballot's challenge.")
