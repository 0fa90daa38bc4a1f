"""A real SMTP server on this machine, which can be told to behave badly."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from evote.settings import Smtp
from evote.simulation.stage import free_port


@dataclass(frozen=True)
class Received:
    """A mail that was taken: the envelope's recipient, and the mail."""

    to: str
    message: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class MailServer:
    """What the server did and shall do.

    Attributes:
        answers: {recipient: what to say to RCPT, one after the other, before it takes mail}.
        drops: How many mails from now on lose their connection after the data, before the answer.
        pause: Seconds before the answer to each mail.
        refuses_all: The answer to every sender.
    """

    port: int = 0
    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    drops: int = 0
    pause: float = 0.0
    refuses_all: str = ""
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def smtp(self) -> Smtp:
        return Smtp("127.0.0.1", self.port, "vote@example.org", starttls=False)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses_all:
            return self.refuses_all
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers[address]:
            return self.answers[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.drops:
            self.drops -= 1
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "451 gone"
        await asyncio.sleep(self.pause)
        content: Any = envelope.content
        message: Any = message_from_bytes(content, policy=policy.default)
        with self.arrived:
            self.received += [Received(to, message) for to in envelope.rcpt_tos]
            self.arrived.notify_all()
        return "250 OK"

    def wait_for(self, count: int, seconds: float = 60) -> None:
        """Wait until so many mails have come."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.received) >= count, seconds), len(self.received)


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """Run a server on a port of this machine, by default any free one."""
    handler = MailServer(port or free_port())
    controller = Controller(
        handler, hostname="127.0.0.1", port=handler.port, loop=asyncio.new_event_loop(), enable_SMTPUTF8=True
    )
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()
