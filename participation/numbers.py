"""Whole numbers of addresses and forms: read in one place, and none greater than a database can look up."""

from flask import request
from werkzeug.routing import IntegerConverter, Map

MOST = 2**31 - 1
"""What fits PostgreSQL's `integer`; SQLite's has twice the bits."""
MOST_BIG = 2**53
"""For the columns that are `bigint`; JSON holds it exactly."""
_MOST_DIGITS = 16


class SmallNumber(IntegerConverter):
    """A number in an address; where it is too great for any row, nothing is at that address."""

    regex = r"[0-9]{1,10}"

    def __init__(
        self,
        map: Map,  # werkzeug's name
        fixed_digits: int = 0,
        min: int | None = None,
        max: int | None = MOST,
    ) -> None:
        super().__init__(map, fixed_digits, min, max)


def read_whole(typed: str | None, most: int = MOST) -> int | None:
    """Return a whole number from 0, in digits of any script; nothing if it is none, or greater than `most`."""
    text = (typed or "").strip()
    if len(text) > _MOST_DIGITS or not text.isdecimal():
        return None
    number = int(text)
    return number if number <= most else None


def number_of(typed: str | None) -> int:
    """Return the id or revision that a form names; −1, which no row has, if it names none."""
    number = read_whole(typed)
    return -1 if number is None else number


def asked_number(name: str) -> int | None:
    """Return a number of the address's query; nothing if it is missing, or none."""
    return read_whole(request.args.get(name))
