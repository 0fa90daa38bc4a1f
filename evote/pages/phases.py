"""Where an election stands, in the words that people see."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext


class Phase(StrEnum):
    """The board's state, refined by the clock."""

    DRAFT = "draft"
    FROZEN = "frozen"
    WAITING = "waiting"
    OPEN = "open"
    CLOSING = "closing"
    COUNTING = "counting"
    FINISHED = "finished"
    ANNULLED = "annulled"


@dataclass(frozen=True)
class Standing:
    """A phase with its name and the colour class of its badge."""

    phase: Phase
    label: str
    tone: str


def phase_of(state: str, opens_at: datetime, closes_at: datetime, now: datetime) -> Phase:
    """Refine a state of the board by the clock.

    Args:
        state: draft, frozen, open, closed, tallied or annulled.
        opens_at: When ballots are first taken.
        closes_at: The closing time in force.
        now: The present.
    """
    if state == "open":
        if now < opens_at:
            return Phase.WAITING
        return Phase.OPEN if now <= closes_at else Phase.CLOSING
    return {
        "draft": Phase.DRAFT,
        "frozen": Phase.FROZEN,
        "closed": Phase.COUNTING,
        "tallied": Phase.FINISHED,
        "annulled": Phase.ANNULLED,
    }[state]


def standing(phase: Phase) -> Standing:
    """Name a phase for people."""
    label, tone = {
        Phase.DRAFT: (gettext("Being prepared"), "plain"),
        Phase.FROZEN: (gettext("Fixed, not open yet"), "wait"),
        Phase.WAITING: (gettext("Opens soon"), "wait"),
        Phase.OPEN: (gettext("Open for voting"), "good"),
        Phase.CLOSING: (gettext("Voting has ended"), "wait"),
        Phase.COUNTING: (gettext("Being counted"), "wait"),
        Phase.FINISHED: (gettext("Counted"), "accent"),
        Phase.ANNULLED: (gettext("Annulled"), "bad"),
    }[phase]
    return Standing(phase, label, tone)
