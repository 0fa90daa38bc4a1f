"""A petition with everything that its log can hold, made by the real programs; and forging of its record.

Whoever forges holds the board's key: hashes, heads and counts are made again after each change, so that what the
verifier finds is the lie itself and not a torn seal.
"""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from ballots import codec
from ballots.checkpoint import Head, sign_checkpoint
from ballots.merkle import MerkleTree, leaf_hash
from ballots.signatures import SigningKey
from evote.board.export import export_record
from evote.elections.corrections import strike_voter
from evote.settings import Settings
from participation.signatures.confirming import read_link, sign_by_roll, withdraw, withdraw_by_roll
from participation.signatures.logs import load_signing
from participation.signatures.receipts import receipt_of
from participation.signatures.reviewing import remove_entries, restore_entries
from participation.signatures.statements import sign_count
from tests.support.elections import Voter, seeded_key
from tests.support.participation import Town
from tests.support.server import Stage, make_stage
from tests.support.signing import Signing
from verifier.petition import check_petition

Entry = dict[str, Any]
Change = Callable[[list[Entry]], object]


@dataclass(frozen=True)
class Moderator:
    """An official who may do everything."""

    official_id: int = 1
    name: str = "Moderator"

    def may(self, permission: str) -> bool:
        return True


@dataclass
class Made:
    """A record with the keys behind it.

    Attributes:
        receipts: The files of the signers by mail, in the order of their numbers.
        election: The record of the election whose voters signed; it struck one more after the petition's close.
    """

    folder: Path
    board: SigningKey
    petition: dict[str, Any]
    stage: Stage
    receipts: list[bytes]
    election: Path

    @property
    def hash(self) -> str:
        return codec.encode_bytes(codec.digest("petition", self.petition))


def roll_sign(signing: Signing, voter: Voter) -> None:
    signature = voter.key.sign("petition-sign", {"petition": petition_hash_of(signing)})
    sign_by_roll(signing.ports, signing.petition_id, voter.key.public, signature, "")


def petition_hash_of(signing: Signing) -> str:
    return load_signing(signing.ports, signing.petition_id).hash


def strike(stage: Stage, number: int) -> None:
    """Let the registrar strike a voter's credential."""
    signed = {"election": stage.election.fingerprint_text, "voter": stage.voters[number].key.public}
    body = {"voter": signed["voter"], "signature": seeded_key("registrar").sign("strike", signed)}
    strike_voter(stage.services, stage.id, codec.encode_canonical(body))
    stage.sequence()


def make_record(settings: Settings, folder: Path) -> Made:
    """Open a petition, let people sign, withdraw, be removed, restored and struck; close it."""
    stage = make_stage(settings, voters=5)
    town = Town(stage.app, stage.services, stage.clock)
    signing = Signing(town)
    signing.open("mail roll", stage.id)
    secrets = [signing.sign(number)[0] for number in range(6)]
    for voter in stage.voters[:4]:
        roll_sign(signing, voter)
    signing.count()
    withdraw(signing.ports, signing.petition_id, secrets[0])
    remove_entries(signing.ports, Moderator(), signing.petition_id, [2, 3], "fraud")
    signing.count()
    restore_entries(signing.ports, Moderator(), signing.petition_id, [3])
    taking_back = {"petition": petition_hash_of(signing), "entry": 7}
    key = stage.voters[0].key
    withdraw_by_roll(signing.ports, signing.petition_id, key.public, key.sign("petition-withdraw", taking_back))
    strike(stage, 1)
    signing.count()
    signing.sign(0)
    signing.count()
    stage.clock.forward(days=31, hours=1)
    signing.count()
    signing.export(folder)
    receipts = [receipt_file(signing, secret) for secret in secrets]
    petition = codec.parse_canonical((folder / "petition.json").read_bytes())
    strike(stage, 2)
    election = folder.with_name("election")
    export_record(stage.services.database, stage.id, election)
    stage.services.database.close()
    return Made(folder, stage.services.board_key, petition, stage, receipts, election)


def receipt_file(signing: Signing, secret: bytes) -> bytes:
    found = read_link(signing.ports, signing.petition_id, secret).signature
    assert found is not None
    with signing.town.services.database.reading() as session:
        return receipt_of(session, signing.ports, found).data


def forge(made: Made, folder: Path, change: Callable[[list[Entry]], object], *, seal: bool = True) -> Path:
    """Copy the record, change its entries, and seal it again with the board's key.

    Args:
        made: The record.
        folder: To write to.
        change: Takes the entries and changes them in place.
        seal: Number the entries, sign head and count anew; otherwise only the lines change.
    """
    shutil.copytree(made.folder, folder)
    path = folder / "log" / "00000.jsonl"
    entries = [codec.parse_canonical(line) for line in path.read_bytes().splitlines()]
    change(entries)
    if seal:
        for index, entry in enumerate(entries):
            entry["index"] = index
    lines = [codec.encode_canonical(entry) for entry in entries]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    if seal:
        seal_again(made, folder, lines, entries)
    return folder


def seal_again(made: Made, folder: Path, lines: list[bytes], entries: list[Entry]) -> None:
    """Sign checkpoint and count over some lines; the count is what the verifier itself makes of them."""
    tree = MerkleTree()
    for line in lines:
        tree.append(leaf_hash(line))
    head = sign_checkpoint(made.petition["log_origin"], Head(tree.size, tree.root()), made.board)
    (folder / "checkpoint").write_text(head, encoding="utf-8")
    found, time = check_petition(folder), codec.parse_time(entries[-1]["time"])
    count = sign_count(made.board, made.hash, tree.size, time, found.counted, found.removed)
    (folder / "count.json").write_bytes(count)


def shift(time: str, **span: float) -> str:
    return codec.encode_time(codec.parse_time(time) + timedelta(**span))


def renew_request(made: Made, entry: Entry, **changes: str) -> None:
    """Change a signature and let the board sign its request again."""
    body = entry["body"]
    body |= changes
    token_hash = codec.encode_bytes(hashlib.sha256(codec.decode_bytes(body["token"], 32)).digest())
    names = ("method", "commitment", "mailbox", "person", "requested_at")
    request = {"petition": made.hash, "token_hash": token_hash, **{name: body[name] for name in names}}
    body["request"] = made.board.sign("petition-request", request)


def fresh(text: str) -> str:
    return codec.encode_bytes(codec.digest("test", {"text": text}))
