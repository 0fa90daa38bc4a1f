"""``python -m tally``: what trustees and observers run, on machines of their own."""

import sys

import click

from ballots.errors import BallotsError
from tally.commands import ceremony, counting, following, rehearsing, sharing
from tally.commands.console import say
from tally.errors import TallyProgramError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Key ceremony, rehearsal, intents, partials and the count.

    Exit status: 0 done; 1 refused, or something failed; 2 wrong usage; 3 not finished yet
    (`follow --once`, `observe --once`); 4 the election was annulled.
    """


for command in (
    ceremony.ceremony,
    rehearsing.rehearse,
    counting.intent,
    counting.partial,
    counting.combine,
    following.follow,
    following.observe,
    sharing.observer_key,
    sharing.share,
):
    commands.add_command(command)


def main() -> None:
    """Run the command; errors become one sentence and exit status 1."""
    try:
        sys.exit(commands(standalone_mode=False))
    except (TallyProgramError, BallotsError) as error:
        say(str(error))
        sys.exit(1)
    except OSError as error:
        say(f"The system refused: {error}.")
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        say("Stopped.")
        sys.exit(1)
