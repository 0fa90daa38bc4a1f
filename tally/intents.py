"""The one intent that a key signs in its life, remembered beside its file (section 8).

A server that could get two intents from a trustee could show two quorums logs that differ by one
ballot, and learn that ballot. So what was signed is on the disk, flushed, before the signature
leaves; every later run reads it and signs nothing else.
"""

from dataclasses import dataclass
from pathlib import Path

from ballots import codec, signatures
from ballots.board import Board
from ballots.errors import BallotsError, EncodingError
from ballots.manifest import Manifest
from ballots.signatures import SigningKey
from tally import files
from tally.errors import ElectionAnnulled, FileProblem, ForeignShare, QuorumMissing, SecondIntent
from tally.replay import Checked
from tally.shares import ObserverKey, Share

_MEMORY_LIMIT = 1 << 16


@dataclass(frozen=True)
class Signer:
    """Who signs: a trustee (from 1) or an observer (from 0), and where that key's one intent is remembered."""

    kind: str
    number: int
    key: SigningKey
    memory: Path

    @property
    def id(self) -> tuple[str, int]:
        """The signer as the board knows it."""
        return self.kind, self.number


def memory_of(key_file: Path) -> Path:
    """Return where the one intent of a key file is remembered: beside it, links followed."""
    real = key_file.resolve()
    return real.with_name(real.name + ".intent")


def trustee_signer(share: Share, share_file: Path) -> Signer:
    """Return the signer of a share that has passed :func:`tally.shares.check_share`."""
    return Signer("trustee", share.trustee, share.signing_key, memory_of(share_file))


def observer_signer(key: ObserverKey, key_file: Path, manifest: Manifest) -> Signer:
    """Return the signer of an observer's key.

    Raises:
        ForeignShare: The manifest names no observer with this key.
    """
    for number, observer in enumerate(manifest.observers):
        if observer.key == key.signing_key.public:
            return Signer("observer", number, key.signing_key, memory_of(key_file))
    raise ForeignShare(
        f"The manifest names no observer with the key of {key.name!r}. Is it the right file and election?"
    )


def sign_intent(checked: Checked, signer: Signer) -> dict[str, codec.Json]:
    """Sign the intent of a checked, closed record; the same one again gives the same document.

    Returns:
        {"election", "size", "root", "counted", "trustee" or "observer", "signature"}, on the disk already.

    Raises:
        SecondIntent: This key has signed another intent before.
        ForeignShare: The file beside the key belongs to another key.
        FileProblem: What was signed cannot be remembered, so nothing is signed.
    """
    election = checked.election.fingerprint_text
    wanted = checked.intent.signed(election)
    remembered = read_memory(signer)
    if remembered is None:
        document = {**wanted, signer.kind: signer.number, "signature": signer.key.sign("intent", wanted)}
        files.write_new({signer.memory: codec.encode_canonical(document)})
        remembered = read_memory(signer)
    if remembered is None or any(remembered[name] != value for name, value in wanted.items()):
        raise SecondIntent(
            f"This key has signed another intent before ({signer.memory}). Somebody shows different trustees different "
            "logs, or wants a second count: compare the logs with the other trustees. Nothing more is signed."
        )
    return remembered


def read_memory(signer: Signer) -> dict[str, codec.Json] | None:
    """Return the intent that this key has signed, or None.

    Raises:
        ForeignShare: The file belongs to another key.
        FileProblem: The file is damaged: what was signed is unknown, so nothing may be signed.
    """
    if not signer.memory.exists():
        return None
    data = files.read_file(signer.memory, _MEMORY_LIMIT)
    try:
        document = codec.parse_canonical(data)
        names = ("election", "size", "root", "counted")
        *_, number, signature = codec.take(document, *names, signer.kind, "signature")
    except EncodingError as error:
        raise FileProblem(
            f"{signer.memory} remembers what this key has signed, but is damaged ({error}). Nothing is signed. "
            "Restore it from a backup; if this key surely never signed an intent, delete the file."
        ) from None
    try:
        signatures.verify(signer.key.public, "intent", {name: document[name] for name in names}, signature)
    except BallotsError:
        number = None
    if number != signer.number:
        raise ForeignShare(
            f"{signer.memory} remembers the intent of another key. Keep each key file with its own .intent file."
        )
    return {**document}


def check_quorum(board: Board, signer: Signer) -> None:
    """Check that a partial may be made: enough distinct signers, this trustee among them.

    Raises:
        QuorumMissing: Not yet.
        ElectionAnnulled: Never.
    """
    if board.state == "annulled":
        raise ElectionAnnulled("The election was annulled; there is no tally.")
    needed = board.election.manifest.quorum
    if not board.signed_by_quorum():
        who = ", ".join(f"{kind} {number}" for kind, number in sorted(board.signers)) or "nobody"
        raise QuorumMissing(
            f"The log holds the intents of {len(board.signers)} signers ({who}); a partial is made only on {needed}."
        )
    if signer.id not in board.signers:
        raise QuorumMissing(
            "Your own intent is not on the log yet. Post it first (`tally intent`), then fetch the record."
        )
