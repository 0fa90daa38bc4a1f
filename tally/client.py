"""The board over HTTP: the static record, and the few addresses to which a trustee posts.

Every answer is bounded and untrusted; what it says is checked against signatures elsewhere.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, Self
from urllib.parse import quote, urlsplit

import httpx

from ballots import codec
from ballots.record import MAX_LINE_BYTES
from tally.errors import BoardRefused, BoardUnreachable, FileProblem

TIMEOUT_SECONDS = 30.0
MAX_DOCUMENT_BYTES = 1 << 30
_PIECE = 1 << 16
# Shorter than servers keep an idle connection open, so that none is used just as it closes.
_LIMITS = httpx.Limits(keepalive_expiry=1.0)
_RETRIED = {408, 425, 429, 500, 502, 503, 504}


class Source(Protocol):
    """Where the record comes from."""

    def document(self, path: str, limit: int = MAX_DOCUMENT_BYTES) -> bytes | None:
        """Return a file of the record, or None if it is not (yet) there."""

    def lines(self, path: str, offset: int) -> Iterator[bytes]:
        """Yield the complete lines of a file from a byte offset on, without their newlines."""


class Service(Source, Protocol):
    """A record's board that also takes what trustees post."""

    def post(self, name: str, document: codec.Json) -> None:
        """Post a document to the election's address ``name``."""

    def put_tally(self, data: bytes) -> None:
        """Hand in ``tally.json``."""

    def partials(self) -> list[codec.Json]:
        """Return the partials posted so far."""


@dataclass(frozen=True)
class Address:
    """Where an election is: the record's base and the API's base, each ending in a slash."""

    record: str
    api: str


def parse_address(url: str) -> Address:
    """Derive both addresses from an election's page or its record's address.

    Args:
        url: ``…/elections/<uuid>`` or ``…/elections/<uuid>/record/``.

    Raises:
        FileProblem: Not such an address.
    """
    parts = urlsplit(url)
    site, found, rest = parts.path.rpartition("/elections/")
    names = [name for name in rest.split("/") if name]
    if parts.scheme not in ("http", "https") or not parts.netloc or not found or parts.query or parts.fragment:
        names = []
    if len(names) not in (1, 2) or names[1:] not in ([], ["record"]):
        raise FileProblem(f"{url!r} is no election's address; it looks like https://…/elections/<id>.")
    base = f"{parts.scheme}://{parts.netloc}{site}"
    election = quote(names[0], safe="")
    return Address(f"{base}/elections/{election}/record/", f"{base}/api/elections/{election}/")


class HttpBoard:
    """The board of one election, over HTTP."""

    def __init__(self, address: Address, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Prepare a connection; nothing is sent yet. Proxies of the environment are not used."""
        self._address = address
        self._client = httpx.Client(
            timeout=timeout_seconds,
            trust_env=False,
            limits=_LIMITS,
            headers={"Accept-Encoding": "identity", "User-Agent": "tally"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def document(self, path: str, limit: int = MAX_DOCUMENT_BYTES) -> bytes | None:
        """Return a file of the record, or None on 404.

        Raises:
            BoardUnreachable: No answer, a strange one, or one larger than ``limit`` bytes.
        """
        try:
            with self._get(path, {}) as response:
                if response.status_code == 404:
                    return None
                _expect(response, 200)
                return b"".join(_bounded(response, limit, path))
        except httpx.HTTPError as error:
            raise _unreachable(error) from None

    def lines(self, path: str, offset: int) -> Iterator[bytes]:
        """Yield the complete lines of a file from a byte offset on; nothing on 404 or when there is no more.

        Raises:
            BoardUnreachable: As :meth:`document`; lines yielded before are good.
        """
        try:
            with self._get(path, {"Range": f"bytes={offset}-"} if offset else {}) as response:
                if response.status_code in (404, 416):
                    return
                _expect(response, 200, 206)
                # A host without ranges sends the whole file.
                skip = offset if response.status_code == 200 else 0
                yield from _split_lines(response, skip, path)
        except httpx.HTTPError as error:
            raise _unreachable(error) from None

    def post(self, name: str, document: codec.Json) -> None:
        """Post a document as JSON.

        Raises:
            BoardRefused: The board says no.
            BoardUnreachable: No answer; posting again is harmless.
        """
        self._send("POST", name, codec.encode_canonical(document))

    def put_tally(self, data: bytes) -> None:
        """Hand in ``tally.json``; raises as :meth:`post`."""
        self._send("PUT", "tally", data)

    def partials(self) -> list[codec.Json]:
        """Return the partials posted so far; raises as :meth:`document`."""
        try:
            response = self._client.get(self._address.api + "partials")
            _expect(response, 200)
            found = response.json()["partials"]
        except httpx.HTTPError as error:
            raise _unreachable(error) from None
        except (ValueError, KeyError, TypeError):
            found = None
        if not isinstance(found, list):
            raise BoardUnreachable("The board's list of partials cannot be read; trying again.")
        return found

    def _get(self, path: str, headers: dict[str, str]) -> Any:
        return self._client.stream("GET", self._address.record + path, headers=headers, follow_redirects=True)

    def _send(self, method: str, name: str, content: bytes) -> None:
        headers = {"Content-Type": "application/json", "X-Requested-With": "evote"}
        try:
            response = self._client.request(method, self._address.api + name, content=content, headers=headers)
        except httpx.HTTPError as error:
            raise _unreachable(error) from None
        if response.status_code in _RETRIED:
            raise BoardUnreachable(f"The board is busy or down (HTTP {response.status_code}); trying again.")
        if not response.is_success:
            raise BoardRefused(f"The board refused ({response.status_code}): {_message(response)}")


def _expect(response: httpx.Response, *statuses: int) -> None:
    if response.status_code not in statuses:
        raise BoardUnreachable(f"The board answered HTTP {response.status_code} for {response.url.path}.")


def _bounded(response: httpx.Response, limit: int, path: str) -> Iterator[bytes]:
    received = 0
    for piece in response.iter_raw(_PIECE):
        received += len(piece)
        if received > limit:
            raise BoardUnreachable(f"The board's {path} is larger than {limit} bytes, which makes no sense.")
        yield piece


def _split_lines(response: httpx.Response, skip: int, path: str) -> Iterator[bytes]:
    held: list[bytes] = []
    length = 0
    for piece in response.iter_raw(_PIECE):
        if skip:
            dropped = min(skip, len(piece))
            skip -= dropped
            piece = piece[dropped:]
        first, *more = piece.split(b"\n")
        held.append(first)
        length += len(first)
        if length > MAX_LINE_BYTES:
            raise BoardUnreachable(f"A line of the board's {path} is longer than {MAX_LINE_BYTES} bytes.")
        if more:
            yield b"".join(held)
            yield from more[:-1]
            held, length = [more[-1]], len(more[-1])


def _unreachable(error: httpx.HTTPError) -> BoardUnreachable:
    return BoardUnreachable(f"The board does not answer ({type(error).__name__}: {error}).")


def _message(response: httpx.Response) -> str:
    try:
        return str(json.loads(response.content)["message"])[:500]
    except (ValueError, KeyError, TypeError):
        return response.text[:200]
