"""How many have signed, from the counter of `participation.signatures`, with the moment that the number is of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.petitions.models import Petition
from participation.ports import Ports


@dataclass(frozen=True)
class Count:
    """Confirmed signatures, and when that was so."""

    confirmed: int
    as_of: datetime


def counts_of(session: Session, ports: Ports, petition_ids: Sequence[str]) -> Mapping[str, Count]:
    """Return {petition: count} for some petitions."""
    query = select(Petition.id, Petition.counted, Petition.changed_at).where(Petition.id.in_(petition_ids))
    return {row.id: Count(row.counted, row.changed_at) for row in session.execute(query)}
