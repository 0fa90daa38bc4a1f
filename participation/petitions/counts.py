"""How many have signed, from the counter of `participation.signatures`, with the moment that the number is of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.ports import Ports
from participation.signatures.queries import count_many


@dataclass(frozen=True)
class Count:
    """Confirmed signatures, and when the counter last added to them.

    Attributes:
        towards: How many of them count towards an answer and a debate, by the rule `counted_ways`.
    """

    confirmed: int
    as_of: datetime
    towards: int


def counts_of(session: Session, ports: Ports, petition_ids: Sequence[str]) -> Mapping[str, Count]:
    """Return {petition: count} for some petitions; none before a log has begun."""
    found = count_many(session, petition_ids)
    nothing, ways = Count(0, ports.now(), 0), set(ports.rules.petitions.counted_ways)
    counts = {
        key: Count(one.total, one.as_of, sum(number for way, number in one.methods.items() if way in ways))
        for key, one in found.items()
    }
    return {key: counts.get(key, nothing) for key in petition_ids}
