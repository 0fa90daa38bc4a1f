import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tally.client import Address, HttpBoard, parse_address
from tally.errors import BoardRefused, BoardUnreachable, FileProblem
from tests.support.elections import Simulation
from tests.tally.boards import SimulatedBoard, serving

PAGE = "https://vote.example/base/elections/7c3b1f52"


@pytest.mark.parametrize("url", [PAGE, PAGE + "/", PAGE + "/record", PAGE + "/record/"])
def test_addresses(url: str) -> None:
    base = "https://vote.example/base/"
    assert parse_address(url) == Address(base + "elections/7c3b1f52/record/", base + "api/elections/7c3b1f52/")


@pytest.mark.parametrize(
    "url",
    ["", "vote.example/elections/1", "file:///elections/1", "https://vote.example/", PAGE + "/other", PAGE + "?x=1"],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(FileProblem, match="is no election's address"):
        parse_address(url)


@pytest.mark.parametrize("ranges", [True, False])
def test_reading_with_and_without_ranges(closed: Simulation, ranges: bool) -> None:
    board = SimulatedBoard(closed)
    whole = board.file("log/00000.jsonl")
    assert whole is not None
    lines = whole.split(b"\n")[:-1]
    with serving(board, ranges=ranges) as url, HttpBoard(parse_address(url)) as client:
        assert client.document("manifest.json") == closed.election.manifest.encode()
        assert client.document("tally.json") is None
        assert list(client.lines("log/00000.jsonl", 0)) == lines
        assert list(client.lines("log/00000.jsonl", len(lines[0]) + 1)) == lines[1:]
        assert list(client.lines("log/00000.jsonl", len(whole))) == []
        assert list(client.lines("log/00001.jsonl", 0)) == []
        assert client.partials() == []


def test_a_connection_that_stood_idle_is_not_used_again() -> None:
    """Servers close those after about two seconds; who asks just then would be told that the board does not answer."""
    asked: list[tuple[str, int]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.client_address)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/elections/1"
        with HttpBoard(parse_address(url)) as client:
            client.document("manifest.json")
            client.document("manifest.json")
            time.sleep(1.1)
            client.document("manifest.json")
        server.shutdown()
    first, second, third = asked
    assert first == second != third


def test_a_line_without_its_end_is_not_given(closed: Simulation) -> None:
    board = SimulatedBoard(closed)
    board.replaced["log/00000.jsonl"] = b"one\ntwo\nthr"
    with serving(board) as url, HttpBoard(parse_address(url)) as client:
        assert list(client.lines("log/00000.jsonl", 0)) == [b"one", b"two"]


def test_lines_longer_than_a_piece(closed: Simulation) -> None:
    board = SimulatedBoard(closed)
    long = [b"a" * 200_000, b"", b"b" * 65_536, b"c"]
    board.replaced["ballots/00000.jsonl"] = b"".join(line + b"\n" for line in long)
    with serving(board) as url, HttpBoard(parse_address(url)) as client:
        assert list(client.lines("ballots/00000.jsonl", 0)) == long
        assert list(client.lines("ballots/00000.jsonl", 100_000)) == [b"a" * 100_000, *long[1:]]


def test_answers_are_bounded(closed: Simulation) -> None:
    board = SimulatedBoard(closed)
    board.replaced["manifest.json"] = bytes(100_000)
    with (
        serving(board) as url,
        HttpBoard(parse_address(url)) as client,
        pytest.raises(BoardUnreachable, match="larger"),
    ):
        client.document("manifest.json", 1_000)


def test_a_board_that_is_not_there() -> None:
    with HttpBoard(parse_address("http://127.0.0.1:9/elections/1"), timeout_seconds=2) as client:
        for call in (
            lambda: client.document("checkpoint"),
            lambda: list(client.lines("log/00000.jsonl", 0)),
            client.partials,
            lambda: client.post("intents", {}),
        ):
            with pytest.raises(BoardUnreachable, match="does not answer"):
                call()


def test_refusals_carry_the_boards_sentence(closed: Simulation) -> None:
    board = SimulatedBoard(closed)

    def busy(name: str, document: object) -> None:
        raise BoardRefused(f"No {name} now.") if name == "intents" else BoardUnreachable("later")

    board.post = busy  # type: ignore[method-assign]
    with serving(board) as url, HttpBoard(parse_address(url)) as client:
        with pytest.raises(BoardRefused, match=r"refused \(409\): No intents now\."):
            client.post("intents", {})
        with pytest.raises(BoardUnreachable, match="HTTP 503"):
            client.post("opening", {})
