"""A Paillier key with its certificate and shares, made from fixed primes by somebody who knows them."""

import random
from dataclasses import dataclass
from math import factorial
from typing import Any

import gmpy2
from gmpy2 import mpz

from .bytes import Signer, b64, grow, number, tag_hash

PRIMES = (
    105601418433435073011001894636605695692390340815632441419891150377898915171519,
    96662818092307850035106407791857604830272915701501710037452312964780279078587,
    105522450611036218678664216448218584122192085064246183856702368124069232190879,
    98739295640924310946888790133617164273594812227749703101794954012455138088443,
)


@dataclass
class Key:
    """Everything about a key, secrets included."""

    p: int
    q: int
    random: random.Random
    total: int
    threshold: int

    def __post_init__(self) -> None:
        self.n = mpz(self.p * self.q)
        self.n2 = self.n * self.n
        self.bits = self.n.bit_length()
        self.width = self.bits // 8
        self.order = mpz((self.p - 1) // 2 * ((self.q - 1) // 2))
        secret = gmpy2.invert(self.n, self.order)
        polynomial = [secret, *(mpz(self.random.randrange(int(self.order))) for _ in range(self.threshold - 1))]
        self.shares = [
            sum(c * i**power for power, c in enumerate(polynomial)) % self.order for i in range(1, self.total + 1)
        ]
        self.v = gmpy2.powmod(self.drawn("v"), 2, self.n)
        self.verification = [gmpy2.powmod(self.v, share, self.n) for share in self.shares]

    def drawn(self, tag: str, **more: int) -> mpz:
        return mpz(grow(tag, {"n": number(self.n, self.width), **more}, self.bits + 128)) % self.n

    def unit(self) -> mpz:
        return mpz(self.random.randrange(2, int(self.n)))

    def encrypt(self, m: int, r: mpz) -> mpz:
        return (1 + m * self.n) * gmpy2.powmod(r, self.n, self.n2) % self.n2

    def root_of(self, ciphertext: mpz) -> mpz:
        phi = mpz((self.p - 1) * (self.q - 1))
        return gmpy2.powmod(ciphertext % self.n, gmpy2.invert(self.n, phi), self.n)

    def open(self, ciphertext: mpz) -> tuple[int, mpz]:
        r = self.root_of(ciphertext)
        shifted = ciphertext * gmpy2.powmod(r, -self.n, self.n2) % self.n2
        return int((shifted - 1) // self.n), r

    # --- the certificate

    def roots(self) -> list[dict[str, Any]]:
        odd = self.n - 1
        while odd % 2 == 0:
            odd //= 2
        w = next(w for w in range(2, 1000) if gmpy2.jacobi(w, self.n) == -1)
        exponent = gmpy2.invert(2 * self.n * odd, self.order)
        found = []
        for i in range(128):
            y = self.drawn("root", i=i)
            for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
                target = (-1) ** a * w**b * y % self.n
                if gmpy2.jacobi(target, self.p) == 1 == gmpy2.jacobi(target, self.q):
                    x = gmpy2.powmod(target, exponent, self.n)
                    found.append({"a": a, "b": b, "x": number(x, self.width)})
        return found

    def sizes(self) -> list[dict[str, str]]:
        bases = [gmpy2.powmod(self.drawn("size", i=i), 2, self.n) for i in range(16)]
        masks = [self.random.getrandbits(self.bits // 2 + 257) for _ in range(16)]
        commitments = [number(gmpy2.powmod(g, k, self.n), self.width) for g, k in zip(bases, masks, strict=True)]
        seed = grow("size-challenge", {"n": number(self.n, self.width), "A": commitments}, 2048).to_bytes(256, "big")
        width = (self.bits // 2 + 258 + 7) // 8
        return [
            {"A": a, "z": number(k + int.from_bytes(seed[16 * i : 16 * i + 16], "big") * (self.p + self.q - 1), width)}
            for i, (a, k) in enumerate(zip(commitments, masks, strict=True))
        ]

    def document(self, manifest_hash: bytes, trustees: list[Signer], names: list[str]) -> dict[str, Any]:
        return {
            "version": 1,
            "manifest": b64(manifest_hash),
            "n": number(self.n, self.width),
            "dealer": True,
            "share_bits": self.bits,
            "trustees": [
                {"name": name, "key": trustee.public, "v": number(v, self.width)}
                for name, trustee, v in zip(names, trustees, self.verification, strict=True)
            ],
            "certificate": {"roots": self.roots(), "size": self.sizes()},
        }

    # --- a trustee's share of a decryption

    def part(self, trustee: int, header: dict[str, Any], contest: str, ciphertext: mpz) -> dict[str, Any]:
        delta, share = factorial(self.total), self.shares[trustee - 1]
        x = ciphertext % self.n
        value = gmpy2.powmod(x, 2 * delta * share, self.n)
        mask = self.random.getrandbits(self.bits + 256)
        a = gmpy2.powmod(self.v, mask, self.n)
        b = gmpy2.powmod(x, 4 * delta * mask, self.n)
        hashed = {
            **header,
            "trustee": trustee,
            "ciphertext": number(ciphertext, 2 * self.width),
            "x_i": number(value, self.width),
            "A": number(a, self.width),
            "B": number(b, self.width),
        }
        e = tag_hash("partial", hashed)[:16]
        z = mask + int.from_bytes(e, "big") * share
        return {
            "contest": contest,
            "ciphertext": number(ciphertext, 2 * self.width),
            "value": number(value, self.width),
            "e": e.hex(),
            "z": number(z, (self.bits + 258 + 7) // 8),
        }
