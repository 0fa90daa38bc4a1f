"""Officials' pages of petitions: the queue, decisions, answers, debates, news, days on which collection was down."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from participation.answers.queries import list_authorities
from participation.errors import Missing, NotPermitted, ParticipationError, Unacceptable
from participation.forms import EmptyForm, Form
from participation.guards import ANSWER, MODERATE, current_official, needs, who
from participation.numbers import number_of, read_whole
from participation.paging import Pages, page_number
from participation.petitions.answering import (
    check_update,
    note_outage,
    respond,
    set_debate,
    updates_of,
    waiting_updates,
    write_update,
)
from participation.petitions.blueprint import badges_of
from participation.petitions.checking import POSSIBLE, Act, Decision, decide, list_queue, ways_to_sign
from participation.petitions.counts import counts_of
from participation.petitions.forms import AnswerForm, DebateForm, DecisionForm, OutageForm, UpdateForm
from participation.petitions.history import history_of
from participation.petitions.life import Debate, State
from participation.petitions.lists import PAGE, Order, Shelf, list_petitions
from participation.petitions.mailings import mailings_of
from participation.petitions.pages import public_history
from participation.petitions.queries import PetitionView, down_days, find_petition, petitions_in
from participation.petitions.search import find_similar
from participation.petitions.wording import reason_name
from participation.ports import current_ports
from participation.signatures.reviewing import count_held, held_petitions

desk = Blueprint("petition_desk", __name__, url_prefix="/admin/participation/petitions")
desk.context_processor(who)


@desk.get("/")
@needs(MODERATE, ANSWER)
def queue() -> str:
    """Show what waits: petitions and news to be checked; petitions to be answered."""
    ports = current_ports()
    with ports.database.reading() as session:
        waiting, news = list_queue(session, ports), waiting_updates(session)
        collecting = petitions_in(session, State.COLLECTING)
        owed = list_petitions(session, ports, Shelf.AWAITING, Order.SIGNATURES, "", 1).petitions
        taken_down = petitions_in(session, State.HIDDEN, State.REMOVED, State.REJECTED, State.STOPPED)
        down = sorted(down_days(session), reverse=True)
        held = held_petitions(session)
    return render_template(
        "participation/petitions/desk/queue.html",
        held=held,
        waiting=waiting,
        news=news,
        button=EmptyForm(formdata=None),
        collecting=collecting,
        owed=owed,
        taken_down=taken_down[-50:],
        down=down,
    )


@desk.get("/all")
@needs(MODERATE, ANSWER)
def everything() -> str:
    """List all petitions that are or were public."""
    ports, number = current_ports(), page_number()
    with ports.database.reading() as session:
        found = list_petitions(session, ports, Shelf.ALL, Order.NEWEST, "", number)
    cards = [(one, badges_of(one, ports)) for one in found.petitions]
    return render_template("participation/petitions/desk/all.html", cards=cards, pages=Pages(number, found.total, PAGE))


@desk.route("/<uuid:petition_id>", methods=["GET", "POST"])
@needs(MODERATE, ANSWER)
def look(petition_id: object) -> ResponseReturnValue:
    """Show a petition with everything a moderator needs, and take the decision."""
    ports, view = current_ports(), _find(petition_id)
    methods = ways_to_sign(ports.rules)
    with ports.database.reading() as session:
        form = DecisionForm(POSSIBLE.get(view.state, ()), view.state, view.revision, methods, list_authorities(session))
    if form.validate_on_submit():
        _require(MODERATE)
        try:
            decision = Decision(
                _act(form),
                _revision(form),
                (form.reason.data or "") if form.act.data not in (Act.APPROVE, Act.CHECK_AGAIN) else "",
                form.note.data,
                tuple(form.signing.data),
                form.roll_election.data if "roll" in form.signing.data else "",
                number_of(form.authority.data) if form.authority.data else None,
            )
            decide(ports, current_official(), view.id, decision)
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("Done. It stands in the petition's history and in the officials' public log."), "good")
            return redirect(url_for("petition_desk.look", petition_id=view.id), 303)
    with ports.database.reading() as session:
        page = render_template(
            "participation/petitions/desk/look.html",
            form=form,
            petition=view,
            badges=badges_of(view, ports),
            reason=reason_name(view.life.reason),
            count=counts_of(session, ports, [view.id])[view.id],
            held=count_held(session, [view.id]).get(view.id, 0),
            similar=find_similar(session, view.title, 5, view.id, unchecked=True) if view.title else [],
            steps=public_history(history_of(session, view.id, whole=True)),
            updates=updates_of(session, view.id, all_states=True),
            mailings=mailings_of(session, view.id),
        )
    return page, 422 if form.errors else 200


@desk.route("/<uuid:petition_id>/answer", methods=["GET", "POST"])
@needs(ANSWER)
def answer(petition_id: object) -> ResponseReturnValue:
    """Publish an official response."""
    view = _find(petition_id)
    form = AnswerForm(view.revision)

    def act() -> None:
        respond(
            current_ports(),
            current_official(),
            view.id,
            _revision(form),
            form.office.data,
            form.summary.data,
            form.text.data,
        )

    return _form_page("answer", view, form, act)


@desk.route("/<uuid:petition_id>/debate", methods=["GET", "POST"])
@needs(ANSWER)
def debate(petition_id: object) -> ResponseReturnValue:
    """Say what there is to say about a debate."""
    view = _find(petition_id)
    form = DebateForm(view.revision)

    def act() -> None:
        set_debate(
            current_ports(),
            current_official(),
            view.id,
            _revision(form),
            Debate(form.outcome.data),
            _day(form.day.data) if form.day.data else None,
            form.text.data,
            form.transcript.data,
            form.video.data,
        )

    return _form_page("debate", view, form, act)


@desk.route("/<uuid:petition_id>/news", methods=["GET", "POST"])
@needs(MODERATE, ANSWER)
def news(petition_id: object) -> ResponseReturnValue:
    """Publish news of a petition as an official."""
    view = _find(petition_id)
    form = UpdateForm()

    def act() -> None:
        write_update(current_ports(), current_official(), view.id, form.title.data, form.text.data)

    return _form_page("news", view, form, act)


@desk.post("/updates/<int:update_id>/<any(publish, refuse):what>")
@needs(MODERATE)
def decide_update(update_id: int, what: str) -> ResponseReturnValue:
    """Publish a creator's news, or refuse it."""
    if EmptyForm().validate_on_submit():
        check_update(current_ports(), current_official(), update_id, publish=what == "publish")
        flash(gettext("Done. It stands in the petition's history and in the officials' public log."), "good")
    return redirect(url_for("petition_desk.queue"), 303)


