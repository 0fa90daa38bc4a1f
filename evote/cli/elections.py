"""For officials: list, create, freeze, open, close, extend, annul, replace, strike."""

from pathlib import Path

import click

from ballots import codec
from evote.board.settle import settle
from evote.cli.parts import (
    FILE,
    FOLDER,
    NEW_FILE,
    election_id,
    official_key_option,
    open_services,
    passphrase_option,
    read_official_key,
    show_fingerprint,
)
from evote.elections import corrections, official
from evote.elections.definition import create_election
from evote.elections.freeze import FreezeFiles, freeze_election
from evote.elections.media_folder import read_folder
from evote.elections.queries import list_elections
from evote.errors import Malformed

_reason_option = click.option("--reason", required=True, help="One sentence; it stands on the log.")


@click.command("list")
def list_all() -> None:
    """List all elections with their state."""
    services = open_services()
    with services.database.reading() as session:
        for one in list_elections(session, with_drafts=True):
            title = next(iter(one.title.values()))
            click.echo(f"{one.id}  {one.state:8}  {one.ballots:7} ballots  {title}")


@click.command()
@click.argument("definition", type=FILE)
@click.option("--out", type=NEW_FILE, default=Path("manifest.json"), show_default=True, help="Where the manifest goes.")
@click.option("--media", type=FOLDER, help="A folder with the pictures and documents that options name.")
def create(definition: Path, out: Path, media: Path | None) -> None:
    """Make an election from DEFINITION (JSON) and write its manifest."""
    if out.exists():
        raise Malformed(f"{out} exists already. Choose another place with --out.")
    folder = {} if media is None else read_folder(media)
    manifest = create_election(open_services(), definition.read_bytes(), folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(manifest.encode())
    click.echo(f"id: {manifest.id}")
    show_fingerprint("manifest", manifest.hash_text)
    click.echo(f"Wrote {out}. It goes to the registrar (credentials) and to the key ceremony.", err=True)


@click.command()
@click.argument("election")
@click.option("--key", type=FILE, required=True, help="key.json of the ceremony.")
@click.option("--roll", type=FILE, required=True, help="roll.jsonl of the registrar.")
@click.option("--roll-signature", type=FILE, required=True, help="roll.json of the registrar.")
@click.option("--voters", type=FILE, required=True, help="voters.csv of the registrar.")
@click.option("--force", is_flag=True, help="Even if a ballot costs more than 400 powers.")
def freeze(election: str, key: Path, roll: Path, roll_signature: Path, voters: Path, force: bool) -> None:
    """Check key and roll of ELECTION, and fix both for good."""
    services = open_services()
    click.echo("Checking the key's certificate, the roll and its signature …", err=True)
    files = FreezeFiles(key.read_bytes(), roll.read_bytes(), roll_signature.read_bytes(), voters.read_bytes())
    frozen = freeze_election(services, election_id(election), files, force=force)
    for cost in frozen.costs:
        click.echo(
            f"A ballot of style {cost.style!r}: {cost.powers} powers, about {cost.seconds:.1f} s in a browser, "
            f"at most {cost.bytes:,} bytes."
        )
    settle(services, frozen.submissions)
    click.echo(f"Voters on the roll: {len(frozen.election.roll)}")
    show_fingerprint("election", frozen.election.fingerprint_text)
    click.echo("Every trustee now runs `python -m tally rehearse` and compares this fingerprint.", err=True)


@click.command("open")
@click.argument("election")
@official_key_option
@click.option(
    "--opening", "openings", type=FILE, multiple=True, help="opening-N.json of a trustee; posted ones count too."
)
@passphrase_option
def open_(election: str, official_key: Path, openings: tuple[Path, ...], passphrase_file: Path | None) -> None:
    """Open ELECTION: the official signs, after all trustees have."""
    services, identity = open_services(), election_id(election)
    handed = dict(_read_opening(path, services.elections.get(identity).fingerprint_text) for path in openings)
    official.open_election(services, identity, read_official_key(official_key, passphrase_file), handed)
    manifest = services.elections.get(identity).manifest
    click.echo(f"Open. Ballots are taken from {manifest.opens_at} to {manifest.closes_at}.")
    click.echo(f"{services.settings.base_url}/elections/{identity}")


@click.command()
@click.argument("election")
@official_key_option
@passphrase_option
def close(election: str, official_key: Path, passphrase_file: Path | None) -> None:
    """Close ELECTION: take no more ballots, log what was accepted, sign what counts."""
    services = open_services()
    key = read_official_key(official_key, passphrase_file)
    board = official.close_election(services, election_id(election), key)
    click.echo(f"Closed. Ballots on the log: {board.ballots}; counted: {len(board.votes())}.")
    click.echo("The trustees' `python -m tally follow` now agree on the log and open the count.", err=True)


@click.command()
@click.argument("election")
@official_key_option
@click.option("--until", required=True, help="The new closing time, like 2026-03-08T20:00:00Z.")
@_reason_option
@passphrase_option
def extend(election: str, official_key: Path, until: str, reason: str, passphrase_file: Path | None) -> None:
    """Move the closing time of ELECTION later."""
    services = open_services()
    key = read_official_key(official_key, passphrase_file)
    official.extend_election(services, election_id(election), key, codec.parse_time(until), reason)
    click.echo(f"Extended until {until}.")


@click.command()
@click.argument("election")
@official_key_option
@_reason_option
@passphrase_option
def annul(election: str, official_key: Path, reason: str, passphrase_file: Path | None) -> None:
    """End ELECTION for good, without a count."""
    services = open_services()
    key = read_official_key(official_key, passphrase_file)
    official.annul_election(services, election_id(election), key, reason)
    click.echo("Annulled.")


@click.command()
@click.argument("election")
@click.argument("replacement", type=FILE)
def replace(election: str, replacement: Path) -> None:
    """Log REPLACEMENT (replace.json of the registrar): a lost code gives way to a new one in ELECTION."""
    corrections.replace_credential(open_services(), election_id(election), replacement.read_bytes())
    click.echo("Replaced. The new code counts from now on; ballots cast with the old one no longer do.")


@click.command()
@click.argument("election")
@click.argument("notice", type=FILE)
def strike(election: str, notice: Path) -> None:
    """Log NOTICE (strike.json of the registrar): somebody of ELECTION votes on paper."""
    corrections.strike_voter(open_services(), election_id(election), notice.read_bytes())
    click.echo("Struck. Ballots cast here by this voter do not count.")


def _read_opening(path: Path, fingerprint: str) -> tuple[int, str]:
    election, trustee, signature = codec.take(
        codec.parse_canonical(path.read_bytes().strip()), "election", "trustee", "signature"
    )
    if type(trustee) is not int or not isinstance(signature, str):
        raise Malformed(f"{path} is no opening that `python -m tally rehearse` wrote.")
    if election != fingerprint:
        raise Malformed(
            f"{path} signs another election ({election}) than this one ({fingerprint}). "
            "Compare the fingerprints with that trustee before anybody signs again."
        )
    return trustee, signature


COMMANDS = (list_all, create, freeze, open_, close, extend, annul, replace, strike)
