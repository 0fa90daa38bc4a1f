"""Webhooks against a real server: signatures, retries, what is refused, what a cut leaves behind."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from evote.admin.roles import Role
from participation.answers.authorities import AuthorityData, add_authority
from participation.answers.duties import lapse, owe
from participation.answers.kinds import DutyKind, PromiseStatus
from participation.answers.promises import NewPromise, change_status, enter_promise
from participation.petitions.answering import respond
from participation.webhooks import delivering
from participation.webhooks.delivering import DELIVERED, GIVEN_UP, LIFETIME, MOST_RETRIES, WAITING, wait_before
from participation.webhooks.events import Event
from participation.webhooks.models import Webhook, WebhookMessage
from tests.participation.consultations.conftest import consult
from tests.participation.webhooks.conftest import Receiver
from tests.support.officials import Desk
from tests.support.participation import Town
from tests.support.petitions import Moderator, opened, view

__all__ = ["consult"]

PAGE = "/admin/participation/webhooks/"
EVENTS = ["promise.entered", "promise.changed"]


@pytest.fixture
def town(make_town: Callable[..., Town]) -> Town:
    made = make_town()
    with made.services.database.writing() as session:
        add_authority(session, made.ports, AuthorityData({"en": "Parks"}, "parks@example.org", "", "gb-eng", "en"))
    return made


@pytest.fixture
def desk(appoint: Callable[..., Desk]) -> Desk:
    return appoint("Fay", Role.FACILITATOR).sign_in()


def register(desk: Desk, address: str, *events: str) -> str:
    """Register a webhook; returns its secret."""
    answer = desk.post(PAGE, target=address, events=list(events or EVENTS))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200, page
    return "whsec_" + page.split("whsec_")[1].split("<")[0]


def promise(town: Town, title: str = "Trees") -> int:
    with town.services.database.writing() as session:
        new = NewPromise(title, "Fifty trees.", 1, date(2026, 2, 1), "https://example.org/", None)
        return enter_promise(session, town.ports, new, by="clerk").id


def messages(town: Town) -> list[WebhookMessage]:
    with town.services.database.reading() as session:
        found = session.query(WebhookMessage).order_by(WebhookMessage.id).all()
        session.expunge_all()
        return found


def hook(town: Town) -> Webhook:
    with town.services.database.reading() as session:
        found = session.query(Webhook).order_by(Webhook.id).first()
        assert found is not None
        session.expunge_all()
        return found


def test_a_message_is_signed_and_comes_once(town: Town, desk: Desk, receiver: Receiver) -> None:
    promise(town, "Long ago")
    town.clock.forward(minutes=5)
    secret = register(desk, receiver.address)
    assert secret not in desk.get(f"{PAGE}1")
    key = promise(town)
    assert town.run_jobs("webhooks") == 1
    assert town.run_jobs("webhooks") == 0
    [(path, headers, body)] = receiver.received
    assert path == "/hook?for=us"
    assert headers["Content-Type"] == "application/json"
    signed = b".".join((headers["Webhook-Id"].encode(), headers["Webhook-Timestamp"].encode(), body))
    made = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["Webhook-Signature"] == "v1," + base64.b64encode(made).decode("ascii")
    assert int(headers["Webhook-Timestamp"]) == int(town.services.now().timestamp())
    assert json.loads(body) == {
        "id": headers["Webhook-Id"],
        "type": "promise.entered",
        "time": town.services.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "data": {
            "promise": str(key),
            "title": "Trees",
            "status": "made",
            "url": f"{town.ports.base_url}/promises/{key}",
        },
    }
    assert "Delivered" in desk.get(f"{PAGE}1")


def test_only_the_chosen_events(town: Town, desk: Desk, receiver: Receiver) -> None:
    register(desk, receiver.address, "promise.changed")
    key = promise(town)
    with town.services.database.writing() as session:
        change_status(
            session, town.ports, key, 0, PromiseStatus.STARTED, note="Ten trees stand.", evidence=[], by="clerk"
        )
    assert town.run_jobs("webhooks") == 1
    data = json.loads(receiver.received[0][2])["data"]
    assert (data["status"], data["note"]) == ("started", "Ten trees stand.")


def test_an_error_is_tried_again_later_under_the_same_id(town: Town, desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [500]
    register(desk, receiver.address)
    promise(town)
    assert town.run_jobs("webhooks") == 0
    assert town.run_jobs("webhooks") == 0
    assert len(receiver.received) == 1, "not before its time"
    assert (messages(town)[0].outcome, hook(town).failures) == ("500", 1)
    town.clock.forward(seconds=61)
    assert town.run_jobs("webhooks") == 1
    (_, first, one), (_, second, two) = receiver.received
    assert first["Webhook-Id"] == second["Webhook-Id"]
    assert one == two
    assert first["Webhook-Signature"] != second["Webhook-Signature"], "the time is signed too"
    assert (messages(town)[0].tries, messages(town)[0].state, hook(town).failures) == (2, DELIVERED, 0)


def test_a_redirect_is_not_followed(town: Town, desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [307]
    register(desk, receiver.address)
    promise(town)
    assert town.run_jobs("webhooks") == 0
    assert [path for path, _, _ in receiver.received] == ["/hook?for=us"]
    assert messages(town)[0].outcome == "307"


def test_given_up_after_eight_retries_within_three_days(town: Town, desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [500] * 40
    register(desk, receiver.address)
    promise(town)
    began, tries = town.services.now(), 0
    while messages(town)[:1] == [] or messages(town)[0].state == WAITING:
        town.run_jobs("webhooks")
        tries += 1
        [message] = messages(town)
        town.clock.now = max(town.clock.now, message.next_try_at)
    assert (len(receiver.received), tries) == (MOST_RETRIES + 1, MOST_RETRIES + 1)
    assert messages(town)[0].state == GIVEN_UP
    assert town.services.now() - began < LIFETIME + timedelta(days=1)
    assert "Given up" in desk.sign_in().get(f"{PAGE}1")


def test_waits_grow_and_fit_into_three_days() -> None:
    longest = [wait_before(number, 0) for number in range(1, MOST_RETRIES + 1)]
    assert longest == sorted(longest)
    assert sum(longest, timedelta()) < LIFETIME
    assert all(wait_before(number, 0.99) >= wait_before(number, 0) * 0.74 for number in range(1, MOST_RETRIES + 1))


def test_paused_after_twenty_failures_in_a_row_and_sent_again_on_a_word(
    town: Town, desk: Desk, receiver: Receiver
) -> None:
    receiver.answers = [503] * 20
    register(desk, receiver.address)
    for number in range(5):
        promise(town, f"Promise {'ABCDE'[number]}")
    for _ in range(60):
        town.run_jobs("webhooks")
        town.clock.forward(minutes=5)
    assert len(receiver.received) == 20
    assert hook(town).paused_at is not None
    assert "Paused after 20 failures in a row" in desk.sign_in().get(f"{PAGE}1")
    assert "Paused" in desk.get(PAGE)
    town.run_jobs("webhooks")
    assert len(receiver.received) == 20
    assert desk.post(f"{PAGE}1", act="resume").status_code == 303
    assert town.run_jobs("webhooks") == 5
    assert {one.state for one in messages(town)} == {DELIVERED}


def test_gone_is_taken_at_its_word(town: Town, desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [410]
    register(desk, receiver.address)
    promise(town)
    town.run_jobs("webhooks")
    assert "gone for good" in desk.get(f"{PAGE}1")


def test_cut_off_between_sending_and_noting_it_comes_again_under_the_same_id(
    town: Town, desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(desk, receiver.address)
    promise(town)

    def dies(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(delivering, "_settle", dies)
        with pytest.raises(KeyboardInterrupt):
            town.run_jobs("webhooks")
    assert town.run_jobs("webhooks") == 1
    (_, first, one), (_, second, two) = receiver.received
    assert (first["Webhook-Id"], one) == (second["Webhook-Id"], two)
    assert len(messages(town)) == 1


def test_removed_it_gets_nothing_more_and_its_secret_is_gone(town: Town, desk: Desk, receiver: Receiver) -> None:
    register(desk, receiver.address)
    assert desk.post(f"{PAGE}1", act="remove").status_code == 303
    promise(town)
    assert town.run_jobs("webhooks") == 0
    assert receiver.received == []
    assert hook(town).sealed_secret == b""
    assert "Removed" in desk.get(f"{PAGE}1")
    log = town.visitor().get("/participation/officials-log")
    assert "Registered a webhook" in log
    assert "Removed a webhook" in log


def test_wrong_forms_change_nothing_and_others_may_not(
    town: Town, desk: Desk, receiver: Receiver, appoint: Callable[..., Desk]
) -> None:
    assert desk.post(PAGE, target="nonsense", events=EVENTS).status_code == 422
    assert desk.post(PAGE, target=receiver.address, events=[]).status_code == 422
    assert desk.post(PAGE, target=receiver.address, events=["everything"]).status_code == 422
    register(desk, receiver.address)
    assert desk.post(PAGE, target=receiver.address, events=EVENTS).status_code == 422
    assert desk.post(f"{PAGE}1", act="explode").status_code == 422
    desk.get(f"{PAGE}99", status=404)
    with town.services.database.reading() as session:
        assert session.query(Webhook).count() == 1
    appoint("Mo", Role.MODERATOR).sign_in().get(PAGE, status=403)
    assert town.visitor().client.get(PAGE).status_code == 303


def owe_trees(town: Town) -> None:
    with town.services.database.writing() as session:
        owe(
            session, town.ports, DutyKind.RESPONSE, "trees", title="Trees", path="/petitions/trees", authority_id=1,
            since=town.services.now(), working_days=20,
        )  # fmt: skip


def test_what_lapses_and_is_owed_anew_is_told_again(town: Town, desk: Desk, receiver: Receiver) -> None:
    register(desk, receiver.address, "duty.owed")
    for days in (1, 5):  # sooner and later than the job looks back
        owe_trees(town)
        assert (town.run_jobs("webhooks"), town.run_jobs("webhooks")) == (1, 0)
        town.clock.forward(days=days)
        with town.services.database.writing() as session:
            lapse(session, town.ports, DutyKind.RESPONSE, "trees", because="signatures were removed")
    owe_trees(town)
    assert (town.run_jobs("webhooks"), town.run_jobs("webhooks")) == (1, 0)
    assert len({one.key for one in messages(town)}) == 3
    assert hook(town).seen_to == town.services.now()


def test_what_cannot_be_told_to_one_is_told_to_the_others(town: Town, desk: Desk, receiver: Receiver) -> None:
    register(desk, f"{receiver.address}&one=1")
    register(desk, receiver.address)
    refuse = "CREATE TRIGGER refuse BEFORE INSERT ON webhook_messages WHEN NEW.webhook_id = 1 BEGIN"
    with town.services.database.writing() as session:
        session.execute(text(f"{refuse} SELECT RAISE(ABORT, 'refused'); END"))
    promise(town)
    assert town.run_jobs("webhooks") == 1
    assert [one.webhook_id for one in messages(town)] == [2]


def test_petitions_consultations_and_answers_that_are_owed(
    town: Town, desk: Desk, receiver: Receiver, consult: Callable[..., str]
) -> None:
    register(desk, receiver.address, *Event)
    key, _ = opened(town)
    town.clock.forward(minutes=1)
    with town.app.test_request_context("/"):
        respond(town.ports, Moderator(), key, view(town, key).revision, "Council", "We will.", "At length.")
    town.clock.forward(minutes=1)
    consultation = consult().split("/")[2]
    assert town.run_jobs("webhooks") == 3
    town.clock.forward(days=11)
    assert town.run_jobs("consultations.reports") == 1
    assert town.run_jobs("webhooks") == 1
    told = [json.loads(body) for _, _, body in receiver.received]
    assert [one["type"] for one in told] == [
        "petition.opened", "petition.answered", "consultation.published", "duty.owed"
    ]  # fmt: skip
    assert [one["data"].get("petition") or one["data"].get("consultation") for one in told[:3]] == [
        key, key, consultation
    ]  # fmt: skip
    assert (told[1]["data"]["office"], told[1]["data"]["summary"]) == ("Council", "We will.")
    assert told[3]["data"]["url"] == f"{town.ports.base_url}/answers/1"
    assert told[3]["data"]["due_at"]
