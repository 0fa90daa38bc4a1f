"""Questions as officials write them: a line for each, its options below. Pure but for storing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from participation.consultations.models import Phase
from participation.errors import Unacceptable
from participation.surveys.models import OPTION_LENGTH, TITLE_LENGTH, SurveyQuestion
from participation.text import is_blank, one_line

KINDS = ("one", "many", "scale", "text")
MOST_QUESTIONS, MOST_OPTIONS = 50, 50
_QUESTION = re.compile(r"(.+?)\s*\[(one|many|scale|text)(!?)\]\s*")
_SIGNS = ("-", "–", "•", "*")


@dataclass(frozen=True)
class Question:
    """A question before it is stored."""

    title: str
    kind: str
    options: tuple[str, ...]
    needed: bool


def parse_questions(lines: Iterable[str]) -> list[Question]:
    """Read questions.

    A question is a line that ends with its kind in brackets, like `How do you travel? [one]`; an exclamation mark
    after the kind means that it must be answered. Its options follow, one a line, each with a hyphen before it.

    Raises:
        Unacceptable: A line is neither; the text says which.
    """
    found: list[Question] = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        question = _QUESTION.fullmatch(text)
        if question is not None:
            found.append(Question(one_line(question[1])[:TITLE_LENGTH], question[2], (), question[3] == "!"))
        elif text.startswith(_SIGNS) and found and found[-1].kind in ("one", "many"):
            option, last = one_line(text[1:])[:OPTION_LENGTH], found[-1]
            if is_blank(option):
                raise Unacceptable("Line %(number)s is an empty option.", number=number)
            found[-1] = Question(last.title, last.kind, (*last.options, option), last.needed)
        else:
            raise Unacceptable(
                "Line %(number)s is no question, like “How do you travel? [one]”, and no option, like “- By bus”.",
                number=number,
            )
    _check(found)
    return found


def write_questions(questions: Iterable[SurveyQuestion]) -> str:
    """Return questions as officials write them."""
    lines = []
    for one in questions:
        lines.append(f"{one.title} [{one.kind}{'!' if one.needed else ''}]")
        lines.extend(f"- {option}" for option in one.options)
    return "\n".join(lines)


def set_questions(session: Session, phase: Phase, lines: Iterable[str]) -> None:
    """Replace a draft's questions.

    Raises:
        Unacceptable: They make no sense.
    """
    questions = parse_questions(lines)
    session.execute(delete(SurveyQuestion).where(SurveyQuestion.phase_id == phase.id))
    session.add_all(
        SurveyQuestion(
            phase_id=phase.id,
            position=position,
            kind=one.kind,
            title=one.title,
            options=list(one.options),
            needed=one.needed,
        )
        for position, one in enumerate(questions)
    )


def list_questions(session: Session, phase_id: int) -> Sequence[SurveyQuestion]:
    """Return the questions of a survey, in order."""
    query = select(SurveyQuestion).where(SurveyQuestion.phase_id == phase_id).order_by(SurveyQuestion.position)
    return session.scalars(query).all()


def _check(found: Sequence[Question]) -> None:
    if len(found) > MOST_QUESTIONS:
        raise Unacceptable("A survey has at most %(most)s questions.", most=MOST_QUESTIONS)
    for number, one in enumerate(found, 1):
        if one.kind in ("one", "many") and not 2 <= len(one.options) <= MOST_OPTIONS:
            raise Unacceptable("Question %(number)s needs two options or more.", number=number)
        if len(set(one.options)) != len(one.options):
            raise Unacceptable("Question %(number)s has the same option twice.", number=number)
