"""The copy of what the site knows of a person, and forgetting it: no table is left out, and a bar outlives it."""

import json
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from participation.budgets.models import BudgetChoice
from participation.consultations.kinds import PhaseKind
from participation.contributions.kinds import ContributionKind, ContributionState, Reason
from participation.contributions.models import Contribution
from participation.contributions.writing import NewContribution, contribute, edit, support
from participation.digests.models import DigestSubscription
from participation.errors import NotNow
from participation.models import Base
from participation.moderation.deciding import Target, appeal, bar, decide, report
from participation.people.data import HELD, erase_person, export_person
from participation.people.models import Person, PersonAccount
from participation.people.sign_in import request_code
from participation.statements.models import StatementVote
from participation.surveys.models import SurveyAnswers
from tests.participation.consultations.conftest import phase_of
from tests.support.participation import Town, Visitor

Consult = Callable[..., str]
TakePart = Callable[[str], Visitor]
NAME, MAIL = "Ada Lovelace", "ada@example.org"
PERSONAL = re.compile("mail|name|person|address|phone")
OF_OTHERS = {
    # Officials, webhooks and calendars.
    "duty_authorities",
    "duty_calendar_changes",
    "webhooks",
    # Petitions, which erase their signers, supporters and creators some months after the end.
    "petitions",
    "petition_logs",
    "petition_requests",
    "petition_signatures",
    "petition_standing",
    "petition_supporters",
}
"""Tables whose columns look like a person's and which belong to nobody who takes part in consultations."""


def person_of(town: Town, number: int = 1) -> Person:
    with town.services.database.reading() as session:
        found = session.get_one(Person, number)
        session.expunge_all()
        return found


def do_everything(town: Town, consult: Consult) -> None:
    """Let person 1 leave a row wherever there is one to leave."""
    part, ada, ports = phase_of(town, consult(PhaseKind.DISCUSSION)), person_of(town), town.ports
    with town.services.database.writing() as session:
        new = NewContribution(ContributionKind.COMMENT, "Buy my watches.")
        made = contribute(session, ports, part, ada, new)
        other = contribute(session, ports, part, None, NewContribution(ContributionKind.COMMENT, "Trams at night."))
        edit(session, ports, made.id, made.revision, ada, "", "Buy my lovely watches.")
        session.flush()
        target = Target(made.id, made.revision)
        decide(session, ports, [target], show=False, reason=Reason.ADVERTISING, note="", by="Mo")
        appeal(session, ports, made.id, ada, "They are about time.")
        support(session, ports, other.id, ada, wanted=True)
        report(session, ports, other.id, ada, Reason.INSULT)
        now = ports.now()
        session.add_all(
            [
                StatementVote(statement_id=other.id, person_id=ada.id, vote=-1, at=now),
                BudgetChoice(phase_id=part.id, person_id=ada.id, projects=[2], at=now),
                SurveyAnswers(phase_id=part.id, person_id=ada.id, answers={"1": "Later."}, at=now),
                PersonAccount(key="0" * 64, person_id=ada.id, added_at=now),
                DigestSubscription(person_id=ada.id, period="daily", kinds=["promises"], since=now, next_at=now),
            ]
        )
    with town.app.test_request_context():
        request_code(ports, MAIL)


def test_no_table_that_knows_people_is_left_out() -> None:
    people, personal = Base.metadata.tables["people"], set()
    for table in Base.metadata.sorted_tables:
        refers = any(key.references(people) for column in table.columns for key in column.foreign_keys)
        if refers or any(PERSONAL.search(column.name) for column in table.columns):
            personal.add(table.name)
    named = {one.model.__tablename__ for one in HELD}
    assert personal - OF_OTHERS - {"people"} <= named, "name the new table in participation/people/data.py"
    assert named <= set(Base.metadata.tables)


