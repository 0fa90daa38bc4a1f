"""Voters without a browser: they log in, encrypt, cast and keep receipts through the real HTTP API."""

import json
import os
import random
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from ballots import codec
from ballots.ballot import Sealed, seal_ballot, short_secrets
from ballots.credentials import credential_key
from ballots.election import Election, load_election
from ballots.errors import BallotsError
from ballots.receipts import verify_promise, verify_receipt
from evote.simulation.errors import SimulationError
from evote.simulation.sources import CONTEST, Choice

_ONE_TIME_CODE = re.compile(r"\b[0-9]{4}[ -]?[0-9]{4}\b")
_PATIENCE_SECONDS = 600
_HEADERS = {"X-Requested-With": "evote"}
# Shorter than servers keep an idle connection open, so that none is used just as it closes.
_LIMITS = httpx.Limits(keepalive_expiry=1.0)


@dataclass(frozen=True)
class Person:
    """A simulated voter.

    Attributes:
        voter_id: What the person logs in with.
        mail: Where one-time codes go.
        code: The credential code of the person's letter.
        choices: What the person casts, one after another; the last one counts.
        audits: Whether the person first makes a ballot only to open and audit it.
    """

    voter_id: str
    mail: str
    code: str
    choices: tuple[Choice, ...]
    audits: bool


@dataclass(frozen=True)
class Voted:
    """What is left after voting: all trackers in order, and the audit file if there is one."""

    trackers: tuple[str, ...]
    audited: dict[str, Any] | None


@dataclass(frozen=True)
class Site:
    """Where the election is, and the three files that fix it."""

    url: str
    election_id: str
    manifest: Path
    key: Path
    roll: Path

    @property
    def api(self) -> str:
        """The election's address in the JSON API."""
        return f"{self.url}/api/elections/{self.election_id}"

    def load(self) -> Election:
        """Load the election; its certificate was checked by the program that froze it."""
        files = (path.read_bytes() for path in (self.manifest, self.key, self.roll))
        return load_election(*files, allow_test_keys=True, certified=True)


class Device:
    """One worker's stand-in for voters' devices; it keeps the tables that make encryption fast."""

    def __init__(self, site: Site) -> None:
        """Load the election and build the tables."""
        self.site = site
        self.election = site.load()
        self.random_bits = secrets.randbits
        self._secrets = short_secrets(self.election, self.random_bits)

    def vote(self, person: Person) -> Voted:
        """Go a voter's whole way, but for waiting for the last receipt.

        Raises:
            SimulationError: The server refused a step.
        """
        with open_client() as client:
            me = self.log_in(client, person)
            previous, audited, trackers = str(me["previous"]), None, []
            if person.audits:
                opened = self._seal(me, previous, person.choices[0])
                _expect(client.post(f"{self.site.api}/audited", json={"tracker": opened.ballot.tracker}), 202)
                audited = opened.audit_document(self.election.key)
            for number, choice in enumerate(person.choices, start=1):
                sealed = self._seal(me, previous, choice)
                self._cast(client, sealed, person)
                previous = sealed.ballot.tracker
                trackers.append(previous)
                if number < len(person.choices):
                    fetch_receipt(client, self.site, self.election, previous)
        return Voted(tuple(trackers), audited)

    def log_in(self, client: httpx.Client, person: Person) -> dict[str, Any]:
        """Log in with a one-time code from the mail; returns who one is, and the latest ballot's tracker."""
        _expect(client.post(f"{self.site.api}/login/code", json={"voter_id": person.voter_id}), 202)
        mails = _expect(client.get(f"{self.site.url}/api/outbox", params={"to": person.mail}), 200)["messages"]
        newest = max(mails, key=lambda mail: str(mail["time"]), default={"text": ""})
        found = _ONE_TIME_CODE.search(newest["text"])
        if not found:
            raise SimulationError(f"No one-time code reached {person.mail}.")
        login = {"voter_id": person.voter_id, "code": found[0]}
        return dict(_expect(client.post(f"{self.site.api}/login", json=login), 200))

    def _seal(self, me: Mapping[str, Any], previous: str, choice: Choice) -> Sealed:
        choices = {CONTEST: list(choice)}
        return seal_ballot(self.election, me["style"], me["voter"], previous, choices, self.random_bits, self._secrets)

    def _cast(self, client: httpx.Client, sealed: Sealed, person: Person) -> None:
        key = credential_key(person.code, self.election.manifest_hash)
        body = {"ballot": sealed.ballot.document, "signature": sealed.ballot.sign(key)}
        answer = client.put(f"{self.site.api}/ballots/{sealed.ballot.tracker}", json=body)
        document = _expect(answer, 201, 202)
        if answer.status_code == 202:
            verify_promise(self.election, document)


