"""The forger: takes a valid election apart, lets an attack change one thing, and re-does everything around it.

A :class:`Forge` holds an election as documents and steps. :meth:`Forge.redo` walks through them and computes again
what follows from what: the fingerprint, ballots that name another election or another ballot before them, trackers,
signatures, the log, the closing, intents, the encrypted count, partials, certificates, totals, outcome, hashes and
the checkpoint. By default the attacker holds every key; ``honest`` names those that sign nothing but what they signed
in the valid election. So an attack is stopped by what is wrong about it, not by a hash that somebody forgot.
"""

import copy
import hashlib
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
from gmpy2 import mpz

from ballots import codec
from ballots.aggregate import Aggregate, Aggregator
from ballots.ballot import Ballot, SealedContest, seal_ballot, short_secrets
from ballots.board import Intent
from ballots.checkpoint import Head, sign_checkpoint
from ballots.election import Election
from ballots.errors import EncodingError
from ballots.keys import KeyDocument
from ballots.manifest import Manifest
from ballots.merkle import MerkleTree, leaf_hash
from ballots.outcome import decide
from ballots.partial import make_partial
from ballots.proofs import ShortSecrets
from ballots.roll import RollLine
from ballots.signatures import SigningKey
from tests.attacks.key_maker import KeyMaker
from tests.attacks.steps import Document, Step, encode, hash_text, sha256_text
from tests.support.elections import Voter

Counted = tuple[Step, RollLine]
Opening = tuple[mpz, mpz]


def unchanged(value: Any) -> Any:
    return value


