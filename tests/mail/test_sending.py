"""The outbox and its sender against a real SMTP server that behaves well, badly, and not at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from evote.errors import NotFound, Unavailable
from evote.mail.handover import Fate
from evote.mail.models import Message
from evote.mail.outbox import UNREADABLE, Mail, demo_outbox, put_mail
from evote.mail.sender import Sender
from evote.mailings.job import MailingsJob
from evote.services import Services
from evote.settings import Settings
from tests.support.bad_mail_server import MailServer, mail_server
from tests.support.mailings import count_messages
from tests.support.server import Clock

LIFETIME = timedelta(minutes=15)


def put(services: Services, count: int = 1, text: str = "رمز ۱", lifetime: timedelta = LIFETIME) -> None:
    with services.database.writing() as session:
        for number in range(count):
            mail = Mail(f"jan{number}@example.org", f"Your code {number}", text, services.now())
            put_mail(session, services, mail, lifetime)


@pytest.fixture
def sender(services: Services) -> Iterator[Sender]:
    made = Sender(services, MailingsJob(services))
    yield made
    made.close()


def people(server: MailServer) -> list[str]:
    return [one.to for one in server.received]


def test_many_mails_go_over_one_connection_each_once(services: Services, sender: Sender, server: MailServer) -> None:
    put(services, 30)
    assert (sender.send_due(), sender.send_due(), count_messages(services)) == (30, 0, 0)
    assert people(server) == [f"jan{number}@example.org" for number in range(30)]
    assert server.connections == 1
    assert len({one.message_id for one in server.received}) == 30
    message = server.received[0].message
    assert (message["From"], message["To"]) == ("vote@example.org", "jan0@example.org")
    assert (message["Subject"], message["Auto-Submitted"]) == ("Your code 0", "auto-generated")
    assert message["Date"].datetime == services.now()


def test_a_server_that_is_down_is_asked_less_and_less_and_nothing_is_lost(
    services: Services, sender: Sender, clock: Clock, server: MailServer
) -> None:
    down = replace(services, settings=replace(services.settings, smtp=replace(server.smtp, port=1)))
    put(services, 3, lifetime=timedelta(days=1))
    in_vain, waits = Sender(down, MailingsJob(down)), []
    for _ in range(60):
        assert in_vain.send_due() == 0
        assert in_vain.silent_until is not None
        waits.append((in_vain.silent_until - clock.now).total_seconds())
        clock.now = in_vain.silent_until
    assert (waits[:4], set(waits[8:])) == ([2, 4, 8, 16], {300})
    with services.database.reading() as session:
        assert {message.tries for message in session.query(Message)} == {0}
    assert sender.send_due() == 3
    assert people(server) == [f"jan{number}@example.org" for number in range(3)]


def test_greylisting_delays_one_and_not_the_others(
    services: Services, sender: Sender, clock: Clock, server: MailServer
) -> None:
    put(services, 3)
    server.answers["jan1@example.org"] = ["450 4.2.0 Greylisted, come back", "451 4.7.1 still"]
    with services.database.reading() as session:
        wanted = session.query(Message.message_id).filter(Message.recipient == "jan1@example.org").scalar()
    assert (sender.send_due(), count_messages(services)) == (2, 1)
    clock.forward(seconds=1)
    assert sender.send_due() == 0
    clock.forward(seconds=2)
    assert (sender.send_due(), count_messages(services)) == (0, 1)
    clock.forward(seconds=5)
    assert (sender.send_due(), count_messages(services)) == (1, 0)
    assert server.received[-1].message_id == wanted


def test_a_refusal_for_good_takes_one_mail_out_and_no_other(
    services: Services, sender: Sender, server: MailServer
) -> None:
    put(services, 3)
    server.answers["jan1@example.org"] = ["550 5.1.1 no such user"]
    assert (sender.send_due(), count_messages(services)) == (2, 0)
    assert people(server) == ["jan0@example.org", "jan2@example.org"]


def test_what_is_refused_for_a_while_is_given_up_at_last(
    services: Services, sender: Sender, clock: Clock, server: MailServer
) -> None:
    put(services)
    server.answers["jan0@example.org"] = ["450 4.3.2 later"] * 1000
    for _ in range(20):
        sender.send_due()
        sender.drop_expired()
        clock.forward(minutes=1)
    assert (count_messages(services), server.received) == (0, [])
    assert len(server.answers["jan0@example.org"]) > 980, "it is not asked every minute"


def test_a_connection_lost_in_the_middle_repeats_only_the_mail_in_flight(
    services: Services, sender: Sender, clock: Clock, server: MailServer
) -> None:
    put(services, 4)
    answer = sender.send_one()
    assert answer is not None
    server.drops = 1
    lost = sender.send_one()
    assert lost is not None
    assert lost.fate is Fate.LOST
    assert sender.send_due() == 2
    clock.forward(seconds=3)
    assert (sender.send_due(), count_messages(services)) == (1, 0)
    assert sorted(people(server)) == [f"jan{number}@example.org" for number in range(4)]
    assert len({one.message_id for one in server.received}) == 4


def test_a_server_that_thinks_long_about_a_mail_does_not_get_it_twice(
    services: Services, sender: Sender, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evote.mail.handover.TIMEOUT_SECONDS", 0.3)
    put(services)
    server.pause = 0.8
    assert (sender.send_due(), len(server.received), count_messages(services)) == (1, 1, 0)


def test_addresses_of_other_alphabets_are_reached(services: Services, sender: Sender, server: MailServer) -> None:
    for to in ("جان@example.org", "jan@bücher.example"):
        with services.database.writing() as session:
            put_mail(session, services, Mail(to, "Subject", "Text", services.now()), LIFETIME)
    assert sender.send_due() == 2
    assert people(server) == ["جان@example.org", "jan@xn--bcher-kva.example"]


def test_a_server_that_refuses_us_does_not_make_bounces_of_everybody(
    services: Services, sender: Sender, clock: Clock, server: MailServer
) -> None:
    put(services, 3)
    server.refuses_all = "550 5.7.1 we do not know you"
    assert (sender.send_due(), count_messages(services)) == (0, 3)
    server.refuses_all = ""
    clock.forward(minutes=1)
    assert (sender.send_due(), count_messages(services)) == (3, 0)


@contextmanager
def busy(services: Services) -> Iterator[None]:
    """Hold the database's write lock as another program would; waiting for it is short here."""
    database = services.database
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=20"))
    database.engine.dispose()
    other = sqlite3.connect(str(database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_mail_that_cannot_be_marked_is_not_sent_again_and_nothing_goes_before_it(
    services: Services, sender: Sender, server: MailServer
) -> None:
    put(services, 3)
    with busy(services):
        for _ in range(3):
            with pytest.raises(Unavailable):
                sender.send_one()
        assert people(server) == ["jan0@example.org"]
    assert sender.send_due() == 2
    assert people(server) == [f"jan{number}@example.org" for number in range(3)]


def test_a_server_started_on_a_port_after_a_while_gets_everything(services: Services, clock: Clock) -> None:
    with mail_server() as first:
        port = first.port
    there = replace(services, settings=replace(services.settings, smtp=replace(first.smtp, port=port)))
    put(services, 2)
    sender = Sender(there, MailingsJob(there))
    assert sender.send_due() == 0
    with mail_server(port) as second:
        clock.forward(seconds=3)
        assert sender.send_due() == 2
        assert len(second.received) == 2
        sender.close()


def test_mail_of_no_more_use_is_dropped(services: Services, sender: Sender, clock: Clock, server: MailServer) -> None:
    put(services)
    clock.forward(minutes=16)
    assert sender.send_due() == 0
    sender.drop_expired()
    assert (count_messages(services), server.received) == (0, [])


def test_texts_are_encrypted_and_bound_to_the_secret(services: Services, server: MailServer) -> None:
    put(services, text="code 0")
    other = replace(services, settings=replace(services.settings, secret_key=b"another secret of thirty-two bytes"))
    with services.database.reading() as session:
        assert b"code 0" not in session.query(Message).one().sealed_text
        assert demo_outbox(session, services)[0].text.startswith("code 0")
        assert demo_outbox(session, other)[0].text == UNREADABLE
        with pytest.raises(NotFound):
            demo_outbox(session, replace(services, settings=replace(services.settings, demo=False)))
    assert Sender(other, MailingsJob(other)).send_due() == 0
    assert server.received == [], "nobody is sent a mail that says that it cannot be read"


def test_without_a_mail_server_mails_stay_for_two_days(settings: Settings, services: Services, clock: Clock) -> None:
    put(services)
    demo = replace(services, settings=replace(settings, smtp=None))
    sender = Sender(demo, MailingsJob(demo))
    clock.forward(hours=47)
    sender.drop_expired()
    assert (sender.send_due(), count_messages(services)) == (0, 1)
    clock.forward(hours=3)
    sender.drop_expired()
    assert count_messages(services) == 0


def test_the_lock_file_lies_beside_the_database(services: Services, tmp_path: Path) -> None:
    from evote.database.lock import AlreadyHeldError, hold_alone

    with hold_alone(services.database, "mail", 1), pytest.raises(AlreadyHeldError):  # noqa: SIM117
        with hold_alone(services.database, "mail", 1):
            pass
    assert (tmp_path / "evote.sqlite3-mail").exists()
