"""What the site's front page says of petitions and consultations: where people can take part now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from participation.answers.forms import name_of
from participation.consultations.queries import list_open
from participation.petitions.counts import counts_of
from participation.petitions.lists import Order, Shelf, list_petitions
from participation.ports import current_ports

MOST = 3


@dataclass(frozen=True)
class PetitionLine:
    """A petition that takes signatures."""

    id: str
    title: str
    language: str
    signatures: int
    closes_at: datetime | None


@dataclass(frozen=True)
class ConsultationLine:
    """A consultation with a part that is open; `closes_at` is the last close of those."""

    id: str
    title: str
    language: str
    owner: str
    closes_at: datetime


@dataclass(frozen=True)
class Front:
    """The petitions with most signatures, and the newest consultations."""

    petitions: Sequence[PetitionLine]
    consultations: Sequence[ConsultationLine]


def front() -> Front:
    """Return what stands on the front page."""
    ports = current_ports()
    now = ports.now()
    with ports.database.reading() as session:
        petitions = list_petitions(session, ports, Shelf.OPEN, Order.SIGNATURES, "", 1).petitions[:MOST]
        counts = counts_of(session, ports, [one.id for one in petitions])
        consultations = [
            ConsultationLine(
                id=one.consultation.id,
                title=one.consultation.title,
                language=one.consultation.language,
                owner=name_of(one.authority),
                closes_at=max(part.phase.closes_at for part in one.phases if part.phase.opens_at <= now),
            )
            for one in list_open(session, now, MOST)
        ]
    lines = [
        PetitionLine(one.id, one.title, one.language, counts[one.id].confirmed, one.life.closes_at) for one in petitions
    ]
    return Front(lines, consultations)
