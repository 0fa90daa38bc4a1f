"""Participation for the demonstration: who owes answers, promises, petitions in each state, and consultations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from evote.simulation.consultations import make_consultations
from evote.simulation.petitions import make_examples
from participation.answers.authorities import AuthorityData, add_authority
from participation.answers.kinds import PromiseStatus
from participation.answers.models import Authority
from participation.answers.models import Promise as StoredPromise
from participation.answers.promises import NewPromise, change_status, enter_promise
from participation.jobs import Job, run_job
from participation.ports import Ports
from participation.signatures.counter import LOCK, count_now

_BY = "Demo official"
COUNCIL = AuthorityData(
    {"en": "Town Council", "fa": "شورای شهر"}, "council@example.org", "mayor@example.org", "gb-eng", "en"
)
PARKS = AuthorityData({"en": "Parks and Roads", "fa": "بوستان‌ها و راه‌ها"}, "parks@example.org", "", "gb-eng", "en")


@dataclass(frozen=True)
class Promise:
    """A promise to make: `made` and `due` in days from now; each step is (days from now, status, note)."""

    title: str
    text: str
    made: int
    due: int
    steps: Sequence[tuple[int, PromiseStatus, str]]


PROMISES = (
    Promise(
        "Forty trees along the market street",
        "“Before next winter forty trees will stand along the market street, and we will water them.”",
        -75,
        160,
        ((-40, PromiseStatus.STARTED, "The places are marked, and twelve of the forty trees are planted."),),
    ),
    Promise(
        "کتابخانهٔ سیار برای محله‌های شمالی",
        "«تا پایان فصل یک کتابخانهٔ سیار هفته‌ای دو بار به محله‌های شمالی می‌رود.»",
        -120,
        -10,
        (
            (-60, PromiseStatus.DELAYED, "خودرو دو ماه دیرتر تحویل داده شد."),
            (-14, PromiseStatus.KEPT, "از این هفته شنبه‌ها و سه‌شنبه‌ها می‌آید."),
        ),
    ),
)


def make_participation(ports: Ports) -> Mapping[str, int]:
    """Make whatever of it is not there; returns how much of what was made."""
    quiet = replace(ports, put_mail=_no_mail, ring=lambda _name: None)
    with ports.speaking("en"):
        council, parks = _authorities(quiet)
        with ports.database.reading() as session:
            known = set(session.scalars(select(StoredPromise.title)))
        missing = [one for one in PROMISES if one.title not in known]
        for promise in missing:
            _promise(quiet, promise, parks)
        petitions = make_examples(ports)
        run_job(ports, Job(LOCK, count_now))  # unless the site's own counter runs
        return {
            "petitions": petitions,
            "consultations": make_consultations(quiet, council),
            "promises": len(missing),
        }


def _authorities(ports: Ports) -> Sequence[int]:
    """Return the numbers of the town's authorities, which are entered together."""
    with ports.database.writing() as session:
        found = session.scalars(select(Authority.id).order_by(Authority.id)).all()
        return found[:2] if found else [add_authority(session, ports, one).id for one in (COUNCIL, PARKS)]


def _promise(host: Ports, promise: Promise, authority_id: int) -> None:
    today, source = host.now().astimezone(host.time_zone).date(), "https://example.org/minutes"
    made, due = (today + timedelta(days=days) for days in (promise.made, promise.due))
    new = NewPromise(promise.title, promise.text, authority_id, made, source, due)
    with host.database.writing() as session:
        entered = enter_promise(session, _on_day(host, promise.made), new, by=_BY)
        for days, status, note in promise.steps:
            change_status(
                session,
                _on_day(host, days),
                entered.id,
                entered.revision,
                status,
                note=note,
                evidence=[source] if status.final else [],
                by=_BY,
            )


def _on_day(host: Ports, days: int) -> Ports:
    """Return the ports with the clock of another day."""
    then = host.now() + timedelta(days=days)
    return replace(host, now=lambda: then)


def _no_mail(*_what: Any, **_more: Any) -> None:
    """Send nobody anything: the town is made up."""
