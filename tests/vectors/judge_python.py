"""Judge vectors with the package ``ballots``."""

import secrets
from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast

import msgspec

from ballots import certificate, codec, receipts, signatures, threshold
from ballots.ballot import Ballot, parse_ballot, verify_ballot, verify_cast
from ballots.batch import verify_ballots
from ballots.board import Board
from ballots.checkpoint import parse_checkpoint
from ballots.contests import MAX_BRANCHES, branch_count, compile_contest, plan
from ballots.credentials import credential_key, short_tracker, voter_number
from ballots.definition import Contest, Points, check_contest
from ballots.election import Election, load_election
from ballots.entries import parse_entry
from ballots.errors import (
    BallotRefused,
    BallotsError,
    ContestError,
    CredentialError,
    EncodingError,
    KeyRefused,
    LogError,
    ManifestError,
    ProofError,
    RecordError,
    SignatureRefused,
    TallyError,
)
from ballots.keys import KeyDocument
from ballots.manifest import parse_manifest
from ballots.merkle import verify_consistency, verify_inclusion
from ballots.outcome import Outcome, decide
from tests.vectors.vector import ACCEPT, Vector

CHECKS: tuple[tuple[type[BallotsError], str], ...] = (
    (ProofError, "proof"),
    (EncodingError, "encoding"),
    (RecordError, "record"),
    (BallotRefused, "contest"),
    (ContestError, "contest"),
    (ManifestError, "manifest"),
    (KeyRefused, "key"),
    (SignatureRefused, "signature"),
    (CredentialError, "credential"),
    (LogError, "log"),
    (TallyError, "proof"),
)
"""README.md's table, the special before the general."""


def demand(condition: bool, error: type[BallotsError]) -> None:
    if not condition:
        raise error("The vector says something else.")


def judge(vector: Vector) -> str:
    """Return ``accept`` or the name of the check that refuses the vector."""
    try:
        JUDGES[vector.kind](vector)
    except BallotsError as error:
        return next(check for kind, check in CHECKS if isinstance(error, kind))
    return ACCEPT


def bare(tag: str) -> str:
    demand(tag.startswith(codec.TAG_PREFIX), EncodingError)
    return tag.removeprefix(codec.TAG_PREFIX)


