"""``tally intent``, ``tally partial``, ``tally combine``: the count by hand, from a record's folder."""

import secrets
from pathlib import Path

import click

from ballots import codec
from tally import files, intents, partials
from tally.client import HttpBoard, parse_address
from tally.commands.console import (
    FILE,
    FOLDER,
    check_closed_record,
    protect_memory,
    read_json,
    read_share,
    say,
    share_options,
    test_keys_option,
)
from tally.errors import FileProblem
from tally.shares import check_share

_record_option = click.option("--record", type=FOLDER, required=True, help="The record's folder.")
_board_option = click.option("--board", "url", help="The election's address, to post to it as well.")


@click.command()
@_record_option
@share_options
@click.option("--out", type=FILE, help="Where the intent goes [intent-<trustee>.json].")
@_board_option
@test_keys_option
def intent(
    record: Path,
    share_file: Path,
    passphrase_file: Path | None,
    out: Path | None,
    url: str | None,
    allow_test_keys: bool,
) -> None:
    """Check a closed election's whole record, and sign the one intent of your share's life."""
    protect_memory()
    share = read_share(share_file, passphrase_file)
    checked = check_closed_record(record, allow_test_keys)
    check_share(share, checked.election.manifest, checked.election.key_document)
    document = intents.sign_intent(checked, intents.trustee_signer(share, share_file))
    say(f"{checked.board.ballots} ballots on the log, {len(checked.board.votes())} count. Root {checked.intent.root}.")
    _hand_over("intents", document, out or Path(f"intent-{share.trustee}.json"), url)


@click.command()
@_record_option
@share_options
@click.option("--out", type=FILE, help="Where the partial goes [partial-<trustee>.json].")
@_board_option
@test_keys_option
def partial(
    record: Path,
    share_file: Path,
    passphrase_file: Path | None,
    out: Path | None,
    url: str | None,
    allow_test_keys: bool,
) -> None:
    """Check the record again, with a quorum of intents on its log, and make your partial."""
    protect_memory()
    share = read_share(share_file, passphrase_file)
    checked = check_closed_record(record, allow_test_keys)
    check_share(share, checked.election.manifest, checked.election.key_document)
    signer = intents.trustee_signer(share, share_file)
    document = partials.make(checked, share, signer, secrets.randbits)
    for aggregate in checked.aggregates:
        if aggregate.withheld:
            say(
                f"Contest {aggregate.id}: {aggregate.ballots} ballots are too few (or too few of a weight): not opened."
            )
    _hand_over("partials", document, out or Path(f"partial-{share.trustee}.json"), url)


@click.command()
@_record_option
@click.argument("partial_files", metavar="PARTIAL...", nargs=-1, required=True, type=FILE)
@click.option("--out", type=FILE, default=Path("tally.json"), show_default=True, help="Where the tally goes.")
@_board_option
@test_keys_option
def combine(record: Path, partial_files: tuple[Path, ...], out: Path, url: str | None, allow_test_keys: bool) -> None:
    """Combine k partials into tally.json; bad ones are named and left out. Anybody can do this."""
    files.refuse_existing(out)
    documents = []
    unreadable = []
    for path in partial_files:
        try:
            documents.append((str(path), read_json(path)))
        except FileProblem as error:
            unreadable.append(str(error))
    checked = check_closed_record(record, allow_test_keys)
    found = partials.sort(checked, documents)
    for sentence in (*unreadable, *(f"{name}: {reason}" for name, reason in found.bad.items())):
        say(f"Not used: {sentence}")
    made = partials.tally(checked, found)
    data = made.encode()
    files.write_new({out: data}, {out})
    for contest in made.contests:
        say(f"{contest.id}: {contest.ballots} ballots, weight {contest.weight}, totals {contest.totals or 'withheld'}.")
    say(f"Wrote {out}.")
    if url:
        with HttpBoard(parse_address(url)) as board:
            board.put_tally(data)
        say("Handed it in at the board.")


def _hand_over(name: str, document: codec.Json, path: Path, url: str | None) -> None:
    files.replace(path, codec.encode_canonical(document))
    say(f"Wrote {path}.")
    if url:
        with HttpBoard(parse_address(url)) as board:
            board.post(name, document)
        say("Posted it to the board.")
