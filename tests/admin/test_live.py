"""The live page: turnout, and what it says when the sequencer or the mail stalls."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evote.admin.live import Health, read_health
from evote.admin.roles import Role
from tests.support.gallery import gallery_settings
from tests.support.officials import Desk, make_official
from tests.support.server import Stage, make_stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = make_stage(gallery_settings(tmp_path), voters=3)
    yield made
    made.services.database.close()


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return make_official(stage.app, stage.services, stage.clock, "Ada", Role.ELECTION_ADMIN).sign_in()


def health(stage: Stage, *, sends: bool = True) -> Health:
    with stage.services.database.reading() as session:
        return read_health(session, stage.id, stage.clock.now, sends=sends)


def test_a_sequencer_that_falls_silent_is_noticed_after_a_minute(stage: Stage, desk: Desk) -> None:
    client = stage.log_in(0)
    stage.cast(client, 0)
    assert health(stage).well
    page = desk.get(f"/admin/elections/{stage.id}/live")
    assert "Something stalls" not in page
    assert "1 of 3 voters have cast a ballot (33.3%)." in page
    stage.clock.forward(seconds=61)
    assert health(stage).silent
    assert "has given no sign of life since" in desk.get(f"/admin/elections/{stage.id}/live")
    stage.sequence()
    assert health(stage).well


def test_a_ballot_that_waits_too_long_is_noticed(stage: Stage, desk: Desk) -> None:
    client = stage.log_in(1)
    ballot = stage.seal(1).ballot
    assert stage.put(client, 1, ballot).status_code == 202
    at = stage.clock.now
    assert (health(stage).waiting, health(stage).slow) == (1, None)
    stage.clock.forward(seconds=61)
    assert health(stage).slow == at.replace(microsecond=0)
    assert "has waited for the log since" in desk.get(f"/admin/elections/{stage.id}/live")


def test_mail_that_stalls_is_noticed_where_there_is_a_mail_server(stage: Stage, desk: Desk) -> None:
    stage.log_in(2)  # in a demonstration the mail stays in the outbox, which is no fault
    stage.clock.forward(seconds=121)
    assert health(stage, sends=False).mails_slow is None
    assert health(stage).mails_slow is not None
    assert "no mail server is set" in desk.get(f"/admin/elections/{stage.id}/live")


def test_the_page_refreshes_itself_only_if_one_wants_it(desk: Desk, stage: Stage) -> None:
    address = f"/admin/elections/{stage.id}/live"
    assert "Refresh" not in desk.client.get(address).headers
    again = desk.client.get(f"{address}?again=1")
    assert again.headers["Refresh"] == "30"
    assert "anew every 30 seconds" in again.text
