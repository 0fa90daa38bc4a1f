"""Proposals: the list, a form for one's own, and amendments, which show what they would change."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import StringField, TextAreaField

from participation.consultations.kinds import PhaseKind
from participation.consultations.queries import get_phase, require_open
from participation.contributions.kinds import ContributionKind, ContributionState
from participation.contributions.listing import Listing, show_listing
from participation.contributions.models import TITLE_LENGTH, Contribution
from participation.contributions.threads import Sorting
from participation.contributions.writing import LENGTHS, NewContribution, contribute
from participation.errors import Missing, ParticipationError
from participation.forms import Form, longest, needed
from participation.guards import limited
from participation.people.current import signed_in, signed_in_person
from participation.ports import current_ports
from participation.text import one_line, paragraphs

proposals = Blueprint("proposals", __name__, url_prefix="/consultations/<uuid:consultation_id>/proposals")
WRITES = "20 per hour"
_ORDERS = (Sorting.SUPPORTED, Sorting.NEWEST, Sorting.DISCUSSED)
_LISTING = Listing(PhaseKind.PROPOSALS, ContributionKind.PROPOSAL, "proposals", _ORDERS)


class ProposalForm(Form):
    """A proposal, or an amendment, which has no title of its own."""

    title = StringField(filters=[one_line])
    text = TextAreaField(filters=[paragraphs])

    def __init__(self, *, amends: bool = False, **data: object) -> None:
        """Label the fields."""
        super().__init__(data=data)
        words = gettext("The text as it should be") if amends else gettext("What exactly, and why?")
        self.label(title=gettext("What do you propose?"), text=words)
        if not amends:
            self.rule("title", needed(gettext("Give your proposal a title.")), longest(TITLE_LENGTH))
        self.rule("text", needed(gettext("Write something first.")), longest(LENGTHS[ContributionKind.PROPOSAL]))


@proposals.get("/<int:phase_id>")
def phase(consultation_id: object, phase_id: int) -> str:
    """Show a page of proposals."""
    words = {"write": gettext("Write a proposal"), "empty": gettext("There is no proposal yet.")}
    return show_listing(_LISTING, consultation_id, phase_id, **words)


@proposals.route("/<int:phase_id>/write", methods=["GET", "POST"])
@limited(WRITES)
@signed_in
def write(consultation_id: object, phase_id: int) -> ResponseReturnValue:
    """Take a proposal."""
    return _write(consultation_id, phase_id, None)


@proposals.route("/<int:phase_id>/amend/<int:contribution_id>", methods=["GET", "POST"])
@limited(WRITES)
@signed_in
def amend(consultation_id: object, phase_id: int, contribution_id: int) -> ResponseReturnValue:
    """Take an amendment of a proposal."""
    return _write(consultation_id, phase_id, contribution_id)


def _write(consultation_id: object, phase_id: int, amended_id: int | None) -> ResponseReturnValue:
    ports = current_ports()
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.PROPOSALS, ports.now())
        if request.method == "GET":
            require_open(view, part)
        amended = None if amended_id is None else session.get(Contribution, amended_id)
        if amended_id is not None and (
            amended is None
            or amended.phase_id != phase_id
            or amended.kind != ContributionKind.PROPOSAL
            or amended.state != ContributionState.SHOWN
        ):
            raise Missing("There is no such contribution, or it is not public.")
        session.expunge_all()
    form = ProposalForm(amends=amended is not None, text="" if amended is None else amended.text)
    if form.validate_on_submit():
        kind = ContributionKind.PROPOSAL if amended is None else ContributionKind.AMENDMENT
        title = (form.title.data or "") if amended is None else ""
        try:
            with ports.database.writing() as session:
                require_open(*get_phase(session, str(consultation_id), phase_id, part.kind, ports.now()))
                new = NewContribution(kind, form.text.data, title=title, parent_id=amended_id)
                made = contribute(session, ports, part.phase, signed_in_person(), new)
                number, waits = made.id, made.state == ContributionState.WAITING
        except ParticipationError as error:
            form.refuse(error)
        else:
            sentence = gettext("It waits until a moderator has looked at it.")
            flash(sentence if waits else gettext("It is public now."))
            return redirect(url_for("contributions.contribution", contribution_id=number), 303)
    page = render_template("participation/proposals/write.html", form=form, view=view, part=part, amended=amended)
    return page, 422 if form.errors else 200
