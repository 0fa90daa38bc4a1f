"""Orders of options: a rule that anybody can recompute, the same in Python and in JavaScript."""

import hashlib
import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ballots import codec
from evote.elections.ordering import HasOptions, Seat, arrange, encode_orders, parse_orders
from evote.errors import Malformed

VECTORS = json.loads((Path(__file__).parent / "vectors" / "order.json").read_text())


def contest(options: list[str], abstain: str = "", identity: str = "mayor") -> HasOptions:
    return cast("HasOptions", SimpleNamespace(id=identity, abstain=abstain, option_ids=tuple(options)))


@pytest.mark.parametrize("vector", VECTORS["arranged"], ids=lambda one: one["reason"])
def test_vectors(vector: dict[str, Any]) -> None:
    rows = [vector["order"]] if vector["order"] else []
    order = parse_orders(encode_orders(rows, [vector["contest"]]), [vector["contest"]]).get(vector["contest"])
    seat = Seat(**vector["seat"]) if vector["seat"] else None
    shown = arrange(contest(vector["options"], vector["abstain"], vector["contest"]), order, seat)
    assert [vector["options"][place] for place in shown] == vector["shown"]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda one: one["reason"])
def test_what_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        parse_orders(vector["file"].encode(), ["mayor", "council"])


def test_a_draw_is_recomputed_with_nothing_but_sha256() -> None:
    """As docs/spec.md tells people to."""
    options, seed = ["ada", "ben", "cyd", "dan"], "4 8 15 16 23 42"

    def key(option: str) -> bytes:
        text = {"contest": "mayor", "option": option, "options": options, "seed": seed}
        encoded = json.dumps(text, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(b"evote/1/draw\0" + encoded.encode()).digest()

    order = parse_orders(
        encode_orders([{"id": "mayor", "name": "drawn", "seed": seed, "source": {}}], ["mayor"]), ["mayor"]
    )["mayor"]
    assert [options[place] for place in arrange(contest(options), order)] == sorted(options, key=key)


def test_every_option_is_first_about_equally_often() -> None:
    rows = [{"id": "mayor", "name": "rotated", "by": "voter"}]
    order = parse_orders(encode_orders(rows, ["mayor"]), ["mayor"])["mayor"]
    rotated = contest(["a", "b", "c", "none"], "none")
    firsts = Counter(
        arrange(rotated, order, Seat("F", codec.encode_bytes(number.to_bytes(32)), "all"))[0] for number in range(1200)
    )
    assert set(firsts) == {0, 1, 2}
    assert all(340 < count < 460 for count in firsts.values()), firsts  # 400 ± 3.7 standard deviations


def test_a_rotation_keeps_the_cycle_and_the_abstention_last() -> None:
    order = parse_orders(encode_orders([{"id": "c", "name": "rotated", "by": "style"}], ["c"]), ["c"])["c"]
    for style in ("north", "south", "east", "west"):
        shown = arrange(contest(["a", "none", "b", "c"], "none", "c"), order, Seat("F", "voter", style))
        first = (0, 2, 3).index(shown[0])
        assert shown == (*((0, 2, 3) * 2)[first : first + 3], 1)


def test_the_file_stands_in_the_order_of_the_manifest_and_is_canonical() -> None:
    rows = [{"id": "b", "name": "rotated", "by": "voter"}, {"id": "a", "name": "rotated", "by": "style"}]
    data = encode_orders(rows, ["a", "b"])
    first, second = b'{"by":"style","id":"a","name":"rotated"}', b'{"by":"voter","id":"b","name":"rotated"}'
    assert data == b'{"contests":[' + first + b"," + second + b'],"version":1}'
