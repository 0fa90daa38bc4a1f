"""Appointing on the site; roles for single elections; nobody gives roles to themselves."""

import re

import pyotp
import pytest
from apiflask import APIFlask

from evote.admin import officials
from evote.admin.deeds import SITE, list_deeds
from evote.admin.roles import ROLE_MEANINGS, ROLE_NAMES, Role
from evote.elections.definition import create_election
from evote.errors import Malformed, NotFound
from evote.services import Services
from tests.admin.conftest import Appoint
from tests.support.officials import PASSWORD, Desk, make_official
from tests.support.server import Clock, definition

PAGE = "/admin/officials"


def enrolled(app: APIFlask, services: Services, clock: Clock, name: str, code: str) -> Desk:
    totp = pyotp.TOTP(officials.find_enrolment(services, code).totp)
    officials.enrol(services, code, PASSWORD, totp.at(clock.now))
    return Desk(app, clock, name, totp).sign_in()


def number_of(services: Services, name: str) -> int:
    return next(one.id for one in officials.list_officials(services) if one.name == name)


def test_a_site_admin_appoints_for_one_election(
    app: APIFlask, appoint: Appoint, services: Services, clock: Clock
) -> None:
    one, other = (create_election(services, definition(services)).id for _ in range(2))
    root = appoint("Root", Role.SITE_ADMIN).sign_in()
    assert root.post(PAGE, official_name="Reg", election=one).status_code == 422
    refused = root.post(PAGE, official_name="Reg", roles=["site-admin"], election=one)
    assert "holds for the whole site only" in refused.get_data(as_text=True)
    answer = root.post(PAGE, official_name="Reg", roles=["registrar"], election=one)
    page = answer.get_data(as_text=True)
    assert "It is shown only now" in page
    found = re.search(r'enrolment-code">([\w-]+)<', page)
    assert found is not None
    assert found[1] not in root.get(PAGE)
    again = root.post(PAGE, official_name="Reg", roles=["registrar"], election=one)
    assert "an official of this name already" in again.get_data(as_text=True)
    reg = enrolled(app, services, clock, "Reg", found[1])
    home = reg.get("/admin/")
    assert one in home
    assert other not in home
    reg.get(f"/admin/elections/{one}/files")
    assert "Officials of this election" in reg.get(f"/admin/elections/{one}")
    assert "You are not assigned to this election." in reg.get(f"/admin/elections/{other}/files", 403)
    assert "Your role does not include this." in reg.get(f"/admin/elections/{one}/freeze", 403)
    reg.get(PAGE, 403)
    reg.get("/admin/log", 403)
    assert "Official assigned to this election" in app.test_client().get(f"/elections/{one}/officials-log").text


def test_a_preparer_sees_only_what_he_began(appoint: Appoint) -> None:
    eve, ada = appoint("Eve", Role.PREPARER).sign_in(), appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    mine = eve.post("/admin/drafts/new", begin="choose", languages="en").location
    others = ada.post("/admin/drafts/new", begin="choose", languages="en").location
    eve.get(mine)
    assert "You are not assigned to this election." in eve.get(others, 403)
    home = eve.get("/admin/")
    assert mine in home
    assert others not in home
    ada.get(mine)
    assert "Write an election" not in appoint("Aud", Role.AUDITOR).sign_in().get("/admin/")


def test_roles_are_given_and_taken(appoint: Appoint, services: Services) -> None:
    one = create_election(services, definition(services)).id
    root, max_ = appoint("Root", Role.SITE_ADMIN).sign_in(), appoint("Max", Role.MODERATOR).sign_in()
    page = f"{PAGE}/{number_of(services, 'Max')}"
    max_.get(f"/admin/elections/{one}", 403)
    for _ in range(2):
        assert root.post(f"{page}/elections", page, election=one, role="auditor").location == page
    assert root.get(page).count("Take away") == 1
    max_.get(f"/admin/elections/{one}")
    max_.get(f"/admin/elections/{one}/freeze", 403)
    root.post(f"{page}/elections", page, election=one, role="auditor", action="withdraw")
    max_.get(f"/admin/elections/{one}", 403)
    root.post(f"{page}/roles", page, roles=["election-admin"])
    max_.get(f"/admin/elections/{one}/freeze")
    root.post(f"{page}/roles", page)
    max_.get(f"/admin/elections/{one}", 403)
    for wrong in ({"election": one, "role": "king"}, {"election": "none", "role": "auditor"}):
        assert root.post(f"{page}/elections", page, **wrong).status_code == 404
    assert root.post(f"{page}/elections", page, election=one, role="moderator").status_code == 422
    with services.database.reading() as session:
        lines = [(line.official, line.what) for line in list_deeds(session, SITE)]
    assert lines[:2] == [("Root", "official-roles")] * 2


def test_a_lost_device_is_helped_and_an_account_closed(
    app: APIFlask, appoint: Appoint, services: Services, clock: Clock
) -> None:
    root, ada = appoint("Root", Role.SITE_ADMIN).sign_in(), appoint("Ada", Role.AUDITOR).sign_in()
    page = f"{PAGE}/{number_of(services, 'Ada')}"
    answer = root.post(f"{page}/reset", page).get_data(as_text=True)
    ada.get("/admin/", 303)
    code = re.search(r'enrolment-code">([\w-]+)<', answer)
    assert code is not None
    ada = enrolled(app, services, clock, "Ada", code[1])
    assert root.post(f"{page}/remove", page).status_code == 422
    ada.get("/admin/")
    clock.forward(minutes=11)
    assert "Confirm that it is you" in root.post(f"{page}/remove", page, sure="y").get_data(as_text=True)
    ada.get("/admin/")
    root.post("/admin/sign-out", PAGE)
    root.sign_in()
    assert root.post(f"{page}/remove", page, sure="y").location == PAGE
    ada.get("/admin/", 303)
    root.get(page, 404)
    assert "closed" in root.get(PAGE)


def test_every_role_is_named_and_explained(app: APIFlask) -> None:
    with app.test_request_context():
        assert all(str(ROLE_NAMES[role]) and str(ROLE_MEANINGS[role]) for role in Role)
    assert len(" ".join(Role)) <= 100, "they all fit into the database's column"


def test_nobody_changes_their_own_roles(appoint: Appoint, services: Services) -> None:
    root = appoint("Root", Role.SITE_ADMIN).sign_in()
    page = f"{PAGE}/{number_of(services, 'Root')}"
    assert "This is you." in root.get(page)
    for act in ("roles", "elections", "reset", "remove"):
        answer = root.post(f"{page}/{act}", "/admin/account", roles=["election-admin"], sure="y", role="auditor")
        assert answer.status_code == 403, act
    assert officials.list_officials(services)[0].roles == (Role.SITE_ADMIN,)


def test_the_command_line_does_the_same(services: Services, app: APIFlask, clock: Clock) -> None:
    one = create_election(services, definition(services)).id
    make_official(app, services, clock, "Ada", Role.AUDITOR)
    officials.assign_official(services, "Ada", one, Role.REGISTRAR)
    (ada,) = officials.list_officials(services)
    assert ada.assigned == {one: (Role.REGISTRAR,)}
    with pytest.raises(NotFound, match="election"):
        officials.assign_official(services, "Ada", "none", Role.REGISTRAR)
    with pytest.raises(Malformed, match="whole site"):
        officials.add_official(services, "Bob", [Role.PREPARER], [one])
    with pytest.raises(NotFound, match="does not have"):
        officials.withdraw_official(services, "Ada", one, Role.AUDITOR)
    assert [one.name for one in officials.list_officials(services)] == ["Ada"]
