"""Downloading from a server that helps, and from servers that do not."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.verifier.conftest import Check, reasons
from tests.verifier.forge.world import World, write_files
from verifier.errors import Refused, VerifierError
from verifier.fetch import FetchFailed, fetch_record, record_url

WON = {"mayor": {"elected": ["ada"], "tied": []}}


class Server:
    """Serves a record from memory, with ranges, and notes what it was asked."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.asked: list[tuple[str, str]] = []
        self.break_after: dict[str, int] = {}
        self.redirect = ""
        self.ranges = True
        self.encoding = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Keep quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/elections/x"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        name = request.path.removeprefix("/elections/x/record/")
        asked = request.headers.get("Range", "")
        self.asked.append((name, asked))
        request.close_connection = True
        if self.redirect:
            request.send_response(302)
            request.send_header("Location", self.redirect)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        if name not in self.files:
            request.send_error(404)
            return
        data, start, status = self.files[name], 0, 200
        if asked and self.ranges:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            status = 206 if start < len(data) else 416
        body = data[start:] if status != 416 else b""
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        if self.encoding:
            request.send_header("Content-Encoding", self.encoding)
        if status == 206:
            request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        if status == 416:
            request.send_header("Content-Range", f"bytes */{len(data)}")
        request.end_headers()
        request.wfile.write(body[: self.break_after.pop(name, len(body))])

    def stop(self) -> None:
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


def silent(what: str, done: int, total: int | None) -> None:
    """Watch nothing."""


@pytest.fixture
def world() -> World:
    made = World().open()
    made.cast("ann")
    return made


