"""Passkeys: added, named, used for signing in with and without the password, refused in every way that is not right."""

import json
from typing import Any

import pytest
from sqlalchemy import select, text

from ballots.codec import encode_bytes
from evote.admin.deeds import SITE, all_deeds
from evote.admin.factors import TRIES
from evote.admin.models import Passkey
from evote.admin.officials import reset_official
from evote.admin.roles import Role
from evote.services import Services
from tests.admin.conftest import Appoint
from tests.support.officials import PASSWORD, Desk, held, lock_out
from tests.support.passkey import SoftPasskey, add, options
from tests.support.server import Clock

ORIGIN = "https://vote.example"
OPTIONS, NEW, ACCOUNT = "/admin/passkeys/options", "/admin/account/passkeys/new", "/admin/account"


def out(desk: Desk) -> Desk:
    desk.post("/admin/sign-out", "/admin/")
    return desk


def alone(desk: Desk, answer: str) -> Any:
    """Sign in with a passkey and nothing else."""
    return desk.post("/admin/sign-in/passkey", "/admin/sign-in", passkey=answer)


def beside(desk: Desk, answer: str, **changes: str) -> Any:
    """Sign in with name, password and passkey."""
    fields = {"official_name": desk.name, "password": PASSWORD, "code": "", "passkey": answer, **changes}
    return desk.post("/admin/sign-in", **fields)


def test_a_passkey_is_added_named_used_and_removed(appoint: Appoint, services: Services, clock: Clock) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    assert "You have no passkey yet." in desk.get(ACCOUNT)
    passkey = add(desk)
    page = desk.get(ACCOUNT)
    assert "office computer" in page
    assert "Not used yet" in page
    desk.post(f"{ACCOUNT}/passkeys/1", ACCOUNT, action="rename", passkey_name="blue key")
    assert "blue key" in desk.get(ACCOUNT)
    out(desk)
    assert alone(desk, passkey.sign(options(desk, "sign-in"))).location == "/admin/"
    assert "with a passkey" in desk.get(ACCOUNT)
    out(desk)
    assert beside(desk, passkey.sign(options(desk, "second"))).location == "/admin/"
    assert desk.post(f"{ACCOUNT}/passkeys/1", ACCOUNT, action="remove").location == ACCOUNT
    out(desk)
    assert alone(desk, passkey.sign(options(desk, "sign-in"))).status_code == 422
    with services.database.reading() as session:
        words = [json.loads(line)["what"] for line in all_deeds(session, SITE)]
    assert words[2:] == [
        "signed-in", "passkey-added", "passkey-renamed", "signed-out", "signed-in", "signed-out", "signed-in",
        "passkey-removed", "signed-out", "sign-in-refused",
    ]  # fmt: skip


def test_no_passkey_without_its_line_in_the_log(appoint: Appoint, services: Services) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    made = SoftPasskey(ORIGIN, verifies=True).make(options(desk, "add", NEW))
    with services.database.writing() as session:
        session.execute(text("CREATE TRIGGER full BEFORE INSERT ON deeds BEGIN SELECT RAISE(ABORT, 'no'); END"))
    assert desk.post(NEW, passkey_name="office computer", passkey=made).status_code == 500
    with services.database.reading() as session:
        assert session.scalars(select(Passkey)).all() == []


def test_options_are_the_same_whoever_asks(appoint: Appoint) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    add(desk)
    out(desk)
    for purpose, wanted in (("sign-in", "required"), ("second", "preferred")):
        found = options(desk, purpose)
        assert (found["userVerification"], found["rpId"], found.get("allowCredentials", [])) == (
            wanted,
            "vote.example",
            [],
        )
    assert desk.post(OPTIONS, "/admin/sign-in", purpose="add").status_code == 403
    assert desk.post(OPTIONS, "/admin/sign-in", purpose="confirm").status_code == 403
    assert desk.post(OPTIONS, "/admin/sign-in", purpose="nothing").status_code == 422
    assert desk.client.post(OPTIONS, data={"purpose": "sign-in"}).status_code == 400


@pytest.mark.parametrize(
    "lie", ["challenge", "origin", "rp_id", "handle", "purpose", "browser", "late", "twice", "junk"]
)
def test_an_answer_that_does_not_fit_signs_nobody_in(appoint: Appoint, clock: Clock, lie: str) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    passkey = add(desk)
    out(desk)
    asked = options(desk, "second" if lie == "purpose" else "sign-in")
    lies = {"challenge": encode_bytes(bytes(32)), "origin": "https://vote.example.evil", "rp_id": "evil"}
    lies["handle"] = encode_bytes(bytes(32))
    answer = passkey.sign(asked, **{lie: lies[lie]} if lie in lies else {})
    where = appoint("Bob", Role.AUDITOR) if lie == "browser" else desk
    if lie == "late":
        clock.forward(minutes=5)
    if lie == "twice":
        assert alone(desk, answer).status_code == 303
        out(desk)
    if lie == "junk":
        answer = '{"id": 5}'
    refused = alone(where, answer)
    assert refused.status_code == 422
    assert "This passkey did not sign you in" in refused.get_data(as_text=True)


