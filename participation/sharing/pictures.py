"""Pictures beside shared links, kept in files by what they say: each is drawn once, and one at a time.

No page waits for a picture: pages only name its address, which changes with what the picture says.
"""

import hashlib
import json
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from flask import Response, request
from flask_babel import get_locale
from werkzeug.exceptions import ServiceUnavailable

from participation.errors import Missing
from participation.ports import Ports, current_ports
from participation.sharing.drawing import DRAWING, Card, can_draw, draw

MOST_KEPT = 2000
PATIENCE_SECONDS = 3
RETRY_SECONDS = 5
KEPT_SECONDS = 3600
EXACT = 100
"""Below this, counts stand on pictures as they are; from there on with two digits, so that few pictures are drawn."""


def bracket(count: int) -> int:
    """Return a count as it stands on pictures: small ones exact, others rounded down to two digits."""
    if count < EXACT:
        return count
    unit: int = 10 ** (len(str(count)) - 2)
    return count // unit * unit


def is_rtl() -> bool:
    """Tell whether the present language is written from right to left."""
    locale = get_locale()
    return locale is not None and locale.character_order == "right-to-left"


def picture_address(endpoint: str, version: str, **values: object) -> str:
    """Return the whole address of a picture in the present language; empty where none can be drawn.

    Who shows pictures keeps them by their address: another version is fetched anew.
    """
    ports = current_ports()
    return ports.link(endpoint, ports.language(), **values, v=version) if can_draw() else ""


def answer_picture(card: Card) -> Response:
    """Answer with the picture of a card.

    Raises:
        Missing: This machine cannot draw.
        ServiceUnavailable: Too many others are being drawn.
    """
    if not can_draw():
        raise Missing("This site draws no pictures.")
    key = version_of(card)
    response = Response(keep(current_ports(), card), mimetype="image/png")
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.add("Accept-Language")
    response.set_etag(key)
    response.make_conditional(request)
    return response


def keep(ports: Ports, card: Card) -> bytes:
    """Return a card's picture, drawn now if it is not in the folder.

    Raises:
        ServiceUnavailable: Too many others are being drawn.
    """
    folder = ports.data_dir / "cards"
    path = folder / f"{version_of(card)}.png"
    with suppress(OSError):
        return path.read_bytes()
    lock: threading.Lock = ports.memory.setdefault("cards", {}).setdefault("lock", threading.Lock())
    if not lock.acquire(timeout=PATIENCE_SECONDS):
        raise ServiceUnavailable(retry_after=RETRY_SECONDS)
    try:
        with suppress(OSError):
            return path.read_bytes()
        picture = draw(card)
        with suppress(OSError):  # a full disk costs time, no picture
            _store(folder, path, picture)
        return picture
    finally:
        lock.release()


def _store(folder: Path, path: Path, picture: bytes) -> None:
    """Write a picture so that it is whole or not there, and forget the oldest of too many."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    whole = path.with_suffix(f".{threading.get_native_id()}.part")
    whole.write_bytes(picture)
    whole.replace(path)
    kept = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime)
    for one in kept[:-MOST_KEPT]:
        one.unlink(missing_ok=True)


def version_of(card: Card) -> str:
    """Return a word that is another for each card that says something else."""
    said = json.dumps({**asdict(card), "drawing": DRAWING}, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:20]
