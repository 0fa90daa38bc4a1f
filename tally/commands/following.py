"""``tally follow`` and ``tally observe``: the separate service of a trustee or observer."""

import secrets
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ballots import codec
from tally import files, intents
from tally.client import HttpBoard, parse_address
from tally.commands.console import (
    FILE,
    FOLDER,
    bars,
    check_closed_record,
    passphrase_option,
    protect_memory,
    read_observer_key,
    read_share,
    say,
    share_options,
    test_keys_option,
)
from tally.follow import ANY_ELECTION, FINAL, Follower, Observer, Stage, Trustee, run
from tally.mirror import Mirror
from tally.state import State

UNFINISHED, ANNULLED = 3, 4


def _follow_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        test_keys_option,
        click.option(
            "--once", is_flag=True, help="Look at the board once, do what is due, and stop (status 3: not done)."
        ),
        click.option(
            "--poll", type=click.FloatRange(min=0.1), default=10.0, show_default=True, help="Seconds between looks."
        ),
        click.option("--election", default="", help="The fingerprint F that the official announced."),
    ):
        command = option(command)
    return command


@click.command()
@click.option("--board", "url", required=True, help="The election's address: https://…/elections/<id>.")
@share_options
@click.option("--state", "state_folder", type=FOLDER, required=True, help="A folder of this trustee and election.")
@click.option("--accept-election", is_flag=True, help="Sign the opening of whatever is frozen (demonstrations only).")
@_follow_options
def follow(
    url: str,
    share_file: Path,
    passphrase_file: Path | None,
    state_folder: Path,
    accept_election: bool,
    election: str,
    poll: float,
    once: bool,
    allow_test_keys: bool,
) -> None:
    """Follow one election with your share, from before its opening until its tally is published.

    Rehearses and signs the opening (with --election), checks all ballots as they come, signs one
    intent after the close, and makes a partial only when a quorum has signed the same intent.
    """
    protect_memory()
    share = read_share(share_file, passphrase_file)
    accepts = ANY_ELECTION if accept_election and not election else election
    _follow(url, state_folder, Trustee(share, share_file, accepts), poll, once, allow_test_keys)


@click.command()
@click.option("--key", "key_file", type=FILE, required=True, help="Your key file, from `tally observer-key`.")
@passphrase_option
@click.option("--board", "url", help="The election's address, to follow it until your intent is on its log.")
@click.option("--state", "state_folder", type=FOLDER, help="With --board: a folder of this observer and election.")
@click.option("--record", type=FOLDER, help="Instead of --board: the folder of a closed election's record.")
@click.option("--out", type=FILE, help="With --record: where the intent goes [intent-observer-<number>.json].")
@_follow_options
def observe(
    key_file: Path,
    passphrase_file: Path | None,
    url: str | None,
    state_folder: Path | None,
    record: Path | None,
    out: Path | None,
    election: str,
    poll: float,
    once: bool,
    allow_test_keys: bool,
) -> None:
    """Check an election as an observer, and sign the one intent of your key's life."""
    if (record is None) == (url is None) or (url is None) != (state_folder is None):
        raise click.UsageError("Give either --record, or --board and --state.")
    protect_memory()
    key = read_observer_key(key_file, passphrase_file)
    if url is not None and state_folder is not None:
        _follow(url, state_folder, Observer(key, key_file, election), poll, once, allow_test_keys)
        return
    assert record is not None
    checked = check_closed_record(record, allow_test_keys)
    signer = intents.observer_signer(key, key_file, checked.election.manifest)
    document = intents.sign_intent(checked, signer)
    path = out or Path(f"intent-observer-{signer.number}.json")
    files.replace(path, codec.encode_canonical(document))
    say(f"Wrote {path}.")


def _follow(
    url: str, state_folder: Path, who: Trustee | Observer, poll: float, once: bool, allow_test_keys: bool
) -> None:
    address = parse_address(url)
    with closing(State(state_folder)) as state, HttpBoard(address) as board, bars() as show:
        mirror = Mirror(state_folder / "record", board, show)
        follower = Follower(board, mirror, state, who, secrets.randbits, allow_test_keys=allow_test_keys, progress=show)
        stage = run(follower, poll, _say_with_time, once=once)
    if stage is Stage.ANNULLED:
        sys.exit(ANNULLED)
    if stage not in FINAL:
        sys.exit(UNFINISHED)


def _say_with_time(text: str) -> None:
    say(f"{codec.encode_time(datetime.now(UTC))} {text}")
