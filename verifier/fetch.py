"""Downloading a record, resumably, into fixed file names and within bounds. What was downloaded is not yet checked.

The checkpoint is taken first. It says how many entries the log had; what the server has added since is left out, so
that the folder is one consistent record. Files only ever grow, so a download that broke off goes on where it stopped.
"""

import http.client
import os
import stat
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit, urlunsplit

from . import codec
from .checkpoint import parse_checkpoint
from .entries import parse_entry, says_ballot
from .errors import Malformed, Refused, VerifierError
from .folder import LINES_A_FILE, LONGEST_FILE, MEGABYTE
from .manifest import parse_manifest
from .merkle import GrowingTree, leaf_hash

Watch = Callable[[str, int, int | None], None]
"""Told how many bytes of a file are there, of how many (None if unknown)."""

TIMEOUT_SECONDS = 60
PIECE = 256 * 1024
LONGEST_ROLL = 4096 * MEGABYTE
LONGEST_SERIES_FILE = {"log": 256 * MEGABYTE, "ballots": 65_536 * MEGABYTE}
LONGEST_STORED_LINE = 256 * MEGABYTE
HTTP_OK, HTTP_PARTIAL, HTTP_NOT_FOUND, HTTP_RANGE_EMPTY = 200, 206, 404, 416


class FetchFailed(VerifierError):
    """The download could not be completed; the same command goes on where it stopped."""


class NotThere(FetchFailed):
    """The server has no such file."""


class _OnlyWeb(urllib.request.HTTPRedirectHandler):
    """Follows redirects to http and https only."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: object,
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Refuse to be sent to a file or to another kind of server."""
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise FetchFailed(f"the server sends us on to {newurl[:80]}, which is not on the web")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _opener() -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
        _OnlyWeb,
    ):
        opener.add_handler(handler())
    return opener


def record_url(url: str) -> str:
    """Return the base of the record's files, from itself or from the address of the election's page.

    Raises:
        Refused: it is no http or https address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Refused("give an address that begins with http:// or https://")
    path = parts.path.rstrip("/")
    if not path.endswith("/record"):
        path += "/record"
    return urlunsplit((parts.scheme, parts.netloc, path + "/", "", ""))


@dataclass
class Download:
    """One download of a record into a folder."""

    base: str
    folder: Path
    watch: Watch

    def __post_init__(self) -> None:
        self._open = _opener()

    # --- over the wire

    @contextmanager
    def _request(self, name: str, start: int = 0) -> Iterator[tuple[int, http.client.HTTPResponse]]:
        headers = {"Accept-Encoding": "identity", "User-Agent": "evote-verifier"}
        if start:
            headers["Range"] = f"bytes={start}-"
        request = urllib.request.Request(self.base + name, headers=headers)  # noqa: S310 - record_url checked the scheme
        try:
            response = self._open.open(request, timeout=TIMEOUT_SECONDS)
        except urllib.error.HTTPError as reason:
            with reason:
                if reason.code == HTTP_NOT_FOUND:
                    raise NotThere(f"the server has no {name}") from None
                if reason.code == HTTP_RANGE_EMPTY and start:
                    yield HTTP_RANGE_EMPTY, reason  # type: ignore[misc]
                    return
                raise FetchFailed(f"{name}: the server answers {reason.code} {reason.reason}") from None
        except (OSError, http.client.HTTPException) as reason:
            raise FetchFailed(f"{name}: {reason}") from None
        if response is None:
            raise FetchFailed(f"{name}: the server's answer cannot be followed")
        with response:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise FetchFailed(f"{name}: the server sends it compressed, though asked not to")
            yield response.status, response

    def _pieces(self, name: str, response: http.client.HTTPResponse, have: int, most: int) -> Iterator[bytes]:
        length = response.headers.get("Content-Length")
        total = have + int(length) if length and length.isdecimal() else None
        done = have
        try:
            while piece := response.read(PIECE):
                done += len(piece)
                if done > most:
                    raise Refused(f"{name} is longer than {most:,} bytes, which no record needs")
                self.watch(name, done, total)
                yield piece
        except (OSError, http.client.HTTPException) as reason:
            raise FetchFailed(f"{name} broke off after {done:,} bytes ({reason}); run the same command again") from None
        if total is not None and done < total:
            raise FetchFailed(f"{name} broke off after {done:,} of {total:,} bytes; run the same command again")

    def small(self, name: str) -> bytes:
        """Download a small file into memory."""
        with self._request(name) as (_, response):
            return b"".join(self._pieces(name, response, 0, LONGEST_FILE.get(name, MEGABYTE)))

    # --- onto the disk

    def _open_own(self, name: str) -> BinaryIO:
        """Open one of the record's files for reading and writing; a link or a device in its place is refused."""
        path = self.folder / name
        for parent in (self.folder, path.parent):
            parent.mkdir(exist_ok=True)
            if parent != self.folder and parent.is_symlink():
                raise Refused(f"{parent} is a symbolic link; take it away")
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
        except OSError as reason:
            raise Refused(f"{path} cannot be written: {reason.strerror}") from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise Refused(f"{path} is no regular file; take it away")
        return os.fdopen(handle, "r+b")

    def save(self, name: str, data: bytes) -> None:
        """Write a small file at once."""
        with self._open_own(name) as file:
            file.write(data)
            file.truncate()

    def grow(self, name: str, most: int, restart: bool = False) -> None:
        """Download a file, going on after the bytes that are there already."""
        with self._open_own(name) as file:
            start = 0 if restart else file.seek(0, os.SEEK_END)
            with self._request(name, start) as (status, response):
                if status == HTTP_RANGE_EMPTY:
                    whole = response.headers.get("Content-Range", "").removeprefix("bytes */")
                    if whole.isdecimal() and int(whole) != start:
                        raise Refused(f"{name} is longer here than on the server; delete it and fetch again")
                    return  # nothing was added since
                if status == HTTP_PARTIAL and start:
                    range_ = response.headers.get("Content-Range", "")
                    if not range_.startswith(f"bytes {start}-"):
                        raise FetchFailed(f"{name}: the server sends another part than asked for ({range_[:60]})")
                elif status == HTTP_OK:
                    start = 0  # it does not know ranges, and sends everything
                else:
                    raise FetchFailed(f"{name}: the server answers {status}")
                file.seek(start)
                for piece in self._pieces(name, response, start, most):
                    file.write(piece)
                file.truncate()

    def cut(self, name: str, lines: int, see: Callable[[bytes], None] | None = None) -> int:
        """Cut a file after so many lines, showing each if asked to; return how many whole lines it has."""
        kept, end = 0, 0
        with self._open_own(name) as file:
            while kept < lines and (line := file.readline(LONGEST_STORED_LINE)):
                if not line.endswith(b"\n"):
                    break
                kept, end = kept + 1, end + len(line)
                if see is not None:
                    see(line[:-1])
            if kept == lines:
                file.truncate(end)
        return kept


