"""The vectors that the other implementations wrote, judged by the verifier: the whole of it, or the named check."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.forge.bytes import jcs
from verifier import audit, certificate, codec, ed25519
from verifier.ballot import Ballot, check_shape, parse_ballot
from verifier.batch import all_hold
from verifier.checkpoint import parse_checkpoint
from verifier.contests import compile_contest
from verifier.election import bind
from verifier.entries import KeyBody, ManifestBody, OpenBody, RollBody, parse_entry
from verifier.errors import Malformed, Refused, VerifierError
from verifier.folder import RecordFolder
from verifier.key import parse_key
from verifier.manifest import Manifest, _contest, parse_manifest
from verifier.merkle import leaf_hash, root_from_inclusion
from verifier.proofs import check_challenges, check_equations, check_ranges, check_units
from verifier.receipt import parse_document
from verifier.report import Findings
from verifier.roll import Roll, read_roll

FOLDER = Path(__file__).parents[1] / "vectors"
VECTORS = {path.stem: json.loads(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))}
NOT_ITS_BUSINESS = {"credential", "consistency"}
"""The verifier derives no voter's key, and compares roots of the whole log instead of consistency proofs."""
ONE_CLASS = {"encoding", "contest", "proof"}
"""What may stand for another of these, by the vectors' README, where a ballot has the wrong shape."""


class Judged(Exception):
    """A vector is refused by the check that this names."""


def refusing(check: str, judge: Callable[[], Any]) -> Any:
    try:
        return judge()
    except VerifierError as reason:
        raise Judged(check) from reason


def must(check: str, held: bool) -> None:
    if not held:
        raise Judged(check)


