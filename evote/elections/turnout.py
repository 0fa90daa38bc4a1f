"""How many have voted, hour by hour, as the public log tells it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ballots import codec
from evote.board.models import LogEntry
from evote.elections.queries import ballots_by_hour


@dataclass(frozen=True)
class TurnoutHour:
    """An hour in which ballots were accepted.

    Attributes:
        begins: The hour's beginning, UTC.
        ballots: Accepted within it, revotes too.
        voters: How many different voters had voted by its end.
    """

    begins: datetime
    ballots: int
    voters: int


LONG_LOG = 5_000
"""Entries from which on a count, which looks at every ballot, is kept for a while."""
KEPT_SECONDS = 60
_MOST_KEPT = 100

_kept: dict[tuple[str, str], tuple[float, Sequence[TurnoutHour]]] = {}


def turnout_by_hour(session: Session, election_id: str) -> Sequence[TurnoutHour]:
    """Return the hours that had ballots, ascending; of a long log they may be a minute old."""
    key = (str(session.get_bind().engine.url), election_id)
    counted_at, hours = _kept.get(key, (0.0, ()))
    if hours and time.monotonic() - counted_at < KEPT_SECONDS:
        return hours
    hours = count_by_hour(session, election_id)
    if sum(hour.ballots for hour in hours) >= LONG_LOG:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = (time.monotonic(), hours)
    return hours


def count_by_hour(session: Session, election_id: str) -> Sequence[TurnoutHour]:
    """Count the hours that had ballots, ascending."""
    of = LogEntry.election_id == election_id
    first = func.min(LogEntry.time).label("first")
    firsts = select(first).where(of, LogEntry.type == "ballot").group_by(LogEntry.voter).subquery()
    hour = func.substr(firsts.c.first, 1, 13)
    new = {str(at): count for at, count in session.execute(select(hour, func.count()).group_by(hour))}
    hours, voters = [], 0
    for at, ballots in ballots_by_hour(session, election_id):
        voters += new.get(at, 0)
        hours.append(TurnoutHour(codec.parse_time(f"{at}:00:00Z"), ballots, voters))
    return hours
