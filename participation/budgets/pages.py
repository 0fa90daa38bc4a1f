"""A budget to share out: projects to approve, and what two rules would pay for. Plain forms; no script."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import HiddenField

from participation.budgets.choosing import choose, list_projects
from participation.budgets.models import BudgetChoice
from participation.budgets.outcomes import find_outcome
from participation.consultations.kinds import PhaseKind
from participation.consultations.pages import phase_badge
from participation.consultations.queries import get_phase, is_open, require_open
from participation.errors import ParticipationError
from participation.forms import Form
from participation.guards import limited
from participation.numbers import number_of
from participation.people.current import current_person, signed_in, signed_in_person
from participation.ports import current_ports

budgets = Blueprint("budgets", __name__, url_prefix="/consultations/<uuid:consultation_id>/budget")
CHOICES = "60 per hour"


class ChoiceForm(Form):
    """The projects that somebody approves."""

    back = HiddenField()


@budgets.route("/<int:phase_id>", methods=["GET"])
def phase(consultation_id: object, phase_id: int) -> ResponseReturnValue:
    """Show the projects, and the outcome as it stands unless it is sealed."""
    return _page(consultation_id, phase_id, None)


@budgets.post("/<int:phase_id>/choose")
@limited(CHOICES)
@signed_in
def approve(consultation_id: object, phase_id: int) -> ResponseReturnValue:
    """Take the projects that somebody approves."""
    ports, form = current_ports(), ChoiceForm()
    if form.validate_on_submit():
        numbers = [number_of(one) for one in request.form.getlist("project")]
        try:
            with ports.database.writing() as session:
                view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.BUDGET, ports.now())
                require_open(view, part)
                choose(session, ports, part.phase, signed_in_person(), numbers)
        except ParticipationError as error:
            form.refuse(error)
            return _page(consultation_id, phase_id, form, set(numbers))
        flash(gettext("Your choice was saved. You can change it until this part closes."))
    return redirect(url_for("budgets.phase", consultation_id=consultation_id, phase_id=phase_id), 303)


def _page(
    consultation_id: object, phase_id: int, form: ChoiceForm | None, chosen: set[int] | None = None
) -> ResponseReturnValue:
    ports, person = current_ports(), current_person()
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.BUDGET, ports.now())
        projects = list_projects(session, phase_id)
        if chosen is None:
            given = session.get(BudgetChoice, (phase_id, person.id)) if person else None
            chosen = set(given.projects) if given else set()
        outcome = None if part.hidden else find_outcome(session, phase_id)
        session.expunge_all()
    approvals = outcome.approvals if outcome else {}
    back = url_for("budgets.phase", consultation_id=consultation_id, phase_id=phase_id)
    page = render_template(
        "participation/budgets/phase.html",
        view=view,
        part=part,
        badge=phase_badge(part),
        projects=projects,
        chosen=chosen,
        outcome=outcome,
        ranking=sorted(projects, key=lambda one: (-approvals.get(one.id, 0), one.cost, one.id)),
        person=person,
        open=is_open(view, part),
        form=form or ChoiceForm(data={"back": back.removeprefix(request.script_root)}),
        budget=int(str(part.phase.settings.get("budget", 0))),
        currency=str(part.phase.settings.get("currency", "")),
        most=int(str(part.phase.settings.get("most", 0))),
    )
    return page, 422 if form is not None else 200
