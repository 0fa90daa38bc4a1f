"""For operators: bring in consultations from open data of other systems."""

from pathlib import Path

import click

from evote.app import create_app
from evote.cli.parts import FILE, FOLDER, open_services
from participation.answers.queries import list_authorities
from participation.budgets.importing import import_pabulib
from participation.consultations.importing import import_polis
from participation.ports import EXTENSION, Ports

_authority = click.option("--authority", required=True, type=int, help="Number of the authority that owes the report.")
_days = click.option("--days", default=14, show_default=True, type=click.IntRange(1, 365), help="Open for so long.")


@click.group()
def consultation() -> None:
    """Bring in consultations from Polis and Pabulib."""


@consultation.command("authorities")
def authorities() -> None:
    """List the authorities with their numbers."""
    ports = _ports()
    with ports.database.reading() as session:
        for one in list_authorities(session):
            click.echo(f"{one.id:4}  {' / '.join(one.name.values())}{'  (retired)' if one.retired else ''}")


@consultation.command("import-polis")
@click.argument("folder", type=FOLDER)
@_authority
@_days
def polis(folder: Path, authority: int, days: int) -> None:
    """Bring in FOLDER of Polis open data: statements, votes, and the opinion map that follows."""
    ports = _ports()
    _say(ports, import_polis(ports, folder, authority, days=days))


@consultation.command("import-pabulib")
@click.argument("file", type=FILE)
@_authority
@_days
def pabulib(file: Path, authority: int, days: int) -> None:
    """Bring in FILE of Pabulib: projects, costs and approvals."""
    ports = _ports()
    _say(ports, import_pabulib(ports, file, authority, days=days))


def _ports() -> Ports:
    services = open_services()
    ports = create_app(services.settings, services).extensions[EXTENSION]
    assert isinstance(ports, Ports)
    return ports


def _say(ports: Ports, made: str) -> None:
    click.echo(f"{ports.base_url}/consultations/{made}")
    click.echo("Maps and outcomes are computed by the server within a minute.", err=True)


COMMANDS = (consultation,)
