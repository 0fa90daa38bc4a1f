"""The commands of operators and officials: ``python -m evote --help``."""

import logging
import sys

import click

from ballots.errors import BallotsError
from ballots.sentences import SentenceError
from evote.cli import elections, keys, mail, officials, participation, record, server
from evote.errors import EvoteError, SequencerRunning
from evote.logs import configure_logs
from evote.simulation.commands import demo_command, demo_participation_command, simulate_command

_REFUSED, _OTHER_RUNS = 1, 3
"""Exit statuses; click uses 2 for wrong usage."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Run elections whose count anybody can verify. Settings come from EVOTE_* variables (docs/operators.md)."""


for _module in (server, keys, officials, elections, record, mail, participation):
    for _command in _module.COMMANDS:
        commands.add_command(_command)

for _whole in (simulate_command, demo_command, demo_participation_command):
    commands.add_command(_whole)


def main() -> None:
    """Run the command line; an error becomes one sentence and an exit status."""
    configure_logs(logging.WARNING)  # `serve` and `sequencer` tell more
    try:
        commands(standalone_mode=False)
    except (EvoteError, BallotsError, SentenceError) as error:
        click.echo(str(error), err=True)
        sys.exit(_OTHER_RUNS if isinstance(error, SequencerRunning) else _REFUSED)
    except OSError as error:
        click.echo(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
        sys.exit(_REFUSED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(_REFUSED)
