"""Regions as data: Iran's provinces and the UK's regions as a grid of squares, or an operator's own GeoJSON file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from pathlib import Path
from typing import Any

from participation.errors import RulesError

_DATA = Path(__file__).parent / "data"
_KNOWN = ("iran", "uk")
NONE = "none"
TILE = 100
"""Units of a square of the grid; a GeoJSON map is drawn as wide as eight squares."""
_GAP = 6
_WIDTH = 8 * TILE
_LONGEST_CODE = 40
_MOST = 2000


@dataclass(frozen=True)
class Region:
    """A region.

    Attributes:
        code: Like IR-23.
        name: {language: text}.
        path: Its outline, as the data of an SVG path.
        center: Where its name or number stands.
    """

    code: str
    name: Mapping[str, str]
    path: str
    center: tuple[int, int]


@dataclass(frozen=True)
class RegionSet:
    """All regions of a site, and the size of their map; none at all where people give no region."""

    regions: Sequence[Region]
    width: int
    height: int
    is_grid: bool

    def get(self, code: str) -> Region | None:
        """Return the region of a code."""
        return next((region for region in self.regions if region.code == code), None)


@lru_cache(maxsize=4)
def load_regions(setting: str) -> RegionSet:
    """Read the regions that the operator has chosen: `iran`, `uk`, `none`, or the path of a GeoJSON file.

    Raises:
        RulesError: The file cannot be read or is no map of regions.
    """
    if setting == NONE:
        return RegionSet((), 0, 0, is_grid=True)
    if setting in _KNOWN:
        return _grid(json.loads((_DATA / f"{setting}.json").read_text(encoding="utf-8"))["regions"])
    try:
        return parse_geojson(json.loads(Path(setting).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise RulesError(
            "The map of regions %(path)s cannot be used: %(error)s.", path=setting, error=f"{error}"
        ) from None


def _grid(rows: Sequence[Mapping[str, Any]]) -> RegionSet:
    side = TILE - _GAP
    regions = []
    for row in rows:
        left, top = row["column"] * TILE, row["row"] * TILE
        path = f"M{left} {top}h{side}v{side}h-{side}z"
        regions.append(Region(row["code"], row["name"], path, (left + side // 2, top + side // 2)))
    width = (max(row["column"] for row in rows) + 1) * TILE - _GAP
    height = (max(row["row"] for row in rows) + 1) * TILE - _GAP
    return RegionSet(tuple(regions), width, height, is_grid=True)


def parse_geojson(value: Any) -> RegionSet:
    """Turn a FeatureCollection into regions, projected so that the map keeps its proportions at its middle latitude.

    Each feature has the properties `code` and `name` (a text, or {language: text}) and a Polygon or MultiPolygon.

    Raises:
        ValueError, KeyError, TypeError: It is no such map.
    """
    features = value["features"]
    if value["type"] != "FeatureCollection" or not 0 < len(features) <= _MOST:
        raise ValueError(f"it must be a FeatureCollection of 1 to {_MOST} features")
    shapes = [(_code(one), _name(one), _rings(one["geometry"])) for one in features]
    if len({code for code, _, _ in shapes}) != len(shapes):
        raise ValueError("a code stands twice")
    points = [point for _, _, rings in shapes for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    if not (west < east and south < north):
        raise ValueError("it has no extent")
    shrink = cos(radians((south + north) / 2))
    scale = _WIDTH / ((east - west) * shrink)

    def place(point: tuple[float, float]) -> tuple[int, int]:
        return round((point[0] - west) * shrink * scale), round((north - point[1]) * scale)

    regions = [
        _outlined(code, name, [[place(point) for point in ring] for ring in rings]) for code, name, rings in shapes
    ]
    return RegionSet(tuple(regions), _WIDTH, round((north - south) * scale), is_grid=False)


def _code(feature: Mapping[str, Any]) -> str:
    code = feature["properties"]["code"]
    if not isinstance(code, str) or not 0 < len(code) <= _LONGEST_CODE:
        raise ValueError("a feature has no code")
    return code


def _name(feature: Mapping[str, Any]) -> dict[str, str]:
    name = feature["properties"]["name"]
    if isinstance(name, str):
        return {"en": name}
    if not isinstance(name, dict) or not name or not all(isinstance(text, str) for text in name.values()):
        raise ValueError("a feature has no name")
    return dict(name)


def _rings(geometry: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    kind, places = geometry["type"], geometry["coordinates"]
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError("a feature is neither a Polygon nor a MultiPolygon")
    polygons = [places] if kind == "Polygon" else places
    return [[(float(point[0]), float(point[1])) for point in ring] for polygon in polygons for ring in polygon]


def _outlined(code: str, name: Mapping[str, str], rings: Sequence[Sequence[tuple[int, int]]]) -> Region:
    path = "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "z" for ring in rings)
    largest = max(rings, key=len)
    middle = sum(x for x, _ in largest) // len(largest), sum(y for _, y in largest) // len(largest)
    return Region(code, name, path, middle)
