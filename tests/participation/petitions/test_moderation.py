"""Moderators: the queue and its ages, decisions and their two logs, two at once, texts that are taken away."""

import re
from datetime import date

import pytest

from evote.admin.deeds import PARTICIPATION, list_deeds
from evote.admin.roles import Role
from participation.errors import NotNow, Stale, Unacceptable
from participation.petitions.answering import note_outage
from participation.petitions.checking import Act, Age, Decision, decide, list_queue
from participation.petitions.life import State
from tests.participation.conftest import Appoint
from tests.support.participation import Town
from tests.support.petitions import CREATOR, TEXT, Moderator, act, moderation, opened, view


def deeds(town: Town) -> list[str]:
    with town.services.database.reading() as session:
        return [one.what for one in list_deeds(session, PARTICIPATION)]


def test_the_queue_shows_its_ages(town: Town) -> None:
    moderation(town)
    ages = []
    for days in (0, 10, 1, 2, 1):
        town.clock.forward(days=days)
        with town.services.database.reading() as session:
            ages.append(list_queue(session, town.ports)[0].age)
    assert ages == [Age.FRESH, Age.FRESH, Age.NEAR, Age.NEAR, Age.OVERDUE]


def test_of_two_moderators_at_once_the_second_gets_a_clear_sentence(town: Town, appoint: Appoint) -> None:
    key, _ = moderation(town)
    place = f"/admin/participation/petitions/{key}"
    first, second = (appoint(f"Moderator {name}", Role.MODERATOR).sign_in() for name in ("One", "Two"))
    found = re.search(r'name="revision"[^>]*value="(\d+)"', second.get(place))
    assert found is not None
    fields = {"revision": found[1], "signing": "mail", "reason": ""}
    assert first.post(place, act="approve", **fields).status_code == 303
    refused = second.post(place, act="reject", **{**fields, "reason": "unclear"})
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "Somebody else acted on this petition after you opened the page." in page
    assert view(town, key).state is State.OPEN
    assert deeds(town) == ["petition-approved"]


def test_a_double_click_decides_once(town: Town) -> None:
    key, _ = moderation(town)
    decision = Decision(Act.APPROVE, view(town, key).revision)
    with town.app.test_request_context("/"):
        decide(town.ports, Moderator(), key, decision)
        with pytest.raises(Stale):
            decide(town.ports, Moderator(), key, decision)
    assert deeds(town) == ["petition-approved"]


@pytest.mark.parametrize(("reason", "shown"), [("already-done", True), ("offensive", False)])
def test_a_rejection_says_why_and_some_hide_the_text(town: Town, reason: str, shown: bool) -> None:
    key, _ = moderation(town)
    act(town, key, Act.REJECT, reason, "See the decision of May.")
    page = town.visitor().get(f"/en/petitions/{key}")
    assert "See the decision of May." in page
    assert (TEXT["background"] in page) is shown
    assert town.mails(CREATOR)[0].subject == "Your petition was not accepted"
    assert "See the decision of May." in town.mails(CREATOR)[0].text
    listed = town.visitor().client.get("/petitions/list.json?state=all").get_json()["petitions"]
    assert ([one["id"] for one in listed] == [key]) is shown
    single = town.visitor().client.get(f"/petitions/{key}.json").get_json()
    assert (single["title"] == TEXT["title"]) is shown


def test_a_removed_text_is_found_nowhere_and_its_page_says_why(town: Town) -> None:
    key, _ = opened(town)
    act(town, key, Act.HIDE, "law")
    hidden = town.visitor().get(f"/en/petitions/{key}")
    assert "The law demands it." in hidden
    assert TEXT["title"] not in hidden
    act(town, key, Act.REMOVE, "court", "Order 12 of the court.")
    gone = town.visitor().get(f"/en/petitions/{key}", 410)
    assert "A court has ordered it." in gone
    assert "Order 12 of the court." in gone
    assert town.visitor().client.get("/petitions/list.json?q=bridge").get_json()["total"] == 0
    from participation.petitions.models import Petition

    with town.services.database.reading() as session:
        row = session.get_one(Petition, key)
        assert (row.title, row.background, row.details, row.words) == ("", "", "", "")
    assert deeds(town) == ["petition-removed", "petition-hidden", "petition-approved"]
    page = town.visitor().get("/en/participation/officials-log")
    assert "Removed a petition" in page
    assert len(town.visitor().client.get("/participation/officials-log.json").get_json()["lines"]) == 3


