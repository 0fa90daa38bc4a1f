"""During the election: a lost code is replaced, somebody who votes on paper is struck."""

import secrets
from collections.abc import Callable
from pathlib import Path

import click

from ballots import codec
from evote.registrar import credentials as making
from evote.registrar.asking import (
    FILE,
    FOLDER,
    election_option,
    key_options,
    manifest_options,
    read_manifest,
    registrar_key,
    say,
    warn_about_letters,
)
from evote.registrar.files import PUBLIC, SECRET, read, write_new
from evote.registrar.lists import Listed, find_voter, letters_csv, voters_csv
from evote.registrar.rules import wrong_with
from evote.registrar.voters import Voter

_HAND_IN = "on the officials' site (“Lost codes and paper votes”), or to the server's operator"


def _lists_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--voters", "lists", type=FILE, multiple=True, required=True, help="voters.csv; of several, the later ones win."
    )(command)


@click.command()
@click.argument("voter_id")
@manifest_options
@key_options
@election_option
@_lists_option
@click.option("--name", default="", help="For the letter.")
@click.option("--language", default="", help="Of the letter, like fa.")
@click.option("--address", "lines", multiple=True, help="For the letter's window; once for each line.")
@click.option("--out", type=FOLDER, required=True, help="A new folder for the entry, the list line and the letter.")
def replace(
    voter_id: str,
    manifest_path: Path,
    allow_test_keys: bool,
    key_path: Path,
    passphrase_file: Path | None,
    election: str,
    lists: tuple[Path, ...],
    name: str,
    language: str,
    lines: tuple[str, ...],
    out: Path,
) -> None:
    """Give the voter VOTER_ID, who lost the code, a new one; the old one stops counting."""
    for column, text in (("name", name), ("language", language), ("address", "\n".join(lines))):
        wrong = wrong_with(column, text)
        if wrong:
            raise click.BadParameter(" ".join(wrong), param_hint=f"--{column}")
    manifest = read_manifest(manifest_path, allow_test_keys)
    old = _find(lists, voter_id)
    key = registrar_key(key_path, passphrase_file, manifest)
    voter = Voter(old.id, old.mail, "", 1, name, language, lines)
    [made] = making.make_credentials([voter], manifest, secrets.randbits)
    body = making.sign_replace(election, old.key, made.public, key)
    files = {
        "replace.json": (codec.encode_canonical(body), PUBLIC),
        "voters.csv": (voters_csv([made]), SECRET),
        "letters.csv": (letters_csv([made]), SECRET),
    }
    write_new(out, files)
    say(f"Hand {out / 'replace.json'} in {_HAND_IN}. Keep {out / 'voters.csv'} for the next time.")
    warn_about_letters(out / "letters.csv")


@click.command()
@click.argument("voter_id")
@manifest_options
@key_options
@election_option
@_lists_option
@click.option("--out", type=FOLDER, required=True, help="A new folder for the entry.")
def strike(
    voter_id: str,
    manifest_path: Path,
    allow_test_keys: bool,
    key_path: Path,
    passphrase_file: Path | None,
    election: str,
    lists: tuple[Path, ...],
    out: Path,
) -> None:
    """Strike the voter VOTER_ID, who votes on paper: no ballot of theirs counts from here on."""
    manifest = read_manifest(manifest_path, allow_test_keys)
    listed = _find(lists, voter_id)
    key = registrar_key(key_path, passphrase_file, manifest)
    body = making.sign_strike(election, listed.key, key)
    write_new(out, {"strike.json": (codec.encode_canonical(body), PUBLIC)})
    say(f"Hand {out / 'strike.json'} in {_HAND_IN}.")


def _find(lists: tuple[Path, ...], voter_id: str) -> Listed:
    return find_voter([read(path) for path in lists], voter_id)


COMMANDS = (replace, strike)