def open_client() -> httpx.Client:
    """Return a client such as a voter's browser: it keeps cookies and connections."""
    return httpx.Client(headers=_HEADERS, timeout=60, limits=_LIMITS)


def fetch_receipt(client: httpx.Client, site: Site, election: Election, tracker: str) -> dict[str, Any]:
    """Wait for a ballot's receipt and check it.

    Raises:
        SimulationError: The ballot was refused, or no receipt came in ten minutes.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = client.get(f"{site.api}/ballots/{tracker}")
        document = dict(_expect(answer, 201, 202))
        if answer.status_code == 201:
            verify_receipt(election, document)
            return document
        time.sleep(0.1)
    raise SimulationError(f"No receipt came for the ballot {tracker}. Is the sequencer running?")


def plan_people(
    letters: Sequence[Mapping[str, str]], choices: Sequence[Choice], revotes: int, audits: int, rng: random.Random
) -> list[Person]:
    """Give each person a choice; some change their mind first, some audit a ballot.

    Args:
        letters: The registrar's letters: id, mail, code.
        choices: What counts in the end, one a person.
        revotes: How many people first cast somebody else's choice.
        audits: How many people audit a ballot.
        rng: The simulation's seeded randomness.
    """
    numbers = range(len(letters))
    changing, auditing = set(rng.sample(numbers, revotes)), set(rng.sample(numbers, audits))
    return [
        Person(
            letter["id"],
            letter["mail"],
            letter["code"],
            (rng.choice(choices), choice) if number in changing else (choice,),
            number in auditing,
        )
        for number, (letter, choice) in enumerate(zip(letters, choices, strict=True))
    ]


def vote_all(site: Site, people: Sequence[Person], jobs: int, progress: Callable[[], None]) -> Iterator[Voted]:
    """Let everybody vote, ``jobs`` at a time, in order of the people.

    Raises:
        SimulationError: One of them could not vote.
    """
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(site,)) as pool:
        for voted in pool.map(_vote_in_worker, people):
            progress()
            yield voted


_device: Device | None = None


def _start_worker(site: Site) -> None:
    global _device
    os.nice(5)  # the servers and trustees that share this machine come first
    _device = Device(site)


def _vote_in_worker(person: Person) -> Voted:
    assert _device is not None
    try:
        return _device.vote(person)
    except (httpx.HTTPError, BallotsError) as error:
        raise SimulationError(f"{person.voter_id} could not vote. {error}") from None


def _expect(answer: httpx.Response, *statuses: int) -> Any:
    if answer.status_code not in statuses:
        raise SimulationError(
            f"{answer.request.method} {answer.request.url} answered {answer.status_code}: {answer.text}"
        )
    return json.loads(answer.text) if answer.text else {}


def write_documents(folder: Path, documents: Mapping[str, Any]) -> None:
    """Write documents as canonical JSON, one file each: {file name: document}."""
    folder.mkdir(parents=True)
    for name, document in documents.items():
        (folder / name).write_bytes(codec.encode_canonical(document))
