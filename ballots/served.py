"""Files of a record as they are served: their length known, their bytes cut from lines a few at a time. Pure."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ballots import codec

Numbered = tuple[int, int, bytes]
"""A line's number, where it ends in its file, and the line without its end."""


@dataclass(frozen=True)
class RecordFile:
    """A file of a record as it is now.

    Attributes:
        size: Bytes.
        tag: Changes with the content: an ETag.
        final: It will never change.
        stream: Yields the bytes from `start` up to `stop`.
    """

    size: int
    tag: str
    final: bool
    stream: Callable[[int, int], Iterator[bytes]]


def fixed_file(data: bytes, *, final: bool) -> RecordFile:
    """Return a file whose bytes are at hand."""
    tag = codec.encode_bytes(hashlib.sha256(data).digest())
    return RecordFile(len(data), tag, final, lambda start, stop: iter((data[start:stop],)))


def cut_lines(fetch: Callable[[int, int], Sequence[Numbered]], first: int, start: int, stop: int) -> Iterator[bytes]:
    """Yield the bytes of a span of a file of lines.

    Args:
        fetch: Given a line's number and a place in the file, returns the next lines from that number on which end
            behind that place; none at the end.
        first: Number of the file's first line.
        start: Where the span begins.
        stop: Where it ends, exclusive.
    """
    following = first
    while start < stop:
        rows = fetch(following, start)
        if not rows:
            return
        for number, line_end, data in rows:
            line = data + b"\n"
            begins = line_end - len(line)
            piece = line[max(0, start - begins) : max(0, stop - begins)]
            start, following = line_end, number + 1
            if piece:
                yield piece
            if line_end >= stop:
                return
