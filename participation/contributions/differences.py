"""What changed between two texts: line by line, and word by word in the lines that changed. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import LCSseq

_WORD = re.compile(r"\s*\S+|\s+")
_LINE = re.compile(r"\s*\S[^\n]*|\s+")
MOST_PAIRS = 100_000_000
"""Of words (or lines) of one text with those of the other that are compared: 10,000 with 10,000 take some 20 ms and
12 MB. Beyond that all of the one text is gone and all of the other is new."""


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, came or went.

    Attributes:
        kind: `same`, `new` or `gone`.
    """

    kind: str
    text: str


def compare_texts(before: str, after: str) -> list[Piece]:
    """Return pieces, none empty: `same` and `gone` give the first text, `same` and `new` the second."""
    found: list[Piece] = []
    for old, new in _compare(before, after, _LINE):
        found += [Piece("same", old)] if old == new else _compare_words(old, new)
    runs = groupby((one for one in found if one.text), lambda one: one.kind)
    return [Piece(kind, "".join(one.text for one in run)) for kind, run in runs]


def _compare_words(before: str, after: str) -> Iterator[Piece]:
    for old, new in _compare(before, after, _WORD):
        yield from [Piece("same", old)] if old == new else [Piece("gone", old), Piece("new", new)]


def _compare(before: str, after: str, unit: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands in the one text and in the other, in order: the same twice, or what differs.

    The space before a word belongs to it and does not make it another word: it comes and goes alone.
    """
    old, new = unit.findall(before), unit.findall(after)
    if len(old) * len(new) > MOST_PAIRS:
        yield before, after
        return
    numbers: dict[str, int] = {}
    old_numbers, new_numbers = _number(old, numbers), _number(new, numbers)
    gone = came = ""
    for one in LCSseq.opcodes(old_numbers, new_numbers):
        here, there = old[one.src_start : one.src_end], new[one.dest_start : one.dest_end]
        if one.tag != "equal":
            gone, came = gone + "".join(here), came + "".join(there)
            continue
        yield gone, came
        gone = came = ""
        for mine, other in zip(here, there, strict=True):
            word = mine.lstrip()
            yield mine.removesuffix(word), other.removesuffix(word)
            yield word, word
    yield gone, came


def _number(units: Sequence[str], numbers: dict[str, int]) -> list[int]:
    """Return a number for each unit, the same for the same: what is compared are numbers, and no hashes of texts."""
    return [numbers.setdefault(one.lstrip(), len(numbers)) for one in units]
