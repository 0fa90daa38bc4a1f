from collections.abc import Callable

import pytest

from evote.admin.roles import Role
from tests.support.officials import Desk
from tests.support.participation import Town

Appoint = Callable[..., Desk]
MakeDuty = Callable[..., int]
REASON = "The road belongs to the other office."
OFFICE = "/admin/participation"


@pytest.fixture
def clerk(appoint: Appoint) -> Desk:
    return appoint("clerk", Role.RESPONDER).sign_in()


def test_the_scoreboard_counts_each_state(town: Town, make_duty: MakeDuty) -> None:
    page = town.visitor().get("/answers/")
    assert "There is none." in page
    assert "No answer yet" in page
    first = make_duty("1")
    make_duty("2")
    town.clock.forward(days=20)
    page = town.visitor().get("/answers/")
    assert page.count("A night bus for the harbour") == 2
    assert "0.0%" in page
    assert "A night bus" in town.visitor().get("/answers/?state=overdue&authority=1")
    for nothing in ("?state=open", "?state=late", "?authority=2", "?state=in-time"):
        assert "There is none." in town.visitor().get(f"/answers/{nothing}")
    for odd in ("?state=x", "?page=-1", "?page=x", "?authority=x", "?page=99999999999999999999"):
        assert "A night bus" in town.visitor().get(f"/answers/{odd}")
    assert "Overdue" in town.visitor().get(f"/answers/{first}")
    town.visitor().get("/answers/99", 404)


def test_long_lists_have_pages(town: Town, make_duty: MakeDuty) -> None:
    for number in range(27):
        make_duty(str(number))
    visitor = town.visitor()
    assert "Page 1 of 2" in visitor.get("/answers/")
    assert visitor.get("/answers/?page=2").count("A night bus") == 2


def test_persian_pages_write_persian_digits(town: Town, make_duty: MakeDuty) -> None:
    make_duty()
    for address in ("/fa/answers/", "/fa/answers/1", "/fa/answers/calendars", "/fa/promises/"):
        page = town.visitor().get(address)
        main = page[page.index("<main") : page.index("</main>")]
        text = "".join(part.split(">")[-1] for part in main.split("<"))
        assert not any(digit in text.replace("Python package holidays 0.109", "") for digit in "0123456789"), address


def test_only_who_answers_comes_in(town: Town, make_duty: MakeDuty, appoint: Appoint) -> None:
    duty_id = make_duty()
    moderator = appoint("guest", Role.MODERATOR).sign_in()
    for place in (
        "answers",
        f"answers/{duty_id}/refer",
        "calendars",
        "authorities/new",
        "authorities/1",
        "promises/new",
    ):
        assert "/admin/sign-in" in town.visitor().get(f"{OFFICE}/{place}", 303)
        moderator.get(f"{OFFICE}/{place}", 403)


def test_an_official_hands_over_and_changes_the_calendar(town: Town, make_duty: MakeDuty, clerk: Desk) -> None:
    duty_id = make_duty()
    assert "A night bus for the harbour" in clerk.get(f"{OFFICE}/answers")
    place = f"{OFFICE}/answers/{duty_id}/refer"
    refused = clerk.post(place, revision="0", authority="2", reason="no")
    assert refused.status_code == 422
    assert "Give a reason of 10 to" in refused.get_data(as_text=True)
    stale = clerk.post(place, revision="7", authority="2", reason=REASON)
    assert "Somebody changed this in the meantime" in stale.get_data(as_text=True)
    assert clerk.post(place, revision="0", authority="2", reason=REASON).status_code == 303
    assert "Handed over from Transport Department to" in town.visitor().get(f"/answers/{duty_id}")

    fields = {"calendar": "ir", "day": "۲۰۲۶-۰۳-۱۰", "holiday": "yes", "name": "Snow", "reason": "Roads are closed."}
    for changes, sentence in (
        ({"day": "soon"}, "Enter a day, like"),
        ({"day": "2026-02-30"}, "no such day"),
        ({"day": "2026-03-06"}, "of the weekend"),
        ({"reason": ""}, "Give a reason"),
        ({"calendar": "moon"}, "There is a problem"),
    ):
        answer = clerk.post(f"{OFFICE}/calendars", **{**fields, **changes})
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
    assert clerk.post(f"{OFFICE}/calendars", **fields).status_code == 303
    assert "1 open deadline moved" in clerk.get(f"{OFFICE}/calendars")
    page = town.visitor().get("/answers/calendars")
    assert "Mar 10, 2026" in page
    assert "Snow" in page
    assert "the deadline moved from" in town.visitor().get(f"/answers/{duty_id}")


def test_an_official_enters_an_authority_and_a_promise(town: Town, clerk: Desk) -> None:
    authority = {"name_en": "Parks", "mail": "parks@example.org", "calendar": "gb-sct", "language": "en"}
    assert clerk.post(f"{OFFICE}/authorities/new", **{**authority, "mail": "x"}).status_code == 422
    assert clerk.post(f"{OFFICE}/authorities/new", **authority).status_code == 303
    assert clerk.post(f"{OFFICE}/authorities/3", **{**authority, "name_en": "Parks and gardens"}).status_code == 303
    assert "Parks and gardens" in clerk.get(f"{OFFICE}/answers")
    promise = {
        "title": "Fifty trees",
        "text": "Fifty trees along the avenue.",
        "authority": "3",
        "promised_on": "2026-03-01",
        "source": "https://example.org/minutes",
        "due_on": "",
    }
    assert "Enter a day, like" in clerk.post(f"{OFFICE}/promises/new", **{**promise, "promised_on": ""}).get_data(True)
    made = clerk.post(f"{OFFICE}/promises/new", **promise)
    assert made.location.endswith("/promises/1")
    assert "Say how it stands" in clerk.get("/promises/1")
    assert "Say how it stands" not in town.visitor().get("/promises/1")
    status = {"revision": "0", "status": "broken", "note": "The money went to the road instead.", "evidence": ""}
    assert clerk.post(f"{OFFICE}/promises/1", **{**status, "revision": "x"}).status_code == 422
    assert clerk.post(f"{OFFICE}/promises/1", **status).status_code == 303
    visitor = town.visitor()
    assert "The money went to the road instead." in visitor.get("/promises/1")
    assert "Fifty trees" in visitor.get("/promises/?state=broken")
    assert "No promise here" in visitor.get("/promises/?state=kept")


def test_scripts_in_texts_are_texts(town: Town, clerk: Desk) -> None:
    trick = "<script>alert(1)</script>\u202egro.elpmaxe"
    fields = {
        "title": trick,
        "text": trick,
        "authority": "1",
        "promised_on": "2026-03-01",
        "source": "https://example.org/",
        "due_on": "",
    }
    assert clerk.post(f"{OFFICE}/promises/new", **fields).status_code == 303
    page = town.app.test_client().get("/promises/1").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;gro.elpmaxe" in page
