"""A server in process with a small election, driven through its real use cases and its real API."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from ballots import codec
from ballots.ballot import Ballot, Sealed, seal_ballot, short_secrets
from ballots.election import Election
from ballots.manifest import Manifest
from ballots.roll import RollLine
from ballots.signatures import SigningKey
from evote.app import create_app
from evote.board.lock import hold_sequencer_lock
from evote.board.sequencer import Sequencer
from evote.board.settle import settle
from evote.database import Database
from evote.database.migrations import migrate
from evote.elections.definition import create_election
from evote.elections.documents import hash_text
from evote.elections.freeze import FreezeFiles, freeze_election
from evote.elections.official import open_election
from evote.services import Services, build_services, make_board_key
from evote.settings import Settings
from tests.support.elections import (
    MAYOR,
    OPENS_AT,
    Voter,
    make_key_document,
    make_voters,
    manifest_fields,
    seeded_key,
)
from tests.support.gallery_pictures import files_of

HEADERS = {"X-Requested-With": "evote"}
OFFICIAL = seeded_key("official")


@dataclass
class Clock:
    """A clock that stands where it is put, or runs back."""

    now: datetime = OPENS_AT + timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Stage:
    """An open election on a server in process.

    Attributes:
        previous: {voter's key: tracker that the next ballot must follow}.
    """

    services: Services
    app: APIFlask
    clock: Clock
    id: str
    voters: list[Voter]
    shares: list[int]
    trustee_keys: list[SigningKey]
    rng: Random = field(default_factory=lambda: Random("stage"))

    def __post_init__(self) -> None:
        self.secrets = short_secrets(self.election, self.rng.getrandbits)

    @property
    def election(self) -> Election:
        return self.services.elections.get(self.id)

    def path(self, rest: str) -> str:
        return f"/api/elections/{self.id}/{rest}"

    def record(self, rest: str) -> TestResponse:
        return self.app.test_client().get(f"/elections/{self.id}/record/{rest}")

    def log_in(self, number: int) -> FlaskClient:
        """Log voter `number` in by one-time code; returns the browser."""
        client, name = self.app.test_client(), f"V-{number:03}"
        assert client.post(self.path("login/code"), json={"voter_id": name}, headers=HEADERS).status_code == 202
        mails = client.get(f"/api/outbox?to=voter{number}@example.org").get_json()["messages"]
        code = "".join(line for line in mails[0]["text"].splitlines() if line.replace(" ", "").isdigit())
        answer = client.post(self.path("login"), json={"voter_id": name, "code": code}, headers=HEADERS)
        assert answer.status_code == 200, answer.get_json()
        return client

    def seal(self, number: int, previous: str = "", choices: Mapping[str, Any] | None = None) -> Sealed:
        voter = self.voters[number]
        chosen = {"mayor": ["ben"]} if choices is None else choices
        return seal_ballot(
            self.election, voter.style, voter.key.public, previous, chosen, self.rng.getrandbits, self.secrets
        )

    def put(self, client: FlaskClient, number: int, ballot: Ballot, **changes: Any) -> TestResponse:
        """Cast a ballot; `changes` replace fields of the body, `tracker` the one in the address."""
        tracker = changes.pop("tracker", ballot.tracker)
        body = {"ballot": ballot.document, "signature": ballot.sign(self.voters[number].key), **changes}
        return client.put(self.path(f"ballots/{tracker}"), json=body, headers=HEADERS)

    def cast(self, client: FlaskClient, number: int, previous: str = "") -> str:
        """Cast a ballot and let it be logged; returns its tracker."""
        ballot = self.seal(number, previous).ballot
        assert self.put(client, number, ballot).status_code == 202
        self.sequence()
        return ballot.tracker

    def sequence(self) -> None:
        """Let a sequencer work until nothing waits."""
        with hold_sequencer_lock(self.services.database) as lock:
            Sequencer(self.services, lock).drain()

    def answer(self, tracker: str) -> TestResponse:
        return self.app.test_client().get(self.path(f"ballots/{tracker}"))

    def log(self) -> list[dict[str, Any]]:
        return [codec.parse_canonical(line) for line in self.record("log/00000.jsonl").data.splitlines()]

    def intent(self, number: int, kind: str = "trustee") -> dict[str, Any]:
        """Return the intent of a trustee on the log as the record shows it."""
        entry = next(entry for entry in self.log() if entry["type"] == "close")
        signed = {
            "election": self.election.fingerprint_text,
            "size": entry["body"]["size"],
            "root": self._root(entry["index"] + 1),
            "counted": entry["body"]["counted"],
        }
        key = self.trustee_keys[number - 1] if kind == "trustee" else seeded_key(f"observer {number}")
        return {**signed, kind: number, "signature": key.sign("intent", signed)}

    def _root(self, size: int) -> str:
        from ballots.merkle import MerkleTree, leaf_hash

        tree = MerkleTree()
        for line in self.record("log/00000.jsonl").data.splitlines()[:size]:
            tree.append(leaf_hash(line))
        return codec.encode_bytes(tree.root())


@cache
def _migrated() -> bytes:
    """Return an empty database of the present schema: its migrations run once a process, not once a test."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.sqlite3"
        database = Database(f"sqlite:///{file}")
        migrate(database)
        database.close()  # the last connection to go writes everything into the one file
        assert not file.with_name("empty.sqlite3-wal").exists()
        return file.read_bytes()


def make_services(settings: Settings, clock: Clock | None = None) -> Services:
    """Make the schema, the board key and the services."""
    make_board_key(settings)
    file = Path(make_url(settings.database_url).database or "")
    fresh = settings.database_url.startswith("sqlite") and not file.exists()
    if fresh:
        file.write_bytes(_migrated())
    services = build_services(settings)
    if not fresh:
        migrate(services.database)
    return replace(services, now=clock or Clock())


def definition(services: Services, *contests: Mapping[str, Any], **changes: Any) -> bytes:
    fields = manifest_fields(contests or (MAYOR,), **changes)
    for name in ("id", "version", "board_key", "log_origin", "booth"):
        fields.pop(name)
    return codec.encode_canonical(fields)


def make_files(manifest: Manifest, voters: list[Voter]) -> tuple[FreezeFiles, list[int], list[SigningKey]]:
    """Make what the ceremony and the registrar hand over; returns it, the shares and the trustees' keys."""
    document, shares, signing = make_key_document(manifest)
    lines = sorted((RollLine(one.key.public, one.style, one.weight) for one in voters), key=lambda line: line.voter)
    roll = b"".join(line.encode() for line in lines)
    sha256 = hash_text(roll)
    signature = seeded_key("registrar").sign("roll", {"manifest": manifest.hash_text, "sha256": sha256})
    listed = {"sha256": sha256, "voters": len(voters), "signature": signature}
    rows = [f"V-{number:03},voter{number}@example.org,{one.key.public}" for number, one in enumerate(voters)]
    people = "\n".join(["id,mail,pk", *rows, ""]).encode()
    files = FreezeFiles(document.encode(), roll, codec.encode_canonical(listed), people)
    return files, shares, signing


def make_stage(
    settings: Settings, *contests: Mapping[str, Any], voters: int = 4, opened: bool = True, **changes: Any
) -> Stage:
    """Create, freeze and open an election."""
    clock = Clock()
    services = make_services(settings, clock)
    named = {path for one in contests for option in one["options"] for path in option["media"]}
    folder = {file.path: file.data for file in files_of(named)}
    manifest = create_election(services, definition(services, *contests, **changes), folder)
    people = make_voters(manifest, voters)
    files, shares, signing = make_files(manifest, people)
    frozen = freeze_election(services, manifest.id, files, force=True)
    settle(services, frozen.submissions)
    stage = Stage(services, create_app(settings, services), clock, manifest.id, people, shares, signing)
    if opened:
        open_election(services, manifest.id, OFFICIAL, openings(stage))
    return stage


def openings(stage: Stage) -> dict[int, str]:
    signed = {"election": stage.election.fingerprint_text}
    return {number: key.sign("open", signed) for number, key in enumerate(stage.trustee_keys, start=1)}
