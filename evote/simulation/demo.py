"""``evote demo``: one election to vote in, with its trustees at work, and one finished election to look at."""

import json
import random
import shlex
import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from ballots import codec
from evote.simulation.conduct import Conducted, official_key, open_election, prepare_election
from evote.simulation.errors import SimulationError
from evote.simulation.park import ORDERS, park_contest
from evote.simulation.petitions import RULES
from evote.simulation.simulate import Plan, cast_all, definition
from evote.simulation.sources import read_source
from evote.simulation.stage import ONE_ADDRESS, Stage, write_json

DATA = Path(__file__).parent / "data" / "chicago-39th-ward-2021.pb"
_FINISHED, _OPEN = "finished", "open"
_BALLOTS, _VOTERS, _DAYS, _BITS = 12, 6, 14, 3072
_ROLES = ("--role", "moderator", "--role", "responder", "--role", "facilitator")
_NAMES = ("City Library", "University", "Citizens' Union")


def run_demo(folder: Path, port: int, console: Console) -> None:
    """Prepare the demonstration at the first call, and run it until it is interrupted.

    Args:
        folder: Where it lives; made if missing.
        port: Where the site listens on the loopback address.
        console: Where to print.

    Raises:
        SimulationError: A program failed.
    """
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        rules = folder.absolute() / "rules.toml"
        rules.write_text(RULES, encoding="utf-8")
        with Stage(folder.absolute(), port, {**ONE_ADDRESS, "EVOTE_PARTICIPATION_RULES": str(rules)}) as stage:
            _run(stage, stopping, console)
    except SimulationError:
        if not stopping.is_set():
            raise
        console.print("Stopped before the demonstration was ready. `make run` goes on with it.")


def _run(stage: Stage, stopping: threading.Event, console: Console) -> None:
    stage.start_server()
    participation = stage.folder / "participation-made"
    if not participation.exists():
        stage.run("evote", "demo-participation")
        participation.touch()
    finished = _resume(stage, _FINISHED) or _finish_election(stage, console)
    current = _resume(stage, _OPEN)
    if current is None or current.state not in ("open", "frozen"):
        current = _new_open_election(stage, console)
    else:
        current.follow()
    _explain(stage, finished, current, console)
    while not stopping.wait(0.5):
        if stage.running[0].poll() is not None:
            raise SimulationError(f"The server stopped:\n{stage.log_tail('server')}")
    console.print("Stopping the server and the trustees. `make run` starts them again.")


def open_definition(now: datetime) -> dict[str, Any]:
    """Return the definition of the election that visitors vote in."""
    return {
        "title": {"en": "A new name for the river park", "fa": "نام تازهٔ بوستان کنار رود"},
        "description": {
            "en": "A demonstration. Choose one name, or vote blank. You may vote again: the last ballot counts.",
            "fa": "این یک نمونه است. یک نام را برگزینید یا رأی ممتنع بدهید. می‌توانید رأی خود را تغییر دهید.",
        },
        "contests": [park_contest()],
        "orders": ORDERS,
        "styles": {"all": ["park"]},
        "opens_at": codec.encode_time(now),
        "closes_at": codec.encode_time(now + timedelta(days=_DAYS)),
        "closing": "official",
        "trustees": {"total": 3, "threshold": 2, "names": list(_NAMES)},
        "observers": [],
        "min_ballots": 1,
        "modulus_bits": _BITS,
    }


def _resume(stage: Stage, name: str) -> Conducted | None:
    """Return an election that an earlier run completed preparing."""
    marker = stage.folder / f"{name}.json"
    if not marker.exists():
        return None
    known = json.loads(marker.read_bytes())
    return Conducted(stage, known["id"], stage.folder / known["folder"])


def _remember(stage: Stage, name: str, election: Conducted) -> Conducted:
    write_json(stage.folder / f"{name}.json", {"id": election.id, "folder": election.folder.name})
    return election


def _new_name(stage: Stage, name: str) -> str:
    """Return a folder name that no earlier run has used."""
    return f"{name}-{len(list(stage.folder.glob(f'{name}-*'))) + 1}"


def _finish_election(stage: Stage, console: Console) -> Conducted:
    console.print(f"Holding an election on {_BALLOTS} real ballots, to have a finished one to look at (once)")
    source, rng = read_source(DATA, 1), random.Random("demo")  # noqa: S311 (chooses which real ballots to draw)
    plan = Plan(DATA, _BALLOTS, 1, 2048, 3, 2, revotes=1, jobs=2, seed=0)
    described = definition(source, plan, datetime.now(UTC))
    election = prepare_election(stage, _new_name(stage, _FINISHED), described, _BALLOTS)
    programs = open_election(election)
    cast_all(election, source.sample(_BALLOTS, rng), rng, console, revotes=1, audits=1, jobs=plan.jobs)
    election.official("close")
    election.wait_for("tallied", programs)
    record = election.folder / "record"
    stage.run("verifier", "fetch", election.page, record)
    console.print(stage.run("verifier", "check", record), highlight=False)
    return _remember(stage, _FINISHED, election)


def _new_open_election(stage: Stage, console: Console) -> Conducted:
    console.print(f"Making a {_BITS}-bit key for an election to vote in (once)")
    described = open_definition(datetime.now(UTC))
    election = prepare_election(stage, _new_name(stage, _OPEN), described, _VOTERS)
    open_election(election)
    return _remember(stage, _OPEN, election)


def _explain(stage: Stage, finished: Conducted, current: Conducted, console: Console) -> None:
    verifier = ".venv/bin/python -m verifier"
    lines = [
        "",
        f"[bold]The site: {stage.url}[/bold]   (stop it with Ctrl-C)",
        "",
        f"Vote here:      {current.page}",
        f"Mail arrives:   {stage.url}/outbox   (one-time codes to log in)",
        "Voters, and the code of each one's letter:",
        *(f"    {letter['id']}   {letter['code']}" for letter in current.letters),
        "",
        "Three trustees follow the election as programs of their own. Close it, and they count it:",
        f"    {_command(stage, 'close', current.id, *official_key(stage))}",
        "",
        f"Petitions:      {stage.url}/petitions/",
        f"Consultations:  {stage.url}/consultations/   (two of them with real data)",
        f"Answers:        {stage.url}/answers/",
        "To run these yourself, appoint an official:",
        f"    {_command(stage, 'official', 'add', 'clerk', *_ROLES)}",
        "",
        f"A finished election: {finished.page}",
        "Verify it yourself, with a program that shares no code with the server:",
        f"    {verifier} fetch {finished.page} record && {verifier} check record",
        "",
    ]
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)


def _command(stage: Stage, *words: str | Path) -> str:
    data = shlex.quote(_short(Path(stage.environment["EVOTE_DATA_DIR"])))
    settings = f"EVOTE_DEMO=1 EVOTE_DATA_DIR={data}"
    return f"{settings} .venv/bin/python -m evote {shlex.join(map(_short, words))}"


def _short(word: str | Path) -> str:
    """Shorten a path below the current folder."""
    if isinstance(word, Path) and word.is_relative_to(Path.cwd()):
        return str(word.relative_to(Path.cwd()))
    return str(word)
