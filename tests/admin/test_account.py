"""My account, and a second factor once more before what cannot be undone."""

import io
import re
from dataclasses import replace
from typing import Any

import pyotp
import pytest
from apiflask import APIFlask

from evote.admin import confirming
from evote.admin.roles import Role
from evote.admin.sessions import describe_browser
from evote.app import create_app
from evote.elections.definition import create_election
from evote.elections.models import DRAFT, Election
from evote.services import Services
from tests.admin.conftest import Appoint
from tests.support.elections import make_voters
from tests.support.officials import PASSWORD, Desk, freeze, held, lock_out, make_official, upload
from tests.support.passkey import add, options
from tests.support.server import Clock, definition, make_files

ACCOUNT = "/admin/account"
NEW_PASSWORD = "another six random words"


def test_the_password_is_changed_with_the_old_one(appoint: Appoint, app: APIFlask, clock: Clock) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    elsewhere = Desk(app, clock, "Ada", desk.totp).sign_in()
    fields = {"present": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    for wrong in ({"present": "not the password"}, {"again": "differs from it"}, {"password": "short"}):
        assert desk.post(f"{ACCOUNT}/password", **{**fields, **wrong}).status_code == 422
    assert desk.post(f"{ACCOUNT}/password", **fields).location == ACCOUNT
    assert "Your other sessions have ended." in desk.get(ACCOUNT)
    elsewhere.get("/admin/", 303)
    desk.post("/admin/sign-out", ACCOUNT)
    assert desk.post("/admin/sign-in", official_name="Ada", password=PASSWORD, code=desk.code()).status_code == 422
    fields = {"official_name": "Ada", "password": NEW_PASSWORD, "code": desk.code()}
    assert desk.post("/admin/sign-in", **fields).location == "/admin/"


def test_guessing_the_present_password_ends_the_session(appoint: Appoint, app: APIFlask, clock: Clock) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    elsewhere = Desk(app, clock, "Ada", desk.totp).sign_in()
    fields = {"present": "guess after guess", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    answers = [desk.post(f"{ACCOUNT}/password", **fields) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [303]
    assert "five wrong tries, so you are signed out" in desk.get(answers[-1].location)
    desk.get(ACCOUNT, 303)
    assert elsewhere.post(f"{ACCOUNT}/password", **{**fields, "present": PASSWORD}).location == ACCOUNT


def test_strangers_guessing_hold_up_nobody_who_is_signed_in(appoint: Appoint, services: Services, clock: Clock) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    clock.forward(minutes=11)
    lock_out(services, "Ada")
    fields = {"present": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert desk.post(f"{ACCOUNT}/password", **fields).location == ACCOUNT
    remove = f"{ACCOUNT}/authenticator/remove"
    kept = held(desk.post(remove, ACCOUNT))
    answer = desk.client.post(remove, data={**kept, "confirm_code": desk.code()})
    assert "This is your last second factor" in answer.get_data(as_text=True), "the act was reached"


def shown_secret(desk: Desk) -> str:
    """Return the key on the page of a new authenticator."""
    found = re.search(r'<span class="code">([A-Z2-7]{32})</span>', desk.get(f"{ACCOUNT}/authenticator"))
    assert found is not None
    return found[1]


def test_another_authenticator_takes_the_place_of_the_old_one(appoint: Appoint) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    secret = shown_secret(desk)
    assert secret not in (desk.totp.secret, "")
    assert desk.post(f"{ACCOUNT}/authenticator", code=desk.code()).status_code == 422, "a code of the old one"
    assert shown_secret(desk) == secret, "a wrong code changes nothing"
    desk.totp = pyotp.TOTP(secret)
    assert desk.post(f"{ACCOUNT}/authenticator", code=desk.code()).location == ACCOUNT
    desk.post("/admin/sign-out", ACCOUNT)
    desk.sign_in()


@pytest.mark.parametrize("leave", ["sign out", "idle"])
def test_a_secret_that_somebody_saw_before_is_never_shown_again(appoint: Appoint, clock: Clock, leave: str) -> None:
    mallory, ada = appoint("Mallory", Role.AUDITOR).sign_in(), appoint("Ada", Role.ELECTION_ADMIN)
    secret, name = shown_secret(mallory), mallory.app.config["SESSION_COOKIE_NAME"]
    cookie = mallory.client.get_cookie(name)
    assert cookie is not None
    if leave == "sign out":
        mallory.post("/admin/sign-out", ACCOUNT)
    else:
        clock.forward(minutes=31)
    ada.client = mallory.client
    ada.sign_in()
    assert shown_secret(ada) != secret
    ada.client.set_cookie(name, cookie.value)
    assert shown_secret(ada) != secret, "nor with the cookie of that time put back"


def test_the_secret_is_shown_after_a_second_factor_only(appoint: Appoint, clock: Clock) -> None:
    desk, address = appoint("Ada", Role.ELECTION_ADMIN).sign_in(), f"{ACCOUNT}/authenticator"
    secret = shown_secret(desk)
    clock.forward(minutes=11)
    assert desk.client.get(address).location == ACCOUNT
    asked = desk.post(address, ACCOUNT)
    assert secret not in asked.get_data(as_text=True)
    assert desk.client.post(address, data={**held(asked), "confirm_code": desk.code()}).location == address
    assert shown_secret(desk) == secret


def test_sessions_are_listed_and_ended(appoint: Appoint, app: APIFlask, clock: Clock) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    phone, tablet = Desk(app, clock, "Ada", desk.totp), Desk(app, clock, "Ada", desk.totp)
    phone.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Firefox/140.0"
    phone.sign_in()
    tablet.sign_in()
    page = desk.get(ACCOUNT)
    assert page.count("Since") == 3
    assert "Firefox, Android" in page
    found = re.search(r'Firefox, Android.*?name="session" value="(\w+)"', page, re.DOTALL)
    assert found is not None
    assert desk.post(f"{ACCOUNT}/sessions", ACCOUNT, session=found[1]).location == ACCOUNT
    phone.get("/admin/", 303)
    tablet.get("/admin/")
    assert desk.post(f"{ACCOUNT}/sessions", ACCOUNT).location == "/admin/sign-in"
    tablet.get("/admin/", 303)
    assert describe_browser("curl/8") == ""


def test_an_act_asks_again_and_goes_on_with_what_was_sent(appoint: Appoint, clock: Clock) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    draft = desk.post("/admin/drafts/new", begin="choose", languages="en").location
    check = draft.replace("texts", "check")
    clock.forward(minutes=11)
    sent = {"revision": "0", "sure": "y"}
    kept = held(desk.post(check, draft, **sent))
    assert {name: kept[name] for name in sent} == sent
    wrong = desk.client.post(check, data={**kept, "confirm_code": "000000"})
    assert "Nothing was done yet." in wrong.get_data(as_text=True)
    assert {name: held(wrong)[name] for name in sent} == sent
    gone_on = desk.client.post(check, data={**kept, "confirm_code": desk.code()})
    directly = desk.post(check, draft, **sent)
    for answer in (gone_on, directly):  # the act itself refuses a draft that is not whole
        assert (answer.status_code, "title" in answer.get_data(as_text=True)) == (422, True)
        assert "Confirm that it is you" not in answer.get_data(as_text=True)


def test_files_come_along(appoint: Appoint, app: APIFlask, services: Services, clock: Clock) -> None:
    manifest = create_election(services, definition(services))
    files, _, _ = make_files(manifest, make_voters(manifest, 3))
    desk = appoint("Ada", Role.ELECTION_ADMIN, Role.REGISTRAR).sign_in()
    election = f"/admin/elections/{manifest.id}"
    upload(desk, f"{election}/files", roll_jsonl=files.roll, roll_json=files.roll_signature, voters_csv=files.voters)
    upload(desk, f"{election}/files", key_json=files.key)
    clock.forward(minutes=11)
    kept = held(freeze(desk, election))
    with services.database.reading() as session:
        assert session.get_one(Election, manifest.id).state == DRAFT
    assert desk.client.post(f"{election}/freeze", data={**kept, "confirm_code": desk.code()}).location == election
    clock.forward(minutes=11)
    strange = desk.post(f"{election}/trustees", document=(io.BytesIO(b"{}"), "partial.json"))
    kept = held(strange)
    answer = desk.client.post(f"{election}/trustees", data={**kept, "confirm_code": desk.code()})
    assert "no file of a trustee" in answer.get_data(as_text=True), "the file has arrived"
    broken = desk.client.post(f"{election}/trustees", data={**kept, "confirm_file": "x", "confirm_code": ""})
    assert broken.status_code == 422


def test_a_large_file_is_chosen_again(
    appoint: Appoint, services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "MOST_KEPT_BYTES", 10)
    manifest = create_election(services, definition(services))
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    clock.forward(minutes=11)
    address = f"/admin/elections/{manifest.id}/trustees"
    asked = desk.post(address, document=(io.BytesIO(bytes(11)), "tally.json"))
    assert "you choose the file again" in asked.get_data(as_text=True)
    answer = desk.client.post(address, data={**held(asked), "confirm_code": desk.code()})
    assert (answer.status_code, answer.location.rstrip("?")) == (303, address)


def test_a_passkey_confirms_too(appoint: Appoint, clock: Clock) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    passkey = add(desk, verifies=False)
    clock.forward(minutes=11)
    remove = f"{ACCOUNT}/passkeys/1"
    kept = held(desk.post(remove, ACCOUNT, action="remove"))
    other = passkey.sign(options(desk, "second", ACCOUNT))
    assert desk.client.post(remove, data={**kept, "confirm_passkey": other}).status_code == 422, "another purpose"
    answer = passkey.sign(options(desk, "confirm", ACCOUNT))
    assert desk.client.post(remove, data={**kept, "confirm_passkey": answer}).location == ACCOUNT
    assert "You have no passkey yet." in desk.get(ACCOUNT)


@pytest.mark.parametrize("fields", [{"confirm_passkey": "{}"}, {"confirm_code": ""}])
def test_what_is_no_guess_is_refused_and_not_counted(appoint: Appoint, clock: Clock, fields: dict[str, Any]) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    add(desk)
    clock.forward(minutes=11)
    kept = held(desk.post(f"{ACCOUNT}/passkeys/1", ACCOUNT, action="remove"))
    for _ in range(6):
        assert desk.client.post(f"{ACCOUNT}/passkeys/1", data={**kept, **fields}).status_code == 422
    assert "office computer" in desk.get(ACCOUNT)
    right = desk.client.post(f"{ACCOUNT}/passkeys/1", data={**kept, "confirm_code": desk.code()})
    assert (right.location, "office computer" in desk.get(ACCOUNT)) == (ACCOUNT, False)


def test_five_wrong_codes_end_the_session(appoint: Appoint, clock: Clock) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    add(desk)
    clock.forward(minutes=11)
    kept = held(desk.post(f"{ACCOUNT}/passkeys/1", ACCOUNT, action="remove"))
    guess = {**kept, "confirm_code": "000000"}
    answers = [desk.client.post(f"{ACCOUNT}/passkeys/1", data=guess) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [303]
    assert answers[-1].location == "/admin/sign-in"
    desk.get(ACCOUNT, 303)
    desk.sign_in()
    assert "office computer" in desk.get(ACCOUNT)


def test_guessing_a_second_factor_is_slowed_down(services: Services, clock: Clock) -> None:
    limited = replace(services, settings=replace(services.settings, rate_limits=True))
    desk = make_official(create_app(limited.settings, limited), limited, clock, "Ada", Role.AUDITOR).sign_in()
    clock.forward(minutes=11)
    remove = f"{ACCOUNT}/authenticator/remove"
    asked = desk.post(f"{ACCOUNT}/passkeys/1", ACCOUNT, action="remove")
    kept = {**held(asked), "confirm_passkey": "{}"}
    answers = [desk.client.post(remove, data=kept).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
