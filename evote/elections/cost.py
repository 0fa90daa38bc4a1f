"""What an election will cost its voters: powers, seconds and bytes of a ballot, known before anybody votes."""

from collections.abc import Mapping
from dataclasses import dataclass

from ballots.contests import Layout, compile_contest
from ballots.election import Election
from ballots.manifest import Manifest, slots_of

MOST_POWERS = 400
"""More than this, and slow phones make voters wait: the freeze refuses unless forced."""
_SECONDS_A_POWER = 0.010
_AT_BITS = 3072
_ENVELOPE = 4096
_QUOTES = 4


@dataclass(frozen=True)
class BallotCost:
    """One ballot of one style.

    Attributes:
        powers: Powers modulo n² that the voter's device computes.
        seconds: About how long that takes in a laptop's browser.
        bytes: At most so many bytes of JSON.
    """

    style: str
    powers: int
    seconds: float
    bytes: int


def estimate_costs(manifest: Manifest) -> list[BallotCost]:
    """Estimate a ballot of each style."""
    slots = slots_of(manifest.modulus_bits)
    layouts = {contest.id: compile_contest(contest, slots) for contest in manifest.contests}
    return [_estimate(manifest.modulus_bits, style, layouts, contests) for style, contests in manifest.styles.items()]


def most_request_bytes(election: Election, style: str) -> int:
    """Return the length above which a request cannot hold a ballot of this style."""
    contests = election.manifest.styles[style]
    cost = _estimate(election.manifest.modulus_bits, style, election.layouts, contests)
    return cost.bytes + cost.bytes // 4 + _ENVELOPE


def _estimate(bits: int, style: str, layouts: Mapping[str, Layout], contests: list[str]) -> BallotCost:
    used = [layouts[contest] for contest in contests]
    powers = sum(layout.powers for layout in used)
    residue, ciphertext = _encoded(bits // 8), _encoded(bits // 4)
    length = 300 + sum(len(contest.encode()) + 40 for contest in contests)
    for layout in used:
        length += layout.cells * ciphertext + 24 * len(layout.statements)
        length += layout.branches * (ciphertext + residue + 32 + _QUOTES)
    # A power's cost grows with the cube of the modulus' length.
    return BallotCost(style, powers, powers * _SECONDS_A_POWER * (bits / _AT_BITS) ** 3, length)


def _encoded(width: int) -> int:
    return -(-width * 4 // 3) + _QUOTES
