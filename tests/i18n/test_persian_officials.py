"""The officials' pages in Persian: writing an election, with Persian digits and no English sentence left."""

import re
from collections.abc import Iterator

import pytest

from ballots.manifest import parse_manifest
from evote.admin.roles import Role
from evote.app import create_app
from tests.support.elections import OPENS_AT, make_voters
from tests.support.gallery import gallery_settings
from tests.support.officials import Desk, freeze, make_official, save, upload, write
from tests.support.persian import ENGLISH, said_on
from tests.support.server import Clock, make_files, make_services

TYPED = re.compile(
    "|".join(map(re.escape, ("The tramway", "Shall it be?", "Shall it be built?", "Its name", "c1", "c2")))
)
STEPS = ("texts", "contests", "contests/0", "contests/1", "styles", "times", "people", "check")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    clock = Clock(OPENS_AT.replace(month=2))
    services = make_services(gallery_settings(tmp_path_factory.mktemp("officials")), clock)
    yield make_official(create_app(services.settings, services), services, clock, "Parvin", *Role).sign_in()
    services.database.close()


def assert_persian(page: str) -> None:
    assert '<html lang="fa" dir="rtl"' in page
    said = [TYPED.sub("", one) for one in said_on(page)]
    assert [one for one in said if re.search("[0-9]", one)] == []
    assert [one for one in said if ENGLISH.search(one)] == []


DESKS = ("/admin/", "/admin/log", "/admin/drafts/new", "/admin/account", "/admin/account/password", "/admin/officials")


@pytest.mark.parametrize("path", [*DESKS, "/admin/account/authenticator", "/admin/officials/1"])
def test_desks_are_persian(desk: Desk, path: str) -> None:
    assert_persian(desk.get(f"/fa{path}"))


@pytest.mark.parametrize("path", ["/admin/sign-in", "/admin/enrol"])
def test_signing_in_is_persian(desk: Desk, path: str) -> None:
    assert_persian(desk.app.test_client().get(f"/fa{path}").get_data(as_text=True))


def test_each_step_of_a_draft_is_persian_and_leads_on_in_persian(desk: Desk) -> None:
    draft = write(desk)
    for step in STEPS:
        page = desk.get(f"/fa{draft}/{step}")
        assert_persian(page)
        assert f'href="/fa{draft}/' in page


def test_conducting_is_persian(desk: Desk) -> None:
    place = save(desk, f"{write(desk)}/check", sure="y")
    data = desk.app.test_client().get(f"/elections/{place.rpartition('/')[2]}/record/manifest.json").data
    manifest = parse_manifest(data, allow_test_keys=True)
    files, _, _ = make_files(manifest, make_voters(manifest, 3))
    assert_persian(desk.get(f"/fa{place}"))
    upload(desk, f"{place}/files", roll_jsonl=files.roll, roll_json=files.roll_signature)
    upload(desk, f"{place}/files", key_json=files.key, voters_csv=files.voters)
    for page in ("files", "freeze"):
        assert_persian(desk.get(f"/fa{place}/{page}"))
    assert freeze(desk, place).status_code == 303
    for page in ("trustees", "sign/open", "live"):
        assert_persian(desk.get(f"/fa{place}/{page}"))
