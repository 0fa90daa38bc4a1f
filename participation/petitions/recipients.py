"""Who gets news of a petition, in an order that can be gone on with."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.petitions.models import PetitionSupporter
from participation.ports import Ports


@dataclass(frozen=True)
class Recipient:
    """Somebody who wants news.

    Attributes:
        number: Grows along the order.
        leave: The link by which one gets no more, or empty.
    """

    number: int
    mail: str
    language: str
    leave: str


def next_recipients(session: Session, ports: Ports, petition_id: str, after: int, most: int) -> Sequence[Recipient]:
    """Return the next of those who want news, behind a number."""
    query = select(PetitionSupporter).where(
        PetitionSupporter.petition_id == petition_id,
        PetitionSupporter.confirmed_at.is_not(None),
        PetitionSupporter.mail != "",
        PetitionSupporter.id > after,
    )
    rows = session.scalars(query.order_by(PetitionSupporter.id).limit(most))
    return [Recipient(row.id, row.mail, row.language, "") for row in rows]
