"""Who may do what. A role is a set of permissions, and nobody has one that the role does not need."""

from collections.abc import Iterable
from enum import StrEnum

from flask_babel import lazy_gettext

from evote.errors import Malformed


class Role(StrEnum):
    """What an official was appointed for; one person can have several."""

    ELECTION_ADMIN = "election-admin"
    REGISTRAR = "registrar"
    MODERATOR = "moderator"
    AUDITOR = "auditor"


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
    AUDIT = "audit"
    """Read the whole log of officials, sign-ins too."""


_ALLOWED = {
    Role.ELECTION_ADMIN: {Permission.SEE, Permission.WRITE, Permission.CONDUCT},
    Role.REGISTRAR: {Permission.SEE, Permission.ROLL},
    Role.MODERATOR: set(),
    Role.AUDITOR: {Permission.SEE, Permission.AUDIT},
}
ROLE_NAMES = {
    Role.ELECTION_ADMIN: lazy_gettext("Election admin"),
    Role.REGISTRAR: lazy_gettext("Registrar"),
    Role.MODERATOR: lazy_gettext("Moderator"),
    Role.AUDITOR: lazy_gettext("Auditor"),
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
        raise Malformed(f"{text!r} is no role. Roles are: {', '.join(Role)}.") from None
