"""kill -9 between any two steps of casting, then restart: logged with a receipt, or castable again; never twice."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from ballots.receipts import verify_promise, verify_receipt
from evote.board.replay import replay
from evote.services import utc_now
from evote.settings import Settings
from tests.support.server import HEADERS, Stage, make_stage

ROOT = Path(__file__).parents[2]
STEPS = (
    "cast: received",
    "cast: checked",
    "cast: stored",
    "cast: durable",
    "sequencer: taken",
    "sequencer: judged",
    "sequencer: written",
    "sequencer: durable",
)
PROMISED = frozenset(STEPS[3:])


@contextmanager
def _running(stage: Stage, step: str = "") -> Iterator[str]:
    """Run the real server as a process group of its own; yields its address."""
    settings = stage.services.settings
    environment = {
        **os.environ,
        "EVOTE_DEMO": "1",
        "EVOTE_ALLOW_TEST_KEYS": "1",
        "EVOTE_NO_RATE_LIMITS": "1",
        "EVOTE_DATA_DIR": str(settings.data_dir),
        "EVOTE_SECRET_KEY": settings.secret_key.decode(),
        "EVOTE_THREADS": "2",
    }
    command = [sys.executable, "-m", "tests.support.crashing_server", step, str(settings.data_dir / "crashed")]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            found = re.search(rb"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found is not None
            yield found[0].decode()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _put(address: str, stage: Stage, cookie: str, ballot: Any) -> httpx.Response:
    body = {"ballot": ballot.document, "signature": ballot.sign(stage.voters[0].key)}
    path = f"{address}{stage.path(f'ballots/{ballot.tracker}')}"
    return httpx.put(path, json=body, headers=HEADERS, cookies={"evote": cookie}, timeout=30)


def _wait(address: str, stage: Stage, tracker: str) -> httpx.Response:
    """Ask until the ballot is no longer waiting."""
    for _ in range(200):
        answer = httpx.get(f"{address}{stage.path(f'ballots/{tracker}')}", timeout=30)
        if answer.status_code != 202:
            return answer
        time.sleep(0.05)
    raise AssertionError("the ballot waits for ever")


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step(settings: Settings, step: str) -> None:
    stage = make_stage(settings, opens_at="2020-01-01T00:00:00Z", closes_at="2099-01-01T00:00:00Z")
    stage.clock.now = utc_now()
    client, ballot = stage.log_in(0), stage.seal(0).ballot
    held = client.get_cookie("evote")
    assert held is not None
    promise = None
    with _running(stage, step) as address:
        try:
            answer = _put(address, stage, held.value, ballot)
            promise = answer.json() if answer.status_code == 202 else None
            _wait(address, stage, ballot.tracker)
        except httpx.TransportError:
            pass
        while not (settings.data_dir / "crashed").exists():
            time.sleep(0.02)
    if promise is not None:
        verify_promise(stage.election, promise)
        assert step in PROMISED
    with _running(stage) as address:
        found = _wait(address, stage, ballot.tracker)
        assert found.status_code == (201 if step in PROMISED else 404)
        if found.status_code == 404:
            assert _put(address, stage, held.value, ballot).status_code in (201, 202)
            found = _wait(address, stage, ballot.tracker)
        assert found.status_code == 201
        verify_receipt(stage.election, found.json())
        assert _put(address, stage, held.value, ballot).content == found.content
        if promise is not None:
            assert found.json()["time"] == promise["time"]
    assert [entry["type"] for entry in stage.log()[4:]] == ["ballot"]
    with stage.services.database.reading() as session:
        board, _ = replay(session, stage.election)
    assert board.ballots == 1
    stage.services.database.close()
