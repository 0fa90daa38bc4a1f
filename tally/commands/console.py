"""What all commands share: what they say, their bars, options, and the files they read."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ballots import codec
from ballots.errors import EncodingError
from ballots.record import RecordReader
from tally import files, hardening, replay
from tally.errors import FileProblem
from tally.passphrases import existing_passphrase
from tally.replay import Checked, Replay
from tally.shares import ObserverKey, Share, unseal_observer_key, unseal_share

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
_SEALED_LIMIT = 1 << 20
_PARTIAL_LIMIT = 1 << 30

terminal = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Say a sentence to the person at the terminal (standard error)."""
    terminal.print(text, markup=False)


def protect_memory() -> None:
    """Keep this process's memory from dumps and swap, and say what could not be had."""
    for problem in hardening.protect_memory():
        say(f"Note: {problem}")


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each kind of long work; yields a callable (what, done, total)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what)
            progress.update(tasks[what], completed=done, total=total)

        yield show


def test_keys_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--allow-test-keys``."""
    return click.option("--allow-test-keys", is_flag=True, help="Accept a modulus too short for earnest.")(command)


def share_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--share`` and ``--passphrase-file``."""
    command = passphrase_option(command)
    return click.option("--share", "share_file", type=FILE, required=True, help="Your share file.")(command)


def passphrase_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--passphrase-file``."""
    return click.option("--passphrase-file", type=FILE, help="Read the passphrase from this file.")(command)


def read_sealed(path: Path) -> bytes:
    """Read a sealed file."""
    return files.read_file(path, _SEALED_LIMIT)


def read_share(path: Path, passphrase_file: Path | None) -> Share:
    """Unseal a share file, asking for the passphrase if no file has it."""
    data = read_sealed(path)
    return unseal_share(data, existing_passphrase(str(path), passphrase_file))


def read_observer_key(path: Path, passphrase_file: Path | None) -> ObserverKey:
    """Unseal an observer's key file, asking for the passphrase if no file has it."""
    data = read_sealed(path)
    return unseal_observer_key(data, existing_passphrase(str(path), passphrase_file))


def read_json(path: Path) -> codec.Json:
    """Read a canonical JSON file.

    Raises:
        FileProblem: It cannot be read or is not canonical JSON.
    """
    try:
        return codec.parse_canonical(files.read_file(path, _PARTIAL_LIMIT))
    except EncodingError as error:
        raise FileProblem(f"{path} cannot be used. {error}") from None


def replay_record(record: Path, allow_test_keys: bool) -> Replay:
    """Check a record's folder, with bars."""
    with bars() as show:
        return replay.check_record(
            RecordReader(record), secrets.randbits, allow_test_keys=allow_test_keys, progress=show
        )


def check_closed_record(record: Path, allow_test_keys: bool) -> Checked:
    """Check the record of a closed election and add up its ballots, with bars."""
    replayed = replay_record(record, allow_test_keys)
    with bars() as show:
        return replay.conclude(replayed, RecordReader(record).ballots(), show)
