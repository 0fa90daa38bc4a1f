import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from participation.contributions.kinds import ContributionKind, Reason
from participation.contributions.models import Contribution
from participation.contributions.writing import NewContribution, contribute
from participation.moderation.deciding import Target, decide
from participation.people.models import Person
from participation.remembered import SECONDS
from participation.statements.maps import find_map
from participation.statements.models import StatementVote
from tests.participation.consultations.conftest import phase_of
from tests.support.participation import Town, Visitor

Consult = Callable[..., str]
STATEMENT = ContributionKind.STATEMENT
TakePart = Callable[[str], Visitor]
_STATEMENT = re.compile(r'name="statement"[^>]*value="(\d*)"')


def shown(page: str) -> str:
    """Return the number of the statement that waits for an answer."""
    found = _STATEMENT.search(page)
    return found[1] if found else ""


def votes(town: Town) -> list[tuple[int, int, int]]:
    with town.services.database.reading() as session:
        rows = session.scalars(select(StatementVote).order_by(StatementVote.statement_id, StatementVote.person_id))
        return [(one.statement_id, one.person_id, one.vote) for one in rows]


def test_somebody_answers_every_statement(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, visitor = consult(), take_part("ada@example.org")
    for answer in ("agree", "disagree", "pass"):
        page = visitor.get(address)
        assert visitor.submit(f"{address}/answer", address, answer=answer).endswith("#next")
        assert shown(page) != shown(visitor.get(address))
    assert [vote for _, _, vote in votes(town)] == [1, -1, 0]
    assert "You have answered every statement" in visitor.get(address)
    assert "3 of 3 answered" in visitor.get(address)


def test_what_few_have_answered_comes_first_and_votes_are_counted_now_and_then(
    town: Town, consult: Consult, take_part: TakePart
) -> None:
    address, other = consult(), consult()
    ada, bo = take_part("ada@example.org"), take_part("bo@example.org")
    for _ in range(2):
        ada.submit(f"{address}/answer", address, answer="agree")
    ada.submit(f"{other}/answer", other, answer="agree")
    town.clock.forward(seconds=SECONDS)
    assert shown(bo.get(address)) == "3", "which nobody has answered"
    with town.queries() as asked:
        for _ in range(3):
            bo.get(address)
    assert not [one for one in asked if "GROUP BY statement_votes" in one]
    town.clock.forward(seconds=SECONDS)
    with town.queries() as asked:
        bo.get(address)
    (counting,) = (one for one in asked if "GROUP BY statement_votes" in one)
    assert "contributions.phase_id = " in counting, "only the votes of this part are counted"


def test_who_is_not_signed_in_is_led_there_and_back(town: Town, consult: Consult) -> None:
    address, visitor = consult(), town.visitor()
    place = f"/me/sign-in?back={address}"
    page = visitor.get(address)
    assert place in page
    assert "I agree" not in page
    # A session can end between the page and the answer.
    assert visitor.submit(f"{address}/answer", place, answer="agree").startswith("/me/sign-in?back=/consultations/")
    assert "Nothing was saved" in visitor.get(place)
    visitor.submit(place, mail="ada@example.org")
    code = town.mails("ada@example.org")[0].text.splitlines()[2]
    assert visitor.submit(f"/me/sign-in/code?back={address}", code=code) == address
    assert votes(town) == []


def test_an_answer_can_be_changed_and_a_double_click_is_one(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, visitor = consult(), take_part("ada@example.org")
    number = shown(visitor.get(address))
    for answer in ("agree", "agree", "disagree"):
        visitor.submit(f"{address}/answer", address, statement=number, answer=answer)
    assert [(int(number), 1, -1)] == votes(town)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"answer": "yes"}, 422),
        ({"answer": ""}, 422),
        ({"statement": "x"}, 422),
        ({"statement": "99"}, 404),
        ({"statement": "1" * 40}, 422),
        ({"statement": "9" * 5000}, 422),
    ],
)
def test_an_answer_that_makes_no_sense_changes_nothing(
    town: Town, consult: Consult, take_part: TakePart, fields: dict[str, str], status: int
) -> None:
    address, visitor = consult(), take_part("ada@example.org")
    assert visitor.post(f"{address}/answer", address, **{"answer": "agree", **fields}).status_code == status
    assert votes(town) == []


