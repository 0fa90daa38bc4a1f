"""Appointment, enrolment, sign-in with password and authenticator, lock-out, sessions."""

from dataclasses import replace

import pyotp
import pytest
from apiflask import APIFlask
from sqlalchemy import select

from evote.admin import officials
from evote.admin.factors import TRIES
from evote.admin.models import Official
from evote.admin.roles import Permission, Role, permissions_of
from evote.admin.secrets import hash_password, is_password
from evote.app import create_app
from evote.errors import Conflict, LoginRefused, Malformed, NotFound
from evote.services import Services
from tests.admin.conftest import Appoint
from tests.support.officials import PASSWORD, Desk
from tests.support.server import Clock


def test_an_official_enrols_on_the_site_and_signs_in_and_out(app: APIFlask, services: Services, clock: Clock) -> None:

    code = officials.add_official(services, "Ada", (Role.ELECTION_ADMIN, Role.AUDITOR))
    desk = Desk(app, clock, "Ada", pyotp.TOTP(officials.find_enrolment(services, code).totp))
    answer = desk.post("/admin/enrol", enrolment_code=f" {code} ")
    assert answer.location == "/admin/enrol/password"
    page = desk.get("/admin/enrol/password")
    assert desk.totp.secret in page
    assert "<svg" in page
    fields = {"password": PASSWORD, "again": PASSWORD, "code": desk.code()}
    refused = desk.post("/admin/enrol/password", **{**fields, "again": "another one, longer"})
    assert (refused.status_code, "The two passwords differ." in refused.text) == (422, True)
    assert desk.post("/admin/enrol/password", **{**fields, "password": "short", "again": "short"}).status_code == 422
    assert desk.post("/admin/enrol/password", **{**fields, "code": "000000"}).status_code == 422
    assert desk.post("/admin/enrol/password", **fields).location == "/admin/sign-in"
    with pytest.raises(LoginRefused, match="used up"):
        officials.find_enrolment(services, code)
    desk.sign_in()
    assert "Election admin" in desk.get("/admin/")
    cookie = desk.client.get_cookie("__Host-evote-official")
    assert cookie is not None
    assert (cookie.http_only, cookie.secure, cookie.same_site) == (True, True, "Strict")
    assert desk.post("/admin/sign-out", page="/admin/").location == "/admin/sign-in"
    assert desk.client.get("/admin/").location == "/admin/sign-in"
    desk.client.set_cookie("__Host-evote-official", cookie.value, secure=True)
    assert desk.client.get("/admin/").location == "/admin/sign-in", "the token itself is revoked"


@pytest.mark.parametrize("wrong", ["name", "password", "code", "old code", "removed", "locked"])
def test_every_refusal_reads_the_same(appoint: Appoint, services: Services, clock: Clock, wrong: str) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN)
    fields = {"official_name": "Ada", "password": PASSWORD, "code": desk.code()}
    changes = {"name": {"official_name": "Bob"}, "password": {"password": "x" * 20}, "code": {"code": "12"}}
    fields |= changes.get(wrong, {})
    if wrong == "old code":
        desk.sign_in().post("/admin/sign-out", page="/admin/")
        fields["code"] = desk.totp.at(clock.now)
    if wrong == "removed":
        officials.remove_official(services, "Ada")
    if wrong == "locked":
        for _ in range(TRIES):
            desk.post("/admin/sign-in", **{**fields, "code": "000000"})
    answer = desk.post("/admin/sign-in", **fields)
    assert answer.status_code == 422
    assert "Name, password and code or passkey do not fit together, or there were too many tries." in answer.text
    assert "Set-Cookie" not in answer.headers or "official" not in answer.headers["Set-Cookie"]


def test_a_locked_account_opens_again_after_a_quarter_of_an_hour(appoint: Appoint, clock: Clock) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN)
    for _ in range(TRIES):
        desk.post("/admin/sign-in", official_name="Ada", password="no" * 9, code="000000")
    clock.forward(minutes=14)
    assert desk.post("/admin/sign-in", official_name="Ada", password=PASSWORD, code=desk.code()).status_code == 422
    clock.forward(minutes=1)
    desk.sign_in()


