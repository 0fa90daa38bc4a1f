"""What a widget and a shared picture say of a petition or a consultation: read only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.answers.forms import name_of
from participation.consultations.kinds import ConsultationState
from participation.consultations.pages import badge_of
from participation.consultations.queries import ConsultationView, get_consultation
from participation.contributions.kinds import ContributionState
from participation.contributions.models import Contribution
from participation.errors import Missing
from participation.parts import Badge
from participation.petitions import blueprint as petition_parts
from participation.petitions.answering import AnswerView, answers_to
from participation.petitions.counts import Count, counts_of
from participation.petitions.life import State
from participation.petitions.queries import PetitionView, get_petition
from participation.ports import Ports
from participation.sharing.figures import participants


@dataclass(frozen=True)
class PetitionNotice:
    """A petition in short.

    Attributes:
        count, goal: Missing where it never took signatures.
        answer: The newest, if there is one.
    """

    petition: PetitionView
    badges: Sequence[petition_parts.Badge]
    count: Count | None
    goal: petition_parts.Goal | None
    answer: AnswerView | None


@dataclass(frozen=True)
class ConsultationNotice:
    """A consultation in short.

    Attributes:
        owner: Who owes the report.
        answered: The report is published.
        contributions: What people wrote where everybody sees it; `as_of` is when they were counted.
        participants: How many answered statements, as the opinion map says that was drawn at `mapped_at`.
    """

    view: ConsultationView
    badge: Badge
    owner: str
    answered: bool
    contributions: int
    as_of: datetime
    participants: int
    mapped_at: datetime | None


def notice_petition(session: Session, ports: Ports, petition_id: str) -> PetitionNotice:
    """Return a petition in short.

    Raises:
        Missing: There is none whose text everybody may read.
    """
    view = get_petition(session, petition_id)
    if not view.life.shows_text:
        raise Missing("There is no such petition, or it is not open yet.")
    count = goal = None
    if view.state is not State.REJECTED:
        count = counts_of(session, ports, [view.id])[view.id]
        goal = petition_parts.goal_of(count, ports)
    answers = answers_to(session, view.id)
    return PetitionNotice(view, petition_parts.badges_of(view, ports), count, goal, answers[0] if answers else None)


def notice_consultation(session: Session, ports: Ports, consultation_id: str) -> ConsultationNotice:
    """Return a published consultation in short; of sealed parts nothing is counted.

    Raises:
        Missing: There is none that is published.
    """
    now = ports.now()
    view = get_consultation(session, consultation_id, now)
    shown = [one.phase.id for one in view.phases if not one.hidden]
    written = select(func.count()).where(
        Contribution.phase_id.in_(shown),
        Contribution.state == ContributionState.SHOWN,
        Contribution.person_id.is_not(None),
    )
    number, mapped_at = participants(session, view)
    return ConsultationNotice(
        view=view,
        badge=badge_of(view),
        owner=name_of(view.authority),
        answered=view.consultation.state == ConsultationState.REPORTED,
        contributions=session.scalar(written) or 0,
        as_of=now,
        participants=number,
        mapped_at=mapped_at,
    )
