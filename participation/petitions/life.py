"""A petition's life: states, what leads from one to the next, thresholds, deadlines. Pure: time is an argument.

    draft → collecting supporters → moderation → open → closed
    moderation → rejected · collecting, moderation, open → stopped · whatever was public → hidden, removed
    rejected, hidden, stopped, removed → moderation, when an appeal is granted

Beside it run the answer (owed at a first threshold) and the debate (at a second). Signatures found false later take a
threshold back, unless it was answered. A closed petition opens again only if its deadline is moved beyond the present.
Every function returns the new life, or the same if nothing changes, and raises `NotNow` where the step does not fit.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from participation.errors import NotNow, Unacceptable

CODE_LENGTH = 20


class State(StrEnum):
    """Where a petition stands."""

    DRAFT = "draft"
    COLLECTING = "collecting"
    MODERATION = "moderation"
    OPEN = "open"
    CLOSED = "closed"
    REJECTED = "rejected"
    HIDDEN = "hidden"
    STOPPED = "stopped"
    REMOVED = "removed"


class Response(StrEnum):
    """Whether an answer is owed and given."""

    NONE = "none"
    AWAITING = "awaiting"
    RESPONDED = "responded"


class Debate(StrEnum):
    """Whether a debate is owed and held."""

    NONE = "none"
    AWAITING = "awaiting"
    SCHEDULED = "scheduled"
    DEBATED = "debated"
    NOT_DEBATED = "not-debated"


REJECTIONS = {
    "duplicate": False,
    "unclear": False,
    "not-ours": False,
    "already-done": False,
    "information": False,
    "appointment": False,
    "fake-name": False,
    "private": True,
    "libellous": True,
    "offensive": True,
}
"""{code: whether the text is hidden}: the reasons for which a petition is rejected."""
TAKEDOWNS = ("court", "law", "private", "libellous", "offensive", "creator", "duplicate", "supporters", "mistake")
"""The reasons for which a petition is hidden, stopped or removed."""
PUBLIC = (State.OPEN, State.CLOSED, State.STOPPED)
"""States in which text and count are shown."""
ENDED = (State.CLOSED, State.REJECTED, State.HIDDEN, State.STOPPED, State.REMOVED)


@dataclass(frozen=True)
class Life:
    """Where a petition stands.

    Attributes:
        checked_since: Since when it waits for the moderators.
        opened_at, closes_at: Signatures are taken from the one until the other, which is no more included.
        ended_at: When it entered one of the states that end it.
        reason: Code of why it was rejected or taken down.
        response_since, debate_since: Since when they are owed.
        debate_on: The day that is set for it.
        erased: Personal data is gone.
    """

    state: State = State.DRAFT
    checked_since: datetime | None = None
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""
    response: Response = Response.NONE
    response_since: datetime | None = None
    debate: Debate = Debate.NONE
    debate_since: datetime | None = None
    debate_on: date | None = None
    erased: bool = False

    @property
    def shows_text(self) -> bool:
        """Whether everybody may read the petition's text: a moderator has seen it, and nothing speaks against it."""
        if self.state is State.REJECTED:
            return not REJECTIONS.get(self.reason, True)
        return self.state in PUBLIC and self.opened_at is not None


def collect(life: Life) -> Life:
    """Begin to look for supporters: the creator's mail address is confirmed."""
    _require(life, State.DRAFT)
    return replace(life, state=State.COLLECTING)


def support(life: Life, supporters: int, needed: int, now: datetime) -> Life:
    """Go to the moderators once there are enough supporters, the creator not counted."""
    if life.state is State.COLLECTING and supporters >= needed:
        return replace(life, state=State.MODERATION, checked_since=now)
    return life


def approve(life: Life, closes_at: datetime, now: datetime) -> Life:
    """Open for signatures; after a granted appeal the first opening and its deadline stay."""
    _require(life, State.MODERATION)
    opened = life.opened_at or now
    return replace(
        life,
        state=State.OPEN,
        opened_at=opened,
        closes_at=max(life.closes_at or closes_at, closes_at),
        checked_since=None,
        ended_at=None,
        reason="",
    )


def reject(life: Life, code: str, now: datetime) -> Life:
    """Refuse to open it, for one of the public reasons."""
    _require(life, State.MODERATION)
    if code not in REJECTIONS:
        raise Unacceptable("Choose a reason that fits the decision.")
    return replace(life, state=State.REJECTED, checked_since=None, ended_at=now, reason=code)


def stop(life: Life, code: str, now: datetime) -> Life:
    """Take no more signatures, or supporters; what is there stays to be read."""
    _require(life, State.COLLECTING, State.MODERATION, State.OPEN)
    return _take_down(life, State.STOPPED, code, now)


def hide(life: Life, code: str, now: datetime) -> Life:
    """Show that there was a petition and why its text is hidden, and no more."""
    _require(life, *PUBLIC, State.REJECTED)
    return _take_down(life, State.HIDDEN, code, now)


def remove(life: Life, code: str, now: datetime) -> Life:
    """Take title and text away for good reasons like an order of a court; number, reason and dates stay."""
    _require(life, *PUBLIC, State.REJECTED, State.HIDDEN)
    return _take_down(life, State.REMOVED, code, now)


def check_again(life: Life, now: datetime) -> Life:
    """Bring a petition that was refused or taken down before the moderators again: an appeal was granted."""
    _require(life, State.REJECTED, State.HIDDEN, State.STOPPED, State.REMOVED)
    if life.erased:
        raise NotNow("Its personal data is erased already: it cannot go on.")
    return replace(life, state=State.MODERATION, checked_since=now, ended_at=None, reason="")


