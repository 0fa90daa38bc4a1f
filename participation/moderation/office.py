"""Moderators' pages: the queue with bulk decisions, appeals, orders from outside, barring."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from wtforms import RadioField, SelectField, StringField, TextAreaField

from participation.contributions.kinds import KINDS, REASONS, ContributionKind, Reason
from participation.errors import ParticipationError
from participation.forms import Form
from participation.guards import MODERATE, current_official, needs, who
from participation.moderation.deciding import Target, bar, decide, decide_appeal, enter_order
from participation.moderation.queries import PAGE, list_appeals, list_queue
from participation.numbers import read_whole
from participation.paging import Pages, page_number
from participation.ports import current_ports
from participation.text import one_line, paragraphs

office = Blueprint("moderation_office", __name__, url_prefix="/admin/participation/moderation")
office.context_processor(who)


class DecisionForm(Form):
    """What is decided about all that were chosen."""

    act = RadioField()
    reason = SelectField()
    note = TextAreaField(filters=[paragraphs])

    def __init__(self) -> None:
        """Offer both decisions and all reasons."""
        super().__init__()
        self.label(
            act=gettext("Decision about what you chose"),
            reason=gettext("Reason, to take something down"),
            note=gettext("Note for everybody (may stay empty)"),
        )
        self.act.choices = [("show", gettext("Make it public")), ("hide", gettext("Take it down"))]
        self.reason.choices = [("", "–"), *((word.value, str(name)) for word, name in REASONS.items())]


class NoteForm(Form):
    """A decision that needs words."""

    act = RadioField()
    note = TextAreaField(filters=[paragraphs])

    def __init__(self, acts: list[tuple[str, str]]) -> None:
        """Offer the acts."""
        super().__init__()
        self.label(act=gettext("Decision"), note=gettext("Reason, for everybody to read"))
        self.act.choices = acts


class OrderForm(Form):
    """An order from outside."""

    received_on = StringField(filters=[one_line])
    sender = StringField(filters=[one_line])
    basis = TextAreaField(filters=[paragraphs])
    target = StringField(filters=[one_line])
    outcome = TextAreaField(filters=[paragraphs])

    def __init__(self) -> None:
        """Label the fields."""
        super().__init__()
        self.label(
            received_on=gettext("Day on which it came"),
            sender=gettext("Who ordered it"),
            basis=gettext("The law or right that it names"),
            target=gettext("What it is about: an address of this site"),
            outcome=gettext("What was done"),
        )


@office.route("/", methods=["GET", "POST"])
@needs(MODERATE)
def queue() -> ResponseReturnValue:
    """Show what waits, and decide about several at once."""
    ports, number, form = current_ports(), page_number(), DecisionForm()
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                official, show = current_official().name, form.act.data == "show"
                reason = Reason(form.reason.data) if form.reason.data else None
                decided = decide(
                    session, ports, _targets(), show=show, reason=reason, note=form.note.data or "", by=official
                )
                if decided.done:
                    what = "contributions-shown" if show else "contributions-hidden"
                    ports.record_deed(session, official, what, {"contributions": list(decided.done)})
        except ParticipationError as error:
            form.refuse(error)
        else:
            _tell(len(decided.done), len(decided.stale))
            return redirect(url_for("moderation_office.queue", page=number), 303)
    rules = ports.rules.moderation
    near, overdue = timedelta(hours=rules.near_overdue_hours), timedelta(hours=rules.overdue_hours)
    with ports.database.reading() as session:
        waiting, total = list_queue(session, ports.now(), near, overdue, number)
        appeals = list_appeals(session)
        session.expunge_all()
    page = render_template(
        "participation/moderation/queue.html",
        form=form,
        waiting=waiting,
        appeals=appeals,
        pages=Pages(number, total, PAGE),
        kinds={kind.value: str(KINDS[kind]) for kind in ContributionKind},
        names={word.value: str(name) for word, name in REASONS.items()},
        chosen=set(request.form.getlist("target")),
        now=ports.now(),
    )
    return page, 422 if form.errors else 200


@office.route("/appeals/<int:appeal_id>", methods=["GET", "POST"])
@needs(MODERATE)
def look_again(appeal_id: int) -> ResponseReturnValue:
    """Look again at what was taken down."""
    ports = current_ports()
    form = NoteForm([("grant", gettext("Make it public again")), ("refuse", gettext("It stays taken down"))])
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                official, grant = current_official().name, form.act.data == "grant"
                found = decide_appeal(session, ports, appeal_id, grant=grant, note=form.note.data or "", by=official)
                what = "appeal-granted" if grant else "appeal-refused"
                ports.record_deed(session, official, what, {"contribution": found.contribution_id})
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("Decided."))
            return redirect(url_for("moderation_office.queue"), 303)
    with ports.database.reading() as session:
        pair = next(((one, row) for one, row in list_appeals(session) if one.id == appeal_id), None)
        session.expunge_all()
    if pair is None:
        return redirect(url_for("moderation_office.queue"), 303)
    names = {word.value: str(name) for word, name in REASONS.items()}
    page = render_template(
        "participation/moderation/look_again.html", form=form, appeal=pair[0], found=pair[1], names=names
    )
    return page, 422 if form.errors else 200


@office.route("/people/<int:person_id>/bar", methods=["GET", "POST"])
@needs(MODERATE)
def bar_person(person_id: int) -> ResponseReturnValue:
    """Let somebody contribute no more."""
    ports = current_ports()
    form = NoteForm([("bar", gettext("This person contributes no more"))])
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                official = current_official().name
                bar(session, ports, person_id, because=form.note.data or "", by=official)
                ports.record_deed(session, official, "person-barred", {"person": person_id})
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("This person cannot contribute any more, and is told the reason."))
            return redirect(url_for("moderation_office.queue"), 303)
    page = render_template("participation/moderation/bar.html", form=form, person_id=person_id)
    return page, 422 if form.errors else 200


@office.route("/orders/new", methods=["GET", "POST"])
@needs(MODERATE)
def new_order() -> ResponseReturnValue:
    """Enter an order from outside."""
    ports, form = current_ports(), OrderForm()
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                official = current_official().name
                made = enter_order(
                    session,
                    ports,
                    received_on=ports.read_day(form.received_on.data or ""),
                    sender=form.sender.data or "",
                    basis=form.basis.data or "",
                    target=form.target.data or "",
                    outcome=form.outcome.data or "",
                    by=official,
                )
                ports.record_deed(session, official, "order-entered", {"order": made.id})
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("The order stands in the public log."))
            return redirect(url_for("moderation.log"), 303)
    page = render_template("participation/moderation/order.html", form=form)
    return page, 422 if form.errors else 200


def _targets() -> list[Target]:
    found = []
    for word in request.form.getlist("target"):
        number, revision = map(read_whole, word.partition(".")[::2])
        if number is not None and revision is not None:
            found.append(Target(number, revision))
    return found


def _tell(done: int, stale: int) -> None:
    ports = current_ports()
    flash(
        ngettext(
            "%(count)s contribution was decided.",
            "%(count)s contributions were decided.",
            done,
            count=ports.write_number(done),
        )
    )
    if stale:
        flash(
            ngettext(
                "%(count)s was changed or decided by somebody else meanwhile and is as it was. Look again.",
                "%(count)s were changed or decided by somebody else meanwhile and are as they were. Look again.",
                stale,
                count=ports.write_number(stale),
            )
        )
