"""Statements: one at a time to answer, a form for one's own, and the opinion map. Plain forms; no script."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import HiddenField, TextAreaField

from participation.consultations.kinds import PhaseKind
from participation.consultations.pages import phase_badge
from participation.consultations.queries import get_phase, is_open, require_open
from participation.contributions.kinds import ContributionKind, ContributionState
from participation.contributions.queries import list_shown
from participation.contributions.writing import LENGTHS, NewContribution, contribute
from participation.errors import ParticipationError, Unacceptable
from participation.forms import EmptyForm, Form, longest, needed
from participation.guards import limited
from participation.numbers import read_whole
from participation.opinions.votes import SMALLEST_GROUP
from participation.people.current import current_person, signed_in, signed_in_person
from participation.ports import current_ports
from participation.statements.maps import HEIGHT, WIDTH, find_map
from participation.statements.voting import next_statement, progress, vote
from participation.text import paragraphs

statements = Blueprint("statements", __name__, url_prefix="/consultations/<uuid:consultation_id>/statements")
VOTES_ALLOWED = "120 per minute; 1500 per hour"
WRITES = "20 per hour"
_ANSWERS = {"agree": 1, "pass": 0, "disagree": -1}


class AnswerForm(Form):
    """The answer to the statement that is shown."""

    statement = HiddenField()
    back = HiddenField()


class StatementForm(Form):
    """A statement of one's own."""

    back = HiddenField()
    text = TextAreaField(filters=[paragraphs])

    def __init__(self, **data: object) -> None:
        """Label the field."""
        super().__init__(data=data)
        self.label(text=gettext("Your statement"))
        self.rule("text", needed(gettext("Write your statement.")), longest(LENGTHS[ContributionKind.STATEMENT]))


@statements.get("/<int:phase_id>")
def phase(consultation_id: object, phase_id: int) -> str:
    """Show the next statement to answer."""
    ports, person = current_ports(), current_person()
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.STATEMENTS, ports.now())
        following = next_statement(session, ports, phase_id, person)
        done = progress(session, phase_id, person)
        drawn = None if part.hidden else find_map(session, phase_id)
        session.expunge_all()
    here = _here(consultation_id, phase_id)
    return render_template(
        "participation/statements/phase.html",
        view=view,
        part=part,
        badge=phase_badge(part),
        statement=following,
        progress=done,
        person=person,
        open=is_open(view, part),
        form=AnswerForm(data={"statement": following.id if following else "", "back": here}),
        write=StatementForm(back=here),
        map=drawn,
        size=(WIDTH, HEIGHT),
        smallest=SMALLEST_GROUP,
    )


@statements.post("/<int:phase_id>/answer")
@limited(VOTES_ALLOWED)
@signed_in
def answer(consultation_id: object, phase_id: int) -> ResponseReturnValue:
    """Take the answer to a statement, and show the next."""
    ports, form = current_ports(), AnswerForm()
    if form.validate_on_submit():
        number, said = read_whole(form.statement.data), request.form.get("answer", "")
        if number is None or said not in _ANSWERS:
            raise Unacceptable("Choose one of the three answers.")
        with ports.database.writing() as session:
            view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.STATEMENTS, ports.now())
            require_open(view, part)
            vote(session, ports, phase_id, number, signed_in_person(), _ANSWERS[said])
    return redirect(url_for("statements.phase", consultation_id=consultation_id, phase_id=phase_id) + "#next", 303)


@statements.route("/<int:phase_id>/write", methods=["GET", "POST"])
@limited(WRITES)
@signed_in
def write(consultation_id: object, phase_id: int) -> ResponseReturnValue:
    """Take a statement of somebody's own."""
    ports, form = current_ports(), StatementForm()
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.STATEMENTS, ports.now())
        if request.method == "GET":
            require_open(view, part)
        session.expunge_all()
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                require_open(*get_phase(session, str(consultation_id), phase_id, part.kind, ports.now()))
                new = NewContribution(ContributionKind.STATEMENT, form.text.data)
                made = contribute(session, ports, part.phase, signed_in_person(), new)
                waits = made.state == ContributionState.WAITING
        except ParticipationError as error:
            form.refuse(error)
        else:
            sentence = gettext("Your statement is public now, and others can answer it.")
            flash(gettext("Your statement waits until a moderator has looked at it.") if waits else sentence)
            return redirect(url_for("statements.phase", consultation_id=consultation_id, phase_id=phase_id), 303)
    page = render_template("participation/statements/write.html", form=form, view=view, part=part)
    return page, 422 if form.errors else 200


@statements.get("/<int:phase_id>/all")
def all_statements(consultation_id: object, phase_id: int) -> str:
    """Show every public statement."""
    ports = current_ports()
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.STATEMENTS, ports.now())
        found = list_shown(session, phase_id, ContributionKind.STATEMENT)
        session.expunge_all()
    return render_template("participation/statements/all.html", view=view, part=part, found=found, empty=EmptyForm())


def _here(consultation_id: object, phase_id: int) -> str:
    prefix = request.script_root
    return url_for("statements.phase", consultation_id=consultation_id, phase_id=phase_id).removeprefix(prefix)
