"""Answering a survey."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from participation.consultations.models import Phase
from participation.errors import Unacceptable
from participation.numbers import number_of
from participation.people.locking import lock_person
from participation.people.models import Person
from participation.ports import Ports
from participation.surveys.models import SurveyAnswers, SurveyQuestion
from participation.text import paragraphs

TEXT_LENGTH = 3_000
SCALE = (1, 2, 3, 4, 5)
Answer = int | list[int] | str


def read_answers(
    questions: Sequence[SurveyQuestion], typed: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Answer], dict[int, str]]:
    """Read a form.

    Args:
        questions: Of the survey.
        typed: {`q` and the question's id: values}.

    Returns:
        {question id: answer}, and {question id: what is wrong}, a word: `needed`, `long` or `unknown`.
    """
    answers: dict[str, Answer] = {}
    wrong: dict[int, str] = {}
    for question in questions:
        given = [one for one in typed.get(f"q{question.id}", ()) if one.strip()]
        answer, fault = _read(question, given)
        if fault or (question.needed and not given):
            wrong[question.id] = fault or "needed"
        elif given:
            answers[str(question.id)] = answer
    return answers, wrong


def _read(question: SurveyQuestion, given: Sequence[str]) -> tuple[Answer, str]:
    if question.kind == "text":
        text = paragraphs(given[0]) if given else ""
        return text, "long" if len(text) > TEXT_LENGTH else ""
    numbers = [number_of(one) for one in given]
    allowed = set(SCALE) if question.kind == "scale" else set(range(len(question.options)))
    if not set(numbers) <= allowed or (question.kind != "many" and len(numbers) > 1):
        return 0, "unknown"
    return (sorted(set(numbers)) if question.kind == "many" else (numbers[0] if numbers else 0)), ""


def answer(session: Session, ports: Ports, phase: Phase, person: Person, answers: Mapping[str, Answer]) -> None:
    """Store somebody's answers; a later set replaces it.

    Raises:
        Unacceptable: Nothing was answered.
    """
    if not answers:
        raise Unacceptable("Answer at least one question.")
    lock_person(session, person)
    row = session.get(SurveyAnswers, (phase.id, person.id))
    row = row or SurveyAnswers(phase_id=phase.id, person_id=person.id)
    row.answers, row.at = dict(answers), ports.now()
    session.add(row)
