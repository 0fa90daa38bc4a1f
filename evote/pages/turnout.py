"""Turnout over time, drawn: a line and a table of the same numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from evote.elections.queries import ElectionDetail
from evote.elections.turnout import TurnoutHour, turnout_by_hour
from evote.pages.filters import number, page_zone, percent
from evote.pages.queries import notices

WIDTH, HEIGHT = 1000, 300
_HOUR = timedelta(hours=1)
_MOST_HOURS = timedelta(days=3)
"""A longer vote is told by the day."""


@dataclass(frozen=True)
class TurnoutRow:
    """One line of the table; `ballots` within it, `voters` by its end."""

    until: datetime
    ballots: int
    voters: int


@dataclass(frozen=True)
class TurnoutChart:
    """The chart's line as an SVG path of 1000 by 300, and what stands around it.

    Attributes:
        top: How many voters the upper edge stands for.
        description: The chart in a sentence or two.
    """

    path: str
    begins: datetime
    ends: datetime
    top: int
    eligible: int
    description: str
    rows: Sequence[TurnoutRow]


def view_turnout(session: Session, detail: ElectionDetail, now: datetime) -> TurnoutChart | None:
    """Draw an election's turnout; nothing while there is no ballot."""
    hours = turnout_by_hour(session, detail.summary.id)
    if not hours:
        return None
    closes = notices(session, detail.summary.id, "close")
    ends = closes[0].time if closes else min(now, detail.summary.closes_at)
    return draw_turnout(hours, detail.summary.opens_at, ends, detail.summary.voters)


def draw_turnout(hours: Sequence[TurnoutHour], begins: datetime, ends: datetime, eligible: int) -> TurnoutChart:
    """Draw hours that had ballots.

    Args:
        hours: At least one, ascending.
        begins: When voting opened.
        ends: When it closed, or now.
        eligible: Lines of the roll.
    """
    begins, ends = min(begins, hours[0].begins), max(ends, hours[-1].begins + timedelta(seconds=1))
    voted, ballots = hours[-1].voters, sum(hour.ballots for hour in hours)
    top = max(min(_round_up(voted), eligible), voted)
    rows = group_hours(hours, ends)
    return TurnoutChart(
        path=_line(hours, begins, ends, top),
        begins=begins,
        ends=ends,
        top=top,
        eligible=eligible,
        description=_describe(voted, eligible, ballots),
        rows=rows,
    )


def group_hours(hours: Sequence[TurnoutHour], ends: datetime) -> list[TurnoutRow]:
    """Sum hours up for the table: by the hour in a short vote, by the day of the page's time zone in a long one."""
    long = hours[-1].begins - hours[0].begins > _MOST_HOURS
    zone = page_zone()

    def end_of(hour: TurnoutHour) -> datetime:
        if not long:
            return hour.begins + _HOUR
        local = hour.begins.astimezone(zone)
        return (local + timedelta(days=1)).replace(hour=0, minute=0)

    return _summed(hours, lambda hour: min(end_of(hour), ends))


def _summed(hours: Sequence[TurnoutHour], until: Callable[[TurnoutHour], datetime]) -> list[TurnoutRow]:
    rows: dict[datetime, TurnoutRow] = {}
    for hour in hours:
        end = until(hour)
        before = rows[end].ballots if end in rows else 0
        rows[end] = TurnoutRow(end, before + hour.ballots, hour.voters)
    return list(rows.values())


def _line(hours: Sequence[TurnoutHour], begins: datetime, ends: datetime, top: int) -> str:
    def across(moment: datetime) -> int:
        return round(WIDTH * ((min(max(moment, begins), ends) - begins) / (ends - begins)))

    def up(voters: int) -> int:
        return HEIGHT - HEIGHT * voters // top

    steps, before = [f"M0 {HEIGHT}"], 0
    for hour in hours:
        steps.append(f"L{across(hour.begins)} {up(before)}L{across(hour.begins + _HOUR)} {up(hour.voters)}")
        before = hour.voters
    return "".join((*steps, f"H{WIDTH}"))


def _round_up(count: int) -> int:
    """Return the least of 1, 2, 5, 10, 20, 50 and so on that is not below a number."""
    scale = 1
    while True:
        for factor in (1, 2, 5):
            if factor * scale >= count:
                return factor * scale
        scale *= 10


def _describe(voted: int, eligible: int, ballots: int) -> str:
    sentence = gettext(
        "%(voted)s of %(eligible)s voters have cast a ballot (%(share)s).",
        voted=number(voted),
        eligible=number(eligible),
        share=percent(voted, eligible),
    )
    if ballots > voted:
        again = ballots - voted
        sentence += " " + ngettext(
            "%(count)s ballot more replaced an earlier one.",
            "%(count)s ballots more replaced earlier ones.",
            again,
            count=number(again),
        )
    return sentence
