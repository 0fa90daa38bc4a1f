"""Hand mails over to the mail server, one connection for many, and say of each what became of it."""

import smtplib
import ssl
import time
from dataclasses import dataclass
from email.message import EmailMessage
from enum import Enum, auto
from typing import Any

from evote.mail.reasons import OTHER, REJECTED, reason_of_reply
from evote.settings import Smtp

TIMEOUT_SECONDS = 20
PATIENCE_SECONDS = 600
"""For the answer after the mail (RFC 5321, 4.5.3.2.6): who gives up earlier sends twice what was taken."""
_ASK_AFTER_SECONDS, _IDLE_SECONDS = 1.0, 5.0
_CLOSING = 421


class Fate(Enum):
    """What became of a mail."""

    TAKEN = auto()
    """The server took it over (250): from now on it answers for it."""
    REFUSED = auto()
    """Refused for good (5xx), this mail or this recipient."""
    LATER = auto()
    """Refused for now (4xx): greylisting, a full disk there."""
    LOST = auto()
    """The connection broke while it was handed over: nobody knows whether it was taken."""
    UNREACHED = auto()
    """There is no server, or it does not want us: nothing was said about this mail."""


@dataclass(frozen=True)
class Answer:
    """What became of a mail, and for a refusal one of `REASONS`."""

    fate: Fate
    reason: str = ""


class _Patient(smtplib.SMTP):
    """A connection that waits longer for the answer which counts."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the mail and wait for the answer."""
        assert self.sock is not None
        self.sock.settimeout(PATIENCE_SECONDS)
        answer = super().data(msg)
        self.sock.settimeout(TIMEOUT_SECONDS)
        return answer


class Handover:
    """A connection to the mail server, opened when it is needed and opened anew after trouble.

    Attributes:
        taken: How many mails the present connection has carried.
        trouble: The last error's name, for the log; never its text, in which addresses stand.
    """

    def __init__(self, smtp: Smtp) -> None:
        self._smtp = smtp
        self._server: smtplib.SMTP | None = None
        self._used_at = 0.0
        self.taken = 0
        self.trouble = ""

    def send(self, message: EmailMessage, to: str) -> Answer:
        """Hand a mail over.

        Args:
            message: Composed.
            to: The address of the envelope; only this one gets it.
        """
        try:
            server = self._open()
        except (OSError, smtplib.SMTPException) as error:
            return self._broken(Fate.UNREACHED, error)
        try:
            server.send_message(message, self._smtp.sender, [to])
        except smtplib.SMTPRecipientsRefused as error:
            return self._refused(*error.recipients[to])
        except smtplib.SMTPSenderRefused as error:
            fate = Fate.LOST if error.smtp_code == _CLOSING and self.taken else Fate.UNREACHED
            return self._broken(fate, error)
        except smtplib.SMTPDataError as error:
            return self._refused(error.smtp_code, error.smtp_error, REJECTED)
        except smtplib.SMTPNotSupportedError:
            return Answer(Fate.REFUSED, OTHER)  # an address beyond ASCII, and a server that cannot take it
        except (OSError, smtplib.SMTPException) as error:
            return self._broken(Fate.LOST, error)
        self._used_at = time.monotonic()
        self.taken += 1
        return Answer(Fate.TAKEN)

    def rest(self) -> None:
        """Close the connection when it has not been used for some seconds."""
        if self._server is not None and time.monotonic() - self._used_at > _IDLE_SECONDS:
            self.close()

    def close(self) -> None:
        """Say goodbye."""
        server, self._server, self.taken = self._server, None, 0
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()

    def _open(self) -> smtplib.SMTP:
        if self._server is not None and time.monotonic() - self._used_at > _ASK_AFTER_SECONDS:
            try:
                alive = self._server.noop()[0] == 250
            except (OSError, smtplib.SMTPException):
                alive = False
            if not alive:
                self.close()
        if self._server is None:
            server = _Patient(self._smtp.host, self._smtp.port, timeout=TIMEOUT_SECONDS)
            try:
                if self._smtp.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self._smtp.user:
                    server.login(self._smtp.user, self._smtp.password)
            except (OSError, smtplib.SMTPException):
                server.close()
                raise
            self._server, self.taken = server, 0
        self._used_at = time.monotonic()
        return self._server

    def _refused(self, code: int, said: bytes | str, unless_it_says: str = "") -> Answer:
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        if code == _CLOSING:
            self.close()
        if code < 500:
            return Answer(Fate.LATER)
        reason = reason_of_reply(code, text)
        return Answer(Fate.REFUSED, unless_it_says if unless_it_says and reason == OTHER else reason)

    def _broken(self, fate: Fate, error: Exception) -> Answer:
        self.trouble = type(error).__name__
        server, self._server = self._server, None
        if server is not None:
            server.close()
        return Answer(fate)
