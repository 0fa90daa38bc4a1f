"""Style sheets, fonts and scripts: compressed once, under an address that changes with their content.

`/static/<version>/css/site.css`, where the version is a hash over all files, may be kept for a year: after a change
every page names another version. It is a folder, so scripts find each other by relative addresses. Without a version
the same files are served too, to be asked for anew each time.
"""

import gzip
import hashlib
import mimetypes
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import Response, abort, request

from evote.languages import without_language

_ENDPOINT = "static"
_COMPRESSED = (".css", ".js", ".svg", ".json", ".txt", ".md")
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
_VERSION_DIGITS = 16
_WITHIN = "public, max-age=31536000, immutable"
_WITHOUT = "no-cache"


@dataclass(frozen=True)
class Asset:
    """One file.

    Attributes:
        data: Its bytes.
        compressed: The same with gzip; empty where that would not pay.
        mimetype: Of the answer.
        etag: A hash of its bytes.
    """

    data: bytes
    compressed: bytes
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
        packed = bool(asset.compressed) and request.accept_encodings["gzip"] > 0
        response = Response(asset.compressed if packed else asset.data, mimetype=asset.mimetype)
        response.headers["Cache-Control"] = _WITHIN if first == self.version else _WITHOUT
        response.headers["Vary"] = "Accept-Encoding"
        response.set_etag(f"{asset.etag}-gzip" if packed else asset.etag)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.make_conditional(request)
        return response


class Site(APIFlask):
    """The application, whose links to static files carry their version and never a language; neither do those to the API."""

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


def _read(path: Path) -> Asset:
    data = path.read_bytes()
    packed = gzip.compress(data, mtime=0) if path.suffix in _COMPRESSED or path.name == "LICENSE" else b""
    mimetype = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    return Asset(data, packed if len(packed) < len(data) else b"", mimetype, hashlib.sha256(data).hexdigest()[:32])
