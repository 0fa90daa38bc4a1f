"""How many take part in a consultation, for those who look at it from elsewhere."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.consultations.kinds import PhaseKind
from participation.consultations.queries import ConsultationView
from participation.statements.models import StoredMap


def participants(session: Session, view: ConsultationView) -> tuple[int, datetime | None]:
    """Return how many answered statements, and when the opinion map was drawn that says so; of sealed parts nothing."""
    mapped = [one.phase.id for one in view.phases if not one.hidden and one.kind is PhaseKind.STATEMENTS]
    maps = session.scalars(select(StoredMap).where(StoredMap.phase_id.in_(mapped))).all()
    largest = max(maps, key=lambda one: int(one.document["participants"]), default=None)
    return (int(largest.document["participants"]), largest.computed_at) if largest else (0, None)