def test_sessions_end_by_idleness_by_age_and_by_reset(appoint: Appoint, services: Services, clock: Clock) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    clock.forward(minutes=29)
    desk.get("/admin/")
    clock.forward(minutes=29)
    desk.get("/admin/")
    clock.forward(minutes=31)
    desk.get("/admin/", 303)
    desk.sign_in()
    for _ in range(30):
        clock.forward(minutes=20)
        last = desk.client.get("/admin/").status_code
    assert last == 303
    desk.sign_in()
    code = officials.reset_official(services, "Ada")
    desk.get("/admin/", 303)
    (listed,) = officials.list_officials(services)
    assert (listed.name, listed.roles, listed.state) == ("Ada", (Role.ELECTION_ADMIN,), "invited")
    clock.forward(days=3, seconds=1)
    with pytest.raises(LoginRefused):
        officials.find_enrolment(services, code)


def test_no_page_repeats_a_password(appoint: Appoint) -> None:
    desk, typed = appoint("Ada", Role.ELECTION_ADMIN), "typed a moment ago"
    refused = desk.post("/admin/sign-in", official_name="Ada", password=typed, code="000000")
    assert (refused.status_code, 'value="Ada"' in refused.text, typed in refused.text) == (422, True, False)
    fields = {"present": typed, "password": typed, "again": typed}
    refused = desk.sign_in().post("/admin/account/password", **fields)
    assert (refused.status_code, typed in refused.text) == (422, False)


def test_forms_without_our_token_are_refused(appoint: Appoint) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN)
    fields = {"official_name": "Ada", "password": PASSWORD, "code": desk.code()}
    assert desk.client.post("/admin/sign-in", data=fields).status_code == 400
    desk.sign_in()
    assert desk.client.post("/admin/sign-out").status_code == 400
    desk.get("/admin/")


def test_roles_hold_no_more_than_they_need(appoint: Appoint) -> None:
    assert Permission.SEE not in permissions_of([Role.MODERATOR, Role.SITE_ADMIN, Role.PREPARER])
    assert permissions_of([Role.REGISTRAR]) == {Permission.SEE, Permission.ROLL}
    assert Permission.WRITE not in permissions_of([Role.AUDITOR, Role.REGISTRAR])
    appoint("Max", Role.MODERATOR).sign_in().get("/admin/log", 403)
    appoint("Aud", Role.AUDITOR).sign_in().get("/admin/log")


def test_secrets_are_stored_only_hashed_or_encrypted(appoint: Appoint, services: Services) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN)
    with services.database.reading() as session:
        official = session.scalars(select(Official)).one()
    assert official.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert desk.totp.secret.encode() not in official.sealed_totp
    assert is_password(hash_password("e\u0301" * 8, bytes(16)), "\u00e9" * 8)
    assert not is_password("", "nobody has this password")


def test_names_and_roles_that_cannot_be(appoint: Appoint, services: Services) -> None:
    appoint("Ada", Role.AUDITOR)
    with pytest.raises(Conflict, match="already"):
        officials.add_official(services, "Ada ", (Role.AUDITOR,))
    for name in ("", "(operator)", "x" * 61, "a\nb"):
        with pytest.raises(Malformed, match="name"):
            officials.add_official(services, name, (Role.AUDITOR,))
    with pytest.raises(Malformed, match="--role"):
        officials.add_official(services, "Bob", ())
    with pytest.raises(NotFound):
        officials.reset_official(services, "Bob")


def test_guessing_is_slowed_down(services: Services, clock: Clock) -> None:
    limited = replace(services, settings=replace(services.settings, rate_limits=True))
    desk = Desk(create_app(limited.settings, limited), clock, "Ada", pyotp.TOTP(pyotp.random_base32()))
    answers = [desk.post("/admin/sign-in", official_name="Ada").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
