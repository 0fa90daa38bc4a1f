"""The official's key."""

import secrets
from pathlib import Path

import click

from ballots import codec, sealed
from ballots.signatures import SigningKey
from evote.cli.parts import (
    FILE,
    FOLDER,
    NEW_FILE,
    OFFICIAL_KIND,
    official_key_option,
    passphrase_option,
    read_official_key,
    read_passphrase,
)
from evote.elections.signing import compare_with_record, read_request, sign_request
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


@click.command("official-sign")
@click.argument("request", type=FILE)
@official_key_option
@click.option("--record", type=FOLDER, help="Your own copy of the record: the close is computed from it and compared.")
@click.option("--out", type=NEW_FILE, help="The signed file; signed-KIND.json by default.")
@passphrase_option
def official_sign(
    request: Path, official_key: Path, record: Path | None, out: Path | None, passphrase_file: Path | None
) -> None:
    """Sign REQUEST of the officials' site with the official's key, away from the server."""
    data = request.read_bytes()
    kind, signed = read_request(data)
    click.echo(f"To sign: {kind}", err=True)
    for name, value in signed.items():
        click.echo(f"  {name}: {value}", err=True)
    if record is not None:
        compare_with_record(data, record)
        click.echo("The record gives the same.", err=True)
    elif kind == "close":
        click.echo("Not compared with a record of your own; --record does that.", err=True)
    out = out or Path(f"signed-{kind}.json")
    if out.exists():
        raise Malformed(f"{out} exists already. Choose another place with --out.")
    out.write_bytes(sign_request(data, read_official_key(official_key, passphrase_file)))
    click.echo(f"Wrote {out}. Hand it in on the page from which the request came.")


COMMANDS = (official_key, official_sign)
