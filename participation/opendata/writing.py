"""Lists as JSON and CSV, written row by row."""

import csv
import io
import json
from collections.abc import Iterator

from participation.opendata.paged import Cell, PublicList
from participation.ports import Ports

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""
_ROWS_A_PIECE = 200


def write_json(ports: Ports, wanted: PublicList) -> Iterator[str]:
    """Write a list as one JSON document: `list`, `generated_at`, `columns`, `rows`."""
    now = ports.now()
    head = {"list": wanted.name, "generated_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "columns": wanted.columns}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    first = True
    for row in wanted.rows(ports.database, now):
        yield ("" if first else ",") + "\n" + json.dumps(row, ensure_ascii=False)
        first = False
    yield "\n]}\n"


def write_csv(ports: Ports, wanted: PublicList) -> Iterator[str]:
    """Write a list as CSV (RFC 4180); a mark at the beginning tells spreadsheets that letters are Unicode."""
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow(wanted.columns)
    for number, row in enumerate(wanted.rows(ports.database, ports.now())):
        writer.writerow([_safe(value) for value in row.values()])
        if number % _ROWS_A_PIECE == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _safe(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
