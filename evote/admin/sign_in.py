"""Signing in and out. Plain forms; a voter's login is something else and stays as it is."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from evote.admin import officials
from evote.admin.blueprint import admin, begin_session, cookie_name, current_official, end_session, find_official, needs
from evote.admin.deeds import note
from evote.admin.models import NAME_LENGTH
from evote.admin.secrets import MOST_CHARACTERS
from evote.admin.sessions import close_session
from evote.current import current_services
from evote.errors import LoginRefused
from evote.languages import said
from evote.limits import OFFICIAL_SIGN_INS, limiter
from evote.pages.filters import printable


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Name, password and the authenticator's code, together: no answer tells which was wrong."""

    official_name = StringField(filters=[printable])
    password = PasswordField()
    code = StringField(filters=[printable])

    def __init__(self) -> None:
        """Label the fields in the page's language."""
        super().__init__()
        self.official_name.label.text = gettext("Name")
        self.official_name.validators = [DataRequired(gettext("Enter your name.")), Length(max=NAME_LENGTH)]
        self.password.label.text = gettext("Password")
        self.password.validators = [DataRequired(gettext("Enter your password.")), Length(max=MOST_CHARACTERS)]
        self.code.label.text = gettext("Code from your authenticator")
        self.code.validators = [DataRequired(gettext("Enter the six digits of your authenticator.")), Length(max=20)]


@admin.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(OFFICIAL_SIGN_INS, methods=["POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for name, password and code."""
    if find_official() is not None:
        return redirect(url_for("admin.home"), 303)
    form, services = SignInForm(), current_services()
    if form.validate_on_submit():
        try:
            token = officials.sign_in(services, form.official_name.data, form.password.data, form.code.data)
        except LoginRefused as error:
            form.code.errors = [said(error)]
        else:
            return begin_session(make_response(redirect(url_for("admin.home"), 303)), token)
    return render_template("admin/sign_in.html", form=form), 422 if form.errors else 200


@admin.post("/sign-out")
@needs(None)
def sign_out() -> Response:
    """End the session here and on the server."""
    services, name = current_services(), current_official().name
    close_session(services, request.cookies[cookie_name()])
    with services.database.writing() as session:
        note(session, services.now(), name, "signed-out")
    return end_session(make_response(redirect(url_for("admin.sign_in"), 303)))
