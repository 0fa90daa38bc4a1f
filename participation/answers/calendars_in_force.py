"""The calendars in force: those that come with the program, with what officials changed in them."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.answers.calendar import WorkingCalendar, load_calendars
from participation.answers.models import CalendarChange
from participation.errors import Missing

CALENDARS: Mapping[str, WorkingCalendar] = load_calendars()


def get_calendar(session: Session, name: str) -> WorkingCalendar:
    """Return a calendar as it is in force.

    Raises:
        Missing: There is no calendar of this name.
    """
    if name not in CALENDARS:
        raise Missing("There is no calendar %(name)s. Calendars are: %(known)s.", name=name, known=sorted(CALENDARS))
    query = select(CalendarChange).where(CalendarChange.calendar == name).order_by(CalendarChange.id)
    added: dict[date, Mapping[str, str]] = {}
    removed: set[date] = set()
    for change in session.scalars(query):
        added.pop(change.day, None)
        removed.add(change.day)
        if change.holiday:
            added[change.day] = change.name
    return CALENDARS[name].changed(added, removed)
