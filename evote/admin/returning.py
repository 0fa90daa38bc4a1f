"""Signing in again where one was typing: a form that came after the session's end is kept, and goes on.

As over a second factor (`confirming`), nothing is stored: the page holds the fields and sends them to the same address
again. It is for pages whose forms can be undone (`needs(…, typed=True)`), and for the official whose session it was:
nobody does by signing in what somebody else has left there. Forms of other sites do not get this far, as they have no
token.
"""

from flask import after_this_request, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import PasswordField, StringField

from evote.admin.blueprint import about, find_late, forget_forms, hand_token
from evote.admin.factors import Shown, sign_in, sign_in_with_passkey
from evote.admin.forms import make_form
from evote.admin.passkey_answers import bound_to
from evote.admin.passkeys import passkeys_work
from evote.admin.secrets import MOST_CHARACTERS
from evote.admin.sessions import Ended, SignedIn, close_session, describe_browser, find_session
from evote.current import current_services
from evote.errors import LoginRefused
from evote.languages import said
from evote.limits import OFFICIAL_SIGN_INS, limiter
from evote.pages.filters import printable

_PASSWORD, _CODE, _PASSKEY, _ALONE = "again_password", "again_code", "again_passkey", "again_alone"
_OURS = {_PASSWORD, _CODE, _PASSKEY, _ALONE, "csrf_token"}


def ask_to_return() -> ResponseReturnValue | None:
    """Return the page that asks to sign in again; nothing where that was done, and the request may go on."""
    late, problem = find_late(), ""
    if late is None:
        return redirect(url_for("admin.sign_in"), 303)
    if not {_PASSWORD, _ALONE} & request.form.keys():
        return _page(late, "", 403)
    try:
        with limiter.limit(OFFICIAL_SIGN_INS):
            token, official = _sign_in(late)
    except LoginRefused as error:
        problem = said(error)
        return _page(late, problem, 422)
    g.official = official
    forget_forms()
    after_this_request(lambda response: hand_token(response, token))
    return None


def _sign_in(late: Ended) -> tuple[str, SignedIn]:
    services, browser = current_services(), describe_browser(request.user_agent.string)
    if _ALONE in request.form:
        token = sign_in_with_passkey(services, Shown("", request.form[_ALONE], bound_to(), browser))
    else:
        code, passkey = printable(request.form.get(_CODE))[:20], request.form.get(_PASSKEY, "")
        shown = Shown(code, passkey, bound_to(), browser)
        token = sign_in(services, late.name, request.form[_PASSWORD][: MOST_CHARACTERS + 1], shown)
    official = find_session(services, token, about())
    if official is None or official.official_id != late.official_id:
        close_session(services, token)
        raise LoginRefused(
            gettext("What waits here was typed by %(name)s, so only %(name)s can go on with it.", name=late.name)
        )
    return token, official


def _page(late: Ended, problem: str, status: int) -> ResponseReturnValue:
    fields = {
        _PASSWORD: PasswordField(gettext("Password")),
        _CODE: StringField(gettext("Code from your authenticator"), filters=[printable]),
    }
    form = make_form(fields, {})
    form[_CODE].data = ""
    form[_PASSWORD].errors = [problem] if problem else []
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in _OURS]
    passkeys = passkeys_work(current_services().settings)
    return render_template("admin/return.html", form=form, kept=kept, name=late.name, passkeys=passkeys), status
