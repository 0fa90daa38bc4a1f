"""The numbers of docs/spec.md's worked example: encoding, credentials, the key, the log.

Everything is computed with Python's integers and SHA-256 alone, from the bytes of the record, and each equation
is asserted: nothing of the package `ballots` is believed. What a ballot and the count need is in `worked_count`.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from math import factorial, prod
from typing import Any

import gmpy2

from tests.support import plain
from tests.support.elections import Voter


def encoding_steps(n: str) -> plain.Steps:
    value = {"b": [True, 0, 2**53 - 1], "a": 'é"\\/\n\x1f', "B": {}}
    data = plain.canonical(value)
    tag = "evote/1/example"
    seed = plain.tagged("evote/1/h", {"n": n})
    return {
        "canonical": data.decode(),
        "bytes": data.hex(),
        "tag": tag,
        "hashed": (tag.encode() + b"\0" + data).hex(),
        "hash": plain.tagged(tag, value).hex(),
        "base64url": plain.b64(plain.tagged(tag, value)),
        "number 258 in 4 bytes": plain.encode(258, 4),
        "expand seed": seed.hex(),
        "expand block 0": hashlib.sha256(seed + bytes(4)).hexdigest(),
        "expand block 1": hashlib.sha256(seed + bytes(3) + b"\x01").hexdigest(),
        "expand to 640 bits": f"{plain.expand('evote/1/h', {'n': n}, plain.BITS + 128):0160x}",
    }


def credential_steps(voter: Voter, manifest: Mapping[str, Any]) -> plain.Steps:
    joined = voter.code.replace("-", "")
    code, check = joined[:20], joined[20:]
    value = 0
    for character in code:
        value = value * 32 + plain.ALPHABET.index(character)
    remainder = value % 1021
    assert check == plain.ALPHABET[remainder // 32] + plain.ALPHABET[remainder % 32]
    salt = plain.tagged("evote/1/manifest", manifest)
    pseudorandom = hmac.digest(salt, code.encode(), "sha256")
    seed = hmac.digest(pseudorandom, b"evote/1/credential\x01", "sha256")
    assert seed == voter.key.seed
    digest = plain.tagged("evote/1/voter", {"voter": voter.key.public})
    return {
        "printed": voter.code,
        "number": str(value),
        "number mod 1021": remainder,
        "check characters": check,
        "ikm": code,
        "salt": salt.hex(),
        "extracted": pseudorandom.hex(),
        "seed": seed.hex(),
        "voter": voter.key.public,
        "voter number hash": digest.hex(),
        "voter number": plain.short(digest),
    }


def election_steps(
    manifest: Mapping[str, Any], key: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]
) -> plain.Steps:
    named = {
        "manifest": plain.b64(plain.tagged("evote/1/manifest", manifest)),
        "key": plain.b64(plain.tagged("evote/1/key", key)),
        "roll": entries[2]["body"]["sha256"],
    }
    fingerprint = plain.b64(plain.tagged("evote/1/election", named))
    assert fingerprint == entries[3]["body"]["election"]
    signed = {"manifest": named["manifest"], "sha256": named["roll"]}
    return {
        "M": named["manifest"],
        "key hash": named["key"],
        "roll sha256": named["roll"],
        "hashed": plain.canonical(named).decode(),
        "F": fingerprint,
        "roll signed object": plain.canonical(signed).decode(),
        "roll signed hash": plain.tagged("evote/1/roll", signed).hex(),
        "roll signature": entries[2]["body"]["signature"],
        "registrar key": manifest["registrar_key"],
    }


def key_steps(key: Mapping[str, Any]) -> plain.Steps:
    """Do the first root and the first size proof of the certificate."""
    n = plain.number(key["n"])
    odd = n - 1
    while odd % 2 == 0:
        odd //= 2
    w = next(candidate for candidate in range(2, 1000) if gmpy2.jacobi(candidate, n) == -1)
    y = plain.expand("evote/1/root", {"n": key["n"], "i": 0}, plain.BITS + 128) % n
    root = key["certificate"]["roots"][0]
    left = pow(plain.number(root["x"]), 2 * n * odd, n)
    assert left == (-1) ** root["a"] * w ** root["b"] * y % n
    commitments = [size["A"] for size in key["certificate"]["size"]]
    stream = plain.expand("evote/1/size-challenge", {"n": key["n"], "A": commitments}, 2048)
    e = stream >> 2048 - 128
    g = pow(plain.expand("evote/1/size", {"n": key["n"], "i": 0}, plain.BITS + 128) % n, 2, n)
    z = plain.number(key["certificate"]["size"][0]["z"])
    powered = pow(g, z, n)
    assert powered == plain.number(commitments[0]) * pow(g, n * e, n) % n
    return {
        "n": key["n"],
        "n hex": f"{n:x}",
        "W": plain.WIDTH,
        "n mod 4": n % 4,
        "2^(n-1) mod n": f"{pow(2, n - 1, n):x}",
        "u": str(odd),
        "w": w,
        "y_0": f"{y:x}",
        "a_0": root["a"],
        "b_0": root["b"],
        "x_0": root["x"],
        "x_0^(2nu)": f"{left:x}",
        "size challenges": f"{stream:0512x}",
        "e_0": f"{e:032x}",
        "g_0": f"{g:x}",
        "A_0": commitments[0],
        "z_0": key["certificate"]["size"][0]["z"],
        "z_0 bytes": len(plain.from_b64(key["certificate"]["size"][0]["z"])),
        "g_0^z_0": f"{powered:x}",
    }


def share_steps(key: Mapping[str, Any], threshold: int) -> plain.Steps:
    """Check that the share keys fit the modulus and each other."""
    n, total = plain.number(key["n"]), len(key["trustees"])
    v = pow(plain.expand("evote/1/v", {"n": key["n"]}, plain.BITS + 128), 2, n)
    keys = {index: plain.number(trustee["v"]) for index, trustee in enumerate(key["trustees"], start=1)}
    members, delta = range(1, threshold + 1), factorial(total)
    lagrange = plain.interpolation(members, 0, delta)
    at_zero = prod(pow(keys[j], lagrange[j], n) for j in members) % n
    assert pow(at_zero, n, n) == pow(v, delta, n)
    for t in range(threshold + 1, total + 1):
        others = plain.interpolation(members, t, delta)
        assert pow(keys[t], delta, n) == prod(pow(keys[j], others[j], n) for j in members) % n
    return {
        "delta": delta,
        "v": f"{v:x}",
        **{f"v_{index}": key["trustees"][index - 1]["v"] for index in keys},
        **{f"lambda_{j}": lagrange[j] for j in members},
        "v^delta": f"{pow(v, delta, n):x}",
        **{f"mu_{j} at 3": value for j, value in plain.interpolation(members, 3, delta).items()},
        "v_3^delta": f"{pow(keys[3], delta, n):x}",
    }


def log_steps(
    entries: Sequence[Mapping[str, Any]], manifest: Mapping[str, Any], receipt: Mapping[str, Any]
) -> plain.Steps:
    leaves = [plain.leaf_hash(entry) for entry in entries]
    return {
        "entries": len(entries),
        "types": " ".join(entry["type"] for entry in entries),
        "entry 1": plain.canonical(entries[1]).decode(),
        **{f"leaf {index}": leaves[index].hex() for index in range(5)},
        "node 0-1": plain.node_hash(leaves[0], leaves[1]).hex(),
        "node 2-3": plain.node_hash(leaves[2], leaves[3]).hex(),
        "root of 4": plain.root_of(leaves[:4]).hex(),
        "root of 5": plain.root_of(leaves[:5]).hex(),
        "root": plain.b64(plain.root_of(leaves)),
        **checkpoint_steps(manifest, receipt["checkpoint"]),
        **receipt_steps(leaves, receipt),
    }


def checkpoint_steps(manifest: Mapping[str, Any], note: str) -> plain.Steps:
    origin, board = manifest["log_origin"], plain.from_b64(manifest["board_key"])
    identity = hashlib.sha256(origin.encode() + b"\n\x01" + board).digest()[:4]
    text, _, line = note.partition("\n\n")
    signature = base64.b64decode(line.split(" ")[2])
    assert signature[:4] == identity
    return {
        "receipt checkpoint": note,
        "receipt checkpoint signed text": (text + "\n").encode().hex(),
        "key id": identity.hex(),
        "receipt checkpoint signature": signature[4:].hex(),
    }


def receipt_steps(leaves: Sequence[bytes], receipt: Mapping[str, Any]) -> plain.Steps:
    """Climb from the leaf of a receipt to its checkpoint's root."""
    index, size = receipt["index"], int(receipt["checkpoint"].split("\n")[1])
    current, position, last = leaves[index], index, size - 1
    climbed = []
    path = [plain.from_b64(node) for node in receipt["inclusion_proof"]]
    while last:
        if position % 2 or position != last:
            sibling = path.pop(0)
            current = plain.node_hash(sibling, current) if position % 2 else plain.node_hash(current, sibling)
            climbed.append(current.hex())
        position, last = position // 2, last // 2
    assert not path
    assert current == plain.root_of(leaves[:size]) == base64.b64decode(receipt["checkpoint"].split("\n")[2])
    return {
        "receipt index": index,
        "receipt size": size,
        "receipt leaf": leaves[index].hex(),
        **{f"receipt path {step}": plain.from_b64(node).hex() for step, node in enumerate(receipt["inclusion_proof"])},
        **{f"receipt climbed {step}": value for step, value in enumerate(climbed)},
    }
