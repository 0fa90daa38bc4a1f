"""Follow one election from before its opening until its tally is on the log: a trustee's service.

One pass, :meth:`Follower.advance`, looks at the board, checks what is new, and takes the next
step that is due; :func:`run` repeats it. All that must survive is on the disk before anything
leaves: the one intent beside the share, the copy of the record, the partial and how many
ballots' proofs have been checked in the state folder. So the process may be killed at any
moment, and the board may come and go.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ballots import codec
from ballots.election import Election
from tally import intents, partials, rehearsal, replay
from tally.client import Service
from tally.errors import (
    BoardRefused,
    BoardUnreachable,
    ElectionRefused,
    NotConfirmed,
    PartialsMissing,
)
from tally.intents import Signer
from tally.mirror import Mirror
from tally.primes import RandBits
from tally.replay import Checked, Replay
from tally.shares import ObserverKey, Share, check_share
from tally.state import State

MAX_WAIT_SECONDS = 60.0
ANY_ELECTION = "*"
_REPOST_PASSES = 20


class Stage(Enum):
    """Where an election stands for this follower; the value is said to the trustee."""

    BEFORE_FREEZE = "waiting until the election is frozen"
    NOT_CONFIRMED = "waiting for you to confirm the election's fingerprint"
    BEFORE_OPEN = "waiting until the election opens"
    OPEN = "the election is open; everything so far checks"
    QUORUM = "intent signed; waiting for a quorum of intents on the log"
    PARTIALS = "partial posted; waiting for the other trustees' partials"
    TALLY = "tally handed in; waiting until it is on the log"
    TALLIED = "the tally is on the log, and checks"
    OBSERVED = "your intent is on the log"
    ANNULLED = "the election was annulled; there is no tally"


FINAL = (Stage.TALLIED, Stage.OBSERVED, Stage.ANNULLED)


@dataclass(frozen=True)
class Trustee:
    """A follower that holds a share.

    Attributes:
        share: The unsealed share.
        file: Its file; the one intent is remembered beside it.
        accepts: F that the trustee confirmed; "" for none yet, :data:`ANY_ELECTION` to accept what is frozen first.
    """

    share: Share
    file: Path
    accepts: str = ""


@dataclass(frozen=True)
class Observer:
    """A follower that only signs the intent."""

    key: ObserverKey
    file: Path
    accepts: str = ""


class Follower:
    """One trustee or observer, one election, one state folder."""

    def __init__(
        self,
        board: Service,
        mirror: Mirror,
        state: State,
        who: Trustee | Observer,
        random_bits: RandBits,
        *,
        allow_test_keys: bool = False,
        progress: replay.Progress = lambda what, done, total: None,
    ) -> None:
        """Prepare; nothing is fetched or signed yet."""
        self._board = board
        self._mirror = mirror
        self._state = state
        self._who = who
        self._random_bits = random_bits
        self._allow_test_keys = allow_test_keys
        self._progress = progress
        self._replay: Replay | None = None
        self._checked: Checked | None = None
        self._signer: Signer | None = None
        self._mine: codec.Json = None
        self._passes_since_opening = 0
        self._passes_since_tally = 0

    @property
    def election(self) -> Election | None:
        """The election, once it is frozen and checked."""
        return self._replay.election if self._replay else None

    def advance(self) -> Stage:
        """Take one look at the board and the step that is due.

        Raises:
            BoardUnreachable: Try again later.
            BoardRefused: The board did not take what was posted; trying again may help.
            TallyProgramError: Any other: a refusal that a person must look at.
        """
        if self._replay is None:
            self._replay = self._begin()
            if self._replay is None:
                return Stage.BEFORE_FREEZE
        self._catch_up(self._replay)
        state = self._replay.board.state
        if state == "frozen":
            return self._before_open(self._replay)
        if state == "open":
            return Stage.OPEN
        if state == "annulled":
            return Stage.ANNULLED
        checked = self._conclude(self._replay)
        if state == "tallied":
            return self._after_tally(checked)
        return self._after_close(checked)

    def _begin(self) -> Replay | None:
        """Load the frozen election and check that the key in hand belongs to it."""
        fixed = self._mirror.fixed()
        if fixed is None:
            return None
        election = replay.load(*fixed, allow_test_keys=self._allow_test_keys)
        if self._who.accepts not in ("", ANY_ELECTION):
            rehearsal.confirm(election, self._who.accepts)
        if isinstance(self._who, Trustee):
            check_share(self._who.share, election.manifest, election.key_document)
            self._signer = intents.trustee_signer(self._who.share, self._who.file)
        else:
            self._signer = intents.observer_signer(self._who.key, self._who.file, election.manifest)
        self._state.bind(election.fingerprint_text)
        self._mirror.attach(fixed, election.manifest.log_origin, election.manifest.board_key)
        proven = self._state.proven(self._mirror.trackers())
        return Replay(election, self._random_bits, proven, self._state.remember_proven)

    def _catch_up(self, replayed: Replay) -> None:
        """Fetch and check what is new."""
        self._mirror.sync()
        entries, ballots = self._mirror.entries(replayed.board.size), self._mirror.ballots(replayed.board.ballots)
        replayed.feed(entries, ballots, self._progress, self._mirror.head.size)
        replayed.prove()

    def _before_open(self, replayed: Replay) -> Stage:
        if not rehearsal.registrar_has_signed(replayed.board):
            return Stage.BEFORE_FREEZE
        if isinstance(self._who, Observer):
            return Stage.BEFORE_OPEN
        if not self._who.accepts:
            return Stage.NOT_CONFIRMED
        if self._passes_since_opening % _REPOST_PASSES == 0:
            self._board.post("opening", rehearsal.sign_opening(replayed.election, self._who.share))
        self._passes_since_opening += 1
        return Stage.BEFORE_OPEN

    def _conclude(self, replayed: Replay) -> Checked:
        if self._checked is None:
            self._checked = replay.conclude(replayed, self._mirror.ballots(), self._progress)
        return self._checked

    def _after_close(self, checked: Checked) -> Stage:
        assert self._signer is not None
        if self._signer.id not in checked.board.signers:
            self._board.post("intents", intents.sign_intent(checked, self._signer))
            return Stage.QUORUM
        if isinstance(self._who, Observer):
            return Stage.OBSERVED
        if not checked.board.signed_by_quorum():
            return Stage.QUORUM
        mine = self._partial(checked, self._who.share, self._signer)
        posted = self._board.partials()
        if not any(isinstance(one, dict) and one.get("trustee") == self._who.share.trustee for one in posted):
            self._board.post("partials", mine)
        named = [("your own", mine), *((f"number {number} on the board", one) for number, one in enumerate(posted))]
        try:
            made = partials.tally(checked, partials.sort(checked, named))
        except PartialsMissing:
            return Stage.PARTIALS
        if self._passes_since_tally % _REPOST_PASSES == 0:
            self._board.put_tally(made.encode())
        self._passes_since_tally += 1
        return Stage.TALLY

    def _partial(self, checked: Checked, share: Share, signer: Signer) -> codec.Json:
        """Return this trustee's partial: the one already kept, if it is good, else a new one, kept first."""
        if self._mine is None:
            kept = self._state.partial()
            if kept is not None and partials.sort(checked, [("kept", kept)]).good:
                self._mine = kept
            else:
                self._mine = partials.make(checked, share, signer, self._random_bits)
                self._state.keep_partial(self._mine)
        return self._mine

    def _after_tally(self, checked: Checked) -> Stage:
        assert self._signer is not None
        if isinstance(self._who, Observer) and self._signer.id in checked.board.signers:
            return Stage.OBSERVED
        data = self._board.document("tally.json")
        if data is None:
            raise BoardUnreachable("The tally is on the log, but tally.json is not there yet; trying again.")
        if replay.sha256_text(data) != checked.board.tally_sha256:
            raise ElectionRefused("tally.json is not the file whose hash is on the log.")
        partials.check(checked, data)
        self._mirror.keep_tally(data)
        return Stage.TALLIED


def run(
    follower: Follower,
    poll_seconds: float,
    tell: Callable[[str], None],
    *,
    once: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Stage:
    """Advance until there is nothing more to do.

    Args:
        follower: The follower.
        poll_seconds: Between two looks at the board; doubled, up to a minute, while it fails.
        tell: Takes a sentence whenever something changes.
        once: Make one pass only.
        sleep: How to wait.

    Returns:
        The last stage: a final one, or any after one pass.
    """
    said = ""
    failures = 0
    while True:
        try:
            stage = follower.advance()
            news, failures = stage.value, 0
        except (BoardUnreachable, BoardRefused) as error:
            if once:
                raise
            stage, news, failures = None, str(error), failures + 1
        if news != said:
            tell(news)
            said = news
        if stage in FINAL or (once and stage is not None):
            assert stage is not None
            return stage
        if stage is Stage.NOT_CONFIRMED and follower.election is not None:
            raise NotConfirmed(
                f"The election's fingerprint is {follower.election.fingerprint_text}. Compare it with what the official"
                " announced by another way than this server; then start again with --election and the fingerprint."
            )
        sleep(min(poll_seconds * 2 ** min(failures, 16), max(MAX_WAIT_SECONDS, poll_seconds)))
