"""The worked example of docs/spec.md: a small election with every number on the way.

``python -m tests.support.worked_example docs/example`` writes it again, the same to the byte: all keys and all
randomness are seeded. The modulus has 512 bits, so it protects nothing; `secrets.json` even publishes what an
election hides. The record is made by the package `ballots`; the numbers of the steps are computed here
once more, with Python's own integers, as docs/spec.md writes them.
"""

import hashlib
import json
import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ballots import codec, receipts
from ballots.ballot import Sealed
from ballots.credentials import credential_key, new_code
from ballots.election import load_election
from ballots.manifest import Manifest, parse_manifest
from ballots.record import RecordWriter
from ballots.result import Tally
from ballots.roll import RollLine
from tests.support import worked_count, worked_steps, worked_tables
from tests.support.elections import (
    BITS,
    Simulation,
    Voter,
    ballot_body,
    contest,
    make_key_document,
    manifest_fields,
    safe_primes,
    seeded_key,
)

OPENS_AT = datetime(2027, 5, 1, 8, tzinfo=UTC)
CLOSES_AT = datetime(2027, 5, 1, 20, tzinfo=UTC)
EXTENDED_TO = datetime(2027, 5, 1, 21, tzinfo=UTC)

CONTESTS = (
    {
        **contest("mayor", "choose", ["ada", "ben", "cyd", "blank"], {"name": "plurality", "seats": 1}, min=1, max=1),
        "abstain": "blank",
    },
    contest("parks", "score", ["lake", "wood"], {"name": "plurality", "seats": 1}, top=2),
    contest("order", "rank", ["x", "y", "z"], {"name": "schulze", "seats": 1}, ties=False),
    contest(
        "pool",
        "choose",
        ["no", "yes"],
        {"name": "majority", "percent": 50, "turnout_percent": 0, "of": "yes"},
        min=0,
        max=1,
    ),
)
STYLES = {"town": ["mayor", "parks", "order"], "guest": ["pool"]}
PEOPLE = {
    "anna": ("town", 1),
    "bert": ("town", 1),
    "cleo": ("town", 2),
    "dora": ("town", 2),
    "emil": ("guest", 1),
    "fred": ("town", 1),
    "gina": ("town", 1),
}
"""Ballot style and weight of each voter; Gina stays away."""


def town(mayor: str, lake: int, wood: int, order: str) -> dict[str, Any]:
    return {"mayor": [mayor], "parks": {"lake": lake, "wood": wood}, "order": list(order)}


CHOICES: dict[str, dict[str, Any]] = {
    "anna": town("ben", 1, 0, "xyz"),
    "bert, audited": town("cyd", 2, 2, "zyx"),
    "bert": town("ben", 0, 2, "zxy"),
    "dora": town("ben", 0, 0, "zyx"),
    "cleo": town("ada", 2, 1, "xzy"),
    "anna again": town("ada", 2, 0, "xyz"),
    "emil": {"pool": ["yes"]},
    "fred": town("cyd", 0, 1, "zxy"),
    "dora again": town("cyd", 1, 2, "yxz"),
}
"""What was chosen, in the order of the log."""


@dataclass
class Example:
    """The finished election and what was handed out on the way."""

    simulation: Simulation
    people: dict[str, Voter]
    tally: Tally
    checkpoint: str
    documents: dict[str, Any] = field(default_factory=dict)


def make_manifest() -> Manifest:
    fields = manifest_fields(
        CONTESTS,
        id="0f2a6c0e-5d0b-4f0e-9b1c-3a1d5c7e9b11",
        title={"en": "The worked example", "fa": "نمونهٔ محاسبه‌شده"},
        description={"en": "A small election for readers of the specification."},
        styles=STYLES,
        opens_at=codec.encode_time(OPENS_AT),
        closes_at=codec.encode_time(CLOSES_AT),
        trustee_names=["One", "Two", "Three"],
        observers=[{"name": "Watch", "key": seeded_key("observer 0").public}],
        min_ballots=2,
        log_origin="vote.example/worked",
        booth={"booth.js": codec.encode_bytes(hashlib.sha256(b"the booth's code").digest())},
    )
    return parse_manifest(codec.encode_canonical(fields), allow_test_keys=True)


def make_people(manifest: Manifest) -> dict[str, Voter]:
    """Return the voters, and under ``dora again`` the credential that replaces Dora's."""
    rng = random.Random("worked example")
    people = {}
    for name, (style, weight) in {**PEOPLE, "dora again": PEOPLE["dora"]}.items():
        code = new_code(rng.getrandbits(100))
        people[name] = Voter(code, credential_key(code, manifest.hash), style, weight)
    return people


def make_simulation(manifest: Manifest, people: Mapping[str, Voter]) -> Simulation:
    document, shares, signing = make_key_document(manifest)
    lines = [RollLine(people[name].key.public, style, weight) for name, (style, weight) in PEOPLE.items()]
    roll = b"".join(line.encode() for line in sorted(lines, key=lambda line: line.voter))
    election = load_election(manifest.encode(), document.encode(), roll, allow_test_keys=True)
    rng = random.Random("worked example, ballots")
    return Simulation(election, list(people.values()), shares, rng, signing, now=OPENS_AT + timedelta(hours=1))


