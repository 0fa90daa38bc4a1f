import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from evote.admin.roles import Role
from participation.consultations.kinds import PhaseKind
from participation.contributions.models import Contribution
from participation.people.models import Person
from tests.support.officials import Desk
from tests.support.participation import Town, Visitor

Appoint = Callable[..., Desk]
Consult = Callable[..., str]
TakePart = Callable[[str], Visitor]
OFFICE = "/admin/participation/moderation"


def targets(page: str) -> list[str]:
    return re.findall(r'name="target" value="(\d+\.\d+)"', page)


def states(town: Town) -> dict[int, str]:
    with town.services.database.reading() as session:
        return {one.id: one.state for one in session.scalars(select(Contribution).order_by(Contribution.id))}


@pytest.fixture
def moderator(appoint: Appoint) -> Desk:
    return appoint("Mo", Role.MODERATOR).sign_in()


@pytest.fixture
def discussion(consult: Consult, take_part: TakePart) -> tuple[str, Visitor]:
    """A discussion that is looked through before publication, with two comments by Ada that wait."""
    address, ada = consult(PhaseKind.DISCUSSION, premoderated=True), take_part("ada@example.org")
    ada.submit(f"{address}/write", text="The last bus leaves too early.")
    ada.submit(f"{address}/write", text="Buy my watches.")
    return address, ada


def test_several_are_decided_at_once_and_the_log_is_public(
    town: Town, discussion: tuple[str, Visitor], moderator: Desk
) -> None:
    address, ada = discussion
    town.clock.forward(hours=30)
    page = moderator.sign_in().get(f"{OFFICE}/")
    assert page.count("Nearly overdue") == 2
    first, second = targets(page)
    assert moderator.post(f"{OFFICE}/", act="show", target=first, reason="").status_code == 303
    answer = moderator.post(f"{OFFICE}/", act="hide", target=second, reason="")
    assert answer.status_code == 422
    assert "Choose the reason" in answer.get_data(as_text=True)
    fields = {"act": "hide", "target": second, "reason": "advertising", "note": "A shop."}
    assert moderator.post(f"{OFFICE}/", **fields).status_code == 303
    assert states(town) == {1: "shown", 2: "hidden"}
    assert "Nothing waits." in moderator.get(f"{OFFICE}/")
    page = town.visitor().get(address)
    assert "The last bus" in page
    assert "watches" not in page
    assert "It advertises something." in page
    log = town.visitor().get("/moderation/")
    assert "It advertises something." in log
    assert "A shop." in log
    assert "watches" not in log
    assert "Buy my watches." in ada.get("/contributions/2")
    assert "watches" not in town.visitor().get("/contributions/2")


def test_two_moderators_at_once(town: Town, discussion: tuple[str, Visitor], moderator: Desk, appoint: Appoint) -> None:
    other = appoint("Bo", Role.MODERATOR).sign_in()
    both = targets(other.get(f"{OFFICE}/"))
    moderator.post(f"{OFFICE}/", act="hide", target=both[0], reason="insult")
    assert other.post(f"{OFFICE}/", act="show", target=both, reason="").status_code == 303
    page = other.get(f"{OFFICE}/")
    assert "1 contribution was decided." in page
    assert "1 was changed or decided by somebody else" in page
    assert states(town) == {1: "hidden", 2: "shown"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"act": "show", "reason": ""}, "Choose at least one contribution"),
        ({"act": "show", "reason": "", "target": "x.y"}, "Choose at least one contribution"),
        ({"act": "show", "reason": "", "target": f"{10**30}.0"}, "Choose at least one contribution"),
        ({"act": "", "reason": "", "target": "1.0"}, "There is a problem"),
        ({"act": "hide", "reason": "boring", "target": "1.0"}, "There is a problem"),
        ({"act": "show", "reason": "", "target": "1.0", "note": "x" * 2001}, "too long"),
    ],
)
def test_a_decision_that_makes_no_sense(
    town: Town, discussion: tuple[str, Visitor], moderator: Desk, fields: dict[str, str], sentence: str
) -> None:
    answer = moderator.post(f"{OFFICE}/", **fields)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert set(states(town).values()) == {"waiting"}


def test_readers_report_and_the_queue_counts_them(
    town: Town, consult: Consult, take_part: TakePart, moderator: Desk
) -> None:
    address, ada = consult(PhaseKind.DISCUSSION), take_part("ada@example.org")
    ada.submit(f"{address}/write", text="The last bus leaves too early.")
    for mail in ("bo@example.org", "cy@example.org", "bo@example.org"):
        take_part(mail).submit("/moderation/report/1", reason="insult")
    assert "2 readers: It insults" in moderator.get(f"{OFFICE}/")
    moderator.post(f"{OFFICE}/", act="show", target=targets(moderator.get(f"{OFFICE}/")), reason="")
    assert "Nothing waits." in moderator.get(f"{OFFICE}/")
    assert take_part("bo@example.org").post("/moderation/report/1", reason="").status_code == 422
    assert "/me/sign-in" in town.visitor().get("/moderation/report/1", 303)
    town.visitor().get("/moderation/report/9", 303)


