"""The record over HTTP equals the record in a folder; ranges, tags, open data."""

from pathlib import Path

import pytest

from evote.app import create_app
from evote.board import batch, record
from evote.board.export import export_record
from evote.elections.definition import create_election
from evote.elections.official import close_election
from evote.errors import Conflict, NotFound
from evote.settings import Settings
from tests.support.server import OFFICIAL, Stage, definition, make_services, make_stage


@pytest.fixture
def short_files(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (batch, record):
        monkeypatch.setattr(module, "LINES_A_FILE", 3)
    monkeypatch.setattr("ballots.record.LINES_A_FILE", 3)


def test_the_served_record_is_the_exported_one(short_files: None, stage: Stage, tmp_path: Path) -> None:
    for number in range(4):
        stage.cast(stage.log_in(number), number)
    close_election(stage.services, stage.id, OFFICIAL)
    folder = tmp_path / "record"
    export_record(stage.services.database, stage.id, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix() for path in files}
    assert {
        "log/00000.jsonl",
        "log/00001.jsonl",
        "log/00002.jsonl",
        "ballots/00000.jsonl",
        "ballots/00001.jsonl",
    } < names
    for path in files:
        served = stage.record(path.relative_to(folder).as_posix())
        assert served.data == path.read_bytes(), path
        assert served.content_length == path.stat().st_size
    for missing in ("log/00003.jsonl", "ballots/00002.jsonl", "log/0.jsonl", "log/000000.jsonl", "tally.json", "x"):
        assert stage.record(missing).status_code == 404


def test_any_range_gives_those_bytes(short_files: None, stage: Stage) -> None:
    for number in range(3):
        stage.cast(stage.log_in(number), number)
    for name in ("log/00001.jsonl", "ballots/00000.jsonl", "manifest.json", "checkpoint"):
        whole = stage.record(name).data
        cuts = sorted({0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 1})
        for start in cuts:
            for stop in (start + 1, start + 700, len(whole)):
                answer = _get(stage, name, f"bytes={start}-{stop - 1}")
                assert (answer.status_code, answer.data) == (206, whole[start:stop])
                end = min(stop, len(whole)) - 1
                assert answer.headers["Content-Range"] == f"bytes {start}-{end}/{len(whole)}"
        assert _get(stage, name, "bytes=-10").data == whole[-10:]
        past = _get(stage, name, f"bytes={len(whole)}-")
        assert (past.status_code, past.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")


def _get(stage: Stage, name: str, wanted: str, **headers: str):  # type: ignore[no-untyped-def]
    return stage.app.test_client().get(f"/elections/{stage.id}/record/{name}", headers={"Range": wanted, **headers})


def test_tags_change_when_the_file_grows_and_a_stale_range_gets_the_whole(stage: Stage) -> None:
    client = stage.log_in(0)
    stage.cast(client, 0)
    before = stage.record("ballots/00000.jsonl")
    assert _get(stage, "ballots/00000.jsonl", "bytes=5-", **{"If-Range": before.headers["ETag"]}).status_code == 206
    same = stage.app.test_client().get(
        f"/elections/{stage.id}/record/ballots/00000.jsonl", headers={"If-None-Match": before.headers["ETag"]}
    )
    assert (same.status_code, same.data) == (304, b"")
    stage.cast(stage.log_in(1), 1)
    after = stage.record("ballots/00000.jsonl")
    assert after.data.startswith(before.data)
    assert after.headers["ETag"] != before.headers["ETag"]
    assert _get(stage, "ballots/00000.jsonl", "bytes=5-", **{"If-Range": before.headers["ETag"]}).status_code == 200


def test_it_is_open_data(stage: Stage) -> None:
    for path in (
        f"/elections/{stage.id}/record/manifest.json",
        "/api/elections",
        f"/api/elections/{stage.id}",
        stage.path("partials"),
    ):
        answer = stage.app.test_client().get(path)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers
    assert "Access-Control-Allow-Origin" not in stage.log_in(0).get(stage.path("me")).headers


def test_before_the_freeze_there_is_only_the_manifest(settings: Settings, tmp_path: Path) -> None:
    services = make_services(settings)
    manifest = create_election(services, definition(services))
    client = create_app(settings, services).test_client()
    base = f"/elections/{manifest.id}/record"
    assert client.get(f"{base}/manifest.json").data == manifest.encode()
    for name in ("key.json", "roll.jsonl", "checkpoint", "log/00000.jsonl", "ballots/00000.jsonl"):
        assert client.get(f"{base}/{name}").status_code == 404
    assert client.get("/api/elections").get_json() == {"elections": []}
    assert client.get(f"/api/elections/{manifest.id}").get_json()["state"] == "draft"
    with pytest.raises(Conflict, match="not frozen"):
        export_record(services.database, manifest.id, tmp_path / "x")
    with pytest.raises(NotFound):
        export_record(services.database, "x", tmp_path / "x")
    services.database.close()


def test_an_export_never_mixes_with_what_is_there(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(Conflict, match="not empty"):
        export_record(stage.services.database, stage.id, tmp_path / "full")


def test_ballots_exist_from_the_freeze_on(settings: Settings) -> None:
    stage = make_stage(settings, opened=False)
    assert stage.record("ballots/00000.jsonl").data == b""
    assert stage.record("log/00000.jsonl").data.count(b"\n") == 3
    stage.services.database.close()
