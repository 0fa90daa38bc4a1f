"""Runs the real programs, each as a process of its own, the way operator, official, registrar and trustees would."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from ballots import codec
from evote.simulation.errors import SimulationError

TAIL_CHARACTERS = 2000
ONE_ADDRESS = {"EVOTE_NO_RATE_LIMITS": "1"}
"""One address stands for many people here: limits on one address would only stop the simulation."""
_START_SECONDS = 60
_STOP_SECONDS = 20


@dataclass
class Stage:
    """A private folder with a server's data, keys and passphrases, and the programs running on it.

    Attributes:
        folder: Private (0700); holds every secret of the simulation.
        port: Where the server listens on the loopback address.
        settings: Further settings of the server, as environment variables.
        test_keys: Accept moduli below 2048 bits.
    """

    folder: Path
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)
    test_keys: bool = False
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the folder."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        (self.folder / "logs").mkdir(exist_ok=True)

    def __enter__(self) -> "Stage":
        """Return the stage."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop every program that still runs."""
        self.stop()

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of every program here, as environment variables."""
        return {
            "EVOTE_DEMO": "1",
            "EVOTE_DATA_DIR": str(self.folder / "server"),
            "EVOTE_PORT": str(self.port),
            "EVOTE_BASE_URL": self.url,
            **({"EVOTE_ALLOW_TEST_KEYS": "1"} if self.test_keys else {}),
            **self.settings,
        }

    def passphrase(self, name: str) -> Path:
        """Return the file of a passphrase, which is made at the first call."""
        path = self.folder / "passphrases" / f"{name}.txt"
        if not path.exists():
            path.parent.mkdir(exist_ok=True, mode=0o700)
            path.write_text(secrets.token_urlsafe(18) + "\n", encoding="utf-8")
            path.chmod(0o600)
        return path

    def run(self, *words: str | Path) -> str:
        """Run a program of this project to its end; returns what it printed.

        Raises:
            SimulationError: It failed; the message holds the end of what it said.
        """
        done = subprocess.run(
            self._command(words), env=self._environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = (done.stderr or done.stdout)[-TAIL_CHARACTERS:]
            raise SimulationError(f"`python -m {' '.join(map(str, words))}` failed:\n{said}")
        return done.stdout

    def start(self, name: str, *words: str | Path) -> subprocess.Popen[bytes]:
        """Start a program in the background; what it says goes to ``logs/NAME.log``."""
        with (self.folder / "logs" / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                self._command(words), env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.running.append(process)
        return process

    def start_server(self) -> None:
        """Start the web application with its sequencer and wait until it answers.

        Raises:
            SimulationError: It does not start.
        """
        self.run("evote", "init")
        server = self.start("server", "evote", "serve")
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and server.poll() is None:
            try:
                if httpx.get(f"{self.url}/api/elections", timeout=5).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise SimulationError(f"The server does not start:\n{self.log_tail('server')}")

    def log_tail(self, name: str) -> str:
        """Return the end of a background program's log."""
        path = self.folder / "logs" / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace")[-TAIL_CHARACTERS:] if path.exists() else ""

    def stop(self) -> None:
        """Stop all background programs, the latest first."""
        for process in reversed(self.running):
            process.terminate()
        for process in reversed(self.running):
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()

    def get(self, path: str) -> Any:
        """Return what the JSON API says at a path.

        Raises:
            SimulationError: Anything but success.
        """
        answer = httpx.get(f"{self.url}{path}", timeout=60)
        if not answer.is_success:
            raise SimulationError(f"GET {path} answered {answer.status_code}: {answer.text}")
        return answer.json()

    def _command(self, words: Sequence[str | Path]) -> list[str]:
        return [sys.executable, "-m", *map(str, words)]

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("EVOTE_")}
        return {**inherited, **self.environment}


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_json(path: Path, value: Any) -> Path:
    """Write a value as canonical JSON; returns the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(codec.encode_canonical(value))
    return path
