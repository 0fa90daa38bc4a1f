"""Whether a part has what people need in it, before it is published."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.budgets.models import BudgetProject
from participation.consultations.kinds import PhaseKind
from participation.consultations.models import Phase
from participation.documents.models import DocumentVersion
from participation.errors import Unacceptable
from participation.surveys.models import SurveyQuestion


def require_ready(session: Session, phase: Phase) -> None:
    """Refuse a part in which nothing could be done.

    Raises:
        Unacceptable: The document, the questions, the projects or the election are missing.
    """
    if phase.kind == PhaseKind.DOCUMENT and not _any(session, phase, DocumentVersion.phase_id):
        raise Unacceptable("The part “%(title)s” has no document yet.", title=phase.title)
    if phase.kind == PhaseKind.SURVEY and not _any(session, phase, SurveyQuestion.phase_id):
        raise Unacceptable("The part “%(title)s” has no question yet.", title=phase.title)
    if phase.kind == PhaseKind.BUDGET and not _any(session, phase, BudgetProject.phase_id):
        raise Unacceptable("The part “%(title)s” has no project yet.", title=phase.title)
    if phase.kind == PhaseKind.POLL and not phase.settings.get("election"):
        raise Unacceptable("The part “%(title)s” names no election yet.", title=phase.title)


def _any(session: Session, phase: Phase, column: object) -> bool:
    return bool(session.scalar(select(func.count()).where(column == phase.id)))  # type: ignore[arg-type]
