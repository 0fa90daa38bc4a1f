"""A process that lets people sign and counts them, and is killed by the system just before a commit.

    python -m tests.support.crashing_counter FOLDER N

Before the N-th commit it kills itself with SIGKILL. What it has told people stands on its output: the links that
were answered with "signed".
"""

import os
import signal
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import event

from ballots import codec
from evote.app import create_app
from evote.services import build_services
from participation.signatures.confirming import confirm
from participation.signatures.counter import Counter
from tests.support.gallery import gallery_settings
from tests.support.participation import Town
from tests.support.server import Clock
from tests.support.signing import Signing


def main(folder: Path, commits: int, now: str) -> None:
    settings = replace(gallery_settings(folder), participation_rules=folder / "rules.toml")
    clock = Clock(datetime.fromisoformat(now))
    services = replace(build_services(settings), now=clock)
    signing = Signing(Town(create_app(settings, services), services, clock))
    left = commits

    def count_down(_connection: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(services.database.engine, "commit", count_down)
    for number in range(3):
        secret = signing.ask(signing.signer(number), f"10.1.{commits}.{number}")
        if secret and confirm(signing.ports, signing.petition_id, secret).state == "signed":
            print(codec.encode_bytes(secret), flush=True)
        Counter(signing.ports).step()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
