"""Public pages: the log of moderation; reporting a contribution; asking for another look at one's own."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import RadioField, TextAreaField

from participation.contributions.kinds import REASONS, Reason
from participation.contributions.models import Contribution
from participation.errors import Missing, ParticipationError
from participation.forms import Form
from participation.guards import limited
from participation.moderation.deciding import appeal, report
from participation.moderation.queries import PAGE, count_reasons, list_decisions, list_orders
from participation.paging import Pages, page_number
from participation.people.current import recognised, signed_in, signed_in_person
from participation.ports import current_ports
from participation.text import paragraphs

moderation = Blueprint("moderation", __name__, url_prefix="/moderation")
REPORTS = "30 per hour"


class ReportForm(Form):
    """Why a contribution breaks the rules."""

    reason = RadioField()

    def __init__(self) -> None:
        """Offer the reasons."""
        super().__init__()
        self.label(reason=gettext("What is wrong with it?"))
        self.reason.choices = [(word.value, str(name)) for word, name in REASONS.items()]


class AppealForm(Form):
    """Why it should be public."""

    text = TextAreaField(filters=[paragraphs])

    def __init__(self) -> None:
        """Label the field."""
        super().__init__()
        self.label(text=gettext("Why should it be public?"))


@moderation.get("/")
def log() -> str:
    """Show every decision with its reason, and every order from outside."""
    ports, number = current_ports(), page_number()
    with ports.database.reading() as session:
        decisions, total = list_decisions(session, number)
        counts, orders = count_reasons(session), list_orders(session)
        session.expunge_all()
    names = {word.value: str(name) for word, name in REASONS.items()}
    return render_template(
        "participation/moderation/log.html",
        decisions=decisions,
        pages=Pages(number, total, PAGE),
        counts=[(names[word], counts.get(word, 0)) for word in names],
        names=names,
        orders=orders,
        write_day=ports.write_day,
    )


@moderation.route("/report/<int:contribution_id>", methods=["GET", "POST"])
@limited(REPORTS)
@signed_in
def report_contribution(contribution_id: int) -> ResponseReturnValue:
    """Tell the moderators about a contribution."""
    ports, form = current_ports(), ReportForm()
    found = _get(contribution_id)
    if form.validate_on_submit():
        with ports.database.writing() as session:
            report(session, ports, contribution_id, signed_in_person(), Reason(form.reason.data))
        flash(gettext("Thank you. A moderator will look at it."))
        return redirect(url_for("contributions.contribution", contribution_id=contribution_id), 303)
    page = render_template("participation/moderation/report.html", form=form, found=found)
    return page, 422 if form.errors else 200


@moderation.route("/appeal/<int:contribution_id>", methods=["GET", "POST"])
@limited(REPORTS)
@recognised
def appeal_contribution(contribution_id: int) -> ResponseReturnValue:
    """Ask for another look at one's own contribution."""
    ports, form = current_ports(), AppealForm()
    found = _get(contribution_id)
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                appeal(session, ports, contribution_id, signed_in_person(), form.text.data or "")
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("Another moderator will look at it."))
            return redirect(url_for("contributions.contribution", contribution_id=contribution_id), 303)
    page = render_template("participation/moderation/appeal.html", form=form, found=found)
    return page, 422 if form.errors else 200


def _get(contribution_id: int) -> Contribution:
    with current_ports().database.reading() as session:
        found = session.get(Contribution, contribution_id)
        session.expunge_all()
    if found is None:
        raise Missing("There is no such contribution, or it is not public.")
    return found
