"""The text of a PDF's pages: glyphs through each font's map to Unicode, in the order in which they are drawn."""

import re
from pathlib import Path
from typing import Any

import pikepdf

_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def page_texts(path: Path) -> list[str]:
    """Return each page's text; lines are divided by newlines."""
    with pikepdf.open(path) as pdf:
        return [_text(page) for page in pdf.pages]


def _text(page: pikepdf.Page) -> str:
    maps = {name: _to_unicode(font) for name, font in page.resources.Font.items()}
    current: dict[int, str] = {}
    found: list[str] = []
    for step in pikepdf.parse_content_stream(page):
        operator, operands = str(step.operator), step.operands
        if operator == "Tf":
            current = maps[str(operands[0])]
        elif operator in ("Tj", "TJ"):
            shown: Any = operands[0] if operator == "TJ" else [operands[0]]
            found += [_decode(bytes(part), current) for part in shown if isinstance(part, pikepdf.String)]
        elif operator == "ET":
            found.append("\n")
    return "".join(found)


def _decode(codes: bytes, table: dict[int, str]) -> str:
    return "".join(table.get(int.from_bytes(codes[at : at + 2], "big"), "?") for at in range(0, len(codes), 2))


def _to_unicode(font: Any) -> dict[int, str]:
    data = font.ToUnicode.read_bytes()
    table: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", data, re.DOTALL):
        table |= {
            int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in _PAIR.findall(block)
        }
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", data, re.DOTALL):
        for first, last, text in _RANGE.findall(block):
            start = int(text, 16)
            table |= {code: chr(start + code - int(first, 16)) for code in range(int(first, 16), int(last, 16) + 1)}
    return table
