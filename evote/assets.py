"""Style sheets, fonts and scripts: compressed once, under an address that changes with their content.

`/static/<version>/css/site.css`, where the version is a hash over all files, may be kept for a year: after a change
every page names another version. It is a folder, so scripts find each other by relative addresses. Without a version
the same files are served too, to be asked for anew each time.
"""

import gzip
import hashlib
import mimetypes
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
from apiflask import APIFlask
from flask import Response, abort, request

from evote.languages import without_language

_ENDPOINT = "static"
_COMPRESSED = (".css", ".js", ".svg", ".json", ".txt", ".md")
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
_VERSION_DIGITS = 16
_SECRET = b"csrf_token"
_LEAST_BYTES = 1000
_PAGE_LEVEL = 6
_WITHIN = "public, max-age=31536000, immutable"
_WITHOUT = "no-cache"


@dataclass(frozen=True)
class Asset:
    """One file.

    Attributes:
        data: Its bytes.
        packed: {encoding: the same, compressed}, the shortest first; empty where that would not pay.
        mimetype: Of the answer.
        etag: A hash of its bytes.
    """

    data: bytes
    packed: Mapping[str, bytes]
    mimetype: str
    etag: str


class Assets:
    """The files of a folder, read when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        self._paths = {path.relative_to(folder).as_posix(): path for path in files}
        self._read: dict[str, Asset] = {}
        self._lock = threading.Lock()
        whole = hashlib.sha256()
        for name, path in self._paths.items():
            whole.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        self.version = whole.hexdigest()[:_VERSION_DIGITS]

    def address(self, name: str) -> str:
        """Return where a file is, with its version."""
        return f"/static/{self.version}/{name}"

    def find(self, name: str) -> Asset | None:
        """Return a file, or nothing."""
        if name not in self._paths:
            return None
        with self._lock:
            if name not in self._read:
                self._read[name] = _read(self._paths[name])
            return self._read[name]

    def answer(self, filename: str) -> Response:
        """Answer a request for a file, with or without a version in its address."""
        first, _, rest = filename.partition("/")
        asset = self.find(rest if first == self.version else filename)
        if asset is None:
            abort(404)
        encoding = next((name for name in asset.packed if request.accept_encodings[name] > 0), "")
        response = Response(asset.packed.get(encoding, asset.data), mimetype=asset.mimetype)
        response.headers["Cache-Control"] = _WITHIN if first == self.version else _WITHOUT
        response.headers["Vary"] = "Accept-Encoding"
        response.set_etag(f"{asset.etag}-{encoding}" if encoding else asset.etag)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.make_conditional(request)
        return response


class Site(APIFlask):
    """The application; its links to static files carry a version, and like those to the API no language."""

    assets: Assets

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """Return an address within the site."""
        if endpoint == _ENDPOINT:
            return self.assets.address(values["filename"])
        return without_language(super().url_for(endpoint, **values))

    def use_assets(self, folder: Path) -> None:
        """Serve the files of a folder under /static/."""
        self.assets = Assets(folder)
        self.add_url_rule("/static/<path:filename>", _ENDPOINT, self.assets.answer)
        self.after_request(_compress_page)


def _compress_page(response: Response) -> Response:
    """Compress a page, unless it holds a form's secret, which its compressed length could give away (BREACH)."""
    if response.mimetype != "text/html" or response.is_streamed or response.headers.get("Content-Encoding"):
        return response
    response.vary.add("Accept-Encoding")
    data = response.get_data()
    if len(data) >= _LEAST_BYTES and _SECRET not in data and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(data, _PAGE_LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _read(path: Path) -> Asset:
    data = path.read_bytes()
    packed = {"br": brotli.compress(data), "gzip": gzip.compress(data, mtime=0)} if path.suffix in _COMPRESSED else {}
    mimetype = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    return Asset(data, packed, mimetype, hashlib.sha256(data).hexdigest()[:32])
