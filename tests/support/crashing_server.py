"""The real server, killed with SIGKILL, with all its processes, the first time it reaches a named step.

Run as ``python -m tests.support.crashing_server STEP MARKER``; afterwards the marker file exists.
"""

import os
import signal
import sys
from pathlib import Path

from evote import steps
from evote.cli import main


def crash_at(step: str, marker: Path) -> None:
    """Install the observer that kills this process group."""

    def observe(reached: str) -> None:
        if reached == step and not marker.exists():
            marker.touch()
            os.killpg(0, signal.SIGKILL)

    steps.observer = observe


if __name__ == "__main__":
    crash_at(sys.argv[1], Path(sys.argv[2]))
    sys.argv = ["evote", "serve", "--port", "0"]
    main()
