"""Officials with password and authenticator, and browsers in which they are signed in."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pyotp
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from evote.admin.officials import add_official, enrol, find_enrolment
from evote.admin.roles import Role
from evote.services import Services
from tests.support.server import Clock

PASSWORD = "six random words are good"
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
