"""What participation is given by the application that hosts it. It imports nothing of that application."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from flask import Response, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import URL, Engine
from sqlalchemy.orm import Session

from ballots import codec
from ballots.served import RecordFile
from ballots.signatures import SigningKey
from participation.rules import SiteRules

EXTENSION = "participation"


class Database(Protocol):
    """Transactions that either read (one moment, nothing can change) or write (durable at the end, or undone)."""

    is_sqlite: bool
    url: URL
    engine: Engine

    def reading(self) -> AbstractContextManager[Session]:
        """Give a session that cannot change anything."""
        ...

    def writing(self) -> AbstractContextManager[Session]:
        """Give a session whose changes are durable when the block ends, or undone if it raises."""
        ...


class Official(Protocol):
    """Somebody who is signed in on the officials' site."""

    @property
    def official_id(self) -> int:
        """The number of the account."""
        ...

    @property
    def name(self) -> str:
        """The name under which acts stand in the public log."""
        ...

    def may(self, permission: str) -> bool:
        """Tell whether a role allows something: `moderate`, `answer`, `consult`."""
        ...


class PutMail(Protocol):
    """Puts a mail into the outbox, within the transaction of the session."""

    def __call__(
        self, session: Session, to: str, subject: str, text: str, lifetime: timedelta, unsubscribe: str = ""
    ) -> None:
        """Store a mail; it is dropped when it could not be sent within its lifetime.

        `unsubscribe` is the address of a page to which the reader's mail program may post, without login, so that no
        more such mails come (RFC 8058).
        """
        ...


class RecordDeed(Protocol):
    """Adds a line to the officials' public log of participation, within the transaction of the session."""

    def __call__(self, session: Session, official: str, what: str, details: codec.Json = None) -> None:
        """Note who did what; `details` is {word: text, number or list}, never a secret, never personal data."""
        ...


@dataclass(frozen=True)
class Account:
    """Somebody, as the site's identity provider vouches for them.

    Attributes:
        mail: As `parse_mail` returned it, if the provider vouches for it; else empty.
    """

    issuer: str
    subject: str
    mail: str
    name: str


class Accounts(Protocol):
    """The site's identity provider."""

    def name(self) -> str:
        """Return the provider's name; empty where there is none."""
        ...

    def leave(self, return_to: str) -> ResponseReturnValue:
        """Send the browser to the provider; it comes back to a page of this site."""
        ...

    def sign_in(self, return_to: str, back: str) -> ResponseReturnValue:
        """Send the browser to the provider to take part; who comes back is signed in and led to `back`.

        Args:
            return_to: Page of this site that shows `problem` if nothing came of it.
            back: Path of this site.
        """
        ...

    def account(self) -> Account | None:
        """Return who came back in this browser, unless it is long ago."""
        ...

    def forget(self) -> None:
        """Let nobody else at this browser go on with the account."""
        ...

    def problem(self) -> str:
        """Return what went wrong on the way, once; empty where nothing did."""
        ...


class ElectionRoll(Protocol):
    """The roll of a frozen election, by which its voters may sign petitions."""

    @property
    def fingerprint(self) -> str:
        """F of the election."""
        ...

    @property
    def manifest(self) -> str:
        """M of the election."""
        ...

    @property
    def registrar(self) -> str:
        """The registrar's public key."""
        ...

    @property
    def sha256(self) -> str:
        """SHA-256 of the roll's file, base64url."""
        ...

    def has(self, voter: str) -> bool:
        """Tell whether a public key is on the roll as it was signed."""
        ...


class Rolls(Protocol):
    """Elections' rolls; nothing of a vote."""

    def find(self, election_id: str) -> ElectionRoll | None:
        """Return a frozen election's roll."""
        ...

    def file(self, election_id: str) -> bytes:
        """Return the bytes of `roll.jsonl`."""
        ...

    def changes(self, election_id: str, since: int) -> Sequence[tuple[int, str, dict[str, Any]]]:
        """Return the `strike` and `replace` entries of the election's log from an index on: (index, type, body)."""
        ...


