"""What everybody answered to a survey."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from participation.ports import Ports
from participation.remembered import remembered
from participation.surveys.answering import SCALE
from participation.surveys.models import SurveyAnswers, SurveyQuestion

SURVEY = "survey"
"""Under this word and the part's number its figures are remembered."""


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


@dataclass(frozen=True)
class _Figures:
    people: int
    answered: Counter[int]
    counts: defaultdict[int, Counter[int]]


_ANSWERED = text(
    "SELECT q.key, count(*) FROM survey_answers a, json_each(a.answers) q WHERE a.phase_id = :phase_id GROUP BY q.key"
)
_CHOSEN = {
    "sqlite": text(
        "SELECT q.key, o.value, count(*) FROM survey_answers a, json_each(a.answers) q, "
        "json_each(CASE q.type WHEN 'array' THEN q.value ELSE json_array(q.value) END) o "
        "WHERE a.phase_id = :phase_id AND q.type <> 'text' GROUP BY q.key, o.value"
    ),
    "postgresql": text(
        "SELECT q.key, o.value, count(*) FROM survey_answers a, json_each(a.answers) q, "
        "json_array_elements_text(CASE json_typeof(q.value) WHEN 'array' THEN q.value "
        "ELSE json_build_array(q.value) END) o(value) "
        "WHERE a.phase_id = :phase_id AND json_typeof(q.value) <> 'string' GROUP BY q.key, o.value"
    ),
}
"""Options and steps of scales, one or many to an answer; texts are left out."""


def add_up(
    session: Session, ports: Ports, phase_id: int, questions: Sequence[SurveyQuestion]
) -> tuple[int, list[Totals]]:
    """Return how many people answered, and the totals of each question.

    Texts are never among them: they are for the report to answer.
    """
    figures = remembered(ports, (SURVEY, phase_id), lambda: _count(session, phase_id))
    return figures.people, [_totals(one, figures.answered[one.id], figures.counts[one.id]) for one in questions]


def _count(session: Session, phase_id: int) -> _Figures:
    """Let the database count; the answers themselves stay there."""
    on = {"phase_id": phase_id}
    people = session.scalar(select(func.count()).where(SurveyAnswers.phase_id == phase_id)) or 0
    figures = _Figures(people, Counter(), defaultdict(Counter))
    for question, count in session.execute(_ANSWERED, on):
        figures.answered[int(question)] = count
    for question, option, count in session.execute(_CHOSEN[session.get_bind().dialect.name], on):
        figures.counts[int(question)][int(option)] = count
    return figures


def _totals(question: SurveyQuestion, answered: int, counts: Counter[int]) -> Totals:
    if question.kind == "scale":
        named = [(str(step), counts[step]) for step in SCALE]
        mean = sum(step * counts[step] for step in SCALE) / answered if answered else None
        return Totals(question, answered, named, mean)
    named = [(option, counts[place]) for place, option in enumerate(question.options)]
    return Totals(question, answered, named, None)
