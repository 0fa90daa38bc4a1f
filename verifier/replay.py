"""Going through the log entry by entry, as the rules of section 7 have it.

A failure is noted and the log is followed as if the entry were right, where it can be: one fault gives one finding.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from . import codec, ed25519
from .codec import encode_bytes
from .election import Election
from .entries import (
    AnnulBody,
    AuditedBody,
    BallotBody,
    CloseBody,
    Entry,
    ExtendBody,
    IntentBody,
    KeyBody,
    ManifestBody,
    OpenBody,
    ReplaceBody,
    RollBody,
    StrikeBody,
    TallyBody,
    parse_entry,
    says_ballot,
)
from .errors import Malformed, Refused
from .folder import Line
from .merkle import GrowingTree, leaf_hash
from .report import Findings
from .roll import RollLine

OPENING = ("manifest", "key", "roll", "open")
ALLOWED = {
    "open": {"ballot", "audited", "replace", "strike", "extend", "annul", "close"},
    "closed": {"intent", "tally", "annul"},
    "tallied": {"annul"},
    "annulled": set[str](),
}
NEXT_PHASE = {"close": "closed", "tally": "tallied", "annul": "annulled"}


def read_entries(lines: Iterable[Line], findings: Findings) -> Iterator[tuple[Line, Entry | None, bool]]:
    """Parse the lines of the log.

    Yields:
        Each line with its entry, or None if it is malformed, and whether it has, or means to have, a stored ballot.
    """
    for line in lines:
        findings.looked("1 encoding: log")
        try:
            if line.fault:
                raise Malformed(line.fault)
            entry = parse_entry(line.data)
        except Malformed as reason:
            findings.fail("1 encoding: log", reason, line.place)
            yield line, None, says_ballot(line.data)
        else:
            yield line, entry, entry.type == "ballot"


@dataclass
class Replay:
    """The state that the log leads to.

    Attributes:
        phase: "new", "open", "closed", "tallied" or "annulled".
        closes_at: the closing time in force.
        standing: keys that count now, with what they are good for.
        known: every key that ever stood, with the same.
        latest: index and tracker of each key's latest ballot.
        opening: types of the entries 0 to 3 that stand where they must.
        roots: the root over the first `size` entries, for the sizes asked for and for the close.
        leaves: the leaf hashes at the indices asked for.
        ballots: number of ballot entries, whether in order or not.
    """

    election: Election
    findings: Findings
    sizes_asked: frozenset[int] = frozenset()
    leaves_asked: frozenset[int] = frozenset()
    tree: GrowingTree = field(default_factory=GrowingTree)
    phase: str = "new"
    time: datetime | None = None
    standing: dict[str, RollLine] = field(default_factory=dict)
    known: dict[str, RollLine] = field(default_factory=dict)
    latest: dict[str, tuple[int, str]] = field(default_factory=dict)
    trackers: dict[bytes, int] = field(default_factory=dict)
    audited: dict[bytes, int] = field(default_factory=dict)
    opening: set[str] = field(default_factory=set)
    roots: dict[int, bytes] = field(default_factory=dict)
    leaves: dict[int, bytes] = field(default_factory=dict)
    ballots: int = 0
    close: CloseBody | None = None
    intents: list[tuple[int, IntentBody]] = field(default_factory=list)
    tally: TallyBody | None = None
    annulled: AnnulBody | None = None

    def __post_init__(self) -> None:
        self.closes_at = self.election.manifest.closes_at
        self.standing = dict(self.election.roll.voters)
        self.known = self.standing.copy()
        self.used_keys = {key for _, key in self.election.own_keys()}
        self._mark_root()

    # --- the walk

    def run(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Follow the log, giving each line back once it is dealt with, to count them."""
        for line, entry, has_ballot in read_entries(lines, self.findings):
            index = self.tree.size
            leaf = leaf_hash(line.data)
            self.tree.append(leaf)
            if index in self.leaves_asked:
                self.leaves[index] = leaf
            self.ballots += has_ballot
            if entry is not None:
                self._follow(entry, index)
            if index == len(OPENING) - 1:
                self.phase = "open"
            self._mark_root()
            yield line

    def _mark_root(self) -> None:
        just_closed = self.close is not None and self.close_index + 1 == self.tree.size
        if self.tree.size in self.sizes_asked or just_closed:
            self.roots[self.tree.size] = self.tree.root()

    close_index: int = -1

    @property
    def close_root(self) -> bytes:
        """Return the root over entries 0 to close, which intents sign."""
        return self.roots[self.close_index + 1]

    def _follow(self, entry: Entry, index: int) -> None:
        findings = self.findings
        findings.looked("3 log: order")
        findings.looked("3 log: times")
        if entry.index != index:
            findings.fail("3 log: order", f"it is numbered {entry.index} but stands at place {index}", entry=index)
        if self.time and entry.time < self.time:
            findings.fail("3 log: times", "its time is before that of the entry before it", entry=index)
        self.time = entry.time
        if index < len(OPENING):
            if entry.type != OPENING[index]:
                reason = f'a "{OPENING[index]}" entry must stand here, not "{entry.type}"'
                findings.fail("3 log: order", reason, entry=index)
                return
            self.opening.add(entry.type)
        elif entry.type not in ALLOWED[self.phase]:
            findings.fail("3 log: order", f'no "{entry.type}" entry may stand here: {PHASES[self.phase]}', entry=index)
            return
        self._apply(entry, index)
        self.phase = NEXT_PHASE.get(entry.type, self.phase)

    def _apply(self, entry: Entry, index: int) -> None:
        match entry.body:
            case ManifestBody() as body:
                self._manifest(body, index)
            case KeyBody() as body:
                self._key(body, index)
            case RollBody() as body:
                self._roll(body, index)
            case OpenBody() as body:
                self._open(body, index)
            case BallotBody() as body:
                self._ballot(body, entry.time, index)
            case AuditedBody() as body:
                self._audited(body, index)
            case ReplaceBody() as body:
                self._replace(body, index)
            case StrikeBody() as body:
                self._strike(body, index)
            case ExtendBody() as body:
                self._extend(body, entry.time, index)
            case AnnulBody() as body:
                self._annul(body, index)
            case CloseBody() as body:
                self._close(body, entry.time, index)
            case IntentBody() as body:
                self.intents.append((index, body))
            case TallyBody() as body:
                self.tally = body

    def _signed(self, part: str, index: int, key: str, tag: str, value: codec.Json, signature: str, who: str) -> None:
        self.findings.looked(part)
        try:
            ed25519.verify(key, tag, value, signature)
        except Refused as reason:
            self.findings.fail(part, f"not signed by {who}: {reason}", entry=index)

    # --- entries 0 to 3

    def _manifest(self, body: ManifestBody, index: int) -> None:
        self.findings.looked("4 opening: manifest")
        if codec.canonical(body.value) != codec.canonical(self.election.manifest_value):
            self.findings.fail("4 opening: manifest", "the log's manifest is not manifest.json", entry=index)

    def _key(self, body: KeyBody, index: int) -> None:
        self.findings.looked("4 opening: key")
        if body.sha256 != self.election.key_sha256:
            self.findings.fail("4 opening: key", "the hash is not that of key.json", entry=index)

    def _roll(self, body: RollBody, index: int) -> None:
        election, part = self.election, "4 opening: roll"
        self.findings.looked(part)
        if body.sha256 != encode_bytes(election.roll.sha256):
            self.findings.fail(part, "the hash is not that of roll.jsonl", entry=index)
        if body.voters != election.roll.count:
            reason = f"it says {body.voters} voters, but roll.jsonl has {election.roll.count} lines"
            self.findings.fail(part, reason, entry=index)
        value = {"manifest": encode_bytes(election.manifest.hash), "sha256": body.sha256}
        key = election.manifest.registrar_key
        self._signed(part, index, key, "evote/1/roll", value, body.signature, "the registrar")

    def _open(self, body: OpenBody, index: int) -> None:
        election, part = self.election, "4 opening: open"
        self.findings.looked(part)
        if body.election != election.fingerprint:
            self.findings.fail(part, f"it opens {body.election}, not this election", entry=index)
        if len(body.trustees) != len(election.key.trustees):
            reason = f"{len(body.trustees)} trustees signed, not all {len(election.key.trustees)}"
            self.findings.fail(part, reason, entry=index)
        value = {"election": election.fingerprint}
        self._signed(part, index, election.manifest.official_key, "evote/1/open", value, body.official, "the official")
        for number, (trustee, signature) in enumerate(zip(election.key.trustees, body.trustees, strict=False), 1):
            self._signed(part, index, trustee.key, "evote/1/open", value, signature, f"trustee {number}")

    # --- between open and close

    def _ballot(self, body: BallotBody, time: datetime, index: int) -> None:
        findings = self.findings
        findings.looked("3 log: window")
        if not self.election.manifest.opens_at <= time <= self.closes_at:
            findings.fail("3 log: window", "the ballot was not accepted between opening and closing", entry=index)
        tracker = codec.decode_bytes(body.tracker, codec.HASH_BYTES)
        findings.looked("5 ballots: trackers")
        if tracker in self.trackers:
            reason = f"entry {self.trackers[tracker]} has the same tracker"
            findings.fail("5 ballots: trackers", reason, entry=index)
        if tracker in self.audited:
            reason = f"entry {self.audited[tracker]} says that this ballot was audited"
            findings.fail("5 ballots: trackers", reason, entry=index)
        self.trackers.setdefault(tracker, index)
        findings.looked("5 ballots: voter")
        if body.voter not in self.standing:
            known = body.voter in self.known
            reason = "the credential was replaced or struck before" if known else "the voter is not on the roll"
            findings.fail("5 ballots: voter", reason, entry=index)
            return
        findings.looked("5 ballots: previous")
        _, latest = self.latest.get(body.voter, (-1, ""))
        if body.previous != latest:
            reason = (
                "it does not name the latest ballot of its voter before it" if latest else "its voter had no ballot"
            )
            findings.fail("5 ballots: previous", reason, entry=index)
        self.latest[body.voter] = index, body.tracker

    def _audited(self, body: AuditedBody, index: int) -> None:
        tracker = codec.decode_bytes(body.tracker, codec.HASH_BYTES)
        self.findings.looked("5 ballots: trackers")
        before = self.trackers.get(tracker, self.audited.get(tracker))
        if before is not None:
            self.findings.fail("5 ballots: trackers", f"entry {before} has this tracker already", entry=index)
        self.audited.setdefault(tracker, index)

    def _withdraw(self, key: str, index: int) -> RollLine | None:
        self.findings.looked("7 counted: standing")
        if key not in self.standing:
            reason = "was replaced or struck before" if key in self.known else "is not on the roll"
            self.findings.fail("7 counted: standing", f"the credential {reason}", entry=index)
        return self.standing.pop(key, None)

    def _replace(self, body: ReplaceBody, index: int) -> None:
        election, part = self.election, "7 counted: standing"
        value = {"election": election.fingerprint, "old": body.old, "new": body.new}
        key = election.manifest.registrar_key
        self._signed(part, index, key, "evote/1/replace", value, body.signature, "the registrar")
        line = self._withdraw(body.old, index)
        self.findings.looked("4 opening: keys")
        if body.new in self.known or body.new in self.used_keys:
            self.findings.fail(part, "the new credential was used before", entry=index)
            return
        for reason in ed25519.faulty_keys([body.new]).values():
            self.findings.fail("4 opening: keys", reason, entry=index)
        if line is not None:
            self.standing[body.new] = self.known[body.new] = line
        self.used_keys.add(body.new)

    def _strike(self, body: StrikeBody, index: int) -> None:
        value = {"election": self.election.fingerprint, "voter": body.voter}
        key, part = self.election.manifest.registrar_key, "7 counted: standing"
        self._signed(part, index, key, "evote/1/strike", value, body.signature, "the registrar")
        self._withdraw(body.voter, index)

    def _extend(self, body: ExtendBody, time: datetime, index: int) -> None:
        part, election = "3 log: window", self.election
        value = {"election": election.fingerprint, "closes_at": body.signed_time, "reason": body.reason}
        key = election.manifest.official_key
        self._signed(part, index, key, "evote/1/extend", value, body.signature, "the official")
        if time > self.closes_at:
            self.findings.fail(part, "the extension came after the closing time in force", entry=index)
        if body.closes_at <= self.closes_at:
            self.findings.fail(part, "the extension does not move the closing time later", entry=index)
        self.closes_at = max(self.closes_at, body.closes_at)

    # --- the end

    def _annul(self, body: AnnulBody, index: int) -> None:
        value = {"election": self.election.fingerprint, "reason": body.reason}
        key = self.election.manifest.official_key
        self._signed("3 log: closing", index, key, "evote/1/annul", value, body.signature, "the official")
        self.annulled = body

    def _close(self, body: CloseBody, time: datetime, index: int) -> None:
        part, manifest = "3 log: closing", self.election.manifest
        self.findings.looked(part)
        if body.size != index + 1:
            self.findings.fail(part, f"it says {body.size} entries, but is number {index + 1}", entry=index)
        if manifest.closing == "official":
            value: codec.Json = {
                "election": self.election.fingerprint,
                "size": body.size,
                "counted": body.counted,
            }
            key = manifest.official_key
            self._signed(part, index, key, "evote/1/close", value, body.signature, "the official")
        else:
            if body.signature:
                self.findings.fail(part, "it is signed, though this election closes by time", entry=index)
            if time < self.closes_at:
                self.findings.fail(part, "it was closed before its time", entry=index)
        self.close, self.close_index = body, index


PHASES = {
    "open": "the election is open",
    "closed": "the election is closed",
    "tallied": "the tally is published",
    "annulled": "the election is annulled",
}
