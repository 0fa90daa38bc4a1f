"""What pages show of consultations: read only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from participation.answers.models import Authority, Duty
from participation.consultations.kinds import ConsultationState, PhaseKind, moment_of
from participation.consultations.kinds import Moment as Standing
from participation.consultations.models import Consultation, ConsultationEvent, Phase, ReportLine
from participation.contributions.models import Contribution
from participation.errors import Missing, NotNow


@dataclass(frozen=True)
class PhaseView:
    """A phase, and where it stands by the clock.

    Attributes:
        stopped: Whether its consultation was stopped: nothing is contributed any more, whatever the clock says.
    """

    phase: Phase
    standing: Standing
    stopped: bool = False

    @property
    def kind(self) -> PhaseKind:
        """What people do in it."""
        return PhaseKind(self.phase.kind)

    @property
    def hidden(self) -> bool:
        """Whether results are sealed now: nobody sees them before the close, whoever asks; see `results_shown`."""
        return self.phase.sealed and self.standing is not Standing.CLOSED


@dataclass(frozen=True)
class ConsultationView:
    """A consultation with its phases in order."""

    consultation: Consultation
    authority: Authority
    phases: Sequence[PhaseView]

    @property
    def standing(self) -> Standing:
        """Open while any phase is, or between two of them; closed after the last, and when it was stopped."""
        if self.consultation.state == ConsultationState.STOPPED:
            return Standing.CLOSED
        found = {one.standing for one in self.phases}
        if Standing.OPEN in found or found == {Standing.CLOSED, Standing.COMING}:
            return Standing.OPEN
        return Standing.COMING if Standing.COMING in found else Standing.CLOSED


def results_shown(now: datetime) -> ColumnElement[bool]:
    """Return the condition, in a query of parts, under which results may be shown: where no part is `hidden`."""
    return or_(Phase.sealed.is_(False), Phase.closes_at <= now)


def list_consultations(session: Session, now: datetime) -> list[ConsultationView]:
    """Return all that are published, the newest first."""
    query = (
        select(Consultation)
        .where(Consultation.state != ConsultationState.DRAFT)
        .order_by(Consultation.published_at.desc(), Consultation.id)
    )
    return [_view(session, one, now) for one in session.scalars(query).all()]


def list_open(session: Session, now: datetime, most: int) -> list[ConsultationView]:
    """Return those of which a part is open now, the newest first."""
    open_now = select(Phase.consultation_id).where(Phase.opens_at <= now, Phase.closes_at > now)
    query = (
        select(Consultation)
        .where(Consultation.state == ConsultationState.PUBLISHED, Consultation.id.in_(open_now))
        .order_by(Consultation.published_at.desc(), Consultation.id)
        .limit(most)
    )
    return [_view(session, one, now) for one in session.scalars(query).all()]


def get_consultation(
    session: Session, consultation_id: str, now: datetime, *, drafts: bool = False
) -> ConsultationView:
    """Return a consultation.

    Raises:
        Missing: There is none, or it is not published and drafts are not asked for.
    """
    found = session.get(Consultation, consultation_id)
    if found is None or (found.state == ConsultationState.DRAFT and not drafts):
        raise Missing("There is no such consultation.")
    return _view(session, found, now)


def get_phase(
    session: Session, consultation_id: str, phase_id: int, kind: PhaseKind, now: datetime
) -> tuple[ConsultationView, PhaseView]:
    """Return a phase of a kind and its consultation.

    Raises:
        Missing: There is none.
    """
    view = get_consultation(session, consultation_id, now)
    for one in view.phases:
        if one.phase.id == phase_id and one.kind is kind:
            return view, one
    raise Missing("There is no such part of this consultation.")


def is_open(view: ConsultationView, phase: PhaseView) -> bool:
    """Tell whether something can be contributed now."""
    return phase.standing is Standing.OPEN and view.consultation.state == ConsultationState.PUBLISHED


def require_open(view: ConsultationView, phase: PhaseView) -> None:
    """Refuse what can be done in an open phase only.

    Raises:
        NotNow: It is not open, or its consultation is not one that runs; the sentence says what it is.
    """
    if view.consultation.state == ConsultationState.STOPPED:
        raise NotNow("This consultation was stopped. Nothing can be contributed any more.")
    if phase.standing is Standing.COMING:
        raise NotNow("This part of the consultation has not opened yet.")
    if not is_open(view, phase):
        raise NotNow("This part of the consultation is closed. What you sent was not taken.")


def list_events(session: Session, consultation_id: str) -> Sequence[ConsultationEvent]:
    """Return what happened to a consultation, oldest first."""
    query = select(ConsultationEvent).where(ConsultationEvent.consultation_id == consultation_id)
    return session.scalars(query.order_by(ConsultationEvent.id)).all()


def list_report(session: Session, consultation_id: str) -> Sequence[ReportLine]:
    """Return the lines of the closing report, in order."""
    query = select(ReportLine).where(ReportLine.consultation_id == consultation_id).order_by(ReportLine.position)
    return session.scalars(query).all()


def list_answered(session: Session, person_id: int) -> set[int]:
    """Return the numbers of somebody's contributions that a report answers."""
    mine = select(Contribution.id, Phase.consultation_id).join(Phase, Phase.id == Contribution.phase_id)
    written = dict(session.execute(mine.where(Contribution.person_id == person_id)).all())
    lines = session.scalars(select(ReportLine).where(ReportLine.consultation_id.in_(set(written.values()))))
    return {number for line in lines for number in line.contributions} & set(written)


def find_report_duty(session: Session, consultation_id: str) -> int | None:
    """Return the number of the duty to report, once it is owed."""
    return session.scalar(select(Duty.id).where(Duty.kind == "consultation", Duty.subject == consultation_id))


def _view(session: Session, found: Consultation, now: datetime) -> ConsultationView:
    query = select(Phase).where(Phase.consultation_id == found.id).order_by(Phase.position, Phase.id)
    stopped = found.state == ConsultationState.STOPPED
    phases = [PhaseView(one, moment_of(one.opens_at, one.closes_at, now), stopped) for one in session.scalars(query)]
    return ConsultationView(found, session.get_one(Authority, found.authority_id), phases)
