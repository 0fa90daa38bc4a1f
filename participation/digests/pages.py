"""Asking for digests on one's own page, and the page to which the link of a digest leads."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import RadioField, SelectMultipleField

from participation.digests.subscribing import Kind, Period, check_token, choose, find_subscription, unsubscribe
from participation.errors import Unacceptable
from participation.forms import Form, needed
from participation.guards import limited
from participation.people.current import current_person
from participation.people.models import Person
from participation.ports import Ports, current_ports

digests = Blueprint("digests", __name__)
_NONE = "none"
LEAVING = "60 per minute"


class DigestForm(Form):
    """How often, and of what."""

    period = RadioField()
    kinds = SelectMultipleField()

    def __init__(self, period: str, kinds: list[str]) -> None:
        """Offer everything there is."""
        super().__init__(data={"period": period, "kinds": kinds})
        self.label(period=gettext("News by mail"), kinds=gettext("News of"))
        self.period.choices = [
            (_NONE, gettext("none")),
            (Period.DAILY.value, gettext("every night on which there is news")),
            (Period.WEEKLY.value, gettext("once a week")),
        ]
        self.kinds.choices = [
            (Kind.PETITIONS.value, gettext("new petitions")),
            (Kind.CONSULTATIONS.value, gettext("consultations and what they led to")),
            (Kind.ANSWERS.value, gettext("official answers to petitions")),
            (Kind.PROMISES.value, gettext("promises")),
        ]
        self.rule("period", needed(gettext("Choose one.")))


def form_of(ports: Ports, person: Person) -> DigestForm:
    """Return the form with what somebody chose before."""
    with ports.database.reading() as session:
        row = find_subscription(session, person.id)
        return DigestForm(row.period if row else _NONE, row.kinds if row else list(Kind))


@digests.route("/me/digest", methods=["GET", "POST"])
def digest() -> ResponseReturnValue:
    """Take somebody's wish; the form stands on their page too."""
    person = current_person()
    if person is None:
        return redirect(url_for("people.sign_in", back=url_for("people.me")), 303)
    ports = current_ports()
    form = form_of(ports, person)
    if form.validate_on_submit():
        period = None if form.period.data == _NONE else Period(form.period.data)
        try:
            choose(ports, person, period, [Kind(word) for word in form.kinds.data or ()])
        except Unacceptable as error:
            form.refuse(error, "kinds" if person.sealed_mail else "period")
        else:
            flash(gettext("Your choice was saved.") if period else gettext("No digest comes to you."))
            return redirect(url_for("people.me"), 303)
    page = render_template("participation/digests/choose.html", digest=form)
    return page, 422 if form.errors else 200


@digests.route("/digests/leave/<int:person_id>/<string:token>", methods=["GET", "POST"])
@limited(LEAVING)
def leave(person_id: int, token: str) -> str:
    """Show a button, so that who only looks at links ends nothing; end the digests when it or a mail program posts."""
    done = request.method == "POST"
    if done:
        unsubscribe(current_ports(), person_id, token)
    else:
        check_token(current_ports(), person_id, token)
    return render_template("participation/digests/leave.html", done=done)


def _free_of_tokens(exempt: object) -> None:
    """Let mail programs post: they have no session, and what is done is in the power of who holds the link alone."""
    assert callable(exempt)
    exempt(leave)


digests.record_once(lambda state: _free_of_tokens(state.app.extensions["csrf"].exempt))
