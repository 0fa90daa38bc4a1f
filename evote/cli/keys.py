"""The official's key."""

import secrets
from pathlib import Path

import click

from ballots import codec, sealed
from ballots.signatures import SigningKey
from evote.cli.parts import NEW_FILE, OFFICIAL_KIND, passphrase_option, read_official_key, read_passphrase
from evote.errors import Malformed
from evote.settings import write_secret

_LEAST_CHARACTERS = 8


@click.command("official-key")
@click.option("--out", type=NEW_FILE, default=Path("official.key"), show_default=True, help="The new key file.")
@passphrase_option
def official_key(out: Path, passphrase_file: Path | None) -> None:
    """Make the official's signing key and print its public half for the definition."""
    passphrase = read_passphrase(f"{out.name} (new; six random words are good)", passphrase_file)
    if passphrase_file is None and passphrase != read_passphrase(f"{out.name}, once more", None):
        raise Malformed("The two passphrases differ. Nothing was written; start again.")
    if len(passphrase) < _LEAST_CHARACTERS:
        raise Malformed(f"A passphrase needs at least {_LEAST_CHARACTERS} characters; six random words are good.")
    key = SigningKey.from_seed(secrets.token_bytes(32))
    secret = {"version": 1, "seed": codec.encode_bytes(key.seed)}
    write_secret(out.absolute(), sealed.seal(OFFICIAL_KIND, "", secret, passphrase, secrets.token_bytes(28)))
    if passphrase_file is not None and read_official_key(out, passphrase_file).public != key.public:
        raise Malformed(f"{out} does not read back as it was written. Do not use it; look at the disk.")
    click.echo(f"Wrote {out}. Keep a copy and the passphrase safe. official_key for the definition:", err=True)
    click.echo(key.public)


COMMANDS = (official_key,)
