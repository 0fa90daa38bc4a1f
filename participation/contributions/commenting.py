"""Comments and support: the forms below every entry of a list, and where they are sent."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session
from wtforms import HiddenField, TextAreaField

from participation.consultations.kinds import PhaseKind
from participation.consultations.models import Phase
from participation.consultations.queries import get_consultation, require_open
from participation.contributions.blueprint import WRITES, contributions
from participation.contributions.kinds import ContributionKind, ContributionState
from participation.contributions.models import Contribution
from participation.contributions.writing import LENGTHS, NewContribution, contribute, support
from participation.errors import Missing, NotNow, ParticipationError
from participation.forms import EmptyForm, Form, longest, needed
from participation.guards import limited
from participation.people.current import local_path, signed_in, signed_in_person
from participation.ports import Ports, current_ports
from participation.text import paragraphs

SUPPORTS = "120 per minute"
_COMMENTED = (PhaseKind.DISCUSSION, PhaseKind.PROPOSALS, PhaseKind.DOCUMENT)
"""Kinds of parts whose contributions can be answered."""


class CommentForm(Form):
    """A comment."""

    back = HiddenField()
    text = TextAreaField(filters=[paragraphs])

    def __init__(self, **data: object) -> None:
        """Label the field."""
        super().__init__(data=data)
        self.label(text=gettext("Your comment"))
        self.rule("text", needed(gettext("Write your comment.")), longest(LENGTHS[ContributionKind.COMMENT]))


@contributions.route("/<int:contribution_id>/reply", methods=["GET", "POST"])
@limited(WRITES)
@signed_in
def reply(contribution_id: int) -> ResponseReturnValue:
    """Answer a contribution."""
    ports = current_ports()
    back = request.values.get("back", "")
    with ports.database.reading() as session:
        parent, phase = _open_parent(session, ports, contribution_id)
        session.expunge_all()
    form = CommentForm(back=back)
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                _open_parent(session, ports, contribution_id)
                # Threads are two deep: an answer to a reply stands beside it, under the same entry.
                under = parent.parent_id if parent.kind == ContributionKind.COMMENT and parent.parent_id else parent.id
                new = NewContribution(ContributionKind.COMMENT, form.text.data, parent_id=under)
                made = contribute(session, ports, phase, signed_in_person(), new)
                number, waits = made.id, made.state == ContributionState.WAITING
        except ParticipationError as error:
            form.refuse(error)
        else:
            sentence = gettext("Your comment waits until a moderator has looked at it.")
            flash(sentence if waits else gettext("Your comment is public now."))
            home = url_for("contributions.contribution", contribution_id=under)
            return redirect(f"{local_path(back) if back else home}#c{number}", 303)
    page = render_template("participation/contributions/reply.html", form=form, parent=parent, back=back)
    return page, 422 if form.errors else 200


@contributions.post("/<int:contribution_id>/support")
@limited(SUPPORTS)
@signed_in
def give_support(contribution_id: int) -> ResponseReturnValue:
    """Stand behind a contribution, or no longer."""
    ports = current_ports()
    if EmptyForm().validate_on_submit():
        with ports.database.writing() as session:
            _open_parent(session, ports, contribution_id)
            wanted = request.form.get("wanted") != "no"
            support(session, ports, contribution_id, signed_in_person(), wanted=wanted)
        flash(gettext("You stand behind this.") if wanted else gettext("You do not stand behind this any more."))
    return redirect(url_for("contributions.contribution", contribution_id=contribution_id), 303)


def _open_parent(session: Session, ports: Ports, contribution_id: int) -> tuple[Contribution, Phase]:
    """Return a public contribution of an open part in which people talk, and the part.

    Raises:
        Missing: There is none, or it is not public.
        NotNow: Its part is not open, or is not for talking.
    """
    found = session.get(Contribution, contribution_id)
    if found is None or found.state != ContributionState.SHOWN:
        raise Missing("There is no such contribution, or it is not public.")
    phase = session.get_one(Phase, found.phase_id)
    view = get_consultation(session, phase.consultation_id, ports.now())
    part = next(one for one in view.phases if one.phase.id == phase.id)
    require_open(view, part)
    if part.kind not in _COMMENTED:
        raise NotNow("In this part of the consultation nothing is discussed.")
    return found, phase
