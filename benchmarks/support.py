"""Elections and ballots for measurements: real proofs of full size, made fast."""

import hashlib
import json
import platform
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import gmpy2
from gmpy2 import mpz

from ballots import codec
from ballots.ballot import Ballot, seal_ballot
from ballots.certificate import Certificate
from ballots.contests import Combination, Statement
from ballots.election import Election
from ballots.fixedbase import Comb
from ballots.keys import KeyDocument, TrusteeKey
from ballots.manifest import Manifest, parse_manifest
from ballots.paillier import PublicKey
from ballots.proofs import derive_short_base
from ballots.roll import RollLine
from ballots.signatures import SigningKey

_RANDOM = random.Random("benchmarks")


class QuickSecrets:
    """Very short exponents: the ballots are as hard to check as any other, but hide nothing."""

    bits = 16

    def __init__(self, key: PublicKey) -> None:
        """Build two small tables."""
        base = derive_short_base(key)
        longest = self.bits + codec.CHALLENGE_BITS + 40
        self._roots = Comb(base, key.n, longest)
        self._powers = Comb(key.nth_power(base), key.n_squared, longest)

    def draw(self) -> int:
        """Draw a short exponent."""
        return _RANDOM.getrandbits(self.bits)

    def mask(self, statement: Statement) -> int:
        """Draw a mask just above the challenge's length."""
        return _RANDOM.getrandbits(self.bits + codec.CHALLENGE_BITS + 30)

    def combine(self, terms: Combination, secrets: Sequence[int]) -> int:
        """Add the exponents."""
        return sum(weight * secrets[cell] for cell, weight in terms)

    def shift(self, mask: int, challenge: int, secret: int) -> int:
        """Shift the mask."""
        return mask + challenge * secret

    def root(self, secret: int) -> mpz:
        """Compute h^secret mod n."""
        return self._roots.power(secret)

    def power(self, secret: int) -> mpz:
        """Compute h_n^secret mod n²."""
        return self._powers.power(secret)


def choose_one(bits: int, options: int) -> Election:
    """Make an election of one contest, 1 of ``options``; its key has no certificate."""
    board, registrar, official, trustee, voter = (_signing_key(str(number)) for number in range(5))
    fields = {
        "version": 1,
        "id": "00000000-0000-4000-8000-000000000000",
        "title": {"en": "Benchmark"},
        "description": {},
        "contests": [_contest(options)],
        "styles": {"all": ["contest"]},
        "opens_at": "2026-01-01T00:00:00Z",
        "closes_at": "2036-01-01T00:00:00Z",
        "closing": "official",
        "trustees": {"total": 1, "threshold": 1, "names": ["One"]},
        "observers": [],
        "min_ballots": 1,
        "modulus_bits": bits,
        "log_origin": "benchmark",
        "board_key": board.public,
        "registrar_key": registrar.public,
        "official_key": official.public,
        "booth": {},
    }
    manifest = parse_manifest(codec.encode_canonical(fields), allow_test_keys=True)
    document = _key_document(manifest, trustee)
    line = RollLine(voter.public, "all", 1)
    return Election(manifest, document, {voter.public: line}, hashlib.sha256(line.encode()).digest())


def cast_ballots(election: Election, count: int) -> Iterator[Ballot]:
    """Seal different ballots for the election's one voter."""
    secrets = QuickSecrets(election.key)
    (voter,) = election.roll
    options = election.manifest.contests[0].option_ids
    for number in range(count):
        choice = {"contest": [options[number % len(options)]]}
        yield seal_ballot(election, "all", voter, "", choice, _RANDOM.getrandbits, secrets).ballot


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def machine() -> str:
    """Describe the machine and the libraries that the figures depend on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return f"{model}; Python {platform.python_version()}, gmpy2 {gmpy2.version()}, GMP {gmpy2.mp_version()}"


def last_line(**figures: Any) -> str:
    """Return the machine-readable last line of a benchmark."""
    return json.dumps(figures, sort_keys=True)


def _contest(options: int) -> dict[str, Any]:
    return {
        "id": "contest",
        "kind": "choose",
        "title": {"en": "Contest"},
        "options": [
            {"id": f"option-{number}", "label": {"en": str(number)}, "party": {}, "info": {}, "media": {}}
            for number in range(options)
        ],
        "abstain": "",
        "rule": {"name": "plurality", "seats": 1},
        "min": 1,
        "max": 1,
    }


def _key_document(manifest: Manifest, trustee: SigningKey) -> KeyDocument:
    bits = manifest.modulus_bits
    primes: list[mpz] = []
    while len(primes) < 2:
        prime = gmpy2.next_prime(_RANDOM.getrandbits(bits // 2) | 3 << bits // 2 - 2)
        if prime % 4 == 3 and prime.bit_length() == bits // 2:
            primes.append(prime)
    key = PublicKey(primes[0] * primes[1])
    trustees = [TrusteeKey("One", trustee.public, key.encode_residue(4))]
    return KeyDocument(1, manifest.hash_text, key.text, True, bits, trustees, Certificate([], []))


def _signing_key(name: str) -> SigningKey:
    return SigningKey.from_seed(hashlib.sha256(name.encode()).digest())
