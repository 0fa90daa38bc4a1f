"""Petitions in Persian: pages of every state, forms and their errors, mails; no English sentence left."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evote.admin.roles import Role
from evote.app import create_app
from evote.simulation.petitions import RULES, make_examples
from participation.petitions.models import Petition
from participation.petitions.timekeeping import keep_time
from participation.signatures.counter import Counter
from tests.support.gallery import gallery_settings
from tests.support.officials import Desk, make_official
from tests.support.participation import Town
from tests.support.persian import ENGLISH, said_on
from tests.support.petitions import PERSIAN
from tests.support.server import Clock, make_services

TEXTS = ("Resident A", "Resident D", "Resident E", "Resident F", "Demo official", "OpenID Connect", "JSON")
"""Names, and what stands in one language: texts of English petitions have `dir="auto"`."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("petitions")
    (folder / "rules.toml").write_text(RULES, encoding="utf-8")
    chosen, clock = replace(gallery_settings(folder), participation_rules=folder / "rules.toml"), Clock()
    services = make_services(chosen, clock)
    made = Town(create_app(chosen, services), services, clock)
    with made.app.app_context(), made.ports.speaking("fa"):
        make_examples(made.ports)
        Counter(made.ports).drain()
        keep_time(made.ports)
    yield made
    services.database.close()


@pytest.fixture(scope="module")
def desk(town: Town) -> Desk:
    return make_official(town.app, town.services, town.clock, "رها", Role.MODERATOR, Role.RESPONDER).sign_in()


def assert_persian(town: Town, page: str) -> None:
    assert '<html lang="fa" dir="rtl"' in page
    with town.services.database.reading() as session:
        rows = session.query(Petition).filter_by(language="en").all()
        english = [part for row in rows for part in (row.title, row.background, row.details) if part]
    said = said_on(page)
    for text in (*english, *TEXTS, "We walked the way together", "Forty families walked the long way on Sunday."):
        said = [one.replace(text, "") for one in said]
    assert [one for one in said if ENGLISH.search(one) and "Thank you for coming" not in one] == []
    assert "%(" not in " ".join(said)


def ids(town: Town) -> list[str]:
    with town.services.database.reading() as session:
        return [row.id for row in session.query(Petition).all()]


def test_public_pages_of_every_state_are_persian(town: Town) -> None:
    visitor = town.visitor().client
    places = ["", "?state=all", "?q=کتابخانه", "?q=هیچ‌چیز", "?state=archived", "new", "new/title", "mine", "asked"]
    places += [*ids(town), "supported", "confirm/nothing", f"{ids(town)[0]}/manage"]
    for place in places:
        assert_persian(town, visitor.get(f"/fa/petitions/{place}").get_data(as_text=True))
    assert_persian(town, visitor.get("/fa/participation/officials-log").get_data(as_text=True))


def test_writing_and_its_errors_and_mails_are_persian(town: Town) -> None:
    visitor = town.visitor()
    for step, good, bad in (
        ("title", {"title": PERSIAN["title"]}, {"title": ""}),
        ("text", {"background": PERSIAN["background"], "details": ""}, {"background": "", "details": "x" * 2000}),
        ("you", {"name": "بهار", "mail": "bahar@example.org"}, {"name": "<b>", "mail": "بهار"}),
    ):
        assert_persian(town, visitor.post(f"/fa/petitions/new/{step}", **bad).get_data(as_text=True))
        visitor.submit(f"/fa/petitions/new/{step}", **good)
    assert_persian(town, visitor.get("/fa/petitions/new/check"))
    assert_persian(town, visitor.get(visitor.submit("/fa/petitions/new/check")))
    link = town.link_to("bahar@example.org", "/fa/petitions/confirm/")
    assert_persian(town, visitor.get(link))
    assert_persian(town, visitor.get(visitor.submit(link)))
    for mail in town.mails("bahar@example.org"):
        assert not ENGLISH.search(mail.text.replace("https://", ""))
        assert not ENGLISH.search(mail.subject)


def test_officials_pages_are_persian(town: Town, desk: Desk) -> None:
    root = "/fa/admin/participation/petitions/"
    for place in ("", "all", "outages", *ids(town)):
        assert_persian(town, desk.client.get(f"{root}{place}").get_data(as_text=True))
    for part in ("answer", "debate", "news"):
        assert_persian(town, desk.post(f"{root}{ids(town)[0]}/{part}").get_data(as_text=True))
    refused = desk.post(f"{root}{ids(town)[0]}", act="reject", reason="unclear", note="", revision="0")
    assert_persian(town, refused.get_data(as_text=True))