@dataclass
class Seen:
    """What the lines of the log say is to be downloaded besides."""

    ballots: int = 0
    tally: bool = False
    tree: GrowingTree = field(default_factory=GrowingTree)

    def entry(self, line: bytes) -> None:
        """Look at an entry of the log."""
        self.tree.append(leaf_hash(line))
        try:
            kind = parse_entry(line).type
        except Malformed:
            kind = "ballot" if says_ballot(line) else ""
        self.ballots += kind == "ballot"
        self.tally = self.tally or kind == "tally"


def download_series(download: Download, series: str, lines: int, anew: bool = False) -> Seen:
    """Download the files of a series until they hold so many lines; `anew` passes over what is there already."""
    seen, have, number = Seen(), 0, 0
    while have < lines or not number:
        name = f"{series}/{number:05}.jsonl"
        wanted = min(LINES_A_FILE, lines - have)
        kept = -1
        if not anew and (download.folder / name).exists():
            kept = download.cut(name, wanted)
        for restart in (anew, True):
            if kept < wanted:
                download.grow(name, LONGEST_SERIES_FILE[series], restart)
                kept = download.cut(name, wanted)
        if kept < wanted:
            raise Refused(f"{name} has {kept} lines, but {wanted} are due by the checkpoint: the record is incomplete")
        if series == "log":
            download.cut(name, wanted, seen.entry)
        have, number = have + kept, number + 1
    return seen


def _same_election(download: Download, manifest: bytes) -> None:
    path = download.folder / "manifest.json"
    if path.is_symlink() or (path.exists() and path.read_bytes() != manifest):
        raise Refused(f"{download.folder} holds the record of another election; give an empty folder")


def fetch_record(url: str, folder: Path, watch: Watch) -> tuple[int, int]:
    """Download a record.

    Args:
        url: of the record, or of the election's page.
        folder: to write into; made if it is not there.
        watch: told how far each file has come.

    Returns:
        The number of entries and of ballots.

    Raises:
        FetchFailed: the network or the server failed; the same call goes on where it stopped.
        Refused: the address, the folder or what the server sends is not acceptable.
        Malformed: manifest or checkpoint cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    download = Download(record_url(url), folder, watch)
    checkpoint_bytes = download.small("checkpoint")
    manifest_bytes = download.small("manifest.json")
    manifest = parse_manifest(codec.parse(manifest_bytes))
    checkpoint = parse_checkpoint(checkpoint_bytes, manifest.log_origin, manifest.board_key)
    _same_election(download, manifest_bytes)
    download.save("manifest.json", manifest_bytes)
    download.grow("key.json", LONGEST_FILE["key.json"])
    download.grow("roll.jsonl", LONGEST_ROLL)
    seen = download_series(download, "log", checkpoint.size)
    if seen.tree.root() != checkpoint.root:
        seen = download_series(
            download, "log", checkpoint.size, anew=True
        )  # what was here may be spoiled; if not, check tells
    download_series(download, "ballots", seen.ballots)
    if seen.tally:
        download.grow("tally.json", LONGEST_FILE["tally.json"])
    download.save("checkpoint", checkpoint_bytes)
    return checkpoint.size, seen.ballots
