"""What pages and jobs ask about signatures. Every function takes a session and none counts rows of people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots import codec
from participation.ports import Ports
from participation.signatures.models import (
    ACCEPTED,
    PetitionLog,
    RegionCount,
    Signature,
    Standing,
)
from participation.signatures.sealing import unseal

NAMES_A_PAGE = 100


@dataclass(frozen=True)
class Counted:
    """What stands on a petition's log.

    Attributes:
        methods: {method: how many}, those that the petition takes.
        removed: {reason: how many}.
        size: Entries on the log.
        as_of: When the counter last added to it.
    """

    methods: Mapping[str, int]
    removed: Mapping[str, int]
    size: int
    as_of: datetime

    @property
    def total(self) -> int:
        """How many signatures stand."""
        return sum(self.methods.values())


def count_of(session: Session, petition_id: str) -> Counted | None:
    """Return a petition's count; nothing before its log has begun."""
    return count_many(session, [petition_id]).get(petition_id)


def count_many(session: Session, petition_ids: Sequence[str]) -> dict[str, Counted]:
    """Return {petition: its count} of those whose log has begun."""
    query = select(
        PetitionLog.petition_id,
        PetitionLog.mail_count,
        PetitionLog.oidc_count,
        PetitionLog.roll_count,
        PetitionLog.removed,
        PetitionLog.size,
        PetitionLog.last_time,
    ).where(PetitionLog.petition_id.in_(petition_ids))
    return {
        key: Counted({"roll": roll, "oidc": oidc, "mail": mail}, codec.parse_canonical(removed), size, time)
        for key, mail, oidc, roll, removed, size, time in session.execute(query)
    }


def regions_of(session: Session, petition_id: str) -> dict[str, int]:
    """Return {region: how many signatures stand}; "" for those who gave none."""
    query = select(RegionCount.region, RegionCount.count).where(RegionCount.petition_id == petition_id)
    return {region: count for region, count in session.execute(query) if count > 0}


@dataclass(frozen=True)
class Name:
    """A signer who chose to be named."""

    name: str
    region: str
    signed_at: datetime


def names_of(session: Session, petition_id: str, after: int) -> tuple[list[Name], int]:
    """Return a page of names behind a place in the order of signing, and the place of the next page, or 0."""
    query = select(Signature.id, Signature.shown_name, Signature.region, Signature.signed_at)
    query = query.join(Standing, Standing.signature_id == Signature.id)
    wanted = (Signature.petition_id == petition_id, Signature.shown_name.is_not(None), Signature.id > after)
    query = query.where(*wanted, Signature.review == ACCEPTED).order_by(Signature.id)
    rows = session.execute(query.limit(NAMES_A_PAGE + 1)).all()
    more = rows[NAMES_A_PAGE - 1].id if len(rows) > NAMES_A_PAGE else 0
    return [Name(name or "", region, at) for _, name, region, at in rows[:NAMES_A_PAGE]], more


@dataclass(frozen=True)
class NewsReader:
    """A signer who wants mail about the petition."""

    number: int
    mail: str
    language: str


def news_readers(session: Session, ports: Ports, petition_id: str, after: int, most: int) -> list[NewsReader]:
    """Return the next of those who want news, behind a number."""
    query = select(Signature.id, Signature.sealed).join(Standing, Standing.signature_id == Signature.id)
    wanted = (Signature.petition_id == petition_id, Signature.news, Signature.review == ACCEPTED, Signature.id > after)
    rows = session.execute(query.where(*wanted).order_by(Signature.id).limit(most)).all()
    found = []
    for number, sealed in rows:
        if sealed is not None:
            hidden = unseal(ports, sealed)
            found.append(NewsReader(number, hidden["mail"], hidden["language"]))
    return found
