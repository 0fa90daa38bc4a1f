"""Encrypting and proving a ballot in Python: full-length randomness and short exponents.

python -m benchmarks.proving --bits 3072 --options 5
"""

import secrets

import click
from rich.console import Console
from rich.table import Table

from ballots.ballot import plain_secrets, seal_ballot, short_secrets, verify_ballot
from ballots.proofs import Secrets, ShortSecrets
from benchmarks.support import choose_one, last_line, machine, timed


@click.command()
@click.option("--bits", default=3072, show_default=True, help="Length of the modulus.")
@click.option("--options", default=5, show_default=True, help="Options of the contest, one of which is chosen.")
@click.option("--repeat", default=5, show_default=True, help="Ballots to make; the mean is shown.")
@click.option("--json", "as_json", is_flag=True, help="End with a line of JSON.")
def main(bits: int, options: int, repeat: int, as_json: bool) -> None:
    """Time the making of a ballot."""
    election = choose_one(bits, options)
    (voter,) = election.roll
    choice = {"contest": [election.manifest.contests[0].option_ids[0]]}

    def milliseconds(masking: Secrets) -> float:
        def work() -> None:
            for _ in range(repeat):
                seal_ballot(election, "all", voter, "", choice, secrets.randbits, masking)

        return timed(work) / repeat * 1000

    tables: list[ShortSecrets] = []
    building = timed(lambda: tables.append(short_secrets(election, secrets.randbits))) * 1000
    short, plain = milliseconds(tables[0]), milliseconds(plain_secrets(election, secrets.randbits))
    sealed = seal_ballot(election, "all", voter, "", choice, secrets.randbits, tables[0])
    verify_ballot(election, sealed.ballot)

    table = Table("what", "ms", title=f"1 of {options}, {bits} bits, one core")
    table.add_row("tables for short exponents, once", f"{building:.1f}")
    table.add_row("a ballot, short exponents", f"{short:.1f}")
    table.add_row("a ballot, full-length randomness", f"{plain:.1f}")
    console = Console(stderr=as_json)
    console.print(machine())
    console.print(table)
    console.print(f"A ballot is {len(sealed.ballot.encode()):,} bytes of JSON.")
    if as_json:
        figures = {"tables_ms": round(building, 1), "short_ms": round(short, 1), "plain_ms": round(plain, 1)}
        click.echo(last_line(bits=bits, options=options, **figures))


if __name__ == "__main__":
    main()
