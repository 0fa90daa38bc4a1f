"""What comes back: counted once, by reason; by voter only where that says nothing about who has voted."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from evote.cli import commands
from evote.errors import EvoteError
from evote.mail.identifiers import Origin, mailing_message_id, new_message_id, read_message_id
from evote.mail.reasons import FULL, LATE, OTHER, REASONS, REJECTED, UNKNOWN, reason_of_reply, reason_of_status
from evote.mail.reports import parse_report
from evote.mail.sender import Sender
from evote.mailings.bounces import Unreached, count_bounces, list_unreached, take_reports
from evote.mailings.job import MOST_REFUSED_IN_A_ROW, MailingsJob, hold
from evote.mailings.kinds import OPENED, REMINDER
from evote.mailings.models import AT_HANDOVER, BY_REPORT, DONE, NOT_VOTED, PAUSED, RUNNING, Bounce, Mailing
from evote.mailings.progress import read_progress
from evote.services import Services
from tests.support.bad_mail_server import MailServer
from tests.support.delivery_reports import as_mbox, exchange_report, report
from tests.support.mailings import add_voters, get_mailing, make_mailing, run_to_the_end
from tests.support.server import Stage


def sent_to(server: MailServer, name: str) -> str:
    return next(one.message_id for one in server.received if one.to == f"{name}@example.org")


def test_message_ids_are_fixed_opaque_and_cannot_be_made_up(services: Services) -> None:
    origin = Origin(7, 12_345)
    made = mailing_message_id(services, origin)
    assert mailing_message_id(services, origin) == made
    assert read_message_id(services, f" {made} ") == origin
    assert read_message_id(services, made.upper()) == origin, "some programs change the case"
    other = replace(services, settings=replace(services.settings, secret_key=b"another secret of thirty-two bytes"))
    assert read_message_id(other, made) is None
    for place in range(1, 40):
        letter = "a" if made[place] != "a" else "b"
        assert read_message_id(services, made[:place] + letter + made[place + 1 :]) is None
    for strange in ("", "<>", "<x@y>", "<ß@y>", new_message_id(services), "<" + "a" * 10_000 + "@x>"):
        assert read_message_id(services, strange) is None


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        (550, "5.1.1 no such user", UNKNOWN),
        (550, "No such user here", UNKNOWN),
        (552, "5.2.2 over quota", FULL),
        (554, "5.7.1 relay denied", REJECTED),
        (554, "spam", REJECTED),
        (550, "5.4.4 unroutable", LATE),
        (571, "go away", OTHER),
    ],
)
def test_reasons_of_replies(code: int, text: str, reason: str) -> None:
    assert reason_of_reply(code, text) == reason


@pytest.mark.parametrize(("status", "reason"), [("4.4.7", LATE), ("5.2.1", UNKNOWN), ("4.2.2", FULL), ("x", OTHER)])
def test_reasons_of_status_codes(status: str, reason: str) -> None:
    assert reason_of_status(status) == reason
    assert reason in REASONS


@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers"])
def test_reports_are_read_in_the_forms_that_servers_write(original: str) -> None:
    found = parse_report(report("<a@b>", "5.1.1", original=original))
    assert found is not None
    assert (found.message_ids, found.reason) == (("<a@b>",), UNKNOWN)
    other = parse_report(exchange_report("<a@b>").replace(b"\n", b"\r\n"))
    assert other is not None
    assert (other.message_ids, other.reason) == (("<a@b>",), FULL)


HOSTILE = {
    "nothing": b"",
    "no mail": b"\xff\x00\xfe" * 1000,
    "a delay": report("<a@b>", "4.4.1", "delayed"),
    "a success": report("<a@b>", "2.0.0", "delivered"),
    "a mail of a person": b"From: jan@example.org\nSubject: Re: Vote\n\nI am on holiday.\n",
    "no status": b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: text/plain\n\nhello\n--x--\n",
    "deep": b"".join(b"Content-Type: multipart/mixed; boundary=x%d\n\n--x%d\n" % (n, n) for n in range(3000)),
    "an unknown charset": b"Content-Type: message/delivery-status; charset=klingon\n\nAction: failed\xff\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_report_of_a_failure_changes_nothing(stage: Stage, name: str) -> None:
    taken = take_reports(stage.services, [HOSTILE[name]])
    assert (taken.recorded, taken.others + taken.strange) == (0, 1)


def test_refusals_and_reports_are_counted_once_and_named_to_the_registrar(stage: Stage, server: MailServer) -> None:
    services = stage.services
    add_voters(services, stage.id, 5)
    server.answers["person0@example.org"] = ["550 5.1.1 no such user"]
    mailing_id = make_mailing(services, stage.id)
    assert run_to_the_end(services) == 8
    back = [report(sent_to(server, "person1"), "5.2.2"), exchange_report(sent_to(server, "person2"))]
    strangers = report("<made.up@example.org>")
    taken = take_reports(services, [*back, back[0], strangers, b"Subject: hello\n\n"])
    assert (taken.recorded, taken.known, taken.strange, taken.others) == (2, 1, 1, 1)
    with services.database.reading() as session:
        counts = count_bounces(session, mailing_id)
        unreached = list_unreached(session, stage.id)
        progress = read_progress(session, session.get_one(Mailing, mailing_id), services.now())
    assert counts == {(AT_HANDOVER, UNKNOWN): 1, (BY_REPORT, FULL): 2}
    assert unreached == [Unreached("P-00000", UNKNOWN), Unreached("P-00001", FULL), Unreached("P-00002", FULL)]
    assert (progress.state, progress.sent, progress.refused, progress.returned) == (DONE, 8, 1, 2)
    assert progress.reasons == {UNKNOWN: 1, FULL: 2}


def test_nobody_learns_from_a_reminders_bounces_who_has_not_voted(stage: Stage, server: MailServer) -> None:
    services = stage.services
    add_voters(services, stage.id, 12)
    stage.cast(stage.log_in(0), 0)
    run_to_the_end(services)
    server.received.clear()
    server.answers["person0@example.org"] = ["550 5.1.1 no such user"]
    mailing_id = make_mailing(services, stage.id, REMINDER, NOT_VOTED)
    run_to_the_end(services)
    assert "voter0@example.org" not in {one.to for one in server.received}
    assert len(server.received) == 14
    taken = take_reports(services, [report(sent_to(server, "person1")), report(sent_to(server, "voter1"))])
    assert taken.recorded == 2
    with services.database.reading() as session:
        assert {row.voter_id for row in session.query(Bounce)} == {None}
        assert list_unreached(session, stage.id) == []
        progress = read_progress(session, session.get_one(Mailing, mailing_id), services.now())
    assert progress.rough
    assert (progress.sent, progress.refused, progress.returned) == (10, 0, 0), "tens, and nothing below ten"
    assert set(progress.reasons.values()) == {0}
    assert get_mailing(services, mailing_id).cursor == 0
    origins = {read_message_id(services, one.message_id) for one in server.received}
    assert None not in origins
    rows = {origin.number for origin in origins if origin}
    assert len(rows) == 14
    assert min(rows) > 2**32, "random numbers, no places in the table of voters"


def test_a_server_that_refuses_one_after_the_other_pauses_the_mailing(stage: Stage, server: MailServer) -> None:
    services = stage.services
    add_voters(services, stage.id, 2 * MOST_REFUSED_IN_A_ROW)
    for number in range(2 * MOST_REFUSED_IN_A_ROW):
        server.answers[f"person{number}@example.org"] = ["554 5.7.1 relay access denied"]
    mailing_id = make_mailing(services, stage.id, OPENED)
    job = MailingsJob(services)
    sender = Sender(services, job)
    job.fill()
    sender.send_due()
    sender.close()
    mailing = get_mailing(services, mailing_id)
    assert (mailing.state, mailing.why, mailing.sent) == (PAUSED, "refused", 4)
    with services.database.reading() as session:
        assert count_bounces(session, mailing_id) == {}, "nobody is left out because of us"
    server.answers.clear()
    stage.clock.forward(minutes=1)
    with services.database.writing() as session:
        session.get_one(Mailing, mailing_id).state = RUNNING
        hold(session, mailing_id, held=False)
    assert run_to_the_end(services) == 2 * MOST_REFUSED_IN_A_ROW
    assert get_mailing(services, mailing_id).state == DONE


def test_a_refusal_by_policy_counts_when_it_is_repeated(stage: Stage, server: MailServer) -> None:
    services, job = stage.services, MailingsJob(stage.services)
    server.answers["voter1@example.org"] = ["554 5.7.1 we do not like this"] * 9
    mailing_id, sender = make_mailing(services, stage.id), Sender(services, job)
    for _ in range(4):
        job.fill()
        sender.send_due()
        stage.clock.forward(minutes=1)
    sender.close()
    assert (get_mailing(services, mailing_id).state, get_mailing(services, mailing_id).sent) == (DONE, 3)
    assert len(server.answers["voter1@example.org"]) == 6
    with services.database.reading() as session:
        assert count_bounces(session, mailing_id) == {(AT_HANDOVER, REJECTED): 1}


def test_the_command_takes_a_mail_an_mbox_and_standard_input(
    stage: Stage, server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = stage.services
    make_mailing(services, stage.id)
    run_to_the_end(services)
    settings = services.settings
    for name, value in {
        "EVOTE_DATA_DIR": str(settings.data_dir),
        "EVOTE_DATABASE_URL": settings.database_url,
        "EVOTE_SECRET_KEY": settings.secret_key.decode(),
    }.items():
        monkeypatch.setenv(name, value)
    single, box = tmp_path / "bounce.eml", tmp_path / "box"
    single.write_bytes(report(sent_to(server, "voter1")))
    box.write_bytes(as_mbox(report(sent_to(server, "voter1")), report(sent_to(server, "voter2")), b"Subject: x\n\ny\n"))
    piped = as_mbox(report(sent_to(server, "voter3")))
    runner = CliRunner()
    said = [
        runner.invoke(commands, ["mail", "bounces", str(single)]).stdout,
        runner.invoke(commands, ["mail", "bounces", str(box)]).stdout,
        runner.invoke(commands, ["mail", "bounces", "-"], input=piped).stdout,
        runner.invoke(commands, ["mail", "bounces", "-"], input=b"").stdout,
    ]
    assert [one[:28] for one in said] == [
        "1 recorded, 0 known already,",
        "1 recorded, 1 known already,",
        "1 recorded, 0 known already,",
        "0 recorded, 0 known already,",
    ]
    assert "0 of single people, 0 of mailings" in runner.invoke(commands, ["mail", "status"]).stdout
    metrics = stage.app.test_client().get("/metrics").text
    assert 'evote_mails_waiting{of="bulk"} 0.0' in metrics
    missing = runner.invoke(commands, ["mail", "bounces", str(tmp_path / "nowhere")])
    assert (missing.exit_code, isinstance(missing.exception, EvoteError)) == (2, False)
