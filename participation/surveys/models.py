"""Questions of a survey, and each person's answers."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import Base, Moment

TITLE_LENGTH = 300
OPTION_LENGTH = 200


class SurveyQuestion(Base):
    """One question.

    Attributes:
        kind: `one`, `many`, `scale` (1 to 5) or `text`.
        options: To choose from; empty for scales and texts.
        needed: Whether it must be answered.
    """

    __tablename__ = "survey_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("consultation_phases.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    options: Mapped[list[str]] = mapped_column(JSON, default=list)
    needed: Mapped[bool] = mapped_column(default=False)


class SurveyAnswers(Base):
    """One person's answers; sent again, they replace the earlier ones.

    Attributes:
        answers: {question id: number of the option, list of numbers, 1 to 5, or text}.
    """

    __tablename__ = "survey_answers"

    phase_id: Mapped[int] = mapped_column(ForeignKey("consultation_phases.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    answers: Mapped[dict[str, int | list[int] | str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)
