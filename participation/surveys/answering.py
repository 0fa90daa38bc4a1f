"""Answering a survey, and its totals."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
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


@dataclass(frozen=True)
class Totals:
    """What everybody answered to one question.

    Attributes:
        answered: People who answered it.
        counts: Of each option, or of each step of a scale; empty for texts.
        mean: Of a scale; none for others.
    """

    question: SurveyQuestion
    answered: int
    counts: Sequence[tuple[str, int]]
    mean: float | None


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


def count_answers(session: Session, phase_id: int) -> int:
    """Return how many people answered."""
    query = select(func.count()).select_from(SurveyAnswers).where(SurveyAnswers.phase_id == phase_id)
    return session.scalar(query) or 0


def add_up(session: Session, phase_id: int, questions: Sequence[SurveyQuestion]) -> list[Totals]:
    """Return the totals of each question. Texts are never among them: they are for the report to answer."""
    counts: dict[int, Counter[int]] = {one.id: Counter() for one in questions}
    answered: Counter[int] = Counter()
    rows = session.scalars(select(SurveyAnswers.answers).where(SurveyAnswers.phase_id == phase_id))
    for answers in rows:
        for name, given in answers.items():
            question_id = int(name)
            answered[question_id] += 1
            if not isinstance(given, str):
                counts[question_id].update([given] if isinstance(given, int) else given)
    return [_totals(one, answered[one.id], counts[one.id]) for one in questions]


def _totals(question: SurveyQuestion, answered: int, counts: Counter[int]) -> Totals:
    if question.kind == "scale":
        named = [(str(step), counts[step]) for step in SCALE]
        mean = sum(step * counts[step] for step in SCALE) / answered if answered else None
        return Totals(question, answered, named, mean)
    named = [(option, counts[place]) for place, option in enumerate(question.options)]
    return Totals(question, answered, named, None)
