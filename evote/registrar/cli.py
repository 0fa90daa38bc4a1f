"""``python -m evote.registrar``: keygen, credentials, replace, strike. Run it offline."""

import secrets
import sys
from collections.abc import Callable
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import track

from ballots import codec
from ballots.errors import BallotsError, EncodingError
from ballots.manifest import Manifest, parse_manifest
from ballots.signatures import SigningKey
from evote.registrar import credentials as making
from evote.registrar import output
from evote.registrar.errors import KeyProblem, RegistrarError, VoterListError
from evote.registrar.voters import Voter, parse_voters

SECRET, PUBLIC = 0o600, 0o644
LEAST_CHARACTERS = 8
_SHOWN_PROBLEMS = 200

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_console = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    """Run the command; errors become one sentence and exit status 1."""
    try:
        commands(standalone_mode=False)
    except VoterListError as error:
        for problem in error.problems[:_SHOWN_PROBLEMS]:
            _say(problem)
        if len(error.problems) > _SHOWN_PROBLEMS:
            _say(f"… and {len(error.problems) - _SHOWN_PROBLEMS} more.")
        _say(str(error))
        sys.exit(1)
    except (RegistrarError, BallotsError) as error:
        _say(str(error))
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        _say("Stopped.")
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Make the roll and the voters' credentials, offline."""


