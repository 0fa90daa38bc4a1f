"""A survey: its questions as a plain form, and what everybody answered."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import HiddenField

from participation.consultations.kinds import PhaseKind
from participation.consultations.pages import phase_badge
from participation.consultations.queries import get_phase, is_open, require_open
from participation.errors import ParticipationError
from participation.forms import Form
from participation.guards import limited
from participation.people.current import current_person, signed_in, signed_in_person
from participation.ports import current_ports
from participation.remembered import forget
from participation.surveys.answering import SCALE, Answer, answer, read_answers
from participation.surveys.models import SurveyAnswers
from participation.surveys.questions import list_questions
from participation.surveys.totals import SURVEY, add_up

surveys = Blueprint("surveys", __name__, url_prefix="/consultations/<uuid:consultation_id>/survey")
ANSWERS = "30 per hour"


class SurveyForm(Form):
    """The frame of a survey's form."""

    back = HiddenField()


@surveys.get("/<int:phase_id>")
def phase(consultation_id: object, phase_id: int) -> ResponseReturnValue:
    """Show the questions, and the totals unless they are sealed."""
    return _page(consultation_id, phase_id, None, None, {})


@surveys.post("/<int:phase_id>/answer")
@limited(ANSWERS)
@signed_in
def send(consultation_id: object, phase_id: int) -> ResponseReturnValue:
    """Take somebody's answers."""
    ports, form = current_ports(), SurveyForm()
    with ports.database.reading() as session:
        questions = list_questions(session, phase_id)
        session.expunge_all()
    answers, wrong = read_answers(questions, request.form.to_dict(flat=False))
    if form.validate_on_submit() and not wrong:
        try:
            with ports.database.writing() as session:
                view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.SURVEY, ports.now())
                require_open(view, part)
                answer(session, ports, part.phase, signed_in_person(), answers)
        except ParticipationError as error:
            form.refuse(error)
        else:
            forget(ports, (SURVEY, phase_id))
            flash(gettext("Thank you. Your answers were saved; you can change them until this part closes."))
            return redirect(url_for("surveys.phase", consultation_id=consultation_id, phase_id=phase_id), 303)
    return _page(consultation_id, phase_id, form, answers, wrong)


def _page(
    consultation_id: object,
    phase_id: int,
    form: SurveyForm | None,
    answers: dict[str, Answer] | None,
    wrong: dict[int, str],
) -> ResponseReturnValue:
    ports, person = current_ports(), current_person()
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.SURVEY, ports.now())
        questions = list_questions(session, phase_id)
        if answers is None:
            given = session.get(SurveyAnswers, (phase_id, person.id)) if person else None
            answers = dict(given.answers) if given else {}
        people, totals = add_up(session, ports, phase_id, questions)
        session.expunge_all()
    names = {
        "needed": gettext("Answer this question."),
        "long": gettext("This is too long."),
        "unknown": gettext("Choose one of the answers."),
    }
    back = url_for("surveys.phase", consultation_id=consultation_id, phase_id=phase_id)
    page = render_template(
        "participation/surveys/phase.html",
        view=view,
        part=part,
        badge=phase_badge(part),
        questions=questions,
        answers=answers,
        wrong={number: names[word] for number, word in wrong.items()},
        scale=SCALE,
        people=people,
        totals=[] if part.hidden else totals,
        person=person,
        open=is_open(view, part),
        form=form or SurveyForm(data={"back": back.removeprefix(request.script_root)}),
    )
    return page, 200 if form is None else 422
