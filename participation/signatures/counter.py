"""The counter: the one writer of petitions' logs. It takes what waits, appends it, counts it and signs the head.

Web workers only add rows to the queue, each with the act that it tells of. A batch is written in one transaction that
also takes its rows out of the queue: after a crash all of it is there or none, and nothing twice. On PostgreSQL ids
are committed out of order, so whatever is visible is taken, never "all after the last one". A lock of the database
makes the counter the only one; the primary key of the entries stands behind it.
"""

import threading
from collections import Counter as Tally
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ballots import codec
from ballots.checkpoint import Head, sign_checkpoint
from ballots.merkle import leaf_hash, node_hash, root
from participation.jobs import hold_lock, set_apart
from participation.ports import Ports
from participation.signatures.keeping import forget_old, keep_up
from participation.signatures.models import Entry, Node, PetitionLog, RegionCount, Signature, Waiting
from participation.signatures.statements import (
    CONFIRMED,
    CREDENTIAL,
    METHODS,
    STRUCK,
    PetitionDocument,
    encode_entry,
    petition_hash,
    sign_count,
)

LOCK = "signatures.count"
LINES_A_FILE = 10_000
BATCH = 2000
_KEEP_UP_EVERY = 5
_log = structlog.get_logger()


@dataclass
class _Batch:
    """What one batch adds, computed before its transaction begins."""

    log: PetitionLog
    items: Sequence[Waiting]
    signatures: dict[int, Signature]
    places: dict[int, int]
    nodes_known: dict[tuple[int, int], bytes]
    counted: Tally[str] = field(default_factory=Tally)
    removed: Tally[str] = field(default_factory=Tally)
    regions: Tally[str] = field(default_factory=Tally)
    entries: list[dict[str, Any]] = field(default_factory=list)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    closed: bool = False


