"""The roll: one line a credential, ascending by the voter's key (section 9)."""

from collections.abc import Iterable, Iterator

import msgspec

from ballots import codec
from ballots.definition import SLOT_BITS, most_per_slot
from ballots.errors import RecordError
from ballots.manifest import Manifest


class RollLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A voter's public key, ballot style and weight."""

    voter: str
    style: str
    weight: int

    def encode(self) -> bytes:
        """Encode as a line of ``roll.jsonl``, with its newline."""
        return codec.encode_canonical(msgspec.to_builtins(self)) + b"\n"


def parse_roll(lines: Iterable[bytes], manifest: Manifest) -> Iterator[RollLine]:
    r"""Parse and check the lines of ``roll.jsonl``, each ending in ``\n``.

    Raises:
        EncodingError: A line is not canonical JSON.
        RecordError: A line is out of order, of an unknown style or weight, or the weights
            together could overflow a slot.
    """
    previous = ""
    total = 0
    most = max(most_per_slot(contest) for contest in manifest.contests)
    for number, line in enumerate(lines, start=1):
        if not line.endswith(b"\n"):
            raise RecordError("Line %(number)s of the roll does not end in a newline.", number=number)
        try:
            parsed = msgspec.convert(codec.parse_canonical(line[:-1]), RollLine, strict=True)
        except msgspec.ValidationError as error:
            raise RecordError(
                "Line %(number)s of the roll is not of its form: %(error)s", number=number, error=error
            ) from None
        if not parsed.voter > previous:
            raise RecordError("Line %(number)s of the roll is out of order, or a voter stands twice.", number=number)
        if parsed.style not in manifest.styles:
            raise RecordError(
                "Line %(number)s of the roll names the unknown ballot style '%(style)s'.",
                number=number,
                style=parsed.style,
            )
        if parsed.weight < 1:
            raise RecordError("Line %(number)s of the roll has a weight below 1.", number=number)
        previous = parsed.voter
        total += parsed.weight
        if total * most >= 1 << SLOT_BITS:
            raise RecordError("The weights on the roll are so large that a total could overflow its slot.")
        yield parsed
