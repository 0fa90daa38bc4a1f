"""What changed between two texts, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECE = re.compile(r"\n|[^\S\n]+|[^\s]+")
MOST_PIECES = 3_000
"""Of both texts together; longer ones are compared line by line, which is coarser and quick."""


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, came or went.

    Attributes:
        kind: `same`, `new` or `gone`.
    """

    kind: str
    text: str


def compare_texts(before: str, after: str) -> list[Piece]:
    """Return pieces: `same` and `gone` give the first text, `same` and `new` the second."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    if len(old) + len(new) > MOST_PIECES:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece("gone", "".join(old[a:b])))
        if d > c:
            pieces.append(Piece("new", "".join(new[c:d])))
    return pieces