def raw(text: Any) -> bytes:
    if isinstance(text, dict):
        text = VECTORS[text["file"].removesuffix(".json")]["input"][text["field"]]
    return codec.decode_bytes(text, len(text) * 3 // 4)


def manifest_of(given: dict[str, Any]) -> Manifest:
    return parse_manifest(codec.parse(raw(given["manifest"])))


def canonical(given: dict[str, Any], _: Path) -> None:
    refusing("encoding", lambda: codec.parse(raw(given["bytes"])))


def digest(given: dict[str, Any], _: Path) -> None:
    must("encoding", codec.encode_bytes(codec.tagged_hash(given["tag"], given["value"])) == given["digest"])


def expand(given: dict[str, Any], _: Path) -> None:
    number = codec.expand(given["tag"], given["value"], given["bits"])
    must("encoding", codec.encode_number(number, -(-given["bits"] // 8)) == given["number"])


def number(given: dict[str, Any], _: Path) -> None:
    refusing("encoding", lambda: codec.decode_number(given["text"], given["width"]))


def signature(given: dict[str, Any], _: Path) -> None:
    fields = (given["public"], given["tag"], given["value"], given["signature"])
    refusing("signature", lambda: ed25519.verify(*fields))


def names(given: dict[str, Any], _: Path) -> None:
    must("encoding", codec.short_form(raw(given["tracker"])) == given["short"])
    must("encoding", codec.voter_number(given["voter"]) == given["number"])


def manifest(given: dict[str, Any], _: Path) -> None:
    value = refusing("encoding", lambda: codec.parse(raw(given["bytes"])))
    parsed = refusing("manifest", lambda: parse_manifest(value))
    must("manifest", codec.encode_bytes(parsed.hash) == given["hash"])


def layout(given: dict[str, Any], _: Path) -> None:
    contest = refusing("manifest", lambda: _contest(given["contest"]))
    built = refusing("contest", lambda: compile_contest(contest, given["slots"]))
    must("contest", (built.cells, built.packed) == (given["cells"], given["packed"]))
    found = [
        {"terms": [[cell, str(weight)] for cell, weight in s.terms], "values": [str(value) for value in s.values]}
        for s in built.statements
    ]
    must("contest", found == given["statements"])


def plan(given: dict[str, Any], _: Path) -> None:
    contest = refusing("manifest", lambda: _contest(given["contest"]))
    built = compile_contest(contest, given["slots"])
    must("contest", len(given["cells"]) == built.cells)
    refusing("contest", lambda: audit.read_choice(contest, built, [int(cell) for cell in given["cells"]]))


def read_whole_roll(given: dict[str, Any], folder: Path) -> Roll:
    (folder / "roll.jsonl").write_bytes(raw(given["roll"]))
    findings = Findings()
    roll = read_roll(RecordFolder(folder), manifest_of(given), findings)
    must("record", not findings.failures)
    return roll


def election(given: dict[str, Any], folder: Path) -> None:
    value = codec.parse(raw(given["manifest"]))
    parsed = refusing("manifest", lambda: parse_manifest(value))
    key = refusing("key", lambda: parse_key(codec.parse(raw(given["key"])), parsed.modulus_bits))
    made = bind(parsed, value, key, raw(given["key"]), read_whole_roll(given, folder))
    must("record", made.fingerprint == given["election"])
    must("key", key.manifest == parsed.hash)
    refusing("key", lambda: certificate.check_basics(key.modulus))
    must("key", not certificate.check_roots(key.modulus, key.roots, 0))
    refusing("key", lambda: certificate.check_sizes(key))
    refusing("key", lambda: certificate.check_shares(key, parsed.threshold))
    bodies = [parse_entry(line).body for line in raw(given["log"]).splitlines()]
    first, second, third, fourth = bodies
    must("record", isinstance(first, ManifestBody) and first.value == value)
    must("record", isinstance(second, KeyBody) and second.sha256 == made.key_sha256)
    assert isinstance(third, RollBody)
    assert isinstance(fourth, OpenBody)
    signed = {"manifest": codec.encode_bytes(parsed.hash), "sha256": codec.encode_bytes(made.roll.sha256)}
    refusing("signature", lambda: ed25519.verify(parsed.registrar_key, "evote/1/roll", signed, third.signature))
    for signer, its in [(parsed.official_key, fourth.official)] + [
        (trustee.key, its) for trustee, its in zip(key.trustees, fourth.trustees, strict=True)
    ]:
        opened = {"election": made.fingerprint}
        refusing("signature", lambda s=signer, i=its, v=opened: ed25519.verify(s, "evote/1/open", v, i))  # type: ignore[misc]


def judge_ballot(given: dict[str, Any], value: Any, folder: Path) -> Ballot:
    parsed, text = manifest_of(given), jcs(value)
    document = parse_key(codec.parse(raw(given["key"])), parsed.modulus_bits)
    ballot: Ballot = refusing("encoding", lambda: parse_ballot(codec.parse(text), document.modulus))
    layouts, modulus = parsed.layouts, document.modulus
    refusing("contest", lambda: check_shape(ballot, parsed.styles[given["style"]], layouts))
    refusing("proof", lambda: check_ranges(ballot, modulus))
    refusing("proof", lambda: check_challenges(ballot))
    together = all_hold([ballot], layouts, modulus)
    try:
        check_units(ballot, modulus)
        check_equations(ballot, layouts, modulus)
    except Refused as reason:
        assert not together, "the batch accepts what the plain check refuses"
        raise Judged("proof") from reason
    assert together, "the batch refuses what the plain check accepts"
    must("record", ballot.tracker == given["tracker"])
    made = bind(
        parsed, codec.parse(raw(given["manifest"])), document, raw(given["key"]), read_whole_roll(given, folder)
    )
    must("record", ballot.election == made.fingerprint)
    return ballot


def ballot(given: dict[str, Any], folder: Path) -> None:
    parsed = judge_ballot(given, given["ballot"], folder)
    if "signature" in given:
        cast = {"tracker": parsed.tracker}
        refusing("signature", lambda: ed25519.verify(parsed.voter, "evote/1/cast", cast, given["signature"]))


def audited(given: dict[str, Any], folder: Path) -> None:
    parsed = judge_ballot(given, given["audit"]["ballot"], folder)
    modulus = parse_key(codec.parse(raw(given["key"])), manifest_of(given).modulus_bits).modulus
    opened = refusing("encoding", lambda: [audit._opened(item, modulus) for item in given["audit"]["openings"]])
    refusing("proof", lambda: audit._check_cells(parsed, opened, modulus))


def inclusion(given: dict[str, Any], _: Path) -> None:
    proof = [raw(node) for node in given["proof"]]
    found = root_from_inclusion(raw(given["leaf_hash"]), given["index"], given["size"], proof)
    must("log", found == raw(given["root"]))


def checkpoint(given: dict[str, Any], _: Path) -> None:
    text = given["text"].encode()
    read = refusing("log", lambda: parse_checkpoint(text, given["origin"], given["board_key"]))
    must("log", (read.size, codec.encode_bytes(read.root)) == (given["size"], given["root"]))


def paper(given: dict[str, Any], _: Path) -> None:
    document = refusing("encoding", lambda: parse_document("paper", json.dumps(given["document"]).encode()))
    value, cast = document.value, given["cast"]
    for name in ("election", "tracker", "voter"):
        must("record", value.get(name, cast[name]) == cast[name])
    tag = f"evote/1/{document.kind}"
    refusing("signature", lambda: ed25519.verify(given["board_key"], tag, value, document.signature))
    if document.kind == "receipt":
        body = {name: part for name, part in cast.items() if name != "election"}
        entry = {"index": value["index"], "time": value["time"], "type": "ballot", "body": body}
        text = str(value["checkpoint"]).encode()
        head = refusing("log", lambda: parse_checkpoint(text, given["origin"], given["board_key"]))
        leaf = leaf_hash(codec.canonical(entry))
        must("log", codec.encode_bytes(leaf) == value["leaf_hash"])
        proof = [raw(node) for node in value["inclusion_proof"]]
        must("log", root_from_inclusion(leaf, value["index"], head.size, proof) == head.root)


JUDGES: dict[str, Callable[[dict[str, Any], Path], None]] = {
    "canonical": canonical,
    "digest": digest,
    "expand": expand,
    "number": number,
    "signature": signature,
    "names": names,
    "manifest": manifest,
    "layout": layout,
    "plan": plan,
    "election": election,
    "ballot": ballot,
    "audit": audited,
    "inclusion": inclusion,
    "checkpoint": checkpoint,
    "promise": paper,
    "refusal": paper,
    "receipt": paper,
}


@pytest.mark.parametrize("name", [name for name, v in VECTORS.items() if v["kind"] not in NOT_ITS_BUSINESS])
def test_vector(name: str, tmp_path: Path) -> None:
    vector = VECTORS[name]
    found = "accept"
    try:
        JUDGES[vector["kind"]](vector["input"], tmp_path)
    except Judged as reason:
        found = str(reason)
    except Malformed:
        found = "encoding"
    wanted = vector["expect"]
    alike = vector["kind"] in ("ballot", "audit") and {found, wanted} <= ONE_CLASS
    assert found == wanted or alike, vector["reason"]


def test_every_kind_has_a_judge() -> None:
    assert {vector["kind"] for vector in VECTORS.values()} <= JUDGES.keys() | NOT_ITS_BUSINESS