@dataclass
class Forge:
    """An election as its makers' malicious twins would publish it.

    Attributes:
        openers: The trustees whose partials stand in the tally.
        honest: Who signs nothing new: ``official``, ``registrar``, ``trustee 1`` …, ``observer 0`` …, or a voter's key.
        recount, aggregated: Change which ballots count; and which ones are added up although others count.
        packed, opened, partials, tallied: Change the ciphertexts, their (M, R), the partials, the whole tally.json.
        headed: Changes the head that the board signs.
        key_for: The manifest hash that the key names, if not this election's.
        protecting: Whether contests with too few ballots stay closed.
        rewrite: {(tag, who): a signature that the attacker writes instead of making one}.
        spoils: Change the files once they are written.
    """

    manifest: Document
    key: Document
    roll: list[Document]
    steps: list[Step]
    voters: list[Voter]
    keys: dict[str, SigningKey]
    key_maker: KeyMaker
    shares: list[int]
    openers: tuple[int, ...] = (1, 2)
    honest: set[str] = field(default_factory=set)
    recount: Callable[[list[Counted]], list[Counted]] = unchanged
    aggregated: Callable[[list[Counted]], list[Counted]] = unchanged
    packed: Callable[[list[Aggregate]], list[Aggregate]] = unchanged
    opened: Callable[[list[list[Opening]]], list[list[Opening]]] = unchanged
    partials: Callable[[list[Document]], list[Document]] = unchanged
    tallied: Callable[[Document], Document] = unchanged
    headed: Callable[[Head], Head] = unchanged
    spoils: list[Callable[[Path], object]] = field(default_factory=list)
    key_for: str = ""
    rewrite: dict[tuple[str, str], str] = field(default_factory=dict)
    protecting: bool = True
    rng: random.Random = field(default_factory=lambda: random.Random("forge"))
    tally: Document | None = None
    checkpoint: str = ""
    intent: Intent | None = None
    election: Election = field(init=False)
    tree: MerkleTree = field(init=False)
    _secrets: ShortSecrets | None = None

    def copy(self) -> "Forge":
        """Return a forge of its own for one attack; keys and finished ballots are shared."""
        own = copy.copy(self)
        for name in ("manifest", "key", "roll", "steps", "tally", "honest", "spoils", "rewrite"):
            setattr(own, name, copy.deepcopy(getattr(self, name)))
        own.keys, own.voters, own.shares = dict(self.keys), list(self.voters), list(self.shares)
        own.rng = random.Random("attack")
        return own

    # --- finding one's way

    @property
    def fingerprint(self) -> str:
        return self.election.fingerprint_text

    @property
    def ballots(self) -> list[Step]:
        return [step for step in self.steps if step.kind == "ballot"]

    def find(self, kind: str, nth: int = 0) -> Step:
        return [step for step in self.steps if step.kind == kind][nth]

    def place(self, step: Step) -> int:
        return next(place for place, other in enumerate(self.steps) if other is step)

    def ballots_of(self, voter: Voter) -> list[Step]:
        return [step for step in self.ballots if step.voter is voter]

    def insert(self, step: Step, before: Step) -> Step:
        """Insert a step; without a time it takes that of the step before it."""
        place = self.place(before)
        step.time = step.time or self.steps[place - 1].time
        self.steps.insert(place, step)
        return step

    def append(self, kind: str, **fields: Any) -> Step:
        self.steps.append(Step(kind, self.steps[-1].time, **fields))
        return self.steps[-1]

    def drop(self, *steps: Step) -> None:
        self.steps = [step for step in self.steps if all(step is not other for other in steps)]

    # --- doing it all again

    def redo(self) -> "Forge":
        self.election = self._elect()
        self.tree, self.tally, self.intent = MerkleTree(), None, None
        latest: dict[str, str] = {}
        for index, step in enumerate(self.steps):
            if step.kind == "ballot":
                self._redo_ballot(step, latest)
            step.body = {**self._body(index, step), **step.fixed}
            place = index if step.index is None else step.index
            step.leaf = encode({"index": place, "time": step.time, "type": step.kind, "body": step.body})
            self.tree.append(leaf_hash(step.leaf))
            if step.kind == "close" and self.intent is None:
                self.intent = Intent(step.body["size"], codec.encode_bytes(self.tree.root()), step.body["counted"])
        head = self.headed(Head(self.tree.size, self.tree.root()))
        self.checkpoint = sign_checkpoint(self.manifest["log_origin"], head, self.keys["board"])
        return self

    def roll_bytes(self) -> bytes:
        return b"".join(encode(line) + b"\n" for line in self.roll)

    def write(self, folder: Path) -> Path:
        for name in ("log", "ballots"):
            (folder / name).mkdir(parents=True)
        lines = [encode(step.sealed) if step.line is None else step.line for step in self.ballots]
        files = {
            "manifest.json": encode(self.manifest),
            "key.json": encode(self.key),
            "roll.jsonl": self.roll_bytes(),
            "log/00000.jsonl": b"".join(step.leaf + b"\n" for step in self.steps),
            "ballots/00000.jsonl": b"".join(line + b"\n" for line in lines),
            "checkpoint": self.checkpoint.encode(),
        }
        if self.tally is not None:
            files["tally.json"] = encode(self.tally)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        for spoil in self.spoils:
            spoil(folder)
        return folder

    def secrets(self) -> ShortSecrets:
        if self._secrets is None or self._secrets.key.n != self.election.key.n:
            self._secrets = short_secrets(self.election, self.rng.getrandbits)
        return self._secrets

    def seal(self, voter: Voter, choices: Mapping[str, Any], previous: str = "") -> Document:
        """Seal an honest ballot."""
        bits, public = self.rng.getrandbits, voter.key.public
        sealed = seal_ballot(self.election, voter.style, public, previous, choices, bits, self.secrets())
        return sealed.ballot.document

    def _elect(self) -> Election:
        manifest = msgspec.convert(self.manifest, Manifest)
        self.key["manifest"] = self.key_for or manifest.hash_text
        document = msgspec.convert(self.key, KeyDocument)
        roll = {line["voter"]: RollLine(**line) for line in self.roll}
        return Election(manifest, document, roll, hashlib.sha256(self.roll_bytes()).digest())

    def _redo_ballot(self, step: Step, latest: dict[str, str]) -> None:
        if step.kept:
            latest[step.sealed["voter"]] = step.tracker
            return
        assert step.voter is not None
        previous = latest.get(step.voter.key.public, "")
        old = step.ballot or {}
        if (old.get("election"), old.get("previous")) != (self.fingerprint, previous):
            step.ballot = self.seal(step.voter, step.choices, previous)
        latest[step.voter.key.public] = step.tracker

    def _sign(self, who: str, tag: str, fields: Document, old: str | None) -> str:
        if (tag, who) in self.rewrite:
            return self.rewrite[tag, who]
        if who in self.honest and old is not None:
            return old
        return self.keys[who].sign(tag, fields)

    def _body(self, index: int, step: Step) -> Document:
        old = step.body
        if step.kind == "manifest":
            return self.manifest
        if step.kind == "key":
            return {"sha256": sha256_text(encode(self.key))}
        if step.kind == "roll":
            fields: Document = {
                "manifest": hash_text("manifest", self.manifest),
                "sha256": sha256_text(self.roll_bytes()),
            }
            signature = self._sign("registrar", "roll", fields, old.get("signature"))
            return {"sha256": fields["sha256"], "voters": len(self.roll), "signature": signature}
        if step.kind == "open":
            return self._open_body(old.get("signatures", {}))
        if step.kind == "ballot":
            return self._ballot_body(step)
        if step.kind in ("replace", "strike", "extend", "annul", "close"):
            fields = {name: value for name, value in {**old, **step.fixed}.items() if name != "signature"}
            if step.kind == "close":
                counted = [counted.tracker for counted, _ in self.recount(self.counted(index))]
                fields = {"size": index + 1, "counted": hash_text("counted", counted)} | step.fixed
                if self.manifest["closing"] == "time":
                    return {**fields, "signature": ""}
            who = "registrar" if step.kind in ("replace", "strike") else "official"
            signed = {"election": self.fingerprint, **fields}
            return {**fields, "signature": self._sign(who, step.kind, signed, old.get("signature"))}
        if step.kind == "intent":
            role = "observer" if "observer" in old else "trustee"
            fields = self.intent.signed(self.fingerprint) if self.intent else {}
            signature = self._sign(f"{role} {old[role]}", "intent", fields, old.get("signature"))
            return {role: old[role], "signature": signature}
        if step.kind == "tally":
            self.tally = self.tallied(self._tally(index))
            return {"sha256": sha256_text(encode(self.tally))}
        return old

    def _open_body(self, old: Document) -> Document:
        fields = {"election": self.fingerprint}
        official = self._sign("official", "open", fields, old.get("official"))
        before: list[str | None] = old.get("trustees") or [None] * len(self.shares)
        trustees = [self._sign(f"trustee {number}", "open", fields, one) for number, one in enumerate(before, 1)]
        return {"election": self.fingerprint, "signatures": {"official": official, "trustees": trustees}}

    def _ballot_body(self, step: Step) -> Document:
        assert step.voter is not None
        body = {"voter": step.sealed["voter"], "tracker": step.tracker, "previous": step.sealed["previous"]}
        if step.voter.key.public in self.honest and step.body.get("tracker") == body["tracker"]:
            return {**body, "signature": step.body["signature"]}
        return {**body, "signature": step.voter.key.sign("cast", {"tracker": body["tracker"]})}

    # --- the count

    def counted(self, size: int) -> list[Counted]:
        """Return the last ballot of each standing key, without judging any entry."""
        standing = dict(self.election.roll)
        latest: dict[str, tuple[int, Step]] = {}
        for index, step in enumerate(self.steps[:size]):
            if step.kind == "ballot":
                latest[step.body["voter"]] = index, step
            elif step.kind == "strike":
                standing.pop(step.body["voter"], None)
            elif step.kind == "replace":
                stranger = RollLine(step.body["old"], *next((line.style, line.weight) for line in standing.values()))
                line = standing.pop(step.body["old"], None) or self.election.roll.get(step.body["old"], stranger)
                standing[step.body["new"]] = RollLine(step.body["new"], line.style, line.weight)
        last = [(index, step, standing[voter]) for voter, (index, step) in latest.items() if voter in standing]
        return [(step, line) for _, step, line in sorted(last, key=lambda vote: vote[0])]

    def add_up(self, counted: list[Counted]) -> list[Aggregate]:
        """Compute the encrypted count of any ballots, whatever their shape."""
        manifest = self.election.manifest
        if not self.protecting:
            manifest = msgspec.structs.replace(manifest, min_ballots=1)
        aggregator = Aggregator(replace(self.election, manifest=manifest))
        for step, line in counted:
            contests = [one for one in step.sealed["contests"] if one["id"] in self.election.layouts]
            sealed = tuple(SealedContest(one["id"], self.cells(one), ()) for one in contests)
            aggregator.add(Ballot(step.sealed, line.voter, "", sealed), line)
        return list(aggregator.result())

    def cells(self, contest: Document) -> tuple[mpz, ...]:
        """Return as many cells as the contest should have, 1 in place of what is no number."""
        wanted = self.election.layouts[contest["id"]].cells
        numbers = []
        for text in [*contest["cells"], *[""] * wanted][:wanted]:
            try:
                numbers.append(mpz(codec.decode_number(text, 2 * self.election.key.width)))
            except EncodingError:
                numbers.append(mpz(1))
        return tuple(numbers)

    def _tally(self, index: int) -> Document:
        assert self.intent is not None
        close = next(place for place, step in enumerate(self.steps) if step.kind == "close")
        counted = self.aggregated(self.recount(self.counted(close)))
        aggregates = self.packed(self.add_up(counted))
        openings = self.opened([[self.key_maker.open(one) for one in group.ciphertexts] for group in aggregates])
        contests = [self._contest(group, opened) for group, opened in zip(aggregates, openings, strict=True)]
        partials = [
            make_partial(
                self.election, self.intent, aggregates, trustee, self.shares[trustee - 1], self.rng.getrandbits
            )
            for trustee in self.openers
        ]
        header = {"version": 1, **self.intent.signed(self.fingerprint)}
        return {**header, "contests": contests, "partials": self.partials(partials)}

    def _contests_of(self, style: str) -> list[str]:
        return list(self.manifest["styles"].get(style, []))

    def _contest(self, aggregate: Aggregate, openings: list[Opening]) -> Document:
        key, layout = self.election.key, self.election.layouts[aggregate.id]
        totals: list[int] = []
        outcome: Document = {"elected": [], "tied": []}
        if openings:
            for (plaintext, _), slots in zip(openings, layout.group_slots(), strict=False):
                totals += [int(plaintext >> 32 * slot & 0xFFFF_FFFF) for slot in range(slots)]
            weight = sum(line["weight"] for line in self.roll if aggregate.id in self._contests_of(line["style"]))
            decided = decide(self.election.manifest.contest(aggregate.id), totals, aggregate.weight, weight)
            outcome = {"elected": list(decided.elected), "tied": list(decided.tied)}
        return {
            "id": aggregate.id,
            "ballots": aggregate.ballots,
            "weight": aggregate.weight,
            "ciphertexts": [key.encode_ciphertext(one) for one in aggregate.ciphertexts],
            "certificates": [{"m": key.encode_residue(m), "r": key.encode_residue(r)} for m, r in openings],
            "totals": totals,
            "outcome": outcome,
        }
