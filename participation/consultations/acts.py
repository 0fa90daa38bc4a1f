"""Writing, publishing, extending, stopping and reporting on consultations."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from participation.answers.duties import check_reason, get_authority, owe, settle
from participation.answers.kinds import DutyKind
from participation.answers.models import Duty
from participation.budgets.models import BudgetProject
from participation.consultations.kinds import ConsultationState, PhaseKind, ReportOutcome
from participation.consultations.models import TITLE_LENGTH, Consultation, ConsultationEvent, Phase, ReportLine
from participation.consultations.readiness import require_ready
from participation.contributions.models import Contribution, ContributionEvent
from participation.documents.models import DocumentVersion
from participation.errors import Missing, NotNow, Stale, Unacceptable
from participation.jobs import Job
from participation.ports import Ports
from participation.surveys.models import SurveyQuestion
from participation.text import is_blank, one_line, paragraphs

SUMMARY_LENGTH = 600
TEXT_LENGTH = 20_000
MOST_PHASES = 12
MOST_LINES = 500


@dataclass(frozen=True)
class PhaseData:
    """A phase as an official writes it; `id` is none for a new one."""

    kind: PhaseKind
    title: str
    text: str
    opens_at: datetime
    closes_at: datetime
    sealed: bool = False
    premoderated: bool = False
    settings: Mapping[str, object] = field(default_factory=dict)
    id: int | None = None


@dataclass(frozen=True)
class ConsultationData:
    """A consultation as an official writes it."""

    language: str
    title: str
    summary: str
    text: str
    authority_id: int


@dataclass(frozen=True)
class ReportData:
    """One answer of the closing report."""

    said: str
    outcome: ReportOutcome
    did: str
    contributions: Sequence[int] = ()


def begin_consultation(session: Session, ports: Ports, data: ConsultationData, *, by: str) -> Consultation:
    """Begin a draft.

    Raises:
        Unacceptable: A text is missing or too long.
        Missing: There is no such authority.
    """
    found = Consultation(
        id=str(uuid.UUID(bytes=ports.random_bytes(16), version=4)),
        state=ConsultationState.DRAFT,
        created_at=ports.now(),
    )
    _fill(session, ports, found, data)
    session.add(found)
    session.flush()
    add_event(session, ports, found, "begun", by)
    return found


def save_consultation(
    session: Session, ports: Ports, consultation_id: str, revision: int, data: ConsultationData, *, by: str
) -> Consultation:
    """Change the texts; once published everybody sees that they were changed.

    Raises:
        Missing, Stale, NotNow, Unacceptable: See `lock` and `begin_consultation`.
    """
    found = lock(session, consultation_id, revision)
    _fill(session, ports, found, data)
    found.revision += 1
    if found.state != ConsultationState.DRAFT:
        add_event(session, ports, found, "texts", by)
    return found


def save_phase(
    session: Session, ports: Ports, consultation_id: str, revision: int, data: PhaseData, *, by: str, reason: str = ""
) -> Phase:
    """Add a phase to a draft, or change one. Of a published phase only the close can move, to later, before it closed.

    Raises:
        Unacceptable: Title or times make no sense, or there are too many.
        NotNow: What is published cannot be changed so.
    """
    found = lock(session, consultation_id, revision)
    published = found.state != ConsultationState.DRAFT
    title, text = one_line(data.title), paragraphs(data.text)
    if is_blank(title) or len(title) > TITLE_LENGTH:
        raise Unacceptable("Give this part a title of at most %(most)s characters.", most=TITLE_LENGTH)
    if len(text) > TEXT_LENGTH:
        raise Unacceptable("This text is too long: at most %(most)s characters.", most=TEXT_LENGTH)
    if data.opens_at >= data.closes_at:
        raise Unacceptable("A part of a consultation closes after it opens. Check the times.")
    if data.id is None:
        if published:
            raise NotNow("What is published gets no new parts. Begin another consultation.")
        count = len(session.scalars(select(Phase.id).where(Phase.consultation_id == found.id)).all())
        if count >= MOST_PHASES:
            raise Unacceptable("A consultation has at most %(most)s parts.", most=MOST_PHASES)
        phase = Phase(consultation_id=found.id, position=count)
        session.add(phase)
    else:
        phase = get_own_phase(session, found.id, data.id)
        if published:
            same = (phase.kind, phase.opens_at, phase.sealed) == (data.kind, data.opens_at, data.sealed)
            if not same or data.closes_at < phase.closes_at:
                raise NotNow("Once published, a part can only close later. What it is, and its beginning, stay.")
            if data.closes_at != phase.closes_at and found.state != ConsultationState.PUBLISHED:
                raise NotNow("This consultation is over: its dates stay as they are. Begin another consultation.")
            if data.closes_at != phase.closes_at and phase.closes_at <= ports.now():
                raise NotNow("This part has closed and stays closed. Begin another consultation to ask again.")
            check_reason(reason)
    phase.kind, phase.title, phase.text = data.kind, title, text
    phase.opens_at, phase.closes_at = data.opens_at, data.closes_at
    phase.sealed, phase.premoderated, phase.settings = data.sealed, data.premoderated, dict(data.settings)
    found.revision += 1
    session.flush()
    if published:
        add_event(session, ports, found, "extended", by, reason)
    return phase


def remove_phase(session: Session, consultation_id: str, revision: int, phase_id: int) -> None:
    """Take a phase out of a draft.

    Raises:
        NotNow: It is published.
    """
    found = lock(session, consultation_id, revision)
    if found.state != ConsultationState.DRAFT:
        raise NotNow("What is published stays. Stop the consultation if it must end.")
    phase = get_own_phase(session, found.id, phase_id)
    own = select(Contribution.id).where(Contribution.phase_id == phase.id)
    session.execute(delete(ContributionEvent).where(ContributionEvent.contribution_id.in_(own)))
    session.execute(delete(Contribution).where(Contribution.phase_id == phase.id))
    for model in (BudgetProject, DocumentVersion, SurveyQuestion):
        session.execute(delete(model).where(model.phase_id == phase.id))
    session.delete(phase)
    found.revision += 1


def publish(session: Session, ports: Ports, consultation_id: str, revision: int, *, by: str) -> Consultation:
    """Publish a draft. From here on the report is promised: it is owed once the last phase has closed.

    Raises:
        NotNow: It is published already.
        Unacceptable: It has no phase, or all of them lie in the past.
    """
    found = lock(session, consultation_id, revision)
    if found.state != ConsultationState.DRAFT:
        raise NotNow("This consultation is published already.")
    phases = session.scalars(select(Phase).where(Phase.consultation_id == found.id)).all()
    if not phases:
        raise Unacceptable("A consultation needs at least one part in which people do something.")
    if max(phase.closes_at for phase in phases) <= ports.now():
        raise Unacceptable("All parts of this consultation would be closed. Check the times.")
    for phase in phases:
        require_ready(session, phase)
    found.state, found.published_at, found.revision = ConsultationState.PUBLISHED, ports.now(), found.revision + 1
    add_event(session, ports, found, "published", by)
    return found


def stop(session: Session, ports: Ports, consultation_id: str, revision: int, *, by: str, reason: str) -> None:
    """End a consultation early, with a reason for everybody. What was contributed stays to be seen.

    After the last close the report is owed, and stopping would be a way out of it.

    Raises:
        NotNow: It is not published, or its last phase has closed.
    """
    found = lock(session, consultation_id, revision)
    if found.state != ConsultationState.PUBLISHED:
        raise NotNow("Only a consultation that runs can be stopped.")
    closes = session.scalars(select(Phase.closes_at).where(Phase.consultation_id == found.id)).all()
    if max(closes) <= ports.now():
        raise NotNow("The last part has closed: the report is owed, and stopping would not end that. Write the report.")
    check_reason(reason)
    found.state, found.revision = ConsultationState.STOPPED, found.revision + 1
    add_event(session, ports, found, "stopped", by, reason)


def report(
    session: Session,
    ports: Ports,
    consultation_id: str,
    revision: int,
    text: str,
    lines: Sequence[ReportData],
    *,
    by: str,
) -> Consultation:
    """Publish, or correct, the closing report: what people said, and what is done about it.

    Raises:
        NotNow: A phase has not closed yet.
        Unacceptable: A text is missing or too long, or a line names a contribution of another consultation.
    """
    found = lock(session, consultation_id, revision)
    if found.state not in (ConsultationState.PUBLISHED, ConsultationState.REPORTED):
        raise NotNow("Only a published consultation is reported on.")
    phases = session.scalars(select(Phase).where(Phase.consultation_id == found.id)).all()
    if any(phase.closes_at > ports.now() for phase in phases):
        raise NotNow("The report comes after the last part has closed.")
    body = paragraphs(text)
    if is_blank(body) or len(body) > TEXT_LENGTH:
        raise Unacceptable("Write the report, in at most %(most)s characters.", most=TEXT_LENGTH)
    if len(lines) > MOST_LINES:
        raise Unacceptable("A report has at most %(most)s lines.", most=MOST_LINES)
    for line in lines:
        if is_blank(line.said) or is_blank(line.did) or max(len(line.said), len(line.did)) > TEXT_LENGTH:
            raise Unacceptable("Each line of the report says what people said, and what is done about it.")
    _check_links(session, lines, [phase.id for phase in phases])
    session.execute(delete(ReportLine).where(ReportLine.consultation_id == found.id))
    session.add_all(
        ReportLine(
            consultation_id=found.id,
            position=position,
            said=paragraphs(line.said),
            outcome=line.outcome,
            did=paragraphs(line.did),
            contributions=sorted(set(line.contributions)),
        )
        for position, line in enumerate(lines)
    )
    first = found.reported_at is None
    found.report, found.state, found.revision = body, ConsultationState.REPORTED, found.revision + 1
    found.reported_at = found.reported_at or ports.now()
    add_event(session, ports, found, "reported" if first else "report-changed", by)
    settle(session, ports, DutyKind.CONSULTATION, found.id, by=by)
    return found


def owe_reports(ports: Ports) -> int:
    """Let reports become owed whose last phase has closed; returns how many. For the job."""
    with ports.database.reading() as session:
        owes = exists().where(Duty.kind == DutyKind.CONSULTATION, Duty.subject == Consultation.id)
        query = select(Consultation.id).where(Consultation.state == ConsultationState.PUBLISHED, ~owes)
        waiting = session.scalars(query).all()
    owed = 0
    for consultation_id in waiting:
        with ports.database.writing() as session:
            found = session.get_one(Consultation, consultation_id)
            closes = session.scalars(select(Phase.closes_at).where(Phase.consultation_id == found.id)).all()
            if found.state != ConsultationState.PUBLISHED or max(closes) > ports.now():
                continue
            owe(
                session,
                ports,
                DutyKind.CONSULTATION,
                found.id,
                title=found.title,
                path=f"/consultations/{found.id}",
                authority_id=found.authority_id,
                since=max(closes),
                working_days=ports.rules.answers.consultation_days,
            )
            owed += 1
    return owed


REPORTS = Job("consultations.reports", owe_reports)


def lock(session: Session, consultation_id: str, revision: int) -> Consultation:
    """Return a consultation to be changed.

    Raises:
        Missing: There is none.
        Stale: Somebody changed it meanwhile.
    """
    found = session.scalar(select(Consultation).where(Consultation.id == consultation_id).with_for_update())
    if found is None:
        raise Missing("There is no such consultation.")
    if found.revision != revision:
        raise Stale("Somebody changed this in the meantime. Look at it as it is now, and decide again.")
    return found


def get_own_phase(session: Session, consultation_id: str, phase_id: int) -> Phase:
    """Return a phase of a consultation.

    Raises:
        Missing: It has none of this number.
    """
    phase = session.get(Phase, phase_id)
    if phase is None or phase.consultation_id != consultation_id:
        raise Missing("There is no such part of this consultation.")
    return phase


def add_event(session: Session, ports: Ports, found: Consultation, what: str, by: str, note: str = "") -> None:
    """Add a line to a consultation's public history."""
    session.add(ConsultationEvent(consultation_id=found.id, at=ports.now(), what=what, by=by, note=note))


