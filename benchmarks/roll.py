"""A large roll: checking the list, finding what is wrong with it, credentials, and the server's import.

    python -m benchmarks.roll --voters 100000 --bad 50

Makes a list as CSV and as an Excel workbook, with bad rows and without, and takes it the whole way: the registrar's dry
run and credentials, then on the server the officials' dry run and the freeze. Each step is a process of its own, so
that its memory is its own too. Personal data is made up.
"""

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from ballots import codec
from ballots.manifest import Manifest, parse_manifest
from ballots.signatures import SigningKey
from benchmarks.support import choose_one, last_line, machine, timed
from evote.admin.acts import dry_run, freeze_staged, hash_shown, list_staged, stage_file
from evote.admin.sessions import SignedIn
from evote.database.migrations import migrate
from evote.elections.definition import create_election
from evote.registrar.keys import seal_key
from evote.services import Services, build_services, make_board_key
from evote.settings import Settings

_STYLES = ("north", "south", "east", "west")
_NAMES = ("Ada Lovelace", "پروین اعتصامی", "Emmy Noether", "صادق هدایت", "Zoë Müller")
_HEADER = ("id", "mail", "style", "weight", "name", "language", "address")
_REGISTRAR = SigningKey.from_seed(b"\x02" * 32)
_WORDS = "six words that guard nothing here"


@click.command()
@click.option("--voters", default=100_000, show_default=True, help="Rows of the list.")
@click.option("--bad", default=50, show_default=True, help="Rows that are wrong, in eight ways.")
@click.option("--json", "as_json", is_flag=True, help="End with a line of JSON.")
@click.option("--server", hidden=True, type=click.Path(path_type=Path), help="The server's part, in this process.")
def main(voters: int, bad: int, as_json: bool, server: Path | None) -> None:
    """Time the way of a large roll."""
    if server is not None:
        click.echo(json.dumps(_import_on_server(server)))
        return
    console = Console(stderr=as_json)
    console.print(machine())
    table = Table("step", "seconds", "processor s", "peak MB", "", title=f"{voters:,} voters, {bad} bad rows")
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="evote-roll-") as folder:
        for name, took, megabytes, said in _run(Path(folder), voters, bad):
            table.add_row(name, f"{took.seconds:.1f}", f"{took.processor:.1f}", f"{megabytes:.0f}", said)
            figures[name.replace(" ", "_")] = round(took.processor, 2)
    console.print(table)
    if as_json:
        click.echo(last_line(voters=voters, bad=bad, **figures))


@dataclass(frozen=True)
class Took:
    """Seconds on the clock, and of the processor."""

    seconds: float
    processor: float


def _run(folder: Path, voters: int, bad: int) -> Iterator[tuple[str, Took, float, str]]:
    """Yield (step, time, peak in megabytes, what came out)."""
    manifest = folder / "manifest.json"
    manifest.write_bytes(_make_election(folder).encode())
    common = ["--manifest", str(manifest), "--allow-test-keys"]
    _command("tally", "ceremony", *common, "--out", str(folder / "ceremony"), "--passphrase-file-dir", str(folder))
    good = list(_rows(voters))
    _write_csv(folder / "good.csv", good)
    _write_csv(folder / "bad.csv", _spoil(good, bad))
    _write_workbook(folder / "bad.xlsx", _spoil(good, bad))
    for name in ("bad.csv", "bad.xlsx", "good.csv"):
        took, megabytes, said = _command("evote.registrar", "check", str(folder / name), *common)
        yield f"check {name}", took, megabytes, said.strip().splitlines()[-1].partition(". ")[0]
    (folder / "registrar.key").write_bytes(seal_key(_REGISTRAR, _WORDS, bytes(28), cost=2))
    key = ["--key", str(folder / "registrar.key"), "--passphrase-file", str(folder / "share-1.txt")]
    out = ["--out", str(folder / "roll")]
    took, megabytes, _ = _command("evote.registrar", "credentials", str(folder / "good.csv"), *common, *key, *out)
    size = sum(path.stat().st_size for path in (folder / "roll").iterdir()) / 1e6
    yield "credentials", took, megabytes, f"{size:.0f} MB in four files"
    _, megabytes, said = _command("benchmarks.roll", "--server", str(folder))
    for name, seconds, processor, result in json.loads(said.strip().splitlines()[-1]):
        yield f"server: {name}", Took(seconds, processor), megabytes, result


