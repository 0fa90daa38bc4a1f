"""Mails to voters: the last look before one goes out, how far it has come, pausing and stopping."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter.util import get_remote_address
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from evote.admin.blueprint import admin, current_official, find_official, needs
from evote.admin.conducting import election_head
from evote.admin.forms import language_name, make_form, shown_revision
from evote.admin.mailings import address_of, count_crowd, find_mailing
from evote.admin.mailings_acts import (
    DISCARD,
    EXAMPLE_ID,
    Place,
    conduct_mailing,
    preview,
    send_test,
    start_mailing,
)
from evote.admin.mailings_wording import audience_names, kind_names, reason_names, state_names, why_names
from evote.admin.roles import Permission
from evote.current import current_services
from evote.elections.models import Election
from evote.errors import Conflict, EvoteError
from evote.languages import said
from evote.limits import limiter
from evote.mailings.kinds import check_moment
from evote.mailings.models import DRAFT, PAUSED, RUNNING
from evote.mailings.progress import Progress, list_mailings
from evote.mailings.texts import find_problems, languages_of
from evote.pages.filters import printable

REFRESH_SECONDS = 5
_TESTS = "20 per hour"


def _official_or_address() -> str:
    official = find_official()
    return f"official-{official.official_id}" if official is not None else str(get_remote_address())


@admin.route("/elections/<uuid:election_id>/mailings/<int:mailing_id>/confirm", methods=["GET", "POST"])
@needs(Permission.MAIL, fresh=True)
def confirm_mailing(election_id: object, mailing_id: int) -> ResponseReturnValue:
    """Show what goes to whom, and let it go."""
    place = Place(str(election_id), mailing_id)
    mailing = find_mailing(place)
    if mailing.state != DRAFT:
        return redirect(address_of("mailing", place), 303)
    if find_problems(mailing.texts):
        return redirect(address_of("write_mailing", place, check=1), 303)
    sure = gettext(
        "I have read this mail in each language. It is right, and I know that what is sent cannot be undone."
    )
    form = make_form({"sure": BooleanField(sure, validators=[InputRequired(gettext("Tick this first."))])}, {})
    problem = ""
    if form.validate_on_submit():
        try:
            start_mailing(current_services(), current_official(), place, shown_revision())
        except EvoteError as error:
            problem, form.sure.data = said(error), False
        else:
            return redirect(address_of("mailing", place), 303)
    page = _confirm_page(place, mailing, form, address_form(), problem)
    return page, 422 if problem or form.errors else 200


@admin.post("/elections/<uuid:election_id>/mailings/<int:mailing_id>/test")
@needs(Permission.MAIL)
@limiter.limit(_TESTS, key_func=_official_or_address)
def try_mailing(election_id: object, mailing_id: int) -> ResponseReturnValue:
    """Send the mail to an address of the official's."""
    place, form = Place(str(election_id), mailing_id), address_form()
    mailing = find_mailing(place)
    if form.validate_on_submit():
        try:
            send_test(current_services(), current_official(), place, form.mail.data)
        except EvoteError as error:
            form.mail.errors = [said(error)]
        else:
            flash(gettext("The test mail is under way."), "good")
            return redirect(address_of("confirm_mailing", place), 303)
    return _confirm_page(place, mailing, make_form({"sure": BooleanField("")}, {}), form, ""), 422


@admin.get("/elections/<uuid:election_id>/mailings/<int:mailing_id>")
@needs(Permission.SEE)
def mailing(election_id: object, mailing_id: int) -> ResponseReturnValue:
    """Show how far a mail has come."""
    place = Place(str(election_id), mailing_id)
    shown = find_mailing(place)
    if shown.state == DRAFT and current_official().may("mail"):
        return redirect(address_of("write_mailing", place), 303)
    acts = {RUNNING: ("pause", "stop"), PAUSED: ("resume", "stop")}.get(shown.state, ())
    again = bool(acts) and request.args.get("again") == "1"
    page = render_template(
        "admin/mailing.html",
        head=election_head(place.election_id),
        mailing=shown,
        now=current_services().now(),
        parts=preview(current_services(), place.election_id, shown.texts),
        kind=kind_names()[shown.kind],
        audience=audience_names()[shown.audience],
        badge=state_names()[shown.state],
        why=why_names().get(shown.why, ""),
        reasons=[(name, shown.reasons[word]) for word, name in reason_names().items() if word in shown.reasons],
        acts=acts,
        again=again,
        seconds=REFRESH_SECONDS,
        example=EXAMPLE_ID,
    )
    response = make_response(page)
    if again:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@admin.post("/elections/<uuid:election_id>/mailings/<int:mailing_id>/<any(pause, resume, stop, discard):what>")
@needs(Permission.MAIL)
def conduct_mail(election_id: object, mailing_id: int, what: str) -> ResponseReturnValue:
    """Pause, resume or stop a mailing, or throw a draft away."""
    place = Place(str(election_id), mailing_id)
    conduct_mailing(current_services(), current_official(), place, what)
    if what == DISCARD:
        return redirect(url_for("admin.mailings", election_id=election_id), 303)
    return redirect(address_of("mailing", place), 303)


def address_form() -> FlaskForm:
    """Return the form of the test mail."""
    needed = InputRequired(gettext("Enter the address that the test mail shall go to."))
    field = StringField(gettext("Your mail address"), validators=[needed], filters=[printable])
    return make_form({"mail": field}, {})


def _confirm_page(place: Place, mailing: Progress, form: FlaskForm, test: FlaskForm, problem: str) -> str:
    services, head = current_services(), election_head(place.election_id)
    with services.database.reading() as session:
        election = session.get_one(Election, place.election_id)
        earlier = [one for one in list_mailings(session, place.election_id, services.now()) if _is_like(one, mailing)]
    try:
        check_moment(mailing.kind, mailing.audience, election, services.now())
        not_now = ""
    except Conflict as error:
        not_now = said(error)
    return render_template(
        "admin/mailing_confirm.html",
        head=head,
        mailing=mailing,
        form=form,
        test=test,
        problem=problem,
        not_now=not_now,
        earlier=earlier,
        kind=kind_names()[mailing.kind],
        audience=audience_names()[mailing.audience],
        languages=[language_name(one) for one in languages_of(mailing.texts, [*head.manifest.title])],
        parts=preview(services, place.election_id, mailing.texts),
        example=EXAMPLE_ID,
        crowd=count_crowd(place.election_id, mailing.audience),
    )


def _is_like(other: Progress, mailing: Progress) -> bool:
    return other.id != mailing.id and other.kind == mailing.kind and other.started_at is not None
