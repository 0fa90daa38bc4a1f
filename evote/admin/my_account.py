"""“My account”: an official's own password, authenticator, passkeys and sessions."""

import base64
from collections.abc import Callable

import segno
from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

from evote.admin import own_account
from evote.admin.blueprint import NEW_AUTHENTICATOR, admin, current_official, end_session, needs
from evote.admin.confirming import is_fresh, second_factors
from evote.admin.forms import make_form
from evote.admin.models import NAME_LENGTH
from evote.admin.passkeys import add_passkey, list_passkeys, passkeys_work
from evote.admin.secrets import LEAST_CHARACTERS, MOST_CHARACTERS, open_totp, totp_address
from evote.admin.sessions import list_sessions
from evote.current import current_services
from evote.errors import EvoteError, LoginRefused
from evote.languages import said
from evote.limits import OFFICIAL_SIGN_INS, limiter
from evote.pages.filters import number, printable


@admin.get("/account")
@needs(None)
def account() -> str:
    """Show the account of whoever is signed in."""
    return _account_page(make_form({}, {}))


@admin.route("/account/password", methods=["GET", "POST"])
@limiter.limit(OFFICIAL_SIGN_INS, methods=["POST"])
@needs(None)
def change_password() -> ResponseReturnValue:
    """Take the present password and a new one."""
    form = make_form(password_fields(gettext("Present password")), {})
    if form.validate_on_submit():
        try:
            own_account.change_password(current_services(), current_official(), form.present.data, form.password.data)
        except LoginRefused as error:
            form.present.errors = [said(error)]
        else:
            flash(gettext("The password is changed. Your other sessions have ended."), "good")
            return redirect(url_for("admin.account"), 303)
    return render_template("admin/change_password.html", form=form, least=LEAST_CHARACTERS), 422 if form.errors else 200


@admin.route("/account/authenticator", methods=["GET", "POST"])
@limiter.limit(OFFICIAL_SIGN_INS, methods=["POST"])
@needs(None, fresh=True)
def change_authenticator() -> ResponseReturnValue:
    """Show the secret of a new authenticator, and take its first code."""
    services, official = current_services(), current_official()
    elsewhere = _first("admin.change_authenticator", "code")
    if elsewhere is not None:
        return elsewhere
    sealed = _pending_authenticator()
    needed = [DataRequired(gettext("Enter the six digits of your authenticator.")), Length(max=20)]
    label = gettext("Code that the new authenticator shows now")
    form = make_form({"code": StringField(label, validators=needed, filters=[printable])}, {})
    if form.validate_on_submit():
        try:
            own_account.change_authenticator(services, official, sealed, form.code.data)
        except LoginRefused as error:
            form.code.errors = [said(error)]
        else:
            session.pop(NEW_AUTHENTICATOR)
            flash(gettext("The new authenticator counts from now on; the old one no longer does."), "good")
            return redirect(url_for("admin.account"), 303)
    secret = open_totp(services.settings.secret_key, sealed)
    address = totp_address(secret, official.name, services.settings.site)
    picture = Markup(segno.make(address, micro=False).svg_inline(scale=5, dark="#000", light="#fff"))  # noqa: S704
    page = render_template("admin/change_authenticator.html", form=form, secret=secret, picture=picture)
    return page, 422 if form.errors else 200


@admin.post("/account/authenticator/remove")
@needs(None, fresh=True)
def remove_authenticator() -> ResponseReturnValue:
    """Do without an authenticator."""
    return _do(
        lambda: own_account.remove_authenticator(current_services(), current_official()),
        gettext("The authenticator no longer counts: you sign in with your passkeys."),
    )


