"""Digests: at most one a period, only news, ended with one click and not by who looks at links."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from evote.mail.composing import compose
from evote.mail.models import Message
from evote.mail.outbox import Mail
from participation.answers.authorities import AuthorityData, add_authority
from participation.answers.promises import NewPromise, enter_promise
from participation.digests import sending
from participation.digests.models import DigestSubscription
from participation.digests.sending import send_digests
from participation.errors import NotNow
from participation.people.models import Person
from tests.participation.consultations.conftest import consult, take_part
from tests.support.participation import Town, Visitor, path_of

__all__ = ["consult", "take_part"]
TakePart = Callable[[str], Visitor]
ADA = "ada@example.org"
ALL = ["petitions", "consultations", "answers", "promises"]


@pytest.fixture
def town(make_town: Callable[..., Town]) -> Town:
    made = make_town()
    with made.services.database.writing() as session:
        add_authority(session, made.ports, AuthorityData({"en": "Parks"}, "parks@example.org", "", "gb-eng", "en"))
    return made


def promise(town: Town, title: str) -> None:
    with town.services.database.writing() as session:
        new = NewPromise(title, "Fifty trees.", 1, date(2026, 2, 1), "https://example.org/", None)
        enter_promise(session, town.ports, new, by="clerk")


def wish(town: Town, take_part: TakePart, period: str, kinds: list[str], mail: str = ADA) -> Visitor:
    visitor = take_part(mail)
    assert path_of(visitor.submit("/me/digest", period=period, kinds=kinds)) == "/me/"
    return visitor


def digests(town: Town, to: str = ADA) -> list[Mail]:
    return [mail for mail in town.mails(to) if mail.unsubscribe]


def after(town: Town, **span: int) -> int:
    town.clock.forward(**span)
    return town.run_jobs("digests")


def test_one_a_night_with_what_is_new_and_none_where_nothing_is(town: Town, take_part: TakePart) -> None:
    promise(town, "Before")
    town.clock.forward(minutes=5)
    visitor = wish(town, take_part, "daily", ALL)
    assert 'value="daily" checked' in visitor.get("/me/")
    promise(town, "Trees")
    assert town.run_jobs("digests") == 0, "not before the night"
    assert after(town, hours=30) == 1
    text = digests(town)[0].text
    assert "Promise: Trees" in text
    assert f"{town.ports.base_url}/en/promises/2" in text
    assert "Before" not in text
    assert town.run_jobs("digests") == 0, "one a night"
    assert after(town, hours=30) == 0, "nothing happened"
    promise(town, "Benches")
    assert after(town, hours=30) == 1
    assert "Trees" not in digests(town)[0].text


def test_what_happens_during_the_run_is_in_the_next_one(town: Town, take_part: TakePart) -> None:
    wish(town, take_part, "daily", ALL)
    town.clock.forward(hours=30)
    promise(town, "At this very second")
    assert town.run_jobs("digests") == 0
    assert after(town, hours=30) == 1


def test_once_a_week_and_only_the_chosen_kinds(town: Town, take_part: TakePart, consult: Callable[..., str]) -> None:
    wish(town, take_part, "weekly", ["consultations"])
    town.clock.forward(minutes=2)
    promise(town, "Trees")
    assert after(town, days=7, hours=6) == 0, "no promises were asked for"
    consult()
    assert after(town, days=2) == 0
    assert after(town, days=6) == 1
    assert "New consultation" in digests(town)[0].text


def test_news_of_ones_own_language(town: Town, take_part: TakePart, consult: Callable[..., str]) -> None:
    wish(town, take_part, "daily", ALL)
    with town.services.database.writing() as session:
        row = session.get_one(DigestSubscription, 1)
        session.get_one(Person, row.person_id).language = "fa"
    town.clock.forward(minutes=2)
    consult()  # in English
    promise(town, "Trees")
    assert after(town, hours=30) == 1
    text = digests(town)[0].text
    assert "/fa/promises/1" in text
    assert "/consultations/" not in text


@pytest.mark.parametrize("multipart", [False, True])
def test_a_mail_program_unsubscribes_and_a_scanner_does_not(town: Town, take_part: TakePart, multipart: bool) -> None:
    visitor = wish(town, take_part, "daily", ALL)
    promise(town, "Trees")
    after(town, hours=30)
    mail = digests(town)[0]
    assert mail.unsubscribe in mail.text
    message = compose(mail, "<1@example.org>", "news@example.org")
    raw = message.as_bytes().decode("ascii")
    assert f"\r\nList-Unsubscribe: <{mail.unsubscribe}>\r\n" in raw, "folded, programs could not read it"
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    stranger, address = town.app.test_client(), path_of(mail.unsubscribe)
    for _ in range(3):
        assert "No more digests" in stranger.get(address).get_data(as_text=True)
    assert 'value="daily" checked' in visitor.get("/me/")
    kind = "multipart/form-data" if multipart else "application/x-www-form-urlencoded"
    for _ in range(2):  # sent twice, it is the same
        assert stranger.post(address, data={"List-Unsubscribe": "One-Click"}, content_type=kind).status_code == 200
    assert 'value="none" checked' in visitor.get("/me/")
    promise(town, "Benches")
    assert after(town, days=2) == 0


@pytest.mark.parametrize("token", ["0" * 32, "x", "é"])
def test_a_link_that_was_not_mailed_ends_nothing(town: Town, take_part: TakePart, token: str) -> None:
    visitor = wish(town, take_part, "daily", ALL)
    for answer in (
        visitor.client.get(f"/digests/leave/1/{token}"),
        visitor.client.post(f"/digests/leave/1/{token}", data={"List-Unsubscribe": "One-Click"}),
    ):
        assert answer.status_code == 410
    assert 'value="daily" checked' in visitor.get("/me/")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"period": "daily", "kinds": []}, "Choose at least one kind of news."),
        ({"period": "hourly", "kinds": ALL}, "There is a problem"),
        ({"period": "daily", "kinds": ["gossip"]}, "There is a problem"),
    ],
)
def test_wrong_wishes_change_nothing(town: Town, take_part: TakePart, fields: dict[str, Any], sentence: str) -> None:
    visitor = take_part(ADA)
    answer = visitor.post("/me/digest", **fields)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert 'value="none" checked' in visitor.get("/me/")
    assert "/me/sign-in" in str(town.visitor().client.get("/me/digest").location)


def test_the_copy_shows_it_and_erasing_ends_it(town: Town, take_part: TakePart) -> None:
    visitor = wish(town, take_part, "weekly", ["promises"])
    data = json.loads(visitor.client.get("/me/data.json").get_data())
    [kept] = data["digests"]
    assert (kept["period"], kept["kinds"]) == ("weekly", ["promises"])
    visitor.submit("/me/leave")
    promise(town, "Trees")
    assert after(town, days=20) == 0
    with town.services.database.reading() as session:
        assert session.query(DigestSubscription).count() == 0


def test_cut_off_in_the_middle_nobody_gets_it_twice_or_not(
    town: Town, take_part: TakePart, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        wish(town, take_part, "daily", ALL, f"jan{number}@example.org")
    promise(town, "Trees")
    town.clock.forward(hours=30)
    monkeypatch.setattr(sending, "BATCH", 1)
    put, served = town.ports.put_mail, 0

    def fails_at_the_second(*arguments: Any, **named: Any) -> None:
        nonlocal served
        served += 1
        if served == 2:
            raise NotNow("cut off")
        put(*arguments, **named)

    with town.app.app_context():
        with pytest.raises(NotNow):
            send_digests(replace(town.ports, put_mail=fails_at_the_second))
        assert send_digests(town.ports) == 2
    assert [len(digests(town, f"jan{number}@example.org")) for number in range(3)] == [1, 1, 1]


@pytest.mark.parametrize(
    "bad", ["javascript:x", "https://a/\r\nBcc: x@example.org", "https://a/>,<b", "https://ا/", ""]
)
def test_no_header_is_made_of_what_is_no_address(town: Town, bad: str) -> None:
    mail = Mail(ADA, "Subject", "Text", town.services.now(), bad)
    message = compose(mail, "<1@example.org>", "news@example.org")
    assert message["List-Unsubscribe"] is message["List-Unsubscribe-Post"] is message["Bcc"] is None


def test_other_mails_have_no_such_header(town: Town) -> None:
    town.visitor().submit("/me/sign-in", mail=ADA)
    with town.services.database.reading() as session:
        assert session.query(Message).one().unsubscribe == ""