def _fill(session: Session, ports: Ports, found: Consultation, data: ConsultationData) -> None:
    title, summary, text = one_line(data.title), paragraphs(data.summary), paragraphs(data.text)
    if is_blank(title) or len(title) > TITLE_LENGTH:
        raise Unacceptable("Give the consultation a title of at most %(most)s characters.", most=TITLE_LENGTH)
    if is_blank(summary) or len(summary) > SUMMARY_LENGTH:
        raise Unacceptable("Say in at most %(most)s characters what the consultation is about.", most=SUMMARY_LENGTH)
    if len(text) > TEXT_LENGTH:
        raise Unacceptable("This text is too long: at most %(most)s characters.", most=TEXT_LENGTH)
    if data.language not in ports.languages():
        raise Unacceptable("The site does not speak this language. Choose one of the list.")
    found.authority_id = get_authority(session, data.authority_id).id
    found.language, found.title, found.summary, found.text = data.language, title, summary, text


def _check_links(session: Session, lines: Sequence[ReportData], phases: Sequence[int]) -> None:
    wanted = {one for line in lines for one in line.contributions}
    known = set(
        session.scalars(select(Contribution.id).where(Contribution.id.in_(wanted), Contribution.phase_id.in_(phases)))
    )
    if wanted - known:
        raise Unacceptable("There is no contribution %(number)s in this consultation.", number=min(wanted - known))
