"""One election from its definition to its tally, driven through the commands that people use."""

import csv
import io
import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evote.simulation.errors import SimulationError
from evote.simulation.park import park_pictures
from evote.simulation.stage import Stage, write_json
from evote.simulation.voters import Site

_PATIENCE_SECONDS = 1800


@dataclass
class Conducted:
    """An election on a stage.

    Attributes:
        stage: Where its programs run.
        id: Its id on the server.
        folder: Its files: manifest, key, shares, roll, letters, trustees' states.
    """

    stage: Stage
    id: str
    folder: Path

    @property
    def page(self) -> str:
        """The election's address."""
        return f"{self.stage.url}/elections/{self.id}"

    @property
    def site(self) -> Site:
        """What voters' devices need."""
        roll = self.folder / "registrar"
        key = self.folder / "ceremony" / "key.json"
        return Site(self.stage.url, self.id, self.folder / "manifest.json", key, roll / "roll.jsonl")

    @property
    def letters(self) -> list[dict[str, str]]:
        """The registrar's letters: id, mail, code, voter number."""
        with (self.folder / "registrar" / "letters.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def state(self) -> str:
        """What the server says of it, such as open, closed or tallied."""
        return str(self.stage.get(f"/api/elections/{self.id}")["state"])

    @property
    def trustees(self) -> int:
        """How many trustees there are."""
        return len(list((self.folder / "ceremony").glob("share-*.json")))

    def official(self, verb: str, *words: str | Path) -> str:
        """Run one of the official's commands with the official's key."""
        return self.stage.run("evote", verb, self.id, *words, *official_key(self.stage))

    def follow(self) -> list[subprocess.Popen[bytes]]:
        """Start every trustee's ``tally follow``."""
        return [self._follow(number) for number in range(1, self.trustees + 1)]

    def wait_for(self, state: str, programs: Sequence[subprocess.Popen[bytes]] = ()) -> None:
        """Wait until the server says that the election is in a state.

        Raises:
            SimulationError: One of the programs failed, or half an hour went by.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self.state != state:
            failed = [program for program in programs if program.poll() not in (None, 0)]
            if failed or time.monotonic() > deadline:
                logs = "\n".join(self.stage.log_tail(self._log_name(number)) for number in range(1, self.trustees + 1))
                raise SimulationError(f"The election did not become {state}. The trustees said:\n{logs}")
            time.sleep(0.2)

    def _follow(self, number: int) -> subprocess.Popen[bytes]:
        state = self.folder / f"trustee-{number}"
        return self.stage.start(
            self._log_name(number),
            "tally",
            "follow",
            "--board",
            self.page,
            "--share",
            self.folder / "ceremony" / f"share-{number}.json",
            "--passphrase-file",
            self.stage.passphrase(f"share-{number}"),
            "--state",
            state,
            "--accept-election",
            "--poll",
            "2",
            *test_keys(self.stage),
        )

    def _log_name(self, number: int) -> str:
        return f"{self.folder.name}-trustee-{number}"


def prepare_election(stage: Stage, name: str, definition: Mapping[str, Any], voters: int) -> Conducted:
    """Create an election, make its credentials and its key, and freeze it.

    Args:
        stage: A stage whose server runs.
        name: The folder's name on the stage.
        definition: What ``evote create`` takes, but for the keys of registrar and official.
        voters: How many voters to put on the roll.
    """
    folder = stage.folder / name
    folder.mkdir()
    keys = {"registrar_key": _registrar_key(stage), "official_key": _official_key(stage)}
    definition_file = write_json(folder / "definition.json", {**definition, **keys})
    media = _write_pictures(folder / "media", definition)
    stage.run("evote", "create", definition_file, "--out", folder / "manifest.json", *media)
    election = Conducted(stage, json.loads((folder / "manifest.json").read_bytes())["id"], folder)
    _write_voters(folder / "people.csv", voters)
    manifest: list[str | Path] = ["--manifest", folder / "manifest.json", *test_keys(stage)]
    registrar: tuple[str | Path, ...] = (
        "--key",
        stage.folder / "registrar.key",
        "--passphrase-file",
        stage.passphrase("registrar"),
    )
    roll = folder / "registrar"
    stage.run("evote.registrar", "credentials", folder / "people.csv", *manifest, *registrar, "--out", roll)
    for number in range(1, definition["trustees"]["total"] + 1):
        stage.passphrase(f"share-{number}")
    ceremony = folder / "ceremony"
    passphrases = stage.passphrase("share-1").parent
    stage.run("tally", "ceremony", *manifest, "--out", ceremony, "--passphrase-file-dir", passphrases)
    files = ("--key", ceremony / "key.json", "--roll", roll / "roll.jsonl", "--roll-signature", roll / "roll.json")
    stage.run("evote", "freeze", election.id, *files, "--voters", roll / "voters.csv", "--force")
    return election


def open_election(election: Conducted) -> list[subprocess.Popen[bytes]]:
    """Let the trustees sign, and open; returns the trustees' programs, which go on following."""
    programs = election.follow()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            election.official("open")
            break
        except SimulationError:
            failed = [program for program in programs if program.poll() is not None]
            if failed or time.monotonic() > deadline:
                raise
            time.sleep(0.5)
    election.wait_for("open", programs)
    return programs


def official_key(stage: Stage) -> tuple[str | Path, ...]:
    """Return the options that name the official's key on this stage."""
    return ("--official-key", stage.folder / "official.key", "--passphrase-file", stage.passphrase("official"))


def test_keys(stage: Stage) -> tuple[str, ...]:
    """Return the option that accepts short moduli, where the stage allows them."""
    return ("--allow-test-keys",) if stage.test_keys else ()


def _registrar_key(stage: Stage) -> str:
    path, passphrase = stage.folder / "registrar.key", stage.passphrase("registrar")
    return _made_once(
        path.with_suffix(".pub"), stage, "evote.registrar", "keygen", "--out", path, "--passphrase-file", passphrase
    )


def _official_key(stage: Stage) -> str:
    path, passphrase = stage.folder / "official.key", stage.passphrase("official")
    return _made_once(
        path.with_suffix(".pub"), stage, "evote", "official-key", "--out", path, "--passphrase-file", passphrase
    )


def _made_once(public: Path, stage: Stage, *command: str | Path) -> str:
    """Return a public key, which the command prints when it makes the pair at the first call."""
    if not public.exists():
        public.write_text(stage.run(*command).strip().splitlines()[-1], encoding="utf-8")
    return public.read_text(encoding="utf-8")


def _write_pictures(folder: Path, definition: Mapping[str, Any]) -> tuple[str | Path, ...]:
    """Draw what the definition's options name; returns the option that names the folder."""
    named = {name for contest in definition["contests"] for option in contest["options"] for name in option["media"]}
    if not named:
        return ()
    folder.mkdir()
    for name, data in park_pictures().items():
        (folder / name).write_bytes(data)
    return ("--media", folder)


def _write_voters(path: Path, count: int) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "mail"])
    writer.writerows((f"voter-{number:05}", f"voter-{number:05}@example.org") for number in range(1, count + 1))
    path.write_text(text.getvalue(), encoding="utf-8")