def test_a_statement_of_one_s_own_is_public_at_once(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, visitor = consult(), take_part("ada@example.org")
    for text, sentence in (("", "Write your statement"), ("x" * 201, "too long"), ("\u200b\u202e", "Write")):
        answer = visitor.post(f"{address}/write", text=text)
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
    visitor.submit(f"{address}/write", text="Bicycles belong on trams.")
    visitor.submit(f"{address}/write", text="Bicycles belong on trams.")  # a double click
    page = town.visitor().get(f"{address}/all")
    assert page.count("Bicycles belong on trams.") == 1


def test_copies_links_and_premoderation_wait_for_a_moderator(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, first, second = consult(), take_part("ada@example.org"), take_part("bo@example.org")
    first.submit(f"{address}/write", text="کتابخانه‌ها باید شب‌ها باز باشند.")
    second.submit(f"{address}/write", text="كتابخانه‌ها بايد شب‌ها باز باشند")  # the same with Arabic letters
    second.submit(f"{address}/write", text="See https://a.example https://b.example http://c.example")
    premoderated = consult(premoderated=True)
    second.submit(f"{premoderated}/write", text="Ferries are forgotten.")
    for number in (5, 6, 10):
        assert "This waits for a moderator" in second.get(f"/contributions/{number}")
    page = town.visitor().get(f"{address}/all")
    assert "https://a.example" not in page
    assert page.count("شب‌ها باز باشند") == 1
    assert "Ferries" not in town.visitor().get(f"{premoderated}/all")


def test_who_writes_too_much_is_asked_to_wait(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, visitor = consult(), take_part("ada@example.org")
    for number in range(5):
        visitor.submit(f"{address}/write", text=f"Statement number {number} about trams.")
    answer = visitor.post(f"{address}/write", text="One more about trams.")
    assert "You wrote a lot in a short time" in answer.get_data(as_text=True)
    assert "One more about trams." in answer.get_data(as_text=True)
    town.clock.forward(minutes=2)
    visitor.submit(f"{address}/write", text="One more about trams.")


def test_what_is_closed_or_stopped_takes_nothing(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, visitor = consult(days=1), take_part("ada@example.org")
    number = shown(visitor.get(address))
    town.clock.forward(days=2)
    refused = visitor.post(f"{address}/answer", "/me/", statement=number, answer="agree")
    assert refused.status_code == 409
    assert "is closed" in refused.get_data(as_text=True)
    assert visitor.client.get(f"{address}/write").status_code == 409
    assert votes(town) == []


def test_one_person_with_many_spellings_is_one(town: Town, consult: Consult, take_part: TakePart) -> None:
    address = consult()
    for mail in ("ada.l@gmail.com", "adal+votes@googlemail.com", "AdaL@gmail.com"):
        visitor = take_part(mail)
        visitor.submit(f"{address}/answer", address, statement="1", answer="agree")
    assert votes(town) == [(1, 1, 1)]


def test_sealed_results_show_to_nobody_before_the_close(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, visitor = consult(sealed=True), take_part("ada@example.org")
    visitor.submit(f"{address}/answer", address, answer="agree")
    town.run_jobs("statements.maps")
    assert "Results are sealed" in visitor.get(address)
    assert "1 person answered" not in visitor.get(address)
    town.clock.forward(days=11)
    assert "1 person answered" in town.visitor().get(address)


def test_the_map_is_drawn_by_the_job_and_only_when_something_changed(
    town: Town, consult: Consult, take_part: TakePart
) -> None:
    address = consult()
    assert "Nobody has answered yet" in town.visitor().get(address)
    for number in range(8):
        visitor = take_part(f"p{number}@example.org")
        for statement in ("1", "2", "3"):
            answer = "agree" if (number < 4) == (statement != "2") else "disagree"
            visitor.submit(f"{address}/answer", "/me/", statement=statement, answer=answer)
    assert town.run_jobs("statements.maps") == 1
    assert town.run_jobs("statements.maps") == 0
    page = town.visitor().get(address)
    assert page.count('class="dot group-0"') == page.count('class="dot group-1"') == 4
    assert "What sets this group apart" in page
    visitor.submit(f"{address}/answer", "/me/", statement="1", answer="pass")
    assert town.run_jobs("statements.maps") == 1
    with town.services.database.reading() as session:
        drawn = find_map(session, 1)
    assert drawn is not None
    named = {one.statement for one in [*drawn.together, *drawn.split, *(one for g in drawn.groups for one in g.apart)]}
    assert named == {1, 2, 3}
    assert town.visitor().get(address).count("Trams should run all night.") > 1
    with town.services.database.writing() as session:  # one goes, another that nobody answered comes
        decide(session, town.ports, [Target(1, 0)], show=False, reason=Reason.INSULT, note="", by="Mo")
        contribute(session, town.ports, phase_of(town, address), None, NewContribution(STATEMENT, "Ferries at night."))
    assert "Trams should run all night." not in town.visitor().get(address)
    assert town.run_jobs("statements.maps") == 1
    assert "Trams should run all night." not in town.visitor().get(address)
    assert all(0 <= x <= 1000 and 0 <= y <= 620 for x, y, _ in drawn.points)


def test_nothing_that_is_stored_or_shown_names_who_voted_what(
    town: Town, consult: Consult, take_part: TakePart
) -> None:
    address, visitor = consult(), take_part("ada@example.org")
    visitor.submit(f"{address}/answer", address, answer="agree")
    town.run_jobs("statements.maps")
    with town.services.database.reading() as session:
        person = session.scalars(select(Person)).one()
    assert b"ada" not in person.sealed_mail
    assert "ada" not in person.key
    assert "ada@example.org" not in town.visitor().get(address)


def test_a_persian_page_of_statements(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, visitor = consult(), take_part("ada@example.org")
    visitor.submit(f"{address}/answer", address, answer="agree")
    town.run_jobs("statements.maps")
    page = visitor.get(f"/fa{address}")
    main = page[page.index("<main") : page.index("</main>")]
    text = "".join(part.split(">")[-1] for part in main.split("<"))
    assert not re.search(r"[0-9]", text), text


def test_a_statement_is_changed_taken_back_and_its_history_is_public(
    town: Town, consult: Consult, take_part: TakePart
) -> None:
    address, visitor, other = consult(), take_part("ada@example.org"), take_part("bo@example.org")
    visitor.submit(f"{address}/write", text="Ferries are forgotten.")
    with town.services.database.reading() as session:
        number = session.scalars(select(Contribution.id).where(Contribution.text.like("Ferries%"))).one()
    place = f"/contributions/{number}"
    assert other.client.get(f"{place}/edit").status_code == 403
    assert visitor.post(f"{place}/edit", revision="5", text="Ferries matter.").status_code == 422
    visitor.submit(f"{place}/edit", text="Ferries matter too.")
    page = town.visitor().get(place)
    assert "Ferries matter too." in page
    assert "Before: “Ferries are forgotten.”" in page
    assert other.post(f"{place}/withdraw", "/me/").status_code == 403
    visitor.submit(f"{place}/withdraw", place)
    page = town.visitor().get(place)
    assert "Who wrote this took it back." in page
    assert "Ferries" not in page
    assert visitor.client.get(f"{place}/edit").status_code in (200, 409)


def test_a_statement_that_somebody_answered_keeps_its_words(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, ada, bo = consult(), take_part("ada@example.org"), take_part("bo@example.org")
    ada.submit(f"{address}/write", text="Ferries are forgotten.")
    assert "Change it" in ada.get("/contributions/4")
    revision = {"revision": "0", "text": "Ferries are forbidden."}
    bo.submit(f"{address}/answer", "/me/", statement="4", answer="pass")
    assert "Change it" not in ada.get("/contributions/4")
    refused = ada.post("/contributions/4/edit", "/me/", **revision)
    assert refused.status_code == 422
    assert "Take it back and write another" in refused.get_data(as_text=True)
    assert "Ferries are forgotten." in town.visitor().get("/contributions/4")
