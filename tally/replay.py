"""Check a record as a trustee must before signing anything: every entry, every proof, the aggregates.

One core serves both ways of working: a whole record read from a folder, and a copy that grows
while the election runs. Nothing here trusts the server, and nothing is skipped: an entry or a
proof that fails stops everything.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ballots import codec
from ballots.aggregate import Aggregate, Aggregator
from ballots.ballot import Ballot, parse_ballot
from ballots.batch import verify_ballots
from ballots.board import Board, Intent
from ballots.checkpoint import parse_checkpoint
from ballots.election import Election, load_election
from ballots.entries import Entry, parse_entry
from ballots.errors import BallotsError, LogError
from ballots.record import RecordReader
from tally.errors import ElectionAnnulled, ElectionOpen, ElectionRefused
from tally.primes import RandBits

BATCH = 512
"""Ballots whose proofs are checked together: large enough to be cheap, small enough to hold."""
BATCH_BYTES = 1 << 26
"""A batch ends before this, too: one ballot of the largest contests has megabytes."""

Progress = Callable[[str, int, int], None]


def _silent(what: str, done: int, total: int) -> None:
    """Report nothing."""


class Replay:
    """A board rebuilt entry by entry from somebody's record.

    Attributes:
        election: The election.
        board: The board's state so far.
        proven: How many ballots, from the first, have had their proofs checked.
    """

    def __init__(
        self,
        election: Election,
        random_bits: RandBits,
        proven: int = 0,
        on_proven: Callable[[int, str], None] = lambda count, digest: None,
    ) -> None:
        """Start with an empty log.

        Args:
            election: The election.
            random_bits: This checker's own randomness, for batches.
            proven: How many ballots, from the first, passed this program's check in an earlier run.
            on_proven: Told after each batch how many ballots are proven, and :func:`trackers_digest` of them.
        """
        self.election = election
        self.board = Board(election)
        self.proven = proven
        self._random_bits = random_bits
        self._on_proven = on_proven
        self._trackers = hashlib.sha256()
        self._unproven: list[tuple[int, Ballot]] = []
        self._unproven_bytes = 0

    def feed(
        self, leaves: Iterable[bytes], ballots: Iterator[bytes], progress: Progress = _silent, total: int = 0
    ) -> None:
        """Admit entries, each ballot's entry with its ballot, and check proofs in batches.

        Raises:
            ElectionRefused: The first entry or ballot that fails, by number.
        """
        for leaf in leaves:
            self._admit(leaf, ballots)
            if len(self._unproven) >= BATCH or self._unproven_bytes >= BATCH_BYTES:
                self.prove()
            progress("Checking the log and its ballots", self.board.size, max(total, self.board.size))

    def prove(self) -> None:
        """Check the proofs of the ballots admitted since the last time.

        Raises:
            ElectionRefused: It names the entries whose proofs do not hold.
        """
        if not self._unproven:
            return
        refused = verify_ballots(self.election, [ballot for _, ballot in self._unproven], self._random_bits)
        if refused:
            named = "; ".join(f"entry {self._unproven[place][0]}: {error}" for place, error in refused.items())
            raise ElectionRefused(f"Ballots on the log have proofs that do not hold. {named}")
        self.proven = self.board.ballots
        self._unproven.clear()
        self._unproven_bytes = 0
        self._on_proven(self.proven, codec.encode_bytes(self._trackers.digest()))

    def _admit(self, leaf: bytes, ballots: Iterator[bytes]) -> None:
        index = self.board.size
        kind = "entry"
        try:
            entry = parse_entry(leaf)
            kind = entry.type
            ballot = self._ballot_of(entry, ballots) if kind == "ballot" else None
            ordinal = self.board.ballots
            self.board.admit(entry, ballot)
        except BallotsError as error:
            raise ElectionRefused(f"Entry {index} ({kind}) of the log fails a check. {error}") from error
        if ballot is not None:
            self._trackers.update(ballot.tracker.encode("ascii"))
            if ordinal >= self.proven:
                self._unproven.append((index, ballot))

    def _ballot_of(self, entry: Entry, ballots: Iterator[bytes]) -> Ballot:
        line = next(ballots, None)
        if line is None:
            raise LogError("The record has no ballot for this entry.")
        voter = self.board.standing.get(entry.body["voter"])
        if voter is None:
            raise LogError("The voter is not on the roll, or was replaced or struck.")
        if self.board.ballots >= self.proven:
            self._unproven_bytes += len(line)
        return parse_ballot(codec.parse_canonical(line), self.election, voter.style)


@dataclass(frozen=True)
class Checked:
    """A closed election whose whole record has passed; what intents and partials are made for."""

    election: Election
    board: Board
    intent: Intent
    aggregates: tuple[Aggregate, ...]


def load(manifest: bytes, key: bytes, roll: bytes, *, allow_test_keys: bool = False) -> Election:
    """Load and check the files that fix an election; takes seconds at full size.

    Raises:
        ElectionRefused: Manifest, key (with its certificate) or roll fails a check.
    """
    try:
        return load_election(manifest, key, roll, allow_test_keys=allow_test_keys)
    except BallotsError as error:
        raise ElectionRefused(f"The election's manifest, key or roll fails a check. {error}") from error


def conclude(replay: Replay, ballots: Iterable[bytes], progress: Progress = _silent) -> Checked:
    """Compute the aggregates of a closed election from its counted ballots.

    Args:
        replay: Everything admitted and proven.
        ballots: All ballots' lines again, from the first.
        progress: Told of each ballot.

    Raises:
        ElectionOpen: There is no ``close`` on the log.
        ElectionAnnulled: The election was annulled.
        ElectionRefused: A ballot's proofs have not been checked.
    """
    board, election = replay.board, replay.election
    if board.state == "annulled":
        raise ElectionAnnulled("The election was annulled; there is no tally.")
    if board.intent is None:
        raise ElectionOpen(
            "The election is not closed yet: nothing is signed or opened before its `close` is on the log."
        )
    replay.prove()
    if replay.proven != board.ballots:
        raise ElectionRefused("Not every ballot's proofs have been checked.")
    votes = {vote.ordinal: vote for vote in board.votes()}
    aggregator = Aggregator(election)
    for ordinal, line in enumerate(islice(ballots, board.ballots)):
        vote = votes.pop(ordinal, None)
        if vote is not None:
            ballot = parse_ballot(codec.parse_canonical(line), election, vote.line.style)
            if ballot.tracker != vote.tracker:
                raise ElectionRefused(f"The ballot of entry {vote.index} changed while the record was read.")
            aggregator.add(ballot, vote.line)
        progress("Adding up the encrypted ballots", ordinal + 1, board.ballots)
    if votes:
        raise ElectionRefused("The record's ballots changed while it was read: some are missing.")
    return Checked(election, board, board.intent, aggregator.result())


def check_record(
    reader: RecordReader, random_bits: RandBits, *, allow_test_keys: bool = False, progress: Progress = _silent
) -> Replay:
    """Check a whole record in a folder.

    Raises:
        ElectionRefused: Something fails or is missing.
    """
    try:
        election = load(
            reader.manifest_bytes(), reader.key_bytes(), reader.roll_bytes(), allow_test_keys=allow_test_keys
        )
        manifest = election.manifest
        head = parse_checkpoint(reader.checkpoint(), manifest.log_origin, manifest.board_key)
        replay = Replay(election, random_bits)
        ballots = reader.ballots()
        replay.feed(reader.entries(), ballots, progress, head.size)
        replay.prove()
        if (replay.board.size, replay.board.tree.root()) != (head.size, head.root):
            raise ElectionRefused("The log is not the one that the board's checkpoint signs.")
        if next(ballots, None) is not None:
            raise ElectionRefused("The record holds more ballots than its log names.")
    except BallotsError as error:
        raise ElectionRefused(f"The record fails a check. {error}") from error
    return replay


def trackers_digest(trackers: Iterable[str], count: int) -> str:
    """Hash the first ``count`` trackers, in the log's order; "" if there are fewer."""
    running, found = hashlib.sha256(), 0
    for tracker in islice(trackers, count):
        running.update(tracker.encode("utf-8", "replace"))
        found += 1
    return codec.encode_bytes(running.digest()) if found == count else ""


def sha256_text(data: bytes) -> str:
    """Return SHA-256 of a file as the log writes it, base64url."""
    return codec.encode_bytes(hashlib.sha256(data).digest())
