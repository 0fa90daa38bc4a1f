"""Logging in as a voter: voter id, then the one-time code from the mail, then the booth. Plain forms, no script."""

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from evote.accounts import codes, login
from evote.accounts.models import LOGIN_LENGTH
from evote.current import current_services
from evote.elections.queries import get_election
from evote.errors import LoginRefused, NotOpen
from evote.languages import said
from evote.limits import CODE_REQUESTS, LOGINS, limiter
from evote.pages.blueprint import pages
from evote.pages.filters import localized, printable
from evote.pages.phases import Phase, phase_of

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
    """Ask for the voter id and mail a one-time code to it."""
    title = _title_while_open(str(election_id))
    form = VoterIdForm()
    if form.validate_on_submit():
        codes.request_code(current_services(), str(election_id), form.voter_id.data)
        session[_VOTER_ID] = form.voter_id.data
        return redirect(url_for("pages.log_in_code", election_id=election_id), 303)
    return render_template("pages/login.html", form=form, title=title), 422 if form.errors else 200


@pages.route("/elections/<uuid:election_id>/login/code", methods=["GET", "POST"])
@limiter.limit(LOGINS, methods=["POST"])
def log_in_code(election_id: object) -> ResponseReturnValue:
    """Take the one-time code and lead to the booth."""
    title = _title_while_open(str(election_id))
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
    return render_template("pages/login_code.html", form=form, title=title), 422 if form.errors else 200


def _title_while_open(election_id: str) -> str:
    """Return the election's title.

    Raises:
        NotOpen: It takes no ballots now; the sentence says what comes next.
    """
    services = current_services()
    with services.database.reading() as reading:
        detail = get_election(reading, election_id)
    summary = detail.summary
    phase = phase_of(summary.state, summary.opens_at, summary.closes_at, services.now())
    if phase in (Phase.DRAFT, Phase.FROZEN, Phase.WAITING):
        raise NotOpen(gettext("Voting has not opened yet. The page of the election says when it does."))
    if phase is not Phase.OPEN:
        raise NotOpen(
            gettext("Voting is over: no ballot is taken any more. The page of the election says what comes next.")
        )
    return localized(detail.manifest.title)
