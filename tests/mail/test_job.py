"""The job: whom it finds, how little it keeps, what comes before it, and when it ends by itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text, update

from evote.accounts.models import Voter
from evote.elections.models import CLOSED, Election
from evote.errors import StorageFull
from evote.mail.models import Message
from evote.mail.outbox import Mail, put_mail
from evote.mail.sender import Sender
from evote.mailings.bounces import Unreached, list_unreached
from evote.mailings.job import MailingsJob
from evote.mailings.kinds import FREE, OPENED, REMINDER
from evote.mailings.models import DONE, EVERYBODY, NOT_VOTED, PAUSED, RUNNING, Mailing
from evote.mailings.people import count_people, next_turn
from evote.services import Services
from tests.support.bad_mail_server import MailServer
from tests.support.mailings import add_voters, count_messages, get_mailing, make_mailing, run_to_the_end
from tests.support.server import Stage


@pytest.fixture
def job(stage: Stage) -> MailingsJob:
    return MailingsJob(stage.services)


@pytest.fixture
def sender(stage: Stage, job: MailingsJob) -> Iterator[Sender]:
    made = Sender(stage.services, job)
    yield made
    made.close()


def people(server: MailServer) -> set[str]:
    return {one.to.partition("@")[0] for one in server.received}


def change_voter(services: Services, login: str, **values: object) -> None:
    with services.database.writing() as session:
        session.execute(update(Voter).where(Voter.login == login).values(**values))


def test_reminders_go_to_whoever_stands_and_has_no_ballot_on_the_log_or_in_the_queue(
    stage: Stage, server: MailServer
) -> None:
    services = stage.services
    add_voters(services, stage.id, 3)
    stage.cast(stage.log_in(0), 0)
    client = stage.log_in(1)
    assert stage.put(client, 1, stage.seal(1).ballot).status_code == 202, "this one waits in the queue"
    change_voter(services, "P-00000", struck=True)
    change_voter(services, "P-00001", mail=" ")
    with services.database.reading() as session:
        assert count_people(session, stage.id, NOT_VOTED) == 4
        assert count_people(session, stage.id, EVERYBODY) == 6
    run_to_the_end(services)
    server.received.clear()
    number = make_mailing(services, stage.id, REMINDER, NOT_VOTED)
    run_to_the_end(services)
    assert people(server) == {"voter2", "voter3", "person2"}
    mailing = get_mailing(services, number)
    assert (mailing.state, mailing.sent, mailing.unreachable, mailing.cursor) == (DONE, 3, 1, 0)
    with services.database.reading() as session:
        assert list_unreached(session, stage.id) == [Unreached("P-00001", "no-address")]


def test_whoever_votes_while_a_reminder_goes_out_is_not_reminded(
    stage: Stage, job: MailingsJob, sender: Sender, server: MailServer
) -> None:
    services = stage.services
    add_voters(services, stage.id, 210)
    with services.database.writing() as session:  # the voter who will vote stands last on the roll
        last = session.scalars(select(Voter).order_by(Voter.id.desc())).first()
        first = session.scalars(select(Voter).where(Voter.login == "V-000")).one()
        assert last is not None
        first.key, last.key = "x" * 43, first.key
        first.login, last.login = "P-99999", "V-000"
        first.mail, last.mail = last.mail, first.mail
    make_mailing(services, stage.id, REMINDER, NOT_VOTED)
    job.fill()
    stage.cast(stage.log_in(0), 0)
    while job.fill() or sender.send_due():
        pass
    reminders = {one.to for one in server.received if one.message["Subject"].startswith("Vote:")}
    assert len(reminders) == 213
    assert "voter0@example.org" not in reminders


def test_a_turn_finds_its_way_through_a_roll_of_which_many_have_voted(stage: Stage) -> None:
    stage.cast(stage.log_in(1), 1)
    with stage.services.database.reading() as session:
        first = next_turn(session, stage.id, NOT_VOTED, 0, most=2)
        second = next_turn(session, stage.id, NOT_VOTED, first.cursor, most=2)
        third = next_turn(session, stage.id, NOT_VOTED, second.cursor, most=2)
    assert [one.login for turn in (first, second, third) for one in turn.people] == ["V-000", "V-002", "V-003"]
    assert [turn.finished for turn in (first, second, third)] == [False, False, True]


def test_the_outbox_stays_small_and_codes_go_before_mailings(
    stage: Stage, job: MailingsJob, sender: Sender, server: MailServer
) -> None:
    services = stage.services
    add_voters(services, stage.id, 1000)
    make_mailing(services, stage.id)
    make_mailing(services, stage.id, FREE)
    for _ in range(10):
        job.fill()
    assert count_messages(services) == 400, "two mailings, a turn of each"
    with services.database.writing() as session:
        put_mail(session, services, Mail("news@example.org", "News", "Text", services.now()), timedelta(days=3))
        put_mail(session, services, Mail("late@example.org", "Code", "1234", services.now()), timedelta(minutes=15))
    sender.send_one()
    assert people(server) == {"late"}
    sender.send_one()
    assert people(server) == {"late", "news"}


def test_greylisting_of_everybody_does_not_stop_the_job(
    stage: Stage, job: MailingsJob, sender: Sender, server: MailServer
) -> None:
    services = stage.services
    add_voters(services, stage.id, 250)
    for number in range(250):
        server.answers[f"person{number}@example.org"] = ["451 4.7.1 greylisted"]
    number = make_mailing(services, stage.id)
    while job.fill():
        sender.send_due()
    assert get_mailing(services, number).listed == 254
    for _ in range(6):
        stage.clock.forward(seconds=3)
        sender.send_due()
        job.fill()
    assert (len(people(server)), get_mailing(services, number).state) == (254, DONE)


def test_a_call_to_vote_ends_with_the_voting(stage: Stage, job: MailingsJob, server: MailServer) -> None:
    services = stage.services
    numbers = [make_mailing(services, stage.id, OPENED), make_mailing(services, stage.id, FREE)]
    job.fill()
    assert count_messages(services) == 8
    with services.database.writing() as session:
        session.execute(update(Election).values(state=CLOSED, door_open=False))
    job.fill()
    opened, free = (get_mailing(services, number) for number in numbers)
    assert (opened.state, opened.why, opened.listed) == (DONE, "ended", 0)
    assert (free.state, count_messages(services)) == (RUNNING, 4)


def test_a_paused_reminder_keeps_no_list_of_who_had_not_voted_beyond_the_voting(
    stage: Stage, job: MailingsJob, sender: Sender, server: MailServer
) -> None:
    services = stage.services
    reminder, free = make_mailing(services, stage.id, REMINDER, NOT_VOTED), make_mailing(services, stage.id, FREE)
    job.fill()
    with services.database.writing() as session:
        session.execute(update(Mailing).values(state=PAUSED))
        session.execute(update(Message).values(held=True))
    assert not job.fill()
    assert count_messages(services) == 8, "a pause alone loses nothing"
    with services.database.writing() as session:
        session.execute(update(Election).values(state=CLOSED, door_open=False))
    job.fill()
    ended, paused = get_mailing(services, reminder), get_mailing(services, free)
    assert (ended.state, ended.why, ended.listed, ended.cursor) == (DONE, "ended", 0, 0)
    assert (paused.state, paused.listed, count_messages(services)) == (PAUSED, 4, 4)
    assert sender.send_due() == 0


def test_what_could_not_be_delivered_in_its_time_is_given_up_and_the_registrar_told(
    stage: Stage, job: MailingsJob, sender: Sender, server: MailServer
) -> None:
    services = stage.services
    server.answers["voter1@example.org"] = ["450 4.2.0 later"] * 1000
    change_voter(services, "V-002", mail="nonsense")
    number = make_mailing(services, stage.id)
    while job.fill():
        sender.send_due()
    stage.clock.forward(days=3, seconds=1)
    sender.drop_expired()
    job.fill()
    assert (get_mailing(services, number).state, get_mailing(services, number).sent) == (DONE, 2)
    with services.database.reading() as session:
        assert list_unreached(session, stage.id) == [Unreached("V-001", "late"), Unreached("V-002", "unknown")]


def test_a_full_disk_stops_the_job_where_it_is_and_nobody_gets_it_twice(
    stage: Stage, job: MailingsJob, sender: Sender, server: MailServer
) -> None:
    services = stage.services
    add_voters(services, stage.id, 210)
    number = make_mailing(services, stage.id)
    limit(services, 2)
    with pytest.raises(StorageFull):
        job.fill()
    mailing = get_mailing(services, number)
    assert (mailing.cursor, mailing.listed, count_messages(services)) == (0, 0, 0)
    limit(services, 10_000)
    while job.fill():
        sender.send_due()
    assert (len(server.received), len(people(server))) == (214, 214)


def limit(services: Services, pages: int) -> None:
    """Let the database grow by so many pages and no further."""
    with services.database.reading() as session:
        used = session.scalar(text("PRAGMA page_count"))
    services.database.engine.dispose()
    event.listen(
        services.database.engine, "connect", lambda one, _: one.execute(f"PRAGMA max_page_count={used + pages}")
    )


def test_a_rate_holds_mailings_back_and_not_codes(stage: Stage, server: MailServer) -> None:
    slow = replace(stage.services, settings=replace(stage.services.settings, mail_rate=1))
    job = MailingsJob(slow)
    sender = Sender(slow, job)
    make_mailing(slow, stage.id)
    job.fill()
    assert sender.send_one() is not None
    assert sender.send_one() is None
    with slow.database.writing() as session:
        put_mail(session, slow, Mail("late@example.org", "Code", "1234", slow.now()), timedelta(minutes=15))
    assert sender.send_due() == 1
    assert server.received[-1].to == "late@example.org"
    with slow.database.reading() as session:
        assert {message.mailing_id for message in session.query(Message)} == {1}
    sender.close()
