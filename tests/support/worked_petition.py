"""The worked example of a petition's record: two sign by mail, one by the roll, one takes it back; then it is closed.

    python -m tests.support.worked_petition docs/example-petition

The roll is that of docs/example. Nothing is random: what an implementation computes can be compared byte by byte.
"""

import hashlib
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ballots import codec
from ballots.checkpoint import Head, sign_checkpoint
from ballots.credentials import credential_key
from ballots.merkle import MerkleTree, leaf_hash
from ballots.signatures import SigningKey
from participation.signatures.asking import token_of
from participation.signatures.statements import (
    Opening,
    PetitionDocument,
    Request,
    Roll,
    confirmed_body,
    credential_body,
    encode_entry,
    hash_token,
    key_commitment,
    nullifiers,
    petition_hash,
    sign_count,
    sign_promise,
    sign_request,
    signed_by_credential,
    text_hash,
)

ELECTION = Path(__file__).resolve().parents[2] / "docs" / "example"
OPENS = datetime(2027, 6, 1, 9, tzinfo=UTC)
PEOPLE = (("Anna Lee", "anna@example.org", "IR-23"), ("Ben Ray", "ben@example.org", "IR-09"))


def secret(name: str) -> bytes:
    """Return 32 bytes that a server would draw."""
    return hashlib.sha256(f"example petition: {name}".encode()).digest()


def write_petition(folder: Path) -> None:
    """Write the record, a receipt, and every number on the way."""
    numbers: dict[str, Any] = {}
    (folder / "record" / "log").mkdir(parents=True)
    secrets = json.loads((ELECTION / "secrets.json").read_bytes())
    board = SigningKey.from_seed(codec.decode_bytes(secrets["signing seeds"]["board"], 32))
    text = codec.encode_canonical(
        {"title": "A night bus", "action": "Let the harbour bus run at night.", "details": "", "language": "en"}
    )
    roll_file = (ELECTION / "record" / "roll.jsonl").read_bytes()
    manifest = codec.parse_canonical((ELECTION / "record" / "manifest.json").read_bytes())
    election = json.loads((ELECTION / "numbers.json").read_bytes())["election"]
    key = secret("key of nullifiers")
    document = PetitionDocument(
        id="00000000-0000-4000-8000-000000000001",
        text=text_hash(text),
        methods=("mail", "roll"),
        opens_at=OPENS,
        closes_at=OPENS + timedelta(days=30),
        grace=timedelta(days=1),
        per_mailbox=2,
        nullifier_key=key_commitment(key),
        log_origin="vote.example/petitions/00000000-0000-4000-8000-000000000001",
        board_key=board.public,
        roll=Roll(election["F"], election["M"], manifest["registrar_key"], election["roll sha256"]),
    ).encode()
    petition = petition_hash(document)
    entries: list[tuple[datetime, str, Any]] = [(OPENS, "petition", {"petition": petition})]
    bodies = []
    for number, (name, mail, region) in enumerate(PEOPLE):
        at, subject, link = OPENS + timedelta(minutes=5 * number + 1), f"mail:{mail}", secret(f"link {number}")
        opening = Opening(codec.encode_bytes(secret(f"salt {number}")), subject, name, region)
        made = nullifiers(key, subject, name.casefold(), mail)
        request = Request("mail", opening.commitment(), made, hash_token(token_of(link)), at)
        signature = sign_request(board, petition, request)
        body = confirmed_body(request.statement(petition), signature, token_of(link), at + timedelta(minutes=1))
        bodies.append((body, opening))
        entries.append((at + timedelta(minutes=1), "confirmed", body))
        numbers |= {
            f"{name}: opening": opening.as_json(),
            f"{name}: commitment": opening.commitment(),
            f"{name}: mailbox": made.mailbox,
            f"{name}: person": made.person,
            f"{name}: secret of the link": codec.encode_bytes(link),
            f"{name}: token": codec.encode_bytes(token_of(link)),
            f"{name}: signed request": request.statement(petition),
        }
    voter = credential_key(secrets["credential codes"]["cleo"], codec.decode_bytes(election["M"], 32))
    signed = voter.sign("petition-sign", signed_by_credential(petition))
    at = OPENS + timedelta(minutes=20)
    entries.append((at, "credential", credential_body(voter.public, at, signed)))
    removal = {"entry": 2, "by": "signer", "reason": "withdrawn", "signature": ""}
    entries.append((at + timedelta(minutes=1), "remove", removal))
    counted = {"mail": 1, "oidc": 0, "roll": 1}
    end = OPENS + timedelta(days=31, minutes=1)
    entries.append((end, "close", {"counted": counted, "reason": "time"}))
    lines = [encode_entry(index, time, kind, body) for index, (time, kind, body) in enumerate(entries)]
    tree = MerkleTree()
    for line in lines:
        tree.append(leaf_hash(line))
    checkpoint = sign_checkpoint("vote.example/petitions/00000000-0000-4000-8000-000000000001", _head(tree), board)
    body, opening = bodies[0]
    receipt = {
        "version": 1,
        "petition": petition,
        "body": body,
        "opening": [opening.as_json()],
        "promise": sign_promise(board, petition, body),
        "logged": [
            {
                "index": 1,
                "time": codec.encode_time(entries[1][0]),
                "checkpoint": checkpoint,
                "proof": [codec.encode_bytes(node) for node in tree.inclusion_proof(1, tree.size)],
            }
        ],
    }
    numbers |= {
        "key of nullifiers": codec.encode_bytes(key),
        "P": petition,
        "text": text_hash(text),
        "leaf hashes": [leaf_hash(line).hex() for line in lines],
        "root": tree.root().hex(),
    }
    files = {
        "record/petition.json": document,
        "record/text.json": text,
        "record/roll.jsonl": roll_file,
        "record/log/00000.jsonl": b"".join(line + b"\n" for line in lines),
        "record/checkpoint": checkpoint.encode(),
        "record/count.json": sign_count(board, petition, tree.size, end, counted, {"withdrawn": 1}),
        "receipt.json": codec.encode_canonical(receipt),
        "numbers.json": json.dumps(numbers, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n",
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)


def _head(tree: MerkleTree) -> Head:
    return Head(tree.size, tree.root())


if __name__ == "__main__":
    write_petition(Path(sys.argv[1]))
