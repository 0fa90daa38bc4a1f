"""People who support a petition before it opens: asked by a link of its creator, confirmed by mail."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.errors import Missing, NotNow
from participation.petitions import life as steps
from participation.petitions.history import CREATOR, change, lock_petition
from participation.petitions.letters import tell_supported
from participation.petitions.life import State
from participation.petitions.links import MOST_MAILS, SUPPORT, make_link, use_link
from participation.petitions.models import Petition, PetitionSupporter
from participation.petitions.queries import PetitionView, life_of, view_of
from participation.ports import Ports
from participation.text import canonical_mail

_TAKES = (State.COLLECTING, State.MODERATION)


@dataclass(frozen=True)
class Supporters:
    """How many support a petition.

    Attributes:
        confirmed: Who confirmed by mail.
        waiting: Who have not yet.
        needed, most: By the rules.
    """

    confirmed: int
    waiting: int
    needed: int
    most: int

    @property
    def missing(self) -> int:
        """How many are still needed."""
        return max(0, self.needed - self.confirmed)


def find_invited(session: Session, petition_id: str, code: str) -> PetitionView:
    """Return the petition that an invitation is for.

    Raises:
        Missing: The link is not whole.
    """
    row = session.get(Petition, petition_id)
    if row is None or row.state == State.DRAFT or not hmac.compare_digest(row.invitation.encode(), code.encode()):
        raise Missing("This link is not whole. Ask whoever sent it to you for it again.")
    return view_of(row)


def count_supporters(session: Session, petition_id: str, ports: Ports) -> Supporters:
    """Return how many support a petition."""
    confirmed = PetitionSupporter.confirmed_at.is_not(None)
    query = select(confirmed, func.count()).where(PetitionSupporter.petition_id == petition_id).group_by(confirmed)
    found = {bool(is_confirmed): number for is_confirmed, number in session.execute(query)}
    rules = ports.rules.petitions
    return Supporters(found.get(True, 0), found.get(False, 0), rules.supporters, rules.most_supporters)


def ask_to_support(ports: Ports, petition_id: str, code: str, name: str, mail: str) -> None:
    """Mail a link to somebody who wants to support a petition. The same answer for everybody: the mail says the rest.

    Raises:
        Missing: The invitation is not whole.
        NotNow: The petition takes no supporters any more.
    """
    now, mailbox = ports.now(), canonical_mail(mail)
    with ports.database.writing() as session:
        find_invited(session, petition_id, code)
        row = lock_petition(session, petition_id)
        _require_room(session, ports, row)
        of = (PetitionSupporter.petition_id == petition_id, PetitionSupporter.mailbox == mailbox)
        supporter = session.scalar(select(PetitionSupporter).where(*of))
        if supporter is None:
            supporter = PetitionSupporter(
                petition_id=petition_id,
                name=name,
                mail=mail,
                mailbox=mailbox,
                language=ports.language(),
                mails=0,
                asked_at=now,
            )
            session.add(supporter)
            session.flush()
        if supporter.mails >= MOST_MAILS:
            return
        supporter.mails += 1
        if supporter.confirmed_at is not None or mailbox == row.creator_mailbox:
            _mail_notice(session, ports, row, mail)
        else:
            supporter.name, supporter.asked_at = name, now
            _mail_link(session, ports, row, supporter)


def confirm_support(ports: Ports, token: str) -> tuple[str, bool]:
    """Confirm a supporter's address; the petition goes to the moderators by itself when there are enough.

    Returns:
        The petition's id, and whether it had been confirmed before.

    Raises:
        LinkExpired: The link is no good.
        NotNow: There are enough supporters already.
    """
    now, rules = ports.now(), ports.rules.petitions
    with ports.database.writing() as session:
        link = use_link(session, token, now, SUPPORT)
        row = lock_petition(session, link.petition_id)
        supporter = session.get(PetitionSupporter, link.subject_id)
        if supporter is None or supporter.confirmed_at is not None:
            return row.id, True
        _require_room(session, ports, row)
        supporter.confirmed_at = now
        session.flush()
        life = steps.support(life_of(row), count_supporters(session, row.id, ports).confirmed, rules.supporters, now)
        if life.state is State.MODERATION and row.state == State.COLLECTING:
            change(session, row, life, CREATOR, "supported", now)
            tell_supported(session, ports, row)
        return row.id, False


def _require_room(session: Session, ports: Ports, row: Petition) -> None:
    if row.state not in _TAKES:
        raise NotNow("This petition is past looking for supporters. Its page says where it stands.")
    if count_supporters(session, row.id, ports).confirmed >= ports.rules.petitions.most_supporters:
        raise NotNow("This petition has as many supporters as it can have before it opens. You can sign it then.")


def _mail_link(session: Session, ports: Ports, row: Petition, supporter: PetitionSupporter) -> None:
    lifetime = timedelta(hours=ports.rules.petitions.confirm_hours)
    token = make_link(session, ports, row.id, SUPPORT, lifetime, supporter.id)
    text = gettext(
        "You want to support this petition before it opens:\n\n%(title)s\n\n"
        "Open this page and press the button to confirm it:\n\n%(link)s\n\n"
        "The link works for %(hours)s hours. If this was not you, you need not do anything.",
        title=row.title,
        link=ports.link("petitions.confirm", ports.language(), token=token),
        hours=ports.rules.petitions.confirm_hours,
    )
    ports.put_mail(session, supporter.mail, gettext("Confirm your support"), text + "\n", lifetime)


def _mail_notice(session: Session, ports: Ports, row: Petition, mail: str) -> None:
    text = gettext(
        "Somebody asked to support the petition “%(title)s” with your mail address. "
        "You support it already, so there is nothing to do.",
        title=row.title,
    )
    lifetime = timedelta(hours=ports.rules.petitions.confirm_hours)
    ports.put_mail(session, mail, gettext("You support this petition already"), text + "\n", lifetime)
