"""The job that turns events into messages and delivers them.

A message is stored, id and bytes, before it is first tried; what became of a try is stored after it. Cut off between
the two, the same message goes out again under the same id, by which the receiver knows it.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ballots import codec
from participation.errors import ParticipationError
from participation.jobs import Job
from participation.ports import Ports
from participation.signatures.sealing import unseal
from participation.webhooks.events import Happening, list_happenings, write_body
from participation.webhooks.models import Webhook, WebhookMessage
from participation.webhooks.posting import SECRET_BYTES, Outcome, post, sign

WAITING, DELIVERED, GIVEN_UP = "waiting", "delivered", "given-up"
MOST_RETRIES = 8
FAILURES_UNTIL_PAUSE = 20
LIFETIME = timedelta(days=3)
_FIRST_WAIT, _LONGEST_WAIT, _FACTOR = timedelta(minutes=1), timedelta(days=1), 4
_LOOK_BACK = timedelta(days=1)
"""Events this long before the last run are looked at again: they may have been stored late."""
_KEPT = timedelta(days=30)
_AT_ONCE = 8
_RUN_SECONDS = 15.0
_GONE = 410
_log = structlog.get_logger()


@dataclass(frozen=True)
class _Try:
    message: int
    webhook: int
    address: str
    secret: bytes
    message_id: str
    body: bytes


def deliver_due(ports: Ports) -> int:
    """Collect and deliver; returns how many messages were taken."""
    collect(ports)
    ends, stopped, taken = time.monotonic() + _RUN_SECONDS, set[int](), 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while time.monotonic() < ends and (tries := _next_tries(ports, stopped)):
            moment = int(ports.now().timestamp())
            outcomes = list(pool.map(partial(_send, moment=moment, demo=ports.demo), tries))
            for one, outcome in zip(tries, outcomes, strict=True):
                _settle(ports, one, outcome)
                taken += outcome.good
                if not outcome.good:
                    stopped.add(one.webhook)  # the others of this run need not run into the same wall
    return taken


def collect(ports: Ports) -> int:
    """Make messages of what happened since each webhook was last looked at; returns how many.

    Where the database refuses what one webhook shall be told, the others are told nevertheless.
    """
    now, made = ports.now(), 0
    with ports.database.reading() as session:
        found = session.scalars(select(Webhook).where(Webhook.removed_at.is_(None))).all()
        if not found:
            return 0
        happenings = list_happenings(session, min(one.seen_to for one in found) - _LOOK_BACK)
    for one in found:
        try:
            made += _collect_for(ports, one.id, happenings, now)
        except SQLAlchemyError as error:
            _log.error("webhook_not_collected", webhook=one.id, reason=str(error))
    return made


def _collect_for(ports: Ports, webhook_id: int, happenings: Sequence[Happening], now: datetime) -> int:
    with ports.database.writing() as session:
        row = session.get_one(Webhook, webhook_id, with_for_update=True)
        start = max(row.created_at, row.seen_to - _LOOK_BACK)
        made = _add(session, ports, row, [each for each in happenings if each.at >= start])
        row.seen_to = now
        session.execute(
            delete(WebhookMessage).where(WebhookMessage.webhook_id == row.id, WebhookMessage.created_at < now - _KEPT)
        )
    return made


def wait_before(retry: int, share: float) -> timedelta:
    """Return how long to wait before a retry: exponential, with up to a quarter less by chance.

    Args:
        retry: 1 for the first.
        share: Random, from 0 to under 1.
    """
    longest = min(_FIRST_WAIT * _FACTOR ** (retry - 1), _LONGEST_WAIT)
    return timedelta(seconds=int(longest.total_seconds() * (1 - share / 4)))


def _add(session: Session, ports: Ports, row: Webhook, happenings: Sequence[Happening]) -> int:
    wanted = [one for one in happenings if one.event in row.events]
    query = select(WebhookMessage.key).where(WebhookMessage.webhook_id == row.id)
    known = set(session.scalars(query.where(WebhookMessage.key.in_([one.key for one in wanted]))))
    fresh = [one for one in wanted if one.key not in known]
    for one in fresh:
        message_id = f"msg_{ports.random_bytes(16).hex()}"
        message = WebhookMessage(webhook_id=row.id, key=one.key, message_id=message_id, event=one.event.value)
        message.body, message.state, message.tries = write_body(ports, message_id, one), WAITING, 0
        message.created_at = message.next_try_at = ports.now()
        session.add(message)
    return len(fresh)


def _next_tries(ports: Ports, stopped: set[int]) -> list[_Try]:
    """Return the message of each webhook that is due first."""
    due = (
        select(func.min(WebhookMessage.id))
        .join(Webhook, Webhook.id == WebhookMessage.webhook_id)
        .where(
            WebhookMessage.state == WAITING,
            WebhookMessage.next_try_at <= ports.now(),
            Webhook.paused_at.is_(None),
            Webhook.removed_at.is_(None),
            Webhook.id.not_in(stopped),
        )
        .group_by(WebhookMessage.webhook_id)
    )
    query = select(WebhookMessage, Webhook).join(Webhook, Webhook.id == WebhookMessage.webhook_id)
    tries = []
    with ports.database.reading() as session:
        for message, row in session.execute(query.where(WebhookMessage.id.in_(due)).order_by(WebhookMessage.id)):
            try:
                secret = codec.decode_bytes(str(unseal(ports, row.sealed_secret)), SECRET_BYTES)
            except ParticipationError as error:
                _log.error("webhook_secret_unreadable", webhook=row.id, reason=str(error))
                stopped.add(row.id)
                continue
            tries.append(_Try(message.id, row.id, row.address, secret, message.message_id, message.body))
    return tries


def _send(one: _Try, *, moment: int, demo: bool) -> Outcome:
    headers = {
        "Webhook-Id": one.message_id,
        "Webhook-Timestamp": str(moment),
        "Webhook-Signature": sign(one.secret, one.message_id, moment, one.body),
    }
    return post(one.address, one.body, headers, demo=demo)


def _settle(ports: Ports, one: _Try, outcome: Outcome) -> None:
    with ports.database.writing() as session:
        row = session.get_one(Webhook, one.webhook, with_for_update=True)
        message = session.get_one(WebhookMessage, one.message)
        message.tries += 1
        message.outcome = outcome.word
        if outcome.good:
            message.state, row.failures = DELIVERED, 0
            return
        share = int.from_bytes(ports.random_bytes(4), "big") / 2**32
        message.next_try_at = ports.now() + wait_before(message.tries, share)
        if message.tries > MOST_RETRIES or message.next_try_at > message.created_at + LIFETIME:
            message.state = GIVEN_UP
        row.failures += 1
        if row.paused_at is None and (outcome.status == _GONE or row.failures >= FAILURES_UNTIL_PAUSE):
            row.paused_at = ports.now()
            row.paused_because = "gone" if outcome.status == _GONE else "failures"
            _log.warning("webhook_paused", webhook=row.id, because=row.paused_because)


DELIVER = Job("webhooks", deliver_due)
