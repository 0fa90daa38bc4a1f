"""Vectors of the log: Merkle proofs, checkpoints, promises, refusals, receipts, and what an election is made of."""

import base64
import copy
import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from ballots import codec, receipts
from ballots.checkpoint import Head, key_id, sign_checkpoint
from ballots.entries import Entry
from ballots.merkle import MerkleTree
from ballots.signatures import SigningKey
from tests.support.elections import Simulation, ballot_body, seeded_key
from tests.vectors.making.ballot_vectors import seal
from tests.vectors.making.example import FILE, fresh, small, voter_of
from tests.vectors.vector import ACCEPT, Vector

BOARD = seeded_key("board")
TIME = "2026-03-01T09:30:00Z"
Fields = dict[str, Any]


def vectors() -> Iterator[Vector]:
    for make in (inclusion, consistency, checkpoints, papers, elections):
        yield from make()


def text(data: bytes) -> str:
    return codec.encode_bytes(data)


@cache
def tree() -> MerkleTree:
    grown = MerkleTree()
    for number in range(40):
        grown.append(hashlib.sha256(b"leaf %d" % number).digest())
    return grown


def inclusion() -> Iterator[Vector]:
    def fields(index: int, size: int, /, **changes: Any) -> Fields:
        proof = [text(node) for node in tree().inclusion_proof(index, size)]
        leaf, root = text(tree().node(0, index)), text(tree().root(size))
        return {"leaf_hash": leaf, "index": index, "size": size, "root": root, "proof": proof, **changes}

    for index, size in ((0, 1), (0, 2), (1, 2), (2, 3), (0, 7), (6, 7), (5, 8), (8, 9), (31, 32), (32, 33), (17, 40)):
        reason = f"leaf {index} of {size}"
        yield Vector(f"inclusion-{index}-{size}", reason, "inclusion", ACCEPT, fields(index, size))
    proof = fields(5, 8)["proof"]
    bad: dict[str, tuple[str, Fields]] = {
        "index": ("another place", fields(5, 8, index=4)), "size": ("another size", fields(5, 8, size=9)),
        "size-smaller": ("a size that leaves it out", fields(5, 8, size=5)),
        "leaf": ("another leaf", fields(5, 8, leaf_hash=text(bytes(32)))),
        "root": ("another root", fields(5, 8, root=text(bytes(32)))),
        "short": ("a hash is missing", fields(5, 8, proof=proof[:-1])),
        "long": ("a hash too many", fields(5, 8, proof=[*proof, proof[0]])),
        "empty": ("no hashes", fields(5, 8, proof=[])),
        "turned": ("the hashes from the root downwards", fields(5, 8, proof=proof[::-1])),
        "node": ("an inner node taken for a leaf",
                 fields(2, 4, leaf_hash=text(tree().node(1, 1)), index=1, size=2, proof=fields(2, 4)["proof"][1:],
                        root=text(tree().root(5)))),
        "alone": ("the root as its own leaf", fields(5, 8, leaf_hash=text(tree().root(8)), proof=[])),
    }  # fmt: skip
    for name, (reason, content) in bad.items():
        yield Vector(f"inclusion-bad-{name}", reason, "inclusion", "log", content)
    wide = fields(5, 8, proof=[*proof[:-1], text(bytes(33))])
    yield Vector("inclusion-bad-width", "a hash of 33 bytes", "inclusion", "encoding", wide)


def consistency() -> Iterator[Vector]:
    def fields(old: int, new: int, **changes: Any) -> Fields:
        proof = [text(node) for node in tree().consistency_proof(old, new)]
        roots = {"old_root": text(tree().root(old)), "new_root": text(tree().root(new))}
        return {"old_size": old, "new_size": new, **roots, "proof": proof, **changes}

    for old, new in ((1, 1), (1, 2), (2, 3), (3, 7), (4, 7), (6, 7), (6, 8), (7, 8), (8, 8), (8, 33), (13, 40)):
        reason = f"{new} leaves continue {old}"
        yield Vector(f"consistency-{old}-{new}", reason, "consistency", ACCEPT, fields(old, new))
    proof = fields(6, 8)["proof"]
    bad: dict[str, tuple[str, Fields]] = {
        "old-root": ("another older root", fields(6, 8, old_root=text(bytes(32)))),
        "new-root": ("another newer root", fields(6, 8, new_root=text(bytes(32)))),
        "old-size": ("another older size", fields(6, 8, old_size=5)),
        "new-size": ("another newer size", fields(6, 8, new_size=9)),
        "shrunk": ("the log is shorter than it was", fields(6, 8, old_size=8, new_size=6)),
        "short": ("a hash is missing", fields(6, 8, proof=proof[:-1])),
        "long": ("a hash too many", fields(6, 8, proof=[*proof, proof[0]])),
        "empty": ("no hashes", fields(6, 8, proof=[])),
        "same-size": ("two roots of one size", fields(8, 8, old_root=text(bytes(32)))),
        "same-size-proof": ("one root, but hashes too", fields(8, 8, proof=proof)),
    }  # fmt: skip
    for name, (reason, content) in bad.items():
        yield Vector(f"consistency-bad-{name}", reason, "consistency", "log", content)


