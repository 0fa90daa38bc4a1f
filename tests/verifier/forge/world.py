"""A whole election by somebody who holds every key: honest by default, and hostile wherever a test interferes."""

import base64
import copy
import hashlib
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gmpy2
from gmpy2 import mpz

from .bytes import Signer, b64, clock, jcs, merkle_path, merkle_root, number, signed_note, tag_hash
from .key import PRIMES, Key
from .vote import Made, Prover, shape_of

ORIGIN = "board.example/town"


def option(id_: str) -> dict[str, Any]:
    return {"id": id_, "label": {"en": id_.title()}, "party": {}, "info": {}, "media": {}}


def contest(id_: str, kind: str, options: str, rule: dict[str, Any], abstain: str = "", **own: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "kind": kind,
        "title": {"en": f"The {id_}"},
        "options": [option(name) for name in options.split()],
        "abstain": abstain,
        "rule": rule,
        **own,
    }


MAYOR = contest("mayor", "choose", "ada bob cyd blank", {"name": "plurality", "seats": 1}, "blank", min=1, max=1)
EVERY_KIND = [
    MAYOR,
    contest("council", "choose", "dan eve fay", {"name": "plurality", "seats": 2}, min=0, max=2),
    contest("school", "score", "gym lab", {"name": "plurality", "seats": 1}, top=2),
    contest("money", "points", "park road", {"name": "budget", "budget": 10, "costs": [4, 7]}, points=4),
    contest("chair", "rank", "hal ivy jon", {"name": "schulze", "seats": 1}, ties=False),
    contest("club", "rank", "kim lee max", {"name": "borda", "seats": 1}, ties=True),
    contest(
        "law",
        "choose",
        "yes no blank",
        {"name": "majority", "percent": 50, "turnout_percent": 25, "of": "yes"},
        "blank",
        min=1,
        max=1,
    ),
]
EVERY_CHOICE = [["ada"], ["dan", "fay"], {"gym": 2}, {"park": 3}, {"hal": 1, "ivy": 2, "jon": 3}, {"kim": 1}, ["yes"]]
OTHER_CHOICE = [["bob"], [], {"lab": 1}, {"road": 4}, {"jon": 1, "ivy": 2, "hal": 3}, {"lee": 1, "max": 1}, ["no"]]


