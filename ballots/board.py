"""The bulletin board's rules: which entry may follow which (section 7).

:class:`Board` replays a log. The sequencer asks it before it appends, trustees ask it when they
check a record: there is one set of rules. It needs memory for each voter, not for each ballot.
Proofs on ballots are checked apart, in batches (:mod:`ballots.batch`).
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from ballots import codec
from ballots.ballot import Ballot, verify_cast
from ballots.election import Election
from ballots.entries import Entry, check_body
from ballots.errors import LogError
from ballots.merkle import MerkleTree, leaf_hash
from ballots.roll import RollLine
from ballots.signatures import check_public_key, verify

OPENING_TYPES = ("manifest", "key", "roll", "open")
_STATES_OF = {
    "ballot": ("open",),
    "audited": ("open",),
    "replace": ("open",),
    "strike": ("open",),
    "extend": ("open",),
    "close": ("open",),
    "intent": ("closed",),
    "tally": ("closed",),
    "annul": ("open", "closed", "tallied"),
}


@dataclass(frozen=True)
class Cast:
    """A ballot on the log, as the count needs it."""

    index: int
    ordinal: int
    tracker: str


@dataclass(frozen=True)
class Vote:
    """A counted ballot: its place on the log and in ``ballots/``, and the line it votes for."""

    index: int
    ordinal: int
    tracker: str
    line: RollLine


@dataclass(frozen=True)
class Intent:
    """What trustees agree to count: the log up to ``close``, and the counted trackers' hash."""

    size: int
    root: str
    counted: str

    def signed(self, election: str) -> dict[str, object]:
        """Return the object that an intent's signature covers."""
        return {"election": election, "size": self.size, "root": self.root, "counted": self.counted}


