"""A document's text as blocks and sentences, and where a comment's passage is in another version of it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SENTENCE = re.compile(r"(?<=[.!?؟۔…])\s+")
_BLANK = re.compile(r"\n\s*\n")
_DEEPEST = 3


@dataclass(frozen=True)
class Block:
    """A heading or a paragraph.

    Attributes:
        level: 1 to 3 for headings, 0 for paragraphs.
        number: Of paragraphs, from 1; 0 for headings.
        text: On one line.
    """

    level: int
    number: int
    text: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of a paragraph."""
        return tuple(one for one in _SENTENCE.split(self.text) if one)


@dataclass(frozen=True)
class Anchor:
    """The passage that a comment is about.

    Attributes:
        version: Of the document.
        paragraph: Its number there.
        quote: The words themselves; the whole paragraph if nothing was chosen in it.
    """

    version: int
    paragraph: int
    quote: str

    def as_json(self) -> dict[str, str | int]:
        """Return what is stored with the comment."""
        return {"version": self.version, "paragraph": self.paragraph, "quote": self.quote}

    @classmethod
    def from_json(cls, stored: Mapping[str, str | int]) -> "Anchor":
        """Read what was stored."""
        return cls(int(stored["version"]), int(stored["paragraph"]), str(stored["quote"]))


def parse_blocks(text: str) -> list[Block]:
    """Part a text into headings and paragraphs."""
    blocks: list[Block] = []
    number = 0
    for part in _BLANK.split(text.strip()):
        lines = part.strip().split("\n")
        while lines and lines[0].startswith("#"):
            marks = len(lines[0]) - len(lines[0].lstrip("#"))
            title = " ".join(lines[0].lstrip("#").split())
            if title:
                blocks.append(Block(min(marks, _DEEPEST), 0, title))
            lines = lines[1:]
        body = " ".join(" ".join(lines).split())
        if body:
            number += 1
            blocks.append(Block(0, number, body))
    return blocks


def make_anchor(blocks: Sequence[Block], version: int, paragraph: int, chosen: Sequence[int]) -> Anchor | None:
    """Return the anchor of the chosen sentences of a paragraph; nothing if they do not exist."""
    block = next((one for one in blocks if one.number == paragraph), None)
    if block is None or paragraph < 1 or not all(0 <= one < len(block.sentences) for one in chosen):
        return None
    if not chosen:
        return Anchor(version, paragraph, block.text)
    runs: list[list[int]] = []
    for place in sorted(set(chosen)):
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return Anchor(version, paragraph, " … ".join(" ".join(block.sentences[one] for one in run) for run in runs))


def locate(anchor: Anchor, blocks: Sequence[Block], version: int) -> int | None:
    """Return the paragraph of a version that holds an anchor's words; nothing if they are gone.

    In its own version that is the paragraph it names. In another one every run of words must be there; of several
    such paragraphs it is the one nearest to the old place.
    """
    if anchor.version == version:
        return anchor.paragraph
    runs = anchor.quote.split(" … ")
    fitting = [one.number for one in blocks if one.number and all(run in one.text for run in runs)]
    return min(fitting, key=lambda number: (abs(number - anchor.paragraph), number), default=None)
