"""Vectors of key certificates: honest ones, and moduli that their makers certify as well as they can be certified."""

import copy
from collections.abc import Iterator
from typing import Any

import msgspec

from ballots import codec, threshold
from ballots.certificate import make_certificate
from tests.support.elections import BITS, safe_primes
from tests.support.moduli import bad_moduli
from tests.vectors.making.example import seeded, small
from tests.vectors.vector import ACCEPT, Vector

Fields = dict[str, Any]
NAMES = {
    "prime": "prime",
    "square": "square",
    "factor 65521": "factor-65521",
    "close primes": "close",
    "smooth": "smooth",
    "gcd(n, φ(n)) ≠ 1": "gcd",
    "p−1 and q−1 share a prime": "shared",
    "one prime of 100 bits": "small-prime",
}
"""Which bad moduli become vectors, and their files' names."""


def vectors() -> Iterator[Vector]:
    good: Fields = msgspec.to_builtins(small().election.key_document)
    yield made("good", "an honest key of 512 bits", ACCEPT, good)
    for name, short in NAMES.items():
        document, _ = bad_moduli()[name].maker.document(good, BITS, seeded(short))
        yield made(short, f"the modulus is bad: {name}", "key", document)
    for name, reason, changed in changes(good):
        yield made(name, reason, "key", changed)


def made(name: str, reason: str, expect: str, document: Fields, bits: int = BITS, quorum: int = 2) -> Vector:
    fields = {"modulus_bits": bits, "threshold": quorum, "key": document}
    return Vector(f"certificate-{name}", reason, "certificate", expect, fields)


def changes(good: Fields) -> Iterator[tuple[str, str, Fields]]:
    """Yield changes of an honest key."""
    other = safe_primes(BITS, 1)
    foreign = msgspec.to_builtins(make_certificate(*other, seeded("foreign").getrandbits))

    def changed(part: str, place: int, **fields: Any) -> Fields:
        document = copy.deepcopy(good)
        document["certificate"][part][place].update(fields)
        return document

    root, size = good["certificate"]["roots"][127], good["certificate"]["size"][15]
    yield "other-certificate", "the certificate of another modulus", {**good, "certificate": foreign}
    yield (
        "root",
        "the last root is squared",
        changed("roots", 127, x=squared(root["x"], codec.decode_number(good["n"], 64))),
    )
    yield "root-sign", "the last root has another sign bit", changed("roots", 127, a=1 - root["a"])
    answer = codec.decode_number(size["z"], 65)
    yield "size", "the last size answer is one more", changed("size", 15, z=codec.encode_number(answer + 1, 65))
    key = small().election.key
    shares = small().shares
    for name, reason, wrong in (
        ("share", "the third share does not fit the others", [*shares[:2], shares[2] + 1]),
        ("shares", "shares of another exponent", [share + 1 for share in shares]),
    ):
        document = copy.deepcopy(good)
        for trustee, share in zip(document["trustees"], wrong, strict=True):
            trustee["v"] = key.encode_residue(threshold.share_key(key, share))
        yield name, reason, document


def squared(text: str, n: int) -> str:
    return codec.encode_number(codec.decode_number(text, 64) ** 2 % n, 64)
