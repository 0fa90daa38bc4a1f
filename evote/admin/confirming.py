"""A second factor once more, before what cannot be undone; the request that asked for it is kept and goes on.

Nothing is stored on the server: the page holds the fields, and small files in base64, and sends them to the same
address again together with the second factor.
"""

import base64
import binascii
import json
from io import BytesIO

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict
from wtforms import StringField

from evote.admin.blueprint import MOST_KEPT_BYTES, admin, end_session
from evote.admin.factors import Shown, SignedOut, confirm
from evote.admin.forms import make_form
from evote.admin.models import Official
from evote.admin.passkeys import count_passkeys, passkeys_work
from evote.admin.sessions import FRESH, SignedIn
from evote.current import current_services
from evote.errors import LoginRefused, Malformed
from evote.languages import said
from evote.limits import OFFICIAL_SIGN_INS, limiter
from evote.pages.filters import printable

_CODE, _PASSKEY, _FILE, _LOST = "confirm_code", "confirm_passkey", "confirm_file", "confirm_lost"
_OURS = {_CODE, _PASSKEY, _FILE, _LOST, "csrf_token"}


def is_fresh(official: SignedIn) -> bool:
    """Say whether a second factor was shown in the last ten minutes."""
    return current_services().now() - official.confirmed_at <= FRESH


def ask_to_confirm(official: SignedIn) -> ResponseReturnValue | None:
    """Return the page that asks for a second factor, or nothing where the request may go on.

    Fields and files of a request that comes from that page are as they were at first.
    """
    answered = _CODE in request.form or _PASSKEY in request.form
    if not answered:
        return None if is_fresh(official) else _page(official, _form(), 403)
    if not is_fresh(official):
        with limiter.limit(OFFICIAL_SIGN_INS):
            problem = _confirm(official)
        if problem:
            form = _form()
            form[_CODE].errors = [problem]
            return _page(official, form, 422)
    if request.form.get(_LOST):
        return redirect(request.script_root + request.full_path, 303)
    request.files = ImmutableMultiDict(_kept_files())  # a cached property: this fills the cache
    return None


@admin.app_errorhandler(SignedOut)
def lead_out(error: SignedOut) -> ResponseReturnValue:
    """Lead to the sign-in after too many wrong tries, and say why."""
    flash(said(error), "bad")
    return end_session(make_response(redirect(url_for("admin.sign_in"), 303)))


def second_factors(official: SignedIn) -> tuple[bool, bool]:
    """Return whether an official has an authenticator, and passkeys that can be used here."""
    services = current_services()
    with services.database.reading() as session:
        row = session.get_one(Official, official.official_id)
        passkeys = count_passkeys(session, row.id)
    return bool(row.sealed_totp), bool(passkeys) and passkeys_work(services.settings)


def _confirm(official: SignedIn) -> str:
    """Try the second factor; returns the sentence that refuses it."""
    code, passkey = printable(request.form.get(_CODE))[:20], request.form.get(_PASSKEY, "")
    if not code and not passkey:
        return gettext("Enter the six digits of your authenticator, or use your passkey.")
    try:
        confirm(current_services(), official, Shown(code, passkey, official.session_hash))
    except LoginRefused as error:
        return said(error)
    return ""


def _form() -> FlaskForm:
    label = gettext("Code from your authenticator")
    form: FlaskForm = make_form({_CODE: StringField(label, filters=[printable])}, {})
    form[_CODE].data = ""
    return form


def _page(official: SignedIn, form: FlaskForm, status: int) -> ResponseReturnValue:
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in _OURS]
    files, lost = request.form.getlist(_FILE), bool(request.form.get(_LOST))
    given = [(name, one.filename or "", one.read()) for name, one in request.files.items(multi=True) if one.filename]
    if sum(len(data) for _, _, data in given) > MOST_KEPT_BYTES:
        lost = True
    else:
        files += [json.dumps([name, label, base64.b64encode(data).decode()]) for name, label, data in given]
    authenticator, passkey = second_factors(official)
    page = render_template(
        "admin/confirm.html",
        form=form,
        kept=[*kept, *((_FILE, one) for one in files), *([(_LOST, "1")] if lost else [])],
        lost=lost,
        act=_act(),
        authenticator=authenticator,
        passkey=passkey,
    )
    return page, status


def _act() -> str:
    """Name what will be done; empty where it has no name here."""
    kinds = {
        "open": gettext("Open the election"),
        "close": gettext("Close the election"),
        "extend": gettext("Extend the voting"),
        "annul": gettext("Annul the election"),
    }
    names = {
        "freeze": gettext("Freeze the election"),
        "draft_check": gettext("Make the manifest"),
        "stop": gettext("Stop the voting"),
        "trustees_page": gettext("Hand in"),
        "sign": kinds.get(str((request.view_args or {}).get("kind")), ""),
        "officials_page": gettext("Appoint somebody"),
        "change_roles": gettext("Save the roles"),
        "change_assignments": gettext("Roles for single elections"),
        "reset_official": gettext("Make a new enrolment code"),
        "remove_official": gettext("Close the account"),
        "change_authenticator": gettext("Change to another authenticator"),
        "remove_authenticator": gettext("Do without the authenticator"),
        "new_passkey": gettext("Add a passkey"),
        "change_passkey": gettext("Rename or remove a passkey"),
        "confirm_mailing": gettext("Send to voters"),
        "correct": gettext("Put it on the log"),
    }
    return names.get((request.endpoint or "").removeprefix("admin."), "")


def _kept_files() -> MultiDict[str, FileStorage]:
    """Return the files that the page has kept.

    Raises:
        Malformed: This is not what the page holds.
    """
    files: MultiDict[str, FileStorage] = MultiDict()
    for kept in request.form.getlist(_FILE):
        try:
            name, label, data = json.loads(kept)
            files.add(name, FileStorage(BytesIO(base64.b64decode(data, validate=True)), label, name))
        except (ValueError, TypeError, binascii.Error):
            raise Malformed(gettext("Open the page again: the file that you chose did not come along.")) from None
    return files
