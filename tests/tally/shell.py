"""The commands as people type them, in this process."""

import os
import sys
from pathlib import Path

import pytest

from tally import commands
from tests.support.elections import Simulation, simulate
from tests.tally.boards import (
    ShareFiles,
    freeze,
    write_record,
)

Argument = str | Path


def run(*arguments: Argument) -> None:
    """Run a command in this process, letting its errors out."""
    commands.commands([str(argument) for argument in arguments], standalone_mode=False)


def run_main(monkeypatch: pytest.MonkeyPatch, *arguments: Argument) -> int:
    monkeypatch.setattr(sys, "argv", ["tally", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        commands.main()
    return int(caught.value.code or 0)


def current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def options(share_files: ShareFiles, simulation: Simulation, trustee: int) -> list[Argument]:
    share = share_files.write(simulation, trustee)
    return ["--share", share, "--passphrase-file", share_files.passphrase_file, "--allow-test-keys"]


def frozen(tmp_path: Path) -> tuple[Simulation, Path]:
    simulation = simulate(voters=4)
    freeze(simulation)
    return simulation, write_record(simulation, tmp_path / "record")
