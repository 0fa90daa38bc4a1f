"""Logging in as a voter: voter id, then the one-time code from the mail, then the booth.

Plain forms; a script only fills the voter id in from a letter's address. A provider is another way: `login_oidc`.
"""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from evote.accounts import codes, login, oidc
from evote.accounts.models import LOGIN_LENGTH
from evote.current import current_services
from evote.errors import LoginRefused
from evote.languages import said
from evote.limits import CODE_REQUESTS, LOGINS, limiter
from evote.pages.blueprint import pages
from evote.pages.filters import number, printable
from evote.pages.login_oidc import taken_sentence
from evote.pages.voting_time import title_while_open

_VOTER_ID = "login_voter_id"


class VoterIdForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The first page: who logs in."""

    voter_id = StringField(filters=[printable])

    def __init__(self) -> None:
        """Label the field in the page's language."""
        super().__init__()
        too_long = gettext("This is longer than any voter id. Copy it from your letter or mail.")
        self.voter_id.label.text = gettext("Voter id")
        self.voter_id.validators = [
            DataRequired(gettext("Enter your voter id, as it stands in your letter or mail.")),
            Length(max=LOGIN_LENGTH, message=too_long),
        ]


class CodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The second page: the code from the mail."""

    code = StringField(filters=[printable])

    def __init__(self) -> None:
        """Label the field in the page's language."""
        super().__init__()
        self.code.label.text = gettext("One-time code")
        self.code.validators = [
            DataRequired(gettext("Enter the one-time code from the mail.")),
            Length(max=40, message=gettext("This is longer than a one-time code. It has eight digits.")),
        ]


@pages.route("/elections/<uuid:election_id>/login", methods=["GET", "POST"])
@limiter.limit(CODE_REQUESTS, methods=["POST"])
def log_in(election_id: object) -> ResponseReturnValue:
    """Ask for the voter id and mail a one-time code to it, or lead to the identity provider."""
    title = title_while_open(str(election_id))
    form = VoterIdForm()
    if form.validate_on_submit():
        _send_code(str(election_id), form.voter_id.data)
        return redirect(url_for("pages.log_in_code", election_id=election_id), 303)
    if request.method == "GET":
        form.voter_id.data = session.get(_VOTER_ID, "")
    problem, provider = taken_sentence(), oidc.provider_name()
    page = render_template("pages/login.html", form=form, title=title, problem=problem, provider=provider)
    return page, 422 if form.errors else 200


@pages.route("/elections/<uuid:election_id>/login/code", methods=["GET", "POST"])
@limiter.limit(LOGINS, methods=["POST"])
def log_in_code(election_id: object) -> ResponseReturnValue:
    """Take the one-time code and lead to the booth."""
    title = title_while_open(str(election_id))
    voter_id = session.get(_VOTER_ID, "")
    if not voter_id:
        return redirect(url_for("pages.log_in", election_id=election_id), 303)
    form = CodeForm()
    if form.validate_on_submit():
        try:
            login.begin(codes.log_in(current_services(), str(election_id), voter_id, form.code.data))
        except LoginRefused as error:
            form.code.errors = [said(error)]
        else:
            session.pop(_VOTER_ID)
            return redirect(url_for("booth.booth", election_id=election_id), 303)
    page = render_template(
        "pages/login_code.html", form=form, title=title, voter_id=voter_id, lifetime=codes.CODE_LIFETIME
    )
    return page, 422 if form.errors else 200


@pages.post("/elections/<uuid:election_id>/login/code/again")
@limiter.limit(CODE_REQUESTS)
def send_code_again(election_id: object) -> ResponseReturnValue:
    """Mail another code to the same voter id."""
    title_while_open(str(election_id))
    voter_id = session.get(_VOTER_ID, "")
    if not voter_id or not FlaskForm().validate_on_submit():
        return redirect(url_for("pages.log_in", election_id=election_id), 303)
    if _send_code(str(election_id), voter_id):
        flash(gettext("Another code is on its way. An earlier one that you still have works too."), "good")
    return redirect(url_for("pages.log_in_code", election_id=election_id), 303)


def _send_code(election_id: str, voter_id: str) -> bool:
    """Mail a code; says, and returns, whether it was not one too many. It tells nothing about the roll."""
    session[_VOTER_ID] = voter_id
    sent = codes.request_code(current_services(), election_id, voter_id)
    if not sent:
        most = number(codes.CODES_AN_HOUR)
        flash(gettext("%(most)s codes were asked for within an hour. Use one of them, or wait.", most=most), "wait")
    return sent
