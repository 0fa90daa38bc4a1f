"""Exactly one sequencer, whoever tries."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from evote.board.lock import hold_sequencer_lock
from evote.board.sequencer import Sequencer
from evote.database import Database
from evote.errors import EvoteError, SequencerRunning
from evote.settings import Settings
from tests.support.server import Stage, make_services, make_stage

ROOT = Path(__file__).parents[2]
HOLD = "import sys, time; from evote.database import Database; from evote.board.lock import hold_sequencer_lock\n" + (
    "with hold_sequencer_lock(Database(sys.argv[1])): print('held', flush=True); time.sleep(600)"
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'lock.sqlite3'}"
    return str(request.getfixturevalue("postgres_url"))


def test_the_second_is_refused_until_the_first_lets_go(url: str) -> None:
    database, other = Database(url), Database(url)
    with hold_sequencer_lock(database):
        for second in (database, other):
            with pytest.raises(SequencerRunning, match="exactly one"), hold_sequencer_lock(second):
                pass
    with hold_sequencer_lock(other):
        pass
    database.close()
    other.close()


def test_a_killed_process_lets_go(url: str) -> None:
    database = Database(url)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url], cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(SequencerRunning), hold_sequencer_lock(database):
            pass
        os.kill(holder.pid, signal.SIGKILL)
    with hold_sequencer_lock(database):
        pass
    database.close()


def test_the_command_refuses_with_its_own_exit_status(url: str, settings: Settings, tmp_path: Path) -> None:
    make_services(Settings(**{**vars(settings), "database_url": url})).database.close()
    environment = {
        **os.environ,
        "EVOTE_DEMO": "1",
        "EVOTE_DATA_DIR": str(tmp_path),
        "EVOTE_DATABASE_URL": url,
        "EVOTE_SECRET_KEY": "x" * 40,
    }
    database = Database(url)
    with hold_sequencer_lock(database):
        for command in (["sequencer"], ["serve", "--port", "0"]):
            done = subprocess.run(
                [sys.executable, "-m", "evote", *command],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 3, done.stderr
            assert "exactly one" in done.stderr
    database.close()


def test_an_entry_can_never_be_written_over(stage: Stage) -> None:
    """The last fence: even with two boards in memory an index is taken once."""
    with hold_sequencer_lock(stage.services.database) as lock:
        slow = Sequencer(stage.services, lock)
        stage.put(stage.log_in(0), 0, stage.seal(0).ballot)
        slow.drain()
        stage.put(stage.log_in(1), 1, stage.seal(1).ballot)
        Sequencer(stage.services, lock).drain()
        stage.put(stage.log_in(2), 2, stage.seal(2).ballot)
        with pytest.raises(IntegrityError):
            slow.drain()
        slow.drain()
    assert [entry["index"] for entry in stage.log()] == list(range(7))


@pytest.mark.postgresql
def test_who_loses_the_connection_loses_the_lock_and_cannot_write(postgres_url: str, settings: Settings) -> None:
    stage = make_stage(Settings(**{**vars(settings), "database_url": postgres_url}))
    kill = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    stage.put(stage.log_in(0), 0, stage.seal(0).ballot)
    other = Database(postgres_url)
    with hold_sequencer_lock(stage.services.database) as lock:
        sequencer = Sequencer(stage.services, lock)
        with other.engine.connect() as connection:
            connection.execute(kill)
        with hold_sequencer_lock(other), pytest.raises(EvoteError):
            sequencer.drain()
    assert len(stage.log()) == 4
    stage.sequence()
    assert len(stage.log()) == 5
    other.close()
    stage.services.database.close()
