"""The officials' log: chained, only added to, open where it concerns an election, without secrets."""

from apiflask import APIFlask

from ballots import codec
from evote.admin.deeds import SITE, all_deeds, check_chain, note
from evote.admin.roles import Role
from evote.elections.definition import create_election
from evote.services import Services
from tests.admin.conftest import Appoint
from tests.support.officials import PASSWORD
from tests.support.server import definition


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
