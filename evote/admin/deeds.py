"""The officials' log: who did what, when, about which election. Each election has a chain of its own, open to all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ballots import codec
from evote.admin.models import Deed, DeedHead
from evote.errors import BoardDamaged

SITE = ""
"""The chain of what concerns no election: accounts and sign-ins."""
PARTICIPATION = "participation"
"""The chain of what concerns petitions, consultations and answers; open to everybody."""
_TAG = "officials-log"
_NONE = codec.encode_bytes(bytes(32))
PAGE = 200
_MOST_TEXT, _MOST_VALUES = 1000, 100


@dataclass(frozen=True)
class DeedLine:
    """A line of the log.

    Attributes:
        index: Place in its chain, from 0.
        official: Name; in parentheses where it is no account but the operator at the server.
        what: A word for programs, like `draft-saved`.
        details: More about it; never a secret, never about a voter.
        previous: Hash of the line before; 32 zero bytes for the first.
        hash: SHA-256 over this line under the tag `officials-log`, base64url.
    """

    index: int
    time: datetime
    official: str
    what: str
    details: Mapping[str, codec.Json]
    previous: str
    hash: str


def note(
    session: Session, now: datetime, official: str, what: str, scope: str = SITE, details: codec.Json = None
) -> None:
    """Add a line; it stands or falls with the transaction of the session.

    Args:
        session: A writing session.
        now: The present.
        official: Who.
        what: A word for programs.
        scope: The election's id, or nothing.
        details: {word: text, number or list}; no secrets. What is very long is cut: a line must not fill the page.
    """
    head = _lock_head(session, scope)
    line = {
        "details": _bounded(details or {}),
        "election": scope,
        "index": head.size,
        "official": official,
        "previous": head.hash,
        "time": codec.encode_time(now.replace(microsecond=0)),
        "what": what,
    }
    data = codec.encode_canonical(line)
    head.hash = codec.encode_bytes(codec.hash_canonical(_TAG, data))
    session.execute(insert(Deed).values(scope=scope, index=head.size, data=data, hash=head.hash))
    head.size += 1


def list_deeds(session: Session, scope: str, before: int | None = None, page: int = PAGE) -> Sequence[DeedLine]:
    """Return lines of a chain, newest first; `before` an index, where given."""
    query = select(Deed).where(Deed.scope == scope).order_by(Deed.index.desc()).limit(page)
    rows = session.scalars(query if before is None else query.where(Deed.index < before))
    return [_line(row) for row in rows]


def all_deeds(session: Session, scope: str) -> Sequence[bytes]:
    """Return a whole chain from its beginning, as the bytes that were hashed."""
    return session.scalars(select(Deed.data).where(Deed.scope == scope).order_by(Deed.index)).all()


def chain_head(session: Session, scope: str) -> tuple[int, str]:
    """Return how many lines a chain has, and the hash of the last."""
    head = session.get(DeedHead, scope)
    return (0, _NONE) if head is None else (head.size, head.hash)


def check_chain(lines: Sequence[bytes], size: int, head: str) -> None:
    """Check that the lines lead to the head.

    Raises:
        BoardDamaged: One is missing, changed or out of place; the text says which.
    """
    previous = _NONE
    for index, data in enumerate(lines):
        line = codec.parse_canonical(data)
        if line["index"] != index or line["previous"] != previous:
            raise BoardDamaged("Line %(index)s of the officials' log does not follow the line before it.", index=index)
        previous = codec.encode_bytes(codec.hash_canonical(_TAG, data))
    if len(lines) != size or previous != head:
        raise BoardDamaged("The officials' log does not end with the hash that it should.")


def _bounded(value: codec.Json) -> codec.Json:
    if isinstance(value, str):
        return value if len(value) <= _MOST_TEXT else value[: _MOST_TEXT - 1] + "…"
    if isinstance(value, list):
        return [_bounded(one) for one in value[:_MOST_VALUES]]
    if isinstance(value, dict):
        return {name: _bounded(one) for name, one in list(value.items())[:_MOST_VALUES]}
    return value


def _lock_head(session: Session, scope: str) -> DeedHead:
    dialect = session.get_bind().dialect.name
    make = postgresql.insert(DeedHead) if dialect == "postgresql" else sqlite.insert(DeedHead)
    session.execute(make.values(scope=scope, size=0, hash=_NONE).on_conflict_do_nothing())
    head = session.get(DeedHead, scope, with_for_update=True, populate_existing=True)
    assert head is not None
    return head


def _line(row: Deed) -> DeedLine:
    fields = codec.parse_canonical(row.data)
    return DeedLine(
        index=row.index,
        time=codec.parse_time(fields["time"]),
        official=fields["official"],
        what=fields["what"],
        details=fields["details"],
        previous=fields["previous"],
        hash=row.hash,
    )
