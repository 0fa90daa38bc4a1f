"""The headed parts of an option's `info`: the same for all options of a contest, with the same room for each.

A text is cut at lines that are exactly `## Background`, `## Aims`, `## Arguments` or `## Sources`; what stands before
the first is said about the option as such. The headings are words of this format, the same in every language, and
are shown translated. It is a convention of the site and the booth; the protocol knows one text (docs/spec.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

ABOUT = ""
BACKGROUND, AIMS, ARGUMENTS, SOURCES = "Background", "Aims", "Arguments", "Sources"
PARTS = (BACKGROUND, AIMS, ARGUMENTS, SOURCES)
"""In the order in which they are shown."""
CANDIDATE_PARTS = (BACKGROUND, AIMS, SOURCES)
REFERENDUM_PARTS = (ARGUMENTS, SOURCES)
MOST_PART = 2_000
"""Characters that each part has room for, in each language."""
_LINES = {f"## {part}": part for part in PARTS}


@dataclass(frozen=True)
class Headed:
    """A text in its parts; `about` and any part may be empty."""

    about: str
    parts: Mapping[str, str]


def parse_headed(text: str) -> Headed:
    """Cut a text at its headings; a heading that stands twice goes on with its part."""
    pieces: dict[str, list[str]] = {}
    part = ABOUT
    for line in text.split("\n"):
        if line.rstrip() in _LINES:
            part = _LINES[line.rstrip()]
            pieces.setdefault(part, [])
        else:
            pieces.setdefault(part, []).append(line)
    whole = {name: "\n".join(lines).strip() for name, lines in pieces.items()}
    return Headed(whole.get(ABOUT, ""), {name: whole[name] for name in PARTS if whole.get(name)})


def encode_headed(about: str, parts: Mapping[str, str]) -> str:
    """Put a text together; empty parts are left out."""
    named = (f"## {name}\n{parts[name]}" for name in PARTS if parts.get(name))
    return "\n\n".join(filter(None, (about, *named)))


def parts_in_use(texts: Iterable[str]) -> Sequence[str]:
    """Return the parts that at least one of these texts has, in the order in which they are shown."""
    used = {name for text in texts for name in parse_headed(text).parts}
    return [name for name in PARTS if name in used]
