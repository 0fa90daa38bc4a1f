"""gunicorn with threads; in the embedded default its one worker also writes the logs and sends the mail."""

from typing import Any

import click
from gunicorn.app.base import BaseApplication

from evote.app import create_app
from evote.board.background import SequencerThread
from evote.mail.sender import MailSender
from evote.mailings.job import MailingsJob
from evote.participation_host import bells_of
from evote.services import Services, build_services
from evote.settings import Settings
from participation.jobs import Bells


def run_server(settings: Settings, *, embedded: bool) -> None:
    """Serve until told to stop."""
    _Server(settings, embedded=embedded).run()


class _Background:
    """The threads beside the web in the embedded default."""

    def __init__(self, services: Services, bells: Bells) -> None:
        self._sequencer, self._sender = SequencerThread(services), MailSender(services, MailingsJob(services))
        self._bells = bells

    def start(self) -> None:
        self._sequencer.start()
        self._sender.start()
        self._bells.start()

    def stop(self) -> None:
        self._bells.stop()
        self._sender.stop()
        self._sequencer.stop()


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn's base class is untyped
    def __init__(self, settings: Settings, *, embedded: bool) -> None:
        self._settings, self._embedded = settings, embedded
        self._background: _Background | None = None
        super().__init__()

    def load_config(self) -> None:
        settings = self._settings
        options: dict[str, Any] = {
            "bind": [f"{settings.host}:{settings.port}"],
            "workers": settings.workers,
            "threads": settings.threads,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 20,
            "loglevel": "warning",
            "when_ready": self._announce,
            "worker_exit": self._stop_background,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the application in the worker, where its threads and connections belong."""
        services = build_services(self._settings)
        application = create_app(self._settings, services)
        if self._embedded:
            self._background = _Background(services, bells_of(application))
            self._background.start()
        return application

    def _announce(self, arbiter: Any) -> None:
        host, port = arbiter.LISTENERS[0].sock.getsockname()[:2]
        click.echo(f"Serving on http://{host}:{port} (people reach it at {self._settings.base_url})")

    def _stop_background(self, _arbiter: Any, _worker: Any) -> None:
        if self._background is not None:
            self._background.stop()
