"""Multiplying up the encrypted count, for weights 1 and others.

python -m benchmarks.aggregation --bits 3072 --options 5 --ballots 2000
"""

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ballots.aggregate import Aggregator
from ballots.roll import RollLine
from benchmarks.support import cast_ballots, choose_one, last_line, machine, timed


@click.command()
@click.option("--bits", default=3072, show_default=True, help="Length of the modulus.")
@click.option("--options", default=5, show_default=True, help="Options of the contest, one of which is chosen.")
@click.option("--ballots", "count", default=2000, show_default=True, help="Ballots to add up.")
@click.option("--json", "as_json", is_flag=True, help="End with a line of JSON.")
def main(bits: int, options: int, count: int, as_json: bool) -> None:
    """Time the aggregation of ballots."""
    console = Console(stderr=as_json)
    election = choose_one(bits, options)
    (line,) = election.roll.values()
    made = list(track(cast_ballots(election, count), "Making ballots", count, console=console, transient=True))
    figures = {}
    for weight in (1, 1000):
        aggregator = Aggregator(election)
        weighted = RollLine(line.voter, line.style, weight)

        def add(aggregator: Aggregator = aggregator, weighted: RollLine = weighted) -> None:
            for ballot in made:
                aggregator.add(ballot, weighted)
            aggregator.result()

        figures[f"weight_{weight}_us"] = round(timed(add) / count * 1e6, 1)
    table = Table("weight", "µs a ballot", title=f"1 of {options}, {bits} bits, {count:,} ballots, one core")
    for name, figure in figures.items():
        table.add_row(name.split("_")[1], f"{figure:.1f}")
    console.print(machine())
    console.print(table)
    if as_json:
        click.echo(last_line(bits=bits, options=options, ballots=count, **figures))


if __name__ == "__main__":
    main()
