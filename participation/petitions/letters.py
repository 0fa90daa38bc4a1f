"""Mails to a petition's creator, in the language in which it was written."""

from datetime import timedelta

from flask_babel import gettext
from sqlalchemy.orm import Session

from participation.petitions.links import MANAGE, make_link
from participation.petitions.models import Petition
from participation.ports import Ports

MANAGE_LIFETIME = timedelta(days=7)
_LIFETIME = timedelta(days=3)


def mail_creator(session: Session, ports: Ports, row: Petition, subject: str, text: str) -> None:
    """Put a mail to the creator into the outbox, with a fresh link to the management page at its end.

    Args:
        session: A writing one.
        ports: The ports.
        row: The petition.
        subject: In the creator's language; see `ports.speaking`.
        text: Likewise.
    """
    if not row.creator_mail:
        return
    token = make_link(session, ports, row.id, MANAGE, MANAGE_LIFETIME)
    end = gettext(
        "Here you manage your petition (the link works once, for %(days)s days; the page sends you new ones):\n\n"
        "%(link)s",
        days=MANAGE_LIFETIME.days,
        link=ports.link("petitions.manage_link", row.language, token=token),
    )
    ports.put_mail(session, row.creator_mail, subject, f"{text}\n\n{end}\n", _LIFETIME)


def greet_creator(session: Session, ports: Ports, row: Petition) -> None:
    """Tell the creator, whose address is confirmed, what comes next."""
    rules = ports.rules.petitions
    with ports.speaking(row.language):
        text = gettext(
            "Your address is confirmed. Now %(count)s people must support your petition “%(title)s”; "
            "then it is checked and opened. Send them this link:\n\n%(link)s",
            count=rules.supporters,
            title=row.title,
            link=invitation_link(ports, row),
        )
        if rules.supporters == 0:
            text = gettext("Your address is confirmed. Your petition “%(title)s” is being checked.", title=row.title)
        mail_creator(session, ports, row, gettext("Your petition: what comes next"), text)


def tell_supported(session: Session, ports: Ports, row: Petition) -> None:
    """Tell the creator that there are enough supporters."""
    with ports.speaking(row.language):
        text = gettext(
            "Enough people support your petition “%(title)s”. It is being checked now; this takes up to %(days)s days.",
            title=row.title,
            days=ports.rules.petitions.overdue_days,
        )
        mail_creator(session, ports, row, gettext("Your petition is being checked"), text)


def invitation_link(ports: Ports, row: Petition) -> str:
    """Return the link that a creator gives to supporters."""
    return ports.link("petitions.support", row.language, petition_id=row.id, code=row.invitation)