@admin.route("/account/passkeys/new", methods=["GET", "POST"])
@needs(None, fresh=True)
def new_passkey() -> ResponseReturnValue:
    """Take a name, and what the browser made."""
    services, official = current_services(), current_official()
    works = passkeys_work(services.settings)
    elsewhere = _first("admin.new_passkey", "passkey")
    if elsewhere is not None:
        return elsewhere
    needed = DataRequired(gettext("Give it a name by which you will know it, like “office computer”."))
    name = StringField(
        gettext("Name of the passkey"), validators=[needed, Length(max=NAME_LENGTH)], filters=[printable]
    )
    form = make_form({"passkey_name": name, "passkey": HiddenField()}, {})
    if form.validate_on_submit():
        try:
            add_passkey(services, official, form.passkey_name.data, form.passkey.data or "")
        except EvoteError as error:
            form.passkey_name.errors = [said(error)]
        else:
            flash(gettext("The passkey is added. You can sign in with it from now on."), "good")
            return redirect(url_for("admin.account"), 303)
    form.passkey.data = ""
    return render_template("admin/new_passkey.html", form=form, works=works), 422 if form.errors else 200


@admin.post("/account/passkeys/<int:passkey_id>")
@needs(None, fresh=True)
def change_passkey(passkey_id: int) -> ResponseReturnValue:
    """Rename a passkey, or remove it."""
    services, official = current_services(), current_official()
    if request.form.get("action") == "remove":
        gone = gettext("The passkey is removed here. Delete it on its device too.")
        return _do(lambda: own_account.remove_passkey(services, official, passkey_id), gone)
    name = printable(request.form.get("passkey_name"))[:NAME_LENGTH] or gettext("Passkey")
    return _do(
        lambda: own_account.rename_passkey(services, official, passkey_id, name), gettext("The passkey is renamed.")
    )


@admin.post("/account/sessions")
@needs(None)
def end_own_session() -> ResponseReturnValue:
    """End one session, or all."""
    services, official, ended = current_services(), current_official(), request.form.get("session", "")
    own_account.end_session(services, official, ended)
    if ended and ended != official.session_hash:
        return redirect(url_for("admin.account"), 303)
    return end_session(make_response(redirect(url_for("admin.sign_in"), 303)))


def password_fields(present: str = "") -> dict[str, PasswordField]:
    """Return the fields of a new password, with the present one where a label for it is given."""
    short = gettext("A password needs at least %(count)s characters.", count=number(LEAST_CHARACTERS))
    fields = {}
    if present:
        needed = DataRequired(gettext("Enter your present password."))
        fields["present"] = PasswordField(present, validators=[needed, Length(max=MOST_CHARACTERS)])
    fields["password"] = PasswordField(
        gettext("New password"),
        validators=[
            DataRequired(gettext("Choose a password.")),
            Length(min=LEAST_CHARACTERS, message=short),
            Length(max=MOST_CHARACTERS, message=gettext("This password is too long.")),
        ],
    )
    differ = EqualTo("password", gettext("The two passwords differ."))
    fields["again"] = PasswordField(gettext("The password once more"), validators=[differ])
    return fields


def _first(page: str, field: str) -> ResponseReturnValue | None:
    """Return where a request belongs that does not come from a page's own form, which has this field.

    The page is shown only within ten minutes of a second factor. The account's button for it is a POST, before which
    the guard asks for one.
    """
    if request.method == "GET" and not is_fresh(current_official()):
        return redirect(url_for("admin.account"), 303)
    if request.method == "POST" and field not in request.form:
        return redirect(url_for(page), 303)
    return None


def _pending_authenticator() -> bytes:
    """Return the sealed secret that this session's page shows; one that another session saw may be known."""
    of, sealed = session.get(NEW_AUTHENTICATOR, ("", ""))
    if of != current_official().session_hash:
        sealed = base64.b64encode(own_account.new_authenticator(current_services())).decode()
        session[NEW_AUTHENTICATOR] = [current_official().session_hash, sealed]
    return base64.b64decode(sealed)


def _do(change: Callable[[], None], done: str) -> ResponseReturnValue:
    try:
        change()
    except EvoteError as error:
        form = make_form({}, {})
        return _account_page(form, said(error)), error.status
    flash(done, "good")
    return redirect(url_for("admin.account"), 303)


def _account_page(form: FlaskForm, problem: str = "") -> str:
    services, official = current_services(), current_official()
    authenticator, _ = second_factors(official)
    return render_template(
        "admin/account.html",
        form=form,
        problem=problem,
        authenticator=authenticator,
        passkeys=list_passkeys(services, official.official_id),
        works=passkeys_work(services.settings),
        sessions=list_sessions(services, official.official_id),
        present=official.session_hash,
    )
