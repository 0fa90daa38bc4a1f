"""What officials do, said in plain words."""

from collections.abc import Callable, Mapping

from flask_babel import gettext

from ballots import codec
from ballots.sentences import SentenceError
from evote.admin.mailings_wording import audience_names, kind_names
from evote.admin.presets import PRESET_NAMES
from evote.admin.roles import ROLE_NAMES
from evote.languages import said
from evote.pages.filters import number
from participation.deeds import deed_names


def deed_name(what: str) -> str:
    """Say what somebody did; a word that is not known yet is shown as it is."""
    names = {
        "official-added": gettext("Official appointed"),
        "official-reset": gettext("Official given a new enrolment code"),
        "official-removed": gettext("Official's account closed"),
        "enrolled": gettext("Enrolled with password and authenticator"),
        "official-roles": gettext("Official given other roles"),
        "official-assigned": gettext("Official assigned to this election"),
        "official-withdrawn": gettext("Official withdrawn from this election"),
        "password-changed": gettext("Changed the password"),
        "password-refused": gettext("Present password refused"),
        "authenticator-changed": gettext("Changed to another authenticator"),
        "authenticator-removed": gettext("Removed the authenticator"),
        "passkey-added": gettext("Added a passkey"),
        "passkey-renamed": gettext("Renamed a passkey"),
        "passkey-removed": gettext("Removed a passkey"),
        "session-ended": gettext("Ended a session"),
        "signed-out-everywhere": gettext("Signed out everywhere"),
        "confirmed": gettext("Showed a second factor once more"),
        "confirmation-refused": gettext("Second factor refused"),
        "signed-in": gettext("Signed in"),
        "signed-out": gettext("Signed out"),
        "sign-in-refused": gettext("Sign-in refused"),
        "locked-out": gettext("Locked out after too many tries"),
        "draft-begun": gettext("Began to write the definition"),
        "draft-saved": gettext("Saved the definition"),
        "options-listed": gettext("Listed the options of a contest, before their order is drawn"),
        "order-drawn": gettext("Drew the order of the options"),
        "manifest-made": gettext("Made the manifest"),
        "file-handed-in": gettext("Handed in a file"),
        "freeze": gettext("Froze the election"),
        "door-shut": gettext("Stopped the voting, to close"),
        "open": gettext("Handed in the official's signature: open"),
        "close": gettext("Handed in the official's signature: close"),
        "extend": gettext("Handed in the official's signature: extend"),
        "annul": gettext("Handed in the official's signature: annul"),
        "tally": gettext("Handed in the tally"),
        "replace": gettext("Handed in the registrar's entry: a lost code gives way to a new one"),
        "strike": gettext("Handed in the registrar's entry: a voter votes on paper"),
        "mail-begun": gettext("Began to write a mail to voters"),
        "mail-saved": gettext("Saved a mail to voters"),
        "mail-discarded": gettext("Threw a mail to voters away"),
        "mail-tested": gettext("Sent a test of a mail to voters"),
        "mail-started": gettext("Sent a mail to voters"),
        "mail-paused": gettext("Paused a mail to voters"),
        "mail-resumed": gettext("Resumed a mail to voters"),
        "mail-stopped": gettext("Stopped a mail to voters"),
        "mail-unreached-seen": gettext("Looked up whom mail does not reach"),
        "refused": gettext("The server refused it"),
    }
    return {**names, **deed_names()}.get(what, what)


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


def detail_name(word: str) -> str:
    """Name a detail of a line of the officials' log; a word that is not known yet is shown as it is."""
    names = {
        "audience": gettext("to whom"),
        "because": gettext("because"),
        "closes_at": gettext("closing time"),
        "copy of": gettext("copy of"),
        "contest": gettext("contest"),
        "counted": gettext("which ballots count"),
        "election": gettext("election"),
        "file": gettext("file"),
        "force": gettext("although it costs much"),
        "kind": gettext("for"),
        "languages": gettext("languages"),
        "mail": gettext("mail"),
        "manifest": gettext("manifest"),
        "name": gettext("name"),
        "of": gettext("of"),
        "options": gettext("list of options"),
        "part": gettext("part"),
        "passkey": gettext("passkey"),
        "people": gettext("people"),
        "petition": gettext("petition"),
        "reason": gettext("reason"),
        "revision": gettext("revision"),
        "roles": gettext("roles"),
        "seed": gettext("seed"),
        "size": gettext("entries"),
        "template": gettext("template"),
        "tries": gettext("tries"),
        "what": gettext("what"),
        "with": gettext("with"),
    }
    return names.get(word, word)


def detail_value(word: str, value: codec.Json) -> str:
    """Write a detail's value: numbers in the page's digits, words that we know in its language."""
    if isinstance(value, dict) and "sentence" in value:
        return said(SentenceError.from_document(value))
    if isinstance(value, list):
        return ", ".join(detail_value(word, one) for one in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int):
        return number(value)
    known: dict[str, Callable[[], Mapping[str, object]]] = {
        "audience": audience_names,
        "kind": kind_names,
        "part": part_names,
        "template": lambda: PRESET_NAMES,
        "with": _ways,
        "roles": lambda: {role.value: name for role, name in ROLE_NAMES.items()},
    }
    if word == "what":
        return deed_name(str(value))
    return str(known[word]().get(str(value), value)) if word in known else str(value)


def _ways() -> dict[str, str]:
    return {
        "authenticator": gettext("authenticator"),
        "passkey": gettext("passkey"),
        "passkey alone": gettext("passkey alone"),
    }
