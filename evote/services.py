"""What every use case needs, made once a process: settings, database, the board's key, clock and randomness."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ballots.signatures import SigningKey
from evote.database import Database
from evote.elections.loaded import LoadedElections
from evote.errors import SettingsError
from evote.settings import Settings, write_secret


@dataclass(frozen=True)
class Services:
    """The application's parts; `now` and `random_bytes` are arguments so that tests can choose them."""

    settings: Settings
    database: Database
    board_key: SigningKey = field(repr=False)
    elections: LoadedElections
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes] = secrets.token_bytes


def build_services(settings: Settings) -> Services:
    """Connect the parts.

    Raises:
        SettingsError: There is no board key yet.
    """
    database = Database(settings.database_url)
    return Services(
        settings=settings,
        database=database,
        board_key=read_board_key(settings),
        elections=LoadedElections(database, settings.allow_test_keys),
        now=utc_now,
    )


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def read_board_key(settings: Settings) -> SigningKey:
    """Read the key with which the board signs.

    Raises:
        SettingsError: There is none, or it is damaged.
    """
    file = settings.board_key_file
    if not file.exists():
        raise SettingsError(f"There is no board key at {file}. Run `python -m evote init` once.")
    seed = file.read_bytes()
    if len(seed) != 32:
        raise SettingsError(f"The board key {file} is damaged: it should be 32 bytes. Use a backup copy.")
    return SigningKey.from_seed(seed)


def make_board_key(settings: Settings) -> bool:
    """Make the board key unless there is one; returns whether it was made."""
    if settings.board_key_file.exists():
        return False
    write_secret(settings.board_key_file, secrets.token_bytes(32))
    return True
