"""The roll: who may vote, on which ballot style, with what weight (section 9)."""

import hashlib
from dataclasses import dataclass, field

from . import codec
from .ed25519 import KEY_BYTES, faulty_keys
from .errors import Malformed, Refused
from .folder import RecordFolder
from .manifest import Manifest
from .report import Findings

KEYS_AT_ONCE = 8192
SLOT_LIMIT = 2**32


@dataclass(frozen=True, slots=True)
class RollLine:
    """What a voter's key is good for."""

    style: str
    weight: int


@dataclass
class Roll:
    """The whole roll, as far as its lines can be read.

    Attributes:
        voters: by the voter's key as base64url text, in the order of the file.
        sha256: of the file's bytes.
        count: lines of the file.
        style_weights: the sum of weights by ballot style.
    """

    voters: dict[str, RollLine] = field(default_factory=dict)
    sha256: bytes = b""
    count: int = 0
    style_weights: dict[str, int] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """Return the sum of all weights."""
        return sum(self.style_weights.values())


def _parse_line(data: bytes) -> tuple[str, RollLine]:
    voter, style, weight = codec.fields(codec.parse(data), "voter", "style", "weight")
    codec.decode_bytes(voter, KEY_BYTES)
    return codec.text(voter), RollLine(codec.text(style), codec.integer(weight, 1))


def read_roll(folder: RecordFolder, manifest: Manifest, findings: Findings) -> Roll:
    """Read roll.jsonl as a stream, noting what is wrong with its lines.

    Raises:
        Missing: there is no roll.
    """
    roll, digest, before = Roll(), hashlib.sha256(), ""
    lines: dict[tuple[str, int], RollLine] = {}
    unjudged: list[str] = []
    for line in folder.lines("roll.jsonl"):
        digest.update(line.data + b"\n")
        roll.count += 1
        findings.looked("1 encoding: roll")
        try:
            if line.fault:
                raise Malformed(line.fault)
            voter, parsed = _parse_line(line.data)
        except Malformed as reason:
            findings.fail("1 encoding: roll", reason, line.place)
            continue
        if voter <= before:
            findings.fail("4 opening: roll", "the voters' keys are not in ascending order", line.place)
        if parsed.style not in manifest.styles:
            findings.fail("4 opening: roll", f'the style "{parsed.style[:40]}" is not in the manifest', line.place)
            continue
        before = voter
        parsed = lines.setdefault((parsed.style, parsed.weight), parsed)  # one object for all voters alike
        roll.voters[voter] = parsed
        roll.style_weights[parsed.style] = roll.style_weights.get(parsed.style, 0) + parsed.weight
        unjudged.append(voter)
        if len(unjudged) == KEYS_AT_ONCE:
            _judge_keys(unjudged, findings)
            unjudged = []
    _judge_keys(unjudged, findings)
    roll.sha256 = digest.digest()
    return roll


def _judge_keys(voters: list[str], findings: Findings) -> None:
    findings.looked("4 opening: keys", len(voters))
    for number, reason in faulty_keys(voters).items():
        findings.fail("4 opening: keys", reason, f"voter {voters[number]} on the roll")


def check_capacity(manifest: Manifest, roll: Roll) -> None:
    """Check that no total can reach 2^32, even if everybody gives one option all they can.

    Raises:
        Refused: the weights are too large for a contest; the text says for which.
    """
    for id_, layout in manifest.layouts.items():
        if roll.weight * layout.most >= SLOT_LIMIT:
            raise Refused(
                f'contest "{id_}": the weights of the roll add up to {roll.weight}, and a ballot can add {layout.most} '
                f"times its weight to a total, which could reach 2^32 and run over into the next one"
            )
