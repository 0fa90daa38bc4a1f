"""The thread that hands the outbox to the mail server. It runs beside the sequencer, so there is one of it."""

import smtplib
import ssl
import threading
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import structlog
from sqlalchemy import delete, select

from evote.errors import EvoteError
from evote.mail.models import Message
from evote.mail.outbox import Mail, open_mail
from evote.services import Services
from evote.settings import Smtp

_AT_ONCE = 50
_PAUSE_SECONDS = 1.0
_TIMEOUT_SECONDS = 20
_LONGEST_WAIT = timedelta(minutes=5)
_KEPT_IN_DEMO = timedelta(days=2)
_log = structlog.get_logger()


class MailSender:
    """Sends what is due until it is told to stop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mail-sender", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the mail in hand, then end."""
        self._stopping.set()
        self._thread.join(_TIMEOUT_SECONDS)

    def send_due(self) -> int:
        """Send every mail that is due, drop the expired ones; returns how many were sent."""
        now, smtp = self._services.now(), self._services.settings.smtp
        expired = Message.expires_at < (now if smtp else now - _KEPT_IN_DEMO)
        with self._services.database.reading() as session:
            query = select(Message).where(Message.next_try_at <= now, ~expired).order_by(Message.id).limit(_AT_ONCE)
            due = session.scalars(query).all() if smtp else []
            stale = session.scalar(select(Message.id).where(expired).limit(1))
        if stale is not None:
            with self._services.database.writing() as session:
                session.execute(delete(Message).where(expired))
        return self._send(smtp, due) if smtp and due else 0

    def _send(self, smtp: Smtp, due: Sequence[Message]) -> int:
        sent: list[int] = []
        try:
            with _connect(smtp) as server:
                for message in due:
                    server.send_message(_compose(smtp, open_mail(self._services, message)))
                    sent.append(message.id)
        except (OSError, smtplib.SMTPException) as error:
            _log.warning("mail_failed", reason=type(error).__name__, sent=len(sent), waiting=len(due) - len(sent))
        with self._services.database.writing() as session:
            session.execute(delete(Message).where(Message.id.in_(sent)))
            failed = next((message.id for message in due if message.id not in sent), None)
            row = session.get(Message, failed) if failed is not None else None
            if row is not None:
                row.tries += 1
                row.next_try_at = self._services.now() + min(timedelta(seconds=2**row.tries), _LONGEST_WAIT)
        return len(sent)

    def _run(self) -> None:
        while not self._stopping.wait(_PAUSE_SECONDS):
            try:
                self.send_due()
            except EvoteError as error:
                _log.error("mail_stalled", reason=str(error))


def _connect(smtp: Smtp) -> smtplib.SMTP:
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=_TIMEOUT_SECONDS)
    if smtp.starttls:
        server.starttls(context=ssl.create_default_context())
    if smtp.user:
        server.login(smtp.user, smtp.password)
    return server


def _compose(smtp: Smtp, mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = smtp.sender, mail.to, mail.subject
    message["Date"], message["Message-ID"] = format_datetime(mail.time), make_msgid(domain=smtp.sender.split("@")[-1])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
