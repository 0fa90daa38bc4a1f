"""Visitors, mails and jobs of participation's pages, in process."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from evote.mail.models import Message
from evote.mail.outbox import Mail, open_mail
from evote.services import Services
from participation.features import JOBS
from participation.jobs import run_job
from participation.ports import EXTENSION, Ports
from tests.support.server import Clock

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_LINK = re.compile(r"https?://\S+")


@dataclass
class Visitor:
    """Somebody at a browser, with cookies of their own."""

    app: APIFlask
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, address: str, status: int = 200) -> str:
        self.app.extensions[EXTENSION].memory.pop("pages", None)  # a few seconds have passed
        answer = self.client.get(path_of(address), follow_redirects=status == 200)
        page = answer.get_data(as_text=True)
        assert answer.status_code == status, (address, answer.status_code, page)
        return unescape(page)

    def post(self, address: str, page: str = "", **fields: Any) -> TestResponse:
        """Send a form with the hidden fields of a page, by default of the one at the address."""
        address = path_of(address)
        shown = self.client.get(path_of(page) if page else address).get_data(as_text=True)
        assert _TOKEN.search(shown) is not None, (address, shown)
        return self.client.post(address, data={**hidden_fields(shown), **fields})

    def submit(self, address: str, page: str = "", **fields: Any) -> str:
        """Send a form that must be accepted; returns where it leads."""
        answer = self.post(address, page, **fields)
        assert answer.status_code == 303, (answer.status_code, unescape(answer.get_data(as_text=True)))
        return str(answer.location)


@dataclass
class Town:
    """A site of participation in process."""

    app: APIFlask
    services: Services
    clock: Clock

    @property
    def ports(self) -> Ports:
        found: Ports = self.app.extensions[EXTENSION]
        return found

    def visitor(self) -> Visitor:
        return Visitor(self.app)

    def mails(self, to: str = "") -> list[Mail]:
        """Return what waits in the outbox, newest first."""
        query = select(Message).order_by(Message.id.desc())
        with self.services.database.reading() as session:
            rows = session.scalars(query if not to else query.where(Message.recipient == to)).all()
            return [open_mail(self.services, row) for row in rows]

    def link_to(self, to: str, place: str = "") -> str:
        """Return the newest link that was mailed to somebody, whose address holds `place`."""
        for mail in self.mails(to):
            for link in _LINK.findall(mail.text):
                if place in link:
                    return str(link)
        raise AssertionError((to, place, self.mails(to)))

    @contextmanager
    def queries(self) -> Iterator[list[str]]:
        """Collect what the database is asked meanwhile."""
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(self.services.database.engine, "before_cursor_execute", note)
        yield asked
        event.remove(self.services.database.engine, "before_cursor_execute", note)

    def run_jobs(self, *names: str) -> int:
        """Run the jobs of these names, or all, as the bells do; returns how much they did."""
        with self.app.app_context():
            return sum(run_job(self.ports, job) for job in JOBS if not names or job.name in names)


def hidden_fields(page: str) -> dict[str, str]:
    """Return {name: value} of a page's hidden fields."""
    found = {}
    for one in _HIDDEN.findall(page):
        name, value = re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)
        if name and value:
            found[name[1]] = unescape(value[1])
    return found


def path_of(address: str) -> str:
    """Return an address without the site's root."""
    return re.sub(r"^https?://[^/]+", "", address)
