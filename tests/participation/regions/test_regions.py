"""Regions as data, an operator's own map, and counts that give nobody away."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.errors import RulesError
from participation.regions.counts import shade_regions
from participation.regions.places import load_regions, parse_geojson
from participation.regions.words import name_lines
from tests.support.participation import Town


def square(code: str, west: float, south: float, name: Any = "Somewhere") -> dict[str, Any]:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


@pytest.mark.parametrize(("name", "count"), [("iran", 31), ("uk", 12), ("none", 0)])
def test_known_sets_are_whole_and_named_in_both_languages(name: str, count: int) -> None:
    found = load_regions(name)

    assert len({region.code for region in found.regions}) == len(found.regions) == count
    assert len({region.path for region in found.regions}) == count
    assert all({"en", "fa"} <= region.name.keys() for region in found.regions)


def test_iran_has_the_codes_of_iso_3166_2() -> None:
    assert {region.code for region in load_regions("iran").regions} == {f"IR-{number:02}" for number in range(31)}


def test_an_operators_map_is_drawn_north_up(tmp_path: Path) -> None:
    path = tmp_path / "map.geojson"
    path.write_text(json.dumps(collection(square("S", 50, 30), square("N", 50, 31, {"fa": "شمال"}))), encoding="utf-8")
    found = load_regions(str(path))

    south, north = found.get("S"), found.get("N")
    assert south is not None
    assert north is not None
    assert north.center[1] < south.center[1]
    assert found.width == 800
    assert not found.is_grid


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        {"type": "FeatureCollection", "features": []},
        {"type": "Feature", "features": [square("A", 0, 0)]},
        collection(square("A", 0, 0), square("A", 1, 0)),
        collection(square("", 0, 0)),
        collection(square("A", 0, 0, {})),
        collection(square("A", 0, 0, 7)),
        collection({**square("A", 0, 0), "geometry": {"type": "Point", "coordinates": [0, 0]}}),
        collection({**square("A", 0, 0), "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [0, 0]]]}}),
    ],
)
def test_a_file_that_is_no_map_refuses_the_start(tmp_path: Path, value: Any) -> None:
    path = tmp_path / "map.geojson"
    path.write_text(json.dumps(value), encoding="utf-8")

    with pytest.raises(RulesError, match="map of regions"):
        load_regions(str(path))
    with pytest.raises(RulesError):
        load_regions(str(tmp_path / "nowhere"))


@given(st.dictionaries(st.sampled_from([f"IR-{n:02}" for n in range(31)] + ["", "XX"]), st.integers(0, 500)))
def test_small_counts_are_withheld_and_cannot_be_subtracted(counts: dict[str, int]) -> None:
    shown = shade_regions(load_regions("iran"), counts, smallest=5)

    withheld = [row.region.code for row in shown.rows if row.count is None]
    assert all(counts.get(row.region.code, 0) == row.count for row in shown.rows if row.count is not None)
    assert all(not 0 < (row.count or 0) < 5 for row in shown.rows)
    assert sum(row.count or 0 for row in shown.rows) + shown.elsewhere == sum(counts.values())
    assert len(withheld) == shown.withheld
    others = sum(count for code, count in counts.items() if code in ("", "XX"))
    several = any(counts.get(row.region.code, 0) for row in shown.rows if row.count)
    assert not (len(withheld) == 1 and not others and several)


def test_shades_go_from_none_to_most() -> None:
    rows = shade_regions(load_regions("uk"), {"TLI": 100, "TLM": 20, "TLN": 50}, 5).rows

    assert [(row.region.code, row.shade) for row in rows[:4]] == [("TLI", 5), ("TLN", 3), ("TLM", 1), ("TLC", 0)]


def test_polygons_with_holes_and_islands() -> None:
    island = {"type": "MultiPolygon", "coordinates": [square("A", 0, 0)["geometry"]["coordinates"]] * 2}
    found = parse_geojson(collection({**square("A", 0, 0), "geometry": island}))

    assert found.regions[0].path.count("M") == 2


@pytest.mark.parametrize("regions", ["iran", "uk"])
@pytest.mark.parametrize("language", ["en", "fa"])
def test_names_fit_into_the_squares_of_the_map(town: Town, regions: str, language: str) -> None:
    with town.app.test_request_context("/", headers={"Accept-Language": language}):
        for region in load_regions(regions).regions:
            lines = name_lines(region)
            assert " ".join(lines).replace("\u00a0", " ") == region.name[language]
            assert len(lines) <= 3
            assert all(len(line) <= 13 for line in lines), lines
