"""The public lists: what each row means, and where it comes from. Personal data are in none of them."""

from flask_babel import lazy_gettext
from sqlalchemy import case, func, select

from participation.answers.models import Authority, CalendarChange, Duty, Promise, PromiseEvent
from participation.budgets.models import BudgetProject
from participation.consultations.kinds import ConsultationState
from participation.consultations.models import Consultation, Phase, ReportLine
from participation.consultations.queries import results_shown
from participation.contributions.kinds import ContributionState
from participation.contributions.models import Contribution, ContributionEvent, Support
from participation.moderation.models import TakedownOrder
from participation.opendata.paged import PublicList
from participation.petitions.life import State
from participation.petitions.models import Petition
from participation.signatures.models import PetitionLog
from participation.statements.models import StatementVote

_PUBLISHED = (State.OPEN, State.CLOSED, State.STOPPED)
_SHOWN = Contribution.state == ContributionState.SHOWN
_SUPPORTS = select(func.count(Support.person_id)).where(Support.contribution_id == Contribution.id)

LISTS: tuple[PublicList, ...] = (
    PublicList(
        "petitions",
        lazy_gettext("Petitions that are open or were"),
        {
            "id": "UUID; the page is /petitions/ID",
            "language": "code",
            "title": "text",
            "background": "text",
            "details": "text",
            "state": "open, closed or stopped",
            "opened_at": "time",
            "closes_at": "time",
            "ended_at": "time, or empty",
            "signatures": "confirmed, as the public log counts them",
            "by_roll": "of these, signed with a credential of a voter roll",
            "by_sign_in": "of these, by a sign-in elsewhere",
            "by_mail": "of these, by confirmed mail",
            "response": "none, awaiting or responded",
            "debate": "none, awaiting, scheduled, debated or not debated",
        },
        lambda _now: (
            select(
                Petition.id,
                Petition.language,
                Petition.title,
                Petition.background,
                Petition.details,
                Petition.state,
                Petition.opened_at,
                Petition.closes_at,
                Petition.ended_at,
                func.coalesce(PetitionLog.roll_count + PetitionLog.oidc_count + PetitionLog.mail_count, 0),
                func.coalesce(PetitionLog.roll_count, 0),
                func.coalesce(PetitionLog.oidc_count, 0),
                func.coalesce(PetitionLog.mail_count, 0),
                Petition.response,
                Petition.debate,
            )
            .outerjoin(PetitionLog, PetitionLog.petition_id == Petition.id)
            .where(Petition.state.in_(_PUBLISHED), Petition.opened_at.is_not(None))
        ),
        key=(Petition.opened_at, Petition.id),
    ),
    PublicList(
        "answers",
        lazy_gettext("Answers that are owed"),
        {
            "id": "number; the page is /answers/ID",
            "kind": "response, debate, consultation or promise",
            "title": "of what is answered",
            "path": "of its page",
            "authority": "who must answer",
            "owed_since": "time",
            "due_at": "time from which it is overdue, or empty",
            "answered_at": "time, or empty",
            "lapsed_at": "time from which it was owed no more, or empty",
            "escalations": "how often it went to the superior since this deadline",
        },
        lambda _now: select(
            Duty.id,
            Duty.kind,
            Duty.title,
            Duty.path,
            Authority.name,
            Duty.owed_since,
            Duty.due_at,
            Duty.answered_at,
            Duty.lapsed_at,
            Duty.escalations,
        ).join(Authority, Authority.id == Duty.authority_id),
        key=(Duty.id,),
    ),
    PublicList(
        "promises",
        lazy_gettext("Promises"),
        {
            "id": "number; the page is /promises/ID",
            "title": "text",
            "text": "the promise",
            "authority": "who promised",
            "promised_on": "day",
            "due_on": "day, or empty",
            "status": "made, started, delayed, kept, partly-kept, broken or withdrawn",
            "source": "web address",
        },
        lambda _now: select(
            Promise.id,
            Promise.title,
            Promise.text,
            Authority.name,
            Promise.promised_on,
            Promise.due_on,
            Promise.status,
            Promise.source,
        ).join(Authority, Authority.id == Promise.authority_id),
        key=(Promise.id,),
    ),
    PublicList(
        "promise-steps",
        lazy_gettext("Steps of promises, with their evidence"),
        {
            "promise": "number of the promise",
            "at": "time",
            "status": "from here on",
            "note": "what happened",
            "evidence": "web addresses, with spaces between them",
        },
        lambda _now: select(
            PromiseEvent.promise_id,
            PromiseEvent.at,
            PromiseEvent.status,
            PromiseEvent.note,
            PromiseEvent.evidence,
        ),
        key=(PromiseEvent.id,),
    ),
    PublicList(
        "calendar-changes",
        lazy_gettext("Changes of working-day calendars"),
        {
            "calendar": "like ir or gb-eng",
            "day": "day",
            "holiday": "true: a holiday; false: a working day again",
            "name": "of the holiday",
            "at": "time of the change",
            "reason": "text",
            "moved": "open deadlines that moved",
        },
        lambda _now: select(
            CalendarChange.calendar,
            CalendarChange.day,
            CalendarChange.holiday,
            CalendarChange.name,
            CalendarChange.at,
            CalendarChange.reason,
            CalendarChange.moved,
        ),
        key=(CalendarChange.id,),
    ),
    PublicList(
        "consultations",
        lazy_gettext("Consultations"),
        {
            "id": "UUID; the page is /consultations/ID",
            "language": "code",
            "title": "text",
            "summary": "text",
            "state": "published, reported or stopped",
            "authority": "who owes the report",
            "published_at": "time",
            "reported_at": "time, or empty",
            "report": "text, or empty",
        },
        lambda _now: (
            select(
                Consultation.id,
                Consultation.language,
                Consultation.title,
                Consultation.summary,
                Consultation.state,
                Authority.name,
                Consultation.published_at,
                Consultation.reported_at,
                Consultation.report,
            )
            .join(Authority, Authority.id == Consultation.authority_id)
            .where(Consultation.state != ConsultationState.DRAFT)
        ),
        key=(Consultation.published_at, Consultation.id),
    ),
    PublicList(
        "consultation-parts",
        lazy_gettext("Parts of consultations"),
        {
            "id": "number",
            "consultation": "UUID",
            "kind": "statements, proposals, document, discussion, survey, budget or poll",
            "title": "text",
            "opens_at": "time",
            "closes_at": "time",
            "sealed": "whether results show only after the close",
        },
        lambda _now: (
            select(
                Phase.id,
                Phase.consultation_id,
                Phase.kind,
                Phase.title,
                Phase.opens_at,
                Phase.closes_at,
                Phase.sealed,
            )
            .join(Consultation, Consultation.id == Phase.consultation_id)
            .where(Consultation.state != ConsultationState.DRAFT)
        ),
        key=(Phase.id,),
    ),
    PublicList(
        "contributions",
        lazy_gettext("Contributions to consultations"),
        {
            "id": "number; the page is /contributions/ID",
            "part": "number of the part",
            "kind": "statement, proposal, amendment or comment",
            "parent": "what it answers or amends, or empty",
            "title": "of proposals",
            "text": "text",
            "at": "time",
            "supports": "people who stand behind it; empty while the part's results are sealed",
        },
        lambda now: (
            select(
                Contribution.id,
                Contribution.phase_id,
                Contribution.kind,
                Contribution.parent_id,
                Contribution.title,
                Contribution.text,
                Contribution.at,
                case((results_shown(now), _SUPPORTS.correlate(Contribution).scalar_subquery()), else_=None),
            )
            .join(Phase, Phase.id == Contribution.phase_id)
            .join(Consultation, Consultation.id == Phase.consultation_id)
            .where(_SHOWN, Consultation.state != ConsultationState.DRAFT)
        ),
        key=(Contribution.id,),
    ),
    PublicList(
        "statement-totals",
        lazy_gettext("Statements and how people answer them"),
        {
            "statement": "number of the contribution",
            "part": "number of the part",
            "answer": "1 agree, 0 no opinion, -1 disagree",
            "people": "who answer so",
        },
        lambda now: (
            select(Contribution.id, Contribution.phase_id, StatementVote.vote, func.count())
            .join(StatementVote, StatementVote.statement_id == Contribution.id)
            .join(Phase, Phase.id == Contribution.phase_id)
            .where(_SHOWN, results_shown(now))
            .group_by(Contribution.id, Contribution.phase_id, StatementVote.vote)
        ),
        key=(Contribution.id, StatementVote.vote),
    ),
    PublicList(
        "budget-projects",
        lazy_gettext("Projects of budget consultations"),
        {"id": "number", "part": "number of the part", "title": "text", "cost": "in units of the budget's currency"},
        lambda _now: (
            select(BudgetProject.id, BudgetProject.phase_id, BudgetProject.title, BudgetProject.cost)
            .join(Phase, Phase.id == BudgetProject.phase_id)
            .join(Consultation, Consultation.id == Phase.consultation_id)
            .where(Consultation.state != ConsultationState.DRAFT)
        ),
        key=(BudgetProject.id,),
    ),
    PublicList(
        "report-lines",
        lazy_gettext("What consultations led to"),
        {
            "consultation": "UUID",
            "position": "from 0",
            "said": "what people said",
            "outcome": "done, partly, later or refused",
            "did": "what is done about it",
            "contributions": "numbers, with spaces between them",
        },
        lambda _now: select(
            ReportLine.consultation_id,
            ReportLine.position,
            ReportLine.said,
            ReportLine.outcome,
            ReportLine.did,
            ReportLine.contributions,
        ),
        key=(ReportLine.consultation_id, ReportLine.position),
    ),
    PublicList(
        "moderation",
        lazy_gettext("Decisions of moderators"),
        {
            "contribution": "number",
            "at": "time",
            "decision": "hidden, shown or appeal-refused",
            "reason": "code, or empty",
            "note": "text, or empty",
        },
        lambda _now: select(
            ContributionEvent.contribution_id,
            ContributionEvent.at,
            ContributionEvent.what,
            ContributionEvent.reason,
            ContributionEvent.note,
        ).where(ContributionEvent.what.in_(("hidden", "shown", "appeal-refused"))),
        key=(ContributionEvent.id,),
    ),
    PublicList(
        "takedown-orders",
        lazy_gettext("Orders from outside to take something down"),
        {
            "id": "number",
            "received_on": "day",
            "sender": "who ordered it",
            "basis": "law or right",
            "target": "path on this site",
            "outcome": "what was done",
        },
        lambda _now: select(
            TakedownOrder.id,
            TakedownOrder.received_on,
            TakedownOrder.sender,
            TakedownOrder.basis,
            TakedownOrder.target,
            TakedownOrder.outcome,
        ),
        key=(TakedownOrder.id,),
    ),
)
BY_NAME = {one.name: one for one in LISTS}
