"""The real program that sends mail, killed with SIGKILL when it reaches a named step for the n-th time.

Run as ``python -m tests.support.crashing_sender STEP N MARKER``; afterwards the marker file exists.
"""

import os
import signal
import sys
from pathlib import Path

from evote import steps
from evote.cli import main


def crash_at(step: str, count: int, marker: Path) -> None:
    """Install the observer that kills this process."""
    left = [count]

    def observe(reached: str) -> None:
        if reached == step and not marker.exists():
            left[0] -= 1
            if not left[0]:
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)

    steps.observer = observe


if __name__ == "__main__":
    crash_at(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
    sys.argv = ["evote", "sequencer"]
    main()
