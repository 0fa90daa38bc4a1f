"""Going through a petition's log entry by entry, as section 18.4 has it, and counting what stands (18.5)."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from . import ed25519
from .codec import Json, encode_bytes
from .entries import ReplaceBody, StrikeBody
from .errors import Malformed, Refused
from .folder import Line
from .merkle import GrowingTree, leaf_hash
from .petition_document import METHODS, Petition
from .petition_entries import (
    CloseBody,
    ConfirmedBody,
    CredentialBody,
    ExtendBody,
    PetitionBody,
    PetitionEntry,
    RemoveBody,
    RestoreBody,
    parse_petition_entry,
)
from .report import Findings

AFTER_CLOSE = {"remove", "restore", "strike", "replace", "extend"}
STRUCK = "struck"

Signed = ConfirmedBody | CredentialBody


def method_of(body: Signed) -> str:
    """Return by which method somebody signed."""
    return body.method if isinstance(body, ConfirmedBody) else "roll"


def person_of(body: Signed) -> str:
    """Return what tells one signer from another."""
    return body.person if isinstance(body, ConfirmedBody) else body.voter


@dataclass
class PetitionReplay:
    """The state that the log leads to.

    Attributes:
        voters: keys that stand on the roll now.
        signed: every signature by its index, whether it stands or not.
        standing: indices of the signatures that stand.
        gone: why each of the others does not stand: its last removal's reason.
        by: who made that removal.
        roots: the root over the first `size` entries, for the sizes asked for.
        leaves: the leaf hashes at the indices asked for.
    """

    petition: Petition
    findings: Findings
    voters: set[str] = field(default_factory=set)
    sizes_asked: frozenset[int] = frozenset()
    leaves_asked: frozenset[int] = frozenset()
    tree: GrowingTree = field(default_factory=GrowingTree)
    time: datetime | None = None
    closed: bool = False
    signed: dict[int, Signed] = field(default_factory=dict)
    standing: set[int] = field(default_factory=set)
    persons: dict[str, int] = field(default_factory=dict)
    mailboxes: Counter[str] = field(default_factory=Counter)
    once: dict[str | bytes, int] = field(default_factory=dict)
    gone: dict[int, str] = field(default_factory=dict)
    by: dict[int, str] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)
    leaves: dict[int, bytes] = field(default_factory=dict)
    changes: list[StrikeBody | ReplaceBody] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.closes_at = self.petition.closes_at
        self.seen_voters = set(self.voters)

    def run(self, lines: Iterable[Line]) -> None:
        """Follow the whole log."""
        self._mark()
        for line in lines:
            index = self.tree.size
            leaf = leaf_hash(line.data)
            self.tree.append(leaf)
            if index in self.leaves_asked:
                self.leaves[index] = leaf
            with self.findings.checking("P1 encoding: log", line.place):
                if line.fault:
                    raise Malformed(line.fault)
                self._follow(parse_petition_entry(line.data), index)
            self._mark()

    def counted(self) -> dict[str, int]:
        """Return how many signatures stand, by method."""
        found = Counter(method_of(self.signed[index]) for index in self.standing)
        return {method: found[method] for method in METHODS}

    def removed(self) -> dict[str, int]:
        """Return how many do not, by the reason of their last removal."""
        return dict(sorted(Counter(self.gone.values()).items()))

    def _mark(self) -> None:
        if self.tree.size in self.sizes_asked:
            self.roots[self.tree.size] = self.tree.root()

    def _refuse_unless(self, holds: bool, part: str, index: int, reason: str) -> bool:
        self.findings.looked(part)
        if not holds:
            self.findings.fail(part, reason, entry=index)
        return holds

    def _signed_by(self, key: str, tag: str, value: Json, signature: str, part: str, index: int, who: str) -> None:
        self.findings.looked(part)
        try:
            ed25519.verify(key, tag, value, signature)
        except Refused as reason:
            self.findings.fail(part, f"not signed by {who}: {reason}", entry=index)

    # --- one entry

    def _follow(self, entry: PetitionEntry, index: int) -> None:
        order = "P2 log: order"
        self._refuse_unless(entry.index == index, order, index, f"it is numbered {entry.index}")
        later = self.time is None or entry.time >= self.time
        self._refuse_unless(later, "P2 log: times", index, "its time is before that of the entry before it")
        self.time = entry.time
        if not self._refuse_unless(
            (index == 0) == (entry.type == "petition"), order, index, "entry 0, and no other, names the petition"
        ):
            return
        allowed = not self.closed or entry.type in AFTER_CLOSE
        if not self._refuse_unless(allowed, order, index, f'the petition is closed, and no "{entry.type}" may follow'):
            return
        self._apply(entry, index)

    def _apply(self, entry: PetitionEntry, index: int) -> None:
        match entry.body:
            case PetitionBody(petition):
                mine = petition == self.petition.hash
                self._refuse_unless(mine, "P2 log: order", index, "the log is of another petition than petition.json")
            case ConfirmedBody() as body:
                self._confirmed(body, entry.time, index)
            case CredentialBody() as body:
                self._credential(body, entry.time, index)
            case StrikeBody() as body:
                self.changes.append(body)
                self._strike(body, index)
            case ReplaceBody() as body:
                self.changes.append(body)
                self._replace(body, index)
            case RemoveBody() as body:
                self._remove(body, index)
            case RestoreBody() as body:
                self._restore(body, index)
            case ExtendBody() as body:
                self._extend(body, index)
            case CloseBody() as body:
                self._close(body, entry.time, index)

    # --- signatures

    def _confirmed(self, body: ConfirmedBody, time: datetime, index: int) -> None:
        petition, check = self.petition, self._refuse_unless
        check(body.method in petition.methods, "P3 signatures: method", index, f"nobody may sign by {body.method} here")
        request: Json = {
            "petition": petition.hash,
            "method": body.method,
            "commitment": body.commitment,
            "mailbox": body.mailbox,
            "person": body.person,
            "token_hash": encode_bytes(hashlib.sha256(body.token).digest()),
            "requested_at": body.requested_text,
        }
        part = "P3 signatures: confirmation"
        self._signed_by(
            petition.board_key,
            "evote/1/petition-request",
            request,
            body.request,
            part,
            index,
            "the board, for this token",
        )
        part = "P3 signatures: window"
        asked_in_time = petition.opens_at <= body.requested_at <= self.closes_at
        check(asked_in_time, part, index, "it was asked for before the opening or after the close")
        check(body.confirmed_at <= self.closes_at + petition.grace, part, index, "it was confirmed too late")
        check(
            body.requested_at <= body.confirmed_at <= time,
            part,
            index,
            "request, confirmation and entry are not in this order",
        )
        for name, once in (("commitment", body.commitment), ("token", body.token)):
            earlier = self.once.setdefault(once, index)
            check(earlier == index, "P3 signatures: unique", index, f"entry {earlier} has the same {name}")
        self._admit(body, index)

    def _credential(self, body: CredentialBody, time: datetime, index: int) -> None:
        petition, check = self.petition, self._refuse_unless
        if not check(petition.roll is not None, "P3 signatures: method", index, "nobody may sign by the roll here"):
            return
        known = "was struck or replaced before" if body.voter in self.seen_voters else "is not on the roll"
        check(body.voter in self.voters, "P3 signatures: roll", index, f"the credential {known}")
        part, value = "P3 signatures: credential", {"petition": petition.hash}
        self._signed_by(
            body.voter, "evote/1/petition-sign", value, body.signature, part, index, "the voter's credential"
        )
        in_time = petition.opens_at <= body.signed_at <= self.closes_at and body.signed_at <= time
        check(
            in_time, "P3 signatures: window", index, "it was not signed between opening and close, or after its entry"
        )
        self._admit(body, index)

    def _admit(self, body: Signed, index: int) -> None:
        self.signed[index] = body
        self._stand(index)

    def _stand(self, index: int) -> None:
        """Let a signature stand, if nobody signs twice by it."""
        body, part = self.signed[index], "P3 signatures: unique"
        person = person_of(body)
        earlier = self.persons.get(person)
        twice = f"the same person signed at entry {earlier}"
        free = self._refuse_unless(earlier is None, part, index, twice)
        if isinstance(body, ConfirmedBody):
            most = self.petition.per_mailbox
            room = self.mailboxes[body.mailbox] < most
            free &= self._refuse_unless(room, part, index, f"{most} from this mailbox stand already")
        if not free:
            self.gone[index], self.by[index] = "duplicate", "rule"
            return
        self.standing.add(index)
        self.gone.pop(index, None)
        self.persons[person] = index
        if isinstance(body, ConfirmedBody):
            self.mailboxes[body.mailbox] += 1

    def _fall(self, index: int, reason: str, by: str) -> None:
        body = self.signed[index]
        self.standing.discard(index)
        self.persons.pop(person_of(body), None)
        if isinstance(body, ConfirmedBody):
            self.mailboxes[body.mailbox] -= 1
        self.gone[index], self.by[index] = reason, by

    # --- changes

    def _strike(self, body: StrikeBody, index: int) -> None:
        roll, part = self.petition.roll, "P4 changes: registrar"
        if not self._refuse_unless(roll is not None, part, index, "this petition has no roll"):
            return
        assert roll is not None
        value = {"election": roll.election, "voter": body.voter}
        self._signed_by(roll.registrar, "evote/1/strike", value, body.signature, part, index, "the registrar")
        self._lose(body.voter, index)

    def _replace(self, body: ReplaceBody, index: int) -> None:
        roll, part = self.petition.roll, "P4 changes: registrar"
        if not self._refuse_unless(roll is not None, part, index, "this petition has no roll"):
            return
        assert roll is not None
        value = {"election": roll.election, "old": body.old, "new": body.new}
        self._signed_by(roll.registrar, "evote/1/replace", value, body.signature, part, index, "the registrar")
        self._lose(body.old, index)
        if self._refuse_unless(body.new not in self.seen_voters, part, index, "the new credential was used before"):
            self.voters.add(body.new)
            self.seen_voters.add(body.new)

    def _lose(self, voter: str, index: int) -> None:
        stands = voter in self.voters
        self._refuse_unless(stands, "P4 changes: registrar", index, "the credential does not stand")
        self.voters.discard(voter)
        if voter in self.persons:
            self._fall(self.persons[voter], STRUCK, "rule")

    def _remove(self, body: RemoveBody, index: int) -> None:
        part = "P4 changes: removals"
        stands = body.entry in self.standing
        if not self._refuse_unless(stands, part, index, f"entry {body.entry} is no signature that stands"):
            return
        signer = body.by == "signer"
        self._refuse_unless(signer == (body.reason == "withdrawn"), part, index, "signers withdraw; nobody else does")
        removed = self.signed[body.entry]
        if signer and isinstance(removed, CredentialBody):
            value: Json = {"petition": self.petition.hash, "entry": body.entry}
            tag = "evote/1/petition-withdraw"
            self._signed_by(removed.voter, tag, value, body.signature, part, index, "the voter who signed")
        else:
            self._refuse_unless(not body.signature, part, index, "nobody signs this removal")
        self._fall(body.entry, body.reason, body.by)

    def _restore(self, body: RestoreBody, index: int) -> None:
        part = "P4 changes: removals"
        undone = body.entry in self.gone and self.by[body.entry] != "signer" and self.gone[body.entry] != STRUCK
        if not self._refuse_unless(undone, part, index, f"entry {body.entry} was not removed by a moderator or a rule"):
            return
        found = self.signed[body.entry]
        eligible = isinstance(found, ConfirmedBody) or found.voter in self.voters
        if self._refuse_unless(eligible, part, index, "its credential was struck or replaced"):
            self._stand(body.entry)

    def _extend(self, body: ExtendBody, index: int) -> None:
        later = body.closes_at > self.closes_at or (self.closed and body.closes_at == self.closes_at)
        self._refuse_unless(later, "P4 changes: closing", index, "the closing time does not move later")
        self.closes_at, self.closed = max(self.closes_at, body.closes_at), False

    def _close(self, body: CloseBody, time: datetime, index: int) -> None:
        due: Callable[[], bool] = lambda: time >= self.closes_at + self.petition.grace  # noqa: E731
        in_time = body.reason == "stopped" or due()
        self._refuse_unless(in_time, "P4 changes: closing", index, "it was closed before its time was over")
        same = body.counted == self.counted()
        reason = f"it says {body.counted}, but {self.counted()} stand"
        self._refuse_unless(same, "P5 count: close", index, reason)
        self.closed = True
