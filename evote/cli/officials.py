"""For operators: appoint officials, give them new enrolment codes, close their accounts."""

import click

from evote.admin.officials import ENROLMENT_LIFETIME, add_official, list_officials, remove_official, reset_official
from evote.admin.roles import Role
from evote.cli.parts import open_services
from evote.services import Services

_ROLES = [role.value for role in Role]


@click.group()
def official() -> None:
    """Appoint the officials who work on the site, and close their accounts."""


@official.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(_ROLES), help="May be repeated.")
def add(name: str, roles: tuple[str, ...]) -> None:
    """Appoint NAME and print a one-time enrolment code."""
    services = open_services()
    _show(services, add_official(services, name, tuple(Role(role) for role in roles)))


@official.command()
@click.argument("name")
def reset(name: str) -> None:
    """Sign NAME out everywhere and print a new enrolment code, after a lost password or authenticator."""
    services = open_services()
    _show(services, reset_official(services, name))


@official.command()
@click.argument("name")
def remove(name: str) -> None:
    """Close NAME's account for good."""
    remove_official(open_services(), name)
    click.echo("Removed, and signed out everywhere.")


@official.command("list")
def list_() -> None:
    """List all officials with their roles."""
    for name, roles, state in list_officials(open_services()):
        click.echo(f"{state:8}  {name}  ({', '.join(roles)})")


def _show(services: Services, code: str) -> None:
    click.echo(f"Page: {services.settings.base_url}/admin/enrol")
    click.echo(f"Enrolment code: {code}")
    days = ENROLMENT_LIFETIME.days
    click.echo(
        f"Hand it over in person or by telephone. It works once, for {days} days, and is shown only now.", err=True
    )


COMMANDS = (official,)
