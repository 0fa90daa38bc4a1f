"""The numbers that docs/spec.md quotes from its worked example.

``python -m tests.support.quotes docs/spec.md docs/example/numbers.json`` puts the example's present numbers in.
A quote stands in a block of the language `example`: a section's name, then lines ``name = value``. A value that is
cut ends in ``…``, and stays as long as it is.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

BLOCK = re.compile(r"^```example\n(?P<section>.*)\n(?P<lines>(?:.*\n)*?)```$", re.MULTILINE)
CUT = "…"


class Quote(NamedTuple):
    """A value as it is quoted, whole or cut."""

    section: str
    name: str
    value: str


def quotes_of(text: str) -> list[Quote]:
    return [quote for block in BLOCK.finditer(text) for quote in _quotes(block)]


def _quotes(block: re.Match[str]) -> list[Quote]:
    parts = [line.partition(" =") for line in block["lines"].splitlines()]
    return [Quote(block["section"], name, value.strip()) for name, _, value in parts]


def requote(text: str, numbers: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the text with the numbers as they are now."""

    def renew(quote: Quote) -> str:
        value = str(numbers[quote.section][quote.name])
        if quote.value.endswith(CUT):
            value = value[: len(quote.value) - 1] + CUT
        return f"{quote.name} = {value}".rstrip() + "\n"

    def renew_block(block: re.Match[str]) -> str:
        return f"```example\n{block['section']}\n{''.join(map(renew, _quotes(block)))}```"

    replace: Callable[[re.Match[str]], str] = renew_block
    return BLOCK.sub(replace, text)


if __name__ == "__main__":
    document, source = map(Path, sys.argv[1:])
    document.write_text(requote(document.read_text("utf-8"), json.loads(source.read_bytes())), encoding="utf-8")