ORIGIN = "vote.example/test"
ROOT = hashlib.sha256(b"root").digest()
BODY = f"{ORIGIN}\n42\n{base64.b64encode(ROOT).decode()}\n"


def line(name: str, key: SigningKey, body: str, key_name: str = "") -> str:
    blob = key_id(key_name or name, key.public_bytes) + key.sign_bytes(body.encode())
    return f"— {name} {base64.b64encode(blob).decode()}\n"


def note(body: str, *lines: str) -> str:
    return f"{body}\n{''.join(lines or (line(ORIGIN, BOARD, body),))}"


def checkpoints() -> Iterator[Vector]:
    def made(name: str, reason: str, expect: str, written: str, **changes: Any) -> Vector:
        fields = {
            "origin": ORIGIN,
            "board_key": BOARD.public,
            "text": written,
            "size": 42,
            "root": text(ROOT),
            **changes,
        }
        return Vector(f"checkpoint-{name}", reason, "checkpoint", expect, fields)

    good, witness = line(ORIGIN, BOARD, BODY), line("witness.example", seeded_key("witness"), BODY)
    yield made("plain", "signed by the board alone", ACCEPT, note(BODY))
    yield made("witness-after", "a witness's line after the board's", ACCEPT, note(BODY, good, witness))
    yield made("witness-before", "a witness's line before the board's", ACCEPT, note(BODY, witness, good))
    yield made("witness-same-name", "a witness of the board's name with another key", ACCEPT,
               note(BODY, line(ORIGIN, seeded_key("witness"), BODY), good))  # fmt: skip
    yield made("extension", "a line after the third, signed with the others", ACCEPT, note(BODY + "extension\n"))
    empty = hashlib.sha256().digest()
    yield made("empty", "a log without entries", ACCEPT, sign_checkpoint(ORIGIN, Head(0, empty), BOARD), size=0,
               root=text(empty))  # fmt: skip
    other_body = BODY.replace(ORIGIN, "vote.example/other")
    alien = line(ORIGIN, seeded_key("official"), BODY)
    forged = base64.b64encode(key_id(ORIGIN, BOARD.public_bytes) + bytes(64)).decode()
    bad = {
        "unsigned": ("signed by a witness only", note(BODY, witness)),
        "other-key": ("signed by another key under the board's name", note(BODY, alien)),
        "other-origin": ("of another log", note(other_body)),
        "other-name": ("the board's key under another name", note(BODY, line("vote.example/other", BOARD, BODY))),
        "flipped": ("a signature that does not fit", note(BODY, f"— {ORIGIN} {forged}\n")),
        "second-forged": ("two lines of the board, one forged", note(BODY, good, f"— {ORIGIN} {forged}\n")),
        "size-changed": ("another size than was signed", note(BODY.replace("\n42\n", "\n43\n"), good)),
        "size-zero-first": ("a size with a leading zero", note(BODY.replace("\n42\n", "\n042\n"))),
        "size-negative": ("a negative size", note(BODY.replace("\n42\n", "\n-42\n"))),
        "size-2-53": ("a size of 2^53", note(BODY.replace("\n42\n", "\n9007199254740992\n"))),
        "root-short": ("a root of 31 bytes", note(f"{ORIGIN}\n42\n{base64.b64encode(ROOT[:31]).decode()}\n")),
        "root-url": ("a root in base64url", note(f"{ORIGIN}\n42\n{codec.encode_bytes(bytes([255] * 32))}=\n")),
        "root-stray": ("a root with stray bits", note(f"{ORIGIN}\n42\n{'A' * 42}B=\n")),
        "two-lines": ("no root", note(f"{ORIGIN}\n42\n")),
        "no-newline": ("no newline at the end", note(BODY)[:-1]),
        "crlf": ("lines ended as on Windows", note(BODY).replace("\n", "\r\n")),
        "hyphen": ("a hyphen instead of a dash", note(BODY).replace("—", "-")),
        "control": ("a control character", note(BODY + "a\x07b\n")),
        "text-after": ("a line after the signatures", note(BODY) + "more\n"),
        "empty-line-after": ("an empty line after the signatures", note(BODY) + "\n"),
        "nothing": ("nothing", ""),
    }  # fmt: skip
    for name, (reason, written) in bad.items():
        yield made(name, reason, "log", written)


