"""Checking the proofs of ballots: one by one, and batched (sections 4 and 5 of the specification).

    python -m benchmarks.verification --bits 3072 --options 5

Times one process on one core, from parsed ballots to the verdict, the challenge's hash included.
Beside the trustees' code it times the independent verifier's, on the same ballots in the same run.
"""

import secrets
from collections.abc import Sequence

import click
import msgspec
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ballots import codec
from ballots.ballot import Ballot, parse_ballot, verify_ballot
from ballots.batch import verify_ballots
from ballots.election import Election
from benchmarks.support import cast_ballots, choose_one, last_line, machine, timed
from verifier.ballot import read_ballot
from verifier.batch import failing_ballots
from verifier.key import modulus_of
from verifier.manifest import parse_manifest
from verifier.proofs import check_challenges, check_ranges

_SINGLES = 5


@click.command()
@click.option("--bits", default=3072, show_default=True, help="Length of the modulus.")
@click.option("--options", default=5, show_default=True, help="Options of the contest, one of which is chosen.")
@click.option("--ballots", "counts", type=int, multiple=True, help="Ballots in a batch; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="End with a line of JSON: milliseconds for one ballot each.")
def main(bits: int, options: int, counts: tuple[int, ...], as_json: bool) -> None:
    """Time the checking of ballots' proofs."""
    console = Console(stderr=as_json)
    sizes = sorted(counts or (64, 512, 4096))
    election = choose_one(bits, options)
    making = cast_ballots(election, sizes[-1])
    made = list(track(making, "Making ballots", sizes[-1], console=console, transient=True))
    encoded = [ballot.encode() for ballot in made]
    table = Table(
        "ballots", "parse ms", "check ms", "verifier's check ms", title=f"1 of {options}, {bits} bits, one core"
    )
    one_by_one = time_singles(election, made[:_SINGLES])
    table.add_row("one by one", "", f"{one_by_one:.2f}", "")
    batched = independent = 0.0
    for size in sizes:
        parse, batched = time_batch(election, encoded[:size])
        independent = time_verifier(election, encoded[:size])
        table.add_row(str(size), f"{parse:.3f}", f"{batched:.3f}", f"{independent:.3f}")
    console.print(machine())
    console.print(table)
    if as_json:
        figures = {"one_by_one_ms": round(one_by_one, 3), "batched_ms": round(batched, 4)}
        click.echo(
            last_line(bits=bits, options=options, ballots=sizes[-1], verifier_ms=round(independent, 4), **figures)
        )


def time_singles(election: Election, ballots: Sequence[Ballot]) -> float:
    """Return the milliseconds that the plain check of one ballot takes."""

    def check() -> None:
        for ballot in ballots:
            verify_ballot(election, ballot)

    return timed(check) / len(ballots) * 1000


def time_batch(election: Election, encoded: Sequence[bytes]) -> tuple[float, float]:
    """Return the milliseconds of parsing and of the batched check, for one ballot each."""
    parsed: list[Ballot] = []

    def parse() -> None:
        parsed.extend(parse_ballot(codec.parse_canonical(line), election, "all") for line in encoded)

    def check() -> None:
        refused = verify_ballots(election, parsed, secrets.randbits)
        if refused:
            raise click.ClickException(f"Valid ballots were refused: {refused}")

    count = len(encoded)
    return timed(parse) / count * 1000, timed(check) / count * 1000


def time_verifier(election: Election, encoded: Sequence[bytes]) -> float:
    """Return the milliseconds of the verifier's own batched check, for one ballot."""
    manifest = parse_manifest(msgspec.to_builtins(election.manifest))
    modulus = modulus_of(int(election.key.n), manifest.modulus_bits)
    parsed = [read_ballot(line, modulus) for line in encoded]

    def check() -> None:
        for ballot in parsed:
            check_challenges(ballot)
            check_ranges(ballot, modulus)
        if failing_ballots(parsed, manifest.layouts, modulus):
            raise click.ClickException("The verifier refused valid ballots.")

    return timed(check) / len(parsed) * 1000


if __name__ == "__main__":
    main()
