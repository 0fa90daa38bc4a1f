"""Which ballots count, which contests may be opened, and who signed which log is counted (section 8, steps 1 and 2)."""

from collections import Counter
from dataclasses import dataclass, field

from . import codec, ed25519
from .entries import IntentBody
from .errors import Refused
from .manifest import Manifest
from .replay import Replay
from .report import Findings
from .tally import Header


@dataclass(frozen=True, slots=True)
class ContestFacts:
    """What the log says about one contest.

    Attributes:
        ballots: counted in it.
        weight: their sum.
        withheld: why it must not be opened, or "".
    """

    ballots: int
    weight: int
    withheld: str


@dataclass
class Count:
    """The counted ballots.

    Attributes:
        indices: of the entries that count, with their weights.
        digest: the `counted` hash of section 8, as base64url text.
    """

    indices: dict[int, int] = field(default_factory=dict)
    digest: str = ""
    contests: dict[str, ContestFacts] = field(default_factory=dict)


def _facts(weights: Counter[int], min_ballots: int) -> ContestFacts:
    ballots = sum(weights.values())
    withheld = ""
    if ballots < min_ballots:
        withheld = f"only {ballots} ballots were counted, fewer than {min_ballots}"
    elif rare := [weight for weight, times in weights.items() if times < min_ballots]:
        withheld = f"weight {rare[0]} occurs {weights[rare[0]]} times only, fewer than {min_ballots}"
    return ContestFacts(ballots, sum(weight * times for weight, times in weights.items()), withheld)


def count(manifest: Manifest, replay: Replay) -> Count:
    """Take the last ballot of each standing credential."""
    result = Count()
    weights: dict[str, Counter[int]] = {contest.id: Counter() for contest in manifest.contests}
    trackers: list[tuple[int, str]] = []
    for voter, (index, tracker) in replay.latest.items():
        line = replay.standing.get(voter)
        if line is None:
            continue
        trackers.append((index, tracker))
        result.indices[index] = line.weight
        for contest in manifest.styles[line.style]:
            weights[contest][line.weight] += 1
    listed: codec.Json = [tracker for _, tracker in sorted(trackers)]
    result.digest = codec.encode_bytes(codec.tagged_hash("evote/1/counted", listed))
    result.contests = {id_: _facts(counter, manifest.min_ballots) for id_, counter in weights.items()}
    return result


def closing_header(replay: Replay) -> Header:
    """Return what the log's close entry says is counted; there must be one.

    Raises:
        Refused: the election was not closed.
    """
    if replay.close is None:
        raise Refused("the election was not closed")
    root = codec.encode_bytes(replay.close_root)
    return Header(replay.election.fingerprint, replay.close.size, root, replay.close.counted)


def quorum_of(signers: int, threshold: int) -> int:
    """Return how many of G signers must agree on the log: ceil((G + k) / 2)."""
    return -(-(signers + threshold) // 2)


def _signer_key(replay: Replay, body: IntentBody) -> str:
    election = replay.election
    keys = (
        [observer.key for observer in election.manifest.observers]
        if body.role == "observer"
        else ["", *(trustee.key for trustee in election.key.trustees)]
    )
    if body.number >= len(keys) or not keys[body.number]:
        raise Refused(f"there is no {body.role} {body.number}")
    return keys[body.number]


def check_intents(replay: Replay, header: Header, findings: Findings) -> set[tuple[str, int]]:
    """Check the signatures of all intents and return the signers whose intent is good."""
    part, signers = "8 intents: signatures", set[tuple[str, int]]()
    for index, body in replay.intents:
        with findings.checking(part, entry=index):
            if (body.role, body.number) in signers:
                raise Refused(f"{body.role} {body.number} has signed before; each signs once")
            ed25519.verify(_signer_key(replay, body), "evote/1/intent", header.value(), body.signature)
            signers.add((body.role, body.number))
    return signers


def check_quorum(replay: Replay, signers: set[tuple[str, int]]) -> None:
    """Check that enough signers saw the same log.

    Raises:
        Refused: there are too few.
    """
    manifest = replay.election.manifest
    group = len(manifest.trustees) + len(manifest.observers)
    needed = quorum_of(group, manifest.threshold)
    if len(signers) < needed:
        raise Refused(f"{len(signers)} of {group} trustees and observers signed this log, but {needed} must")
