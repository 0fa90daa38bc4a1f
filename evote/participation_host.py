"""What the application gives to participation: database, mail, officials, clock, languages, the thread of its jobs."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, url_for
from flask_babel import force_locale
from sqlalchemy.orm import Session

import participation
from ballots import codec
from evote.admin.blueprint import find_official
from evote.admin.deeds import PARTICIPATION, note
from evote.api.record import serve_file
from evote.elections.queries import get_election
from evote.errors import Malformed, NotFound
from evote.languages import SOURCE, address_in, chosen_language, localized, said, spoken_languages
from evote.limits import limiter
from evote.locales import typed, writing
from evote.mail.outbox import Mail, put_mail
from evote.pages.blueprint import SITE_NAME
from evote.pages.filters import number, page_locale, page_zone
from evote.participation_rolls import ElectionRolls
from evote.participation_sign_in import ProviderAccounts
from evote.security import embeddable
from evote.services import Services
from participation.errors import Unacceptable
from participation.features import JOBS
from participation.jobs import Bells, Job, run_job
from participation.ports import EXTENSION, FoundElection, Ports
from participation.rules import read_rules
from participation.signatures.counter import CounterThread

BELLS = "participation.bells"


def register(app: Flask, services: Services) -> None:
    """Give an application participation's pages and the bells of its jobs.

    Raises:
        RulesError: The operator's rules make no sense.
    """
    settings = services.settings
    url = "" if services.database.is_sqlite else services.database.url.set(drivername="postgresql")
    dsn = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    bells = Bells(JOBS, _runner(app), dsn, settings.data_dir)
    app.extensions[BELLS] = bells
    ports = build_ports(app, services, bells.ring)
    bells.add(CounterThread(ports))
    participation.register(app, ports)


def bells_of(app: Flask) -> Bells:
    """Return the bells of an application's jobs."""
    bells = app.extensions[BELLS]
    assert isinstance(bells, Bells)
    return bells


def build_ports(app: Flask, services: Services, ring: Callable[[str], None]) -> Ports:
    """Connect participation's ports to the application's parts."""
    settings = services.settings

    def send(session: Session, to: str, subject: str, text: str, lifetime: timedelta, unsubscribe: str = "") -> None:
        put_mail(session, services, Mail(to, subject, text, services.now(), unsubscribe), lifetime)

    def record_deed(session: Session, official: str, what: str, details: codec.Json = None) -> None:
        note(session, services.now(), official, what, PARTICIPATION, details)

    def link(endpoint: str, language: str = "", **values: Any) -> str:
        path = app.url_map.bind("").build(endpoint, values)
        return f"{settings.base_url}{address_in(language, path) if language else path}"

    @contextmanager
    def speaking(language: str) -> Iterator[None]:
        with app.app_context(), force_locale((language or SOURCE).replace("-", "_")):
            yield

    def limit(rule: str) -> AbstractContextManager[Any]:
        return limiter.limit(rule)

    def find_election(election_id: str) -> FoundElection | None:
        try:
            with services.database.reading() as session:
                detail = get_election(session, election_id)
        except NotFound:
            return None
        page = "pages.result" if detail.summary.state == "tallied" else "pages.election"
        address = url_for(page, election_id=election_id)
        return FoundElection(localized(detail.manifest.title), detail.summary.state, address)

    return Ports(
        database=services.database,
        now=services.now,
        random_bytes=services.random_bytes,
        secret_key=settings.secret_key,
        base_url=settings.base_url,
        demo=settings.demo,
        time_zone=ZoneInfo(settings.time_zone),
        data_dir=settings.data_dir,
        rules=read_rules(settings.participation_rules),
        log_key=services.board_key,
        site=settings.site,
        put_mail=send,
        record_deed=record_deed,
        link=link,
        write_time=_write_time,
        say=said,
        read_number=_read_number,
        write_number=number,
        write_day=_write_day,
        read_day=_read_day,
        read_time=_read_time,
        type_time=_type_time,
        language=chosen_language,
        languages=spoken_languages,
        speaking=speaking,
        official=find_official,
        sign_in_address=lambda: url_for("admin.sign_in"),
        limit=limit,
        ring=ring,
        rolls=ElectionRolls(services),
        serve_file=serve_file,
        find_election=find_election,
        site_name=SITE_NAME,
        embeddable=embeddable,
        accounts=ProviderAccounts(),
    )


def _write_time(moment: datetime) -> str:
    return writing.write_time(moment, page_locale(), page_zone())


def _write_day(day: date) -> str:
    return writing.write_day(datetime.combine(day, time(12), UTC), page_locale())


def _read_day(text: str) -> date:
    try:
        return typed.read_day(text, page_locale())
    except Malformed as error:
        raise Unacceptable.because(error) from None


def _read_number(text: str) -> int:
    try:
        return typed.read_number(text, page_locale())
    except Malformed as error:
        raise Unacceptable.because(error) from None


def _read_time(text: str) -> datetime:
    try:
        return typed.read_moment(text, page_locale(), page_zone())
    except Malformed as error:
        raise Unacceptable.because(error) from None


def _type_time(moment: datetime) -> str:
    return typed.write_moment(moment, page_locale(), page_zone())


def _runner(app: Flask) -> Callable[[Job], object]:
    def run(job: Job) -> object:
        with app.app_context(), force_locale(SOURCE):
            return run_job(app.extensions[EXTENSION], job)

    return run