class World:
    """An election in the making: `cast` and friends fill the log, `finish` closes and counts, `write` keeps it."""

    def __init__(
        self,
        contests: list[dict[str, Any]] | None = None,
        voters: dict[str, int] | None = None,
        trustees: int = 3,
        threshold: int = 2,
        observers: int = 1,
        seed: int = 1,
        change_key: Callable[[dict[str, Any]], None] | None = None,
        **changed: Any,
    ) -> None:
        self.random = random.Random(seed)
        self.contests = contests or [MAYOR]
        self.board, self.registrar, self.official = Signer("board"), Signer("registrar"), Signer("official")
        self.observers = [Signer(f"observer {i}") for i in range(observers)]
        self.trustees = [Signer(f"trustee {i}") for i in range(1, trustees + 1)]
        self.threshold = threshold
        self.key = Key(PRIMES[0], PRIMES[1], self.random, trustees, threshold)
        names = [f"Trustee {i}" for i in range(1, trustees + 1)]
        self.manifest: dict[str, Any] = {
            "version": 1,
            "id": "6f9f1c5e-3b0a-4c59-9d8a-0a4a1f7f7b11",
            "title": {"en": "Town election", "fa": "انتخابات شهر"},
            "description": {},
            "contests": self.contests,
            "styles": {"all": [c["id"] for c in self.contests], "first": [self.contests[0]["id"]]},
            "opens_at": clock(0),
            "closes_at": clock(600),
            "closing": "time",
            "trustees": {"total": trustees, "threshold": threshold, "names": names},
            "observers": [{"name": f"Observer {i}", "key": o.public} for i, o in enumerate(self.observers)],
            "min_ballots": 1,
            "modulus_bits": 512,
            "log_origin": ORIGIN,
            "board_key": self.board.public,
            "registrar_key": self.registrar.public,
            "official_key": self.official.public,
            "booth": {"index.html": b64(bytes(32))},
            **changed,
        }
        self.manifest_hash = tag_hash("manifest", self.manifest)
        self.key_document = self.key.document(self.manifest_hash, self.trustees, names)
        if change_key:
            change_key(self.key_document)
        self.voters = {name: Signer(f"voter {name}") for name in voters or {"ann": 1, "ben": 1, "cat": 1}}
        lines = [
            {"voter": self.voters[name].public, "style": "all", "weight": weight}
            for name, weight in (voters or {"ann": 1, "ben": 1, "cat": 1}).items()
        ]
        self.set_roll(sorted(lines, key=lambda line: str(line["voter"])))
        self.log: list[dict[str, Any]] = []
        self.ballots: list[dict[str, Any] | bytes] = []
        self.latest: dict[str, str] = {}
        self.tally: dict[str, Any] | None = None
        self.minutes = 0.0
        self.more_files: dict[str, bytes] = {}

    def set_roll(self, lines: list[dict[str, Any]]) -> None:
        """Fix the roll, and with it the election's fingerprint."""
        self.weights = {line["voter"]: (line["weight"], line["style"]) for line in lines}
        self.roll = b"".join(jcs(line) + b"\n" for line in lines)
        self.roll_lines = len(lines)
        parts = {
            "manifest": b64(self.manifest_hash),
            "key": b64(tag_hash("key", self.key_document)),
            "roll": b64(hashlib.sha256(self.roll).digest()),
        }
        self.election = b64(tag_hash("election", parts))
        self.prover = Prover(self.key, self.election, (self.key.bits - 129) // 32)

    # --- the log

    def append(self, type_: str, body: dict[str, Any], at: float | None = None) -> dict[str, Any]:
        self.minutes = self.minutes + 1 if at is None else at
        entry = {"time": clock(self.minutes), "type": type_, "body": body}
        self.log.append(entry)
        return entry

    def open(self) -> "World":
        self.append("manifest", self.manifest, -60)
        self.append("key", {"sha256": b64(hashlib.sha256(jcs(self.key_document)).digest())})
        sha256 = b64(hashlib.sha256(self.roll).digest())
        signature = self.registrar.sign("roll", {"manifest": b64(self.manifest_hash), "sha256": sha256})
        self.append("roll", {"sha256": sha256, "voters": self.roll_lines, "signature": signature})
        signed = {"election": self.election}
        signatures = {
            "official": self.official.sign("open", signed),
            "trustees": [trustee.sign("open", signed) for trustee in self.trustees],
        }
        self.append("open", {"election": self.election, "signatures": signatures})
        self.minutes = 0
        return self

    def make(self, name: str, choices: list[Any] | None = None, **changed: Any) -> Made:
        voter = self.voters[name].public
        style = self.weights.get(voter, (1, "all"))[1]
        asked = [c for c in self.contests if c["id"] in self.manifest["styles"][style]]
        previous = changed.pop("previous", self.latest.get(voter, ""))
        return self.prover.make(voter, previous, asked, choices or [["ada"]] * len(asked), **changed)

    def cast(self, name: str, choices: list[Any] | None = None, at: float | None = None, **changed: Any) -> Made:
        made = self.make(name, choices, **changed)
        self.log_ballot(made, name, at)
        return made

    def log_ballot(self, made: Made, name: str, at: float | None = None) -> dict[str, Any]:
        signer = self.voters[name]
        body = {
            "voter": made.ballot["voter"],
            "tracker": made.tracker,
            "previous": made.ballot["previous"],
            "signature": signer.sign("cast", {"tracker": made.tracker}),
        }
        self.ballots.append(made.ballot)
        self.latest[made.ballot["voter"]] = made.tracker
        return self.append("ballot", body, at)

    def replace(self, old: str, new: str) -> dict[str, Any]:
        self.voters.setdefault(new, Signer(f"voter {new}"))
        fields = {"old": self.voters[old].public, "new": self.voters[new].public}
        self.weights[fields["new"]] = self.weights.pop(fields["old"], (1, "all"))
        signature = self.registrar.sign("replace", {"election": self.election, **fields})
        return self.append("replace", {**fields, "signature": signature})

    def strike(self, name: str) -> dict[str, Any]:
        fields = {"voter": self.voters[name].public}
        self.weights.pop(fields["voter"], None)
        signature = self.registrar.sign("strike", {"election": self.election, **fields})
        return self.append("strike", {**fields, "signature": signature})

    def by_official(self, type_: str, at: float | None = None, **fields: Any) -> dict[str, Any]:
        signature = self.official.sign(type_, {"election": self.election, **fields})
        return self.append(type_, {**fields, "signature": signature}, at)

    # --- the end

    def counted(self) -> list[tuple[str, str]]:
        """Return voter and tracker of the ballots that count, in log order."""
        last = {entry["body"]["voter"]: entry["body"]["tracker"] for entry in self.log if entry["type"] == "ballot"}
        order = [e["body"]["tracker"] for e in self.log if e["type"] == "ballot"]
        standing = [(voter, tracker) for voter, tracker in last.items() if voter in self.weights]
        return sorted(standing, key=lambda pair: order.index(pair[1]))

    def leaves(self) -> list[bytes]:
        return [jcs({"index": index, **entry}) for index, entry in enumerate(self.log)]

    def close(self, at: float | None = None, counted: str = "", size: int | None = None) -> None:
        size = len(self.log) + 1 if size is None else size
        counted = counted or b64(tag_hash("counted", [tracker for _, tracker in self.counted()]))
        fields = {"size": size, "counted": counted}
        signature = ""
        if self.manifest["closing"] == "official":
            signature = self.official.sign("close", {"election": self.election, **fields})
        self.append("close", {**fields, "signature": signature}, at or max(self.minutes + 1, 600))
        root = b64(merkle_root(self.leaves()))
        self.header = {"election": self.election, "size": len(self.log), "root": root, "counted": counted}

    def intend(self, role: str, number_: int, header: dict[str, Any] | None = None) -> None:
        signer = self.observers[number_] if role == "observer" else self.trustees[number_ - 1]
        self.append("intent", {role: number_, "signature": signer.sign("intent", header or self.header)})

    def products(self, contest_id: str) -> tuple[list[mpz], int, int]:
        """Return the product of the counted cells of a contest, how many ballots, and their weight."""
        stored = {b64(tag_hash("ballot", b)): b for b in self.ballots if isinstance(b, dict)}
        cells: list[mpz] = []
        ballots = weight = 0
        for voter, tracker in self.counted():
            for answer in stored[tracker]["contests"]:
                if answer["id"] == contest_id:
                    numbers = [mpz(int.from_bytes(_bytes(c), "big")) for c in answer["cells"]]
                    powers = [gmpy2.powmod(c, self.weights[voter][0], self.key.n2) for c in numbers]
                    cells = [a * b % self.key.n2 for a, b in zip(cells, powers, strict=True)] if cells else powers
                    ballots, weight = ballots + 1, weight + self.weights[voter][0]
        return cells, ballots, weight

    def ciphertexts(self, asked: dict[str, Any], cells: list[mpz]) -> list[mpz]:
        slots = self.prover.slots
        shape, n2 = shape_of(asked, slots), self.key.n2
        outputs = []
        for terms in shape.outputs:
            product = mpz(1)
            for cell, weight in terms:
                product = product * gmpy2.powmod(cells[cell], weight, n2) % n2
            outputs.append(product)
        if shape.packed:
            return outputs
        packed = []
        for start in range(0, len(outputs), slots):
            product = mpz(1)
            for i, output in enumerate(outputs[start : start + slots]):
                product = product * gmpy2.powmod(output, 2 ** (32 * i), n2) % n2
            packed.append(product)
        return packed

    def count(
        self,
        outcomes: dict[str, dict[str, list[str]]] | None = None,
        members: list[int] | None = None,
        least: int | None = None,
    ) -> None:
        """Decrypt and write the tally; outcomes are given by the test, which knows the votes."""
        contests, all_ciphertexts = [], []
        for asked in self.contests:
            cells, ballots, weight = self.products(asked["id"])
            entry: dict[str, Any] = {
                "id": asked["id"],
                "ballots": ballots,
                "weight": weight,
                "ciphertexts": [],
                "certificates": [],
                "totals": [],
                "outcome": {"elected": [], "tied": []},
            }
            contests.append(entry)
            if ballots < (self.manifest["min_ballots"] if least is None else least):
                continue
            shape = shape_of(asked, self.prover.slots)
            left = len(asked["options"]) if shape.packed else len(shape.outputs)
            for ciphertext in self.ciphertexts(asked, cells):
                m, r = self.key.open(ciphertext)
                entry["ciphertexts"].append(number(ciphertext, 2 * self.key.width))
                entry["certificates"].append({"m": number(m, self.key.width), "r": number(r, self.key.width)})
                slots = min(left, self.prover.slots)
                entry["totals"] += [m >> 32 * i & 0xFFFFFFFF for i in range(slots)]
                left -= slots
                all_ciphertexts.append((asked["id"], ciphertext))
            entry["outcome"] = copy.deepcopy((outcomes or {}).get(asked["id"], {"elected": [], "tied": []}))
        partials = [
            {
                "version": 1,
                **self.header,
                "trustee": trustee,
                "parts": [self.key.part(trustee, self.header, id_, ciphertext) for id_, ciphertext in all_ciphertexts],
            }
            for trustee in members or range(1, self.threshold + 1)
        ]
        self.tally = {"version": 1, **self.header, "contests": contests, "partials": partials}

    def finish(
        self,
        outcomes: dict[str, dict[str, list[str]]] | None = None,
        tamper: Callable[[dict[str, Any]], None] | None = None,
    ) -> "World":
        """Close, sign all intents, count, and log the tally, which a test may tamper with before it is hashed."""
        self.close()
        for i in range(1, len(self.trustees) + 1):
            self.intend("trustee", i)
        for i in range(len(self.observers)):
            self.intend("observer", i)
        self.count(outcomes)
        if tamper and self.tally:
            tamper(self.tally)
        return self.log_tally()

    def log_tally(self) -> "World":
        self.append("tally", {"sha256": b64(hashlib.sha256(jcs(self.tally)).digest())})
        return self

    def receipt(self, index: int, size: int | None = None) -> dict[str, Any]:
        leaves = self.leaves()[: size or len(self.log)]
        body = self.log[index]["body"]
        fields = {
            "election": self.election,
            "voter": body["voter"],
            "tracker": body["tracker"],
            "index": index,
            "time": self.log[index]["time"],
            "leaf_hash": b64(hashlib.sha256(b"\x00" + leaves[index]).digest()),
            "checkpoint": signed_note(ORIGIN, leaves, self.board),
            "inclusion_proof": [b64(node) for node in merkle_path(leaves, index)],
        }
        return {**fields, "signature": self.board.sign("receipt", fields)}

    # --- the files

    def files(self) -> dict[str, bytes]:
        leaves = self.leaves()
        found = {
            "manifest.json": jcs(self.manifest),
            "key.json": jcs(self.key_document),
            "roll.jsonl": self.roll,
            "checkpoint": signed_note(self.manifest["log_origin"], leaves, self.board).encode(),
            **series("log", leaves),
            **series("ballots", [b if isinstance(b, bytes) else jcs(b) for b in self.ballots]),
        }
        if self.tally is not None:
            found["tally.json"] = jcs(self.tally)
        return found | self.more_files

    def write(self, folder: Path) -> Path:
        return write_files(self.files(), folder)


def series(name: str, lines: list[bytes]) -> dict[str, bytes]:
    return {
        f"{name}/{start // 10_000:05}.jsonl": b"".join(line + b"\n" for line in lines[start : start + 10_000])
        for start in range(0, max(len(lines), 1), 10_000)
    }


def write_files(files: dict[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def _bytes(text: str) -> bytes:

    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_")
