"""For officials: publish the tally, export the record."""

from pathlib import Path

import click

from ballots.result import Tally, parse_tally
from evote.board.export import export_record
from evote.board.settle import settle
from evote.cli.parts import FILE, FOLDER, election_id, open_services
from evote.trustees.tallies import post_tally


@click.command()
@click.argument("election")
@click.argument("tally", type=FILE)
def publish(election: str, tally: Path) -> None:
    """Check TALLY (tally.json) against the record of ELECTION, and log it."""
    services, data = open_services(), tally.read_bytes()
    submission = post_tally(services, election_id(election), data)
    if submission is None:
        click.echo("This tally is published already.")
    else:
        settle(services, [submission.id])
        click.echo("Published.")
    _show(parse_tally(data))


@click.command()
@click.argument("election")
@click.argument("folder", type=FOLDER)
def export(election: str, folder: Path) -> None:
    """Write the record of ELECTION, as far as it goes, to FOLDER."""
    written = export_record(open_services().database, election_id(election), folder)
    click.echo(f"Wrote {written.entries} entries and {written.ballots} ballots to {folder}.")


def _show(tally: Tally) -> None:
    for contest in tally.contests:
        outcome = contest.outcome
        if not contest.ciphertexts:
            click.echo(f"{contest.id}: withheld, with so few ballots it would show how somebody voted")
        else:
            tied = f"; tied: {', '.join(outcome.tied)}" if outcome.tied else ""
            click.echo(f"{contest.id}: {contest.ballots} ballots; elected: {', '.join(outcome.elected) or '–'}{tied}")


COMMANDS = (publish, export)
