"""The facilitators' pages of webhooks: the list, a new one with its secret, and what became of each message."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import RadioField, SelectMultipleField, StringField

from participation.errors import Missing, ParticipationError
from participation.forms import Form, needed
from participation.guards import CONSULT, current_official, needs, who
from participation.parts import Badge
from participation.ports import current_ports
from participation.text import one_line
from participation.webhooks.delivering import DELIVERED, GIVEN_UP, WAITING
from participation.webhooks.events import Event
from participation.webhooks.models import Webhook
from participation.webhooks.posting import Problem
from participation.webhooks.registering import (
    get_webhook,
    list_messages,
    list_webhooks,
    register,
    remove,
    resume,
)

webhooks = Blueprint("webhooks", __name__, url_prefix="/admin/participation/webhooks")
webhooks.context_processor(who)


class NewForm(Form):
    """An address and what it is told."""

    target = StringField(filters=[one_line])
    events = SelectMultipleField()

    def __init__(self) -> None:
        """Offer all events."""
        super().__init__()
        self.label(target=gettext("Web address that takes the messages"), events=gettext("What it is told"))
        self.events.choices = list(event_names().items())


class ActForm(Form):
    """What shall become of a webhook."""

    act = RadioField()

    def __init__(self, *, paused: bool) -> None:
        """Offer what fits."""
        super().__init__()
        self.label(act=gettext("What shall become of it?"))
        again = [("resume", gettext("Send again, at once"))] if paused else []
        self.act.choices = [*again, ("remove", gettext("Remove it: its secret is forgotten, its log stays"))]
        self.rule("act", needed(gettext("Choose one.")))


@webhooks.route("/", methods=["GET", "POST"])
@needs(CONSULT)
def index() -> ResponseReturnValue:
    """List all, and register one; its secret is on the answer alone."""
    ports, form = current_ports(), NewForm()
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                events = [Event(word) for word in form.events.data or ()]
                row, secret = register(session, ports, form.target.data or "", events, by=current_official().name)
                key, address = row.id, row.address
        except ParticipationError as error:
            form.refuse(error)
        else:
            return render_template("participation/webhooks/made.html", key=key, address=address, secret=secret)
    with ports.database.reading() as session:
        found = [(one, _badge(one)) for one in list_webhooks(session)]
        session.expunge_all()
    page = render_template("participation/webhooks/index.html", form=form, found=found, demo=ports.demo)
    return page, 422 if form.errors else 200


@webhooks.route("/<int:webhook_id>", methods=["GET", "POST"])
@needs(CONSULT)
def webhook(webhook_id: int) -> ResponseReturnValue:
    """Show what became of each message; let it go on, or take it away."""
    ports = current_ports()
    with ports.database.reading() as session:
        row = session.get(Webhook, webhook_id)
        messages = list_messages(session, webhook_id)
        session.expunge_all()
    if row is None:
        raise Missing("There is no such webhook.")
    form = ActForm(paused=row.paused_at is not None)
    if form.validate_on_submit():
        with ports.database.writing() as session:
            get_webhook(session, webhook_id)
            if form.act.data == "resume":
                resume(session, ports, webhook_id, by=current_official().name)
            else:
                remove(session, ports, webhook_id, by=current_official().name)
        if form.act.data == "resume":
            flash(gettext("Messages go there again."))
            return redirect(url_for("webhooks.webhook", webhook_id=webhook_id), 303)
        flash(gettext("The webhook was removed."))
        return redirect(url_for("webhooks.index"), 303)
    page = render_template(
        "participation/webhooks/webhook.html",
        form=form,
        webhook=row,
        badge_of=_badge(row),
        messages=messages,
        events=event_names(),
        states=_states(),
        outcomes=_outcomes(),
    )
    return page, 422 if form.errors else 200


def event_names() -> dict[str, str]:
    """Return {event: its name in the page's language}."""
    return {
        Event.PETITION_OPENED.value: gettext("A petition opens for signatures"),
        Event.PETITION_ANSWERED.value: gettext("A petition is answered"),
        Event.CONSULTATION_PUBLISHED.value: gettext("A consultation is published"),
        Event.CONSULTATION_REPORTED.value: gettext("A consultation's report is published"),
        Event.PROMISE_ENTERED.value: gettext("A promise is entered"),
        Event.PROMISE_CHANGED.value: gettext("A promise's status changes"),
        Event.DUTY_OWED.value: gettext("An answer begins to be owed"),
        Event.DUTY_ANSWERED.value: gettext("An answer that was owed is given"),
    }


def _badge(row: Webhook) -> Badge:
    if row.removed_at is not None:
        return Badge(gettext("Removed"), "plain")
    if row.paused_at is not None:
        return Badge(gettext("Paused"), "bad")
    return Badge(gettext("Failing"), "wait") if row.failures else Badge(gettext("Active"), "good")


def _states() -> dict[str, Badge]:
    return {
        WAITING: Badge(gettext("Waiting"), "wait"),
        DELIVERED: Badge(gettext("Delivered"), "good"),
        GIVEN_UP: Badge(gettext("Given up"), "bad"),
    }


def _outcomes() -> dict[str, str]:
    return {
        "": gettext("not tried yet"),
        Problem.NAME.value: gettext("the name is not known"),
        Problem.FORBIDDEN.value: gettext("the name leads into a network that is not public"),
        Problem.CONNECTION.value: gettext("no connection"),
        Problem.CERTIFICATE.value: gettext("the certificate is not valid"),
        Problem.TIMEOUT.value: gettext("no answer within ten seconds"),
        Problem.ANSWER.value: gettext("the connection broke"),
    }
