"""Signing in and out. Plain forms, and a script for passkeys; a voter's login is something else and stays as it is."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from evote.admin import factors
from evote.admin.blueprint import admin, begin_session, cookie_name, current_official, end_session, find_official, needs
from evote.admin.deeds import note
from evote.admin.factors import Shown
from evote.admin.forms import make_form
from evote.admin.models import NAME_LENGTH
from evote.admin.passkey_answers import bound_to
from evote.admin.passkeys import passkeys_work
from evote.admin.secrets import MOST_CHARACTERS
from evote.admin.sessions import close_session, describe_browser
from evote.current import current_services
from evote.errors import LoginRefused
from evote.languages import said
from evote.limits import OFFICIAL_SIGN_INS, limiter
from evote.pages.filters import printable


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Name, password and a second factor, together: no answer tells which was wrong."""

    official_name = StringField(filters=[printable])
    password = PasswordField()
    code = StringField(filters=[printable])
    passkey = HiddenField()

    def __init__(self) -> None:
        """Label the fields in the page's language."""
        super().__init__()
        self.official_name.label.text = gettext("Name")
        self.official_name.validators = [DataRequired(gettext("Enter your name.")), Length(max=NAME_LENGTH)]
        self.password.label.text = gettext("Password")
        self.password.validators = [DataRequired(gettext("Enter your password.")), Length(max=MOST_CHARACTERS)]
        self.code.label.text = gettext("Code from your authenticator")
        self.code.validators = [Length(max=20)]

    def validate_code(self, field: Field) -> None:
        """Demand a second factor."""
        if not field.data and not self.passkey.data:
            raise ValidationError(gettext("Enter the six digits of your authenticator, or use your passkey."))


@admin.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(OFFICIAL_SIGN_INS, methods=["POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for name, password and second factor."""
    if find_official() is not None:
        return redirect(url_for("admin.home"), 303)
    form, services = SignInForm(), current_services()
    if form.validate_on_submit():
        shown = Shown(form.code.data, form.passkey.data or "", bound_to(), _browser())
        try:
            token = factors.sign_in(services, form.official_name.data, form.password.data, shown)
        except LoginRefused as error:
            form.code.errors = [said(error)]
        else:
            return begin_session(make_response(redirect(url_for("admin.home"), 303)), token)
    return _page(form)


@admin.post("/sign-in/passkey")
@limiter.limit(OFFICIAL_SIGN_INS)
def sign_in_with_passkey() -> ResponseReturnValue:
    """Take what a passkey signed, and nothing else: it says itself whose it is."""
    services = current_services()
    if make_form({}, {}).validate_on_submit():
        shown = Shown(passkey=request.form.get("passkey", ""), bound_to=bound_to(), browser=_browser())
        try:
            token = factors.sign_in_with_passkey(services, shown)
        except LoginRefused as error:
            form = SignInForm()
            form.process()
            form.official_name.errors = [said(error)]
            return _page(form)
        return begin_session(make_response(redirect(url_for("admin.home"), 303)), token)
    return redirect(url_for("admin.sign_in"), 303)


@admin.post("/sign-out")
@needs(None)
def sign_out() -> Response:
    """End the session here and on the server."""
    services, name = current_services(), current_official().name
    close_session(services, request.cookies[cookie_name()])
    with services.database.writing() as session:
        note(session, services.now(), name, "signed-out")
    return end_session(make_response(redirect(url_for("admin.sign_in"), 303)))


def _page(form: FlaskForm) -> ResponseReturnValue:
    form.passkey.data = ""
    works = passkeys_work(current_services().settings)
    return render_template("admin/sign_in.html", form=form, passkeys=works), 422 if form.errors else 200


def _browser() -> str:
    return describe_browser(request.user_agent.string)
