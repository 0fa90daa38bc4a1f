"""One line of a log, whatever log it is: index, time, type, and the body that the type says (sections 7 and 18.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from . import codec
from .codec import Json
from .errors import Malformed, inside

Body = TypeVar("Body")


@dataclass(frozen=True, slots=True)
class Line(Generic[Body]):
    """One entry of a log."""

    index: int
    time: datetime
    type: str
    body: Body


def parse_line(data: bytes, bodies: Mapping[str, Callable[[Json], Body]]) -> Line[Body]:
    """Turn a line into an entry.

    Args:
        data: The line without its end.
        bodies: {type: what reads its body}; others are unknown.

    Raises:
        Malformed: it is not canonical, of an unknown type, or a field is missing, unknown or malformed.
    """
    index, time, type_, body = codec.fields(codec.parse(data), "index", "time", "type", "body")
    name = codec.text(type_)
    if name not in bodies:
        raise Malformed(f'the type "{name[:40]}" is not known')
    with inside(f"{name} entry"):
        return Line(codec.integer(index), codec.decode_time(time), name, bodies[name](body))
