"""Making an election's key, and checking its certificate.

python -m benchmarks.ceremony --bits 3072
"""

import secrets
import time
from itertools import pairwise

import click
import msgspec
from rich.console import Console
from rich.table import Table

from ballots import codec
from ballots.certificate import verify_certificate
from ballots.manifest import Manifest
from benchmarks.support import choose_one, last_line, machine, timed
from tally.ceremony import Made, make_key


@click.command()
@click.option("--bits", default=3072, show_default=True, help="Length of the modulus.")
@click.option("--repeat", default=3, show_default=True, help="Keys to make; the search for primes varies much.")
@click.option("--json", "as_json", is_flag=True, help="End with a line of JSON.")
def main(bits: int, repeat: int, as_json: bool) -> None:
    """Time the ceremony's steps, without the sealing of the share files."""
    console = Console(stderr=as_json)
    manifest = choose_one(bits, 5).manifest
    table = Table("step", *(f"key {number + 1} (s)" for number in range(repeat)), title=f"{bits} bits, one core")
    columns: list[dict[str, float]] = []
    made: list[Made] = []
    for _ in range(repeat):
        key, spans = time_ceremony(manifest)
        made.append(key)
        columns.append(spans)
    for step in columns[0]:
        table.add_row(step, *(f"{column[step]:.2f}" for column in columns))
    public_key = made[0].key
    checking = timed(lambda: verify_certificate(public_key.public, bits, public_key.certificate))
    size = len(codec.encode_canonical(msgspec.to_builtins(public_key.certificate)))
    console.print(machine())
    console.print(table)
    console.print(f"The certificate is {size:,} bytes of JSON; checking it takes {checking:.2f} s.")
    if as_json:
        click.echo(
            last_line(bits=bits, seconds=[round(column["All"], 2) for column in columns], check=round(checking, 2))
        )


def time_ceremony(manifest: Manifest) -> tuple[Made, dict[str, float]]:
    """Make a key; returns it with the seconds that each step took, and all together."""
    started: dict[str, float] = {}

    def mark(step: str) -> None:
        started.setdefault(step, time.perf_counter())

    begin = time.perf_counter()
    made = make_key(manifest, secrets.randbits, mark)
    end = time.perf_counter()
    spans = pairwise([*started.items(), ("", end)])
    return made, {name: after - before for (name, before), (_, after) in spans} | {"All": end - begin}


if __name__ == "__main__":
    main()
