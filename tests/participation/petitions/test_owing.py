"""What thresholds make officials owe: duties with deadlines that follow the count, and end with the answer."""

from dataclasses import replace

import pytest

from evote.admin.roles import Role
from participation.answers.authorities import AuthorityData, add_authority, change_authority
from participation.answers.duties import find_duty
from participation.answers.kinds import DutyKind
from participation.answers.models import Duty
from participation.errors import Unacceptable
from participation.petitions.answering import respond
from participation.petitions.checking import Act
from participation.petitions.life import Response
from participation.petitions.owing import owe_missing
from tests.participation.conftest import Appoint
from tests.support.participation import Town
from tests.support.petitions import PERSIAN, Moderator, act, counted, moderation, opened, view


def enter(town: Town, data: AuthorityData) -> None:
    with town.services.database.writing() as session:
        add_authority(session, town.ports, data)


@pytest.fixture
def authority(town: Town) -> None:
    data = AuthorityData({"en": "Town council", "fa": "شورای شهر"}, "council@example.org", "", "gb-eng", "en")
    enter(town, data)


def duty(town: Town, key: str) -> Duty | None:
    with town.services.database.reading() as session:
        found = find_duty(session, DutyKind.RESPONSE, key)
        session.expunge_all()
        return found


@pytest.mark.usefixtures("authority")
def test_an_answer_is_owed_taken_back_owed_again_and_given(town: Town) -> None:
    key, _ = opened(town)
    counted(town, key, 9_999)
    assert duty(town, key) is None
    counted(town, key, 10_000)
    owed = duty(town, key)
    assert owed is not None
    assert (owed.answered_at, owed.lapsed_at, owed.path) == (None, None, f"/petitions/{key}")
    assert owed.due_at is not None
    counted(town, key, 9_999)
    assert view(town, key).life.response is Response.NONE
    lapsed = duty(town, key)
    assert lapsed is not None
    assert lapsed.lapsed_at is not None
    counted(town, key, 10_001)
    with town.app.test_request_context("/"):
        respond(town.ports, Moderator(), key, view(town, key).revision, "Council", "We will.", "Next year.")
    answered = duty(town, key)
    assert answered is not None
    assert answered.answered_at is not None
    counted(town, key, 5)
    assert view(town, key).life.response is Response.RESPONDED


def test_an_authority_that_is_entered_later_owes_from_the_day_of_the_threshold(town: Town) -> None:
    key, _ = opened(town)
    counted(town, key, 10_000)
    assert duty(town, key) is None
    since = view(town, key).life.response_since
    town.clock.forward(days=3)
    data = AuthorityData({"en": "Town council"}, "council@example.org", "", "gb-eng", "en")
    enter(town, data)
    assert owe_missing(town.ports) == 1
    assert owe_missing(town.ports) == 0
    owed = duty(town, key)
    assert owed is not None
    assert owed.owed_since == since


@pytest.mark.usefixtures("authority")
def test_a_removed_petition_is_owed_nothing_and_its_title_stands_nowhere(town: Town) -> None:
    key, _ = opened(town)
    counted(town, key, 10_000)
    act(town, key, Act.REMOVE, "court")
    lapsed = duty(town, key)
    assert lapsed is not None
    assert lapsed.lapsed_at is not None
    assert lapsed.title == key


@pytest.mark.usefixtures("authority")
def test_a_moderator_chooses_who_owes_the_answer(town: Town, appoint: Appoint) -> None:
    enter(town, AuthorityData({"en": "Harbour office"}, "harbour@example.org", "", "gb-eng", "en"))
    key, _ = moderation(town)
    address = f"/admin/participation/petitions/{key}"
    desk = appoint("Bo", Role.MODERATOR).sign_in()
    assert "Harbour office" in desk.get(address)
    fields = {"act": "approve", "revision": str(view(town, key).revision), "signing": "mail"}
    for wrong in ("9", "x", str(10**30)):
        answer = desk.post(address, **fields, authority=wrong)
        assert (answer.status_code, "There is no such authority" in answer.get_data(as_text=True)) == (422, True)
    assert view(town, key).life.opened_at is None
    assert desk.post(address, **fields, authority="2").status_code == 303
    assert "<bdi>Harbour office</bdi>" in town.visitor().get(f"/petitions/{key}")
    counted(town, key, 10_000)
    owed = duty(town, key)
    assert owed is not None
    assert owed.authority_id == 2
    town.clock.forward(minutes=5)
    assert f'href="/answers/{owed.id}"' in town.visitor().get(f"/petitions/{key}")


@pytest.mark.usefixtures("authority")
def test_an_authority_that_is_no_more_is_not_chosen_and_owes_nothing(town: Town) -> None:
    harbour = AuthorityData({"en": "Harbour office"}, "harbour@example.org", "", "gb-eng", "en")
    enter(town, harbour)
    key, _ = moderation(town)
    other, _ = moderation(town, PERSIAN, "second@example.org")
    act(town, key, Act.APPROVE, authority_id=2)
    with town.services.database.writing() as session:
        change_authority(session, town.ports, 2, replace(harbour, retired=True))
    with pytest.raises(Unacceptable, match="does not exist any more"):
        act(town, other, Act.APPROVE, authority_id=2)
    counted(town, key, 10_000)
    owed = duty(town, key)
    assert owed is not None
    assert owed.authority_id == 1
