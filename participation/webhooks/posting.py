"""One POST to an address somebody typed: signed, over an address that was looked at first, with an end in time.

Nothing inside the site's own network can be reached: the name is resolved once, every number it stands for must be
public, and the connection goes to the very number that was checked. Redirects are not followed.
"""

import base64
import hashlib
import hmac
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit

from participation.errors import Unacceptable
from participation.webhooks.models import ADDRESS_LENGTH

TIMEOUT_SECONDS = 10.0
SECRET_BYTES = 32
SECRET_PREFIX = "whsec_"  # noqa: S105  # the format's own word, no secret
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_USER_AGENT = "evote-webhooks/1"


class Problem(StrEnum):
    """Why no answer came."""

    NAME = "no-such-name"
    FORBIDDEN = "not-public"
    CONNECTION = "no-connection"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    ANSWER = "no-answer"


@dataclass(frozen=True)
class Outcome:
    """What became of a try: an HTTP status, or 0 and a problem."""

    status: int = 0
    problem: Problem | None = None

    @property
    def good(self) -> bool:
        """Whether the other side took the message."""
        return 200 <= self.status < 300

    @property
    def word(self) -> str:
        """For the log."""
        return self.problem.value if self.problem else str(self.status)


def check_address(typed: str, *, demo: bool) -> str:
    """Return a webhook's address.

    Args:
        typed: By an official.
        demo: Whether this is a demonstration, where plain http and addresses of one's own machine do.

    Raises:
        Unacceptable: It is no address that messages can go to.
    """
    try:
        parts = urlsplit(typed)
        _port(parts)
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    plain = typed.isascii() and typed.isprintable() and " " not in typed and len(typed) <= ADDRESS_LENGTH
    if not plain or not parts.hostname or parts.username is not None or parts.fragment:
        raise Unacceptable("A webhook is a web address, like https://example.org/hook.")
    if parts.scheme != "https" and not (demo and parts.scheme == "http"):
        raise Unacceptable("A webhook's address begins with https://.")
    if not demo and (_is_forbidden_number(parts.hostname) or parts.hostname.lower() == "localhost"):
        raise Unacceptable("This address lies inside a network. A webhook must be reachable from everywhere.")
    return typed


def sign(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the header `Webhook-Signature` (Standard Webhooks, symmetric).

    Args:
        secret: The webhook's key.
        message_id: Its header `Webhook-Id`.
        timestamp: Of this try, seconds since 1970.
        body: The bytes that are sent.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()


def post(
    address: str, body: bytes, headers: Mapping[str, str], *, demo: bool, timeout: float = TIMEOUT_SECONDS
) -> Outcome:
    """Send a message and wait for the status of the answer; whatever goes wrong is an outcome.

    Args:
        address: As `check_address` returned it.
        body: JSON.
        headers: Besides the usual.
        demo: Whether private addresses do.
        timeout: For everything together but the lookup of the name, in seconds.
    """
    parts = urlsplit(address)
    assert parts.hostname is not None
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return Outcome(problem=Problem.NAME)
    numbers = [str(one[4][0]) for one in found]
    if not numbers or (not demo and any(map(_is_forbidden_number, numbers))):
        return Outcome(problem=Problem.FORBIDDEN)
    connection = _Pinned(parts, numbers[0], timeout)
    clock = threading.Timer(timeout, connection.cut)
    clock.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        usual = {"Content-Type": "application/json", "User-Agent": _USER_AGENT, "Connection": "close"}
        connection.request("POST", target, body, {**usual, **headers})
        return Outcome(connection.getresponse().status)
    except ssl.SSLCertVerificationError:
        return Outcome(problem=Problem.CERTIFICATE)
    except (OSError, HTTPException, ValueError) as error:
        late = connection.was_cut or isinstance(error, TimeoutError)
        if late:
            return Outcome(problem=Problem.TIMEOUT)
        return Outcome(problem=Problem.ANSWER if connection.is_connected else Problem.CONNECTION)
    finally:
        clock.cancel()
        clock.join()
        connection.close()


class _Pinned(HTTPConnection):
    """A connection to one number, whatever the name stands for by now; TLS is checked against the name."""

    def __init__(self, parts: SplitResult, number: str, timeout: float) -> None:
        assert parts.hostname is not None
        super().__init__(parts.hostname, _port(parts), timeout=timeout)
        self.default_port = 443 if parts.scheme == "https" else 80  # decides whether the header Host names the port
        self._name, self._number, self._tls = parts.hostname, number, parts.scheme == "https"
        self.was_cut = self.is_connected = False

    def connect(self) -> None:
        """Connect, and greet."""
        self.sock = socket.create_connection((self._number, self.port), self.timeout)
        if self._tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._name, do_handshake_on_connect=False)
            self.sock.do_handshake()
        self.is_connected = True

    def cut(self) -> None:
        """End what goes on, from another thread."""
        self.was_cut = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended already


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _is_forbidden_number(host: str) -> bool:
    """Tell whether a host is written as a number that is not everybody's; names are not."""
    try:
        number: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour or (number.teredo[1] if number.teredo else None)
        if number in _NAT64:
            inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        if inner is not None and not inner.is_global:
            return True
        if number.ipv4_mapped is not None:
            number = number.ipv4_mapped
    return not number.is_global or number.is_multicast or number.is_reserved
