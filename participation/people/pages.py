"""Signing in and out, and one's own page: the name that is shown, a copy of everything, leaving for good."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ballots import codec
from participation.consultations.queries import list_answered
from participation.digests.pages import form_of
from participation.errors import Unacceptable
from participation.forms import EmptyForm, MailForm
from participation.guards import limited
from participation.people import current
from participation.people.current import current_person, local_path, session_token
from participation.people.data import erase_person, export_person, rename_person
from participation.people.forms import CodeForm, NameForm
from participation.people.sign_in import CODE_LIFETIME, close_session, mail_of, request_code, sign_in_by_code
from participation.ports import current_ports

people = Blueprint("people", __name__, url_prefix="/me")

_MAIL = "person_mail"
CODE_REQUESTS = "10 per minute; 60 per hour"
CODES = "20 per minute"
LEAVES = "30 per minute"
MOST_PATH = 300
"""Characters of a path to which somebody is led back from the provider: it travels in a cookie."""


@people.route("/sign-in", methods=["GET", "POST"])
@limited(CODE_REQUESTS)
def sign_in() -> ResponseReturnValue:
    """Take a mail address and send a code to it; or lead to the identity provider, if there is one."""
    back = local_path(request.values.get("back", ""))
    form = MailForm()
    if form.validate_on_submit():
        request_code(current_ports(), form.mail.data)
        session[_MAIL] = form.mail.data
        return redirect(url_for("people.code", back=back), 303)
    accounts = current_ports().accounts
    page = render_template(
        "participation/people/sign_in.html", form=form, back=back, provider=accounts.name(), problem=accounts.problem()
    )
    return page, 422 if form.errors else 200


@people.get("/sign-in/provider")
@limited(LEAVES, ("GET",))
def sign_in_with_provider() -> ResponseReturnValue:
    """Send the browser to the identity provider. A link, not a form: a page's policy lets no form lead elsewhere."""
    back = local_path(request.args.get("back", ""))
    back = back if len(back) <= MOST_PATH else "/"
    return current_ports().accounts.sign_in(url_for("people.sign_in", back=back), back)


@people.route("/sign-in/code", methods=["GET", "POST"])
@limited(CODES)
def code() -> ResponseReturnValue:
    """Take the code, and lead back to where somebody wanted to contribute."""
    mail = session.get(_MAIL, "")
    back = local_path(request.values.get("back", ""))
    if not mail:
        return redirect(url_for("people.sign_in", back=back), 303)
    form = CodeForm(back=back)
    if form.validate_on_submit():
        try:
            token = sign_in_by_code(current_ports(), mail, form.code.data)
        except Unacceptable as error:
            form.refuse(error, "code")
        else:
            session.pop(_MAIL)
            return current.begin_session(make_response(redirect(back, 303)), token)
    page = render_template(
        "participation/people/code.html",
        form=form,
        mail=mail,
        back=back,
        minutes=int(CODE_LIFETIME.total_seconds() // 60),
    )
    return page, 422 if form.errors else 200


@people.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    if EmptyForm().validate_on_submit():
        close_session(current_ports(), session_token())
    return current.end_session(make_response(redirect(url_for("consultations.index"), 303)))


@people.route("/", methods=["GET", "POST"])
def me() -> ResponseReturnValue:
    """Show what the site knows of somebody, and take the name that is shown."""
    person = current_person()
    if person is None:
        return redirect(url_for("people.sign_in", back=request.script_root + request.path), 303)
    ports, form = current_ports(), NameForm(name=person.name)
    if form.validate_on_submit():
        rename_person(ports, person, form.name.data or "")
        flash(gettext("Your name was saved."))
        return redirect(url_for("people.me"), 303)
    with ports.database.reading() as reading:
        answered = list_answered(reading, person.id)
    page = render_template(
        "participation/people/me.html",
        answered=answered,
        form=form,
        person=person,
        mail=mail_of(ports, person),
        provider=ports.accounts.name(),
        export=export_person(ports, person),
        empty=EmptyForm(),
        digest=form_of(ports, person),
    )
    return page, 422 if form.errors else 200


@people.get("/data.json")
def data() -> ResponseReturnValue:
    """Hand out a copy of everything consultations know of somebody."""
    person = current_person()
    if person is None:
        return redirect(url_for("people.sign_in", back=url_for("people.me")), 303)
    response = Response(codec.encode_canonical(export_person(current_ports(), person)), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@people.route("/leave", methods=["GET", "POST"])
def leave() -> ResponseReturnValue:
    """Erase somebody's personal data."""
    person = current_person()
    if person is None:
        return redirect(url_for("people.sign_in", back=url_for("people.leave")), 303)
    form = EmptyForm()
    if form.validate_on_submit():
        erase_person(current_ports(), person)
        flash(gettext("Your personal data was erased. What you wrote stays, without your name."))
        return current.end_session(make_response(redirect(url_for("consultations.index"), 303)))
    return render_template("participation/people/leave.html", form=form, barred=person.barred_at is not None)