class Counter:
    """Works while its lock is held."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._rounds = 0

    def step(self) -> int:
        """Do what there is to do; returns how many entries were added.

        Trouble with one petition keeps no other back; it is raised once all are served.
        """
        failed: list[Exception] = []
        added = self._step(failed)
        if failed:
            raise failed[0]
        return added

    def drain(self) -> None:
        """Work until nothing waits, or nothing more can be done."""
        failed: list[Exception] = []
        with set_apart(failed, "keeping up"):
            keep_up(self._ports)
        while self._step(failed):
            pass
        if failed:
            raise failed[0]

    def _step(self, failed: list[Exception]) -> int:
        if self._rounds % _KEEP_UP_EVERY == 0:
            for task in (keep_up, forget_old):
                with set_apart(failed, "keeping up"):
                    task(self._ports)
        self._rounds += 1
        with self._ports.database.reading() as session:
            waiting = session.scalars(select(Waiting.petition_id).distinct()).all()
        added = 0
        for petition_id in waiting:
            with set_apart(failed, "counting", petition=petition_id):
                added += self._append(petition_id)
        return added

    def _append(self, petition_id: str) -> int:
        with self._ports.database.reading() as session:
            batch = _take(session, petition_id)
        if not batch.items:
            return 0
        document = PetitionDocument.from_bytes(batch.log.document)
        for item in batch.items:
            _add(batch, item, max(self._ports.now(), batch.log.last_time, item.at))
        size = batch.log.size
        head = Head(size, root(size, lambda level, position: batch.nodes_known[level, position]))
        text = sign_checkpoint(document.log_origin, head, self._ports.log_key)
        counted = {method: batch.counted[method] for method in METHODS}
        time = max(self._ports.now(), batch.log.last_time)
        petition = petition_hash(batch.log.document)
        count = sign_count(self._ports.log_key, petition, size, time, counted, dict(batch.removed))
        with self._ports.database.writing() as session:
            _write(session, batch, text, count)
        _log.info("signatures_logged", petition=petition_id, entries=len(batch.entries), size=size)
        return len(batch.entries)


def _take(session: Session, petition_id: str) -> _Batch:
    log = session.get_one(PetitionLog, petition_id)
    query = select(Waiting).where(Waiting.petition_id == petition_id).order_by(Waiting.id).limit(BATCH)
    items = session.scalars(query).all()
    ids = {item.signature_id for item in items if item.signature_id is not None}
    signatures = session.scalars(select(Signature).where(Signature.id.in_(ids))) if ids else ()
    own = (Entry.signature_id.in_(ids), Entry.type.in_((CONFIRMED, CREDENTIAL)))
    places = session.execute(select(Entry.signature_id, Entry.index).where(*own)).all() if ids else ()
    edge = [(level, (log.size >> level) - 1) for level in range(log.size.bit_length()) if log.size >> level & 1]
    known = {place: session.get_one(Node, (petition_id, *place)).hash for place in edge}
    batch = _Batch(log, items, {one.id: one for one in signatures}, {one: at for one, at in places if one}, known)
    batch.counted.update(mail=log.mail_count, oidc=log.oidc_count, roll=log.roll_count)
    batch.removed.update(codec.parse_canonical(log.removed))
    batch.closed = log.closed
    session.expunge_all()
    return batch


def _add(batch: _Batch, item: Waiting, time: Any) -> None:
    log, index = batch.log, batch.log.size
    body = _effect(batch, item, codec.parse_canonical(item.body), index)
    data = encode_entry(index, time, item.kind, body)
    log.last_time = time
    log.log_end = (0 if index % LINES_A_FILE == 0 else log.log_end) + len(data) + 1
    batch.entries.append(
        {
            "petition_id": log.petition_id,
            "index": index,
            "type": item.kind,
            "data": data,
            "log_end": log.log_end,
            "signature_id": item.signature_id,
        }
    )
    level, position, made = 0, index, leaf_hash(data)
    while True:
        batch.nodes_known[level, position] = made
        batch.nodes.append({"petition_id": log.petition_id, "level": level, "position": position, "hash": made})
        if not position & 1:
            break
        made = node_hash(batch.nodes_known[level, position - 1], made)
        level, position = level + 1, position >> 1
    log.size += 1


def _effect(batch: _Batch, item: Waiting, body: dict[str, Any], index: int) -> codec.Json:
    """Count what an entry changes; returns its whole body."""
    signature = batch.signatures.get(item.signature_id or 0)
    if item.kind in (CONFIRMED, CREDENTIAL):
        assert signature is not None
        batch.places[signature.id] = index
        _count(batch, signature, 1)
    elif item.kind in ("remove", "restore"):
        assert signature is not None
        step = -1 if item.kind == "remove" else 1
        _count(batch, signature, step)
        batch.removed[body["reason"] if step < 0 else body.pop("removed")] -= step
        body["entry"] = batch.places[signature.id]
    elif item.kind in ("strike", "replace") and signature is not None:
        _count(batch, signature, -1)
        batch.removed[STRUCK] += 1
    elif item.kind == "close":
        body["counted"] = {method: batch.counted[method] for method in METHODS}
        batch.closed = True
    elif item.kind == "extend":
        batch.closed = False
    return body


def _count(batch: _Batch, signature: Signature, step: int) -> None:
    batch.counted[signature.method] += step
    batch.regions[signature.region] += step


def _write(session: Session, batch: _Batch, checkpoint: str, count: bytes) -> None:
    log = batch.log
    session.execute(insert(Entry), batch.entries)
    session.execute(insert(Node), batch.nodes)
    session.execute(
        update(PetitionLog)
        .where(PetitionLog.petition_id == log.petition_id)
        .values(
            size=log.size,
            log_end=log.log_end,
            last_time=log.last_time,
            mail_count=batch.counted["mail"],
            oidc_count=batch.counted["oidc"],
            roll_count=batch.counted["roll"],
            removed=codec.encode_canonical({reason: number for reason, number in batch.removed.items() if number}),
            checkpoint=checkpoint,
            count=count,
            closed=batch.closed,
        )
    )
    changed = [
        {"petition_id": log.petition_id, "region": region, "count": step}
        for region, step in batch.regions.items()
        if step
    ]
    if changed:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        upsert = dialect.insert(RegionCount)
        added = {"count": RegionCount.count + upsert.excluded.count}
        keys = [RegionCount.petition_id, RegionCount.region]
        session.execute(upsert.on_conflict_do_update(index_elements=keys, set_=added), changed)
    session.execute(delete(Waiting).where(Waiting.id.in_([item.id for item in batch.items])))


class CounterThread:
    """The counter in a thread, once a second or as the rules say, until it is told to stop.

    Args:
        ports: The host's parts.
        around: What each step runs inside, such as the application's context.
    """

    def __init__(self, ports: Ports, around: AbstractContextManager[Any] | None = None) -> None:
        self._ports, self._around = ports, around or nullcontext()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="signature-counter", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch in hand, then end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def run(self) -> None:
        """Work until told to stop; after trouble start over, with the lock taken anew."""
        pause = self._ports.rules.signatures.count_seconds
        while not self._stopping.is_set():
            try:
                with hold_lock(self._ports.database, LOCK) as mine:
                    counter = Counter(self._ports)
                    while mine and not self._stopping.is_set():
                        with self._around:
                            counter.step()
                        self._stopping.wait(pause)
            except Exception as error:  # nobody else would count: whatever it was, it is logged and tried again
                _log.error("counter_stalled", reason=str(error), kind=type(error).__name__)
            self._stopping.wait(pause)


def count_now(ports: Ports) -> int:
    """Count what waits, as a job: for when no thread does it."""
    Counter(ports).drain()
    return 0
