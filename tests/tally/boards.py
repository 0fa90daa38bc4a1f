"""A board in memory, and the same over HTTP: what the trustees' programs see of a server."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from ballots import codec, sealed
from ballots.board import Intent
from ballots.checkpoint import Head, sign_checkpoint
from ballots.merkle import MerkleTree, leaf_hash
from ballots.partial import verify_partial
from ballots.record import RecordWriter
from ballots.result import check_tally, parse_tally
from ballots.roll import RollLine
from tally.client import MAX_DOCUMENT_BYTES
from tally.errors import BoardRefused, BoardUnreachable
from tally.intents import Signer, trustee_signer
from tally.shares import Share, seal_share
from tests.support.elections import Simulation, seeded_key

LINES = 10_000
FULL_COST = sealed.SCRYPT_COST
PASSPHRASE = "correct horse battery"


def share_of(simulation: Simulation, trustee: int) -> Share:
    """Return a trustee's share of a simulated election."""
    key = simulation.election.key_document
    return Share(
        simulation.election.manifest.hash_text,
        trustee,
        key.trustees[trustee - 1].name,
        key.n,
        key.share_bits,
        simulation.shares[trustee - 1],
        simulation.trustee_keys[trustee - 1],
    )


def freeze(simulation: Simulation) -> None:
    """Append manifest, key and roll, as the server does at the freeze."""
    manifest, key = simulation.election.manifest, simulation.election.key_document
    simulation.append("manifest", msgspec.to_builtins(manifest))
    simulation.append("key", {"sha256": codec.encode_bytes(hashlib.sha256(key.encode()).digest())})
    sha256 = codec.encode_bytes(simulation.election.roll_sha256)
    signature = seeded_key("registrar").sign("roll", {"manifest": manifest.hash_text, "sha256": sha256})
    simulation.append("roll", {"sha256": sha256, "voters": len(simulation.election.roll), "signature": signature})


def open_frozen(simulation: Simulation) -> None:
    """Append ``open`` with everybody's signature."""
    signed = {"election": simulation.fingerprint}
    signatures = {
        "official": seeded_key("official").sign("open", signed),
        "trustees": [key.sign("open", signed) for key in simulation.trustee_keys],
    }
    simulation.append("open", {**signed, "signatures": signatures})


def write_record(simulation: Simulation, folder: Path, tally: bytes | None = None) -> Path:
    """Write a simulated election's record."""
    board = SimulatedBoard(simulation)
    with RecordWriter(folder) as writer:
        for name in ("manifest.json", "key.json", "roll.jsonl", "checkpoint"):
            data = board.document(name)
            assert data is not None
            writer.write_file(name, data)
        for entry in simulation.entries:
            writer.append_entry(entry.encode())
        for ballot in simulation.ballots:
            writer.append_ballot(ballot.encode())
        if tally is not None:
            writer.write_file("tally.json", tally)
    return folder


