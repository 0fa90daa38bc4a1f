"""Counts by region, with small ones withheld so that nobody is found by where they live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from participation.regions.places import Region, RegionSet

SHADES = 5


@dataclass(frozen=True)
class Shaded:
    """A region and its count.

    Attributes:
        count: How many; nothing if so few that it is withheld.
        shade: From 0 (none, or withheld) to 5, in equal steps of the largest count.
    """

    region: Region
    count: int | None
    shade: int


@dataclass(frozen=True)
class RegionCounts:
    """What is shown: each region, and those who are in none of them.

    Attributes:
        rows: Most signatures first, withheld ones last.
        withheld: How many regions have too few.
        elsewhere: Signatures of no region; those of withheld regions are added, so that nothing can be subtracted.
    """

    rows: Sequence[Shaded]
    withheld: int
    elsewhere: int


def shade_regions(regions: RegionSet, counts: Mapping[str, int], smallest: int) -> RegionCounts:
    """Work out what a map and its list show.

    Args:
        regions: All of the site.
        counts: {code: signatures}; codes that are no region's count as elsewhere.
        smallest: Counts below it are withheld, but 0.
    """
    known = {region.code for region in regions.regions}
    elsewhere = sum(count for code, count in counts.items() if code not in known)
    small = {region.code for region in regions.regions if 0 < counts.get(region.code, 0) < smallest}
    shown = {code: counts.get(code, 0) for code in known - small}
    if len(small) == 1 and not elsewhere:
        # The total would give the one away: the next smallest is withheld with it.
        others = sorted((count, code) for code, count in shown.items() if count)
        small |= {code for _, code in others[:1]}
    elsewhere += sum(counts.get(code, 0) for code in small)
    most = max((count for code, count in shown.items() if code not in small), default=0)
    rows = [
        Shaded(region, None, 0)
        if region.code in small
        else Shaded(region, shown[region.code], -(-SHADES * shown[region.code] // most) if most else 0)
        for region in regions.regions
    ]
    rows.sort(key=lambda row: (row.count is None, -(row.count or 0), row.region.code))
    return RegionCounts(tuple(rows), len(small), elsewhere)
