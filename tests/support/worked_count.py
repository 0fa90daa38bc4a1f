"""The numbers of docs/spec.md's worked example: one ballot, one batch, and the count."""

import random
from collections.abc import Mapping, Sequence
from math import factorial
from typing import Any

import gmpy2

from ballots import codec
from tests.support import plain
from tests.support.elections import Simulation

SLOT = 32


def all_steps(simulation: Simulation, tally: Mapping[str, Any]) -> plain.Steps:
    election = simulation.election
    n = plain.number(election.key_document.n)
    entries = [entry for entry in simulation.entries if entry.type == "ballot"]
    ballots = [ballot.document for ballot in simulation.ballots]
    return {
        "ballot": ballot_steps(n, ballots[0], entries[0].body["signature"]),
        "negative weight": statement_steps(n, ballots[0], "order", 3),
        "batch": batch_steps(n, ballots[0]),
        "closing": closing_steps(simulation),
        "aggregates": aggregate_steps(n, simulation, tally),
        "partial": partial_steps(n, simulation, tally["partials"][0]),
        "combining": combining_steps(n, tally),
        "totals": totals_steps(n, tally),
    }


def stripped(ballot: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the challenge is hashed over: the ballot with only `a` in each proof."""
    contests = [
        {"id": one["id"], "cells": one["cells"], "proofs": [{"a": proof["a"]} for proof in one["proofs"]]}
        for one in ballot["contests"]
    ]
    return {**ballot, "contests": contests}


def answer_of(ballot: Mapping[str, Any], contest: str) -> Mapping[str, Any]:
    return next(one for one in ballot["contests"] if one["id"] == contest)


def ballot_steps(n: int, ballot: Mapping[str, Any], signature: str) -> plain.Steps:
    """Do the tracker, the challenge and every branch of the first contest's only proof."""
    square, answer = n * n, answer_of(ballot, "mayor")
    hashed = plain.tagged("evote/1/challenge", stripped(ballot))
    challenge = int.from_bytes(hashed[:16], "big")
    tracker = plain.tagged("evote/1/ballot", ballot)
    cast = {"tracker": plain.b64(tracker)}
    cell, proof = plain.number(answer["cells"][0]), answer["proofs"][0]
    parts = [int(part, 16) for part in proof["e"]]
    assert sum(parts) % 2**128 == challenge
    found: plain.Steps = {
        "bytes": len(plain.canonical(ballot)),
        "begins": plain.canonical(ballot).decode()[:80],
        "tracker hash": tracker.hex(),
        "tracker": plain.b64(tracker),
        "tracker shown": plain.short(tracker),
        "cast signed object": plain.canonical(cast).decode(),
        "cast signed hash": plain.tagged("evote/1/cast", cast).hex(),
        "cast signature": signature,
        "challenge bytes": len(plain.canonical(stripped(ballot))),
        "challenge hash": hashed.hex(),
        "challenge": f"{challenge:032x}",
        "cell": f"{cell:x}",
        "sum of parts": f"{sum(parts):x}",
    }
    for branch, (a_text, e, z_text) in enumerate(zip(proof["a"], parts, proof["z"], strict=True)):
        value = 1 << SLOT * branch
        a, z = plain.number(a_text), plain.number(z_text)
        shifted = cell * (1 - value * n) % square
        left, right = pow(z, n, square), a * pow(shifted, e, square) % square
        assert left * left % square == right * right % square
        assert 0 < z <= (n - 1) // 2
        found |= {
            f"branch {branch}: s": value,
            f"branch {branch}: e": f"{e:032x}",
            f"branch {branch}: z": f"{z:x}",
            f"branch {branch}: a": f"{a:x}",
            f"branch {branch}: D_j": f"{shifted:x}",
            f"branch {branch}: z^n": f"{left:x}",
            f"branch {branch}: a*D_j^e": f"{right:x}",
            f"branch {branch}: sides": "equal" if left == right else "opposite",
            f"branch {branch}: both squared": f"{left * left % square:x}",
        }
    return found


def statement_steps(n: int, ballot: Mapping[str, Any], contest: str, place: int) -> plain.Steps:
    """Do the last statement of the strict ranking: m_01 + m_12 − m_02 is 0 or 1."""
    square, answer = n * n, answer_of(ballot, contest)
    m01, m02, m12 = (plain.number(cell) for cell in answer["cells"])
    combined = m01 * m12 * pow(m02, -1, square) % square
    proof = answer["proofs"][place]
    found: plain.Steps = {"D": f"{combined:x}"}
    for value, a, part, z in zip((0, 1), proof["a"], proof["e"], proof["z"], strict=True):
        left = pow(plain.number(z), n, square)
        right = plain.number(a) * pow(combined * (1 - value * n), int(part, 16), square) % square
        assert left * left % square == right * right % square
        found[f"branch {value}: both squared"] = f"{left * left % square:x}"
    return found


def batch_steps(n: int, ballot: Mapping[str, Any]) -> plain.Steps:
    """Join the four branches of one proof with factors that are fixed here, and drawn afresh in earnest."""
    square, answer = n * n, answer_of(ballot, "mayor")
    cell, proof = plain.number(answer["cells"][0]), answer["proofs"][0]
    rng = random.Random("factors")
    product, right, exponent, shift = 1, 1, 0, 0
    factors = []
    for branch, (a, part, z) in enumerate(zip(proof["a"], proof["e"], proof["z"], strict=True)):
        factor, e = rng.getrandbits(128), int(part, 16)
        factors.append(factor)
        product = product * pow(plain.number(z), factor, n) % n
        right = right * pow(plain.number(a), factor, square) % square
        exponent += e * factor
        shift += (1 << SLOT * branch) * e * factor
    right = right * pow(cell, exponent, square) * (1 - n * shift) % square
    left = pow(product, n, square)
    assert left * left % square == right * right % square
    return {
        **{f"rho_{branch}": f"{factor:032x}" for branch, factor in enumerate(factors)},
        "product of z^rho": f"{product:x}",
        "E": f"{exponent:x}",
        "sum of s*e*rho mod n": f"{shift % n:x}",
        "left squared": f"{left * left % square:x}",
        "right squared": f"{right * right % square:x}",
    }


def closing_steps(simulation: Simulation) -> plain.Steps:
    board = simulation.board
    intent = board.intent
    assert intent is not None
    trackers = [vote.tracker for vote in board.votes()]
    assert plain.b64(plain.tagged("evote/1/counted", trackers)) == intent.counted
    leaves = [plain.leaf_hash(codec.parse_canonical(entry.encode())) for entry in simulation.entries[: intent.size]]
    assert plain.b64(plain.root_of(leaves)) == intent.root
    signed = intent.signed(simulation.fingerprint)
    return {
        "counted entries": " ".join(str(vote.index) for vote in board.votes()),
        "counted weights": " ".join(str(vote.line.weight) for vote in board.votes()),
        "counted hashed": plain.canonical(trackers).decode(),
        "counted": intent.counted,
        "size": intent.size,
        "root": intent.root,
        "quorum": board.election.manifest.quorum,
        "intent signed object": plain.canonical(signed).decode(),
        "intent signed hash": plain.tagged("evote/1/intent", signed).hex(),
    }


def counted_cells(simulation: Simulation, contest: str) -> list[tuple[int, list[int]]]:
    """Return weight and cells of each counted ballot that has the contest."""
    found = []
    for vote in simulation.board.votes():
        for one in simulation.ballots[vote.ordinal].document["contests"]:
            if one["id"] == contest:
                found.append((vote.line.weight, [plain.number(cell) for cell in one["cells"]]))
    return found


def products(n: int, counted: Sequence[tuple[int, list[int]]]) -> list[int]:
    result = [1] * len(counted[0][1])
    for weight, cells in counted:
        result = [product * pow(cell, weight, n * n) % (n * n) for product, cell in zip(result, cells, strict=True)]
    return result


def aggregate_steps(n: int, simulation: Simulation, tally: Mapping[str, Any]) -> plain.Steps:
    found: plain.Steps = {}
    for contest in tally["contests"]:
        if not contest["ciphertexts"]:
            continue
        cells = products(n, counted_cells(simulation, contest["id"]))
        packed = 1
        for place, cell in enumerate(cells):
            packed = packed * pow(cell, 1 << SLOT * place, n * n) % (n * n)
            if len(cells) > 1:
                found[f"{contest['id']}: product of cells {place}"] = f"{cell:x}"
        assert packed == plain.number(contest["ciphertexts"][0])
        found[f"{contest['id']}: C"] = f"{packed:x}"
    return found


def partial_steps(n: int, simulation: Simulation, partial: Mapping[str, Any]) -> plain.Steps:
    """Check the first part of the first trustee's partial."""
    delta, part, trustee = factorial(3), partial["parts"][0], partial["trustee"]
    share = simulation.shares[trustee - 1]
    x = plain.number(part["ciphertext"]) % n
    value, e, z = plain.number(part["value"]), int(part["e"], 16), plain.number(part["z"])
    assert pow(x, 2 * delta * share, n) == value
    document = simulation.election.key_document
    v = pow(plain.expand("evote/1/v", {"n": document.n}, plain.BITS + 128), 2, n)
    v_i = plain.number(document.trustees[trustee - 1].v)
    base = pow(x, 4 * delta, n)
    a = pow(v, z, n) * pow(v_i, -e, n) % n
    b = pow(base, z, n) * pow(value, -2 * e, n) % n
    hashed = {
        **{name: partial[name] for name in ("election", "trustee", "size", "root", "counted")},
        "ciphertext": part["ciphertext"],
        "x_i": part["value"],
        "A": plain.encode(a),
        "B": plain.encode(b),
    }
    digest = plain.tagged("evote/1/partial", hashed)
    assert digest[:16].hex() == part["e"]
    return {
        "trustee": trustee,
        "contest": part["contest"],
        "x": f"{x:x}",
        "x_1": part["value"],
        "x^(4 delta)": f"{base:x}",
        "z": part["z"],
        "z bytes": len(plain.from_b64(part["z"])),
        "A": plain.encode(a),
        "B": plain.encode(b),
        "hash": digest.hex(),
        "e": part["e"],
    }


def combining_steps(n: int, tally: Mapping[str, Any]) -> plain.Steps:
    """Combine the first parts of both partials into the certificate of the first ciphertext."""
    delta, square = factorial(3), n * n
    ciphertext = plain.number(tally["contests"][0]["ciphertexts"][0])
    values = {partial["trustee"]: plain.number(partial["parts"][0]["value"]) for partial in tally["partials"]}
    lagrange = plain.interpolation(tuple(values), 0, delta)
    w = 1
    for trustee, value in values.items():
        w = w * pow(value, 2 * lagrange[trustee], n) % n
    x = ciphertext % n
    assert pow(w, n, n) == pow(x, 4 * delta**2, n)
    one, a, b = (int(found) for found in gmpy2.gcdext(4 * delta**2, n))
    assert one == 1
    root = pow(w, a, n) * pow(x, b, n) % n
    opened = ciphertext * pow(root, -n, square) % square
    assert (opened - 1) % n == 0
    plaintext = (opened - 1) // n
    certificate = tally["contests"][0]["certificates"][0]
    assert (plain.encode(plaintext), plain.encode(root)) == (certificate["m"], certificate["r"])
    assert (1 + plaintext * n) * pow(root, n, square) % square == ciphertext
    return {
        "members": " ".join(str(trustee) for trustee in values),
        **{f"lambda_{trustee}": value for trustee, value in lagrange.items()},
        "w": f"{w:x}",
        "4 delta^2": 4 * delta**2,
        "a": str(a),
        "b": b,
        "R": f"{root:x}",
        "M": f"{plaintext:x}",
        "(1+Mn)R^n": f"{(1 + plaintext * n) * pow(root, n, square) % square:x}",
    }


def totals_steps(n: int, tally: Mapping[str, Any]) -> plain.Steps:
    found: plain.Steps = {}
    for contest in tally["contests"]:
        found |= {
            f"{contest['id']}: ballots": contest["ballots"],
            f"{contest['id']}: weight": contest["weight"],
            f"{contest['id']}: totals": " ".join(str(total) for total in contest["totals"]),
            f"{contest['id']}: elected": " ".join(contest["outcome"]["elected"]),
            f"{contest['id']}: tied": " ".join(contest["outcome"]["tied"]),
        }
        for certificate in contest["certificates"]:
            plaintext = plain.number(certificate["m"])
            found[f"{contest['id']}: M"] = f"{plaintext:x}"
            slots = [plaintext >> SLOT * place & 2**SLOT - 1 for place in range(len(contest["totals"]))]
            assert slots == contest["totals"]
            assert plaintext < n
    return found
