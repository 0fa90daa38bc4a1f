"""The smooth-modulus forgery: a maker of keys and a few colluding voters move votes past every check but the key's.

A proof shows that D_j is an n-th power only as far as its challenge is prime to n. If n has a prime factor p that is
small enough to try, a voter makes ballots until p divides the challenge of the true branch, and the proof then holds
for any cell whose plaintext is right modulo n/p. One such voter for each small p, and by the Chinese remainder theorem
their errors add up to any number: for example to seven votes moved from one candidate to another.

Nine n-th roots and trial division, which are certificates in some systems, do not see it: n has no prime factor below
2^16, and its n-th powers are one-to-one. Nor does the proof of size, if φ(n) is smooth enough for n mod λ(n) to be as
short as p+q−1 would be. What sees it are roots that exist only if n has two primes.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product

import gmpy2
from gmpy2 import mpz

from ballots.contests import Statement
from ballots.definition import SLOT_BITS
from ballots.proofs import Commitment
from tests.attacks.device import plaintexts_of, seal
from tests.attacks.forge import Forge
from tests.attacks.key_maker import KeyMaker
from tests.attacks.steps import Document, Step, encode
from tests.support.elections import BITS

OPTIONS = [f"option {number:02}" for number in range(11)]
NOMINAL = (8, 2, 2, 2, 1, 1, 1, 1, 1, 1, 0)
"""What the voters seem to have voted, by option."""
MOVED = 7
"""Votes taken from the first option, that would have won, for the last one."""
TEXTS = 512
"""So many forms of the last commitment are prepared for each form of the one before it."""


def gain(moves: tuple[int, ...]) -> int:
    """Return the plaintext that adds so many votes to each option."""
    return sum(votes << SLOT_BITS * option for option, votes in enumerate(moves))


def _moves() -> Iterator[tuple[int, ...]]:
    """Yield ways of moving votes: seven from the first option to the last, and one here and there."""
    for others in product((0, -1, 1), repeat=9):
        if sum(others) == 0:
            yield (-MOVED, *others, MOVED)


def _smooth_primes() -> list[int]:
    """Return primes a little above 2^16 which, less 1, divide one number: so λ(n) stays short."""
    common = 2**16 * 3**3 * 5**2 * 7 * 11 * 13 * 17 * 19 * 23 * 29 * 31
    return [p for p in range(65538, 90_000) if common % (p - 1) == 0 and gmpy2.is_prime(p)]


@lru_cache
def smooth_modulus() -> tuple[KeyMaker, tuple[int, ...], tuple[int, ...]]:
    """Find a modulus for a way of moving votes.

    Every error is a multiple of the large prime P and of 65537 = F_4, which divides 2^32−1: voters need not see to
    these two. So a handful of voters are enough.

    Returns:
        The maker, the small primes that a voter each sees to, and the votes moved.
    """
    small = _smooth_primes()
    for moves in _moves():
        large = gain(moves) // (2**32 - 1)
        for factor in (2, 3, 5, 7, 11, 13, 17, 19, 23):
            while large % factor == 0:
                large //= factor
        count = (BITS - large.bit_length() - 16) // 16
        if not gmpy2.is_prime(large):
            continue
        for start in range(len(small) - count):
            primes = tuple(small[start : start + count])
            maker = KeyMaker({65537: 1, large: 1} | dict.fromkeys(primes, 1))
            shape = maker.n.bit_length() == BITS and maker.n % 4 == 1
            if shape and gmpy2.gcd(maker.n, maker.exponent) == 1:
                return maker, primes, moves
    raise AssertionError("no such modulus was found")


def error_for(maker: KeyMaker, prime: int, wanted: int) -> int:
    """Return the multiple of n/p that leaves the same as ``wanted`` when divided by p."""
    rest = maker.n // prime
    return int(rest * (wanted * gmpy2.invert(rest, prime) % prime))


def vote_with_error(forge: Forge, step: Step, error: int, prime: int) -> None:
    """Let a voter add an error to the packed cell of the ballot's last contest, with a proof that holds.

    Args:
        forge: The election.
        step: The ballot; its choices are those that it seems to make.
        error: A multiple of n/prime.
        prime: The factor of n that is ground for.
    """
    assert step.voter is not None
    plaintexts = plaintexts_of(forge, step.voter, step.choices)
    contest = list(plaintexts)[-1]
    allowed = forge.election.layouts[contest].statements[0].values
    true_value = plaintexts[contest][0]
    shifted = true_value + error
    branch = allowed.index(true_value)
    values = (*allowed[:branch], shifted, *allowed[branch + 1 :])
    plaintexts[contest] = [shifted]
    grinding = _Grinding(forge, prime)
    sealed = seal(
        forge,
        step.voter,
        plaintexts,
        statements={contest: [Statement(((0, 1),), values)]},
        hashed=grinding.hashed,
        challenged=grinding.ground,
        watched=grinding.watch,
    )
    grinding.correct_responses(sealed)
    step.ballot, step.kept = sealed, True


class _Grinding:
    """Tries commitments until the challenge part of the true branch is a multiple of a prime."""

    def __init__(self, forge: Forge, prime: int) -> None:
        self.forge, self.prime = forge, prime
        self.spent = 0
        self.factors = [mpz(1), mpz(1)]

    def watch(self, commitments: Sequence[Commitment]) -> None:
        """Learn what the other branches' challenges add up to."""
        self.spent = commitments[-1].spent

    def hashed(self, document: Document) -> Document:
        """Change the last two commitments by known n-th powers until the hash fits."""
        key, texts = self.forge.election.key, document["contests"][-1]["proofs"][-1]["a"]
        base = mpz(self.forge.rng.getrandbits(key.bits // 2) | 1)
        power = key.nth_power(base)
        last, before = key.decode_ciphertext(texts[-1]), key.decode_ciphertext(texts[-2])
        forms = self._forms(last, power)
        while True:
            found = self._try(document, texts, forms)
            if found is not None:
                self.factors[1] = gmpy2.powmod(base, found, key.n)
                texts[-1] = forms[found].decode()
                return document
            before = before * power % key.n_squared
            self.factors[0] = self.factors[0] * base % key.n
            texts[-2] = key.encode_ciphertext(before)

    def _forms(self, commitment: mpz, power: mpz) -> list[bytes]:
        key, forms = self.forge.election.key, []
        for _ in range(TEXTS):
            forms.append(key.encode_ciphertext(commitment).encode())
            commitment = commitment * power % key.n_squared
        return forms

    def _try(self, document: Document, texts: list[str], forms: list[bytes]) -> int | None:
        texts[-1] = "*"
        start, end = encode(document).split(b"*")
        begun = hashlib.sha256(b"evote/1/challenge\x00" + start)
        copy, spent, prime, mask = begun.copy, self.spent, self.prime, (1 << 128) - 1
        for number, form in enumerate(forms):
            tried = copy()
            tried.update(form + end)
            if (int.from_bytes(tried.digest()[:16], "big") - spent & mask) % prime == 0:
                return number
        return None

    def ground(self, challenge: int) -> int:
        """See that the challenge is the one that was found."""
        assert (challenge - self.spent) % (1 << 128) % self.prime == 0
        return challenge

    def correct_responses(self, document: Document) -> None:
        """Multiply the last two responses by the roots of what their commitments were multiplied by."""
        key, responses = self.forge.election.key, document["contests"][-1]["proofs"][-1]["z"]
        for place, factor in zip((-2, -1), self.factors, strict=True):
            z = key.decode_residue(responses[place]) * factor % key.n
            responses[place] = key.encode_residue(min(z, key.n - z))


def choices_of(nominal: tuple[int, ...]) -> list[str]:
    """Return one voter's choice after the other."""
    return [OPTIONS[option] for option, votes in enumerate(nominal) for _ in range(votes)]