@cache
def cast() -> tuple[Simulation, Entry]:
    """Return an election in which one ballot was cast, and its entry."""
    driven = fresh()
    for style in ("parks", "mayor", "council"):
        voter = voter_of(driven, style)
        ballot = seal(f"receipt {style}", style, simulation=driven, voter=voter.key.public).ballot
        driven.append("ballot", ballot_body(ballot, voter.key), ballot)
    return driven, driven.entries[5]


def papers() -> Iterator[Vector]:
    driven, entry = cast()
    election, tracker = driven.fingerprint, entry.body["tracker"]
    given = {"election": election, **{name: entry.body[name] for name in ("voter", "tracker", "previous", "signature")}}

    def made(kind: str, name: str, reason: str, expect: str, document: Fields, **changes: Any) -> Vector:
        cast_fields = {**given, **changes}
        fields = {"origin": ORIGIN, "board_key": BOARD.public, "cast": cast_fields, "document": document}
        return Vector(f"{kind}{name and '-'}{name}", reason, kind, expect, fields)

    def signed(kind: str, document: Fields, key: SigningKey = BOARD) -> Fields:
        content = {name: value for name, value in document.items() if name != "signature"}
        return {**content, "signature": key.sign(kind, content)}

    def receipt(size: int, **changes: Any) -> Fields:
        note_text = sign_checkpoint(ORIGIN, Head(size, driven.board.tree.root(size)), BOARD)
        proof = driven.board.tree.inclusion_proof(5, size)
        document = receipts.sign_receipt(BOARD, election, entry, note_text, proof)
        return signed("receipt", {**document, **changes}) if changes else document

    good: dict[str, Fields] = {
        "promise": receipts.sign_promise(BOARD, election, tracker, TIME),
        "refusal": receipts.sign_refusal(BOARD, election, tracker, "اثبات درست نیست.", TIME),
        "receipt": receipt(7),
    }
    other = text(hashlib.sha256(b"other").digest())
    for kind, document in good.items():
        yield made(kind, "", f"a {kind} of the board", ACCEPT, document)
        yield made(
            kind, "other-key", "signed by the official", "signature", signed(kind, document, seeded_key("official"))
        )
        yield made(
            kind, "other-election", "of another election", "record", signed(kind, {**document, "election": other})
        )
        yield made(
            kind, "other-tracker", "about another ballot", "record", signed(kind, {**document, "tracker": other})
        )
        yield made(kind, "time", "a time that does not exist", "encoding",
                   signed(kind, {**document, "time": "2026-02-30T00:00:00Z"}))  # fmt: skip
        yield made(kind, "field", "a field more", "encoding", signed(kind, {**document, "extra": ""}))
        changed = {**document, "time": "2026-03-01T09:31:00Z"}
        yield made(kind, "changed", "the time changed after signing", "signature", changed)
    cut = {name: value for name, value in good["refusal"].items() if name != "reason"}
    yield made("promise", "from-refusal", "a refusal without its reason", "signature", cut)
    yield made("receipt", "first-size", "the smallest checkpoint that covers it", ACCEPT, receipt(6))
    yield made(
        "receipt",
        "other-voter",
        "made out to another voter",
        "record",
        receipt(7, voter=driven.entries[4].body["voter"]),
    )
    yield made("receipt", "other-signature", "another signature stands on the log", "log", good["receipt"],
               signature=driven.entries[4].body["signature"])  # fmt: skip
    yield made(
        "receipt", "other-previous", "another previous ballot stands on the log", "log", good["receipt"], previous=other
    )
    yield made("receipt", "other-time", "the log has another time", "log", receipt(7, time="2026-03-01T09:59:00Z"))
    yield made("receipt", "other-index", "the log has it in another place", "log", receipt(7, index=4))
    yield made("receipt", "index-text", "a place that is a text", "encoding", receipt(7, index="5"))
    yield made("receipt", "other-leaf", "the leaf of another entry", "log",
               receipt(7, leaf_hash=text(driven.board.tree.node(0, 4))))  # fmt: skip
    yield made("receipt", "short-proof", "a hash is missing", "log",
               receipt(7, inclusion_proof=good["receipt"]["inclusion_proof"][:-1]))  # fmt: skip
    early = sign_checkpoint(ORIGIN, Head(5, driven.board.tree.root(5)), BOARD)
    yield made(
        "receipt", "early-checkpoint", "a checkpoint that does not cover it", "log", receipt(7, checkpoint=early)
    )
    forged = sign_checkpoint(ORIGIN, Head(7, driven.board.tree.root(7)), seeded_key("official"))
    yield made(
        "receipt", "forged-checkpoint", "a checkpoint that the board did not sign", "log", receipt(7, checkpoint=forged)
    )
    elsewhere = sign_checkpoint("vote.example/other", Head(7, driven.board.tree.root(7)), BOARD)
    yield made("receipt", "other-log", "a checkpoint of another log", "log", receipt(7, checkpoint=elsewhere))