def data_of(text: str) -> bytes:
    return codec.decode_bytes(text, len(text) * 3 // 4)


def hashes_of(texts: list[str]) -> list[bytes]:
    return [codec.decode_bytes(text, 32) for text in texts]


def _digest(vector: Vector) -> None:
    tag, value, digest = codec.take(vector.input, "tag", "value", "digest")
    demand(codec.encode_bytes(codec.digest(bare(tag), value)) == digest, EncodingError)


def _expand(vector: Vector) -> None:
    tag, value, bits, number = codec.take(vector.input, "tag", "value", "bits", "number")
    demand(codec.encode_number(codec.expand(bare(tag), value, bits), -(-bits // 8)) == number, EncodingError)


def _signature(vector: Vector) -> None:
    public, tag, value, signature = codec.take(vector.input, "public", "tag", "value", "signature")
    signatures.verify(public, bare(tag), value, signature)


def _credential(vector: Vector) -> None:
    code, manifest, voter = codec.take(vector.input, "code", "manifest", "voter")
    demand(credential_key(code, codec.decode_bytes(manifest, 32)).public == voter, CredentialError)


def _names(vector: Vector) -> None:
    tracker, short, voter, number = codec.take(vector.input, "tracker", "short", "voter", "number")
    demand((short_tracker(tracker), voter_number(voter)) == (short, number), CredentialError)


def _manifest(vector: Vector) -> None:
    data, digest = codec.take(vector.input, "bytes", "hash")
    demand(parse_manifest(data_of(data), allow_test_keys=True).hash_text == digest, ManifestError)


def contest_of(fields: Any) -> Contest:
    try:
        contest: Contest = msgspec.convert(fields, Contest, strict=True)
    except msgspec.ValidationError as error:
        raise ManifestError(str(error)) from None
    check_contest(contest)
    return contest


def _layout(vector: Vector) -> None:
    fields, slots, *wanted = codec.take(vector.input, "contest", "slots", "cells", "packed", "statements")
    contest = contest_of(fields)
    demand(branch_count(contest, slots) <= MAX_BRANCHES, ContestError)
    layout = compile_contest(contest, slots)
    statements = [
        {
            "terms": [[cell, str(weight)] for cell, weight in statement.terms],
            "values": [str(value - statement.constant) for value in statement.values],
        }
        for statement in layout.statements
    ]
    demand([layout.cells, layout.packed, statements] == wanted, ContestError)


def _plan(vector: Vector) -> None:
    fields, slots, choice, cells = codec.take(vector.input, "contest", "slots", "choice", "cells")
    contest = contest_of(fields)
    layout = compile_contest(contest, slots)
    found, wanted = plan(contest, layout, choice), tuple(map(int, cells))
    demand(len(wanted) == layout.cells, ContestError)
    demand(all(one.value_of(wanted) in one.values for one in layout.statements), ContestError)
    if isinstance(contest, Points):
        sums = [
            [sum(weight * bits[cell] for cell, weight in one) for one in layout.outputs] for bits in (found, wanted)
        ]
        demand(sums[0] == sums[1], ContestError)
    else:
        demand(found == wanted, ContestError)


def _outcome(vector: Vector) -> None:
    fields, totals, weight, eligible, elected, tied = codec.take(
        vector.input, "contest", "totals", "weight", "eligible", "elected", "tied"
    )
    expected = Outcome(tuple(elected), tuple(tied))
    demand(decide(contest_of(fields), totals, weight, eligible) == expected, ContestError)


@lru_cache(maxsize=8)
def _load(manifest: str, key: str, roll: str) -> Election:
    return load_election(*map(data_of, (manifest, key, roll)), allow_test_keys=True, certified=True)


def _election(vector: Vector) -> None:
    election = _setting(vector)
    board = Board(election)
    for line in data_of(vector.look_up(vector.input["log"])).splitlines():
        try:
            board.admit(parse_entry(line))
        except LogError as error:
            raise RecordError(str(error)) from None
    demand(board.state == "open" and election.fingerprint_text == vector.input["election"], RecordError)


def _setting(vector: Vector) -> Election:
    return _load(*(vector.look_up(vector.input[name]) for name in ("manifest", "key", "roll")))


def judge_alike(election: Election, ballot: Ballot) -> None:
    """Check a ballot's proofs one by one and in batches of several sizes, which must agree."""
    batches = [verify_ballots(election, [ballot] * count, secrets.randbits) for count in (1, 2, 5)]
    assert all(sorted(batch) in ([], list(range(count))) for batch, count in zip(batches, (1, 2, 5), strict=True))
    try:
        verify_ballot(election, ballot)
    except ProofError:
        assert all(batches), "one by one it is refused, in a batch it is not"
        raise
    assert not any(batches), "in a batch it is refused, one by one it is not"


def _cast(vector: Vector, document: Any) -> tuple[Election, Ballot]:
    election = _setting(vector)
    ballot = parse_ballot(document, election, vector.input["style"])
    judge_alike(election, ballot)
    demand(ballot.tracker == vector.input["tracker"], RecordError)
    if "signature" in vector.input:
        verify_cast(ballot, vector.input["signature"])
    return election, ballot


def _ballot(vector: Vector) -> None:
    _cast(vector, vector.input["ballot"])


def _audit(vector: Vector) -> None:
    document, openings = codec.take(vector.input["audit"], "ballot", "openings")
    election, ballot = _cast(vector, document)
    key = election.key
    demand(len(openings) == len(ballot.contests), ContestError)
    for fields, contest in zip(openings, ballot.contests, strict=True):
        name, values, randomness = codec.take(fields, "id", "values", "randomness")
        demand(name == contest.id and len(values) == len(randomness) == len(contest.cells), ContestError)
        for value, root, cell in zip(values, randomness, contest.cells, strict=True):
            numbers = codec.decode_number(value, key.width), codec.decode_number(root, key.width)
            demand(all(number < key.n for number in numbers) and key.is_unit(numbers[1]), ProofError)
            demand(key.encrypt(*numbers) == cell, ProofError)


def _inclusion(vector: Vector) -> None:
    leaf, index, size, root, proof = codec.take(vector.input, "leaf_hash", "index", "size", "root", "proof")
    verify_inclusion(codec.decode_bytes(leaf, 32), index, size, hashes_of(proof), codec.decode_bytes(root, 32))


def _consistency(vector: Vector) -> None:
    old, old_root, new, new_root, proof = codec.take(
        vector.input, "old_size", "old_root", "new_size", "new_root", "proof"
    )
    before, after = hashes_of([old_root, new_root])
    verify_consistency(old, new, before, after, hashes_of(proof))


def _checkpoint(vector: Vector) -> None:
    origin, key, text, size, root = codec.take(vector.input, "origin", "board_key", "text", "size", "root")
    head = parse_checkpoint(text, origin, key)
    demand((head.size, codec.encode_bytes(head.root)) == (size, root), LogError)


def _paper(vector: Vector) -> None:
    """Judge a promise, a refusal or a receipt as the voter can who cast the ballot."""
    origin, key, given, document = codec.take(vector.input, "origin", "board_key", "cast", "document")
    keys = {"promise": receipts.PROMISE_KEYS, "refusal": receipts.REFUSAL_KEYS, "receipt": receipts.RECEIPT_KEYS}
    codec.take(document, *keys[vector.kind])
    demand((document["election"], document["tracker"]) == (given["election"], given["tracker"]), RecordError)
    demand(document.get("voter", given["voter"]) == given["voter"], RecordError)
    manifest = SimpleNamespace(log_origin=origin, board_key=key)
    election = cast(Election, SimpleNamespace(fingerprint_text=given["election"], manifest=manifest))
    verify = {
        "promise": receipts.verify_promise, "refusal": receipts.verify_refusal, "receipt": receipts.verify_receipt
    }  # fmt: skip
    verify[vector.kind](election, document)
    if vector.kind == "receipt":
        receipts.verify_leaf(document, given["previous"], given["signature"])


def _certificate(vector: Vector) -> None:
    bits, quorum, fields = codec.take(vector.input, "modulus_bits", "threshold", "key")
    try:
        document = msgspec.convert(fields, KeyDocument, strict=True)
    except msgspec.ValidationError as error:
        raise KeyRefused(str(error)) from None
    demand(len(document.n) == -(-bits // 6), KeyRefused)
    certificate.verify_certificate(document.public, bits, document.certificate)
    share_keys = [document.share_key(number) for number in range(1, len(document.trustees) + 1)]
    threshold.verify_share_keys(document.public, share_keys, quorum)


JUDGES: dict[str, Callable[[Vector], object]] = {
    "canonical": lambda vector: codec.parse_canonical(data_of(vector.input["bytes"])),
    "digest": _digest,
    "expand": _expand,
    "number": lambda vector: codec.decode_number(*codec.take(vector.input, "text", "width")),
    "challenge": lambda vector: codec.decode_challenge(vector.input["text"]),
    "time": lambda vector: codec.parse_time(vector.input["text"]),
    "signature": _signature,
    "credential": _credential,
    "names": _names,
    "manifest": _manifest,
    "layout": _layout,
    "plan": _plan,
    "outcome": _outcome,
    "certificate": _certificate,
    "election": _election,
    "ballot": _ballot,
    "audit": _audit,
    "inclusion": _inclusion,
    "consistency": _consistency,
    "checkpoint": _checkpoint,
    "promise": _paper,
    "refusal": _paper,
    "receipt": _paper,
}
