"""Public pages of consultations: the list, and the page of each with its parts, its report and its history."""

from flask import Blueprint, render_template, url_for
from flask_babel import gettext

from participation.answers.forms import name_of
from participation.consultations.kinds import (
    MOMENTS,
    OUTCOME_TONES,
    OUTCOMES,
    PHASE_KINDS,
    TONES,
    ConsultationState,
    PhaseKind,
    ReportOutcome,
)
from participation.consultations.kinds import Moment as Standing
from participation.consultations.models import ConsultationEvent
from participation.consultations.queries import (
    ConsultationView,
    PhaseView,
    find_report_duty,
    get_consultation,
    list_consultations,
    list_events,
    list_report,
)
from participation.contributions.models import Contribution
from participation.contributions.queries import contribution_address, public_words
from participation.parts import Badge, Step
from participation.ports import current_ports
from participation.sharing.cards import consultation_card
from participation.sharing.figures import participants
from participation.sharing.pictures import picture_address, version_of

consultations = Blueprint("consultations", __name__, url_prefix="/consultations")

PHASE_PAGES = {
    PhaseKind.STATEMENTS: "statements.phase",
    PhaseKind.BUDGET: "budgets.phase",
    PhaseKind.PROPOSALS: "proposals.phase",
    PhaseKind.DISCUSSION: "discussions.phase",
    PhaseKind.DOCUMENT: "documents.phase",
    PhaseKind.SURVEY: "surveys.phase",
    PhaseKind.POLL: "polls.phase",
}
"""The page of each kind of part; only these kinds are offered to officials."""


@consultations.get("/")
def index() -> str:
    """Show all consultations by where they stand."""
    ports = current_ports()
    with ports.database.reading() as session:
        found = list_consultations(session, ports.now())
        session.expunge_all()
    cards = [(view, badge_of(view), name_of(view.authority)) for view in found]
    groups = [
        (str(MOMENTS[standing]), [card for card in cards if card[0].standing is standing])
        for standing in (Standing.OPEN, Standing.COMING, Standing.CLOSED)
    ]
    return render_template("participation/consultations/index.html", groups=groups, found=found)


@consultations.get("/<uuid:consultation_id>")
def consultation(consultation_id: object) -> str:
    """Show one consultation."""
    ports = current_ports()
    with ports.database.reading() as session:
        view = get_consultation(session, str(consultation_id), ports.now())
        lines = list_report(session, str(consultation_id))
        answered = {number for line in lines for number in line.contributions}
        contributions = {number: session.get(Contribution, number) for number in answered}
        report = [
            (
                line,
                Badge(str(OUTCOMES[ReportOutcome(line.outcome)]), OUTCOME_TONES[ReportOutcome(line.outcome)]),
                [
                    (number, contribution_address(found), public_words(found))
                    for number in line.contributions
                    if (found := contributions[number]) is not None
                ],
            )
            for line in lines
        ]
        events, duty_id = list_events(session, view.consultation.id), find_report_duty(session, view.consultation.id)
        number, _ = participants(session, view)
        session.expunge_all()
    card = consultation_card(ports, view, badge_of(view), name_of(view.authority), number)
    official = ports.official()
    return render_template(
        "participation/consultations/consultation.html",
        view=view,
        badge=badge_of(view),
        owner=name_of(view.authority),
        picture=picture_address("sharing.consultation_picture", version_of(card), consultation_id=view.consultation.id),
        phases=[(one, phase_badge(one), str(PHASE_KINDS[one.kind]), phase_address(view, one)) for one in view.phases],
        report=report,
        steps=[Step(one.at, one.by, event_text(one), one.note) for one in events],
        duty_id=duty_id,
        may_consult=official is not None and official.may("consult"),
    )


def badge_of(view: ConsultationView) -> Badge:
    """Say where a consultation stands."""
    state = view.consultation.state
    if state == ConsultationState.STOPPED:
        return Badge(gettext("Stopped"), "bad")
    if state == ConsultationState.REPORTED:
        return Badge(gettext("Report published"), "accent")
    if state == ConsultationState.DRAFT:
        return Badge(gettext("Draft"), "plain")
    if view.standing is Standing.CLOSED:
        return Badge(gettext("Closed, the report is owed"), "wait")
    return Badge(str(MOMENTS[view.standing]), TONES[view.standing])


def phase_badge(view: PhaseView) -> Badge:
    """Say where a part stands."""
    if view.stopped and view.standing is not Standing.CLOSED:
        return Badge(gettext("Stopped"), "bad")
    return Badge(str(MOMENTS[view.standing]), TONES[view.standing])


def phase_address(view: ConsultationView, phase: PhaseView) -> str:
    """Return the address of a part's page."""
    return url_for(PHASE_PAGES[phase.kind], consultation_id=view.consultation.id, phase_id=phase.phase.id)


def event_text(event: ConsultationEvent) -> str:
    """Say what happened to a consultation."""
    sentences = {
        "begun": gettext("The consultation was begun."),
        "published": gettext("The consultation was published."),
        "texts": gettext("The texts were changed."),
        "extended": gettext("A part of it was changed, or closes later."),
        "stopped": gettext("The consultation was stopped."),
        "reported": gettext("The report was published."),
        "report-changed": gettext("The report was corrected."),
    }
    return sentences.get(event.what, event.what)
