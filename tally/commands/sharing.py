"""``tally share copy``, ``tally share passphrase``, ``tally observer-key``: key files and their passphrases."""

import secrets
from pathlib import Path

import click

from ballots import sealed
from ballots.signatures import SigningKey
from tally import files
from tally.commands.console import FILE, passphrase_option, protect_memory, read_sealed, say
from tally.errors import FileProblem
from tally.intents import memory_of
from tally.passphrases import existing_passphrase, new_passphrase
from tally.shares import ObserverKey, check_copy, reseal, seal_observer_key, unseal_observer_key, unseal_share


@click.group()
def share() -> None:
    """Look after your share file."""


@share.command()
@click.argument("source", type=FILE)
@click.argument("copy", type=FILE)
@passphrase_option
def copy(source: Path, copy: Path, passphrase_file: Path | None) -> None:
    """Make a backup COPY of the share SOURCE, with its remembered intent, and check that it opens."""
    protect_memory()
    data = read_sealed(source)
    passphrase = existing_passphrase(str(source), passphrase_file)
    opened = unseal_share(data, passphrase)
    copies = {copy: data}
    if memory_of(source).exists():
        copies[memory_of(copy)] = files.read_file(memory_of(source))
    files.write_new(copies)
    check_copy(files.read_file(copy), passphrase, opened)
    say(f"{copy} holds the share of trustee {opened.trustee}, {opened.name}, and opens with the same passphrase.")
    say("Use one file only: the one intent that it signs is remembered beside it.")


@share.command()
@click.argument("source", type=FILE)
@passphrase_option
@click.option("--new-passphrase-file", type=FILE, help="Read the new passphrase from this file.")
def passphrase(source: Path, passphrase_file: Path | None, new_passphrase_file: Path | None) -> None:
    """Change the passphrase of the share SOURCE."""
    protect_memory()
    data = read_sealed(source)
    old = existing_passphrase(str(source), passphrase_file)
    opened = unseal_share(data, old)
    new = new_passphrase(f"the share of trustee {opened.trustee}, {opened.name}", new_passphrase_file)
    resealed = reseal(data, old, new, secrets.token_bytes(28), sealed.SCRYPT_COST)
    files.replace(source, resealed, files.SECRET_MODE)
    check_copy(files.read_file(source), new, opened)
    say(f"{source} opens with the new passphrase. Copies made before still open with the old one.")


@click.command("observer-key")
@click.option("--name", required=True, help="The observer's name, as it shall stand in the manifest.")
@click.option("--out", type=FILE, default=Path("observer.key"), show_default=True, help="The new key file.")
@passphrase_option
def observer_key(name: str, out: Path, passphrase_file: Path | None) -> None:
    """Make an observer's signing key and print its public half for the manifest."""
    protect_memory()
    files.refuse_existing(out)
    passphrase = new_passphrase(f"the key of {name}", passphrase_file)
    key = ObserverKey(name, SigningKey.from_seed(secrets.token_bytes(32)))
    files.write_new({out: seal_observer_key(key, passphrase, secrets.token_bytes(28), sealed.SCRYPT_COST)})
    if unseal_observer_key(files.read_file(out), passphrase).signing_key.public != key.signing_key.public:
        raise FileProblem(f"{out} does not read back as it was written. Do not use it; look at the disk.")
    say(f"Wrote {out}. For the manifest's observers, beside the name {name!r}:")
    click.echo(key.signing_key.public)
