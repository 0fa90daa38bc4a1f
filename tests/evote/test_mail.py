"""The outbox and its sender: sent once, tried again, dropped when of no use; unreadable at rest."""

import smtplib
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Self

import pytest

from evote.errors import NotFound
from evote.mail.models import Message
from evote.mail.outbox import UNREADABLE, Mail, demo_outbox, put_mail
from evote.mail.sender import MailSender
from evote.services import Services
from evote.settings import Settings, Smtp
from tests.support.server import Clock, make_services

SENT: list[EmailMessage] = []


class Mailbox:
    """Stands in for smtplib.SMTP; refuses as often as `failures` says."""

    failures = 0

    def __init__(self, host: str, port: int, timeout: int) -> None:
        assert (host, port, timeout) == ("mail.example", 25, 20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send_message(self, message: EmailMessage) -> None:
        if Mailbox.failures:
            Mailbox.failures -= 1
            raise smtplib.SMTPServerDisconnected("gone")
        SENT.append(message)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Services:
    SENT.clear()
    Mailbox.failures = 0
    monkeypatch.setattr("evote.mail.sender.smtplib.SMTP", Mailbox)
    smtp = Smtp("mail.example", 25, "vote@example.org", starttls=False)
    return make_services(replace(settings, smtp=smtp), clock)


def _put(services: Services, count: int = 1) -> None:
    with services.database.writing() as session:
        for number in range(count):
            mail = Mail(f"jan{number}@example.org", "Your code", f"code {number}\nرمز", services.now())
            put_mail(session, services, mail, timedelta(minutes=15))


def _left(services: Services) -> int:
    with services.database.reading() as session:
        return session.query(Message).count()


def test_mail_is_sent_once(services: Services) -> None:
    _put(services, 3)
    sender = MailSender(services)
    assert (sender.send_due(), sender.send_due(), _left(services)) == (3, 0, 0)
    assert [message["To"] for message in SENT] == [f"jan{number}@example.org" for number in range(3)]
    assert SENT[0].get_content() == "code 0\nرمز\n"


def test_a_refusing_mail_server_is_tried_again_later(services: Services, clock: Clock) -> None:
    _put(services, 2)
    Mailbox.failures = 1
    sender = MailSender(services)
    assert (sender.send_due(), _left(services)) == (0, 2)
    clock.forward(seconds=3)
    assert (sender.send_due(), _left(services)) == (2, 0)


def test_mail_of_no_more_use_is_dropped(services: Services, clock: Clock) -> None:
    _put(services)
    clock.forward(minutes=16)
    assert (MailSender(services).send_due(), _left(services), SENT) == (0, 0, [])


def test_texts_are_encrypted_and_bound_to_the_secret(services: Services) -> None:
    _put(services)
    other = replace(services, settings=replace(services.settings, secret_key=b"another secret of thirty-two bytes"))
    with services.database.reading() as session:
        assert b"code 0" not in session.query(Message).one().sealed_text
        assert demo_outbox(session, services)[0].text.startswith("code 0")
        assert demo_outbox(session, other)[0].text == UNREADABLE
        with pytest.raises(NotFound):
            demo_outbox(session, replace(services, settings=replace(services.settings, demo=False)))
