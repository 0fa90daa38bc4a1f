"""Writing a petition, step by step, until its creator's mail address is confirmed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots import codec
from participation.errors import LinkExpired, NotNow, TooOften, Unacceptable
from participation.petitions import life as steps
from participation.petitions.history import CREATOR, change, lock_petition
from participation.petitions.letters import greet_creator, mail_creator
from participation.petitions.life import State
from participation.petitions.links import (
    CONFIRM,
    MANAGE,
    MOST_MAILS,
    SESSION,
    SESSION_LIFETIME,
    count_links,
    end_links,
    hash_token,
    look_at_link,
    make_link,
    newest_link,
    use_link,
)
from participation.petitions.models import Petition, PetitionLink
from participation.petitions.queries import life_of
from participation.petitions.search import index_petition
from participation.ports import Ports
from participation.text import canonical_mail

TEXTS = ("title", "background", "details")
_KEY_BYTES = 24
_CODE_BYTES = 12


@dataclass(frozen=True)
class Draft:
    """A petition that is being written.

    Attributes:
        title, background, details: In the normal form.
        name, mail: Of who writes it.
        confirmed: The mail address is confirmed: nothing can be changed any more.
        link_ended: A link was mailed and works no more: it is too old, or something was changed after it.
    """

    id: str
    language: str
    title: str
    background: str
    details: str
    name: str
    mail: str
    confirmed: bool
    link_ended: bool

    @property
    def missing(self) -> str:
        """The first step that is not filled in: `title`, `text`, `you`, or nothing."""
        if not self.title:
            return "title"
        if not self.background:
            return "text"
        return "" if self.name and self.mail else "you"


def begin_draft(ports: Ports, title: str) -> str:
    """Begin a petition; returns the key under which its draft is written."""
    key, now = codec.encode_bytes(ports.random_bytes(_KEY_BYTES)), ports.now()
    with ports.database.writing() as session:
        row = Petition(
            id=str(uuid.UUID(bytes=ports.random_bytes(16), version=4)),
            key_hash=hash_token(key),
            revision=0,
            language=ports.language(),
            title=title,
            created_at=now,
            changed_at=now,
            state=State.DRAFT,
            invitation=codec.encode_bytes(ports.random_bytes(_CODE_BYTES)),
        )
        session.add(row)
    return key


def find_draft(ports: Ports, key: str) -> Draft | None:
    """Return the draft of a key, or nothing."""
    with ports.database.reading() as session:
        row = _row(session, key) if key else None
        return None if row is None else _draft(row, newest_link(session, row.id, CONFIRM), ports.now())


def save_draft(ports: Ports, key: str, fields: Mapping[str, str]) -> None:
    """Keep some fields of a draft. A link that was mailed confirms what stood there then: a change ends it.

    Args:
        ports: The ports.
        key: Of the draft.
        fields: {`title`, `background`, `details`, `name` or `mail`: text in its normal form}.

    Raises:
        NotNow: There is no such draft, or it was handed in.
    """
    with ports.database.writing() as session:
        row, now = _writable(session, key), ports.now()
        before = _words(row)
        for name in TEXTS:
            setattr(row, name, fields.get(name, getattr(row, name)))
        row.creator_name = fields.get("name", row.creator_name)
        row.creator_mail = fields.get("mail", row.creator_mail)
        row.creator_mailbox = canonical_mail(row.creator_mail) if row.creator_mail else ""
        row.changed_at = now
        if _words(row) != before:
            end_links(session, row.id, CONFIRM, now)


def hand_in(ports: Ports, key: str) -> Draft:
    """Mail the link that confirms the creator's address; pressing twice sends one mail.

    Raises:
        NotNow: There is no such draft, or it was handed in.
        Unacceptable: A step is missing.
        TooOften: Five mails were sent already.
    """
    now, hours = ports.now(), ports.rules.petitions.confirm_hours
    with ports.database.writing() as session:
        row = _writable(session, key)
        last = newest_link(session, row.id, CONFIRM)
        draft = _draft(row, last, now)
        if draft.missing:
            raise Unacceptable("A step is not filled in yet. Go back to it.")
        if last is not None and not draft.link_ended and last.made_at >= now - timedelta(minutes=1):
            return draft  # the button was pressed twice
        if count_links(session, row.id, CONFIRM, now - timedelta(days=1)) >= MOST_MAILS:
            raise TooOften("Five mails were sent to this address already. Look for them, also among unwanted mail.")
        token = make_link(session, ports, row.id, CONFIRM, timedelta(hours=hours))
        text = gettext(
            "You have written a petition on %(site)s:\n\n%(title)s\n\n"
            "Open this page and press the button to confirm that this is your mail address:\n\n%(link)s\n\n"
            "The link works for %(hours)s hours. If you did not write a petition, you need not do anything.",
            site=ports.site,
            title=row.title,
            link=ports.link("petitions.confirm", row.language, token=token),
            hours=hours,
        )
        subject = gettext("Confirm your petition")
        ports.put_mail(session, row.creator_mail, subject, text + "\n", timedelta(hours=hours))
    return draft


def confirm_creator(ports: Ports, token: str) -> tuple[str, str]:
    """Confirm the creator's address; supporters can be invited from then on.

    Returns:
        The petition's id, and the token of a session in which it can be managed.

    Raises:
        LinkExpired: The link is no good.
    """
    now, rules = ports.now(), ports.rules.petitions
    with ports.database.writing() as session:
        # The petition is locked before its link, as where a change ends the link: what is confirmed stands still.
        row = lock_petition(session, look_at_link(session, token, now, CONFIRM).petition_id)
        use_link(session, token, now, CONFIRM)
        cookie = make_link(session, ports, row.id, SESSION, SESSION_LIFETIME)
        if row.state != State.DRAFT:
            return row.id, cookie
        index_petition(session, row)
        change(session, row, steps.collect(life_of(row)), CREATOR, "confirmed", now)
        life = steps.support(life_of(row), 0, rules.supporters, now)
        if life.state is State.MODERATION:
            change(session, row, life, CREATOR, "supported", now)
        greet_creator(session, ports, row)
        return row.id, cookie


def ask_for_manage_link(ports: Ports, petition_id: str, mailbox: str) -> None:
    """Mail a fresh link to the management page, if the address is the creator's; who asks learns nothing."""
    now = ports.now()
    with ports.database.writing() as session:
        row = session.get(Petition, petition_id)
        if row is None or row.state == State.DRAFT or not row.creator_mail or row.creator_mailbox != mailbox:
            return
        if count_links(session, row.id, MANAGE, now - timedelta(hours=1)) >= MOST_MAILS:
            return
        mail_creator(
            session,
            ports,
            row,
            gettext("Your petition: a link to manage it"),
            gettext("You asked for a link to the page where you manage your petition “%(title)s”.", title=row.title),
        )