def test_what_was_stopped_unread_is_in_no_open_data(town: Town) -> None:
    key, _ = moderation(town)
    act(town, key, Act.STOP, "mistake")
    for address in ("/data/petitions.json", "/petitions/list.json?state=all", f"/petitions/{key}.json"):
        assert TEXT["title"] not in town.visitor().client.get(address).get_data(as_text=True)


def test_a_stopped_petition_comes_back_after_an_appeal(town: Town) -> None:
    key, _ = opened(town)
    closes = view(town, key).life.closes_at
    act(town, key, Act.STOP, "mistake")
    assert "This petition was stopped" in town.visitor().get(f"/en/petitions/{key}")
    act(town, key, Act.CHECK_AGAIN)
    assert view(town, key).state is State.MODERATION
    act(town, key, Act.APPROVE)
    assert (view(town, key).state, view(town, key).life.closes_at) == (State.OPEN, closes)


def test_reasons_and_ways_to_sign_that_do_not_fit_change_nothing(town: Town) -> None:
    key, _ = moderation(town)
    before = view(town, key)
    wrong = [
        Decision(Act.REJECT, before.revision),
        Decision(Act.REJECT, before.revision, "court"),
        Decision(Act.STOP, before.revision, "unclear"),
        Decision(Act.APPROVE, before.revision, signing=()),
        Decision(Act.APPROVE, before.revision, signing=("roll",)),
        Decision(Act.APPROVE, before.revision, signing=("mail",), roll_election="00000000-0000-4000-8000-000000000000"),
        Decision(Act.REJECT, before.revision, "unclear", "x" * 2001),
    ]
    with town.app.test_request_context("/"):
        for decision in wrong:
            with pytest.raises(Unacceptable):
                decide(town.ports, Moderator(), key, decision)
        with pytest.raises(NotNow):
            decide(town.ports, Moderator(), key, Decision(Act.HIDE, before.revision, "law"))
    assert view(town, key) == before
    assert deeds(town) == []


def test_only_moderators_decide_and_only_responders_answer(town: Town, appoint: Appoint) -> None:
    key, _ = moderation(town)
    place = f"/admin/participation/petitions/{key}"
    assert town.visitor().client.get(place).location == "/admin/sign-in"
    responder = appoint("Responder One", Role.RESPONDER).sign_in()
    answer = responder.post(place, revision="2", act="approve", signing="mail", reason="")
    assert answer.status_code == 403
    moderator = appoint("Moderator One", Role.MODERATOR).sign_in()
    moderator.get(f"{place}/answer", 403)
    registrar = appoint("Registrar One", Role.REGISTRAR).sign_in()
    registrar.get(place, 403)
    assert view(town, key).state is State.MODERATION


def test_a_day_on_which_collection_was_down_moves_deadlines_once(town: Town) -> None:
    key, _ = opened(town)
    before = view(town, key).life.closes_at
    assert before is not None
    town.clock.forward(days=2)
    down = date(2026, 3, 2)
    with town.app.test_request_context("/"):
        assert note_outage(town.ports, Moderator(), down, "The mail server was down.") == 1
        with pytest.raises(NotNow, match="noted already"):
            note_outage(town.ports, Moderator(), down, "The mail server was down.")
        with pytest.raises(Unacceptable, match="still to come"):
            note_outage(town.ports, Moderator(), date(2026, 5, 1), "Tomorrow.")
        assert note_outage(town.ports, Moderator(), date(2026, 2, 1), "Before it opened.") == 0
    after = view(town, key).life.closes_at
    assert after is not None
    assert (after - before).days == 1
    assert "The mail server was down." in town.visitor().get(f"/en/petitions/{key}")
