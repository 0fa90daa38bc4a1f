"""Before the freeze: the registrar's key, a dry run of the list of voters, the roll and its credentials."""

import csv
import io
import secrets
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import msgspec
from rich.progress import track

from ballots import codec
from ballots.manifest import Manifest
from ballots.signatures import SigningKey
from evote.registrar import credentials as making
from evote.registrar.asking import (
    FILE,
    FOLDER,
    LEAST_CHARACTERS,
    console,
    key_options,
    manifest_options,
    new_passphrase,
    read_manifest,
    read_passphrase,
    registrar_key,
    say,
    show_problems,
    warn_about_letters,
)
from evote.registrar.columns import known_columns
from evote.registrar.errors import KeyProblem, Problem
from evote.registrar.files import PUBLIC, SECRET, read, write_new
from evote.registrar.keys import seal_key, unseal_key
from evote.registrar.lists import letters_csv, voters_csv
from evote.registrar.tables import open_table
from evote.registrar.voters import Checked, check_voters, parse_voters


def _list_options(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--shared-mail", is_flag=True, help="Several voters may have one mail address.")(command)
    command = click.option("--sheet", default="", help="The workbook's sheet, if there are several.")(command)
    about = "Of a CSV file, like windows-1256; found out if left out."
    return click.option("--encoding", default="", help=about)(command)


@click.command()
@click.option("--out", type=FILE, default=Path("registrar.key"), show_default=True, help="The new key file.")
@click.option("--passphrase-file", type=FILE, help="Read the passphrase from this file.")
def keygen(out: Path, passphrase_file: Path | None) -> None:
    """Make the registrar's signing key and print its public half for the manifest."""
    passphrase = read_passphrase(passphrase_file) if passphrase_file else new_passphrase()
    if len(passphrase) < LEAST_CHARACTERS:
        raise KeyProblem(f"A passphrase needs at least {LEAST_CHARACTERS} characters; six random words are good.")
    key = SigningKey.from_seed(secrets.token_bytes(32))
    write_new(out.parent, {out.name: (seal_key(key, passphrase, secrets.token_bytes(28)), SECRET)})
    if unseal_key(read(out), passphrase).public != key.public:
        raise KeyProblem(f"{out} does not read back as it was written. Do not use it; look at the disk.")
    say(f"Wrote {out}. Keep a copy and the passphrase offline. registrar_key for the manifest:")
    click.echo(key.public)


@click.command()
@click.argument("voters", type=FILE)
@manifest_options
@_list_options
@click.option("--problems", type=FILE, help="Write all problems to this new CSV file too.")
def check(
    voters: Path,
    manifest_path: Path,
    allow_test_keys: bool,
    encoding: str,
    sheet: str,
    shared_mail: bool,
    problems: Path | None,
) -> None:
    """Check VOTERS (.csv or .xlsx) and list every row that is wrong; writes no roll and makes no codes."""
    manifest = read_manifest(manifest_path, allow_test_keys)
    table = open_table(voters, known_columns, encoding=encoding, sheet=sheet)
    checked = check_voters(table, manifest, shared_mail=shared_mail)
    show_problems(checked.problems)
    _show_summary(checked)
    if problems:
        write_new(problems.parent, {problems.name: (_problems_csv(checked.problems), SECRET)})
        say(f"Wrote {problems}.")
    if checked.problems:
        rows = len({one.row for one in checked.problems if one.row})
        say(f"{len(checked.problems):,} problems in {rows:,} rows. Mend the list and check it again.")
        sys.exit(1)
    say("Nothing is wrong with the list.")


@click.command()
@click.argument("voters", type=FILE)
@manifest_options
@key_options
@_list_options
@click.option("--out", type=FOLDER, required=True, help="A folder for roll.jsonl, roll.json, voters.csv, letters.csv.")
def credentials(
    voters: Path,
    manifest_path: Path,
    allow_test_keys: bool,
    key_path: Path,
    passphrase_file: Path | None,
    encoding: str,
    sheet: str,
    shared_mail: bool,
    out: Path,
) -> None:
    """Make a credential for every voter of VOTERS (.csv or .xlsx: id, mail, …) and sign the roll."""
    manifest = read_manifest(manifest_path, allow_test_keys)
    table = open_table(voters, known_columns, encoding=encoding, sheet=sheet)
    people = parse_voters(table, manifest, shared_mail=shared_mail)
    _show_summary(people)
    key = registrar_key(key_path, passphrase_file, manifest)
    made = _make(people, manifest)
    roll = making.make_roll(made, manifest)
    statement = making.sign_roll(roll, manifest, key)
    files = {
        "roll.jsonl": (roll, PUBLIC),
        "roll.json": (codec.encode_canonical(msgspec.to_builtins(statement)), PUBLIC),
        "voters.csv": (voters_csv(made), SECRET),
        "letters.csv": (letters_csv(made), SECRET),
    }
    write_new(out, files)
    weight = sum(one.voter.weight for one in made)
    say(f"{len(made):,} credentials of total weight {weight:,} for manifest {manifest.hash_text}.")
    say(f"In {out}: roll.jsonl and roll.json are public, for the server; voters.csv is for the server only.")
    warn_about_letters(out / "letters.csv")


def _make(people: Checked, manifest: Manifest) -> list[making.Credential]:
    made = making.make_credentials(people.voters, manifest, secrets.randbits)
    return list(track(made, "Making credentials", len(people.voters), console=console))


def _show_summary(checked: Checked) -> None:
    for note in checked.notes:
        say(f"Note: {note}")
    weight = sum(voter.weight for voter in checked.voters)
    say(f"{checked.rows:,} rows, {len(checked.voters):,} of them good, together of weight {weight:,}.")
    styles = Counter(voter.style for voter in checked.voters)
    if len(styles) > 1:
        say("By ballot style: " + ", ".join(f"{style} {count:,}" for style, count in sorted(styles.items())) + ".")
    languages = Counter(voter.language for voter in checked.voters if voter.language)
    if languages:
        say("By language: " + ", ".join(f"{code} {count:,}" for code, count in sorted(languages.items())) + ".")


def _problems_csv(problems: Sequence[Problem]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("row", "column", "problem", "advice"))
    writer.writerows((one.row or "", one.column, one.wrong, one.advice) for one in problems)
    return text.getvalue().encode("utf-8-sig")  # the mark lets spreadsheets know that it is UTF-8


COMMANDS = (keygen, check, credentials)
