"""Names of regions in the page's language."""

from participation.ports import current_ports
from participation.regions.places import Region

_LINE = 12
"""Characters that fit into a square of the grid."""


def region_name(region: Region) -> str:
    """Return a region's name in the page's language, else in English, else in whichever there is."""
    language = current_ports().language()
    for key in (language, language.split("-")[0], "en"):
        if key in region.name:
            return region.name[key]
    return next(iter(region.name.values()))


def name_lines(region: Region) -> list[str]:
    """Return the name in lines that fit into a square of the grid; the Persian "and" stays with the word behind it."""
    lines: list[str] = []
    for word in region_name(region).replace(" و ", " و\u00a0").split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= _LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
