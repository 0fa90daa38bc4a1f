"""Double clicks, and two officials at once, on both databases: the second waits for the first and finds its work."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evote.app import create_app
from evote.participation_host import bells_of
from participation.answers.authorities import AuthorityData, add_authority
from participation.budgets.choosing import choose as choose_projects
from participation.budgets.models import BudgetChoice
from participation.consultations.kinds import PhaseKind
from participation.consultations.models import Phase
from participation.contributions.kinds import ContributionKind
from participation.contributions.models import Contribution, Support
from participation.contributions.writing import NewContribution, contribute, support
from participation.database import Base
from participation.digests.models import DigestSubscription
from participation.digests.subscribing import Kind, Period
from participation.digests.subscribing import choose as choose_digest
from participation.documents.versions import list_versions, write_version
from participation.errors import NotPermitted
from participation.people.data import erase_person, rename_person
from participation.people.locking import lock_person
from participation.people.models import Person
from participation.people.sign_in import find_or_add, mail_key
from participation.statements.models import StatementVote
from participation.statements.voting import vote
from participation.surveys.answering import answer
from participation.surveys.models import SurveyAnswers
from tests.participation.consultations.conftest import phase_of
from tests.support.gallery import gallery_settings
from tests.support.participation import Town
from tests.support.server import Clock, make_services

Consult = Callable[..., str]
Act = Callable[[Town, Phase, Person], object]
CLICKS = 4
MAIL = "ada@example.org"
COMMENT = NewContribution(ContributionKind.COMMENT, "The last bus leaves too early.")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """A site with an authority on either database."""
    settings = gallery_settings(tmp_path)
    if request.param == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("postgres_url"))
    clock = Clock()
    services = make_services(settings, clock)
    made = Town(create_app(settings, services), services, clock)
    with services.database.writing() as session:
        data = AuthorityData({"en": "Transport Department"}, "a@example.org", "", "gb-eng", "en")
        add_authority(session, made.ports, data)
    yield made
    bells_of(made.app).close()
    services.database.close()


@pytest.fixture
def ada(town: Town) -> Person:
    with town.app.test_request_context(), town.services.database.writing() as session:
        found = find_or_add(session, town.ports, "mail", mail_key(town.ports, MAIL), MAIL)
        session.flush()
        session.refresh(found)
        session.expunge(found)
        return found


def writing(act: Callable[[Session, Town, Phase, Person], object]) -> Act:
    def run(town: Town, part: Phase, person: Person) -> None:
        with town.services.database.writing() as session:
            act(session, town, part, person)

    return run


@pytest.mark.parametrize(
    ("model", "act"),
    [
        (StatementVote, writing(lambda session, town, part, ada: vote(session, town.ports, part.id, 1, ada, 1))),
        (BudgetChoice, writing(lambda session, town, part, ada: choose_projects(session, town.ports, part, ada, []))),
        (SurveyAnswers, writing(lambda session, town, part, ada: answer(session, town.ports, part, ada, {"1": 1}))),
        (Contribution, writing(lambda session, town, part, ada: contribute(session, town.ports, part, ada, COMMENT))),
        (Support, writing(lambda session, town, _part, ada: support(session, town.ports, 1, ada, wanted=True))),
        (
            DigestSubscription,
            lambda town, _part, ada: choose_digest(town.ports, ada, Period.DAILY, [Kind.PROMISES]),
        ),
    ],
)
def test_many_clicks_at_once_are_one(town: Town, consult: Consult, ada: Person, model: type[Base], act: Act) -> None:
    part = phase_of(town, consult(PhaseKind.STATEMENTS))
    with ThreadPoolExecutor(CLICKS) as pool:
        with town.services.database.writing() as session:
            lock_person(session, ada)
            clicks = [pool.submit(act, town, part, ada) for _ in range(CLICKS)]
            time.sleep(0.3)
            assert not any(one.done() for one in clicks)
        for one in clicks:
            one.result()
    mine = select(func.count()).select_from(model).where(model.person_id == ada.id)  # type: ignore[attr-defined]
    with town.services.database.reading() as session:
        assert session.scalar(mine) == 1


def test_of_two_versions_at_once_one_comes_after_the_other(town: Town, consult: Consult) -> None:
    part = phase_of(town, consult(PhaseKind.DISCUSSION))

    def publish(text: str) -> int:
        with town.services.database.writing() as session:
            return write_version(session, town.ports, part, text, "More.", replace=False).number

    with ThreadPoolExecutor(1) as pool:
        with town.services.database.writing() as session:
            write_version(session, town.ports, part, "One bus an hour.", "", replace=False)
            second = pool.submit(publish, "Two buses an hour.")
            time.sleep(0.3)
            assert not second.done()
        assert second.result() == 2
    with town.services.database.reading() as session:
        assert [one.text for one in list_versions(session, part.id)] == ["Two buses an hour.", "One bus an hour."]


def test_who_erases_their_data_while_writing_leaves_no_name(town: Town, consult: Consult, ada: Person) -> None:
    part = phase_of(town, consult(PhaseKind.DISCUSSION))
    erase_person(town.ports, ada)
    with town.services.database.writing() as session, pytest.raises(NotPermitted, match="erased your personal data"):
        contribute(session, town.ports, part, ada, COMMENT)
    with pytest.raises(NotPermitted, match="erased your personal data"):
        rename_person(town.ports, ada, "Ada Lovelace")
    with town.services.database.reading() as session:
        assert session.scalars(select(Contribution.id).where(Contribution.person_id == ada.id)).all() == []
