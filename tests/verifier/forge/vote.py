"""Ballots with their proofs, for whoever knows what is in the cells; and lying ones, for whoever asks for them."""

from dataclasses import dataclass, field
from itertools import combinations, permutations
from typing import Any

import gmpy2
from gmpy2 import mpz

from .bytes import b64, number, tag_hash
from .key import Key

Terms = list[tuple[int, int]]


@dataclass
class Shape:
    """Cells, statements as (terms, values), and outputs as terms."""

    cells: int
    statements: list[tuple[Terms, list[int]]]
    outputs: list[Terms]
    packed: bool = False


def point_weights(points: int) -> list[int]:
    bits = 0
    while 2 ** (bits + 1) <= points + 1:
        bits += 1
    rest = points + 1 - 2**bits
    return [2**i for i in range(bits)] + ([rest] if rest else [])


def shape_of(contest: dict[str, Any], slots: int) -> Shape:
    count = len(contest["options"])
    single = [[(i, 1)] for i in range(count)]
    match contest["kind"]:
        case "choose" if contest["min"] == contest["max"] == 1 and count <= slots:
            return Shape(1, [([(0, 1)], [2 ** (32 * j) for j in range(count)])], [[(0, 1)]], packed=True)
        case "choose":
            total = ([(i, 1) for i in range(count)], list(range(contest["min"], contest["max"] + 1)))
            return Shape(count, [(terms, [0, 1]) for terms in single] + [total], single)
        case "score":
            return Shape(count, [(terms, list(range(contest["top"] + 1))) for terms in single], single)
        case "points":
            weights = point_weights(contest["points"])
            rows = [[(o * len(weights) + i, w) for i, w in enumerate(weights)] for o in range(count + 1)]
            cells = [cell for row in rows for cell in row]
            bits: list[tuple[Terms, list[int]]] = [([(i, 1)], [0, 1]) for i in range(len(cells))]
            return Shape(len(cells), [*bits, (cells, [contest["points"]])], rows[:count])
    pairs = list((permutations if contest["ties"] else combinations)(range(count), 2))
    at = {pair: i for i, pair in enumerate(pairs)}
    claims: list[tuple[Terms, list[int]]] = [([(i, 1)], [0, 1]) for i in range(len(pairs))]
    if contest["ties"]:
        claims += [([(at[a, b], 1), (at[b, a], 1)], [0, 1]) for a, b in combinations(range(count), 2)]
    for a, b, c in (permutations if contest["ties"] else combinations)(range(count), 3):
        claims.append(([(at[a, b], 1), (at[b, c], 1), (at[a, c], -1)], [0, 1]))
    return Shape(len(pairs), claims, [[(i, 1)] for i in range(len(pairs))])


def fill(contest: dict[str, Any], shape: Shape, choice: Any) -> list[int]:
    """Return the plaintexts: choice is a list of ids, {id: number}, or for rankings {id: place}, 1 the best."""
    ids = [option["id"] for option in contest["options"]]
    match contest["kind"]:
        case "choose":
            return [2 ** (32 * ids.index(choice[0]))] if shape.packed else [int(i in choice) for i in ids]
        case "score":
            return [choice.get(i, 0) for i in ids]
        case "points":
            rest = contest["points"] - sum(choice.values())
            cells = []
            for value in [*(choice.get(i, 0) for i in ids), rest]:
                for weight in reversed(point_weights(contest["points"])):
                    cells.append(int(value >= weight))
                    value -= weight * cells[-1]
            width = len(point_weights(contest["points"]))
            return [bit for start in range(0, len(cells), width) for bit in reversed(cells[start : start + width])]
    place = [choice.get(i, 99) for i in ids]
    pairs = (permutations if contest["ties"] else combinations)(range(len(ids)), 2)
    return [int(place[a] < place[b]) for a, b in pairs]


@dataclass
class Made:
    """A ballot, and what only its voter's device knows."""

    ballot: dict[str, Any]
    values: list[list[int]] = field(default_factory=list)
    randomness: list[list[mpz]] = field(default_factory=list)

    @property
    def tracker(self) -> str:
        return b64(tag_hash("ballot", self.ballot))


