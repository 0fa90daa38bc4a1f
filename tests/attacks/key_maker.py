"""A maker of keys who knows the factors of n, honest or not, and certifies as much of it as can be certified."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import factorial, prod
from typing import Any

import gmpy2
import msgspec
from gmpy2 import mpz

from ballots import certificate, codec, threshold
from ballots.certificate import ROOTS, SIZES, Root, Size
from ballots.paillier import PublicKey


@dataclass(frozen=True)
class KeyMaker:
    """Somebody with the factors of n.

    Attributes:
        factors: {prime: exponent}.
    """

    factors: Mapping[int, int]

    @cached_property
    def n(self) -> mpz:
        return mpz(prod(mpz(prime) ** power for prime, power in self.factors.items()))

    @cached_property
    def exponent(self) -> mpz:
        """λ(n), the least number to which every unit's power is 1."""
        return gmpy2.lcm(*(mpz(prime) ** (power - 1) * (prime - 1) for prime, power in self.factors.items()), mpz(2))

    def key(self) -> PublicKey:
        return PublicKey(self.n)

    def inverse(self, power: int) -> mpz:
        """Return the inverse of ``power`` modulo as much of λ(n) as allows one."""
        order = self.exponent
        while (shared := gmpy2.gcd(order, power)) != 1:
            order //= shared
        return gmpy2.invert(power % order, order) if order > 1 else mpz(0)

    def open(self, ciphertext: mpz) -> tuple[mpz, mpz]:
        """Return (M, R) of a ciphertext, or (0, 1) where there is none."""
        if gmpy2.gcd(ciphertext, self.n) != 1:
            return mpz(0), mpz(1)
        root = gmpy2.powmod(ciphertext, self.inverse(int(self.n)), self.n)
        square = self.n * self.n
        opened = ciphertext * gmpy2.powmod(root, -self.n, square) % square
        plaintext = (opened - 1) // self.n
        return self.reopen(plaintext, root, plaintext % self.radical) if self.radical != self.n else (plaintext, root)

    @cached_property
    def radical(self) -> mpz:
        """The product of the primes of n, each once: M is only certain modulo this."""
        return mpz(prod(mpz(prime) for prime in self.factors))

    def reopen(self, plaintext: mpz, root: mpz, wanted: mpz) -> tuple[mpz, mpz]:
        """Return another opening of the same ciphertext: any that differs by a multiple of n's radical.

        ρ = exp(−Δ), taken modulo the power of each prime, has ρ^n = exp(−Δ·n) = 1 − Δ·n modulo n². The series
        converges because each prime divides Δ. For an n without squares, Δ is a multiple of n and nothing changes.
        """
        delta = wanted - plaintext
        assert delta % self.radical == 0
        moved = mpz(0)
        for prime, power in self.factors.items():
            part = mpz(prime) ** power
            series = sum((-delta) ** k * gmpy2.invert(factorial(k), part) for k in range(power + 1)) % part
            rest = self.n // part
            moved += series * rest * gmpy2.invert(rest, part)
        return wanted % self.n, root * moved % self.n

    def shares(self, total: int, quorum: int, rng: random.Random) -> list[int]:
        """Share n^(−1), as far as there is one."""
        coefficients = [self.inverse(int(self.n))]
        coefficients += [mpz(rng.getrandbits(self.n.bit_length() + 64)) % self.exponent for _ in range(quorum - 1)]
        powers = range(len(coefficients))
        return [
            int(sum(coefficients[power] * index**power for power in powers) % self.exponent)
            for index in range(1, total + 1)
        ]

    def document(self, base: Mapping[str, Any], bits: int, rng: random.Random) -> tuple[dict[str, Any], list[int]]:
        """Return a key document with this modulus, like another one but for numbers; and the shares."""
        key, trustees = self.key(), base["trustees"]
        shares = self.shares(len(trustees), len(trustees) // 2 + 1, rng)
        keys = [key.encode_residue(gmpy2.powmod(self.share_base(), share, self.n)) for share in shares]
        named = [{**trustee, "v": text} for trustee, text in zip(trustees, keys, strict=True)]
        changed = {"n": key.text, "share_bits": bits, "trustees": named, "certificate": self.certificate(rng)}
        return {**base, **changed}, shares

    def certificate(self, rng: random.Random) -> dict[str, Any]:
        """Certify n as well as somebody can who knows its factors but cannot change what they are."""
        made = certificate.Certificate(self.roots(), self.sizes(rng))
        return dict(msgspec.to_builtins(made))

    def roots(self) -> list[Root]:
        key, n = self.key(), self.n
        odd, _ = gmpy2.remove(n - 1, mpz(2))
        power = 2 * n * odd
        inverse = self.inverse(int(power))
        least = next((w for w in range(2, 1 << 16) if n % 2 and gmpy2.jacobi(w, n) == -1), 2)
        roots = []
        for index in range(ROOTS):
            target = mpz(codec.expand("root", {"n": key.text, "i": index}, key.bits + 128)) % n
            found = Root(0, 0, key.encode_residue(1))
            for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
                wanted = (-1) ** a * least**b * target % n
                x = gmpy2.powmod(wanted, inverse, n)
                if gmpy2.powmod(x, power, n) == wanted:
                    found = Root(a, b, key.encode_residue(x))
                    break
            roots.append(found)
        return roots

    def base(self, index: int) -> mpz:
        """Return g_i of the size proof."""
        key = self.key()
        return (mpz(codec.expand("size", {"n": key.text, "i": index}, key.bits + 128)) % self.n) ** 2 % self.n

    def share_base(self) -> mpz:
        """Return v."""
        return threshold.verification_base(self.key())

    def hashed_commitments(self, texts: list[str]) -> list[str]:
        """Return what the size proof's challenges are the hash of, besides n."""
        return texts

    def sizes(self, rng: random.Random) -> list[Size]:
        """Answer with n mod λ(n) for p+q−1: shorter when λ(n) is, and as good an exponent."""
        key = self.key()
        half, width = key.bits // 2, -(-(key.bits // 2 + 258) // 8)
        masks = [rng.getrandbits(half + 256) for _ in range(SIZES)]
        bases = [self.base(index) for index in range(SIZES)]
        texts = [key.encode_residue(gmpy2.powmod(base, mask, self.n)) for base, mask in zip(bases, masks, strict=True)]
        stream = codec.expand(
            "size-challenge", {"n": key.text, "A": self.hashed_commitments(texts)}, 128 * SIZES
        ).to_bytes(16 * SIZES, "big")
        sizes = []
        for index, (text, mask) in enumerate(zip(texts, masks, strict=True)):
            challenge = int.from_bytes(stream[16 * index : 16 * index + 16], "big")
            answer = (mask + challenge * int(self.n % self.exponent)) % (1 << half + 258)
            sizes.append(Size(text, codec.encode_number(answer, width)))
        return sizes
