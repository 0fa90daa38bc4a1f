"""What the commands share: services, files, elections by id, the official's key."""

import os
from pathlib import Path

import click

from ballots import codec, sealed
from ballots.credentials import short_code
from ballots.errors import EncodingError
from ballots.signatures import SigningKey
from evote.database.migrations import check_schema
from evote.errors import Malformed, NotFound
from evote.services import Services, build_services
from evote.settings import Settings

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
NEW_FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
OFFICIAL_KIND = "official-key"

official_key_option = click.option("--official-key", "official_key", type=FILE, required=True, help="official.key")
passphrase_option = click.option("--passphrase-file", type=FILE, help="Read the passphrase from this file.")


def read_settings(**overrides: str) -> Settings:
    """Read the settings from the process's environment; options of the command line go before it."""
    return Settings.from_environment({**os.environ, **overrides})


def open_services() -> Services:
    """Connect to the database of the settings; its schema must be this program's."""
    services = build_services(read_settings())
    check_schema(services.database)
    return services


def show_fingerprint(name: str, text: str) -> None:
    """Print a hash whole, for machines, and short, for people who compare it by eye or telephone."""
    click.echo(f"{name}: {text}")
    click.echo(f"{' ' * len(name)}  {short_code(codec.decode_bytes(text, 32))}")


def read_official_key(path: Path, passphrase_file: Path | None) -> SigningKey:
    """Unseal the official's key.

    Raises:
        SealedFileError: The file is damaged, or the passphrase wrong.
    """
    _, secret = sealed.unseal(path.read_bytes(), OFFICIAL_KIND, read_passphrase(path.name, passphrase_file))
    try:
        _, seed = codec.take(secret, "version", "seed")
        return SigningKey.from_seed(codec.decode_bytes(seed, 32))
    except EncodingError as error:
        raise Malformed(f"{path} was written by another version of this program. ({error})") from None


def read_passphrase(name: str, file: Path | None) -> str:
    """Return the passphrase of a file's one line, or ask for it."""
    if file is None:
        return str(click.prompt(f"Passphrase of {name}", hide_input=True, default="", show_default=False))
    passphrase = file.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    if not passphrase or "\n" in passphrase:
        raise Malformed(f"{file} must hold the passphrase as its one line, in UTF-8.")
    return passphrase


def election_id(text: str) -> str:
    """Return an election's id as it is stored.

    Raises:
        NotFound: It is no id.
    """
    text = text.strip().lower()
    if len(text) != 36:
        raise NotFound(f"{text!r} is no election's id. `python -m evote list` shows them.")
    return text
