"""The officials' log: chained, only added to, open where it concerns an election, without secrets."""

import pytest
from apiflask import APIFlask

from ballots import codec
from evote.admin.deeds import SITE, all_deeds, chain_head, check_chain, note
from evote.admin.roles import Role
from evote.elections.definition import create_election
from evote.elections.freeze import freeze_election
from evote.services import Services
from tests.admin.conftest import Appoint
from tests.support.elections import make_voters
from tests.support.officials import PASSWORD, upload
from tests.support.server import definition, make_files


def test_an_elections_log_is_open_to_everybody(app: APIFlask, services: Services) -> None:
    made = create_election(services, definition(services)).id
    with services.database.writing() as session:
        note(session, services.now(), "Ada", "draft-saved", made, {"step": "times"})
    client = app.test_client()
    page = client.get(f"/elections/{made}/officials-log")
    assert page.status_code == 200
    assert "Ada" in page.text
    assert "times" in page.text
    answer = client.get(f"/elections/{made}/officials-log.json").get_json()
    check_chain([codec.encode_canonical(line) for line in answer["lines"]], answer["size"], answer["head"])
    assert answer["lines"][0]["what"] == "draft-saved"
    assert client.get(f"/elections/{made[:-1]}{'0' if made[-1] != '0' else '1'}/officials-log").status_code == 404


JUNK = [
    {"trustee": "spam " * 100_000},
    {"observer": "spam", "counted": "x"},
    {"trustee": True, "parts": ["spam"]},
    {"trustee": 1, "election": "x" * 43, "signature": "y" * 86, "spam": "spam"},
    ["spam"],
]


@pytest.mark.parametrize("junk", JUNK)
def test_what_no_trustee_writes_does_not_reach_the_log(appoint: Appoint, services: Services, junk: codec.Json) -> None:
    made = create_election(services, definition(services)).id
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    page = upload(desk, f"/admin/elections/{made}/trustees", 422, document=codec.encode_canonical(junk))
    assert "no file of a trustee" in page
    with services.database.reading() as session:
        assert all_deeds(session, made) == []


@pytest.mark.parametrize(
    "signed",
    [
        {"election": "x", "reason": "Snow", "spam": "spam"},
        {"election": "x", "reason": ["spam"]},
        {"election": ["spam"], "reason": "Snow"},
        {"election": "x"},
    ],
)
def test_what_no_official_signs_does_not_reach_the_log(
    appoint: Appoint, services: Services, signed: dict[str, codec.Json]
) -> None:
    manifest = create_election(services, definition(services))
    freeze_election(services, manifest.id, make_files(manifest, make_voters(manifest, 3))[0], force=True)
    desk, given = appoint("Ada", Role.ELECTION_ADMIN).sign_in(), {"kind": "annul", "signed": signed, "signature": "y"}
    address = f"/admin/elections/{manifest.id}/sign/annul"
    assert "no request to sign" in upload(desk, address, 422, signed=codec.encode_canonical(given))
    with services.database.reading() as session:
        assert all_deeds(session, manifest.id) == []


def test_a_line_is_cut_before_it_fills_the_page(services: Services) -> None:
    long: codec.Json = {"reason": "x" * 5000, "roles": ["r"] * 5000, "because": {"values": {"error": "y" * 5000}}}
    with services.database.writing() as session:
        note(session, services.now(), "Ada", "refused", SITE, long)
        note(session, services.now(), "Ada", "refused", SITE, {"reason": "x" * 1000})
    with services.database.reading() as session:
        lines = all_deeds(session, SITE)
        check_chain(lines, *chain_head(session, SITE))
    assert len(lines[0]) < 3000
    assert codec.parse_canonical(lines[0])["details"]["reason"].endswith("x…")
    assert codec.parse_canonical(lines[1])["details"] == {"reason": "x" * 1000}


def test_sign_ins_are_for_auditors_and_hold_no_secret(appoint: Appoint, services: Services) -> None:
    desk = appoint("Aud", Role.AUDITOR)
    desk.post("/admin/sign-in", official_name="my pass phrase", password="a wrong one, too", code="123456")
    desk.post("/admin/sign-in", official_name="Aud", password="a wrong one, too", code="123456")
    page = desk.sign_in().get("/admin/log")
    for name in ("Signed in", "Sign-in refused", "Official appointed", "Enrolled", "operator, at the server"):
        assert name in page
    with services.database.reading() as session:
        written = b"".join(all_deeds(session, SITE))
    for secret in ("my pass phrase", "a wrong one", PASSWORD, desk.totp.secret):
        assert secret.encode() not in written
