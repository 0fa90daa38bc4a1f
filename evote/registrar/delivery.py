"""Mails to all voters, one after the other, so that a stopped sending goes on where it was.

The journal has a line before each mail and one after it. What has only the first was in flight when the program
stopped: nobody can know whether the server took it, so it is sent once more, under the same Message-ID.
"""

import smtplib
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from evote.registrar.errors import MailProblem
from evote.registrar.journal import Journal
from evote.registrar.lists import Letter
from evote.registrar.mails import Style, compose, message_id
from evote.registrar.words import Facts

ROUNDS = 3
_REFUSED_IN_A_ROW = 20
_LOST_IN_A_ROW = 5
_TIMEOUT_SECONDS = 60
_PAUSE_SECONDS = 30.0
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Relay:
    """The mail server.

    Attributes:
        security: `tls` from the first byte, `starttls`, or `plain`.
        ca_file: Certificates to trust instead of the system's.
    """

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    ca_file: Path | None = None

    def check(self) -> None:
        """Refuse to send over an open line.

        Raises:
            MailProblem: The server is elsewhere and the line would not be encrypted.
        """
        if self.security == "plain" and self.host not in _LOCAL:
            raise MailProblem("Mails about codes go over encrypted lines only: pass --starttls or --tls.")

    def connect(self) -> smtplib.SMTP:
        """Return an open connection."""
        context = ssl.create_default_context(cafile=self.ca_file)
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT_SECONDS)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


@dataclass(frozen=True)
class Refusal:
    """A mail that the server will not take.

    Attributes:
        why: The server's own words.
    """

    voter_id: str
    number: str
    why: str


class Delivery:
    """A sending, with its journal.

    Attributes:
        done: Voter numbers of mails that the server took, or refused for good.
        refusals: By voter number.
    """

    def __init__(self, journal: Journal, facts: Facts, style: Style, *, again: bool = False) -> None:
        """Begin a sending, or take one up again; `again` tries those anew that were refused for good.

        Raises:
            MailProblem: The journal belongs to another election, or its mails are written otherwise.
        """
        header = {"election": facts.fingerprint, "with_code": style.with_code, "sender": style.sender}
        if not journal.lines:
            journal.append({**header, "salt": style.salt})
        begun = journal.lines[0]
        if {name: begun.get(name) for name in header} != header or not begun.get("salt"):
            raise MailProblem(
                f"{journal.path} is the journal of another sending: election, sender or --code-by-mail differ. "
                "Take the options of that time, or begin a new journal."
            )
        self._journal, self._facts = journal, facts
        self._style = Style(style.sender, style.language, style.with_code, str(begun["salt"]))
        self.refusals = {} if again else {refusal.number: refusal for refusal in refusals_in(journal)}
        sent = {str(line["number"]) for line in journal.lines if line.get("event") == "sent"}
        self.done = sent | set(self.refusals)

    def in_flight(self, letters: Sequence[Letter]) -> Sequence[Letter]:
        """Return those of which nobody knows whether the server took them."""
        last = {str(line["number"]): line.get("event") for line in self._journal.lines[1:]}
        return [one for one in letters if last.get(one.number) == "try"]

    def send(
        self, relay: Relay, letters: Sequence[Letter], *, a_minute: int = 0, sleep: Callable[[float], None] = time.sleep
    ) -> Iterator[Letter]:
        """Send what was not sent yet.

        Args:
            relay: The mail server.
            letters: All of them; voter numbers are distinct.
            a_minute: Most mails in a minute; 0 for no bound.
            sleep: Waits for seconds.

        Yields:
            Each letter whose mail was taken or refused for good.

        Raises:
            MailProblem: The server is lost or takes nothing; what was done is in the journal.
        """
        flying = self.in_flight(letters)
        left = [*flying, *(one for one in letters if one.number not in self.done and one not in flying)]
        for turn in range(ROUNDS):
            if turn and left:
                sleep(_PAUSE_SECONDS)
            later: list[Letter] = []
            line = _Line(relay, sleep)
            try:
                for letter in left:
                    if self._send(line, letter):
                        yield letter
                    else:
                        later.append(letter)
                    if a_minute:
                        sleep(60 / a_minute)
            finally:
                line.close()
            left = later
        if left:
            names = ", ".join(letter.id for letter in left[:10]) + (", …" if len(left) > 10 else "")
            raise MailProblem(
                f"{len(left):,} mails were put off by the server ({names}). Run the same command again later."
            )

    def _send(self, line: "_Line", letter: Letter) -> bool:
        """Send one; returns whether it is settled."""
        name = message_id(self._facts.fingerprint, letter, self._style)
        self._journal.append({"event": "try", "id": letter.id, "number": letter.number, "message": name})
        code, why = line.send(compose(letter, self._facts, self._style, datetime.now(UTC)))
        event = "sent" if code < 400 else "later" if code < 500 else "refused"
        self._journal.append(
            {"event": event, "id": letter.id, "number": letter.number, **({"why": why} if why else {})}
        )
        if event == "refused":
            self.refusals[letter.number] = Refusal(letter.id, letter.number, why)
        if event == "later":
            return False
        self.done.add(letter.number)
        return True


