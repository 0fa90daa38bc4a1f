"""What the checks found. A check has parts; every part must have been gone through, or it has failed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from .errors import CannotRun, Malformed, Missing, Refused

CHECKS: dict[str, dict[str, str]] = {
    "1 encoding": {
        "files": "the folder holds the files of a record and no others",
        "manifest": "manifest.json is canonical, complete and within bounds",
        "key": "key.json is canonical and complete",
        "roll": "each line of the roll is canonical and complete",
        "log": "each line of the log is canonical and a known entry",
        "ballots": "each line of the ballots is canonical and complete",
        "tally": "tally.json is canonical and complete",
    },
    "2 key": {
        "basics": "the modulus has its length and no visible flaw",
        "roots": "the modulus has two primes and n-th powers are one-to-one",
        "size": "both primes are long",
        "shares": "the trustees' shares hold the decryption exponent",
    },
    "3 log": {
        "checkpoint": "the board signed a checkpoint over every entry",
        "order": "entries are numbered and come in the order that the protocol allows",
        "times": "times never go back",
        "window": "ballots lie between opening and closing; extensions are signed and in time",
        "closing": "the election was closed as its manifest says",
        "tally": "the log holds the hash of tally.json",
        "since": "the log continues the checkpoint given with --since",
    },
    "4 opening": {
        "manifest": "the log's manifest is manifest.json",
        "key": "the log's key is key.json, made for this manifest",
        "roll": "the log's roll is roll.jsonl, signed by the registrar",
        "capacity": "no total can outgrow its slot",
        "keys": "all signing keys are canonical, of prime order and distinct",
        "open": "the official and all trustees signed this election",
        "fingerprint": "the fingerprint is the one given with --election",
    },
    "5 ballots": {
        "stored": "each ballot on the log is stored, in the same order",
        "election": "ballots are for this election",
        "voter": "voters may vote at that time",
        "shape": "contests, cells and proofs are those of the voter's ballot style",
        "previous": "each ballot names the voter's latest one before it",
        "signature": "voters signed their ballots",
        "trackers": "trackers are unique and none was audited",
    },
    "6 proofs": {
        "ranges": "all numbers of the proofs are units and in range",
        "challenges": "challenges are those of the whole ballot",
        "equations": "each vote is one that the contest allows",
    },
    "7 counted": {
        "standing": "credentials were replaced and struck by the registrar, each at most once",
        "counted": "the last ballot of each standing credential counts, as the closing says",
    },
    "8 intents": {
        "signatures": "intents to count are signed, one by each signer",
        "quorum": "enough signers saw the same log",
    },
    "9 aggregates": {
        "header": "the tally is of this log",
        "contests": "ballots and weights of each contest are as counted",
        "withheld": "contests with too few ballots are not opened",
        "ciphertexts": "what was decrypted is the product of the counted ballots",
    },
    "10 totals": {
        "certificates": "each decryption is the only one possible",
        "cap": "no total ran over into its neighbour",
        "totals": "totals are the decrypted numbers",
        "ranges": "totals are possible and add up",
    },
    "11 partials": {
        "members": "exactly as many trustees as needed, in order, each among the signers",
        "parts": "each trustee worked on these ciphertexts",
        "proofs": "each trustee used the share that the key names",
    },
    "12 outcome": {
        "outcome": "who is elected follows from the totals by the manifest's rule",
    },
}
PARTS = [f"{check}: {part}" for check, parts in CHECKS.items() for part in parts]
MOST_KEPT = 200
"""So many failures of one part are told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is wrong.

    Attributes:
        place: where, for a person: an entry, a file, a contest.
        reason: why, as a sentence.
        entry: the index of the log's entry, if it is about one.
    """

    place: str
    reason: str
    entry: int | None = None


@dataclass
class Findings:
    """Counts and failures by part, as `check: part`; what a worker process hands back."""

    looked_at: dict[str, int] = field(default_factory=dict)
    failures: dict[str, list[Failure]] = field(default_factory=dict)
    untold: dict[str, int] = field(default_factory=dict)

    def looked(self, part: str, things: int = 1) -> None:
        """Count things that a part has looked at."""
        self.looked_at[part] = self.looked_at.get(part, 0) + things

    def fail(self, part: str, reason: object, place: str = "", entry: int | None = None) -> None:
        """Note a failure."""
        kept = self.failures.setdefault(part, [])
        if len(kept) < MOST_KEPT:
            kept.append(Failure(place or ("" if entry is None else f"entry {entry}"), str(reason), entry))
        else:
            self.untold[part] = self.untold.get(part, 0) + 1

    @contextmanager
    def checking(self, part: str, place: str = "", entry: int | None = None) -> Iterator[None]:
        """Count one thing, and note it as a failure if what is done inside refuses it."""
        self.looked(part)
        try:
            yield
        except (Malformed, Refused) as reason:
            self.fail(part, reason, place, entry)

    def add(self, other: "Findings") -> None:
        """Take over the findings of another process."""
        for part, things in other.looked_at.items():
            self.looked(part, things)
        for part, failures in other.failures.items():
            for failure in failures:
                self.fail(part, failure.reason, failure.place, failure.entry)
        for part, times in other.untold.items():
            self.untold[part] = self.untold.get(part, 0) + times


@dataclass
class Report(Findings):
    """The outcome of all checks.

    Attributes:
        checks: what is checked: an election's record, by default.
        finished: parts that were gone through to their end.
        not_due: parts that are not asked of this record, with the reason.
        notes: what a reader should know besides, such as that the election was annulled.
        incomplete: a file is missing, or manifest or key is no JSON at all.
    """

    checks: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: CHECKS)
    finished: set[str] = field(default_factory=set)
    not_due: dict[str, str] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    incomplete: bool = False
    annulled: bool = False
    election: str = ""
    title: str = ""
    results: list[dict[str, object]] = field(default_factory=list)

    def finish(self, *parts: str) -> None:
        """Say that parts were gone through to the end."""
        self.finished.update(parts)

    def excuse(self, reason: str, *parts: str) -> None:
        """Say that parts are not asked of this record."""
        for part in parts:
            self.not_due[part] = reason

    @contextmanager
    def stage(self, *parts: str) -> Iterator[None]:
        """Go through some parts; if that is broken off, those not finished by then have failed."""
        try:
            yield
        except Missing as reason:
            self.incomplete = True
            self._stop(parts, str(reason))
        except (CannotRun, Malformed, Refused) as reason:
            self._stop(parts, str(reason))
        except Exception as error:  # whatever a hostile record sets off, the check has failed and the next one is made
            self._stop(parts, f"the check itself broke off: {type(error).__name__}: {error}")
        else:
            self.finish(*parts)

    def _stop(self, parts: tuple[str, ...], reason: str) -> None:
        for part in parts:
            if part not in self.finished:
                self.stopped.setdefault(part, reason)

    def why_failed(self, part: str) -> list[Failure]:
        """Return why a part has failed; empty if it has passed or is not due."""
        failures = list(self.failures.get(part, []))
        if part in self.stopped:
            failures.append(Failure("", f"could not be checked: {self.stopped[part]}"))
        elif part not in self.finished and part not in self.not_due:
            failures.append(Failure("", "could not be checked, because of what failed before"))
        return failures

    def failed_parts(self) -> list[str]:
        """Return the names of all parts that have failed."""
        parts = (f"{check}: {part}" for check, parts in self.checks.items() for part in parts)
        return [part for part in parts if self.why_failed(part)]

    def failed_checks(self) -> list[str]:
        """Return the names of all checks that have failed, such as "6 proofs"."""
        failed = {part.split(":")[0] for part in self.failed_parts()}
        return [check for check in self.checks if check in failed]

    @property
    def exit_code(self) -> int:
        """Return 0 if all passed, 2 if the record is incomplete, else 1."""
        if self.incomplete:
            return 2
        return 1 if self.failed_parts() else 0
