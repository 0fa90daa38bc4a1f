"""In which order options are shown: as in the manifest, drawn, or rotated, by a rule that everybody can recompute.

Proofs and totals always use the manifest's order; only what people see is arranged. The rules of an election stand in
`order.json`, whose SHA-256 the manifest names among the booth's files, so that the manifest hash M binds them.
Contests that it does not name are shown as in the manifest. The abstention always comes last. See docs/spec.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import msgspec

from ballots import codec
from ballots.errors import EncodingError
from evote.errors import Malformed

ORDER_FILE = "order.json"
FIXED, DRAWN, ROTATED = "fixed", "drawn", "rotated"
ORDERS = (FIXED, DRAWN, ROTATED)
MOST_SEED = 200


class Drawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag=DRAWN):
    """Ascending by a hash of a public seed; `source` says in each language where the seed comes from."""

    id: str
    seed: str
    source: dict[str, str]


class Rotated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag=ROTATED):
    """The manifest's order, begun at another place for each voter, or for each ballot style."""

    id: str
    by: Literal["voter", "style"]


Order = Drawn | Rotated


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    contests: list[Order]


class HasOptions(Protocol):
    """As much of a contest as an order needs."""

    @property
    def id(self) -> str:
        """The contest's id."""

    @property
    def abstain(self) -> str:
        """The abstention's id, or empty."""

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The options' ids as in the manifest."""


@dataclass(frozen=True)
class Seat:
    """Whose ballot is arranged: the election's fingerprint F, the voter's key, the ballot style."""

    election: str
    voter: str
    style: str


def parse_orders(data: bytes, contest_ids: Iterable[str]) -> dict[str, Order]:
    """Read `order.json`; returns {contest id: order}.

    Raises:
        Malformed: It is not of its form, or names a contest twice or one that does not exist.
    """
    try:
        file = msgspec.convert(codec.parse_canonical(data), _File, strict=True)
    except (EncodingError, msgspec.ValidationError) as error:
        raise Malformed("The orders of options are not of their form: %(problem)s", problem=str(error)) from None
    orders = {order.id: order for order in file.contests}
    if len(orders) != len(file.contests) or not orders.keys() <= set(contest_ids):
        raise Malformed("The orders of options name a contest twice, or one that does not exist.")
    for order in file.contests:
        if isinstance(order, Drawn) and not 1 <= len(order.seed) <= MOST_SEED:
            raise Malformed("The seed of a drawn order must have 1 to %(most)s characters.", most=MOST_SEED)
    return orders


def encode_orders(orders: Sequence[Mapping[str, Any]], contest_ids: Sequence[str]) -> bytes:
    """Write `order.json`, its contests as in the manifest.

    Args:
        orders: Objects as in the file.
        contest_ids: The manifest's.

    Raises:
        Malformed: One is not of its form.
    """
    places = {identity: place for place, identity in enumerate(contest_ids)}
    rows = sorted((dict(one) for one in orders), key=lambda one: places.get(str(one.get("id", "")), -1))
    data = codec.encode_canonical({"version": 1, "contests": rows})
    parse_orders(data, contest_ids)
    return data


def arrange(contest: HasOptions, order: Order | None, seat: Seat | None = None) -> tuple[int, ...]:
    """Return in which order the options are shown, as places in the manifest's order; the abstention is last.

    Args:
        contest: With its options.
        order: Its rule; nothing for the manifest's order.
        seat: Whose ballot; without one a rotated contest begins where the manifest begins.
    """
    ids = contest.option_ids
    shown = [place for place, identity in enumerate(ids) if identity != contest.abstain]
    last = [place for place, identity in enumerate(ids) if identity == contest.abstain]
    if isinstance(order, Drawn):
        shown.sort(key=lambda place: draw_key(contest, order.seed, ids[place]))
    elif isinstance(order, Rotated) and seat is not None and shown:
        first = first_place(contest.id, order.by, seat, len(shown))
        shown = shown[first:] + shown[:first]
    return (*shown, *last)


def draw_key(contest: HasOptions, seed: str, option: str) -> bytes:
    """Return the hash by which drawn options are sorted: over the seed, the contest, all its options, and this one."""
    options = [identity for identity in contest.option_ids if identity != contest.abstain]
    return codec.digest("draw", {"contest": contest.id, "options": list(options), "seed": seed, "option": option})


def first_place(contest_id: str, by: str, seat: Seat, count: int) -> int:
    """Return the place, from 0, of the option that comes first on a rotated ballot."""
    whose = seat.voter if by == "voter" else seat.style
    return int.from_bytes(codec.digest("rotate", {"election": seat.election, "contest": contest_id, by: whose})) % count
