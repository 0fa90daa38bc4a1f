"""What the commands share: their options, the manifest, the key and its passphrase, and how they speak."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click
from rich.console import Console

from ballots import codec
from ballots.errors import EncodingError
from ballots.manifest import Manifest, parse_manifest
from ballots.signatures import SigningKey
from evote.registrar.credentials import check_registrar
from evote.registrar.errors import KeyProblem, Problem
from evote.registrar.files import read
from evote.registrar.keys import unseal_key

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
LEAST_CHARACTERS = 8
_SHOWN_PROBLEMS = 200

console = Console(stderr=True, highlight=False, soft_wrap=True)


def manifest_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --manifest and --allow-test-keys."""
    command = click.option("--manifest", "manifest_path", type=FILE, required=True, help="manifest.json")(command)
    return click.option("--allow-test-keys", is_flag=True, help="Accept a modulus too short for earnest.")(command)


def key_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --key and --passphrase-file."""
    command = click.option("--passphrase-file", type=FILE, help="Read the passphrase from this file.")(command)
    return click.option("--key", "key_path", type=FILE, required=True, help="The registrar's key file.")(command)


def election_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add --election."""
    about = "The election's fingerprint F, as the server and the trustees show it."
    return click.option("--election", required=True, callback=_check_fingerprint, help=about)(command)


def read_manifest(path: Path, allow_test_keys: bool) -> Manifest:
    """Read manifest.json."""
    return parse_manifest(read(path), allow_test_keys=allow_test_keys)


def registrar_key(path: Path, passphrase_file: Path | None, manifest: Manifest) -> SigningKey:
    """Unseal the key that the manifest names.

    Raises:
        KeyProblem, SealedFileError: The passphrase is wrong, or the manifest names another key.
    """
    sealed = read(path)
    passphrase = read_passphrase(passphrase_file) if passphrase_file else ask(f"Passphrase of {path.name}")
    key = unseal_key(sealed, passphrase)
    check_registrar(manifest, key)
    return key


def new_passphrase() -> str:
    """Ask twice for a new passphrase."""
    passphrase = ask("New passphrase for the registrar's key (six random words are good)")
    if passphrase != ask("The same once more"):
        raise KeyProblem("The two passphrases differ. Nothing was written; start again.")
    return passphrase


def ask(question: str) -> str:
    """Ask for a secret without showing it."""
    return str(click.prompt(question, hide_input=True, default="", show_default=False))


def read_passphrase(path: Path) -> str:
    """Return a file's one line."""
    try:
        passphrase = read(path).decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        passphrase = ""
    if not passphrase or "\n" in passphrase:
        raise KeyProblem(f"{path} must hold the secret as its one line, in UTF-8.")
    return passphrase


def warn_about_letters(path: Path) -> None:
    """Say what letters.csv is."""
    say(f"{path} HOLDS THE CODES. With it and the voters' mail anybody can vote in their place: keep it offline, make")
    say("letters with `letters`, and destroy it once they are out.")


def show_problems(problems: Sequence[Problem]) -> None:
    """List problems, up to a bound."""
    for problem in problems[:_SHOWN_PROBLEMS]:
        say(str(problem))
    if len(problems) > _SHOWN_PROBLEMS:
        say(f"… and {len(problems) - _SHOWN_PROBLEMS:,} more; `check --problems problems.csv` writes them all.")


def say(text: str) -> None:
    """Print a line for people."""
    console.print(text, markup=False)


def _check_fingerprint(_context: click.Context, _option: click.Parameter, election: str) -> str:
    try:
        codec.decode_bytes(election, codec.HASH_BYTES)
    except EncodingError:
        raise KeyProblem(f"{election!r} is not an election's fingerprint (43 characters of base64url).") from None
    return election
