"""Mailings on PostgreSQL: killed half-way and resumed; one sender at a time; an official's acts."""

from dataclasses import replace

import pytest

from evote.admin.roles import Role
from evote.database.lock import AlreadyHeldError, hold_alone
from evote.mailings.bounces import take_reports
from evote.mailings.models import DONE, NOT_VOTED
from evote.settings import Settings
from tests.mail.test_killed import check, prepare
from tests.support.bad_mail_server import mail_server
from tests.support.delivery_reports import report
from tests.support.mailings import add_voters, get_mailing, make_mailing, run_to_the_end
from tests.support.officials import make_official
from tests.support.server import make_stage

pytestmark = pytest.mark.postgresql


def test_killed_between_the_servers_answer_and_the_mark(settings: Settings, postgres_url: str) -> None:
    with mail_server() as server:
        services, mailing_id = prepare(replace(settings, database_url=postgres_url, smtp=server.smtp))
        check(server, services, mailing_id, "mail: handed over", 110)


def test_officials_and_the_lock(settings: Settings, postgres_url: str) -> None:
    with mail_server() as server:
        stage = make_stage(replace(settings, database_url=postgres_url, smtp=server.smtp))
        services = stage.services
        with hold_alone(services.database, "mail", 7) as connection:
            assert connection is not None
            with pytest.raises(AlreadyHeldError), hold_alone(services.database, "mail", 7):
                pass
        with hold_alone(services.database, "mail", 7):
            pass
        add_voters(services, stage.id, 20)
        desk = make_official(stage.app, services, stage.clock, "Ada", *Role).sign_in()
        pages = f"/admin/elections/{stage.id}/mailings"
        address = str(desk.post(f"{pages}/new", kind="opened").location).removesuffix("/write")
        desk.post(f"{address}/test", page=f"{address}/confirm", mail="ada@example.org")
        assert desk.post(f"{address}/confirm", revision="0", sure="y").location == address
        for what in ("pause", "resume"):
            assert desk.post(f"{address}/{what}", page=address).location == address
        assert run_to_the_end(services) == 25
        again = str(desk.post(f"{pages}/new", kind="opened").location).removesuffix("/write")
        assert "was begun" in desk.get(f"{again}/confirm")
        assert get_mailing(services, make_mailing(services, stage.id, "reminder", NOT_VOTED)).state != DONE
        server.answers["voter2@example.org"] = ["550 5.1.1 no such user"]
        assert run_to_the_end(services) == 23
        ours = next(one.message_id for one in server.received if one.to == "person1@example.org")
        assert take_reports(services, [report(ours), report(ours)]).recorded == 1
        desk.get(f"{pages}/unreached")
        assert "P-00001" in desk.post(f"{pages}/unreached").text
        services.database.close()