def _command(module: str, *arguments: str) -> tuple[Took, float, str]:
    """Run a command; returns its time, its peak memory in megabytes, and what it said."""
    code = (
        "import atexit, re, runpy, sys\n"
        f"sys.argv = {[module, *arguments]!r}\n"
        "peak = lambda: int(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1]) / 1024\n"
        "atexit.register(lambda: print('peak', peak()))\n"
        f"runpy.run_module({module!r}, run_name='__main__')\n"
    )
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = Took(time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    said, found, peak = done.stdout.rpartition("peak ")
    if not found or "Traceback" in done.stderr:
        raise click.ClickException(f"{module} {arguments[0]} failed: {done.stderr[-2000:]}")
    return took, float(peak), said or done.stderr


def _services(folder: Path) -> Services:
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'evote.sqlite3'}",
        secret_key=b"a secret of the benchmark, 32 bytes or more",
        board_key_file=folder / "board.key",
        allow_test_keys=True,
    )
    make_board_key(settings)
    return build_services(settings)


def _make_election(folder: Path) -> Manifest:
    """Make an election on a server; its key is short, since only the roll is measured."""
    (folder / "share-1.txt").write_text(_WORDS + "\n")
    services = _services(folder)
    migrate(services.database)
    fields = msgspec.to_builtins(choose_one(512, 2).manifest)
    for name in ("id", "version", "board_key", "log_origin", "booth"):
        del fields[name]
    changes = {"styles": {style: ["contest"] for style in _STYLES}, "registrar_key": _REGISTRAR.public}
    return create_election(services, codec.encode_canonical({**fields, **changes}))


def _import_on_server(folder: Path) -> list[tuple[str, float, float, str]]:
    """Hand the files in as the officials' page does, look at the dry run, and freeze.

    Returns:
        (step, seconds, seconds of the processor, result) of each.
    """
    services = _services(folder)
    identity = parse_manifest((folder / "manifest.json").read_bytes(), allow_test_keys=True).id
    now = services.now()
    official = SignedIn(official_id=0, name="benchmark", roles=(), confirmed_at=now)
    wrong = (folder / "roll" / "voters.csv").read_bytes().replace(b"@example.org", b" at example.org", 50)
    found: list[tuple[str, float, float, str]] = []

    def step(name: str, work: Callable[[], str]) -> None:
        before = time.process_time()
        results: list[str] = []
        seconds = timed(lambda: results.append(work()))
        found.append((name, seconds, time.process_time() - before, results[0]))

    def stage(voters: bytes) -> str:
        for name in ("roll.jsonl", "roll.json"):
            stage_file(services, official, identity, name, (folder / "roll" / name).read_bytes())
        stage_file(services, official, identity, "voters.csv", voters)
        stage_file(services, official, identity, "key.json", (folder / "ceremony" / "key.json").read_bytes())
        return f"{len(voters) / 1e6:.0f} MB of voters.csv"

    def check() -> str:
        report = dry_run(services, identity)
        return "" if report is None else f"{report.voters:,} on the roll, {report.wrong:,} lines wrong"

    def shown() -> str:
        return hash_shown({name: one.sha256 for name, one in list_staged(services, identity).items()})

    def freeze() -> str:
        freeze_staged(services, official, identity, shown(), force=True)
        return "roll imported; manifest, key and roll logged"

    for name, voters in (("with bad lines", wrong), ("good files", (folder / "roll" / "voters.csv").read_bytes())):
        step(f"hand in, {name}", partial(stage, voters))
        step(f"dry run, {name}", check)
    step("freeze", freeze)
    return found


def _rows(count: int) -> Iterator[list[str]]:
    rng = random.Random("roll")
    for number in range(count):
        name = _NAMES[number % len(_NAMES)]
        language = "fa" if number % len(_NAMES) in (1, 3) else "en"
        address = f"Street {rng.randrange(900)}\nTown {rng.randrange(90)}"
        yield [f"{number:07}", f"voter{number}@example.org", rng.choice(_STYLES), "1", name, language, address]


def _spoil(rows: Sequence[list[str]], bad: int) -> list[list[str]]:
    """Return the rows with so many of them wrong, spread over the list, in eight ways."""
    spoiled = [list(row) for row in rows]
    changes: Sequence[tuple[int, Callable[[list[str]], str]]] = (
        (0, lambda _: rows[0][0]),
        (0, lambda row: f"{row[0]}\u202e"),
        (1, lambda _: ""),
        (1, lambda _: rows[1][1].upper()),
        (1, lambda row: row[1].replace("@", " at ")),
        (2, lambda _: "nowhere"),
        (3, lambda _: "one"),
        (4, lambda row: f"={row[4]}"),
    )
    for place in range(bad):
        row = spoiled[2 + place * ((len(rows) - 2) // bad)]
        column, change = changes[place % len(changes)]
        row[column] = change(row)
    return spoiled


def _write_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        writer.writerows(rows)


def _write_workbook(path: Path, rows: Sequence[Sequence[str]]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("voters")
    sheet.append(list(_HEADER))
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, text)
            cell.data_type = "s"  # also where it looks like a formula
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


if __name__ == "__main__":
    main()
