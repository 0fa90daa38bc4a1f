"""A site with two authorities, and what tests do with duties."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from participation.answers.authorities import AuthorityData, add_authority
from participation.answers.duties import owe
from participation.answers.kinds import DutyKind
from participation.answers.models import Duty
from tests.support.participation import Town
from tests.support.server import Clock

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
def enter_authorities() -> Callable[[Town], None]:
    """The Transport Department owes by England's calendar, the Roads Office by Iran's."""

    def enter(town: Town) -> None:
        with town.services.database.writing() as session:
            for name, calendar, language, superior in (
                ({"en": "Transport Department", "fa": "ادارهٔ حمل‌ونقل"}, "gb-eng", "en", "chief@example.org"),
                ({"fa": "ادارهٔ راه"}, "ir", "fa", ""),
            ):
                mail = f"{calendar}@example.org"
                add_authority(session, town.ports, AuthorityData(name, mail, superior, calendar, language))

    return enter


@pytest.fixture
def town(make_town: Callable[..., Town], enter_authorities: Callable[[Town], None]) -> Town:
    made = make_town("[answers]\nresponse_days = 10\n")
    enter_authorities(made)
    return made


@pytest.fixture
def make_duty(town: Town) -> Callable[..., int]:
    def make(subject: str = "7", days: int | None = 10, promised_for: date | None = None, authority: int = 1) -> int:
        with town.services.database.writing() as session:
            made = owe(
                session,
                town.ports,
                DutyKind.RESPONSE,
                subject,
                title="A night bus for the harbour",
                path=f"/petitions/{subject}",
                authority_id=authority,
                since=town.services.now(),
                working_days=None if promised_for else days,
                promised_for=promised_for,
            )
            return made.id

    return make


@pytest.fixture
def read_duty(town: Town) -> Callable[[int], Any]:
    def read(duty_id: int) -> Duty | None:
        with town.services.database.reading() as session:
            found = session.get(Duty, duty_id)
            session.expunge_all()
            return found

    return read
