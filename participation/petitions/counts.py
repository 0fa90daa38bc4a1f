"""How many have signed, from the counter of `participation.signatures`, with the moment that the number is of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.ports import Ports
from participation.signatures.queries import count_many


@dataclass(frozen=True)
class Count:
    """Confirmed signatures, and when the counter last added to them."""

    confirmed: int
    as_of: datetime


def counts_of(session: Session, ports: Ports, petition_ids: Sequence[str]) -> Mapping[str, Count]:
    """Return {petition: count} for some petitions; none before a log has begun."""
    found = count_many(session, petition_ids)
    nothing = Count(0, ports.now())
    return {key: Count(found[key].total, found[key].as_of) if key in found else nothing for key in petition_ids}