def test_the_copy_names_everything_and_nothing_personal_is_left(
    town: Town, consult: Consult, take_part: TakePart
) -> None:
    ada = take_part(MAIL)
    ada.submit("/me/", name=NAME)
    do_everything(town, consult)
    before = person_of(town)
    answer = ada.client.get("/me/data.json")
    assert answer.status_code == 200
    copy = json.loads(answer.get_data())
    assert [one.word for one in HELD if not copy[one.word]] == []
    assert copy["votes"][0]["vote"] == "disagree"
    assert copy["contributions"][0]["name"] == NAME
    assert "Buy my watches." in [one["before"].get("text") for one in copy["history"]]
    assert copy["appeals"][0]["text"] == "They are about time."

    ada.submit("/me/leave")
    with town.services.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                held = repr(row)
                assert not any(word in held for word in (NAME, MAIL, before.key)), table.name
        left = export_person(town.ports, session.get_one(Person, 1))
        assert session.scalars(select(Person.id)).all() == [1]
    gone = {one.word for one in HELD if one.erased}
    assert {one.word for one in HELD if not left[one.word]} == gone
    assert (left["mail"], left["name"]) == ("", "")
    erase_person(town.ports, before)  # a second click finds nothing to do
    assert person_of(town).erased_at is not None


def test_a_bar_outlives_erasure_and_leads_to_nothing_that_was_written(
    town: Town, consult: Consult, take_part: TakePart
) -> None:
    address, ada = consult(PhaseKind.DISCUSSION), take_part(MAIL)
    ada.submit(f"{address}/write", text="Buy my lovely watches.")
    with town.services.database.writing() as session:
        bar(session, town.ports, 1, because="Advertises again and again.", by="Mo")
    assert "a keyed hash of your address stays" in ada.get("/me/leave")
    town.clock.forward(minutes=5)
    ada.submit("/me/leave")
    with town.services.database.reading() as session:
        kept = session.scalars(select(Person).order_by(Person.id)).all()
        assert [(one.sealed_mail, one.name, one.barred_at is None) for one in kept] == [
            (b"", "", True),
            (b"", "", False),
        ]
    for mail in ("Ada@example.org", "bo@example.org"):
        again = take_part(mail)
        answer = again.client.get(f"{address}/write")
        assert answer.status_code == (403 if mail.startswith("Ada") else 200)
        copy = json.loads(again.client.get("/me/data.json").get_data())
        assert (copy["contributions"], copy["mail"].lower()) == ([], mail.lower())
        assert copy["barred_because"] == ("Advertises again and again." if mail.startswith("Ada") else "")
    barred = take_part("Ada@example.org")
    barred.submit("/me/leave")  # and once more
    assert take_part(MAIL).client.get(f"{address}/write").status_code == 403


def test_who_is_barred_takes_back_and_asks_for_another_look(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, ada = consult(PhaseKind.DISCUSSION), take_part(MAIL)
    for text in ("The last bus leaves too early.", "Buy my lovely watches."):
        ada.submit(f"{address}/write", text=text)
    with town.services.database.writing() as session:
        decide(session, town.ports, [Target(2, 0)], show=False, reason=Reason.ADVERTISING, note="", by="Mo")
        bar(session, town.ports, 1, because="Advertises again and again.", by="Mo")
    assert "Advertises again and again." in ada.get("/me/")
    ada.submit("/moderation/appeal/2", text="They are about time.")
    ada.submit("/contributions/1/withdraw", "/contributions/1")
    for place in (f"{address}/write", "/contributions/1/edit", "/contributions/1/reply", "/moderation/report/1"):
        assert ada.client.get(place).status_code == 403
    with town.services.database.reading() as session:
        assert session.get_one(Contribution, 1).state == ContributionState.WITHDRAWN
    assert "Who wrote it asked for another look." in ada.get("/contributions/2")
    assert "/me/sign-in" in town.visitor().get("/moderation/appeal/2", 303)


def test_who_is_gone_cannot_be_barred(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, ada = consult(PhaseKind.DISCUSSION), take_part(MAIL)
    ada.submit(f"{address}/write", text="Buy my lovely watches.")
    ada.submit("/me/leave")
    with town.services.database.writing() as session, pytest.raises(NotNow, match="erased their data"):
        bar(session, town.ports, 1, because="Advertises again and again.", by="Mo")