@dataclass
class Prover:
    """Makes ballots for one election."""

    key: Key
    election: str
    slots: int

    def make(
        self, voter: str, previous: str, contests: list[dict[str, Any]], choices: list[Any], **changed: Any
    ) -> Made:
        """Make a ballot; a choice that is a list of numbers wrapped in ("cells", …) is put into the cells as it is."""
        key, made = self.key, Made({})
        parts, open_proofs = [], []
        for contest, choice in zip(contests, choices, strict=True):
            shape = shape_of(contest, self.slots)
            raw = isinstance(choice, tuple) and choice[0] == "cells"
            plain = list(choice[1]) if raw else fill(contest, shape, choice)
            secret = [key.unit() for _ in plain]
            cells = [key.encrypt(m % key.n, r) for m, r in zip(plain, secret, strict=True)]
            made.values.append(plain)
            made.randomness.append(secret)
            started = [self._start(terms, values, plain, cells) for terms, values in shape.statements]
            open_proofs.append((shape, plain, secret, started))
            parts.append({"id": contest["id"], "cells": [number(c, 2 * key.width) for c in cells], "proofs": started})
        fields: dict[str, Any] = {"version": 1, "election": self.election, "voter": voter, "previous": previous}
        fields |= changed
        commitments = [
            {**part, "proofs": [{"a": [number(a, 2 * key.width) for a in s["a"]]} for s in part["proofs"]]}
            for part in parts
        ]
        challenge = int.from_bytes(tag_hash("challenge", {**fields, "contests": commitments})[:16], "big")
        for part, (shape, _, secret, started) in zip(parts, open_proofs, strict=True):
            part["proofs"] = [
                self._answer(terms, secret, s, challenge)
                for (terms, _), s in zip(shape.statements, started, strict=True)
            ]
        made.ballot = {**fields, "contests": parts}
        return made

    def _start(self, terms: Terms, values: list[int], plain: list[int], cells: list[mpz]) -> dict[str, Any]:
        key = self.key
        total = sum(weight * plain[cell] for cell, weight in terms)
        product = mpz(1)
        for cell, weight in terms:
            product = product * gmpy2.powmod(cells[cell], weight, key.n2) % key.n2
        real = values.index(total) if total in values else 0  # a lie is proved as if it were the first value
        s, e, z, a = key.unit(), [], [], []
        for j, value in enumerate(values):
            e.append(key.random.getrandbits(128))
            z.append(key.unit())
            shifted = product * (1 - value * key.n) % key.n2
            simulated = gmpy2.powmod(z[j], key.n, key.n2) * gmpy2.powmod(shifted, -e[j], key.n2) % key.n2
            a.append(gmpy2.powmod(s, key.n, key.n2) if j == real else simulated)
        return {"a": a, "e": e, "z": z, "s": s, "real": real}

    def _answer(self, terms: Terms, secret: list[mpz], started: dict[str, Any], challenge: int) -> dict[str, Any]:
        key, real = self.key, started["real"]
        e, z = list(started["e"]), list(started["z"])
        e[real] = (challenge - sum(e) + e[real]) % 2**128
        r = mpz(1)
        for cell, weight in terms:
            r = r * gmpy2.powmod(secret[cell], weight, key.n) % key.n
        z[real] = started["s"] * gmpy2.powmod(r, e[real], key.n) % key.n
        return {
            "a": [number(a, 2 * key.width) for a in started["a"]],
            "e": [f"{part:032x}" for part in e],
            "z": [number(min(part, key.n - part), key.width) for part in z],
        }

    def openings(self, made: Made) -> dict[str, Any]:
        width = self.key.width
        return {
            "ballot": made.ballot,
            "openings": [
                {
                    "id": contest["id"],
                    "values": [number(value, width) for value in values],
                    "randomness": [number(r, width) for r in secret],
                }
                for contest, values, secret in zip(made.ballot["contests"], made.values, made.randomness, strict=True)
            ],
        }
