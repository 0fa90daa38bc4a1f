"""Who may do what. A role is a set of permissions, and nobody has one that the role does not need."""

from collections.abc import Iterable
from enum import StrEnum

from flask_babel import lazy_gettext

from evote.errors import Malformed


class Role(StrEnum):
    """What an official was appointed for, on the whole site or for single elections; one person can have several."""

    ELECTION_ADMIN = "election-admin"
    REGISTRAR = "registrar"
    MODERATOR = "moderator"
    AUDITOR = "auditor"
    PREPARER = "preparer"
    """Begins elections, and is the election admin of those alone."""
    SITE_ADMIN = "site-admin"
    """Appoints the others, and has no part in any election."""
    RESPONDER = "responder"
    """Answers petitions and keeps promises' status."""
    FACILITATOR = "facilitator"
    """Runs consultations."""


class Permission(StrEnum):
    """Something an official can be allowed to do."""

    SEE = "see"
    """Look at elections being prepared and conducted."""
    WRITE = "write"
    """Write definitions and make manifests."""
    ROLL = "roll"
    """Hand in the registrar's files."""
    CONDUCT = "conduct"
    """Hand in the key; freeze, open, close; hand in what trustees made."""
    MAIL = "mail"
    """Write mails to the voters of an election, and send them."""
    AUDIT = "audit"
    """Read the whole log of officials, sign-ins too."""
    BEGIN = "begin"
    """Begin to write an election."""
    APPOINT = "appoint"
    """Appoint officials, change their roles, give new enrolment codes, close accounts."""
    MODERATE = "moderate"
    """Check petitions and contributions, and take them down with a reason."""
    ANSWER = "answer"
    """Answer petitions; write promises and their status."""
    CONSULT = "consult"
    """Write and run consultations."""


_ALLOWED = {
    Role.ELECTION_ADMIN: {Permission.SEE, Permission.WRITE, Permission.CONDUCT, Permission.MAIL, Permission.BEGIN},
    Role.REGISTRAR: {Permission.SEE, Permission.ROLL},
    Role.MODERATOR: {Permission.MODERATE},
    Role.AUDITOR: {Permission.SEE, Permission.AUDIT},
    Role.PREPARER: {Permission.BEGIN},
    Role.SITE_ADMIN: {Permission.APPOINT},
    Role.RESPONDER: {Permission.ANSWER},
    Role.FACILITATOR: {Permission.CONSULT},
}
FOR_ONE_ELECTION = (Role.ELECTION_ADMIN, Role.REGISTRAR, Role.AUDITOR)
"""Roles that can be given for single elections."""
ROLE_NAMES = {
    Role.ELECTION_ADMIN: lazy_gettext("Election admin"),
    Role.REGISTRAR: lazy_gettext("Registrar"),
    Role.MODERATOR: lazy_gettext("Moderator"),
    Role.AUDITOR: lazy_gettext("Auditor"),
    Role.PREPARER: lazy_gettext("Preparer"),
    Role.SITE_ADMIN: lazy_gettext("Site admin"),
    Role.RESPONDER: lazy_gettext("Responder"),
    Role.FACILITATOR: lazy_gettext("Facilitator"),
}
ROLE_MEANINGS = {
    Role.ELECTION_ADMIN: lazy_gettext("writes elections, freezes, opens, closes and publishes them"),
    Role.REGISTRAR: lazy_gettext("hands in the roll, and what concerns single voters"),
    Role.MODERATOR: lazy_gettext("looks at petitions and contributions before they are published"),
    Role.AUDITOR: lazy_gettext("looks at everything, and changes nothing"),
    Role.PREPARER: lazy_gettext("begins elections, and is the election admin of those alone"),
    Role.SITE_ADMIN: lazy_gettext("appoints officials, and has no part in elections"),
    Role.RESPONDER: lazy_gettext("answers petitions, and keeps promises"),
    Role.FACILITATOR: lazy_gettext("leads consultations"),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return what these roles together allow."""
    return frozenset(permission for role in roles for permission in _ALLOWED[role])


def parse_roles(text: str) -> tuple[Role, ...]:
    """Read stored roles.

    Raises:
        Malformed: There is no such role.
    """
    try:
        return tuple(sorted({Role(word) for word in text.split()}))
    except ValueError:
        raise Malformed("'%(text)s' is no role. Roles are: %(roles)s.", text=text, roles=", ".join(Role)) from None
