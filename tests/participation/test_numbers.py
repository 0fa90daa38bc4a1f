"""Numbers too great for any row: nothing is at such an address, and a form that holds one is refused."""

import re

import pytest

from participation.numbers import MOST, SmallNumber, number_of, read_whole
from tests.support.participation import Town

HUGE = [str(MOST + 1), str(2**63), str(10**30), "9" * 5000]
_PLACE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0", 0), (" 12 ", 12), ("۱۲", 12), ("007", 7), (str(MOST), MOST), *((one, None) for one in HUGE)],
)
def test_a_number_is_read_in_any_digits_up_to_what_a_row_holds(typed: str, value: int | None) -> None:
    assert read_whole(typed) == value
    assert number_of(typed) == (-1 if value is None else value)


@pytest.mark.parametrize("typed", [None, "", "-1", "+1", "1.5", "1e3", "²", "½", "1 2", "0x10", "\0", "1\0"])
def test_what_is_no_number_is_none(typed: str | None) -> None:
    assert read_whole(typed) is None


def numbered(town: Town) -> list[str]:
    """Return all addresses that hold a number, `{}` in its place."""
    names = {"uuid": "123e4567-e89b-42d3-a456-426614174000", "any": "publish", "int": "{}"}
    rules = [
        rule
        for rule in town.app.url_map.iter_rules()
        if any(isinstance(one, SmallNumber) for one in rule._converters.values())
    ]
    return sorted({_PLACE.sub(lambda found: names.get(found[1] or "", "x"), rule.rule) for rule in rules})


def test_nothing_is_at_an_address_whose_number_is_too_great(town: Town) -> None:
    addresses, client = numbered(town), town.app.test_client()
    assert len(addresses) > 50
    assert {"/contributions/{}", "/admin/participation/promises/{}"} <= set(addresses)
    for address in addresses:
        for number in HUGE:
            place = "/en" + address.format(*[number] * address.count("{}"))
            assert client.get(place).status_code in (404, 405), place
            assert client.post(place).status_code in (400, 404, 405), place


@pytest.mark.parametrize("number", HUGE)
def test_a_number_of_a_query_that_is_too_great_is_passed_over(town: Town, number: str) -> None:
    client = town.app.test_client()
    for place in ("answers/?authority=", "answers/?page=", "moderation/?page=", "petitions/?page="):
        assert client.get(f"/en/{place}{number}").status_code == 200, place
