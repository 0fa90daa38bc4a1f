"""News: checked before it is published, mailed at night, the newest alone, nobody twice, gone on with after a stop."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evote.mail.composing import compose
from participation.errors import NotNow
from participation.petitions import mailings
from participation.petitions.answering import check_update, propose_update, respond, waiting_updates
from participation.petitions.checking import Act
from participation.petitions.mailings import mailings_of, night_moment, send_due
from participation.signatures.counter import Counter
from tests.support.participation import Town, path_of
from tests.support.petitions import Moderator, act, opened, view

TEHRAN = ZoneInfo("Asia/Tehran")


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda one: one.replace(tzinfo=UTC)),  # noqa: DTZ001
    starts=st.integers(0, 23),
    hours=st.integers(1, 12),
    share=st.floats(0, 1, exclude_max=True),
)
def test_a_mailing_begins_in_the_next_night(now: datetime, starts: int, hours: int, share: float) -> None:
    moment = night_moment(now, TEHRAN, starts, hours, share)
    assert now < moment <= now + timedelta(hours=26 + hours)
    local = moment.astimezone(TEHRAN)
    since = (local - local.replace(hour=0, minute=0, second=0)).total_seconds() / 3600
    assert (since - starts) % 24 < hours


def with_signers(town: Town) -> str:
    """Return an open petition that its creator and a supporter have signed."""
    key, _ = opened(town)
    town.run_jobs("petitions.clock")
    Counter(town.ports).drain()
    assert "signatures" in town.visitor().get(f"/en/petitions/{key}")
    return key


def subjects(town: Town) -> list[str]:
    return [mail.subject for mail in town.mails() if "news" in mail.subject.lower() or "answered" in mail.subject]


def answer(town: Town, key: str, text: str) -> None:
    with town.app.test_request_context("/"):
        respond(town.ports, Moderator(), key, view(town, key).revision, "Council", text, "At length.")


def test_signers_get_the_newest_answer_in_the_night_and_once(town: Town) -> None:
    key = with_signers(town)
    answer(town, key, "First version.")
    answer(town, key, "Second version.")
    town.run_jobs("petitions.mailings")
    assert subjects(town) == []
    town.clock.forward(hours=30)
    assert town.run_jobs("petitions.mailings") == 2
    assert town.run_jobs("petitions.mailings") == 0
    texts = [mail.text for mail in town.mails() if mail.subject == "A petition you signed was answered"]
    assert len(texts) == 2
    assert all("Second version." in text and "First version." not in text for text in texts)
    assert all("/no-news/" in text for text in texts)  # each with the own link by which one gets no more
    assert not any("/sign/" in text for text in texts)  # and not with the one that takes the signature back
    with town.services.database.reading() as session:
        assert [one.state for one in mailings_of(session, key)] == ["sent", "replaced"]


def test_who_wants_no_more_mail_gets_none_and_still_signs(town: Town) -> None:
    key = with_signers(town)
    answer(town, key, "We will.")
    town.clock.forward(hours=30)
    assert town.run_jobs("petitions.mailings") == 2
    mail = next(one for one in town.mails() if one.subject == "A petition you signed was answered")
    raw = compose(mail, "<1@example.org>", "news@example.org").as_bytes().decode("ascii")
    assert f"\r\nList-Unsubscribe: <{mail.unsubscribe}>\r\n" in raw
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    assert mail.unsubscribe in mail.text
    stranger, address = town.app.test_client(), path_of(mail.unsubscribe)

    assert "Your signature stays." in stranger.get(address).get_data(as_text=True)  # as a scanner does
    assert stranger.post(address[:-1] + ("0" if address[-1] != "0" else "1")).status_code == 410
    answer(town, key, "We have begun.")
    town.clock.forward(hours=30)
    assert town.run_jobs("petitions.mailings") == 2
    for _ in range(2):  # sent twice, it is the same
        assert stranger.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    answer(town, key, "It is built.")
    town.clock.forward(hours=30)
    assert town.run_jobs("petitions.mailings") == 1
    own = town.visitor().get(town.link_to(mail.to, "/sign/"))
    assert "You have signed" in own
    assert "No more mail" not in own


def test_a_hidden_petition_is_silent_everywhere(town: Town) -> None:
    key, creator = opened(town)
    town.run_jobs("petitions.clock")
    Counter(town.ports).drain()
    answer(town, key, "The mill belongs to Sam.")
    creator.submit("/en/petitions/mine", title="A visit", text="Sam was at the mill.")
    assert "Sam" in town.visitor().client.get(f"/petitions/{key}.json").get_data(as_text=True)
    act(town, key, Act.HIDE, "private")

    document = town.visitor().client.get(f"/petitions/{key}.json").get_json()
    assert (document["answers"], document["debates"], document["updates"]) == ([], [], [])
    with town.services.database.reading() as session:
        (waiting,) = waiting_updates(session)
    with town.app.test_request_context("/"), pytest.raises(NotNow, match="Only a petition"):
        check_update(town.ports, Moderator(), waiting.id, publish=True)
    town.clock.forward(hours=30)
    assert town.run_jobs("petitions.mailings") == 0
    with town.services.database.reading() as session:
        assert [one.state for one in mailings_of(session, key)] == ["dropped"]


def test_cut_off_in_the_middle_it_goes_on_behind_the_last_one_served(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = with_signers(town)
    answer(town, key, "We will.")
    town.clock.forward(hours=30)
    monkeypatch.setattr(mailings, "BATCH", 1)
    put, served = town.ports.put_mail, 0

    def fails_at_the_second(*arguments: object, **named: object) -> None:
        nonlocal served
        served += 1
        if served == 2:
            raise NotNow("cut off")
        put(*arguments, **named)  # type: ignore[arg-type]

    with town.app.app_context():
        with pytest.raises(NotNow):
            send_due(replace(town.ports, put_mail=fails_at_the_second))
        assert len(subjects(town)) == 1  # the batch that was cut off is undone whole
        assert send_due(town.ports) == 1
    recipients = [mail.to for mail in town.mails() if mail.subject == "A petition you signed was answered"]
    assert len(recipients) == len(set(recipients)) == 2


def test_the_creators_news_waits_for_a_moderator(town: Town) -> None:
    key, creator = opened(town)
    sent = {"title": "A visit", "text": "The mayor came to the mill."}
    creator.submit("/en/petitions/mine", **sent)
    creator.submit("/en/petitions/mine", **sent)  # pressed twice
    assert "The mayor came" not in town.visitor().get(f"/en/petitions/{key}")
    with town.services.database.reading() as session:
        (waiting,) = waiting_updates(session)
    with town.app.test_request_context("/"):
        check_update(town.ports, Moderator(), waiting.id, publish=True)
        with pytest.raises(NotNow, match="Another moderator"):
            check_update(town.ports, Moderator("Moderator Two"), waiting.id, publish=False)
    assert "The mayor came" in town.visitor().get(f"/en/petitions/{key}")


def test_nobody_floods_the_moderators_with_news(town: Town) -> None:
    key, _ = opened(town)
    for number in range(3):
        propose_update(town.ports, key, "News", f"Number {number}")
    with pytest.raises(NotNow, match="Three of your updates"):
        propose_update(town.ports, key, "News", "Number 4")
