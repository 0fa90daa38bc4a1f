"""``tally rehearse``: check a share against the frozen election, and sign its fingerprint."""

import secrets
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from ballots import codec
from ballots.record import RecordReader
from tally import files, rehearsal, replay
from tally.client import HttpBoard, parse_address
from tally.commands.console import (
    FILE,
    FOLDER,
    bars,
    protect_memory,
    read_json,
    read_share,
    say,
    share_options,
    test_keys_option,
)
from tally.errors import BoardUnreachable, ElectionRefused, NotConfirmed
from tally.mirror import FIXED, Mirror
from tally.replay import Replay
from tally.shares import Share, check_share


@click.command()
@share_options
@click.option("--record", type=FOLDER, help="A folder with manifest.json, key.json, roll.jsonl and, if there, the log.")
@click.option("--board", "url", help="The election's address; the signature is then posted too.")
@click.option("--roll-statement", type=FILE, help="The registrar's roll.json, where the record has no log yet.")
@click.option("--election", default="", help="The fingerprint F that the official announced; otherwise you are asked.")
@click.option("--accept-election", is_flag=True, help="Sign whatever election is shown (demonstrations only).")
@click.option("--out", type=FILE, help="Where the signature goes [opening-<trustee>.json].")
@test_keys_option
def rehearse(
    share_file: Path,
    passphrase_file: Path | None,
    record: Path | None,
    url: str | None,
    roll_statement: Path | None,
    election: str,
    accept_election: bool,
    out: Path | None,
    allow_test_keys: bool,
) -> None:
    """Check share, key, manifest and roll, and sign the election's fingerprint for its opening."""
    if (record is None) == (url is None):
        raise click.UsageError("Give either --record or --board.")
    protect_memory()
    share = read_share(share_file, passphrase_file)
    with ExitStack() as stack:
        board = stack.enter_context(HttpBoard(parse_address(url))) if url else None
        if board is not None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            replayed = _replay_board(board, folder, share, allow_test_keys)
        else:
            assert record is not None
            replayed = _replay_folder(record, share, allow_test_keys)
        if not rehearsal.registrar_has_signed(replayed.board):
            if roll_statement is None:
                raise ElectionRefused(
                    "The record's log does not hold the registrar's signature on the roll yet. "
                    "Give the registrar's roll.json with --roll-statement, or wait until the election is frozen."
                )
            rehearsal.check_roll_statement(replayed.election, read_json(roll_statement))
        _show(replayed, share)
        _confirm(replayed, election, accept_election)
        document = rehearsal.sign_opening(replayed.election, share)
        path = out or Path(f"opening-{share.trustee}.json")
        files.replace(path, codec.encode_canonical(document))
        say(f"Wrote {path}.")
        if board is not None:
            board.post("opening", document)
            say("Posted it to the board.")


def _replay_folder(record: Path, share: Share, allow_test_keys: bool) -> Replay:
    reader = RecordReader(record)
    manifest, key, roll = (files.read_file(record / name) for name in FIXED)
    election = replay.load(manifest, key, roll, allow_test_keys=allow_test_keys)
    check_share(share, election.manifest, election.key_document)
    if (record / "checkpoint").exists():
        with bars() as show:
            return replay.check_record(reader, secrets.randbits, allow_test_keys=allow_test_keys, progress=show)
    return Replay(election, secrets.randbits)


def _replay_board(board: HttpBoard, folder: Path, share: Share, allow_test_keys: bool) -> Replay:
    with bars() as show:
        mirror = Mirror(folder / "record", board, show)
        fixed = mirror.fixed()
        if fixed is None:
            raise BoardUnreachable(
                "The election is not frozen yet: its key and roll are still to come. Try again later."
            )
        election = replay.load(*fixed, allow_test_keys=allow_test_keys)
        check_share(share, election.manifest, election.key_document)
        mirror.attach(fixed, election.manifest.log_origin, election.manifest.board_key)
        mirror.sync()
        replayed = Replay(election, secrets.randbits)
        replayed.feed(mirror.entries(), mirror.ballots(), show, mirror.head.size)
        replayed.prove()
        return replayed


def _show(replayed: Replay, share: Share) -> None:
    manifest, roll = replayed.election.manifest, replayed.election.roll
    titles = " / ".join(manifest.title.values())
    say(f"Share of trustee {share.trustee}, {share.name}: fits the key. The key's certificate holds.")
    say(f"Election: {titles}, {manifest.opens_at} to {manifest.closes_at}.")
    say(f"{len(roll)} credentials of total weight {sum(line.weight for line in roll.values())} on the roll.")
    say(f"Fingerprint F: {replayed.election.fingerprint_text}")


def _confirm(replayed: Replay, election: str, accept_election: bool) -> None:
    if election:
        rehearsal.confirm(replayed.election, election)
    elif not accept_election and not click.confirm("Is this the fingerprint that the official announced?", err=True):
        raise NotConfirmed(
            "Nothing was signed. Ask the official, by another way than the server, which election is meant."
        )
