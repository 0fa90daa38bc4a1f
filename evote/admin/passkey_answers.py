"""What browsers ask for before a passkey signs: the only answers of the officials' site that a script reads."""

import hashlib
import secrets

from flask import Response, jsonify, request, session
from flask_babel import gettext

from evote.admin.blueprint import admin, find_official
from evote.admin.confirming import is_fresh
from evote.admin.passkeys import ADD, CONFIRM, SECOND, SIGN_IN, addition_options, passkeys_work, signing_options
from evote.current import current_services
from evote.errors import Forbidden, Malformed
from evote.limits import OFFICIAL_SIGN_INS, limiter

_BROWSER = "passkey_browser"


@admin.post("/passkeys/options")
@limiter.limit(OFFICIAL_SIGN_INS)
def passkey_options() -> Response:
    """Make a challenge; returns what the browser's WebAuthn takes.

    Raises:
        Malformed: Nothing is done with passkeys under this name.
        Forbidden: One has to be signed in for it, or to confirm first.
    """
    services, official = current_services(), find_official()
    purpose = request.form.get("purpose", "")
    if not passkeys_work(services.settings) or purpose not in (ADD, CONFIRM, SECOND, SIGN_IN):
        raise Malformed(gettext("Passkeys cannot be used here."))
    if purpose in (SECOND, SIGN_IN):
        return jsonify(signing_options(services, purpose, bound_to()))
    if official is None or (purpose == ADD and not is_fresh(official)):
        raise Forbidden(gettext("Open the page again, and confirm first that it is you."))
    if purpose == CONFIRM:
        return jsonify(signing_options(services, purpose, official.session_hash))
    return jsonify(addition_options(services, official.official_id, official.session_hash))


def bound_to() -> str:
    """Name the browser of somebody who is not signed in, by a hash of what its session cookie holds."""
    if _BROWSER not in session:
        session[_BROWSER] = secrets.token_urlsafe(18)
    return hashlib.sha256(b"passkey browser\n" + str(session[_BROWSER]).encode()).hexdigest()
