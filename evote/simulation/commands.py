"""The commands ``simulate`` and ``demo``; thin, for ``python -m evote``."""

import os
from pathlib import Path

import click
from rich.console import Console

from evote.cli.parts import open_services
from evote.simulation.demo import run_demo
from evote.simulation.simulate import Plan, show, simulate
from evote.simulation.sources import read_source


@click.command("simulate")
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Minneapolis CSV, or a Pabulib .pb.")
@click.option("--ballots", type=int, required=True, help="How many of the file's ballots to cast.")
@click.option("--options", default=5, show_default=True, help="CSV: how many leading names are options of their own.")
@click.option("--bits", default=3072, show_default=True, help="Length of the modulus; below 2048 for tests only.")
@click.option("--trustees", default=3, show_default=True, help="How many trustees share the key.")
@click.option("--threshold", default=2, show_default=True, help="How many of them can open the count.")
@click.option("--revotes", default=0, show_default=True, help="How many voters first cast another ballot.")
@click.option("--jobs", type=int, default=os.cpu_count() or 1, show_default="cores", help="Voters at a time.")
@click.option("--seed", default=0, show_default=True, help="Which of the file's ballots are drawn.")
def simulate_command(out: Path, data: Path, **options: int) -> None:
    """Hold a whole election on real ballots, without a browser; leaves record/, receipts/ and audited/ in OUT."""
    plan = Plan(data, **options)
    if plan.jobs < 1 or plan.options < 1:
        raise click.UsageError("--jobs and --options must be at least 1.")
    console = Console(stderr=True)
    counted = simulate(plan, out, console)
    show(counted, read_source(plan.data, plan.options), Console())
    if not counted.equal:
        raise click.ClickException("The encrypted count differs from the plain one.")
    click.echo(f"The encrypted count equals the plain count of {plan.ballots:,} ballots. Record: {out / 'record'}")


@click.command("demo-participation", hidden=True)
def demo_participation_command() -> None:
    """Put petitions, consultations and promises in different states into an empty demonstration."""
    from evote.app import create_app  # the other commands need no web application
    from evote.simulation.participation import make_participation
    from participation.ports import EXTENSION

    services = open_services()
    if not services.settings.demo:
        raise click.ClickException("This is no demonstration: EVOTE_DEMO is not 1.")
    app = create_app(services.settings, services)
    with app.app_context():
        made = make_participation(app.extensions[EXTENSION])
    click.echo(", ".join(f"{count} {what}" for what, count in made.items()))
    services.database.close()


@click.command("demo")
@click.option("--folder", type=click.Path(path_type=Path), default=Path("instance/demo"), show_default=True)
@click.option("--port", default=8000, show_default=True, help="The site's port on this machine.")
def demo_command(folder: Path, port: int) -> None:
    """Run the demonstration: an election to vote in, its trustees, and a finished election."""
    run_demo(folder, port, Console())
