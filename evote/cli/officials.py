"""For operators: appoint officials, give them roles and new enrolment codes, close their accounts."""

import click

from evote.admin.officials import (
    ENROLMENT_LIFETIME,
    add_official,
    assign_official,
    change_roles,
    list_officials,
    remove_official,
    reset_official,
    withdraw_official,
)
from evote.admin.roles import FOR_ONE_ELECTION, Role
from evote.cli.parts import open_services
from evote.services import Services

_ROLES = [role.value for role in Role]
_FOR_ONE = [role.value for role in FOR_ONE_ELECTION]


@click.group()
def official() -> None:
    """Appoint the officials who work on the site, and close their accounts."""


@official.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(_ROLES), help="May be repeated.")
@click.option("--election", "elections", multiple=True, help="The roles hold for this election or draft only. Repeat.")
def add(name: str, roles: tuple[str, ...], elections: tuple[str, ...]) -> None:
    """Appoint NAME and print a one-time enrolment code."""
    services = open_services()
    _show(services, add_official(services, name, [Role(role) for role in roles], elections))


@official.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, type=click.Choice(_ROLES), help="May be repeated; without, none.")
def roles(name: str, roles: tuple[str, ...]) -> None:
    """Replace the roles that NAME has on the whole site."""
    change_roles(open_services(), name, [Role(role) for role in roles])
    click.echo("The roles are changed.")


@official.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(_FOR_ONE))
@click.option("--election", required=True, help="Id of an election or a draft.")
def assign(name: str, role: str, election: str) -> None:
    """Give NAME a role for one election."""
    assign_official(open_services(), name, election, Role(role))
    click.echo("The role is given.")


@official.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(_FOR_ONE))
@click.option("--election", required=True, help="Id of an election or a draft.")
def withdraw(name: str, role: str, election: str) -> None:
    """Take a role for one election away from NAME."""
    withdraw_official(open_services(), name, election, Role(role))
    click.echo("The role is taken away.")


@official.command()
@click.argument("name")
def reset(name: str) -> None:
    """Sign NAME out everywhere and print a new enrolment code, after a lost password, authenticator or passkey."""
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
    for one in list_officials(open_services()):
        click.echo(f"{one.state:8}  {one.name}  ({', '.join(one.roles)})")
        for election, held in one.assigned.items():
            click.echo(f"          {election}  ({', '.join(held)})")


def _show(services: Services, code: str) -> None:
    click.echo(f"Page: {services.settings.base_url}/admin/enrol")
    click.echo(f"Enrolment code: {code}")
    days = ENROLMENT_LIFETIME.days
    click.echo(
        f"Hand it over in person or by telephone. It works once, for {days} days, and is shown only now.", err=True
    )


COMMANDS = (official,)
