"""How far mailings have come. Counts of people who have not voted are rounded down to tens, and not said below ten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evote.mail.models import Message
from evote.mail.reasons import LATE
from evote.mailings.bounces import count_bounces
from evote.mailings.models import AT_HANDOVER, BY_REPORT, DRAFT, NOT_VOTED, RUNNING, Mailing
from evote.mailings.people import rounded
from evote.mailings.texts import Texts, parse_texts
from evote.services import Services

_SILENCE = timedelta(minutes=2)


@dataclass(frozen=True)
class Progress:
    """A mailing as officials see it.

    Attributes:
        rough: Its counts are rounded: 0 stands for fewer than ten.
        addressed: How many people it was for when it began.
        sent: Taken by the mail server, which then delivers.
        waiting: In the outbox, to be sent or tried again.
        refused: Refused by the mail server for good.
        given_up: Could not be handed over in all their time.
        returned: Taken, and reported as undeliverable afterwards.
        unreachable: Voters without an address.
        reasons: {reason: count} of what was refused and returned.
        stuck_since: Nothing has gone out since, although mails wait.
    """

    id: int
    election_id: str
    kind: str
    audience: str
    state: str
    why: str
    revision: int
    texts: Texts
    changed_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    rough: bool
    addressed: int
    sent: int
    waiting: int
    refused: int
    given_up: int
    returned: int
    unreachable: int
    reasons: Mapping[str, int]
    stuck_since: datetime | None


@dataclass(frozen=True)
class Waiting:
    """What the outbox holds.

    Attributes:
        urgent: Mails that somebody asked for.
        bulk, held: Of mailings, and of paused ones.
    """

    urgent: int
    bulk: int
    held: int
    oldest: datetime | None


def read_progress(session: Session, mailing: Mailing, now: datetime) -> Progress:
    """Return how far a mailing has come."""
    rough = mailing.audience == NOT_VOTED
    show = rounded if rough else int
    bounces = count_bounces(session, mailing.id)
    waiting = select(func.count()).select_from(Message).where(Message.mailing_id == mailing.id)
    left = session.scalar(waiting) or 0
    reasons: dict[str, int] = {}
    for (how, reason), count in bounces.items():
        if (how, reason) != (AT_HANDOVER, LATE):
            reasons[reason] = reasons.get(reason, 0) + count
    refused = sum(count for (how, reason), count in bounces.items() if how == AT_HANDOVER and reason != LATE)
    moved = max(mailing.moved_at or mailing.changed_at, mailing.changed_at)
    stuck = mailing.state == RUNNING and left and now - moved > _SILENCE
    return Progress(
        id=mailing.id,
        election_id=mailing.election_id,
        kind=mailing.kind,
        audience=mailing.audience,
        state=mailing.state,
        why=mailing.why,
        revision=mailing.revision,
        texts=parse_texts(mailing.texts),
        changed_at=mailing.changed_at,
        started_at=mailing.started_at,
        ended_at=mailing.ended_at,
        rough=rough,
        addressed=show(mailing.addressed),
        sent=show(mailing.sent),
        waiting=show(left),
        refused=show(refused),
        given_up=show(bounces.get((AT_HANDOVER, LATE), 0)),
        returned=show(sum(count for (how, _), count in bounces.items() if how == BY_REPORT)),
        unreachable=show(mailing.unreachable),
        reasons={reason: show(count) for reason, count in reasons.items()},
        stuck_since=moved if stuck else None,
    )


def list_mailings(session: Session, election_id: str, now: datetime) -> Sequence[Progress]:
    """Return an election's mailings, drafts first, then the newest first."""
    query = select(Mailing).where(Mailing.election_id == election_id)
    rows = session.scalars(query.order_by(Mailing.state != DRAFT, Mailing.id.desc())).all()
    return [read_progress(session, row, now) for row in rows]


def count_outbox(services: Services) -> Waiting:
    """Count what waits to be sent."""
    kinds = (Message.mailing_id.is_(None), Message.held)
    with services.database.reading() as session:
        query = select(*kinds, func.count(), func.min(Message.created_at)).group_by(*kinds)
        rows = session.execute(query).all()
    counts = {(bool(single), bool(held)): count for single, held, count, _ in rows}
    oldest = [created for *_, created in rows if created is not None]
    return Waiting(
        counts.get((True, False), 0),
        counts.get((False, False), 0),
        counts.get((False, True), 0),
        min(oldest, default=None),
    )
