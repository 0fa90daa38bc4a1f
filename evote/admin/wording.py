"""What officials do, said in plain words."""

from flask_babel import gettext


def deed_name(what: str) -> str:
    """Say what somebody did; a word that is not known yet is shown as it is."""
    names = {
        "official-added": gettext("Official appointed"),
        "official-reset": gettext("Official given a new enrolment code"),
        "official-removed": gettext("Official's account closed"),
        "enrolled": gettext("Enrolled with password and authenticator"),
        "signed-in": gettext("Signed in"),
        "signed-out": gettext("Signed out"),
        "sign-in-refused": gettext("Sign-in refused"),
        "locked-out": gettext("Locked out after too many tries"),
    }
    return names.get(what, what)