def test_a_changed_text_waits_again_and_what_nobody_saw_stays_unseen(
    town: Town, discussion: tuple[str, Visitor], moderator: Desk
) -> None:
    address, ada = discussion
    for revision, text in enumerate(("Nobody may read this abuse.", "A harmless word.")):
        ada.submit("/contributions/2/edit", text=text)
        assert states(town)[2] == "waiting", revision
    moderator.post(f"{OFFICE}/", act="show", target=targets(moderator.get(f"{OFFICE}/")), reason="")
    page = town.visitor().get("/contributions/2")
    assert "A harmless word." in page
    assert "abuse" not in page
    assert "watches" not in page
    assert "once a moderator has looked at it" in ada.get("/contributions/2/edit")
    ada.submit("/contributions/2/edit", text="Buy my clocks.")
    assert states(town)[2] == "waiting"
    assert "clocks" not in town.visitor().get(address)
    assert "Before: “A harmless word.”" in ada.get("/contributions/2")


def test_a_decision_is_about_the_text_that_was_looked_at(
    town: Town, discussion: tuple[str, Visitor], moderator: Desk
) -> None:
    """The queue is open in the moderator's browser while the author changes what waits in it."""
    ada = discussion[1]
    harmless, second = targets(moderator.get(f"{OFFICE}/"))
    ada.submit("/contributions/1/edit", text="Nobody may read this abuse.")
    answer = moderator.post(f"{OFFICE}/", page=f"{OFFICE}/orders/new", act="show", target=[harmless, second], reason="")
    assert answer.status_code == 303
    assert states(town) == {1: "waiting", 2: "shown"}
    page = moderator.get(f"{OFFICE}/")
    assert "1 was changed or decided by somebody else" in page
    assert "abuse" in page
    assert "abuse" not in town.visitor().get("/contributions/1")