@dataclass(frozen=True)
class FoundElection:
    """An election of this site, for who is led to it.

    Attributes:
        title: In the present language.
        state: `draft`, `frozen`, `open`, `closed`, `tallied` or `annulled`.
        address: Of its page, or of its result once there is one.
    """

    title: str
    state: str
    address: str


class Link(Protocol):
    """Makes the whole address of a page, for mails and jobs."""

    def __call__(self, endpoint: str, language: str = "", **values: Any) -> str:
        """Return an address with the site's root, in a language, or in none where it is empty."""
        ...


@dataclass(frozen=True)
class Ports:
    """The parts that the host gives.

    Attributes:
        database: The host's database, in which participation has tables of its own.
        now: The present, aware.
        random_bytes: Secret randomness, so many bytes.
        secret_key: Of the site, at least 32 bytes; derive from it, under a word of your own.
        base_url: The address under which people reach the site, without a slash at the end.
        demo: Whether this is a demonstration.
        time_zone: Of the site: its days begin and end there.
        data_dir: A folder for files of the site's own.
        rules: What the operator decided about petitions and the rest.
        log_key: Signs the heads of public logs.
        site: Host and path of the site without the scheme: the first part of every log's origin.
        put_mail, record_deed, link: See their protocols.
        write_time: Writes a day and time of day in the present language, for sentences of mails.
        say: Says an error in the present language.
        read_number: Reads a whole number as people of the present language type it; `Unacceptable` where it is none.
        write_number: Writes a whole number in the present language.
        write_day: Writes a day in the present language, by the calendar of its readers.
        read_day, read_time: Read a day, or a moment, as people of the present language type it; `Unacceptable` where
            it is none.
        type_time: Writes a moment as people type it.
        language: Returns the language of the present request.
        languages: Codes of the languages that the site speaks.
        speaking: Makes sentences come in a language, outside requests too.
        official: Returns who is signed in on the officials' site, or nobody.
        sign_in_address: Where officials sign in.
        limit: Counts the present request against a limit like "60 per minute", and refuses it beyond.
        ring: Lets a job run soon; what it shall do stands in tables, committed before.
        rolls: Whose voters may sign petitions.
        accounts: People whom an identity provider vouches for.
        serve_file: Answers with a file of a record, or the part that the request asks for; the path says its type.
        find_election: Finds an election of this site by its id; nothing if there is none.
        site_name: As pages call the site.
        embeddable: Lets any site put a page into a frame: one without script, form and session.
        memory: What this process keeps for a while, by feature; nothing in it needs to survive.
    """

    database: Database
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]
    secret_key: bytes = field(repr=False)
    base_url: str
    demo: bool
    time_zone: ZoneInfo
    data_dir: Path
    rules: SiteRules
    log_key: SigningKey = field(repr=False)
    site: str
    put_mail: PutMail
    record_deed: RecordDeed
    link: Link
    write_time: Callable[[datetime], str]
    say: Callable[[Exception], str]
    read_number: Callable[[str], int]
    write_number: Callable[[int], str]
    write_day: Callable[[date], str]
    read_day: Callable[[str], date]
    read_time: Callable[[str], datetime]
    type_time: Callable[[datetime], str]
    language: Callable[[], str]
    languages: Callable[[], tuple[str, ...]]
    speaking: Callable[[str], AbstractContextManager[None]]
    official: Callable[[], Official | None]
    sign_in_address: Callable[[], str]
    limit: Callable[[str], AbstractContextManager[Any]]
    ring: Callable[[str], None]
    rolls: Rolls
    accounts: Accounts
    serve_file: Callable[[RecordFile, str], Response]
    find_election: Callable[[str], FoundElection | None]
    site_name: str
    embeddable: Callable[[Response], Response]
    memory: dict[str, dict[Any, Any]] = field(default_factory=dict, repr=False, compare=False)


def current_ports() -> Ports:
    """Return the ports of the application that answers the present request."""
    return cast(Ports, current_app.extensions[EXTENSION])
