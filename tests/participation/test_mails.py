"""The mails of participation through a real mail server: each arrives, and what it links does what it says."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage

import pytest

from evote.mail.sender import Sender
from evote.mailings.job import MailingsJob
from evote.settings import Smtp
from participation.answers.authorities import AuthorityData, add_authority
from participation.answers.promises import NewPromise, enter_promise
from participation.petitions.answering import respond
from participation.petitions.checking import Act
from participation.petitions.life import State
from tests.support.mail_server import Mailbox, mail_server
from tests.support.participation import Town, Visitor, path_of
from tests.support.petitions import PERSIAN, Moderator, act, invitation, newest, view

RULES = "[petitions]\nsupporters = 1\nresponse_at = 2\n[signatures]\nin_minute = 100\n"
_LINK = re.compile(r"https?://\S+")


@dataclass
class Post:
    """What was sent, by a real server, and read as a mail program reads it."""

    town: Town
    server: Mailbox
    sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        self.sender = Sender(self.town.services, MailingsJob(self.town.services))

    def newest(self, to: str) -> EmailMessage:
        self.sender.send_due()
        return next(mail for mail in reversed(self.server.taken) if mail["To"] == to)

    def link(self, to: str, place: str) -> str:
        return path_of(next(link for link in _LINK.findall(_say(self.newest(to))) if place in link))


@pytest.fixture
def post(make_town: Callable[..., Town]) -> Iterator[Post]:
    with mail_server(Mailbox()) as server:
        town = make_town(RULES, smtp=Smtp("127.0.0.1", server.port, "town@example.org", starttls=False))
        with town.services.database.writing() as session:
            names = {"en": "Town council", "fa": "شورای شهر"}
            add_authority(session, town.ports, AuthorityData(names, "council@example.org", "", "ir", "fa"))
        made = Post(town, server)
        yield made
        made.sender.close()


def _sign_in(post: Post, mail: str) -> Visitor:
    visitor = post.town.visitor()
    visitor.submit("/fa/me/sign-in", mail=mail)
    code = next(line for line in _say(post.newest(mail)).splitlines() if line[:4].isdecimal())
    visitor.submit("/fa/me/sign-in/code", code=code)
    return visitor


def _say(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_petition_goes_its_way_by_mail(post: Post) -> None:
    town, creator, mail = post.town, post.town.visitor(), "creator@example.org"
    creator.submit("/fa/petitions/new/title", title=PERSIAN["title"])
    creator.submit("/fa/petitions/new/text", background=PERSIAN["background"], details=PERSIAN["details"])
    creator.submit("/fa/petitions/new/you", name="آذر کریمی", mail=mail)
    creator.submit("/fa/petitions/new/check")
    creator.submit(post.link(mail, "/fa/petitions/confirm/"))
    key = newest(town)
    supporter = town.visitor()
    supporter.submit(invitation(town, creator), name="مینا راد", mail="mina@example.org")
    supporter.submit(post.link("mina@example.org", "/confirm/"))
    assert view(town, key).state is State.MODERATION
    act(town, key, Act.APPROVE)
    assert PERSIAN["title"] in _say(post.newest(mail))
    for _ in range(2):
        town.run_jobs()  # counts the two who signed first, and notices the number
    assert str(post.newest(mail)["Subject"]) == "امضاها برای پاسخ به حد نصاب رسید"
    assert PERSIAN["title"] in _say(post.newest(mail))

    town.clock.forward(days=90)
    town.run_jobs("answers.watch")
    assert PERSIAN["title"] in _say(post.newest("council@example.org"))
    with town.app.test_request_context("/"):
        respond(town.ports, Moderator(), key, view(town, key).revision, "شورای شهر", "می‌سازیم.", "سال آینده.")
    town.clock.forward(hours=30)
    assert town.run_jobs("petitions.mailings") == 2
    assert "می‌سازیم." in _say(post.newest("mina@example.org"))
    # A mail program's button ends the news, in one request without a session.
    address = str(post.newest("mina@example.org")["List-Unsubscribe"]).strip("<>")
    assert post.newest("mina@example.org")["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    ended = town.app.test_client().post(path_of(address), data={"List-Unsubscribe": "One-Click"})
    assert ended.status_code == 200


def test_who_takes_part_signs_in_and_gets_news_by_mail(post: Post) -> None:
    town, mail = post.town, "person@example.org"
    visitor = _sign_in(post, mail)
    visitor.submit("/fa/me/digest", period="daily", kinds=["promises"])
    for number, expected in enumerate((1, 0)):
        town.clock.forward(minutes=2)
        with town.services.database.writing() as session:
            new = NewPromise(f"Trees {number}", "Fifty.", 1, date(2026, 2, 1), "https://example.org/", None)
            enter_promise(session, town.ports, new, by="clerk")
        town.clock.forward(hours=30)
        assert town.run_jobs("digests") == expected
        if expected:
            assert "Trees 0" in _say(post.newest(mail))
            assert post.link(mail, "/promises/").startswith("/fa/")
            address = str(post.newest(mail)["List-Unsubscribe"]).strip("<>")
            ended = town.app.test_client().post(path_of(address), data={"List-Unsubscribe": "One-Click"})
            assert ended.status_code == 200
