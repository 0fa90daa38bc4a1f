"""For operators: what came back of the mails to voters, and what still waits."""

import sys
import tempfile
from pathlib import Path

import click

from evote.cli.parts import open_services
from evote.mail.reports import read_messages
from evote.mailings.bounces import take_reports
from evote.mailings.progress import count_outbox


@click.group()
def mail() -> None:
    """Take delivery reports, and see what waits to be sent."""


@mail.command()
@click.argument("source", metavar="FILE|MBOX|-", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
def bounces(source: str) -> None:
    """Record the delivery reports (RFC 3464) in a mail, an mbox, or on standard input; other mails are left alone.

    The same report may be given again. To have each recorded as it comes, let the mail server pipe the sender's mailbox
    into `python -m evote mail bounces -`.
    """
    services = open_services()
    with tempfile.TemporaryDirectory(prefix="evote-bounces-") as folder:
        path = Path(source)
        if source == "-":
            path = Path(folder) / "standard-input"
            with path.open("wb") as file:
                while block := sys.stdin.buffer.read(1 << 20):
                    file.write(block)
        taken = take_reports(services, read_messages(path))
    click.echo(f"{taken.recorded} recorded, {taken.known} known already, {taken.strange} of mails that are not ours")
    if taken.others:
        click.echo(f"{taken.others} mails report no failure; they were left alone.", err=True)


@mail.command()
def status() -> None:
    """Say how many mails wait, and since when."""
    waiting = count_outbox(open_services())
    click.echo(f"{waiting.urgent} of single people, {waiting.bulk} of mailings, {waiting.held} of paused mailings")
    if waiting.oldest is not None:
        click.echo(f"The oldest waits since {waiting.oldest:%Y-%m-%d %H:%M:%S} UTC.")


COMMANDS = (mail,)
