"""The demonstration's petitions, consultations and promises: made once, and every page of them is there."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from evote.app import create_app
from evote.cli import commands
from evote.participation_host import bells_of
from evote.simulation.participation import make_participation
from evote.simulation.petitions import RULES
from participation.answers.models import Promise
from participation.budgets.outcomes import find_outcome
from participation.consultations.models import Consultation, Phase
from participation.contributions.models import Contribution
from participation.petitions.models import Petition
from participation.statements.maps import find_map
from tests.support.gallery import gallery_settings
from tests.support.participation import Town
from tests.support.server import Clock, make_services

_LISTS = ("/", "/petitions/?state=all", "/consultations/", "/answers/", "/promises/")
_LINK = re.compile(r'href="/en(/(?:petitions|consultations|answers|promises|contributions)/[\w/-]*)"')
_ELSEWHERE = re.compile(r"/(new|sign|write|reply|manage|amend/\d+|paragraph/\d+)$")
"""Pages of forms, which are looked at elsewhere, and which need a person."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("demonstration")
    (folder / "rules.toml").write_text(RULES, encoding="utf-8")
    chosen = replace(gallery_settings(folder), participation_rules=folder / "rules.toml")
    clock = Clock(datetime(2026, 7, 1, 9, tzinfo=UTC))
    services = make_services(chosen, clock)
    made = Town(create_app(chosen, services), services, clock)
    with made.app.app_context():
        counts = make_participation(made.ports)
    assert counts == {"petitions": 7, "consultations": 4, "promises": 2}
    made.run_jobs()
    yield made
    bells_of(made.app).close()
    services.database.close()


def test_every_page_answers_in_both_languages(town: Town) -> None:
    visitor, known = town.visitor(), set(_LISTS)
    waiting = list(_LISTS)
    while waiting:
        path = waiting.pop()
        page = visitor.get("/en" + path)
        visitor.get("/fa" + path)
        found = {one for one in _LINK.findall(page) if not _ELSEWHERE.search(one)} - known
        known |= found
        waiting += found
    assert len(known) > 50
    for kind in ("survey", "proposals", "document", "discussion", "budget", "statements"):
        assert any(f"/{kind}/" in path for path in known), kind


def test_the_front_page_leads_there(town: Town) -> None:
    page = town.visitor().get("/en/")
    for title in ("Build a footbridge over the river at the mill", "15 dollars an hour in Seattle?"):
        assert title in page
    assert 'href="/en/answers/"' in page
    assert 'href="/en/promises/"' in page


def test_real_answers_make_a_map_and_real_ballots_a_budget(town: Town) -> None:
    with town.services.database.reading() as session:
        phases = {one.kind: one.id for one in session.scalars(select(Phase))}
        drawn, outcome = find_map(session, phases["statements"]), find_outcome(session, phases["budget"])
        licences = session.scalars(select(Consultation.text)).all()
    assert drawn is not None
    assert [group.size for group in drawn.groups] == [83, 55]
    assert outcome is not None
    assert outcome.voters == 1536
    assert max(outcome.approvals.values()) == 888, "as Pabulib says"
    assert any("CC BY 4.0" in one for one in licences)
    assert any("Gelauff" in one for one in licences)


def test_answers_are_owed_given_and_late(town: Town) -> None:
    page = town.visitor().get("/en/answers/")
    for badge in ("Overdue", "Waiting", "Answered in time", "Answered late"):
        assert f">{badge}</span>" in page, badge
    with town.services.database.reading() as session:
        states = {one.response for one in session.scalars(select(Petition))}
        promised = {one.status for one in session.scalars(select(Promise))}
    assert {"awaiting", "responded"} <= states
    assert promised == {"started", "kept"}


def test_nobody_is_made_up_in_consultations(town: Town) -> None:
    with town.services.database.reading() as session:
        assert {one.name for one in session.scalars(select(Contribution))} == {""}


def test_it_is_made_once_and_what_is_missing_is_made_later(town: Town) -> None:
    with town.app.app_context():
        assert make_participation(town.ports) == {"petitions": 0, "consultations": 0, "promises": 0}
        with town.services.database.writing() as session:
            session.execute(update(Consultation).where(Consultation.language == "fa").values(title="Another"))
        assert make_participation(town.ports) == {"petitions": 0, "consultations": 1, "promises": 0}


def test_an_earnest_site_gets_none(tmp_path: Path) -> None:
    environment = {"EVOTE_DATA_DIR": str(tmp_path), "EVOTE_DEMO": "0"}
    done = CliRunner().invoke(commands, ["demo-participation"], env=environment)
    assert done.exit_code != 0
