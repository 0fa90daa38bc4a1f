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
        "draft-begun": gettext("Began to write the definition"),
        "draft-saved": gettext("Saved the definition"),
        "manifest-made": gettext("Made the manifest"),
        "file-handed-in": gettext("Handed in a file"),
        "freeze": gettext("Froze the election"),
        "door-shut": gettext("Stopped the voting, to close"),
        "open": gettext("Handed in the official's signature: open"),
        "close": gettext("Handed in the official's signature: close"),
        "extend": gettext("Handed in the official's signature: extend"),
        "annul": gettext("Handed in the official's signature: annul"),
        "tally": gettext("Handed in the tally"),
        "refused": gettext("The server refused it"),
    }
    return names.get(what, what)


def part_names() -> dict[str, str]:
    """Name the steps of writing a definition."""
    return {
        "texts": gettext("Texts"),
        "contests": gettext("Contests"),
        "styles": gettext("Ballot styles"),
        "times": gettext("Times"),
        "people": gettext("People and keys"),
        "check": gettext("Check and make"),
    }
