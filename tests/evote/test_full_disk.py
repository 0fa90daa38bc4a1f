"""A full disk: a clear error, nothing promised that is not kept, nothing lost."""

import errno
from pathlib import Path

import pytest
from sqlalchemy import event, text

from evote.board.export import export_record
from evote.board.lock import hold_sequencer_lock
from evote.board.sequencer import Sequencer
from evote.errors import StorageFull
from tests.support.server import Stage


def _limit(stage: Stage, pages: int) -> None:
    """Let the database grow by so many pages and no further; every connection must be told."""
    database = stage.services.database
    with database.reading() as session:
        used = session.scalar(text("PRAGMA page_count"))
    database.engine.dispose()

    def tell(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.execute(f"PRAGMA max_page_count={used + pages}")

    event.listen(database.engine, "connect", tell)


def _fill(stage: Stage) -> tuple[list[str], int]:
    """Cast revotes until the disk is full; returns the promised trackers and the last status."""
    client, previous = stage.log_in(0), ""
    promised: list[str] = []
    for _ in range(200):
        ballot = stage.seal(0, previous).ballot
        answer = stage.put(client, 0, ballot)
        if answer.status_code != 202:
            assert answer.get_json()["error"] == "storage_full"
            assert "disk is full" in answer.get_json()["message"]
            assert stage.answer(ballot.tracker).status_code == 404
            return promised, answer.status_code
        promised.append(ballot.tracker)
        previous = ballot.tracker
    raise AssertionError("the disk never filled")


def test_casting_says_so_and_keeps_every_promise(stage: Stage) -> None:
    stage.log_in(0)
    _limit(stage, 12)
    promised, status = _fill(stage)
    assert status == 507
    assert promised
    with hold_sequencer_lock(stage.services.database) as lock, pytest.raises(StorageFull):
        Sequencer(stage.services, lock).drain()
    assert len(stage.log()) == 4
    assert {stage.answer(tracker).status_code for tracker in promised} == {202}
    _limit(stage, 10_000)
    stage.sequence()
    assert {stage.answer(tracker).status_code for tracker in promised} == {201}
    assert [entry["body"]["tracker"] for entry in stage.log()[4:]] == promised


def test_the_same_sequencer_goes_on_when_there_is_room_again(stage: Stage) -> None:
    client, ballot, queued = stage.log_in(0), None, 20
    for _ in range(queued):
        ballot = stage.seal(0, ballot.tracker if ballot else "").ballot
        assert stage.put(client, 0, ballot).status_code == 202
    _limit(stage, 0)
    with hold_sequencer_lock(stage.services.database) as lock:
        sequencer = Sequencer(stage.services, lock)
        with pytest.raises(StorageFull):
            sequencer.drain()
        _limit(stage, 10_000)
        sequencer.drain()
    assert len(stage.log()) == 4 + queued


def test_an_export_to_a_full_disk_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ballots.record.os.fsync", full)
    with pytest.raises(StorageFull, match="No space left"):
        export_record(stage.services.database, stage.id, tmp_path / "record")
