"""Names of regions in the page's language."""

from participation.ports import current_ports
from participation.regions.places import Region


def region_name(region: Region) -> str:
    """Return a region's name in the page's language, else in English, else in whichever there is."""
    language = current_ports().language()
    for key in (language, language.split("-")[0], "en"):
        if key in region.name:
            return region.name[key]
    return next(iter(region.name.values()))