def elections() -> Iterator[Vector]:
    """Yield openings of an election that do not fit; the key's certificate is judged elsewhere."""
    one = small()
    bodies = [copy.deepcopy(entry.body) for entry in one.entries[:4]]
    times = [entry.time for entry in one.entries[:4]]
    types = [entry.type for entry in one.entries[:4]]

    def made(name: str, reason: str, expect: str, log: bytes | None = None, **changes: Any) -> Vector:
        named = {name: {"file": FILE, "field": name} for name in ("manifest", "key", "roll", "log")}
        fields = {**named, "election": one.fingerprint, **changes}
        if log is not None:
            fields["log"] = text(log)
        return Vector(f"election-{name}", reason, "election", expect, fields)

    def log_of(changed: dict[int, Fields], order: tuple[int, ...] = (0, 1, 2, 3)) -> bytes:
        lines = [
            Entry(place, times[place], types[index], {**bodies[index], **changed.get(index, {})}).encode() + b"\n"
            for place, index in enumerate(order)
        ]
        return b"".join(lines)

    signatures = bodies[3]["signatures"]
    other = text(bytes(32))
    signed_election = {"election": one.fingerprint}
    yield made("fingerprint", "another fingerprint is expected", "record", election=other)
    yield made("manifest", "the log has another manifest", "record", log_of({0: {"min_ballots": 7}}))
    yield made("key", "the log has another key", "record", log_of({1: {"sha256": other}}))
    yield made("roll-signature", "the roll is signed by the official", "signature",
               log_of({2: {"signature": seeded_key("official").sign("roll", {
                   "manifest": one.election.manifest.hash_text, "sha256": bodies[2]["sha256"]})}}))  # fmt: skip
    yield made("open-election", "the opening names another election", "record", log_of({3: {"election": other}}))
    alien = seeded_key("board").sign("open", signed_election)
    changed = log_of({3: {"signatures": {**signatures, "official": alien}}})
    yield made("open-official", "the opening is not signed by the official", "signature", changed)
    astray = [*signatures["trustees"][:2], seeded_key("trustee 3").sign("open", {"election": other})]
    changed = log_of({3: {"signatures": {**signatures, "trustees": astray}}})
    yield made("open-trustee", "a trustee signed another election", "signature", changed)
    yield made("open-two", "two of three trustees signed", "record",
               log_of({3: {"signatures": {**signatures, "trustees": signatures["trustees"][:2]}}}))  # fmt: skip
    yield made("order", "roll before key", "record", log_of({}, (0, 2, 1, 3)))
    key = codec.parse_canonical(one.election.key_document.encode())
    small_key: dict[str, tuple[str, Fields]] = {
        "key-manifest": ("a key for another manifest", {"manifest": other}),
        "key-names": ("a key with other trustees", {"trustees": key["trustees"][::-1]}),
        "key-twice": ("a signing key stands twice", {"trustees": [
            {**key["trustees"][0], "key": one.election.manifest.board_key}, *key["trustees"][1:]]}),
    }  # fmt: skip
    for name, (reason, changes) in small_key.items():
        yield made(name, reason, "key", key=text(codec.encode_canonical({**key, **changes})))
