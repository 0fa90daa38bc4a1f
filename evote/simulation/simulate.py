"""``evote simulate``: real ballots through the whole system, and the encrypted count beside the plain one."""

import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from ballots import codec
from ballots.manifest import SAFE_BITS
from evote.simulation.conduct import Conducted, open_election, prepare_election
from evote.simulation.errors import SimulationError
from evote.simulation.sources import CONTEST, Choice, Source, count_plainly, read_source
from evote.simulation.stage import ONE_ADDRESS, Stage, free_port
from evote.simulation.voters import Site, Voted, fetch_receipt, open_client, plan_people, vote_all, write_documents

_LEAST_BALLOTS = 5
_AUDITS = 2


@dataclass(frozen=True)
class Plan:
    """What to simulate; the command's options."""

    data: Path
    ballots: int
    options: int
    bits: int
    trustees: int
    threshold: int
    revotes: int
    jobs: int
    seed: int


@dataclass(frozen=True)
class Counted:
    """The two counts, and the outcome of the encrypted one; empty where the contest was withheld."""

    plain: dict[str, int]
    encrypted: dict[str, int]
    outcome: dict[str, list[str]]

    @property
    def equal(self) -> bool:
        """Whether both counts agree, option by option."""
        return self.plain == self.encrypted


def simulate(plan: Plan, out: Path, console: Console) -> Counted:
    """Run a whole election; leaves ``record/``, ``receipts/`` and ``audited/`` in ``out``.

    Raises:
        SimulationError: A plan that cannot be, a folder that is not empty, or a program that failed.
    """
    source = read_source(plan.data, plan.options)
    rng = random.Random(plan.seed)  # noqa: S311 (chooses which real ballots to draw; nothing secret)
    choices = source.sample(plan.ballots, rng)
    if not 0 <= plan.revotes <= plan.ballots:
        raise SimulationError(f"--revotes must be 0 to {plan.ballots}, the number of ballots.")
    if not 1 <= plan.threshold <= plan.trustees < 2 * plan.threshold:
        raise SimulationError("The threshold must be more than half of the trustees, and at most all.")
    if out.exists() and any(out.iterdir()):
        raise SimulationError(f"{out} is not empty. Name a new folder.")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="evote-simulation-") as private:
        stage = Stage(Path(private), free_port(), ONE_ADDRESS, test_keys=plan.bits < SAFE_BITS)
        with stage:
            _play(stage, plan, source, choices, rng, out, console)
    tally = json.loads((out / "record" / "tally.json").read_bytes())["contests"][0]
    totals = dict(zip(source.option_ids, tally["totals"], strict=False))
    return Counted(count_plainly(source, choices), totals, tally["outcome"])


def definition(source: Source, plan: Plan, now: datetime, days: int = 1) -> dict[str, Any]:
    """Return what ``evote create`` takes for an election that is open at once and closed by the official."""
    names = [f"Trustee {number}" for number in range(1, plan.trustees + 1)]
    return {
        "title": {"en": source.title},
        "description": {},
        "contests": [source.contest],
        "styles": {"all": [CONTEST]},
        "opens_at": codec.encode_time(now),
        "closes_at": codec.encode_time(now + timedelta(days=days)),
        "closing": "official",
        "trustees": {"total": plan.trustees, "threshold": plan.threshold, "names": names},
        "observers": [],
        "min_ballots": min(plan.ballots, _LEAST_BALLOTS),
        "modulus_bits": plan.bits,
    }


def show(counted: Counted, source: Source, console: Console) -> None:
    """Print the encrypted count beside the plain one."""
    labels = {option["id"]: option["label"]["en"] for option in source.contest["options"]}
    table = Table("option", "plain", "encrypted", "", title=source.title)
    for option, plain in counted.plain.items():
        marks = [name for name, options in counted.outcome.items() if option in options]
        table.add_row(labels[option], f"{plain:,}", f"{counted.encrypted.get(option, 0):,}", " ".join(marks))
    console.print(table)


def cast_all(
    election: Conducted,
    choices: Sequence[Choice],
    rng: random.Random,
    console: Console,
    *,
    revotes: int,
    audits: int,
    jobs: int,
) -> list[Voted]:
    """Let the people of an election's letters vote, with a progress bar."""
    people = plan_people(election.letters[: len(choices)], choices, revotes, audits, rng)
    with _progress(console) as progress:
        task = progress.add_task("Voting", total=len(people))
        return list(vote_all(election.site, people, jobs, lambda: progress.advance(task)))


def _play(
    stage: Stage,
    plan: Plan,
    source: Source,
    choices: Sequence[Choice],
    rng: random.Random,
    out: Path,
    console: Console,
) -> None:
    console.print("Starting the server")
    stage.start_server()
    console.print(f"Making credentials and a {plan.bits}-bit key; freezing the election")
    election = prepare_election(stage, "election", definition(source, plan, datetime.now(UTC)), plan.ballots)
    programs = open_election(election)
    audits = min(_AUDITS, plan.ballots)
    voted = cast_all(election, choices, rng, console, revotes=plan.revotes, audits=audits, jobs=plan.jobs)
    _keep_receipts(election.site, voted, out, console)
    console.print("Closing; the trustees check the record and open the count")
    election.official("close")
    election.wait_for("tallied", programs)
    stage.run("evote", "export", election.id, out / "record")


def _keep_receipts(site: Site, voted: Sequence[Voted], out: Path, console: Console) -> None:
    trackers = [tracker for one in voted for tracker in one.trackers]
    loaded = site.load()
    receipts = {}
    with open_client() as client, _progress(console) as progress:
        for number, tracker in enumerate(progress.track(trackers, description="Receipts")):
            receipts[f"{number:05}.json"] = fetch_receipt(client, site, loaded, tracker)
    write_documents(out / "receipts", receipts)
    opened = [one.audited for one in voted if one.audited is not None]
    write_documents(out / "audited", {f"{number:05}.json": document for number, document in enumerate(opened)})


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console)