def keep_time(life: Life, now: datetime) -> Life:
    """Close an open petition whose deadline is past. A clock that runs back opens nothing."""
    if life.state is State.OPEN and life.closes_at is not None and now >= life.closes_at:
        return replace(life, state=State.CLOSED, ended_at=life.closes_at)
    return life


def extend(life: Life, closes_at: datetime, now: datetime) -> Life:
    """Move the deadline on, never back; a petition that its deadline has closed opens again if the new one is ahead."""
    if life.closes_at is None or closes_at <= life.closes_at or life.state not in (State.OPEN, State.CLOSED):
        return life
    if life.erased:
        return life
    moved = replace(life, closes_at=closes_at)
    if life.state is State.CLOSED:
        again = now < closes_at
        return replace(moved, state=State.OPEN, ended_at=None) if again else replace(moved, ended_at=closes_at)
    return moved


def count(life: Life, confirmed: int, response_at: int, debate_at: int, now: datetime) -> Life:
    """Take notice of the number of signatures: thresholds are reached, or taken back while nobody has acted on them."""
    if life.state not in PUBLIC:
        return life
    if confirmed >= response_at and life.response is Response.NONE:
        life = replace(life, response=Response.AWAITING, response_since=now)
    elif confirmed < response_at and life.response is Response.AWAITING:
        life = replace(life, response=Response.NONE, response_since=None)
    if confirmed >= debate_at and life.debate is Debate.NONE:
        life = replace(life, debate=Debate.AWAITING, debate_since=now)
    elif confirmed < debate_at and life.debate is Debate.AWAITING:
        life = replace(life, debate=Debate.NONE, debate_since=None)
    return life


def respond(life: Life) -> Life:
    """Note that an answer was given; it may come before it is owed, and more than once."""
    _require_read(life)
    return replace(life, response=Response.RESPONDED)


def schedule(life: Life, day: date, today: date) -> Life:
    """Set the day of the debate, or another day."""
    _require_read(life)
    if life.debate in (Debate.DEBATED, Debate.NOT_DEBATED):
        raise NotNow("The debate is over, or was refused. Nothing was changed.")
    if day < today:
        raise Unacceptable("This day is past. Choose today or a later day.")
    return replace(life, debate=Debate.SCHEDULED, debate_on=day)


def debated(life: Life, day: date, today: date) -> Life:
    """Note that it was debated."""
    _require_read(life)
    if day > today:
        raise Unacceptable("This day is still to come. A debate can be noted once it was held.")
    return replace(life, debate=Debate.DEBATED, debate_on=day)


def refuse_debate(life: Life) -> Life:
    """Note that it will not be debated."""
    _require_read(life)
    if life.debate is Debate.DEBATED:
        raise NotNow("It was debated already. Nothing was changed.")
    return replace(life, debate=Debate.NOT_DEBATED, debate_on=None)


def may_sign(life: Life, now: datetime) -> bool:
    """Tell whether signatures are taken."""
    return life.state is State.OPEN and life.closes_at is not None and now < life.closes_at


def may_confirm(life: Life, now: datetime, grace: timedelta) -> bool:
    """Tell whether a signature given in time can still be confirmed: until some hours after the close."""
    return (
        life.state in (State.OPEN, State.CLOSED)
        and life.closes_at is not None
        and now < life.closes_at + grace
        and not life.erased
    )


def is_archived(life: Life, now: datetime, days: int) -> bool:
    """Tell whether a petition ended so long ago that it is kept apart from the others."""
    return life.ended_at is not None and now >= life.ended_at + timedelta(days=days)


def erasure_time(life: Life, months: int, zone: ZoneInfo) -> datetime | None:
    """Return when personal data is to be erased; nothing while the petition goes on, or once it is."""
    return None if life.ended_at is None or life.erased else day_end(life.ended_at, months, zone)


def closing_time(opened_at: datetime, months: int, zone: ZoneInfo, down_days: Collection[date] = ()) -> datetime:
    """Return the end of the opening day plus some months, plus one day for each day on which collection was down.

    Args:
        opened_at: Aware.
        months: For which it is open.
        zone: Of the site, whose days count.
        down_days: Days of the site on which signatures could not be given, in any order.

    Returns:
        The first moment that is too late, in UTC.
    """
    first = opened_at.astimezone(zone).date()
    last = add_months(first, months)
    for day in sorted(set(down_days)):
        if first <= day <= last:
            last += timedelta(days=1)
    return _midnight_after(last, zone)


def day_end(moment: datetime, months: int, zone: ZoneInfo) -> datetime:
    """Return the end of a moment's day, so many months later, in UTC."""
    return _midnight_after(add_months(moment.astimezone(zone).date(), months), zone)


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(following - timedelta(days=1), date(year, month + 1, 1) + timedelta(days=day.day - 1))


def _midnight_after(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def _require(life: Life, *states: State) -> None:
    if life.state not in states:
        raise NotNow("The petition is no longer where it stood when you opened the page. Nothing was changed.")


def _require_read(life: Life) -> None:
    _require(life, *PUBLIC)
    if not life.shows_text:
        raise NotNow("This petition was stopped before it opened, so nobody could read it. Nothing was changed.")


def _take_down(life: Life, state: State, code: str, now: datetime) -> Life:
    if code not in TAKEDOWNS:
        raise Unacceptable("Choose a reason that fits the decision.")
    ended = life.ended_at or now
    return replace(life, state=state, checked_since=None, ended_at=ended, reason=code)
