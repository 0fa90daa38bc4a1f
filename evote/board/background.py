"""The sequencer as a thread: for the embedded default and for `evote sequencer`."""

import threading
from contextlib import ExitStack

import structlog
from sqlalchemy.exc import IntegrityError

from ballots.errors import BallotsError
from evote.board.lock import hold_sequencer_lock
from evote.board.sequencer import Sequencer
from evote.errors import EvoteError, SequencerRunning
from evote.services import Services

_RETRY_SECONDS = 1.0
_log = structlog.get_logger()


class SequencerThread:
    """Runs the sequencer until it is told to stop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="sequencer", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch in hand, then end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def run(self) -> None:
        """Work until told to stop; after trouble with the database start over, with the lock taken anew."""
        while not self._stopping.is_set():
            try:
                with ExitStack() as stack:
                    sequencer = Sequencer(
                        self._services, stack.enter_context(hold_sequencer_lock(self._services.database))
                    )
                    sequencer.recover()
                    _log.info("sequencer_started")
                    self._work(sequencer)
            except SequencerRunning as error:
                _log.warning("sequencer_waits", reason=str(error))
            except (EvoteError, BallotsError, IntegrityError) as error:
                _log.error("sequencer_stalled", reason=str(error))
            self._stopping.wait(_RETRY_SECONDS)

    def _work(self, sequencer: Sequencer) -> None:
        while not self._stopping.is_set():
            if not sequencer.step():
                self._stopping.wait(self._services.settings.poll_seconds)
