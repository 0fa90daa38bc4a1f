"""Answers that are owed, promises and open data: public pages and the office that gives them."""

from datetime import date

from participation.answers.authorities import AuthorityData, add_authority
from participation.answers.duties import owe
from participation.answers.kinds import DutyKind
from participation.answers.promises import NewPromise, enter_promise
from participation.ports import EXTENSION
from tests.support.exhibition import Exhibition, Pages, seen, wrong

_OFFICE = "/admin/participation/"
ME = "official"

PAGES: Pages = {
    "answers.index": seen("/answers/", "/answers/?state=in-time"),
    "answers.duty": seen("/answers/{duty}"),
    "answers.calendars": seen("/answers/calendars"),
    "promises.list_of_promises": seen("/promises/"),
    "promises.promise": seen("/promises/{promise}"),
    "opendata.index": seen("/data/"),
    "answers_office.desk": seen(_OFFICE + "answers", by=ME),
    "answers_office.refer_duty": seen(_OFFICE + "answers/{duty}/refer", by=ME),
    "answers_office.authority": seen(_OFFICE + "authorities/{authority}", by=ME),
    "answers_office.new_authority": seen(_OFFICE + "authorities/new", by=ME),
    "answers_office.holidays": seen(_OFFICE + "calendars", by=ME),
    "answers_office.promise": seen(_OFFICE + "promises/{promise}", by=ME),
    "answers_office.new_promise": seen(_OFFICE + "promises/new", by=ME),
}
WRONG = (wrong(_OFFICE + "answers/{duty}/refer", authority="", reason="no", by=ME),)
NOT_PAGES: dict[str, str] = {
    "opendata.as_json": "a list for programs",
    "opendata.as_csv": "a list for spreadsheets",
    "opendata.bundle": "a file with all lists",
    "opendata.catalogue": "a catalogue for programs",
    "opendata.api": "a description for programs",
    "opendata.news": "a feed",
}


def hang(made: Exhibition) -> None:
    """Let an authority owe an answer, and promise something."""
    ports = made.app.extensions[EXTENSION]
    with made.services.database.writing() as session:
        name = {"en": "Transport Department", "fa": "ادارهٔ حمل‌ونقل"}
        authority = add_authority(
            session, ports, AuthorityData(name, "gb-eng@example.org", "chief@example.org", "gb-eng", "en")
        )
        session.flush()
        duty = owe(
            session,
            ports,
            DutyKind.RESPONSE,
            "7",
            title="A night bus for the harbour",
            path="/petitions/",
            authority_id=authority.id,
            since=made.clock.now,
            working_days=10,
        )
        new = NewPromise(
            title="Fifty trees",
            text="Fifty trees along the avenue.",
            authority_id=authority.id,
            promised_on=date(2026, 3, 1),
            source="https://example.org/minutes",
            due_on=None,
        )
        promise = enter_promise(session, ports, new, by="Ada")
        session.flush()
        made.names |= {"duty": str(duty.id), "authority": str(authority.id), "promise": str(promise.id)}