def open_management(ports: Ports, token: str) -> str:
    """Exchange a mailed link, once, for the token of a session.

    Raises:
        LinkExpired: It was used, or is too old.
    """
    now = ports.now()
    with ports.database.writing() as session:
        link = use_link(session, token, now, MANAGE)
        if not link.again:
            return make_link(session, ports, link.petition_id, SESSION, SESSION_LIFETIME)
    raise LinkExpired("This link was used already; it works once. Ask for a new one on the petition's page.")


def _row(session: Session, key: str) -> Petition | None:
    return session.scalar(select(Petition).where(Petition.key_hash == hash_token(key)))


def _writable(session: Session, key: str) -> Petition:
    row = session.scalar(select(Petition).where(Petition.key_hash == hash_token(key)).with_for_update())
    if row is None or row.state != State.DRAFT:
        raise NotNow("This draft was handed in, or is too old. Begin a new petition, or use the links in your mail.")
    return row


def _words(row: Petition) -> tuple[str, ...]:
    return row.title, row.background, row.details, row.creator_name, row.creator_mail


def _draft(row: Petition, last: PetitionLink | None, now: datetime) -> Draft:
    return Draft(
        id=row.id,
        language=row.language,
        title=row.title,
        background=row.background,
        details=row.details,
        name=row.creator_name,
        mail=row.creator_mail,
        confirmed=row.state != State.DRAFT,
        link_ended=last is not None and last.expires_at <= now,
    )
