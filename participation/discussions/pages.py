"""A discussion: a page of comments with the first replies to each, and a form for one's own."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from participation.consultations.kinds import PhaseKind
from participation.consultations.queries import get_phase, require_open
from participation.contributions.commenting import CommentForm
from participation.contributions.kinds import ContributionKind, ContributionState
from participation.contributions.listing import Listing, show_listing
from participation.contributions.threads import Sorting
from participation.contributions.writing import NewContribution, contribute
from participation.errors import ParticipationError
from participation.guards import limited
from participation.people.current import signed_in, signed_in_person
from participation.ports import current_ports

discussions = Blueprint("discussions", __name__, url_prefix="/consultations/<uuid:consultation_id>/discussion")
WRITES = "60 per hour"


_LISTING = Listing(
    PhaseKind.DISCUSSION,
    ContributionKind.COMMENT,
    "discussions",
    (Sorting.NEWEST, Sorting.OLDEST, Sorting.SUPPORTED, Sorting.DISCUSSED),
)


@discussions.get("/<int:phase_id>")
def phase(consultation_id: object, phase_id: int) -> str:
    """Show a page of the discussion."""
    words = {"write": gettext("Write a comment"), "empty": gettext("Nobody has written anything yet.")}
    return show_listing(_LISTING, consultation_id, phase_id, **words)


@discussions.route("/<int:phase_id>/write", methods=["GET", "POST"])
@limited(WRITES)
@signed_in
def write(consultation_id: object, phase_id: int) -> ResponseReturnValue:
    """Take a comment that answers nothing."""
    ports, form = current_ports(), CommentForm()
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.DISCUSSION, ports.now())
        if request.method == "GET":
            require_open(view, part)
        session.expunge_all()
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                require_open(*get_phase(session, str(consultation_id), phase_id, part.kind, ports.now()))
                new = NewContribution(ContributionKind.COMMENT, form.text.data)
                made = contribute(session, ports, part.phase, signed_in_person(), new)
                number, waits = made.id, made.state == ContributionState.WAITING
        except ParticipationError as error:
            form.refuse(error)
        else:
            sentence = gettext("Your comment waits until a moderator has looked at it.")
            flash(sentence if waits else gettext("Your comment is public now."))
            home = url_for("discussions.phase", consultation_id=consultation_id, phase_id=phase_id)
            return redirect(f"{home}#c{number}", 303)
    page = render_template("participation/discussions/write.html", form=form, view=view, part=part)
    return page, 422 if form.errors else 200
