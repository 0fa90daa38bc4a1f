"""A public list, whose rows are read page by page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import literal, tuple_

from ballots import codec
from participation.ports import Database

Cell = str | int | bool | None
AT_ONCE = 500
"""Rows of a page."""


@dataclass(frozen=True)
class PublicList:
    """A list that everybody can have.

    Attributes:
        name: Its address below /data/.
        title: For people.
        columns: {column: what it means}, in order.
        select: The rows; called for each request with the present moment.
        key: Columns of the query that name a row, in whose order the rows stand; none of them is ever empty.
        read: Turns a row of the database into cells.
    """

    name: str
    title: Any
    columns: dict[str, str]
    select: Callable[[datetime], Any]
    key: tuple[Any, ...]
    read: Callable[[Any], Sequence[object]] = tuple

    def rows(self, database: Database, now: datetime) -> Iterator[dict[str, Cell]]:
        """Read the rows page by page, each with a connection of its own.

        However many there are, memory stays flat, and however slowly somebody reads, no connection waits for them.
        Each row is as it stands when its page is read.
        """
        query = self.select(now).add_columns(*self.key).order_by(*self.key).limit(AT_ONCE)
        after: Any = None
        while True:
            with database.reading() as session:
                page = session.execute(query if after is None else query.where(tuple_(*self.key) > after)).all()
            for row in page:
                yield dict(zip(self.columns, map(_cell, self.read(row[: -len(self.key)])), strict=True))
            if len(page) < AT_ONCE:
                return
            last = page[-1][-len(self.key) :]
            after = tuple_(*(literal(value, column.type) for value, column in zip(last, self.key, strict=True)))


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return codec.encode_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return str(value.get("en") or next(iter(value.values()), ""))
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    return value if isinstance(value, str | int | bool) or value is None else str(value)