def make_example() -> Example:
    """Run the election from its manifest to its tally."""
    manifest = make_manifest()
    people = make_people(manifest)
    simulation = make_simulation(manifest, people)
    board_key, documents = seeded_key("board"), {}
    simulation.open()

    def cast(*names: str) -> None:
        for name in names:
            simulation.cast(people[name], CHOICES[name])

    def strike_or_replace(kind: str, **fields: str) -> None:
        simulation.append(kind, simulation.signed_by("registrar", kind, **fields))

    cast("anna")
    audited = simulation.seal(people["bert"], CHOICES["bert, audited"])
    simulation.append("audited", {"tracker": audited.ballot.tracker})
    documents["audit.json"] = audited.audit_document(simulation.election.key)
    cast("bert", "dora", "cleo")
    documents.update(revote(simulation, people["anna"], CHOICES["anna again"]))
    strike_or_replace("replace", old=people["dora"].key.public, new=people["dora again"].key.public)
    cast("emil", "fred", "dora again")
    strike_or_replace("strike", voter=people["fred"].key.public)
    extended = {"closes_at": codec.encode_time(EXTENDED_TO), "reason": "A power cut."}
    simulation.append("extend", simulation.signed_by("official", "extend", **extended))
    refused = simulation.seal(people["gina"], town("blank", 0, 0, "xyz"))
    documents["refusal.json"] = receipts.sign_refusal(
        board_key,
        simulation.fingerprint,
        refused.ballot.tracker,
        "A proof on the ballot does not hold.",
        codec.encode_time(simulation.now),
    )
    simulation.now = EXTENDED_TO + timedelta(minutes=1)
    simulation.close()
    sign_intents(simulation)
    tally = simulation.tally((1, 3))
    return Example(simulation, people, tally, simulation.checkpoint(), documents)


def revote(simulation: Simulation, voter: Voter, choices: Mapping[str, Any]) -> dict[str, Any]:
    """Cast the ballot whose promise and receipt the example shows."""
    sealed: Sealed = simulation.seal(voter, choices)
    entry = simulation.append("ballot", ballot_body(sealed.ballot, voter.key), sealed.ballot)
    proof = simulation.board.tree.inclusion_proof(entry.index, simulation.board.size)
    board_key, fingerprint, checkpoint = seeded_key("board"), simulation.fingerprint, simulation.checkpoint()
    return {
        "promise.json": receipts.sign_promise(board_key, fingerprint, sealed.ballot.tracker, entry.time),
        "receipt.json": receipts.sign_receipt(board_key, fingerprint, entry, checkpoint, proof),
    }


def sign_intents(simulation: Simulation) -> None:
    """Let the observer and trustees 1 and 3 sign; `Simulation.tally` adds trustee 2."""
    assert simulation.board.intent is not None
    signed = simulation.board.intent.signed(simulation.fingerprint)
    body = {"observer": 0, "signature": seeded_key("observer 0").sign("intent", signed)}
    simulation.append("intent", body)
    for trustee in (1, 3):
        simulation.intend(trustee)


def write_record(example: Example, folder: Path) -> None:
    simulation = example.simulation
    election = simulation.election
    lines = b"".join(line.encode() for line in election.roll.values())
    with RecordWriter(folder) as writer:
        for entry in simulation.entries:
            writer.append_entry(entry.encode())
        for ballot in simulation.ballots:
            writer.append_ballot(ballot.encode())
        writer.write_file("manifest.json", election.manifest.encode())
        writer.write_file("key.json", election.key_document.encode())
        writer.write_file("roll.jsonl", lines)
        writer.write_file("checkpoint", example.checkpoint.encode("utf-8"))
        writer.write_file("tally.json", example.tally.encode())


def secrets_of(example: Example) -> dict[str, Any]:
    """Return what nobody else may know in an election in earnest."""
    simulation = example.simulation
    names = ["board", "registrar", "official", "observer 0", "trustee 1", "trustee 2", "trustee 3"]
    return {
        "note": "Everything secret of this example. No election in earnest has such a file.",
        "primes": {name: str(value) for name, value in zip("pq", safe_primes(BITS), strict=True)},
        "shares": {str(index): str(share) for index, share in enumerate(simulation.shares, start=1)},
        "signing seeds": {name: codec.encode_bytes(seeded_key(name).seed) for name in names},
        "credential codes": {name: voter.code for name, voter in example.people.items()},
        "choices": CHOICES,
    }


def numbers_of(example: Example) -> dict[str, Any]:
    """Return the numbers of every step, by the names under which docs/spec.md quotes them."""
    election = example.simulation.election
    manifest = json.loads(election.manifest.encode())
    key = json.loads(election.key_document.encode())
    entries = [json.loads(entry.encode()) for entry in example.simulation.entries]
    threshold = manifest["trustees"]["threshold"]
    return {
        "encoding": worked_steps.encoding_steps(key["n"]),
        "layouts": worked_tables.layout_steps(),
        "credential": worked_steps.credential_steps(example.people["anna"], manifest),
        "election": worked_steps.election_steps(manifest, key, entries),
        "key": worked_steps.key_steps(key),
        "shares": worked_steps.share_steps(key, threshold),
        "log": worked_steps.log_steps(entries, manifest, example.documents["receipt.json"]),
        **worked_count.all_steps(example.simulation, json.loads(example.tally.encode())),
        "rules": worked_tables.rule_steps(),
    }


def write_example(folder: Path) -> None:
    """Write the record, the documents beside it and the numbers of every step."""
    example = make_example()
    write_record(example, folder / "record")
    for name, document in example.documents.items():
        (folder / name).write_bytes(codec.encode_canonical(document))
    for name, content in (
        ("secrets.json", secrets_of(example)),
        ("numbers.json", numbers_of(example)),
    ):
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (folder / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m tests.support.worked_example FOLDER")
    write_example(Path(sys.argv[1]))
