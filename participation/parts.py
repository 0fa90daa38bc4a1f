"""Small values that templates of several features show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Badge:
    """A state with the colour class of its badge."""

    label: str
    tone: str


@dataclass(frozen=True)
class Step:
    """A line of a public history."""

    at: datetime
    by: str
    text: str
    note: str
    evidence: Sequence[str] = ()
