"""``python -m evote.registrar``: the list, the roll, codes, letters, mails, lost codes and paper ballots."""

import sys

import click

from ballots.errors import BallotsError
from evote.registrar import corrections, roll
from evote.registrar.asking import say, show_problems
from evote.registrar.errors import RegistrarError, VoterListError
from evote.registrar.letter_command import letters
from evote.registrar.send_command import send


def main() -> None:
    """Run the command; errors become one sentence and exit status 1."""
    try:
        commands(standalone_mode=False)
    except VoterListError as error:
        show_problems(error.problems)
        say(str(error))
        sys.exit(1)
    except (RegistrarError, BallotsError) as error:
        say(str(error))
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        say("Stopped.")
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Make the roll and the voters' credentials, and bring them to the voters. All but `send` works offline."""


for command in (*roll.COMMANDS, letters, send, *corrections.COMMANDS):
    commands.add_command(command)
