"""Enrolment: an official chooses a password and sets up an authenticator, with a code from whoever appointed them."""

import segno
from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from evote.admin import officials
from evote.admin.blueprint import admin
from evote.admin.forms import make_form
from evote.admin.my_account import password_fields
from evote.admin.secrets import LEAST_CHARACTERS, totp_address
from evote.current import current_services
from evote.errors import LoginRefused
from evote.languages import said
from evote.limits import OFFICIAL_SIGN_INS, limiter
from evote.pages.filters import printable

_CODE = "enrolment_code"


class EnrolmentForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The first page: the code from whoever appointed one."""

    enrolment_code = StringField(filters=[printable])

    def __init__(self) -> None:
        """Label the field in the page's language."""
        super().__init__()
        self.enrolment_code.label.text = gettext("Enrolment code")
        self.enrolment_code.validators = [DataRequired(gettext("Enter the code you were given.")), Length(max=100)]


@admin.route("/enrol", methods=["GET", "POST"])
@limiter.limit(OFFICIAL_SIGN_INS, methods=["POST"])
def enrol() -> ResponseReturnValue:
    """Ask for the enrolment code."""
    form = EnrolmentForm()
    if form.validate_on_submit():
        try:
            officials.find_enrolment(current_services(), form.enrolment_code.data)
        except LoginRefused as error:
            form.enrolment_code.errors = [said(error)]
        else:
            session[_CODE] = form.enrolment_code.data.strip()
            return redirect(url_for("admin.choose_password"), 303)
    return render_template("admin/enrol.html", form=form), 422 if form.errors else 200


@admin.route("/enrol/password", methods=["GET", "POST"])
@limiter.limit(OFFICIAL_SIGN_INS, methods=["POST"])
def choose_password() -> ResponseReturnValue:
    """Show the authenticator's secret; take the password and the first code."""
    services, code = current_services(), session.get(_CODE, "")
    try:
        enrolment = officials.find_enrolment(services, code)
    except LoginRefused:
        return redirect(url_for("admin.enrol"), 303)
    needed = DataRequired(gettext("Enter the six digits of your authenticator."))
    label = gettext("Code that the authenticator shows now")
    shown = StringField(label, validators=[needed, Length(max=20)], filters=[printable])
    form = make_form({**password_fields(), "code": shown}, {})
    if form.validate_on_submit():
        try:
            officials.enrol(services, code, form.password.data, form.code.data)
        except LoginRefused as error:
            form.code.errors = [said(error)]
        else:
            session.pop(_CODE)
            return redirect(url_for("admin.sign_in"), 303)
    address = totp_address(enrolment.totp, enrolment.name, services.settings.site)
    picture = Markup(segno.make(address, micro=False).svg_inline(scale=5, dark="#000", light="#fff"))  # noqa: S704
    page = render_template(
        "admin/choose_password.html", form=form, enrolment=enrolment, picture=picture, least=LEAST_CHARACTERS
    )
    return page, 422 if form.errors else 200
