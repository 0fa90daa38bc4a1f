"""A real SMTP server in the process of the tests, which keeps what it takes and refuses whom it is told to."""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Condition

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from evote.simulation.stage import free_port


@dataclass
class Mailbox:
    """What the server has.

    Attributes:
        refuse: {address: answer to RCPT}, like `550 No such user`.
        refuse_data: {address: answers to DATA}, one after the other, `250 …` once they are used up.
        pause: Seconds before each mail is taken.
        passwords: {user: password}; nobody needs one if there are none.
    """

    refuse: dict[str, str] = field(default_factory=dict)
    refuse_data: dict[str, list[str]] = field(default_factory=dict)
    pause: float = 0.0
    passwords: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    port: int = 0
    _changed: Condition = field(default_factory=Condition)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        time.sleep(self.pause)
        answers = self.refuse_data.get(envelope.rcpt_tos[0])
        if answers:
            return answers.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        with self._changed:
            self.taken.append(message_from_bytes(content, EmailMessage, policy=default))
            self._changed.notify_all()
        return "250 Taken"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        fits = self.passwords.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=fits, handled=fits)

    def wait_for(self, count: int) -> None:
        """Return once so many mails were taken."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.taken) >= count, timeout=60)

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.taken]


@contextmanager
def mail_server(mailbox: Mailbox, context: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """Serve a mailbox; with a context, mails are taken after STARTTLS only."""
    mailbox.port = free_port()
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=mailbox.port,
        tls_context=context,
        require_starttls=context is not None,
        authenticator=mailbox.authenticate if mailbox.passwords else None,
        auth_required=bool(mailbox.passwords),
    )
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
