"""Officials register webhooks, let them go on after a pause, and take them away."""

import base64
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots import codec
from participation.errors import Missing, Unacceptable
from participation.ports import Ports
from participation.signatures.sealing import seal
from participation.webhooks.events import Event
from participation.webhooks.models import Webhook, WebhookMessage
from participation.webhooks.posting import SECRET_BYTES, SECRET_PREFIX, check_address

MOST_WEBHOOKS = 50
SHOWN_MESSAGES = 100


def register(
    session: Session, ports: Ports, address: str, events: Collection[Event], *, by: str
) -> tuple[Webhook, str]:
    """Add a webhook; returns it with its secret, which is never shown again. It is told what happens from now on.

    Args:
        session: Writing.
        ports: The ports.
        address: As typed.
        events: What it shall be told.
        by: The official.

    Raises:
        Unacceptable: The address is none, or is registered already; no event; too many webhooks.
    """
    address = check_address(address, demo=ports.demo)
    if not events:
        raise Unacceptable("Choose at least one kind of event.")
    active = session.scalars(select(Webhook).where(Webhook.removed_at.is_(None)).with_for_update()).all()
    if any(one.address == address for one in active):
        raise Unacceptable("This address is registered already. Remove that webhook first to begin anew.")
    if len(active) >= MOST_WEBHOOKS:
        raise Unacceptable("There are enough webhooks already. Remove one that is not needed any more.")
    secret, now = ports.random_bytes(SECRET_BYTES), ports.now()
    row = Webhook(address=address, events=sorted(one.value for one in events), by=by, created_at=now, seen_to=now)
    row.sealed_secret, row.failures = seal(ports, codec.encode_bytes(secret)), 0
    session.add(row)
    session.flush()
    ports.record_deed(session, by, "webhook-registered", {"webhook": row.id})
    return row, SECRET_PREFIX + base64.b64encode(secret).decode()


def resume(session: Session, ports: Ports, webhook_id: int, *, by: str) -> None:
    """Send again to a webhook that was paused; what waits goes out at once. It may be going already."""
    row = get_webhook(session, webhook_id)
    if row.paused_at is not None and row.removed_at is None:
        row.paused_at, row.paused_because, row.failures = None, "", 0
        waiting = select(WebhookMessage).where(
            WebhookMessage.webhook_id == row.id,
            WebhookMessage.state == "waiting",
            WebhookMessage.next_try_at > ports.now(),
        )
        for message in session.scalars(waiting):
            message.next_try_at = ports.now()
        ports.record_deed(session, by, "webhook-resumed", {"webhook": row.id})


def remove(session: Session, ports: Ports, webhook_id: int, *, by: str) -> None:
    """Send nothing more to a webhook and forget its secret; its log stays. It may be removed already."""
    row = get_webhook(session, webhook_id)
    if row.removed_at is None:
        row.removed_at, row.sealed_secret = ports.now(), b""
        ports.record_deed(session, by, "webhook-removed", {"webhook": row.id})


def get_webhook(session: Session, webhook_id: int) -> Webhook:
    """Return a webhook, removed ones too.

    Raises:
        Missing: There is none.
    """
    row = session.get(Webhook, webhook_id, with_for_update=True)
    if row is None:
        raise Missing("There is no such webhook.")
    return row


def list_webhooks(session: Session) -> Sequence[Webhook]:
    """Return all webhooks that were not removed, oldest first."""
    return session.scalars(select(Webhook).where(Webhook.removed_at.is_(None)).order_by(Webhook.id)).all()


def list_messages(session: Session, webhook_id: int) -> Sequence[WebhookMessage]:
    """Return the newest messages of a webhook, newest first."""
    query = select(WebhookMessage).where(WebhookMessage.webhook_id == webhook_id)
    return session.scalars(query.order_by(WebhookMessage.id.desc()).limit(SHOWN_MESSAGES)).all()
