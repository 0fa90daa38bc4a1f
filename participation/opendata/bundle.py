"""Everything in one file: a ZIP of all lists in both formats with their descriptions, written piece by piece."""

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from participation.opendata.describing import LICENCE, describe_api, describe_catalogue
from participation.opendata.lists import LISTS
from participation.opendata.writing import write_csv, write_json
from participation.ports import Ports


class _Pieces(io.RawIOBase):
    """What a ZIP is written into and taken out of at once; it cannot go back, so nothing grows."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:  # any buffer, as its base takes
        self._written += piece
        return len(piece)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


def write_bundle(ports: Ports) -> Iterator[bytes]:
    """Write all lists as one ZIP in a folder named by the day: memory stays flat, whoever downloads slowly.

    Each list is as it stands when its turn comes; `generated_at` in its JSON says when that was.
    """
    now, pieces = ports.now(), _Pieces()
    folder = f"open-data-{now:%Y-%m-%d}"
    with ZipFile(pieces, "w", ZIP_DEFLATED) as bundle:
        for name, parts in _files(ports):
            entry = ZipInfo(f"{folder}/{name}", now.timetuple()[:6])
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            with bundle.open(entry, "w", force_zip64=True) as file:
                for part in parts:
                    file.write(part.encode())
                    if piece := pieces.take():
                        yield piece
    yield pieces.take()


def _files(ports: Ports) -> Iterator[tuple[str, Iterable[str]]]:
    yield "README.txt", _introduce(ports)
    yield "catalog.jsonld", [json.dumps(describe_catalogue(ports), ensure_ascii=False, indent=1) + "\n"]
    yield "openapi.json", [json.dumps(describe_api(ports), ensure_ascii=False, indent=1) + "\n"]
    for one in LISTS:
        yield f"{one.name}.json", write_json(ports, one)
        yield f"{one.name}.csv", write_csv(ports, one)


def _introduce(ports: Ports) -> Iterator[str]:
    yield f"Open data of {ports.base_url}/data/\nPublic domain: {LICENCE}\nTimes are UTC; texts are UTF-8.\n"
    for one in LISTS:
        yield f"\n{one.name}.csv, {one.name}.json\n"
        yield from (f"    {name}: {text}\n" for name, text in one.columns.items())
