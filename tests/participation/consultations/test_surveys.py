import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from participation.answers.authorities import AuthorityData, add_authority
from participation.consultations import acts
from participation.consultations.acts import ConsultationData, PhaseData
from participation.consultations.kinds import PhaseKind
from participation.errors import Unacceptable
from participation.people.models import Person
from participation.surveys.answering import Answer, answer
from participation.surveys.questions import list_questions, parse_questions, set_questions
from participation.surveys.totals import add_up
from tests.participation.consultations.test_consultations import begin, clerk, revision, send
from tests.support.officials import Desk
from tests.support.participation import Town, Visitor

__all__ = ["clerk"]
TakePart = Callable[[str], Visitor]
QUESTIONS = """How do you travel? [one!]
- By bus
- On foot

Which lines do you use? [many]
– Red
– Blue
How content are you? [scale]
Anything else? [text]"""
PART = {
    "kind": "survey",
    "title": "Your journeys",
    "opens_at": "2026-03-01 09:00",
    "closes_at": "2026-03-11 09:00",
    "seeds": QUESTIONS,
}


def publish(clerk: Desk, **changes: str) -> str:
    place = begin(clerk)
    send(clerk, f"{place}/parts/new", **{**PART, **changes})
    send(clerk, f"{place}/publish")
    return f"{place.removeprefix('/admin/participation')}/{changes.get('kind', 'survey')}/1"


@pytest.fixture
def address(clerk: Desk) -> str:
    return publish(clerk)


def test_people_answer_once_and_can_change_it(town: Town, address: str, take_part: TakePart) -> None:
    ada, bo = take_part("ada@example.org"), take_part("bo@example.org")
    ada.submit(f"{address}/answer", address, q1="0", q2=["0", "1"], q3="5", q4="Run later.\u202e")
    bo.submit(f"{address}/answer", address, q1="1", q3="2")
    ada.submit(f"{address}/answer", address, q1="1", q2=["1"], q3="5", q4="Run later.")
    page = town.visitor().get(address)
    assert "2 people answered" in page
    assert "Mean: 3.5" in page
    assert "1 person wrote something" in page
    assert "Run later" not in page
    assert "Run later." in ada.get(address)
    [kept] = json.loads(ada.client.get("/me/data.json").get_data())["surveys"]
    assert kept["answers"] == {"1": 1, "2": [1], "3": 5, "4": "Run later."}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Answer this question."),
        ({"q1": "7"}, "Choose one of the answers."),
        ({"q1": "x"}, "Choose one of the answers."),
        ({"q1": str(10**30)}, "Choose one of the answers."),
        ({"q1": ["0", "1"]}, "Choose one of the answers."),
        ({"q1": "0", "q2": ["0", "9"]}, "Choose one of the answers."),
        ({"q1": "0", "q3": "6"}, "Choose one of the answers."),
        ({"q1": "0", "q4": "x" * 3001}, "This is too long."),
    ],
)
def test_answers_that_make_no_sense_change_nothing(
    town: Town, address: str, take_part: TakePart, fields: dict[str, str], sentence: str
) -> None:
    answer = take_part("ada@example.org").post(f"{address}/answer", address, **fields)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert "Nobody has answered yet." in town.visitor().get(address)


def test_sealed_totals_wait_for_the_close(town: Town, clerk: Desk, take_part: TakePart) -> None:
    address = publish(clerk, sealed="y")
    take_part("ada@example.org").submit(f"{address}/answer", address, q1="0")
    assert "Results are sealed" in clerk.get(address)
    assert "1 person answered" not in clerk.get(address)
    town.clock.forward(days=11)
    assert "1 person answered" in town.visitor().get(address)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- An option", "Line 1 is no question"),
        ("How? [often]", "Line 1 is no question"),
        ("How? [text]\n- An option", "Line 2 is no question"),
        ("How? [one]\n-", "Line 2 is an empty option"),
        ("How? [one]\n- A", "needs two options"),
        ("How? [one]\n- A\n- A", "the same option twice"),
        ("How? [text]\n" * 51, "at most 50 questions"),
    ],
)
def test_questions_that_make_no_sense(text: str, sentence: str) -> None:
    with pytest.raises(Unacceptable, match=sentence):
        parse_questions(text.splitlines())


def test_a_draft_s_questions_can_be_written_anew(clerk: Desk) -> None:
    place = begin(clerk)
    send(clerk, f"{place}/parts/new", **PART)
    page = clerk.get(f"{place}/parts/1")
    assert "How do you travel? [one!]" in page
    assert "- Blue" in page
    send(clerk, f"{place}/parts/1", **{**PART, "seeds": ""})
    answer = clerk.post(f"{place}/publish", revision=revision(clerk, f"{place}/publish"))
    assert "has no question yet" in answer.get_data(as_text=True)


def test_a_secret_poll_leads_to_its_election(town: Town, clerk: Desk) -> None:
    place = f"{begin(clerk)}/parts/new"
    poll = {**PART, "kind": "poll", "seeds": ""}
    unknown = "00000000-0000-4000-8000-000000000000"
    answer = clerk.post(place, **{**poll, "election": unknown}, revision=revision(clerk, place))
    assert "There is no such election on this site" in answer.get_data(as_text=True)
    send(clerk, place, **poll)
    office = place.removesuffix("/parts/new")
    answer = clerk.post(f"{office}/publish", revision=revision(clerk, f"{office}/publish"))
    assert "names no election yet" in answer.get_data(as_text=True)


@pytest.mark.parametrize("place", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_the_database_counts_and_keeps_the_answers(
    make_town: Callable[..., Town], request: pytest.FixtureRequest, place: str
) -> None:
    url = {"database_url": request.getfixturevalue("postgres_url")} if place == "postgresql" else {}
    town = make_town(**url)
    with town.services.database.writing() as session:
        data = AuthorityData({"en": "Transport"}, "a@example.org", "", "gb-eng", "en")
        authority = add_authority(session, town.ports, data)
        now, texts = town.services.now(), ConsultationData("en", "Journeys", "How?", "", authority.id)
        made = acts.begin_consultation(session, town.ports, texts, by="clerk")
        part = PhaseData(PhaseKind.SURVEY, "Yours", "", now, now + timedelta(days=1))
        phase = acts.save_phase(session, town.ports, made.id, made.revision, part, by="clerk")
        set_questions(session, phase, QUESTIONS.splitlines())
        people = [Person(method="import", key=str(one), language="en", joined_at=now) for one in range(3)]
        session.add_all(people)
        session.flush()
        one, many, scale, words = (question.id for question in list_questions(session, phase.id))
        given: list[dict[int, Answer]] = [
            {one: 1, many: [0, 1], scale: 5},
            {one: 1, many: [1], words: "5"},
            {scale: 2, words: "[0]"},
        ]
        for person, answers in zip(people, given, strict=True):
            answer(session, town.ports, phase, person, {str(name): value for name, value in answers.items()})
        phase_id = phase.id
    with town.queries() as asked, town.services.database.reading() as session:
        people_count, totals = add_up(session, town.ports, phase_id, list_questions(session, phase_id))
    assert not [query for query in asked if query.startswith("SELECT survey_answers.answers")]
    assert people_count == 3
    assert [total.answered for total in totals] == [2, 2, 2, 2]
    assert [[count for _, count in total.counts] for total in totals] == [[0, 2], [1, 2], [0, 1, 0, 0, 1], []]
    assert [total.mean for total in totals] == [None, None, 3.5, None]
