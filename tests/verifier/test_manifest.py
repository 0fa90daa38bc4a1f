import copy
from typing import Any

import pytest

from tests.verifier.forge.bytes import b64, tag_hash
from tests.verifier.forge.world import EVERY_KIND, World, contest
from verifier.errors import Malformed
from verifier.manifest import parse_manifest


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return World(EVERY_KIND).manifest


def put(path: str, value: Any) -> Any:
    def change(manifest: Any) -> None:
        *way, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
        for step in way:
            manifest = manifest[step]
        manifest[last] = value

    return change


def drop(name: str) -> Any:
    return lambda manifest: manifest.pop(name)


def test_reads_the_whole_manifest(whole: dict[str, Any]) -> None:
    manifest = parse_manifest(whole)
    assert manifest.hash == tag_hash("manifest", whole)
    assert [c.kind for c in manifest.contests] == ["choose", "choose", "score", "points", "rank", "rank", "choose"]
    assert manifest.layouts["mayor"].packed


MAYOR = contest("mayor", "choose", "ada bob", {"name": "plurality", "seats": 1}, min=1, max=1)

MANY = [contest(f"c{i}", "score", "ada bob", {"name": "plurality", "seats": 1}, top=30_000) for i in range(200)]

CHANGES = [
    (lambda manifest: manifest["contests"].extend(MANY), "all contests together"),
    (put("version", 2), "version"),
    (put("id", "6F9F1C5E-3B0A-4C59-9D8A-0A4A1F7F7B11"), "UUID"),
    (put("id", "town"), "UUID"),
    (put("title", {}), "at least one language"),
    (put("title", "Town"), "object"),
    (put("title", {"en": 5}), "string"),
    (put("more", 1), "not known"),
    (drop("booth"), "missing"),
    (put("contests/0/options/1/id", "ada"), "twice"),
    (put("contests/0/options/1/id", ""), "empty"),
    (put("contests/0/options/1/label", {}), "at least one language"),
    (put("contests/0/options/1/media", {"a.png": "abc"}), "a.png"),
    (put("contests/0/options/1/more", "abc"), "not known"),
    (put("contests/0/options", []), "too few"),
    (put("contests/0/abstain", "zoe"), "abstention"),
    (put("contests/0/min", 2), "between"),
    (put("contests/0/max", 5), "between"),
    (put("contests/0/max", True), "integer"),
    (put("contests/0/kind", "lottery"), "not known"),
    (put("contests/0/top", 3), "not known"),
    (put("contests/0/rule/seats", 0), "between"),
    (put("contests/0/rule/seats", 5), "between"),
    (put("contests/0/rule", {"name": "schulze", "seats": 1}), "schulze"),
    (put("contests/0/rule", {"name": "plurality", "seats": 1, "lots": True}), "not known"),
    (put("contests/1/id", "mayor"), "twice"),
    (put("contests/2/top", 0), "between"),
    (put("contests/2/top", 65_536), "branches"),
    (put("contests/3/points", 0), "between"),
    (put("contests/3/rule/costs", [1]), "2 items"),
    (put("contests/3/rule/budget", -1), "between"),
    (put("contests/4/options", [MAYOR["options"][0]]), "too few"),
    (put("contests/4/ties", 0), "true or false"),
    (put("contests/6/rule/of", "blank"), "abstention"),
    (put("contests/6/rule/of", "zoe"), "abstention"),
    (put("contests/6/rule/percent", 101), "between"),
    (put("styles/all", ["mayor", "mayor"]), "twice"),
    (put("styles/all", ["zoe"]), "there is not"),
    (put("opens_at", "2026-03-01T08:00Z"), "opens_at"),
    (put("closes_at", "2026-03-01T07:59:59Z"), "close"),
    (put("closing", "noon"), "closing"),
    (put("trustees/threshold", 1), "majority"),
    (put("trustees/threshold", 4), "between"),
    (put("trustees/total", 65), "between"),
    (put("trustees/names", ["a", "b"]), "3 items"),
    (put("observers/0/key", "abc"), "observers"),
    (put("min_ballots", 0), "min_ballots"),
    (put("modulus_bits", 500), "multiple of 16"),
    (put("modulus_bits", 16_400), "between"),
    (put("modulus_bits", 160), "room"),
    (put("log_origin", "a b"), "space"),
    (put("log_origin", ""), "empty"),
    (put("log_origin", "a\nb"), "control"),
    (put("board_key", b64(bytes(31))), "board_key"),
    (put("booth", {"index.html": "abc"}), "booth"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES, ids=lambda value: value if isinstance(value, str) else "")
def test_refuses(change: Any, said: str, whole: dict[str, Any]) -> None:
    manifest = copy.deepcopy(whole)
    change(manifest)
    with pytest.raises(Malformed, match=said):
        parse_manifest(manifest)