@pytest.fixture
def server(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    running = Server(world.files())
    yield running
    running.stop()


def test_a_whole_record(server: Server, world: World, tmp_path: Path, check: Check) -> None:
    server.files = world.finish(WON).files()
    assert fetch_record(server.url, tmp_path / "r", silent) == (len(world.log), 1)
    assert {name: (tmp_path / "r" / name).read_bytes() for name in server.files} == server.files
    report = check(tmp_path / "r")
    assert report.exit_code == 0, reasons(report)
    assert server.asked[0] == ("checkpoint", "")


def test_what_came_after_the_checkpoint_is_left_out_and_fetched_later(
    server: Server, world: World, tmp_path: Path, check: Check
) -> None:
    early = world.files()["checkpoint"]
    world.cast("ben")
    server.files = {**world.files(), "checkpoint": early}
    assert fetch_record(server.url, tmp_path, silent) == (5, 1)
    assert len((tmp_path / "ballots/00000.jsonl").read_bytes().splitlines()) == 1
    assert "3 log: checkpoint" not in check(tmp_path, until_close=True).failed_parts()
    server.files = world.finish(WON).files()
    server.asked.clear()
    assert fetch_record(server.url + "/record/", tmp_path, silent) == (len(world.log), 2)
    assert check(tmp_path).exit_code == 0
    ranges = dict(server.asked)
    assert ranges["log/00000.jsonl"].startswith("bytes=")
    assert ranges["ballots/00000.jsonl"].startswith("bytes=")


@pytest.mark.parametrize("name", ["key.json", "roll.jsonl", "log/00000.jsonl", "ballots/00000.jsonl", "tally.json"])
@pytest.mark.parametrize("ranges", [True, False])
def test_goes_on_where_it_broke_off(
    name: str, ranges: bool, server: Server, world: World, tmp_path: Path, check: Check
) -> None:
    server.files = world.finish(WON).files()
    server.ranges = ranges
    server.break_after[name] = 100
    with pytest.raises(FetchFailed, match="run the same command again"):
        fetch_record(server.url, tmp_path, silent)
    assert not (tmp_path / "checkpoint").exists()
    fetch_record(server.url, tmp_path, silent)
    assert (name, "bytes=100-") in server.asked
    assert check(tmp_path).exit_code == 0


def test_nothing_new(server: Server, world: World, tmp_path: Path, check: Check) -> None:
    server.files = world.finish(WON).files()
    for _ in range(3):
        fetch_record(server.url, tmp_path, silent)
    assert check(tmp_path).exit_code == 0


def test_spoiled_lines_are_fetched_anew_as_far_as_they_are_missed(
    server: Server, world: World, tmp_path: Path, check: Check
) -> None:
    server.files = world.finish(WON).files()
    write_files({"log/00000.jsonl": b"x" * 10**6}, tmp_path)
    with pytest.raises(Refused, match="longer here"):
        fetch_record(server.url, tmp_path, silent)
    (tmp_path / "log/00000.jsonl").write_bytes(b"x" * 50)
    fetch_record(server.url, tmp_path, silent)
    assert check(tmp_path).exit_code == 0


def test_before_anybody_voted(server: Server, world: World, tmp_path: Path) -> None:
    server.files = World().open().files()
    assert fetch_record(server.url, tmp_path, silent) == (4, 0)
    assert (tmp_path / "ballots/00000.jsonl").read_bytes() == b""


def test_ten_thousand_lines_a_file(server: Server, world: World, tmp_path: Path) -> None:
    for _ in range(10_010):
        world.append("audited", {"tracker": "A" * 43}, at=5)
    files = server.files = world.files()
    assert fetch_record(server.url, tmp_path, silent) == (10_015, 1)
    assert (tmp_path / "log/00001.jsonl").read_bytes() == files["log/00001.jsonl"]


def test_another_election_in_the_folder(server: Server, world: World, tmp_path: Path) -> None:
    write_files({"manifest.json": b"{}"}, tmp_path)
    with pytest.raises(Refused, match="another election"):
        fetch_record(server.url, tmp_path, silent)


@pytest.mark.parametrize("name", ["manifest.json", "key.json", "log", "log/00000.jsonl"])
def test_links_in_the_folder_are_not_followed(name: str, server: Server, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = tmp_path / "r"
    (folder / name).parent.mkdir(parents=True)
    target = outside if name == "log" else outside / "victim"
    (folder / name).symlink_to(target)
    with pytest.raises(Refused):
        fetch_record(server.url, folder, silent)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("url", ["file:///etc", "ftp://host/x", "host/x", "", "http://", "javascript:1"])
def test_only_the_web(url: str) -> None:
    with pytest.raises(Refused):
        record_url(url)


def test_addresses() -> None:
    assert record_url("https://host/elections/x") == "https://host/elections/x/record/"
    assert record_url("https://host/elections/x/record") == "https://host/elections/x/record/"
    assert record_url("https://host/elections/x/record/?a=1#b") == "https://host/elections/x/record/"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://host/x"])
def test_a_redirect_leads_nowhere_else(target: str, server: Server, tmp_path: Path) -> None:
    server.redirect = target
    with pytest.raises(VerifierError):
        fetch_record(server.url, tmp_path, silent)


def test_compressed_answers_are_refused(server: Server, tmp_path: Path) -> None:
    server.encoding = "gzip"
    with pytest.raises(FetchFailed, match="compressed"):
        fetch_record(server.url, tmp_path, silent)


def test_too_long_answers_are_refused(server: Server, tmp_path: Path) -> None:
    server.files["checkpoint"] = b"x" * (2 << 20)
    with pytest.raises(Refused, match="longer than"):
        fetch_record(server.url, tmp_path, silent)


def test_a_log_shorter_than_its_checkpoint(server: Server, world: World, tmp_path: Path) -> None:
    lines = world.files()["log/00000.jsonl"].splitlines(keepends=True)
    server.files["log/00000.jsonl"] = b"".join(lines[:-1])
    with pytest.raises(Refused, match="incomplete"):
        fetch_record(server.url, tmp_path, silent)


def test_a_missing_file_and_no_server(server: Server, tmp_path: Path) -> None:
    del server.files["key.json"]
    with pytest.raises(FetchFailed, match=r"no key\.json"):
        fetch_record(server.url, tmp_path, silent)
    with pytest.raises(FetchFailed):
        fetch_record("http://127.0.0.1:9/", tmp_path, silent)