def test_changing_a_text_into_a_copy_or_into_links_waits(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, ada, bo = consult(PhaseKind.DISCUSSION), take_part("ada@example.org"), take_part("bo@example.org")
    ada.submit(f"{address}/write", text="The last bus leaves too early.")
    for place, text in enumerate(("The last bus leaves too early!", "www.a.example www.b.example www.c.example")):
        bo.submit(f"{address}/write", text=f"Something else entirely, {place}.")
        bo.submit(f"/contributions/{place + 2}/edit", text=text)
    ada.submit("/contributions/1/edit", text="The very last bus leaves too early.")
    assert states(town) == {1: "shown", 2: "waiting", 3: "waiting"}


def test_what_was_taken_down_waits_when_it_comes_again(
    town: Town, discussion: tuple[str, Visitor], consult: Consult, moderator: Desk, take_part: TakePart
) -> None:
    address, ada = consult(PhaseKind.DISCUSSION), take_part("cy@example.org")
    ada.submit(f"{address}/write", text="Buy my lovely watches.")
    take_part("bo@example.org").submit("/moderation/report/3", reason="advertising")
    [third] = [one for one in targets(moderator.get(f"{OFFICE}/")) if one.startswith("3.")]
    moderator.post(f"{OFFICE}/", act="hide", target=third, reason="advertising")
    assert ada.submit(f"{address}/write", text="Buy my lovely watches.").endswith("#c4")
    assert states(town)[4] == "waiting"
    ada.submit("/contributions/4/withdraw", "/me/")
    ada.submit(f"{address}/write", text="Late buses matter to me.")
    ada.submit("/contributions/5/withdraw", "/me/")
    assert ada.submit(f"{address}/write", text="Late buses matter to me.").endswith("#c6")
    assert states(town)[6] == "shown"


def test_who_reports_a_text_again_after_it_was_looked_at_is_heard(
    town: Town, consult: Consult, take_part: TakePart, moderator: Desk
) -> None:
    address, ada, bo = consult(PhaseKind.DISCUSSION), take_part("ada@example.org"), take_part("bo@example.org")
    ada.submit(f"{address}/write", text="The last bus leaves too early.")
    bo.submit("/moderation/report/1", reason="off-topic")
    moderator.post(f"{OFFICE}/", act="show", target=targets(moderator.get(f"{OFFICE}/")), reason="")
    ada.submit("/contributions/1/edit", text="You are all fools.")
    bo.submit("/moderation/report/1", reason="insult")
    page = moderator.get(f"{OFFICE}/")
    assert "You are all fools." in page
    assert "1 reader: It insults" in page


def told(town: Town, mail: str) -> str:
    """Return the latest mail to somebody."""
    return town.mails(mail)[0].text


def test_authors_are_told_what_was_taken_down_and_why(
    town: Town, discussion: tuple[str, Visitor], moderator: Desk, take_part: TakePart
) -> None:
    address = discussion[0]
    take_part("bo@example.org").submit(f"{address}/write", text="یک سخن دیگر دربارهٔ خودروها.")
    with town.services.database.writing() as session:
        session.get_one(Person, 2).language = "fa"
    before = len(town.mails("ada@example.org"))
    chosen = targets(moderator.get(f"{OFFICE}/"))
    moderator.post(f"{OFFICE}/", act="hide", target=chosen, reason="advertising", note="See the rules.")
    assert len(town.mails("ada@example.org")) == before + 1
    text = told(town, "ada@example.org")
    for said in (
        "took down 2 texts",
        "It advertises something.",
        "See the rules.",
        "/en/contributions/1",
        "/en/contributions/2",
    ):
        assert said in text
    assert "/fa/contributions/3" in told(town, "bo@example.org")
    assert "took down" not in told(town, "bo@example.org")


def test_an_appeal_goes_to_another_moderator(
    town: Town, discussion: tuple[str, Visitor], moderator: Desk, appoint: Appoint, take_part: TakePart
) -> None:
    _, ada = discussion
    moderator.post(f"{OFFICE}/", act="hide", target=targets(moderator.get(f"{OFFICE}/")), reason="off-topic")
    answer = take_part("bo@example.org").post("/moderation/appeal/1", text="Let me.")
    assert "Only who wrote this" in answer.get_data(as_text=True)
    assert ada.post("/moderation/appeal/1", text=" ").status_code == 422
    ada.submit("/moderation/appeal/1", text="Buses are the very subject.")
    assert "Each contribution gets one" in ada.post("/moderation/appeal/1", text="Again.").get_data(as_text=True)
    place = f"{OFFICE}/appeals/1"
    own = moderator.post(place, act="grant", note="I changed my mind about it.")
    assert own.status_code == 422
    assert "Another moderator must look" in own.get_data(as_text=True)
    other = appoint("Bo", Role.MODERATOR).sign_in()
    assert other.post(place, act="grant", note="short").status_code == 422
    assert other.post(place, act="grant", note="It is about the subject.").status_code == 303
    assert states(town) == {1: "shown", 2: "hidden"}
    assert "It is about the subject." in town.visitor().get("/contributions/1")
    assert other.client.get(place).status_code == 303
    assert "It is public again.\n\nIt is about the subject." in told(town, "ada@example.org")


def test_who_is_barred_reads_and_writes_no_more(town: Town, discussion: tuple[str, Visitor], moderator: Desk) -> None:
    address, ada = discussion
    place = f"{OFFICE}/people/1/bar"
    assert moderator.post(place, act="bar", note="no").status_code == 422
    assert moderator.post(place, act="bar", note="Advertises again and again.").status_code == 303
    assert moderator.post(f"{OFFICE}/people/9/bar", act="bar", note="Advertises again.").status_code == 422
    answer = ada.client.get(f"{address}/write")
    assert answer.status_code == 403
    assert "Advertises again and again." in told(town, "ada@example.org")
    assert "Advertises again and again." in answer.get_data(as_text=True)
    ada.get(address)


def test_orders_from_outside_are_public(town: Town, moderator: Desk) -> None:
    place = f"{OFFICE}/orders/new"
    order = {
        "received_on": "2026-02-27",
        "sender": "District court",
        "basis": "Section 12",
        "target": "/contributions/12",
        "outcome": "It was not followed: the text names nobody.",
    }
    for changes in (
        {"sender": ""},
        {"target": "https://other.example/"},
        {"received_on": "2027-01-01"},
        {"basis": " "},
    ):
        assert moderator.post(place, **{**order, **changes}).status_code == 422
    assert "None yet." in town.visitor().get("/moderation/")
    assert moderator.post(place, **order).status_code == 303
    page = town.visitor().get("/moderation/")
    assert "District court" in page
    assert "the text names nobody" in page


def test_only_moderators_come_in(town: Town, appoint: Appoint) -> None:
    guest = appoint("guest", Role.RESPONDER).sign_in()
    for place in ("/", "/appeals/1", "/people/1/bar", "/orders/new"):
        guest.get(f"{OFFICE}{place}", 403)
        assert "/admin/sign-in" in town.visitor().get(f"{OFFICE}{place}", 303)
