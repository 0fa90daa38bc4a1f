"""Pages of long lists."""

from dataclasses import dataclass

from flask import request

from participation.numbers import read_whole

MOST_PAGES = 10_000


@dataclass(frozen=True)
class Pages:
    """Where one page of a list stands: `number` from 1, `total` things, `size` of them a page."""

    number: int
    total: int
    size: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))

    @property
    def before(self) -> int | None:
        """The number of the page before this, if there is one."""
        return min(self.number - 1, self.last) if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The number of the page after this, if there is one."""
        return self.number + 1 if self.number < self.last else None


def page_number() -> int:
    """Return which page the request asks for; the first where it says nothing that makes sense."""
    number = read_whole(request.args.get("page"), MOST_PAGES)
    return number or 1
