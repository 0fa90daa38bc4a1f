"""For operators: init, serve, sequencer."""

import os
import signal
import threading

import click

from evote.board.background import SequencerThread
from evote.board.lock import hold_sequencer_lock
from evote.cli.parts import open_services, read_settings
from evote.database import Database
from evote.database.migrations import migrate
from evote.errors import SettingsError
from evote.logs import configure_logs
from evote.mail.sender import MailSender
from evote.mailings.job import MailingsJob
from evote.server import run_server
from evote.services import make_board_key, read_board_key
from evote.settings import Settings, make_secret


@click.command()
@click.option("--make-secret", "wants_secret", is_flag=True, help="Also make the secret key's file, once.")
def init(wants_secret: bool) -> None:
    """Bring the database up to date, and make the board's key if there is none."""
    if wants_secret:
        click.echo(f"Secret key: {make_secret(os.environ)}")
    settings = read_settings()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.database_url)
    migrate(database)
    database.close()
    made = make_board_key(settings)
    click.echo(f"Database: {database.url.render_as_string(hide_password=True)}")
    click.echo(f"Board key: {settings.board_key_file}{' (new: back it up, and keep it secret)' if made else ''}")
    click.echo(f"Its public half: {read_board_key(settings).public}")


@click.command()
@click.option("--host", help="Address to listen on (EVOTE_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, 0 for any free one (EVOTE_PORT).")
@click.option("--no-sequencer", is_flag=True, help="`python -m evote sequencer` runs as a process of its own.")
def serve(host: str | None, port: int | None, no_sequencer: bool) -> None:
    """Serve the site; unless told otherwise, write the logs and send the mail too."""
    configure_logs()
    options = {"EVOTE_HOST": host, "EVOTE_PORT": None if port is None else str(port)}
    settings = read_settings(**{name: value for name, value in options.items() if value is not None})
    _require_mail(settings)
    if not no_sequencer and settings.workers > 1:
        raise SettingsError(
            f"EVOTE_WORKERS is {settings.workers}. With several workers run `python -m evote serve --no-sequencer` "
            "and, once, `python -m evote sequencer`."
        )
    services = open_services()
    if not no_sequencer:
        with hold_sequencer_lock(services.database):
            pass  # refuse now, with a sentence, rather than later in a worker
    services.database.close()
    run_server(settings, embedded=not no_sequencer)


@click.command()
def sequencer() -> None:
    """Write the logs of all elections and send the mail: exactly one of this runs on a database."""
    configure_logs()
    services = open_services()
    _require_mail(services.settings)
    with hold_sequencer_lock(services.database):
        pass
    thread, sender, stopped = SequencerThread(services), MailSender(services, MailingsJob(services)), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    thread.start()
    sender.start()
    click.echo("The sequencer runs. Stop it with Ctrl-C; what waits stays in the queue.", err=True)
    stopped.wait()
    sender.stop()
    thread.stop()
    services.database.close()


@click.command()
def jobs() -> None:
    """Do what becomes due in petitions and consultations: needed beside `serve --no-sequencer`, once."""
    from evote.app import create_app  # the other commands need no web application
    from evote.participation_host import bells_of

    configure_logs()
    services = open_services()
    bells, stopped = bells_of(create_app(services.settings, services)), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    bells.start()
    click.echo("The jobs run. Stop them with Ctrl-C; what is due waits.", err=True)
    stopped.wait()
    bells.stop()
    services.database.close()


def _require_mail(settings: Settings) -> None:
    if settings.smtp is None and not settings.demo:
        raise SettingsError(
            "EVOTE_SMTP_HOST is not set, so voters could not get their one-time codes. "
            "Set it to your mail server, or EVOTE_DEMO=1 to try things out without mail."
        )


COMMANDS = (init, serve, sequencer, jobs)
