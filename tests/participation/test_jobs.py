"""Bells: rung from anywhere, run once, under a lock, and never lost for good."""

import time
from pathlib import Path

from participation.jobs import Bells, Job, hold_lock, run_job
from tests.support.participation import Town


def test_a_bell_runs_its_job_in_the_background_and_rings_once(tmp_path: Path) -> None:
    ran: list[str] = []
    job = Job("test.job", lambda ports: 0)
    bells = Bells([job], lambda one: ran.append(one.name), "", tmp_path)
    for _ in range(5):
        bells.ring("test.job")
    bells.start()
    try:
        deadline = time.monotonic() + 10
        while not ran and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        bells.stop()
    assert ran[0] == "test.job"
    assert len(ran) <= 2  # the ring, and perhaps the full minute's


def test_two_processes_do_not_do_the_same_at_once(town: Town) -> None:
    done: list[int] = []
    job = Job("test.job", lambda ports: done.append(1) or 1)  # type: ignore[func-returns-value]
    with hold_lock(town.services.database, "test.job") as mine:
        assert mine
        assert run_job(town.ports, job) == 0
    assert run_job(town.ports, job) == 1
    assert done == [1]
