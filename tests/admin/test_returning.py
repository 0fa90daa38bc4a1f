"""What somebody typed for longer than a session lasts is kept while they sign in again, and for nobody else."""

import re
from html import unescape
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from evote.admin.roles import Role
from tests.admin.conftest import Appoint
from tests.admin.test_drafts_options import begin, fields_of
from tests.support.officials import PASSWORD, Desk
from tests.support.passkey import add, options
from tests.support.server import Clock

TYPED = {"languages": "en", "title-en": "Typed for an hour", "description-en": 'Two\nlines, "quoted"', "action": "save"}
_HIDDEN = re.compile(r'<input (?:id="\w+" )?(?:type="hidden" )?name="([\w-]+)" (?:type="hidden" )?value="([^"]*)"')


@pytest.fixture
def desk(appoint: Appoint) -> Desk:
    return appoint("Ada", Role.ELECTION_ADMIN).sign_in()


def too_late(desk: Desk, address: str, **typed: Any) -> TestResponse:
    """Write on a page until the session has ended, then send it."""
    page = desk.get(address)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    desk.clock.forward(minutes=31)
    return desk.client.post(address, data={"csrf_token": token[1], "revision": "0", **typed})


def kept(answer: TestResponse) -> MultiDict[str, str]:
    """Return what the page has kept, that of its last form."""
    page = answer.get_data(as_text=True)
    assert "Sign in again" in page
    form = page.rpartition("<form")[2]
    return MultiDict((name, unescape(value)) for name, value in _HIDDEN.findall(form))


def test_what_was_typed_is_saved_after_signing_in_again(desk: Desk) -> None:
    draft = begin(desk, "choose")
    asked = too_late(desk, f"{draft}/texts", **TYPED)
    assert (asked.status_code, "sign in again, Ada" in asked.text) == (403, True)
    fields = kept(asked)
    assert {name: fields[name] for name in TYPED} == TYPED
    wrong = desk.client.post(f"{draft}/texts", data={**fields, "again_password": "guess", "again_code": desk.code()})
    assert (wrong.status_code, "guess" in wrong.text) == (422, False)
    fields = kept(wrong)
    assert {name: fields[name] for name in TYPED} == TYPED
    again = {**fields, "again_password": PASSWORD, "again_code": desk.code()}
    assert desk.client.post(f"{draft}/texts", data=again).location == f"{draft}/texts?check=1"
    assert fields_of(desk, draft)["title"] == {"en": "Typed for an hour"}
    assert fields_of(desk, draft)["description"]["en"] == 'Two\nlines, "quoted"'
    desk.post(f"{draft}/texts", revision="1", **{**TYPED, "title-en": "Once more"})
    assert fields_of(desk, draft)["title"] == {"en": "Once more"}, "forms count as ever"


def test_a_form_that_the_page_refuses_then_can_be_mended_and_sent(desk: Desk) -> None:
    draft = begin(desk, "choose")
    asked = too_late(desk, f"{draft}/texts", **{**TYPED, "languages": "klingon"})
    again = {**kept(asked), "again_password": PASSWORD, "again_code": desk.code()}
    refused = desk.client.post(f"{draft}/texts", data=again)
    assert (refused.status_code, "Typed for an hour" in refused.text) == (422, True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', refused.text)
    assert token is not None
    mended = {**TYPED, "csrf_token": token[1], "revision": "0"}
    assert desk.client.post(f"{draft}/texts", data=mended).status_code == 303


def test_a_passkey_alone_does(desk: Desk) -> None:
    draft, passkey = begin(desk, "choose"), add(desk)
    fields = kept(too_late(desk, f"{draft}/texts", **TYPED))
    answer = passkey.sign(options(desk, "sign-in"))
    sent = {name: value for name, value in fields.items() if not name.startswith("again")}
    assert desk.client.post(f"{draft}/texts", data={**sent, "again_alone": answer}).status_code == 303
    assert fields_of(desk, draft)["title"] == {"en": "Typed for an hour"}


def test_nobody_else_goes_on_with_it(desk: Desk, appoint: Appoint) -> None:
    draft, bob = begin(desk, "choose"), appoint("Bob", Role.ELECTION_ADMIN).sign_in()
    passkey = add(bob)
    fields = kept(too_late(desk, f"{draft}/texts", **TYPED))
    sent = {name: value for name, value in fields.items() if not name.startswith("again")}
    refused = desk.client.post(f"{draft}/texts", data={**sent, "again_alone": passkey.sign(options(desk, "sign-in"))})
    assert (refused.status_code, "only Ada can go on" in refused.text) == (422, True)
    assert desk.client.get("/admin/").status_code == 303, "nobody was signed in"
    assert fields_of(desk.sign_in(), draft)["title"] == {}


@pytest.mark.parametrize("how", ["signed out", "elsewhere", "no token"])
def test_an_end_that_somebody_willed_keeps_nothing(desk: Desk, how: str, clock: Clock) -> None:
    draft = begin(desk, "choose")
    if how == "no token":
        clock.forward(minutes=31)
        assert desk.client.post(f"{draft}/texts", data=TYPED).status_code == 400
        return
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', desk.get(f"{draft}/texts"))
    assert token is not None
    if how == "elsewhere":
        Desk(desk.app, clock, "Ada", desk.totp).sign_in().post("/admin/account/sessions", "/admin/account")
    else:
        desk.client.delete_cookie("evote-official")
        desk.client.delete_cookie("__Host-evote-official")
    answer = desk.client.post(f"{draft}/texts", data={"csrf_token": token[1], **TYPED})
    assert answer.location == "/admin/sign-in"


def test_what_cannot_be_undone_is_not_kept(desk: Desk) -> None:
    draft = begin(desk, "choose")
    assert too_late(desk, f"{draft}/check", sure="y").location == "/admin/sign-in"


def test_long_texts_come_along_too(desk: Desk) -> None:
    draft = begin(desk, "choose")
    long = {**TYPED, "description-en": "ب" * 20_000, "title-en": "آ" * 300_000}
    assert too_late(desk, f"{draft}/texts", **long).status_code == 403
