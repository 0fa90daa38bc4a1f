"""Small elections with seeded keys, made in process: 512-bit moduli, never for anything but tests."""

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import gmpy2
import msgspec
from gmpy2 import mpz

from ballots import codec, threshold
from ballots.aggregate import Aggregate, Aggregator
from ballots.ballot import Ballot, Sealed, seal_ballot, short_secrets
from ballots.board import Board
from ballots.certificate import Certificate, make_certificate
from ballots.checkpoint import Head, sign_checkpoint
from ballots.credentials import credential_key, new_code
from ballots.election import Election, load_election
from ballots.entries import Entry
from ballots.keys import KeyDocument, TrusteeKey
from ballots.manifest import Manifest, parse_manifest
from ballots.paillier import PublicKey
from ballots.partial import make_partial, verify_partial
from ballots.result import Tally, combine
from ballots.roll import RollLine
from ballots.signatures import SigningKey

BITS = 512
OPENS_AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
CLOSES_AT = datetime(2026, 3, 8, 20, tzinfo=UTC)


def option(identity: str) -> dict[str, Any]:
    return {"id": identity, "label": {"en": identity.title()}, "party": {}, "info": {}, "media": {}}


def contest(identity: str, kind: str, options: Sequence[str], rule: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    common = {"id": identity, "kind": kind, "title": {"en": identity}, "abstain": "", "rule": dict(rule)}
    return {**common, "options": [option(name) for name in options], **fields}


MAYOR = contest("mayor", "choose", ["ada", "ben", "cyd"], {"name": "plurality", "seats": 1}, min=1, max=1)
COUNCIL = contest("council", "choose", ["a", "b", "c", "d"], {"name": "plurality", "seats": 2}, min=0, max=2)
PARKS = contest("parks", "score", ["lake", "wood"], {"name": "plurality", "seats": 1}, top=3)
MONEY = contest("money", "points", ["bus", "bike"], {"name": "budget", "budget": 9, "costs": [5, 6]}, points=5)
ORDER = contest("order", "rank", ["x", "y", "z"], {"name": "schulze", "seats": 1}, ties=False)
TIERS = contest("tiers", "rank", ["x", "y", "z"], {"name": "borda", "seats": 1}, ties=True)
EVERY_KIND = (MAYOR, COUNCIL, PARKS, MONEY, ORDER, TIERS)
A_CHOICE: dict[str, Any] = {
    "mayor": ["ben"],
    "council": ["a", "d"],
    "parks": {"lake": 3, "wood": 1},
    "money": {"bus": 2, "bike": 1},
    "order": ["z", "x", "y"],
    "tiers": [["y"], ["x", "z"]],
}


@lru_cache
def safe_primes(bits: int, seed: int = 0) -> tuple[int, int]:
    """Return two seeded safe primes of bits/2 each, top two bits set."""
    rng = random.Random(f"{bits}/{seed}")
    found: list[int] = []
    while len(found) < 2:
        candidate = rng.getrandbits(bits // 2) | 3 << bits // 2 - 2 | 3
        if gmpy2.is_prime(candidate >> 1) and gmpy2.is_prime(candidate) and candidate not in found:
            found.append(candidate)
    return found[0], found[1]


@lru_cache
def seeded_certificate(bits: int, seed: int) -> Certificate:
    return make_certificate(*safe_primes(bits, seed), random.Random(f"certificate/{bits}/{seed}").getrandbits)


def seeded_key(name: str) -> SigningKey:
    return SigningKey.from_seed(hashlib.sha256(name.encode()).digest())


def manifest_fields(contests: Sequence[Mapping[str, Any]] = (MAYOR,), **changes: Any) -> dict[str, Any]:
    """Return a manifest's fields; ``changes`` replace them."""
    names = changes.pop("trustee_names", ["One", "Two", "Three"])
    fields = {
        "version": 1,
        "id": "7c3b1f52-4f6e-4f0b-9a53-0d5a3e0f8a11",
        "title": {"en": "A test"},
        "description": {},
        "contests": list(contests),
        "styles": {"all": [one["id"] for one in contests]},
        "opens_at": codec.encode_time(OPENS_AT),
        "closes_at": codec.encode_time(CLOSES_AT),
        "closing": "official",
        "trustees": {"total": len(names), "threshold": 2, "names": names},
        "observers": [],
        "min_ballots": 1,
        "modulus_bits": BITS,
        "log_origin": "vote.example/test",
        "board_key": seeded_key("board").public,
        "registrar_key": seeded_key("registrar").public,
        "official_key": seeded_key("official").public,
        "booth": {},
    }
    return {**fields, **changes}


@dataclass
class Voter:
    """A voter of a test election with the key that the credential code derives."""

    code: str
    key: SigningKey
    style: str = "all"
    weight: int = 1


@dataclass
class Simulation:
    """A test election whose log is driven step by step, all keys at hand."""

    election: Election
    voters: list[Voter]
    shares: list[int]
    rng: random.Random
    trustee_keys: list[SigningKey]
    board: Board = field(init=False)
    entries: list[Entry] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)
    now: datetime = OPENS_AT + timedelta(hours=1)

    def __post_init__(self) -> None:
        self.board = Board(self.election)
        self.secrets = short_secrets(self.election, self.rng.getrandbits)

    @property
    def fingerprint(self) -> str:
        return self.election.fingerprint_text

    def append(self, kind: str, body: Mapping[str, Any], ballot: Ballot | None = None) -> Entry:
        self.now += timedelta(seconds=1)
        entry = self.board.next_entry(kind, dict(body), self.now)
        self.board.admit(entry, ballot)
        self.entries.append(entry)
        if ballot is not None:
            self.ballots.append(ballot)
        return entry

    def open(self) -> None:
        """Append manifest, key, roll and open."""
        manifest, document = self.election.manifest, self.election.key_document
        self.append("manifest", msgspec.to_builtins(manifest))
        self.append("key", {"sha256": codec.encode_bytes(hashlib.sha256(document.encode()).digest())})
        roll = {"manifest": manifest.hash_text, "sha256": codec.encode_bytes(self.election.roll_sha256)}
        signature = seeded_key("registrar").sign("roll", roll)
        self.append("roll", {"sha256": roll["sha256"], "voters": len(self.election.roll), "signature": signature})
        signed = {"election": self.fingerprint}
        signatures = {
            "official": seeded_key("official").sign("open", signed),
            "trustees": [key.sign("open", signed) for key in self.trustee_keys],
        }
        self.append("open", {"election": self.fingerprint, "signatures": signatures})

    def seal(self, voter: Voter, choices: Mapping[str, Any], previous: str | None = None) -> Sealed:
        cast = self.board.latest.get(voter.key.public)
        latest = cast.tracker if cast else ""
        return seal_ballot(
            self.election,
            voter.style,
            voter.key.public,
            latest if previous is None else previous,
            choices,
            self.rng.getrandbits,
            self.secrets,
        )

    def cast(self, voter: Voter, choices: Mapping[str, Any]) -> Entry:
        ballot = self.seal(voter, choices).ballot
        return self.append("ballot", ballot_body(ballot, voter.key), ballot)

    def signed_by(self, name: str, tag: str, **fields: Any) -> dict[str, Any]:
        """Return a body signed over the election and its fields, as replace, strike, extend and annul are."""
        return {**fields, "signature": seeded_key(name).sign(tag, {"election": self.fingerprint, **fields})}

    def close(self) -> None:
        fields = {"size": self.board.size + 1, "counted": self.board.counted_hash()}
        self.append("close", self.signed_by("official", "close", **fields))

    def intend(self, trustee: int) -> None:
        assert self.board.intent is not None
        signature = self.trustee_keys[trustee - 1].sign("intent", self.board.intent.signed(self.fingerprint))
        self.append("intent", {"trustee": trustee, "signature": signature})

    def aggregates(self) -> tuple[Aggregate, ...]:
        aggregator = Aggregator(self.election)
        for vote in self.board.votes():
            aggregator.add(self.ballots[vote.ordinal], vote.line)
        return aggregator.result()

    def partial(self, trustee: int, aggregates: Sequence[Aggregate] | None = None) -> dict[str, Any]:
        assert self.board.intent is not None
        opened = self.aggregates() if aggregates is None else aggregates
        share = self.shares[trustee - 1]
        return make_partial(self.election, self.board.intent, opened, trustee, share, self.rng.getrandbits)

    def tally(self, trustees: Sequence[int] = (1, 2)) -> Tally:
        """Sign all intents that are missing, combine and log the tally."""
        assert self.board.intent is not None
        for trustee in range(1, len(self.trustee_keys) + 1):
            if ("trustee", trustee) not in self.board.signers:
                self.intend(trustee)
        aggregates = self.aggregates()
        partials = [
            verify_partial(self.election, self.board.intent, aggregates, self.partial(trustee, aggregates))
            for trustee in trustees
        ]
        tally = combine(self.election, self.board.intent, aggregates, partials)
        self.append("tally", {"sha256": codec.encode_bytes(hashlib.sha256(tally.encode()).digest())})
        return tally

    def checkpoint(self) -> str:
        head = Head(self.board.size, self.board.tree.root())
        return sign_checkpoint(self.election.manifest.log_origin, head, seeded_key("board"))


def ballot_body(ballot: Ballot, key: SigningKey) -> dict[str, Any]:
    """Return the body of a ballot's entry, signed by the voter."""
    return {
        "voter": ballot.voter,
        "tracker": ballot.tracker,
        "previous": ballot.previous,
        "signature": ballot.sign(key),
    }


def make_voters(manifest: Manifest, count: int, weights: Sequence[int] = (1,)) -> list[Voter]:
    rng = random.Random("voters")
    styles = list(manifest.styles)
    voters = []
    for number in range(count):
        code = new_code(rng.getrandbits(100))
        key = credential_key(code, manifest.hash)
        voters.append(Voter(code, key, styles[number % len(styles)], weights[number % len(weights)]))
    return voters


def make_key_document(manifest: Manifest, seed: int = 0) -> tuple[KeyDocument, list[int], list[SigningKey]]:
    """Make the key document of a manifest with seeded primes; returns it, the shares and the signing keys."""
    p, q = safe_primes(manifest.modulus_bits, seed)
    total, quorum = manifest.trustees.total, manifest.trustees.threshold
    key = PublicKey(mpz(p) * q)
    rng: Callable[[int], int] = random.Random(f"shares/{seed}").getrandbits
    shares = threshold.share_secret(p, q, total, quorum, rng)
    signing = [seeded_key(f"trustee {number}") for number in range(1, total + 1)]
    trustees = [
        TrusteeKey(name, signer.public, key.encode_residue(threshold.share_key(key, share)))
        for name, signer, share in zip(manifest.trustees.names, signing, shares, strict=True)
    ]
    certificate = seeded_certificate(manifest.modulus_bits, seed)
    document = KeyDocument(1, manifest.hash_text, key.text, True, key.bits, trustees, certificate)
    return document, shares, signing


def simulate(
    contests: Sequence[Mapping[str, Any]] = (MAYOR,), voters: int = 3, weights: Sequence[int] = (1,), **changes: Any
) -> Simulation:
    """Make an election that is ready to open."""
    fields = manifest_fields(contests, **changes)
    manifest = parse_manifest(codec.encode_canonical(fields), allow_test_keys=True)
    document, shares, signing = make_key_document(manifest)
    people = make_voters(manifest, voters, weights)
    lines = [RollLine(person.key.public, person.style, person.weight) for person in people]
    roll = b"".join(line.encode() for line in sorted(lines, key=lambda line: line.voter))
    election = load_election(manifest.encode(), document.encode(), roll, allow_test_keys=True)
    return Simulation(election, people, shares, random.Random("simulation"), signing)
