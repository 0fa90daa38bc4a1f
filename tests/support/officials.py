"""Officials with password and authenticator, and browsers in which they are signed in."""

import io
import re
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pyotp
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from evote.admin.factors import TRIES, Shown, sign_in
from evote.admin.officials import add_official, enrol, find_enrolment
from evote.admin.roles import Role
from evote.errors import LoginRefused
from evote.services import Services
from tests.support.elections import seeded_key
from tests.support.server import Clock

PASSWORD = "six random words are good"
_REVISION = re.compile(r'name="revision" value="(\d+)"')
_HIDDEN = re.compile(r'<input (?:id="\w+" )?(?:type="hidden" )?name="(\w+)" (?:type="hidden" )?value="([^"]*)"')
_SHOWN = re.compile(r'name="shown"[^>]*value="([^"]+)"')
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Desk:
    """An official at a browser.

    Attributes:
        totp: The authenticator.
    """

    app: APIFlask
    clock: Clock
    name: str
    totp: pyotp.TOTP
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def code(self) -> str:
        """Return a code that was not used yet."""
        self.clock.forward(seconds=30)
        return self.totp.at(self.clock.now)

    def get(self, address: str, status: int = 200) -> str:
        answer = self.client.get(address)
        assert answer.status_code == status, (address, answer.get_data(as_text=True))
        return unescape(answer.get_data(as_text=True))

    def post(self, address: str, page: str = "", **fields: Any) -> TestResponse:
        """Send a form with the token of a page, by default of the one at the address."""
        found = _TOKEN.search(self.client.get(page or address).get_data(as_text=True))
        assert found is not None, address
        return self.client.post(address, data={"csrf_token": found[1], **fields})

    def sign_in(self) -> "Desk":
        fields = {"official_name": self.name, "password": PASSWORD, "code": self.code()}
        answer = self.post("/admin/sign-in", **fields)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return self


def make_official(app: APIFlask, services: Services, clock: Clock, name: str, *roles: Role) -> Desk:
    """Appoint and enrol somebody; not signed in yet."""
    code = add_official(services, name, roles)
    totp = pyotp.TOTP(find_enrolment(services, code).totp)
    enrol(services, code, PASSWORD, totp.at(clock.now))
    return Desk(app, clock, name, totp)


def lock_out(services: Services, name: str) -> None:
    """Do what any stranger can who has read the name in the public log."""
    for _ in range(TRIES):
        with suppress(LoginRefused):
            sign_in(services, name, "a stranger's guess", Shown(code="000000"))


def held(answer: TestResponse) -> MultiDict[str, str]:
    """Return what the page that asks for a second factor has kept."""
    assert answer.status_code in (403, 422), answer.get_data(as_text=True)
    page = answer.get_data(as_text=True)
    assert "Confirm that it is you" in page
    return MultiDict((name, unescape(value)) for name, value in _HIDDEN.findall(page))


def save(desk: Desk, address: str, **fields: Any) -> str:
    """Send a step of a draft as its page shows it; returns where it leads."""
    found = _REVISION.search(desk.get(address))
    assert found is not None
    answer = desk.post(address, revision=found[1], **{"action": "continue", **fields})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def freeze(desk: Desk, election: str) -> TestResponse:
    """Freeze with the files that the page shows now."""
    found = _SHOWN.search(desk.get(f"{election}/freeze"))
    assert found is not None
    return desk.post(f"{election}/freeze", sure="y", shown=found[1])


def upload(desk: Desk, address: str, status: int = 303, **files: bytes) -> str:
    given: dict[str, Any] = {name.replace("_", "-"): (io.BytesIO(data), name) for name, data in files.items()}
    answer = desk.post(address, **given)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return str(answer.get_data(as_text=True))


def write(desk: Desk) -> str:
    """Write a referendum of two contests; returns its address."""
    started = desk.post("/admin/drafts/new", begin="referendum", languages="en fa")
    draft = started.location.removesuffix("/texts")
    texts = {"languages": "en fa", "title-en": "The tramway", "title-fa": "تراموا", "description-en": "Shall it be?"}
    assert save(desk, f"{draft}/texts", **texts).endswith("/contests")
    page = desk.get(f"{draft}/contests/0")
    assert "I abstain" in page
    contest = {
        "title-en": "Shall it be built?",
        "option-0-label-en": "Yes",
        "option-0-label-fa": "آری",
        "option-1-label-en": "No",
        "option-2-label-en": "I abstain",
        "min": "1",
        "max": "۱",
        "rule": "majority",
        "percent": "50",
        "turnout_percent": "25",
        "of": "o1",
        "abstain": "o3",
    }
    assert save(desk, f"{draft}/contests/0", **contest).endswith("/contests")
    assert save(desk, f"{draft}/contests", action="add-rank").endswith("/contests/1")
    ranking = {"title-en": "Its name", "option-0-label-en": "Red", "rule": "schulze", "seats": "1", "abstain": ""}
    save(desk, f"{draft}/contests/1", **ranking, ties="y", **{"option-1-label-en": "Blue"})
    assert save(desk, f"{draft}/contests").endswith("/styles")
    assert save(desk, f"{draft}/styles", **{"style-0": "all", "contests-0": ["c1", "c2"]}).endswith("/times")
    times = {"opens_at": "2026-03-01T08:00", "closes_at": "2026-03-08T20:00", "closing": "official"}
    assert save(desk, f"{draft}/times", **times, min_ballots="1", modulus_bits="512").endswith("/people")
    keys = {"registrar_key": seeded_key("registrar").public, "official_key": seeded_key("official").public}
    people = {
        "trustees": "One\nTwo\nThree",
        "threshold": "2",
        "observers": f"League, {seeded_key('observer 0').public}",
    }
    assert save(desk, f"{draft}/people", **people, **keys).endswith("/check")
    return str(draft)