class Board:
    """The state of a log after the entries admitted so far.

    Attributes:
        election: The election.
        tree: The Merkle tree over the entries.
        state: ``frozen``, ``open``, ``closed``, ``tallied`` or ``annulled``.
        last_time: The time of the latest entry, or "".
        closes_at: The closing time in force.
        standing: {voter key: roll line} of keys that may vote and be counted.
        latest: {voter key: its latest ballot}.
        intent: What is to be counted, once closed.
        signers: (``trustee`` or ``observer``, index) of the intents on the log.
    """

    def __init__(self, election: Election) -> None:
        """Start with an empty log."""
        self.election = election
        self.tree = MerkleTree()
        self.state = "frozen"
        self.last_time = ""
        self.closes_at = election.manifest.closes_at
        self.standing: dict[str, RollLine] = dict(election.roll)
        self.latest: dict[str, Cast] = {}
        self.ballots = 0
        self.intent: Intent | None = None
        self.signers: set[tuple[str, int]] = set()
        self.tally_sha256 = ""
        self._known: set[str] = set(election.roll) | election.reserved_keys
        self._trackers: set[str] = set()
        self._audited: set[str] = set()

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.tree.size

    def next_entry(self, kind: str, body: dict[str, object], moment: datetime) -> Entry:
        """Return the entry that would come next; its time never goes back behind the last one's."""
        return Entry(self.size, max(codec.encode_time(moment), self.last_time), kind, body)

    def admit(self, entry: Entry, ballot: Ballot | None = None) -> list[tuple[int, int, bytes]]:
        """Check the next entry and append it; nothing changes when it is refused.

        Args:
            entry: The entry.
            ballot: The ballot itself, for an entry of the type ``ballot``.

        Returns:
            The Merkle nodes that became complete, as (level, index, hash).

        Raises:
            LogError: The entry may not stand here; the message says why.
            SignatureRefused: A signature in it does not fit.
        """
        if entry.index != self.size:
            raise LogError(
                "Entry %(index)s stands where entry %(size)s is expected.", index=entry.index, size=self.size
            )
        codec.parse_time(entry.time)
        if entry.time < self.last_time:
            raise LogError("The time of entry %(index)s goes back behind the entry before it.", index=entry.index)
        check_body(entry.type, entry.body)
        if self.size < len(OPENING_TYPES):
            self._admit_opening(entry)
        else:
            self._admit_later(entry, ballot)
        self.last_time = entry.time
        completed = self.tree.append(leaf_hash(entry.encode()))
        if entry.type == "close":
            root = codec.encode_bytes(self.tree.root())
            self.intent = Intent(self.size, root, entry.body["counted"])
        return completed

    def votes(self) -> list[Vote]:
        """Return what counts, in log order: the last ballot of each standing key."""
        votes = [
            Vote(cast.index, cast.ordinal, cast.tracker, self.standing[voter])
            for voter, cast in self.latest.items()
            if voter in self.standing
        ]
        return sorted(votes, key=lambda vote: vote.index)

    def counted_hash(self) -> str:
        """Return H("counted", [trackers that count, in log order]), base64url."""
        return codec.encode_bytes(codec.digest("counted", [vote.tracker for vote in self.votes()]))

    def has_tracker(self, tracker: str) -> bool:
        """Tell whether a ballot with this tracker is on the log."""
        return tracker in self._trackers

    def is_audited(self, tracker: str) -> bool:
        """Tell whether this tracker was given up for an audit."""
        return tracker in self._audited

    def signed_by_quorum(self) -> bool:
        """Tell whether enough signers put the same intent on the log."""
        return len(self.signers) >= self.election.manifest.quorum

    def intent_key(self, body: dict[str, object]) -> tuple[tuple[str, int], str]:
        """Return who an intent's body says it is from, and that signer's public key.

        Raises:
            LogError: There is no such trustee or observer.
        """
        manifest = self.election.manifest
        if "trustee" in body:
            number = body["trustee"]
            if not isinstance(number, int) or not 1 <= number <= manifest.trustees.total:
                raise LogError("There is no trustee %(number)s.", number=number)
            return ("trustee", number), self.election.key_document.trustees[number - 1].key
        number = body["observer"]
        if not isinstance(number, int) or not 0 <= number < len(manifest.observers):
            raise LogError("There is no observer %(number)s.", number=number)
        return ("observer", number), manifest.observers[number].key

    def _admit_opening(self, entry: Entry) -> None:
        expected = OPENING_TYPES[entry.index]
        if entry.type != expected:
            raise LogError(
                "Entry %(index)s must be of the type '%(expected)s', not '%(type)s'.",
                index=entry.index,
                expected=expected,
                type=entry.type,
            )
        election, manifest, body = self.election, self.election.manifest, entry.body
        if entry.type == "manifest" and codec.encode_canonical(body) != manifest.encode():
            raise LogError("The manifest on the log differs from manifest.json.")
        if entry.type == "key":
            sha256 = hashlib.sha256(election.key_document.encode()).digest()
            if body["sha256"] != codec.encode_bytes(sha256):
                raise LogError("The key on the log differs from key.json.")
        if entry.type == "roll":
            if body["sha256"] != codec.encode_bytes(election.roll_sha256) or body["voters"] != len(election.roll):
                raise LogError("The roll on the log differs from roll.jsonl.")
            signed = {"manifest": manifest.hash_text, "sha256": body["sha256"]}
            verify(manifest.registrar_key, "roll", signed, body["signature"])
        if entry.type == "open":
            self._check_open(body)
            self.state = "open"

    def _check_open(self, body: dict[str, codec.Json]) -> None:
        election = self.election
        official, trustees = codec.take(body["signatures"], "official", "trustees")
        keys = [trustee.key for trustee in election.key_document.trustees]
        if body["election"] != election.fingerprint_text:
            raise LogError("The opening names another election.")
        if not isinstance(trustees, list) or len(trustees) != len(keys):
            raise LogError("The opening must be signed by all %(count)s trustees.", count=len(keys))
        signed = {"election": election.fingerprint_text}
        verify(election.manifest.official_key, "open", signed, official)
        for key, signature in zip(keys, trustees, strict=True):
            verify(key, "open", signed, signature)

    def _admit_later(self, entry: Entry, ballot: Ballot | None) -> None:
        allowed = _STATES_OF.get(entry.type)
        if allowed is None:
            raise LogError("An entry of the type '%(type)s' stands only at the log's beginning.", type=entry.type)
        if self.state not in allowed:
            raise LogError(
                "An entry of the type '%(type)s' may not follow: the election is %(state)s.",
                type=entry.type,
                state=self.state,
            )
        if entry.type == "ballot":
            self._admit_ballot(entry, ballot)
        elif entry.type == "audited":
            self._admit_audited(entry.body["tracker"])
        elif entry.type == "replace":
            self._admit_replace(entry.body)
        elif entry.type == "strike":
            self._check_standing(entry.body["voter"])
            self._verify_by(self.election.manifest.registrar_key, "strike", entry.body)
            del self.standing[entry.body["voter"]]
        elif entry.type == "extend":
            self._admit_extend(entry)
        elif entry.type == "annul":
            self._verify_by(self.election.manifest.official_key, "annul", entry.body)
            self.state = "annulled"
        elif entry.type == "close":
            self._check_close(entry)
            self.state = "closed"
        elif entry.type == "intent":
            self._admit_intent(entry.body)
        else:
            self._admit_tally(entry.body["sha256"])

    def _admit_ballot(self, entry: Entry, ballot: Ballot | None) -> None:
        body, voter, tracker = entry.body, entry.body["voter"], entry.body["tracker"]
        if ballot is None or (ballot.voter, ballot.tracker, ballot.previous) != (voter, tracker, body["previous"]):
            raise LogError("The entry and the ballot that belongs to it differ.")
        self._check_standing(voter)
        if not self.election.manifest.opens_at <= entry.time <= self.closes_at:
            raise LogError("The ballot came before the opening or after the closing time.")
        latest = self.latest.get(voter)
        if body["previous"] != (latest.tracker if latest else ""):
            raise LogError("The ballot does not follow this voter's latest ballot on the board.")
        self._check_new_tracker(tracker)
        verify_cast(ballot, body["signature"])
        self.latest[voter] = Cast(entry.index, self.ballots, tracker)
        self.ballots += 1
        self._trackers.add(tracker)

    def _admit_audited(self, tracker: str) -> None:
        codec.decode_bytes(tracker, codec.HASH_BYTES)
        self._check_new_tracker(tracker)
        self._audited.add(tracker)

    def _admit_replace(self, body: dict[str, str]) -> None:
        old, new = body["old"], body["new"]
        self._check_standing(old)
        check_public_key(new)
        if new in self._known:
            raise LogError("The new key of a replacement was used before.")
        self._verify_by(self.election.manifest.registrar_key, "replace", body)
        line = self.standing.pop(old)
        self.standing[new] = RollLine(new, line.style, line.weight)
        self._known.add(new)

    def _admit_extend(self, entry: Entry) -> None:
        closes_at = entry.body["closes_at"]
        codec.parse_time(closes_at)
        if entry.time > self.closes_at:
            raise LogError("An extension must be logged before the election closes.")
        if closes_at <= self.closes_at:
            raise LogError("An extension must move the closing time later.")
        self._verify_by(self.election.manifest.official_key, "extend", entry.body)
        self.closes_at = closes_at

    def _check_close(self, entry: Entry) -> None:
        body, manifest = entry.body, self.election.manifest
        if body["size"] != entry.index + 1:
            raise LogError("The close must name the log's size, itself included.")
        if body["counted"] != self.counted_hash():
            raise LogError("The close names other ballots as counted than the log gives.")
        if manifest.closing == "official":
            self._verify_by(manifest.official_key, "close", body)
        elif body["signature"] != "" or entry.time < self.closes_at:
            raise LogError("An election that closes by time closes unsigned, and not before its closing time.")

    def _admit_intent(self, body: dict[str, object]) -> None:
        signer, key = self.intent_key(body)
        if signer in self.signers:
            if signer[0] == "trustee":
                raise LogError("Trustee %(number)s has already signed an intent.", number=signer[1])
            raise LogError("Observer %(number)s has already signed an intent.", number=signer[1])
        if self.intent is None:
            raise LogError("There is no close to agree on.")
        verify(key, "intent", self.intent.signed(self.election.fingerprint_text), body["signature"])
        self.signers.add(signer)

    def _admit_tally(self, sha256: str) -> None:
        codec.decode_bytes(sha256, codec.HASH_BYTES)
        if not self.signed_by_quorum():
            needed = self.election.manifest.quorum
            raise LogError(
                "The tally needs the intents of %(needed)s signers; the log has %(count)s.",
                needed=needed,
                count=len(self.signers),
            )
        self.tally_sha256 = sha256
        self.state = "tallied"

    def _check_standing(self, voter: str) -> None:
        if voter not in self.standing:
            raise LogError("The key is not on the roll, or was replaced or struck.")

    def _check_new_tracker(self, tracker: str) -> None:
        if tracker in self._audited:
            raise LogError("This ballot was audited; an audited ballot cannot be cast.")
        if tracker in self._trackers:
            raise LogError("A ballot with this tracker is already on the board.")

    def _verify_by(self, key: str, tag: str, body: dict[str, codec.Json]) -> None:
        fields = {name: value for name, value in body.items() if name != "signature"}
        verify(key, tag, {"election": self.election.fingerprint_text, **fields}, body["signature"])
