"""kill -9 of the sending process between any two of its steps, then a new one: none lost, at most one repeated."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from evote.mailings.models import DONE
from evote.services import Services, utc_now
from evote.settings import Settings
from tests.support.bad_mail_server import MailServer
from tests.support.mailings import add_voters, count_messages, get_mailing, make_mailing
from tests.support.server import Stage, make_stage

ROOT = Path(__file__).parents[2]
PEOPLE, AT = 220, 110
STEPS = {
    "mail: taken": 0,
    "mail: handed over": 1,
    "mail: marked": 0,
    "mailing: written": 0,
    "mailing: durable": 0,
}
"""{step: how many mails come twice when the process dies there}"""


def start(settings: Settings, step: str, count: int) -> subprocess.Popen[bytes]:
    assert settings.smtp is not None
    environment = {
        **os.environ,
        "EVOTE_ALLOW_TEST_KEYS": "1",
        "EVOTE_DATA_DIR": str(settings.data_dir),
        "EVOTE_DATABASE_URL": settings.database_url,
        "EVOTE_SECRET_KEY": settings.secret_key.decode(),
        "EVOTE_SMTP_HOST": settings.smtp.host,
        "EVOTE_SMTP_PORT": str(settings.smtp.port),
        "EVOTE_SMTP_SENDER": settings.smtp.sender,
        "EVOTE_SMTP_PLAIN": "1",
    }
    marker = settings.data_dir / "crashed"
    command = [sys.executable, "-m", "tests.support.crashing_sender", step, str(count), str(marker)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


def prepare(settings: Settings) -> tuple[Services, int]:
    """An election that is open now, whatever the clock says, with many voters and a mailing that has begun."""
    stage: Stage = make_stage(settings, opens_at="2026-01-01T00:00:00Z", closes_at="2199-01-01T00:00:00Z")
    services = replace(stage.services, now=utc_now)
    add_voters(services, stage.id, PEOPLE)
    return services, make_mailing(services, stage.id)


def check(server: MailServer, services: Services, mailing_id: int, step: str, count: int) -> None:
    settings = services.settings
    with start(settings, step, count) as killed:
        assert killed.wait(180) == -signal.SIGKILL
    before = len(server.received)
    assert before < PEOPLE
    with start(settings, "", 1) as resumed:
        try:
            deadline = time.monotonic() + 240
            while get_mailing(services, mailing_id).state != DONE:
                assert resumed.poll() is None
                assert time.monotonic() < deadline, len(server.received)
                time.sleep(0.1)
        finally:
            resumed.send_signal(signal.SIGTERM)
    times = Counter(one.to for one in server.received)
    wanted = {f"person{number}@example.org" for number in range(PEOPLE)} | {f"voter{n}@example.org" for n in range(4)}
    assert set(times) == wanted
    assert sum(times.values()) - len(times) == STEPS[step]
    assert len({one.message_id for one in server.received}) == len(wanted)
    mailing = get_mailing(services, mailing_id)
    assert (mailing.listed, mailing.sent, count_messages(services)) == (len(wanted), len(wanted), 0)
    services.database.close()


@pytest.mark.parametrize("step", STEPS)
def test_killed_and_resumed(server: MailServer, settings: Settings, step: str) -> None:
    services, mailing_id = prepare(settings)
    check(server, services, mailing_id, step, AT if step.startswith("mail:") else 2)