def refusals_in(journal: Journal) -> Sequence[Refusal]:
    """Return what the server refused for good, and did not take at another time."""
    last = {str(line["number"]): line for line in journal.lines[1:] if line.get("event") in ("sent", "refused")}
    refused = (line for line in last.values() if line["event"] == "refused")
    return [Refusal(str(line["id"]), str(line["number"]), str(line["why"])) for line in refused]


class _Line:
    """A connection that is made again when it is lost."""

    def __init__(self, relay: Relay, sleep: Callable[[float], None]) -> None:
        self._relay, self._sleep = relay, sleep
        self._server: smtplib.SMTP | None = None
        self._in_a_row = 0

    def send(self, message: EmailMessage) -> tuple[int, str]:
        """Hand over a mail; returns the server's answer to it, 250 if it was taken.

        Raises:
            MailProblem: The server cannot be reached, refuses the sender, or refuses one mail after the other.
        """
        for lost in range(_LOST_IN_A_ROW):
            if lost:
                self._sleep(2.0**lost)
            server = self._connected()
            if server is None:
                continue
            try:
                server.send_message(message)
            except smtplib.SMTPRecipientsRefused as error:
                [(code, said)] = error.recipients.values()
                return self._answered(code, said)
            except smtplib.SMTPDataError as error:
                return self._answered(error.smtp_code, error.smtp_error)
            except smtplib.SMTPNotSupportedError as error:
                return self._answered(550, str(error))
            except smtplib.SMTPSenderRefused as error:
                self.close()
                if error.smtp_code < 500:
                    continue
                raise _stopped("The mail server does not accept the sender", error) from None
            except OSError:
                self.close()
            else:
                self._in_a_row = 0
                return 250, ""
        raise MailProblem("The mail server cannot be reached. Nothing is lost: run the same command again to go on.")

    def _connected(self) -> smtplib.SMTP | None:
        try:
            self._server = self._server or self._relay.connect()
        except smtplib.SMTPAuthenticationError as error:
            raise _stopped("The mail server does not accept user and password", error) from None
        except smtplib.SMTPNotSupportedError as error:
            raise MailProblem(f"The mail server cannot do what is asked of it: {error}") from None
        except ssl.SSLCertVerificationError as error:
            raise MailProblem(f"The mail server's certificate is not trusted: {error.verify_message}.") from None
        except OSError:
            return None
        return self._server

    def close(self) -> None:
        """Say goodbye, if anybody is there."""
        if self._server is not None:
            try:
                self._server.quit()
            except OSError:
                self._server.close()
        self._server = None

    def _answered(self, code: int, said: bytes | str) -> tuple[int, str]:
        text = f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
        self._in_a_row += 1
        if self._in_a_row >= _REFUSED_IN_A_ROW:
            raise MailProblem(f"The mail server refuses one mail after the other, the last one with: {text}. Stopped.")
        if code == 421:
            self.close()
        return code, text


def _stopped(what: str, error: smtplib.SMTPResponseException) -> MailProblem:
    said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
    return MailProblem(f"{what}: {error.smtp_code} {said}. Nothing was sent since; mend it and run the command again.")
