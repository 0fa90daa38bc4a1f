"""The officials' pages on PostgreSQL, whose locks and read-only transactions are stricter than SQLite's."""

from dataclasses import replace

import pytest

from ballots.manifest import parse_manifest
from evote.accounts.oidc import is_first_use
from evote.admin.deeds import all_deeds, chain_head, check_chain
from evote.admin.roles import Role
from evote.app import create_app
from evote.settings import Settings
from tests.support.elections import OPENS_AT, make_voters
from tests.support.officials import freeze, make_official, save, upload, write
from tests.support.passkey import add, options
from tests.support.server import Clock, make_files, make_services

pytestmark = pytest.mark.postgresql


def test_from_enrolment_to_the_freeze(settings: Settings, postgres_url: str) -> None:
    clock = Clock(OPENS_AT.replace(month=2))
    services = make_services(replace(settings, database_url=postgres_url), clock)
    app = create_app(services.settings, services)
    desk = make_official(app, services, clock, "Ada", *Role).sign_in()
    election = save(desk, f"{write(desk)}/check", sure="y")
    key = election.rpartition("/")[2]
    data = app.test_client().get(f"/elections/{key}/record/manifest.json").data
    manifest = parse_manifest(data, allow_test_keys=True)
    files, _, _ = make_files(manifest, make_voters(manifest, 3))
    upload(desk, f"{election}/files", roll_jsonl=files.roll, roll_json=files.roll_signature)
    upload(desk, f"{election}/files", voters_csv=files.voters, key_json=files.key)
    assert "fit together" in desk.get(f"{election}/files")
    assert freeze(desk, election).location == election
    for page in ("", "/live", "/trustees", "/sign/open", "/sign/open/request.json"):
        desk.get(election + page)
    with services.database.reading() as session:
        check_chain(all_deeds(session, key), *chain_head(session, key))
    desk.post("/admin/sign-out", page="/admin/")
    services.database.close()


def test_passkeys_confirming_and_roles_for_one_election(settings: Settings, postgres_url: str) -> None:
    clock = Clock(OPENS_AT.replace(month=2))
    chosen = replace(settings, database_url=postgres_url, base_url="https://vote.example")
    services = make_services(chosen, clock)
    app = create_app(chosen, services)
    ada = make_official(app, services, clock, "Ada", Role.PREPARER).sign_in()
    draft = ada.post("/admin/drafts/new", begin="choose", languages="en").location
    ada.get(draft)
    make_official(app, services, clock, "Eve", Role.PREPARER).sign_in().get(draft, 403)
    passkey = add(ada)
    ada.post("/admin/sign-out", page="/admin/")
    for answer, status in (("{}", 422), (passkey.sign(options(ada, "sign-in")), 303)):
        assert ada.post("/admin/sign-in/passkey", "/admin/sign-in", passkey=answer).status_code == status
    clock.forward(minutes=11)
    asked = {"action": "remove", "confirm_passkey": passkey.sign(options(ada, "confirm", "/admin/account"))}
    assert ada.post("/admin/account/passkeys/1", "/admin/account", **asked).status_code == 303
    assert "You have no passkey yet." in ada.get("/admin/account")
    assert [is_first_use(services, "state", clock.now) for _ in range(2)] == [True, False]
    services.database.close()