def test_without_verifying_its_owner_it_is_only_a_second_factor(appoint: Appoint) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    passkey = add(desk, verifies=False)
    out(desk)
    assert alone(desk, passkey.sign(options(desk, "sign-in"))).status_code == 422
    assert beside(desk, passkey.sign(options(desk, "second")), password="not the password").status_code == 422
    assert beside(desk, passkey.sign(options(desk, "second"))).location == "/admin/"


def test_a_copied_passkey_is_noticed_by_its_counter(appoint: Appoint, services: Services) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    passkey = add(desk)
    out(desk)
    assert alone(desk, passkey.sign(options(desk, "sign-in"))).location == "/admin/"
    out(desk)
    passkey.count -= 1  # the copy signed as often as the original
    assert alone(desk, passkey.sign(options(desk, "sign-in"))).status_code == 422
    with services.database.reading() as session:
        assert session.scalars(select(Passkey.sign_count)).one() == 1


def test_somebody_elses_passkey_is_no_second_factor(appoint: Appoint) -> None:
    ada, bob = appoint("Ada", Role.ELECTION_ADMIN).sign_in(), appoint("Bob", Role.AUDITOR)
    passkey = add(ada)
    answer = beside(bob, passkey.sign(options(bob, "second")))
    assert answer.status_code == 422
    assert "do not fit together" in answer.get_data(as_text=True)


def test_a_passkey_opens_whatever_strangers_try(appoint: Appoint, services: Services, clock: Clock) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    passkey = add(desk)
    out(desk)
    for _ in range(TRIES):
        assert alone(desk, passkey.sign(options(desk, "sign-in"), origin="https://evil.example")).status_code == 422
    lock_out(services, "Ada")
    assert beside(desk, passkey.sign(options(desk, "second"))).status_code == 422, "the password is locked"
    assert alone(desk, passkey.sign(options(desk, "sign-in"))).location == "/admin/"
    clock.forward(minutes=11)
    kept = held(desk.post(f"{ACCOUNT}/passkeys/1", ACCOUNT, action="remove"))
    answer = passkey.sign(options(desk, "confirm", ACCOUNT))
    gone_on = desk.client.post(f"{ACCOUNT}/passkeys/1", data={**kept, "confirm_passkey": answer})
    assert gone_on.location == ACCOUNT


def test_one_second_factor_always_remains(appoint: Appoint) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    assert "Do without the authenticator" not in desk.get(ACCOUNT)
    last = desk.post(f"{ACCOUNT}/authenticator/remove", ACCOUNT)
    assert (last.status_code, "last second factor" in last.get_data(as_text=True)) == (409, True)
    passkey = add(desk)
    assert desk.post(f"{ACCOUNT}/authenticator/remove", ACCOUNT).location == ACCOUNT
    last = desk.post(f"{ACCOUNT}/passkeys/1", ACCOUNT, action="remove")
    assert (last.status_code, "last second factor" in last.get_data(as_text=True)) == (409, True)
    out(desk)
    refused = desk.post("/admin/sign-in", official_name="Ada", password=PASSWORD, code=desk.code())
    assert refused.status_code == 422, "the authenticator no longer counts"
    assert alone(desk, passkey.sign(options(desk, "sign-in"))).location == "/admin/"


def test_a_passkey_is_added_once_and_only_by_its_official(appoint: Appoint, services: Services) -> None:
    ada, bob = appoint("Ada", Role.ELECTION_ADMIN).sign_in(), appoint("Bob", Role.AUDITOR).sign_in()
    passkey = add(ada)
    bob.post(NEW, ACCOUNT)
    again = bob.post(NEW, passkey_name="mine", passkey=passkey.make(options(bob, "add", NEW)))
    assert "on an account already" in again.get_data(as_text=True)
    stolen = bob.post(NEW, passkey_name="mine", passkey=SoftPasskey(ORIGIN).make(options(ada, "add", NEW)))
    assert "could not be added" in stolen.get_data(as_text=True)
    assert bob.post(f"{ACCOUNT}/passkeys/1", ACCOUNT, action="remove").status_code == 404
    assert bob.post(NEW, passkey_name="", passkey="{}").status_code == 422
    assert options(ada, "add", NEW)["excludeCredentials"][0]["id"] == encode_bytes(passkey.id)
    reset_official(services, "Ada")
    with services.database.reading() as session:
        assert session.scalars(select(Passkey.id)).all() == []