class ShareFiles:
    """Writes share files and names what belongs to them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.passphrase_file = folder / "passphrase.txt"
        self.passphrase_file.write_text(PASSPHRASE + "\n")

    def write(self, simulation: Simulation, trustee: int) -> Path:
        path = self.folder / f"share-{trustee}.json"
        path.write_bytes(seal_share(share_of(simulation, trustee), PASSPHRASE, bytes(28), cost=2))
        return path

    def signer(self, simulation: Simulation, trustee: int) -> Signer:
        return trustee_signer(share_of(simulation, trustee), self.folder / f"share-{trustee}.json")


class SimulatedBoard:
    """A server's public side over one simulated election; fields let a test make it lie or fail.

    Attributes:
        down: Every call fails.
        leaves: Served instead of the simulation's entries, when set; signed all the same.
        replaced: {path: bytes served there instead}.
        posted: Everything that was posted: (address, document).
        openings: Trustees whose opening was taken; the last one opens the election.
    """

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.down = False
        self.leaves: list[bytes] | None = None
        self.replaced: dict[str, bytes | None] = {}
        self.posted: list[tuple[str, Any]] = []
        self.openings: set[int] = set()
        self.partials_taken: list[Any] = []
        self.tally: bytes | None = None
        self.cut_after: int | None = None

    def document(self, path: str, limit: int = MAX_DOCUMENT_BYTES) -> bytes | None:
        self._answer()
        if path in self.replaced:
            return self.replaced[path]
        election = self.simulation.election
        lines: dict[str, list[RollLine]] = {"all": sorted(election.roll.values(), key=lambda line: line.voter)}
        frozen = bool(self.simulation.entries)
        return {
            "manifest.json": election.manifest.encode(),
            "key.json": election.key_document.encode() if frozen else None,
            "roll.jsonl": b"".join(line.encode() for line in lines["all"]) if frozen else None,
            "checkpoint": self.checkpoint() if frozen else None,
            "tally.json": self.tally if self.simulation.board.state == "tallied" else None,
        }[path]

    def checkpoint(self) -> bytes:
        tree = MerkleTree()
        for leaf in self._log():
            tree.append(leaf_hash(leaf))
        head = Head(tree.size, tree.root())
        origin = self.simulation.election.manifest.log_origin
        return sign_checkpoint(origin, head, seeded_key("board")).encode()

    def lines(self, path: str, offset: int) -> Iterator[bytes]:
        self._answer()
        data = self.file(path)
        if data is None:
            return
        for served, line in enumerate(data[offset:].split(b"\n")[:-1]):
            if self.cut_after is not None and served >= self.cut_after:
                raise BoardUnreachable("The connection broke off.")
            yield line

    def file(self, path: str) -> bytes | None:
        if path in self.replaced:
            return self.replaced[path]
        folder, number = path.removesuffix(".jsonl").split("/")
        found = self._log() if folder == "log" else [ballot.encode() for ballot in self.simulation.ballots]
        start = int(number) * LINES
        if start and start >= len(found):
            return None
        return b"".join(line + b"\n" for line in found[start : start + LINES])

    def post(self, name: str, document: codec.Json) -> None:
        self._answer()
        self.posted.append((name, document))
        {"opening": self._take_opening, "intents": self._take_intent, "partials": self._take_partial}[name](document)

    def put_tally(self, data: bytes) -> None:
        self._answer()
        self.posted.append(("tally", data))
        board, simulation = self.simulation.board, self.simulation
        if board.state == "tallied":
            raise BoardRefused("The election is counted.")
        check_tally(simulation.election, self._intent(), simulation.aggregates(), board.signers, parse_tally(data))
        self.tally = data
        simulation.append("tally", {"sha256": codec.encode_bytes(hashlib.sha256(data).digest())})

    def partials(self) -> list[codec.Json]:
        self._answer()
        return list(self.partials_taken)

    def _take_opening(self, document: Any) -> None:
        self.openings.add(document["trustee"])
        if self.simulation.board.state == "frozen" and len(self.openings) == len(self.simulation.trustee_keys):
            open_frozen(self.simulation)

    def _take_intent(self, document: Any) -> None:
        signed = {name: document[name] for name in ("election", "size", "root", "counted")}
        assert signed == self._intent().signed(self.simulation.fingerprint)
        body = {name: value for name, value in document.items() if name not in signed}
        self.simulation.append("intent", body)

    def _take_partial(self, document: Any) -> None:
        simulation = self.simulation
        verify_partial(simulation.election, self._intent(), simulation.aggregates(), document)
        self.partials_taken.append(document)

    def _intent(self) -> Intent:
        assert self.simulation.board.intent is not None
        return self.simulation.board.intent

    def _log(self) -> list[bytes]:
        return [entry.encode() for entry in self.simulation.entries] if self.leaves is None else self.leaves

    def _answer(self) -> None:
        if self.down:
            raise BoardUnreachable("The board is down.")


@contextmanager
def serving(board: SimulatedBoard, *, ranges: bool = True) -> Iterator[str]:
    """Serve a board over HTTP on this machine; yields the election's address."""
    election = board.simulation.election.manifest.id
    record, api = f"/elections/{election}/record/", f"/api/elections/{election}/"

    one_at_a_time = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with one_at_a_time:
                self._get()

        def do_POST(self) -> None:
            with one_at_a_time:
                self._take()

        do_PUT = do_POST

        def _get(self) -> None:
            if self.path == api + "partials":
                return self._send(200, json.dumps({"partials": board.partials()}).encode())
            path = self.path.removeprefix(record)
            data = board.file(path) if path.endswith(".jsonl") and "/" in path else board.document(path)
            if data is None:
                return self._send(404, b"")
            start = int((self.headers["Range"] or "bytes=0-").removeprefix("bytes=").rstrip("-"))
            if not ranges or not start:
                return self._send(200, data)
            return self._send(206, data[start:]) if start < len(data) else self._send(416, b"")

        def _take(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                if self.command == "PUT":
                    board.put_tally(body)
                else:
                    board.post(self.path.removeprefix(api), codec.parse_canonical(body))
            except BoardRefused as error:
                return self._send(409, json.dumps({"error": "conflict", "message": str(error)}).encode())
            except BoardUnreachable:
                return self._send(503, b"")
            return self._send(202, b"{}")

        def _send(self, status: int, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/elections/{election}"
        finally:
            server.shutdown()
            thread.join()
