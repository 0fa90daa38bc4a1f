"""An official's way from an empty page to mails in mailboxes; and what others may not do."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from ballots import codec
from evote.admin.deeds import all_deeds, chain_head, check_chain
from evote.admin.roles import Role
from evote.app import create_app
from evote.mail.sender import Sender
from evote.mailings.job import MailingsJob
from evote.mailings.models import DONE, DRAFT, PAUSED, RUNNING, STOPPED
from tests.support.bad_mail_server import MailServer
from tests.support.mailings import add_voters, count_messages, get_mailing, make_mailing, run_to_the_end
from tests.support.officials import Desk, make_official
from tests.support.server import Stage

_REVISION = re.compile(r'name="revision" value="(\d+)"')


@pytest.fixture
def pages(stage: Stage) -> str:
    return f"/admin/elections/{stage.id}/mailings"


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return make_official(stage.app, stage.services, stage.clock, "Ada", Role.ELECTION_ADMIN).sign_in()


@pytest.fixture
def registrar(stage: Stage) -> Desk:
    return make_official(stage.app, stage.services, stage.clock, "Reg", Role.REGISTRAR).sign_in()


def begin(desk: Desk, pages: str, kind: str) -> str:
    """Begin a mail of a kind; returns its address."""
    return str(desk.post(f"{pages}/new", kind=kind).location).removesuffix("/write")


def send(desk: Desk, address: str, page: str, **fields: Any) -> Any:
    found = _REVISION.search(desk.get(f"{address}/{page}"))
    assert found is not None
    return desk.post(f"{address}/{page}", revision=found[1], **fields)


def deeds(stage: Stage) -> list[dict[str, Any]]:
    with stage.services.database.reading() as session:
        lines = all_deeds(session, stage.id)
        check_chain(lines, *chain_head(session, stage.id))
    return [codec.parse_canonical(line) for line in lines]


def test_from_a_template_to_mailboxes(stage: Stage, desk: Desk, pages: str, server: MailServer) -> None:
    assert "No mail was written yet." in desk.get(pages)
    address = begin(desk, pages, "opened")
    page = desk.get(f"{address}/write")
    assert "you can vote now" in page
    assert "اکنون می‌توانید رأی دهید" in page, "in each language of the site"
    assert "A-1234" in page
    assert "As things stand it goes to this many people: 4" in page
    texts = {"subject-en": "{title}: vote!", "text-en": "Dear {voter_id},\nuntil {closes}: {link}\n{fingerprint}"}
    answer = send(desk, address, "write", **texts, **{"subject-fa": "", "text-fa": ""}, action="continue")
    assert answer.location == f"{address}/confirm"
    page = desk.get(f"{address}/confirm")
    assert f"Dear A-1234,\nuntil Mar 8, 2026, 20:00 UTC: https://vote.example/en/elections/{stage.id}" in page
    assert "English" in page
    tested = desk.post(f"{address}/test", page=f"{address}/confirm", mail="ada@example.org")
    assert tested.location == f"{address}/confirm"
    assert send(desk, address, "confirm").status_code == 422, "not without the tick"
    assert run_to_the_end(stage.services) == 1
    assert server.received[0].to == "ada@example.org"
    assert server.received[0].message["Subject"].startswith("Test: ")
    assert send(desk, address, "confirm", sure="y").location == address
    assert "being sent" in desk.get(address)
    assert run_to_the_end(stage.services) == 4
    last = server.received[-1]
    assert last.to == "voter3@example.org"
    assert last.message["Subject"].endswith(": vote!")
    assert "Dear V-003," in last.message.get_content()
    page = desk.get(address)
    assert "Ended" in page
    assert re.search(r"took them</dt><dd>4", page)
    assert desk.client.get(f"{address}/confirm").location == address, "it cannot go out twice"
    lines = [line for line in deeds(stage) if line["what"].startswith("mail-")]
    assert [line["what"] for line in lines] == ["mail-begun", "mail-saved", "mail-tested", "mail-started"]
    assert lines[-1]["details"]["people"] == 4
    assert lines[-1]["details"]["languages"] == ["en"]
    assert "example.org" not in str(lines)
    log = stage.app.test_client().get(f"/elections/{stage.id}/officials-log").text
    assert "Sent a mail to voters" in log
    assert "Everybody on the roll" in log


def test_what_is_wrong_with_a_text_stands_at_its_field(desk: Desk, pages: str) -> None:
    address = begin(desk, pages, "free")
    for fields, words in (
        ({"subject-en": "Hello {nmae}", "text-en": "x"}, "“{nmae}” is no placeholder. There are: {title}, {opens}"),
        ({"subject-en": "Hello", "text-en": "a } b"}, "A brace stands alone."),
        ({"subject-en": "Hello", "text-en": ""}, "Subject and text belong together"),
        ({"subject-en": "", "text-en": ""}, "Write the mail in one language at least."),
    ):
        assert send(desk, address, "write", **fields, action="continue").location == f"{address}/write?check=1"
        page = desk.get(f"{address}/write?check=1")
        assert "There is a problem" in page
        assert words in page
        assert desk.client.get(f"{address}/confirm").location == f"{address}/write?check=1"
    refused = desk.post(f"{address}/test", page=f"{address}/write", mail="ada@example.org")
    assert refused.status_code == 422
    too_long = send(desk, address, "write", **{"subject-en": "x" * 151, "text-en": "y"})
    assert too_long.status_code == 422
    assert "This text is too long." in too_long.text


def test_the_preview_while_one_writes_judges_and_stores_nothing(stage: Stage, desk: Desk, pages: str) -> None:
    address = begin(desk, pages, "free")
    texts = {"subject-en": "Hello {title}", "text-en": "{voter_id}", "subject-fa": "{x}", "text-fa": "y"}
    shown = desk.post(f"{address}/preview", page=f"{address}/write", **texts).get_json()
    assert shown["parts"] == [{"language": "en", "direction": "ltr", "subject": "Hello A test", "text": "A-1234"}]
    assert shown["problems"][0].startswith("Persian: “{x}” is no placeholder.")
    empty = desk.post(f"{address}/preview", page=f"{address}/write", **dict.fromkeys(texts, "")).get_json()
    assert empty == {"parts": [], "problems": []}
    assert get_mailing(stage.services, int(address.rpartition("/")[2])).revision == 0


def test_what_was_typed_stays_where_somebody_else_was_faster(stage: Stage, desk: Desk, pages: str) -> None:
    address = begin(desk, pages, "free")
    number = int(address.rpartition("/")[2])
    send(desk, address, "write", **{"subject-en": "First", "text-en": "Theirs"})
    typed = {"subject-en": "Second", "text-en": "Typed for an hour", "action": "continue"}
    late = desk.post(f"{address}/write", revision="0", **typed)
    assert (late.status_code, "while you wrote" in late.text) == (409, True)
    assert "Typed for an hour</textarea>" in late.text
    shown = _REVISION.search(late.text)
    assert shown is not None
    unseen = desk.post(f"{address}/confirm", revision="0", sure="y")
    assert (unseen.status_code, "since you looked" in unseen.text, " checked" in unseen.text) == (422, True, False)
    again = desk.post(f"{address}/write", revision=shown[1], **typed)
    assert again.location == f"{address}/confirm"
    assert b"Typed for an hour" in get_mailing(stage.services, number).texts
    send(desk, address, "confirm", sure="y")
    gone = desk.post(f"{address}/write", page="/admin/", revision="2", **{**typed, "subject-en": "Third"})
    assert (gone.status_code, "has gone out already" in gone.text, "Third" in gone.text) == (409, True, True)
    assert b"Second" in get_mailing(stage.services, number).texts


def test_bad_requests_change_nothing(stage: Stage, desk: Desk, pages: str) -> None:
    address = begin(desk, pages, "free")
    texts = {"subject-en": "News", "text-en": "Text"}
    assert desk.post(f"{pages}/new", kind="spam").status_code == 422
    assert desk.post(f"{address}/write", revision="x", **texts).status_code == 422
    assert desk.post(f"{address}/write", revision="7", **texts).status_code == 409
    send(desk, address, "write", **texts)
    assert desk.post(f"{address}/test", page=f"{address}/write", mail="a@b, c@d").status_code == 422
    assert count_messages(stage.services) == 0
    assert desk.post(f"{address}/confirm", revision="0", sure="y").status_code == 422
    number = int(address.rpartition("/")[2])
    assert get_mailing(stage.services, number).state == DRAFT
    assert desk.post(f"{address}/pause", page=f"{address}/write").status_code == 409
    desk.get(f"{pages}/999", 404)
    desk.get(f"{pages}/99999999999999", 404)
    other = pages.replace(stage.id, "00000000-0000-4000-8000-000000000000")
    desk.get(other, 404)
    desk.get(f"{other}/{number}/write", 404)
    assert desk.post(f"{address}/discard", page=f"{address}/write").location == pages
    desk.get(address, 404)


@pytest.mark.parametrize(
    ("kind", "words"),
    [("soon", "has begun already"), ("result", "There is no result yet")],
)
def test_what_would_not_be_true_does_not_go_out(desk: Desk, pages: str, kind: str, words: str) -> None:
    address = begin(desk, pages, kind)
    page = desk.get(f"{address}/confirm")
    assert words in page
    assert "Send to voters" not in page


def test_reminders_are_counted_roughly_and_end_with_the_voting(
    stage: Stage, desk: Desk, pages: str, server: MailServer
) -> None:
    add_voters(stage.services, stage.id, 33)
    stage.cast(stage.log_in(0), 0)
    run_to_the_end(stage.services)
    server.received.clear()
    address = begin(desk, pages, "reminder")
    page = desk.get(f"{address}/confirm")
    assert "30 or some more" in page
    assert "36" not in re.sub(r"<[^>]*>", "", page).replace(stage.id, "")
    assert send(desk, address, "confirm", sure="y").status_code == 303
    assert run_to_the_end(stage.services) == 36
    assert "voter0@example.org" not in {one.to for one in server.received}
    page = desk.get(address)
    assert "30 or some more" in page
    assert "fewer than 10" in page
    assert deeds(stage)[-1]["details"]["people"] == 30
    again = begin(desk, pages, "reminder")
    assert "A mail of this kind was begun" in desk.get(f"{again}/confirm")
    stage.clock.forward(days=30)
    desk.sign_in()
    assert "nobody can be reminded" in desk.get(f"{again}/confirm")
    assert "nobody can be reminded" in send_anyway(desk, again)


def send_anyway(desk: Desk, address: str) -> str:
    return str(desk.post(f"{address}/confirm", page=f"{address}/write", revision="0", sure="y").text)


def test_pausing_resuming_and_stopping(
    stage: Stage, desk: Desk, pages: str, server: MailServer, request: pytest.FixtureRequest
) -> None:
    services = stage.services
    add_voters(services, stage.id, 210)
    number = make_mailing(services, stage.id)
    address = f"{pages}/{number}"
    job = MailingsJob(services)
    sender = Sender(services, job)
    request.addfinalizer(sender.close)
    job.fill()
    for _ in range(10):
        sender.send_one()
    assert desk.post(f"{address}/pause", page=address).location == address
    job.fill()
    assert (sender.send_due(), get_mailing(services, number).state, len(server.received)) == (0, PAUSED, 10)
    stage.clock.forward(days=1)
    sender.drop_expired()
    desk.sign_in()
    assert "paused" in desk.get(address)
    assert desk.client.get(f"{address}?again=1").headers["Refresh"] == "5"
    assert "Refresh" not in desk.client.get(address).headers
    assert desk.post(f"{address}/resume", page=address).location == address
    assert get_mailing(services, number).state == RUNNING
    sender.send_one()
    assert desk.post(f"{address}/stop", page=address).location == address
    mailing = get_mailing(services, number)
    assert (mailing.state, mailing.sent, mailing.listed, count_messages(services)) == (STOPPED, 11, 11, 0)
    assert job.fill() is False
    assert desk.post(f"{address}/resume", page=f"{pages}/new").status_code == 409


def test_only_election_admins_write_and_only_registrars_see_whom_mail_does_not_reach(
    stage: Stage, desk: Desk, registrar: Desk, pages: str, server: MailServer
) -> None:
    address = begin(desk, pages, "opened")
    send(desk, address, "confirm", sure="y")
    server.answers["voter2@example.org"] = ["550 5.1.1 no such user"]
    run_to_the_end(stage.services)
    auditor = make_official(stage.app, stage.services, stage.clock, "Aud", Role.AUDITOR).sign_in()
    for other in (registrar, auditor):
        assert "Voting has begun" in other.get(pages)
        assert "There is no such address" in other.get(address)
        assert "V-002" not in other.get(address)
        other.get(f"{pages}/new", 403)
        other.get(f"{address}/write", 403)
        other.get(f"{address}/confirm", 403)
        for what in ("pause", "resume", "stop", "discard", "test"):
            assert other.post(f"{address}/{what}", page="/admin/").status_code == 403
    desk.get(f"{pages}/unreached", 403)
    auditor.get(f"{pages}/unreached", 403)
    page = registrar.get(f"{pages}/unreached")
    assert "There is no such address" in page
    assert "V-002" not in page
    assert "V-002" in registrar.post(f"{pages}/unreached", **{"as": "page"}).text
    table = registrar.post(f"{pages}/unreached", **{"as": "csv"})
    assert table.text.splitlines() == ["id,reason", "V-002,unknown"]
    assert [line["what"] for line in deeds(stage)][-2:] == ["mail-unreached-seen"] * 2
    stranger: FlaskClient = stage.app.test_client()
    assert stranger.get(pages).location == "/admin/sign-in"


def test_a_demonstration_puts_mails_into_its_outbox(stage: Stage, desk: Desk) -> None:
    settings = replace(stage.services.settings, smtp=None)
    services = replace(stage.services, settings=settings)
    number = make_mailing(services, stage.id)
    run_to_the_end(services)
    mailing = get_mailing(services, number)
    assert (mailing.state, mailing.sent) == (DONE, 4)
    page = create_app(settings, services).test_client().get("/outbox").get_data(as_text=True)
    assert "شناسهٔ رأی‌دهندهٔ شما V-003 است." in page