@desk.route("/outages", methods=["GET", "POST"])
@needs(MODERATE)
def outages() -> ResponseReturnValue:
    """Note a day on which signatures could not be given."""
    form = OutageForm()
    if form.validate_on_submit():
        try:
            moved = note_outage(current_ports(), current_official(), _day(form.day.data), form.note.data)
        except ParticipationError as error:
            form.refuse(error, "day")
        else:
            flash(ngettext("%(num)s deadline moved on.", "%(num)s deadlines moved on.", moved), "good")
            return redirect(url_for("petition_desk.queue"), 303)
    return render_template("participation/petitions/desk/outages.html", form=form), 422 if form.errors else 200


def _form_page(name: str, view: PetitionView, form: Form, act: Callable[[], None]) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            act()
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("Published. Signers who want news get a mail in the night."), "good")
            return redirect(url_for("petition_desk.look", petition_id=view.id), 303)
    page = render_template(f"participation/petitions/desk/{name}.html", form=form, petition=view)
    return page, 422 if form.errors else 200


def _find(petition_id: object) -> PetitionView:
    with current_ports().database.reading() as session:
        view = find_petition(session, str(petition_id))
    if view is None or view.state is State.DRAFT:
        raise Missing("There is no such petition.")
    return view


def _require(permission: str) -> None:
    if not current_official().may(permission):
        raise NotPermitted("Your role does not include this. Ask an official whose role does.")


def _act(form: Any) -> Act:
    if form.act.data not in list(Act):
        raise Unacceptable("Choose what shall be done.")
    return Act(form.act.data)


def _revision(form: Any) -> int:
    number = read_whole(form.revision.data)
    if number is None:
        raise Unacceptable("The page was not sent whole. Reload it and try again.")
    return number


def _day(typed: str) -> date:
    day = current_ports().read_day(typed)
    if day is None:
        raise Unacceptable("This is no day. Write year, month and day, like 2026-11-22 or ۱۴۰۵/۹/۱.")
    return day
