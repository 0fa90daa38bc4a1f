"""Put mail into the outbox, and look into it in demo mode. Texts are encrypted at rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import select
from sqlalchemy.orm import Session

from evote.errors import NotFound
from evote.mail.identifiers import new_message_id
from evote.mail.models import SUBJECT_LENGTH, Message
from evote.sealing import cipher_for
from evote.services import Services

_SHOWN = 50
_OUTBOX = "evote outbox"
UNREADABLE = "(This mail cannot be read: it was sealed with another secret key.)"


@dataclass(frozen=True)
class Mail:
    """A mail in the clear.

    Attributes:
        unsubscribe: A page to which a mail program may post so that no more such mails come (RFC 8058); often empty.
    """

    to: str
    subject: str
    text: str
    time: datetime
    unsubscribe: str = ""


def put_mail(session: Session, services: Services, mail: Mail, lifetime: timedelta) -> None:
    """Store a mail to be sent; it is dropped when it could not be within its lifetime."""
    session.add(Message(**row_of(services, mail, mail.time + lifetime, new_message_id(services))))


def row_of(
    services: Services, mail: Mail, expires_at: datetime, message_id: str, mailing_id: int | None = None
) -> dict[str, Any]:
    """Return the columns of a mail's row, with the Message-ID that it keeps."""
    return {
        "message_id": message_id,
        "mailing_id": mailing_id,
        "held": False,
        "recipient": mail.to,
        "subject": mail.subject[:SUBJECT_LENGTH],
        "sealed_text": cipher_for(services.settings.secret_key, _OUTBOX).encrypt(mail.text.encode()),
        "unsubscribe": mail.unsubscribe,
        "created_at": mail.time,
        "next_try_at": mail.time,
        "expires_at": expires_at,
        "tries": 0,
    }


def open_mail(services: Services, message: Message) -> Mail:
    """Decrypt a stored mail."""
    try:
        text = cipher_for(services.settings.secret_key, _OUTBOX).decrypt(message.sealed_text).decode()
    except InvalidToken:
        text = UNREADABLE
    return Mail(message.recipient, message.subject, text, message.created_at, message.unsubscribe)


def demo_outbox(session: Session, services: Services, to: str = "") -> list[Mail]:
    """Return the newest mails, all or to one address: the demo's stand-in for mailboxes.

    Raises:
        NotFound: This is no demo.
    """
    if not services.settings.demo:
        raise NotFound("There is no such page.")
    query = select(Message).order_by(Message.id.desc()).limit(_SHOWN)
    if to:
        query = query.where(Message.recipient == to)
    return [open_mail(services, message) for message in session.scalars(query)]