def _manifest_option(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--manifest", "manifest_path", type=_FILE, required=True, help="manifest.json")(command)
    return click.option("--allow-test-keys", is_flag=True, help="Accept a modulus too short for earnest.")(command)


def _key_options(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--passphrase-file", type=_FILE, help="Read the passphrase from this file.")(command)
    return click.option("--key", "key_path", type=_FILE, required=True, help="The registrar's key file.")(command)


@commands.command()
@click.option("--out", type=_FILE, default=Path("registrar.key"), show_default=True, help="The new key file.")
@click.option("--passphrase-file", type=_FILE, help="Read the passphrase from this file.")
def keygen(out: Path, passphrase_file: Path | None) -> None:
    """Make the registrar's signing key and print its public half for the manifest."""
    passphrase = _passphrase_file(passphrase_file) if passphrase_file else _new_passphrase()
    if len(passphrase) < LEAST_CHARACTERS:
        raise KeyProblem(f"A passphrase needs at least {LEAST_CHARACTERS} characters; six random words are good.")
    key = SigningKey.from_seed(secrets.token_bytes(32))
    sealed = output.seal_key(key, passphrase, secrets.token_bytes(28))
    output.write_new(out.parent, {out.name: (sealed, SECRET)})
    if output.unseal_key(output.read(out), passphrase).public != key.public:
        raise KeyProblem(f"{out} does not read back as it was written. Do not use it; look at the disk.")
    _say(f"Wrote {out}. Keep a copy and the passphrase offline. registrar_key for the manifest:")
    click.echo(key.public)


@commands.command()
@click.argument("voters", type=_FILE)
@_manifest_option
@_key_options
@click.option("--out", type=_FOLDER, required=True, help="A folder for roll.jsonl, roll.json, voters.csv, letters.csv.")
@click.option("--shared-mail", is_flag=True, help="Several voters may have the same mail address.")
def credentials(
    voters: Path,
    manifest_path: Path,
    key_path: Path,
    passphrase_file: Path | None,
    out: Path,
    shared_mail: bool,
    allow_test_keys: bool,
) -> None:
    """Make a credential for every voter of VOTERS (CSV: id,mail[,style][,weight]) and sign the roll."""
    manifest = _manifest(manifest_path, allow_test_keys)
    people = parse_voters(output.read(voters), list(manifest.styles), shared_mail=shared_mail)
    key = _registrar_key(key_path, passphrase_file, manifest)
    made = list(
        track(
            making.make_credentials(people, manifest, secrets.randbits),
            total=len(people),
            description="Making credentials",
            console=_console,
        )
    )
    roll = making.make_roll(made, manifest)
    statement = making.sign_roll(roll, manifest, key)
    files = {
        "roll.jsonl": (roll, PUBLIC),
        "roll.json": (codec.encode_canonical(msgspec.to_builtins(statement)), PUBLIC),
        "voters.csv": (output.voters_csv(made), SECRET),
        "letters.csv": (output.letters_csv(made), SECRET),
    }
    output.write_new(out, files)
    weight = sum(one.voter.weight for one in made)
    _say(f"{len(made)} credentials of total weight {weight} for manifest {manifest.hash_text}.")
    _say(f"In {out}: roll.jsonl and roll.json are public, for the server; voters.csv is for the server only.")
    _warn_about_letters(out / "letters.csv")


@commands.command()
@click.argument("voter_id")
@_manifest_option
@_key_options
@click.option("--election", required=True, help="The election's fingerprint F, as the server and the trustees show it.")
@click.option("--voters", "lists", type=_FILE, multiple=True, required=True, help="voters.csv; later ones win.")
@click.option("--out", type=_FOLDER, required=True, help="A new folder for the entry, the list line and the letter.")
def replace(
    voter_id: str,
    manifest_path: Path,
    key_path: Path,
    passphrase_file: Path | None,
    election: str,
    lists: tuple[Path, ...],
    out: Path,
    allow_test_keys: bool,
) -> None:
    """Give the voter VOTER_ID, who lost the code, a new one; the old one stops counting."""
    manifest = _manifest(manifest_path, allow_test_keys)
    _check_fingerprint(election)
    mail, old = output.find_voter([output.read(path) for path in lists], voter_id)
    key = _registrar_key(key_path, passphrase_file, manifest)
    [made] = making.make_credentials([Voter(voter_id, mail, "", 1)], manifest, secrets.randbits)
    body = making.sign_replace(election, old, made.public, key)
    files = {
        "replace.json": (codec.encode_canonical(body), PUBLIC),
        "voters.csv": (output.voters_csv([made]), SECRET),
        "letters.csv": (output.letters_csv([made]), SECRET),
    }
    output.write_new(out, files)
    _say(f"Give {out / 'replace.json'} and {out / 'voters.csv'} to the server's operator.")
    _warn_about_letters(out / "letters.csv")


@commands.command()
@click.argument("voter_id")
@_manifest_option
@_key_options
@click.option("--election", required=True, help="The election's fingerprint F, as the server and the trustees show it.")
@click.option("--voters", "lists", type=_FILE, multiple=True, required=True, help="voters.csv; later ones win.")
@click.option("--out", type=_FOLDER, required=True, help="A new folder for the entry.")
def strike(
    voter_id: str,
    manifest_path: Path,
    key_path: Path,
    passphrase_file: Path | None,
    election: str,
    lists: tuple[Path, ...],
    out: Path,
    allow_test_keys: bool,
) -> None:
    """Strike the voter VOTER_ID, who votes on paper: no ballot of theirs counts from here on."""
    manifest = _manifest(manifest_path, allow_test_keys)
    _check_fingerprint(election)
    _, public = output.find_voter([output.read(path) for path in lists], voter_id)
    key = _registrar_key(key_path, passphrase_file, manifest)
    body = making.sign_strike(election, public, key)
    output.write_new(out, {"strike.json": (codec.encode_canonical(body), PUBLIC)})
    _say(f"Give {out / 'strike.json'} to the server's operator.")


def _manifest(path: Path, allow_test_keys: bool) -> Manifest:
    return parse_manifest(output.read(path), allow_test_keys=allow_test_keys)


def _registrar_key(path: Path, passphrase_file: Path | None, manifest: Manifest) -> SigningKey:
    sealed = output.read(path)
    passphrase = _passphrase_file(passphrase_file) if passphrase_file else _prompt(f"Passphrase of {path.name}")
    key = output.unseal_key(sealed, passphrase)
    making.check_registrar(manifest, key)
    return key


def _new_passphrase() -> str:
    passphrase = _prompt("New passphrase for the registrar's key (six random words are good)")
    if passphrase != _prompt("The same once more"):
        raise KeyProblem("The two passphrases differ. Nothing was written; start again.")
    return passphrase


def _prompt(question: str) -> str:
    return str(click.prompt(question, hide_input=True, default="", show_default=False))


def _passphrase_file(path: Path) -> str:
    try:
        passphrase = output.read(path).decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        passphrase = ""
    if not passphrase or "\n" in passphrase:
        raise KeyProblem(f"{path} must hold the passphrase as its one line, in UTF-8.")
    return passphrase


def _check_fingerprint(election: str) -> None:
    try:
        codec.decode_bytes(election, codec.HASH_BYTES)
    except EncodingError:
        raise KeyProblem(f"{election!r} is not an election's fingerprint (43 characters of base64url).") from None


def _warn_about_letters(path: Path) -> None:
    _say(f"{path} HOLDS THE CODES. Whoever has it can vote for everybody on it: keep it offline, hand it to the")
    _say("print shop on an encrypted stick, and destroy it once the letters are out.")


def _say(text: str) -> None:
    _console.print(text, markup=False)
